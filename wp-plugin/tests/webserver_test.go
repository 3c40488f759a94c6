package wpplugin_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnercenter/testbed/proc"
	"partnercenter/testbed/wordpress"
)

// webServers stand in front of a site as docs/install.md says.
var webServers = map[string]struct {
	program, heading string
	config           func(s *site, dir, port, lines string) string
	command          func(path, dir, config string) *exec.Cmd
	keepsBodies      bool
}{
	"nginx": {"nginx", "nginx, inside the `server` block:", nginxConfig, func(path, dir, config string) *exec.Cmd {
		return exec.Command(path, "-p", dir, "-c", config, "-e", filepath.Join(dir, "error.log"))
	}, true},
	"caddy": {"caddy", "Caddy, inside the site's block, with the socket of your PHP:", caddyConfig,
		func(path, dir, config string) *exec.Cmd {
			command := exec.Command(path, "run", "--adapter", "caddyfile", "--config", config)
			command.Env = append(os.Environ(), "HOME="+dir)
			return command
		}, false},
	"apache": {"apache2",
		"Apache, inside the site's `VirtualHost`, after `a2enmod proxy_http headers` and a restart of Apache:",
		apacheConfig,
		func(path, _, config string) *exec.Cmd {
			return exec.Command(path, "-DFOREGROUND", "-f", config)
		}, false},
}

// caddyConfig has the test's PHP in place of PHP-FPM, which is told the request
// as the visitor made it.
func caddyConfig(s *site, _, port, lines string) string {
	php := "rewrite * {http.request.orig_uri}\nreverse_proxy " + strings.TrimPrefix(s.URL, "http://")
	return fmt.Sprintf("{\nadmin off\n}\nhttp://127.0.0.1:%s {\nbind 127.0.0.1\n%s\n}\n", port,
		strings.ReplaceAll(lines, "php_fastcgi unix//run/php/php8.2-fpm.sock", php))
}

