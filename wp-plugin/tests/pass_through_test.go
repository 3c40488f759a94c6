package wpplugin_test

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPassThroughForwardsTheRequest(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		admin := s.login(t, "admin")
		cookies := []*http.Cookie{
			{Name: "pc_click", Value: "click"}, {Name: "pc_visitor_2", Value: "visitor"},
			{Name: "PHPSESSID", Value: "secret"}, {Name: "notpc_x", Value: "no"},
		}
		var wanted string
		for _, cookie := range admin {
			if strings.HasPrefix(cookie.Name, "wordpress_logged_in_") {
				wanted = "; " + cookie.Name + "=" + cookie.Value
			}
		}
		body := "a=1&b=%00%FF&name=x&p=2&c=it's+\\raw\\"
		s.do(t, request{
			method: http.MethodPost, path: "/partner-center/api/v1/x%2Fy?b=%20&b=2&a.b=1&p=7", body: body,
			cookies: append(admin, cookies...),
			header: http.Header{
				"Content-Type": {"application/x-www-form-urlencoded"}, "Accept-Language": {"de;q=0.9"},
				"User-Agent": {"browser"},
				"Origin":     {"https://shop.example"}, "Sec-Fetch-Site": {"same-site"},
				"Referer": {"https://shop.example/x"},
				"Purpose": {"prefetch"}, "If-None-Match": {`"v1"`}, "Authorization": {"Bearer abc"},
				"Idempotency-Key": {"k1"},
				"Pc-Surface":      {"admin;https://evil.example/"}, "Pc-User": {"1"}, "X-Other": {"kept here"},
				"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"evil.example"},
			},
		})
		c := s.sidecar.only(t)
		if c.Method != http.MethodPost || c.Target != "/partner-center/api/v1/x%2Fy?b=%20&b=2&a.b=1&p=7" ||
			c.Body != body {
			t.Errorf("arrived as %s %s with %q", c.Method, c.Target, c.Body)
		}
		if c.Proto != "HTTP/1.0" {
			t.Errorf("spoken as %s", c.Proto)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "de;q=0.9", "User-Agent": "browser",
			"Origin": "https://shop.example", "Sec-Fetch-Site": "same-site", "Referer": "https://shop.example/x",
			"Purpose": "prefetch", "If-None-Match": `"v1"`, "Authorization": "Bearer abc", "Idempotency-Key": "k1",
			"X-Forwarded-Host": strings.TrimPrefix(s.URL, "http://"), "X-Forwarded-Proto": "http",
			"X-Forwarded-For": "127.0.0.1",
			"Pc-Surface":      "", "Pc-User": "", "X-Other": "",
			"Cookie": strings.TrimPrefix(wanted+"; pc_click=click; pc_visitor_2=visitor", "; "),
		} {
			if got := strings.Join(c.Header.Values(name), "|"); got != want {
				t.Errorf("%s arrived as %q, want %q", name, got, want)
			}
		}
	})
}

func TestPassThroughPaths(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addPage(t, "partner-centers", "Another page")
		for path, want := range map[string]string{
			"/partner-center/":                                   "/partner-center/",
			"/partner-center/go/abc?p=9&sid=a":                   "/partner-center/go/abc?p=9&sid=a",
			"/?partner-center=go/abc%3Fp%3D9&sid=a%26b":          "/partner-center/go/abc?p=9&sid=a%26b",
			"/?partner-center=/go/abc/ann&sid=x":                 "/partner-center/go/abc/ann?sid=x",
			"/index.php?partner-center=t.js":                     "/partner-center/t.js",
			"/?partner-center=a%0d%0aHost:%20evil%20b%23c":       "/partner-center/a%0D%0AHost:%20evil%20b%23c",
			"/partner-center/../../metrics":                      "/partner-center/metrics",
			"/partner-center/%2e%2e/x":                           "/partner-center/x",
			"/?partner-center=%252e%252e/%252e%252e/healthz?x=1": "/partner-center/healthz?x=1",
		} {
			s.sidecar.reset()
			s.get(t, path)
			if got := s.sidecar.only(t).Target; got != want {
				t.Errorf("%s arrived as %s, want %s", path, got, want)
			}
		}
		s.sidecar.reset()
		for path, status := range map[string]int{"/partner-centers/": 200, "/x/partner-center/go/y": 404,
			"/x/?partner-center=y": 404} {
			if a := s.get(t, path); a.Status != status {
				t.Errorf("%s: status %d, want %d", path, a.Status, status)
			}
		}
		s.sidecar.untouched(t)
		if a := s.get(t, "/partner-center?x=1"); a.Status != http.StatusPermanentRedirect ||
			a.Header.Get("Location") != "/partner-center/?x=1" {
			t.Errorf("without the slash: %d to %q", a.Status, a.Header.Get("Location"))
		}
	})
}

