package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnercenter/demo"
	"partnercenter/testbed/proc"
)

// way is a web server through which visitors reach a site.
type way struct{ name, address string }

// nginx is Debian's, as an unprivileged program of one process. It stands in
// front of a demo as docs/install.md says.
type nginx struct {
	place   net.Listener // holds the port until nginx takes it
	dir     string
	process *proc.Process
}

func newNginx(t *testing.T, dir string) *nginx {
	t.Helper()
	place, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return &nginx{place: place, dir: dir}
}

func (n *nginx) address() string { return n.place.Addr().String() }

// start serves a site whose WordPress and sidecar are at these host:port.
func (n *nginx) start(t *testing.T, wordpress, sidecar string) {
	t.Helper()
	path, err := proc.Find("nginx")
	if err != nil {
		t.Fatalf("%v: scripts/install-deps test installs it", err)
	}
	config := filepath.Join(n.dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(n.config(t, wordpress, sidecar)), 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "-p", n.dir, "-c", config, "-e", filepath.Join(n.dir, "error.log"))
	command.Stderr = os.Stderr
	n.place.Close()
	if n.process, err = proc.Start(command); err != nil {
		t.Fatal(err)
	}
	soon(t, "nginx listens", func() bool {
		conn, err := net.Dial("tcp", n.address())
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// config is the server block around the lines that docs/install.md gives.
func (n *nginx) config(t *testing.T, wordpress, sidecar string) string {
	t.Helper()
	_, port, _ := net.SplitHostPort(n.address())
	return fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid;
events {}
http {
  log_format upstream '$upstream_addr $request_uri';
  access_log %[1]s/access.log upstream;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  server {
    listen 127.0.0.1:%[2]s;
    client_max_body_size 16m;
%[3]s
    location / { proxy_pass http://%[4]s; proxy_set_header Host $http_host; }
    # In place of PHP-FPM, which is told the request as the visitor made it.
    location = /index.php { proxy_pass http://%[4]s$request_uri; proxy_set_header Host $http_host; }
  }
}
`, n.dir, port, strings.ReplaceAll(snippet(t), "127.0.0.1:8377", sidecar), wordpress)
}

// snippet is what docs/install.md puts inside the server block.
func snippet(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\nnginx, inside the `server` block:\n\n")
	lines, _, found := strings.Cut(rest, "\n\n")
	if !found || !strings.Contains(lines, "127.0.0.1:8377") {
		t.Fatal("docs/install.md has no lines for nginx")
	}
	return lines
}

// sent tells where nginx has passed a path on to.
func (n *nginx) sent(t *testing.T, path string) (upstream string) {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(n.dir, "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(log)) {
		if to, uri, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(uri, path) {
			upstream = to
		}
	}
	return upstream
}

func (n *nginx) stop() error {
	n.place.Close()
	if n.process == nil {
		return nil
	}
	ending, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return n.process.Stop(ending)
}

// fronted is a demo behind nginx, with the other two ways to reach it beside.
type fronted struct {
	*demo.Demo
	nginx *nginx
	ways  []way
}

// front runs a demo behind nginx.
func front(t *testing.T, r release, dir string, change func(*demo.Options)) (f *fronted, end func()) {
	t.Helper()
	own := filepath.Join(dir, "nginx")
	if err := os.Mkdir(own, 0o755); err != nil {
		t.Fatal(err)
	}
	server := newNginx(t, own)
	d := begin(t, r, filepath.Join(dir, "demo"), func(o *demo.Options) {
		o.URL = "http://" + server.address()
		change(o)
	})
	alone := httptest.NewServer(d.Site.Handler()) // WordPress, which passes the base path on
	wordpress := alone.Listener.Addr().String()
	// Before the sidecar runs, which calls WordPress by the site's address.
	server.start(t, wordpress, strings.TrimPrefix(d.SidecarAddress(), "http://"))
	endDemo := serve(d)
	return &fronted{d, server, []way{
			{"nginx", server.address()},
			{"pass-through", wordpress},
			{"front", strings.TrimPrefix(d.SiteAddress(), "http://")},
		}}, func() {
			if err := server.stop(); err != nil {
				fmt.Fprintln(os.Stderr, "nginx:", err)
			}
			alone.Close()
			endDemo()
		}
}
