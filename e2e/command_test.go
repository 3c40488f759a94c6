package e2e

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnercenter/clock"
	"partnercenter/sidecar"
	"partnercenter/sidecar/web"
	"partnercenter/testbed/proc"
	"partnercenter/wpbridge"

	"log/slog"
)

// program builds the real partner-center.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "partner-center")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path,
		"../cmd/partner-center").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

const givenKey = "0123456789abcdef0123456789abcdef"

// What is wrong with the settings is said once, in a sentence that names the
// setting to mend.
func TestServeSaysWhatIsWrong(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		path := program(t)
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		free.Close()
		for name, c := range map[string]struct {
			says string
			args []string
		}{
			"wrong password": {"check user and password (--dsn", []string{"--dsn",
				strings.Replace(w.DSN, ":demo@", ":wrong@", 1), "--prefix", w.Prefix, "--key", givenKey}},
			"no server": {"no database answers at", []string{"--dsn", "demo:demo@tcp(" + free.Addr().String() +
				")/demo", "--prefix", w.Prefix, "--key", givenKey}},
			"no database": {`finds no database "elsewhere"`, []string{"--dsn",
				strings.Replace(w.DSN, "/demo", "/elsewhere", 1), "--prefix", w.Prefix, "--key", givenKey}},
			"wrong prefix": {`no WordPress under the prefix "wp_"`, []string{"--dsn", w.DSN, "--key", givenKey}},
			"no key":       {"no pairing key: give --key", []string{"--dsn", w.DSN, "--prefix", w.Prefix}},
			"short key": {"at least 32 are needed", []string{"--dsn", w.DSN, "--prefix", w.Prefix, "--key",
				"short"}},
			"no site": {"which site?", nil},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			out, err := exec.CommandContext(ctx, path, append([]string{"serve", "--listen", "127.0.0.1:0"},
				c.args...)...).CombinedOutput()
			cancel()
			if err == nil || strings.Count(string(out), "partner-center:") != 1 ||
				!strings.Contains(string(out), c.says) {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	})
}

// A sidecar that is not paired runs, and its pages say why they are of no use.
func TestServeUnpaired(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		path := program(t)
		address := w.serve(path, "--dsn", w.DSN, "--prefix", w.Prefix, "--key", givenKey)
		a := newClient(t, address, "").get(ownURL("")).want(http.StatusServiceUnavailable)
		a.sees("body", "do not have the same pairing key")

		bare := start(t, r, nil)
		if _, err := bare.DB.Exec(t.Context(),
			`DELETE FROM {wp}options WHERE option_name = 'partner_center_handover'`); err != nil {
			t.Fatal(err)
		}
		address = bare.serve(path, "--wordpress", bare.Site.Root)
		a = newClient(t, address, "").get(ownURL("")).want(http.StatusServiceUnavailable)
		a.sees("body", "activate the plugin Partner Center")
	})
}

var readyLine = regexp.MustCompile(`msg=ready listen=(\S+)`)

// serve runs the program beside the demo's own sidecar until the test ends, and
// tells where it listens.
func (w *world) serve(path string, args ...string) (address string) {
	w.t.Helper()
	command := exec.Command(path, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	output, writer := io.Pipe()
	command.Stderr = writer
	process, err := proc.Start(command)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(process.Kill)
	go func() { <-process.Done(); writer.Close() }()
	lines := bufio.NewScanner(output)
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if found := readyLine.FindStringSubmatch(lines.Text()); found != nil {
			go io.Copy(io.Discard, output)
			return "http://" + found[1]
		}
	}
	w.t.Fatalf("serve ended: %v\n%s", process.Err(), said.String())
	return ""
}

// The plugin's settings page says what is wrong with the sidecar it is led to.
func TestSettingsPageSaysWhatIsWrong(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		admin := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		t.Cleanup(func() { w.pluginSettings(admin, map[string]string{"sidecar_url": ""}) })
		config, err := wpbridge.ReadConfig(w.Site.Root)
		if err != nil {
			t.Fatal(err)
		}
		late := func() time.Time { return clock.System().Add(-10 * time.Minute) }
		other := func() (wpbridge.PairingKey, error) { return wpbridge.ParsePairingKey(givenKey, w.Prefix) }
		something := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(something.Close)
		for _, c := range []struct{ address, says string }{
			{w.otherSidecar(config.PairingKey, late), "seconds ahead of the sidecar"},
			{w.otherSidecar(other, clock.System), "do not have the same pairing key"},
			{something.URL, "isn't the Partner Center service"},
			{"http://127.0.0.1:1", "127.0.0.1:1"},
			{"", "Partner Center is running"},
		} {
			w.pluginSettings(admin, map[string]string{"sidecar_url": c.address})
			var health string
			soon(t, "the page says "+c.says, func() bool { // what waits for WordPress may stand there for a moment
				health = admin.get("/wp-admin/options-general.php?page=partner-center-settings").want(
					http.StatusOK).text("#partner-center-health")
				return !strings.Contains(health, " wait: ")
			})
			if !strings.Contains(health, c.says) {
				t.Errorf("with the sidecar at %q the page says %q, not %q", c.address, health, c.says)
			}
		}
	})
}

// otherSidecar answers beside the demo's own, with another key or clock.
func (w *world) otherSidecar(key func() (wpbridge.PairingKey, error), now clock.Clock) (address string) {
	w.t.Helper()
	s, err := sidecar.New(w.t.Context(), sidecar.Config{Version: "other", DB: w.DB, Key: key, Trusted: web.Loopback,
		Log: slog.New(slog.DiscardHandler), Now: now})
	if err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	w.t.Cleanup(func() {
		server.Close()
		if err := s.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
	return server.URL
}