func nginxConfig(s *site, dir, port, lines string) string {
	return fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid;
events {}
http {
  access_log off;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  server {
    listen 127.0.0.1:%[2]s;
%[3]s
    # In place of PHP-FPM, which is told the request as the visitor made it.
    location = /index.php { proxy_pass %[4]s$request_uri; proxy_set_header Host $http_host; }
  }
}
`, dir, port, lines, s.URL)
}

// apacheConfig runs PHP inside Apache, as Debian's libapache2-mod-php does.
func apacheConfig(s *site, dir, port, lines string) string {
	var modules strings.Builder
	for _, name := range []string{"mpm_prefork", "authz_core", "dir", "alias", "headers", "proxy", "proxy_http"} {
		fmt.Fprintf(&modules, "LoadModule %s_module modules/mod_%s.so\n", name, name)
	}
	php, _ := filepath.Glob("/usr/lib/apache2/modules/libphp*.so")
	if len(php) > 0 {
		fmt.Fprintf(&modules, "LoadModule php_module %s\n", php[0])
	}
	return fmt.Sprintf(`ServerRoot /usr/lib/apache2
ServerName 127.0.0.1
PidFile %[1]s/pid
ErrorLog %[1]s/error.log
Mutex file:%[1]s
Listen 127.0.0.1:%[2]s
User nobody
Group nogroup
StartServers 2
%[5]sDocumentRoot %[4]s
<Directory %[4]s>
  Require all granted
  FallbackResource /index.php
</Directory>
<FilesMatch \.php$>
  SetHandler application/x-httpd-php
</FilesMatch>
%[3]s
`, dir, port, lines, s.Root, modules.String())
}

// installLines are what docs/install.md puts under a heading.
func installLines(t *testing.T, heading string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/install.md")
	must(t, err)
	_, rest, _ := strings.Cut(string(page), "\n"+heading+"\n\n")
	lines, _, found := strings.Cut(rest, "\n\n")
	if !found || !strings.Contains(lines, "127.0.0.1:8377") {
		t.Fatalf("docs/install.md has no lines under %q", heading)
	}
	return lines
}

// behind starts a web server in front of the site, with the lines of
// docs/install.md as change leaves them, and returns its host:port.
func (s *site) behind(t *testing.T, name string, change *strings.Replacer) (address string) {
	t.Helper()
	server := webServers[name]
	path, err := proc.Find(server.program)
	if err != nil {
		t.Skip("SKIPPED:", err, "(scripts/install-deps test installs it)")
	}
	place, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	address = place.Addr().String()
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir, workDir} {
		must(t, os.Chmod(d, 0o755)) // Apache's processes are nobody's
	}
	must(t, os.Chmod(filepath.Join(s.Root, "wp-config.php"), 0o644))
	config := filepath.Join(dir, "conf")
	lines := change.Replace(installLines(t, server.heading))
	must(t, os.WriteFile(config, []byte(server.config(s, dir, strings.Split(address, ":")[1], lines)), 0o644))
	place.Close()
	command, log := server.command(path, dir, config), &strings.Builder{}
	command.Stderr = log
	process, err := proc.Start(command)
	must(t, err)
	t.Cleanup(func() {
		process.Stop(context.WithoutCancel(t.Context()))
		if t.Failed() {
			own, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Logf("%s%s", log, own)
		}
	})
	listens(t, address)
	return address
}

// Behind a web server that sends the base path to the sidecar, links lead to
// their targets while it is down, and are counted later.
//
// Spec: D43.1 B18.1
func TestWebServersFallBackToPHP(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order")
		s.set(t, `['tracking' => true, `+down+`]`)
		for name, server := range webServers {
			t.Run(name, func(t *testing.T) {
				address := s.behind(t, name, strings.NewReplacer("127.0.0.1:8377", "127.0.0.1:1"))
				before := len(s.facts(t, "click"))
				a := at(t, address, request{path: "/partner-center/go/" + p.tool.Code + "?p=" + p.partner.Code})
				if a.Status != http.StatusFound || a.Header.Get("Location") != p.tool.TargetURL ||
					len(cookies(a)) != 2 {
					t.Errorf("a link: %d to %q, %v", a.Status, a.Header.Get("Location"), cookies(a))
				}
				if n := len(s.facts(t, "click")) - before; n != 1 {
					t.Errorf("%d clicks noted", n)
				}
				lead := url.Values{"email": {"carl@mail.test"}, "id": {"12345678" + name}}
				before = len(s.facts(t, "form"))
				at(t, address, request{path: "/partner-center/t/lead", form: lead})
				if n := len(s.facts(t, "form")) - before; server.keepsBodies && n != 1 {
					t.Errorf("%d forms noted", n)
				}
				if a := at(t, address, request{path: "/partner-center/t.js"}); a.Status != http.StatusOK {
					t.Errorf("the script, which no browser runs from another status than 200: %d", a.Status)
				}
				if a := at(t, address, request{path: "/partner-center?x=1"}); a.Status != http.StatusPermanentRedirect {
					t.Errorf("without the slash: %d", a.Status)
				}
			})
		}
	})
}

// With those lines links work while WordPress updates itself; without them
// nothing of ours runs then.
//
// Spec: D43 B18.2
func TestLinksWhileWordPressIsUpdated(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/order")
			w.WriteHeader(http.StatusFound)
		})
		sidecar := strings.NewReplacer("127.0.0.1:8377", strings.TrimPrefix(s.sidecar.server.URL, "http://"))
		updating := filepath.Join(s.Root, ".maintenance")
		must(t, os.WriteFile(updating, []byte("<?php $upgrading = time();"), 0o644))
		defer os.Remove(updating)
		for name := range webServers {
			t.Run(name, func(t *testing.T) {
				address := s.behind(t, name, sidecar)
				if a := at(t, address,
					request{path: "/partner-center/go/tool?p=partner"}); a.Status != http.StatusFound {
					t.Errorf("a link: %d", a.Status)
				}
			})
		}
		if a := s.get(t, "/partner-center/go/tool?p=partner"); a.Status != http.StatusServiceUnavailable {
			t.Errorf("a link without the lines: %d; docs/install.md says 503", a.Status)
		}
	})
}

// For WordPress in a subdirectory docs/install.md has the folder put before
// every path of the lines.
func TestWebServersWithWordPressInASubdirectory(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		change := strings.NewReplacer("127.0.0.1:8377", strings.TrimPrefix(s.sidecar.server.URL, "http://"),
			"/partner-center", "/blog/partner-center", "/index.php", "/blog/index.php")
		for name := range webServers {
			t.Run(name, func(t *testing.T) {
				s.sidecar.reset()
				address := s.behind(t, name, change)
				const link = "/blog/partner-center/go/tool?p=partner"
				at(t, address, request{path: link})
				if len(s.sidecar.calls) != 1 || s.sidecar.calls[0].Target != link {
					t.Errorf("the sidecar was asked for %+v", s.sidecar.calls)
				}
				a := at(t, address, request{path: "/blog/partner-center"})
				if a.Status != http.StatusPermanentRedirect ||
					!strings.HasSuffix(a.Header.Get("Location"), "/blog/partner-center/") {
					t.Errorf("without the slash: %d to %s", a.Status, a.Header.Get("Location"))
				}
			})
		}
	})
}

// at sends a request to another address of the site.
func at(t *testing.T, address string, r request) answer {
	t.Helper()
	return (&site{Site: &wordpress.Site{URL: "http://" + address}}).do(t, r)
}

// listens waits for a server that was just started.
func listens(t *testing.T, address string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatalf("nobody listens at %s", address)
}