// Links already published redirect whatever is switched on.
// Spec: S1
func TestPassThroughGivesTheAnswerBack(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Set-Cookie", "pc_click=1; Path=/; HttpOnly; SameSite=Lax")
			w.Header().Add("Set-Cookie", "pc_visitor=2; Path=/")
			w.Header().Set("Location", "https://shop.example/a?b=c")
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(http.StatusSeeOther)
		})
		a := s.get(t, "/partner-center/go/abc?p=1")
		if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "https://shop.example/a?b=c" || a.Body != "" {
			t.Errorf("redirect: %+v", a)
		}
		cookies := a.Header.Values("Set-Cookie")
		if len(cookies) != 2 || cookies[0] != "pc_click=1; Path=/; HttpOnly; SameSite=Lax" ||
			a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers: %v", a.Header)
		}
		if a.Header.Get("X-Powered-By") != "" || a.Header.Get("Expires") != "" {
			t.Errorf("headers of PHP and WordPress: %v", a.Header)
		}
		for _, status := range []int{http.StatusNotModified, http.StatusTeapot, http.StatusNoContent} {
			s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Etag", `"v1"`)
				w.Header()["Content-Type"] = nil
				w.WriteHeader(status)
			})
			a := s.get(t, "/partner-center/x.png")
			if a.Status != status || a.Header.Get("Etag") != `"v1"` || a.Header.Get("Content-Type") != "" {
				t.Errorf("status %d: %+v", status, a)
			}
		}
	})
}

func TestPassThroughDownload(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		const size = 20 << 20
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			w.Header().Set("Content-Disposition", `attachment; filename="a.csv"`)
			io.CopyN(w, &pattern{}, size)
		})
		response := s.start(t, request{path: "/partner-center/reports/sales.csv"})
		defer response.Body.Close()
		got, want := sha256.New(), sha256.New()
		n, err := io.Copy(got, response.Body)
		must(t, err)
		io.CopyN(want, &pattern{}, size)
		if n != size || fmt.Sprint(got.Sum(nil)) != fmt.Sprint(want.Sum(nil)) {
			t.Errorf("got %d of %d bytes, or other ones", n, size)
		}
		if response.Header.Get("Content-Disposition") != `attachment; filename="a.csv"` ||
			response.Header.Get("Content-Type") != "text/csv" {
			t.Errorf("headers %v", response.Header)
		}
	})
}

// pattern is an endless file with all bytes.
type pattern struct{ at int }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(p.at*7 + p.at>>8)
		p.at++
	}
	return len(b), nil
}

// What other plugins print by mistake must not stand before the answer.
func TestPassThroughDropsStrayOutput(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.php(t, `
			wp_mkdir_p(WPMU_PLUGIN_DIR);
			file_put_contents(WPMU_PLUGIN_DIR . '/stray.php', '<?php ob_start(); echo "\xEF\xBB\xBF stray";');`)
		defer s.php(t, `unlink(WPMU_PLUGIN_DIR . '/stray.php');`)
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "GIF89a") })
		if a := s.get(t, "/partner-center/px.gif"); a.Body != "GIF89a" {
			t.Errorf("got %q", a.Body)
		}
	})
}

func TestPassThroughSendsLargeBodies(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		body := strings.Repeat("email,amount\r\nann@example.test,1.00\r\n", 100_000)
		s.do(t, request{method: http.MethodPut, path: "/partner-center/import", body: body,
			header: http.Header{"Content-Type": {"text/csv"}}})
		if c := s.sidecar.only(t); c.Body != body {
			t.Errorf("%d of %d bytes arrived", len(c.Body), len(body))
		}
	})
}

