// Package e2e runs the whole product as people meet it: a real WordPress with
// the plugin, a real MariaDB, the sidecar, and a real browser.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/demo"
	"partnercenter/testbed/wordpress"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	ctx, cancel := context.WithCancel(context.Background())
	stop := startBrowser(ctx)
	code := m.Run()
	for _, end := range endings {
		end()
	}
	stop()
	cancel()
	os.Exit(code)
}

// endings stop what is shared by several tests.
var endings []func()

// release is a WordPress to test on; it is fetched by the first test that asks.
type release struct {
	name  string
	fetch func(ctx context.Context) (wordpress.Release, error)
}

var (
	newest = release{"newest", func(ctx context.Context) (wordpress.Release,
		error) {
		return wordpress.Newest(ctx, silent)
	}}
	oldest = release{"6.1", func(ctx context.Context) (wordpress.Release,
		error) {
		return wordpress.Fetch(ctx, "bookworm", silent)
	}}
	middle = release{"6.8", func(ctx context.Context) (wordpress.Release, error) {
		return wordpress.Fetch(ctx, "trixie",
			silent)
	}}
)

func silent(string) {}

// matrix tells whether every test runs on every release, as before a change lands.
var matrix = os.Getenv("PARTNER_CENTER_MATRIX") != ""

// everywhere runs a test on the newest WordPress, and on all in the matrix.
func everywhere(t *testing.T, test func(t *testing.T, r release)) { on(t, test, newest) }

// on runs a test on the named releases, and on all in the matrix. A release
// that Debian does not hand out now is a loud skip.
func on(t *testing.T, test func(t *testing.T, r release), releases ...release) {
	if matrix {
		releases = []release{oldest, middle, newest}
	}
	for _, r := range releases {
		t.Run(r.name, func(t *testing.T) {
			_, err := r.fetch(t.Context())
			if errors.Is(err, wordpress.ErrUnreachable) {
				t.Skipf("SKIPPED: WordPress %s cannot be fetched from Debian: %v", r.name, err)
			}
			if err != nil {
				t.Fatal(err)
			}
			test(t, r)
		})
	}
}

// world is the running product.
type world struct {
	*demo.Demo
	t     *testing.T
	front *fronted // nil unless it stands behind nginx
}

// start runs a product of its own for one test.
func start(t *testing.T, r release, change func(*demo.Options)) *world {
	t.Helper()
	dir := t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755) // as in run; the testing package makes two levels
	d, end := run(t, r, dir, change)
	t.Cleanup(end)
	return &world{Demo: d, t: t}
}

var shared = struct {
	sync.Mutex
	demos map[string]*fronted
}{demos: map[string]*fronted{}}

// example is the demo with its example data behind a real nginx, shared by the
// tests that only look, or that leave it as they found it.
func example(t *testing.T, r release) *world {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	f := shared.demos[r.name]
	if f == nil {
		dir, err := os.MkdirTemp("", "partner-center-e2e-")
		if err != nil {
			t.Fatal(err)
		}
		os.Chmod(dir, 0o755) // as in run
		var end func()
		f, end = front(t, r, dir, func(o *demo.Options) { o.Bare = false })
		shared.demos[r.name] = f
		endings = append(endings, end, func() { os.RemoveAll(dir) })
	}
	return &world{f.Demo, t, f}
}

func run(t *testing.T, r release, dir string, change func(*demo.Options)) (d *demo.Demo, end func()) {
	t.Helper()
	d = begin(t, r, dir, change)
	return d, serve(d)
}

// begin starts a demo that does not answer yet.
func begin(t *testing.T, r release, dir string, change func(*demo.Options)) *demo.Demo {
	t.Helper()
	files, err := r.fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	os.MkdirAll(dir, 0o755)
	os.Chmod(dir, 0o755) // MariaDB runs under an account of its own
	options := demo.Options{Dir: dir, Release: files, Bare: true, Version: "test",
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
	if change != nil {
		change(&options)
	}
	starting, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	d, err := demo.Start(starting, options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func serve(d *demo.Demo) (end func()) {
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running) }()
	return func() {
		stop()
		if err := errors.Join(<-ended, d.Close()); err != nil {
			fmt.Fprintln(os.Stderr, "the demo ended with:", err) // t may be over
		}
	}
}

// admin is a visitor who is logged in to wp-admin.
func (w *world) admin() *visitor {
	w.t.Helper()
	return w.loggedIn(w.Admin.Login, w.Admin.Password)
}

// loggedIn logs in over HTTP and gives the browser the cookies; the login form
// itself has a test of its own.
func (w *world) loggedIn(login, password string) *visitor {
	w.t.Helper()
	cookies, err := wordpress.Login(w.t.Context(), w.URL(), login, password)
	if err != nil {
		w.t.Fatal(err)
	}
	v := newVisitor(w.t, w.URL())
	v.be(cookies)
	return v
}

// adminPage is the address of an admin page of ours.
func adminPage(path string) string {
	return "/wp-admin/admin.php?page=partner-center&pc=" + strings.ReplaceAll(path, "/", "%2F")
}

// noNotices fails when PHP complained about a file of ours.
func (w *world) noNotices() {
	w.t.Helper()
	log, err := os.ReadFile(w.Site.DebugLog())
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "plugins/partner-center/") {
			w.t.Errorf("PHP says: %s", line)
		}
	}
}

// fetch answers a request with a success, or fails.
func fetch(t *testing.T, req *http.Request) ([]byte, http.Header) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%.500s", req.URL, resp.Status, err, body)
	}
	return body, resp.Header
}

// soon waits for something that happens in the background.
func soon(t *testing.T, what string, test func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !test() {
		if time.Now().After(deadline) {
			t.Fatal(fmt.Sprint("did not happen: ", what))
		}
		time.Sleep(50 * time.Millisecond)
	}
}
