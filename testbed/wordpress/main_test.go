package wordpress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"partnercenter/testbed/mariadb"
)

var server *mariadb.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = mariadb.Start(context.Background(), mariadb.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = server.Stop(context.Background())
	os.Exit(code)
}

// releases are those every behaviour is tested on.
var releases = map[string]func(context.Context, func(string)) (Release, error){
	"oldest": func(ctx context.Context, log func(string)) (Release, error) { return Fetch(ctx, Oldest, log) },
	"newest": Newest,
}

func release(t *testing.T, name string) Release {
	t.Helper()
	r, err := releases[name](t.Context(), func(message string) { t.Log(message) })
	if errors.Is(err, ErrUnreachable) {
		t.Skip("SKIPPED:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// listen takes a port first: a site must know its address when installed.
func listen(t *testing.T) (net.Listener, string) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener, "http://" + listener.Addr().String()
}

var databases int

func database(t *testing.T) Database {
	t.Helper()
	databases++
	d := Database{
		Host: "127.0.0.1:" + strconv.Itoa(server.Port), Name: "site_" + strconv.Itoa(databases),
		User: "wp", Password: `it's \ "q"`, Prefix: "wptest_",
	}
	if err := errors.Join(server.CreateDatabase(t.Context(), d.Name), server.GrantUser(t.Context(), d.User, d.Password,
		d.Name)); err != nil {
		t.Fatal(err)
	}
	return d
}

func options(t *testing.T, r Release, url string) Options {
	return Options{
		Release: r, Dir: filepath.Join(t.TempDir(), "it's a site"), DB: database(t), URL: url, Debug: true,
		Title: "Café 'test'", Admin: Account{Login: "boss", Password: `it's "q" é`, Email: "boss@example.test"},
		Locale: "de_DE", TimeZone: "Europe/Berlin",
	}
}

func install(t *testing.T, o Options) *Site {
	t.Helper()
	s, err := Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t *testing.T, s *Site, listener net.Listener) {
	t.Helper()
	if err := s.Serve(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	front := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go front.Serve(listener)
	t.Cleanup(func() {
		front.Close()
		s.Stop()
	})
}

// served is a new site that answers.
func served(t *testing.T, releaseName string) *Site {
	t.Helper()
	listener, url := listen(t)
	s := install(t, options(t, release(t, releaseName), url))
	serve(t, s, listener)
	return s
}

func mustPHP(t *testing.T, s *Site, code string, args ...string) string {
	t.Helper()
	out, err := s.PHP(t.Context(), code, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