// What comes in goes out at once, and a visitor who leaves is noticed.
func TestPassThroughStreams(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		left := make(chan struct{})
		goOn := make(chan struct{})
		s.sidecar.answers(func(w http.ResponseWriter, r *http.Request) {
			defer close(left)
			fmt.Fprintln(w, "first line")
			http.NewResponseController(w).Flush()
			<-goOn
			for {
				if _, err := w.Write(make([]byte, 65536)); err != nil {
					return
				}
				select {
				case <-r.Context().Done():
					return
				default:
				}
			}
		})
		started := time.Now()
		response := s.start(t, request{path: "/partner-center/export.csv"})
		line, err := bufio.NewReader(response.Body).ReadString('\n')
		if err != nil || line != "first line\n" {
			t.Errorf("first line %q, %v", line, err)
		}
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("the first line was held back for %s", took)
		}
		close(goOn)
		response.Body.Close()
		select {
		case <-left:
		case <-time.After(20 * time.Second):
			t.Error("the sidecar goes on writing for a visitor who left")
		}
	})
}

func TestPassThroughTellsWhatPHPSwallowed(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		a := s.do(t, request{
			method: http.MethodPost, path: "/partner-center/admin/x",
			body:   "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n",
			header: http.Header{"Content-Type": {"multipart/form-data; boundary=b"}}, cookies: s.login(t, "admin"),
		})
		if a.Status != http.StatusRequestEntityTooLarge || !strings.Contains(a.Body, "file upload") {
			t.Errorf("status %d, %.300s", a.Status, a.Body)
		}
		s.sidecar.untouched(t)
	})
}

func TestSidecarIsFoundByItsHeartbeat(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['sidecar_url' => '']`)
		ask := func() int {
			s.sidecar.reset()
			return s.get(t, "/partner-center/healthz").Status
		}
		now := time.Now().UTC()
		for _, tc := range []struct {
			name   string
			url    string
			beatAt time.Time
			key    [32]byte
			want   int
		}{
			{"too old", s.sidecar.server.URL, now.Add(-2 * time.Minute), s.key, 503},
			{"signed with another key", s.sidecar.server.URL, now, [32]byte{1}, 503},
			{"genuine", s.sidecar.server.URL, now.Add(-10 * time.Second), s.key, 200},
		} {
			s.beat(t, tc.key, tc.url, tc.beatAt)
			if got := ask(); got != tc.want {
				t.Errorf("a heartbeat %s: status %d, want %d", tc.name, got, tc.want)
			}
		}
	})
}

func TestNobodyIsToldTheReasonButAdministrators(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['sidecar_url' => 'http://127.0.0.1:1']`)
		a := s.get(t, "/partner-center/go/x?p=1")
		if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" ||
			!strings.Contains(a.Body, "short break") {
			t.Errorf("a visitor gets %d, %v, %.500s", a.Status, a.Header, a.Body)
		}
		if strings.Contains(a.Body, "127.0.0.1:1<") || strings.Contains(a.Body, "t answer at") {
			t.Error("a visitor is told the address")
		}
		if b := s.get(t, "/partner-center/", s.login(t, "admin")...); !strings.Contains(b.Body,
			" answer at http://127.0.0.1:1") {
			t.Errorf("an administrator is not told the reason: %.500s", b.Body)
		}
	})
}

func TestBasePathCanBeChanged(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.save(t, map[string]string{"base_path": "/team", "tracking": "1"})
		s.sidecar.reset()
		s.get(t, "/team/go/x?p=1")
		if got := s.sidecar.only(t).Target; got != "/partner-center/go/x?p=1" {
			t.Errorf("arrived as %s", got)
		}
		if a := s.get(t, "/partner-center/go/x"); a.Status != http.StatusNotFound {
			t.Errorf("the old path still answers, status %d", a.Status)
		}
		if got, err := url.Parse(s.handover(t).PublicURL); err != nil || got.Path != "/team" {
			t.Errorf("public URL %v, %v", got, err)
		}
	})
}
