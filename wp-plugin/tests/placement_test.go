package wpplugin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An author's post shows pages of the center, and does nothing else to those
// who read it.
//
// Spec: S113
func TestPlacementTakesOverNothingButHTML(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		admin := s.login(t, "admin")
		for i, view := range []string{"go/x?p=evil", "/go/x", "t/click?u=x", "admin", "earnings/../go/x",
			"earnings/commissions.csv", "signup/X/../../go/x", "assets/app.css", "confirm-paypal?t=1"} {
			slug := fmt.Sprintf("bad-%d", i)
			s.addPage(t, slug, fmt.Sprintf(`[partner_center view="%s"]`, view))
			s.sidecar.reset()
			if a := s.get(t, "/"+slug+"/"); a.Status != http.StatusOK || strings.Contains(a.Body, "cannot be placed") {
				t.Errorf("%s: status %d", view, a.Status)
			}
			s.sidecar.untouched(t)
			if a := s.get(t, "/"+slug+"/", admin...); !strings.Contains(a.Body, "cannot be placed") {
				t.Errorf("%s: the author is told nothing", view)
			}
		}
		s.addPage(t, "join", `Join us [partner_center view="signup/X"]`)
		answers := map[string]http.HandlerFunc{
			"a redirect": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example/")
				w.WriteHeader(http.StatusSeeOther)
			},
			"a file": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "a,b") },
			"a page with cookies and a status": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("PC-Embed", "1")
				w.WriteHeader(http.StatusForbidden)
			},
		}
		for name, answer := range answers {
			s.sidecar.answers(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Set-Cookie", "pc_click=evil; Path=/")
				answer(w, r)
			})
			a := s.get(t, "/join/")
			if a.Status != http.StatusOK || len(cookies(a)) != 0 || !strings.Contains(a.Body, "Join us") {
				t.Errorf("%s: status %d, cookies %v", name, a.Status, cookies(a))
			}
		}
	})
}

// The sign-up form stands on its page, and takes what is filled in, also while
// the center is switched off.
//
// Spec: S153.1
func TestSignUpIsPlacedWithoutACenter(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => false, 'tracking' => true]`)
		s.addPage(t, "join", `[partner_center view="signup/X"]`)
		s.sidecar.embeds(`<form id="sign-up"></form>`)
		if a := s.get(t, "/join/"); a.Status != http.StatusOK || a.doc(t).Find("#sign-up").Length() != 1 {
			t.Errorf("status %d without the form", a.Status)
		}
		if c := s.sidecar.only(t); c.Target != "/partner-center/signup/X" {
			t.Errorf("asked for %s", c.Target)
		}
		s.sidecar.reset()
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSeeOther) })
		a := s.do(t, request{path: "/partner-center/signup/X", form: url.Values{"email": {"a@mail.test"}}})
		if c := s.sidecar.only(t); a.Status != http.StatusSeeOther || c.Method != http.MethodPost {
			t.Errorf("the form is answered %d, the sidecar got %s", a.Status, c.Method)
		}
	})
}

// In the footer of a whole site the center must not send its readers to the
// login page.
//
// Spec: S113
func TestPlacementForPeopleWhoAreNotLoggedIn(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		s.addPage(t, "plain", "Nothing here")
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", s.URL+"/wp-login.php")
			w.WriteHeader(http.StatusSeeOther)
		})
		// As a block theme does, before anything is printed.
		defer s.mustUse(t,
			`add_action("template_redirect", function () { $GLOBALS["part"] = do_shortcode("[partner_center]"); }, 99);
			add_action("wp_footer", function () { echo '<div id="part">' . $GLOBALS["part"] . '</div>'; });`)()
		for path, status := range map[string]int{"/": 200, "/plain/": 200, "/?s=x": 200, "/no-such-page/": 404} {
			a := s.get(t, path)
			link := a.doc(t).Find("#part a").AttrOr("href", "")
			if a.Status != status || !strings.HasPrefix(link, s.URL+"/wp-login.php?redirect_to=") {
				t.Errorf("%s: status %d, link %q", path, a.Status, link)
			}
			if status == 200 && strings.Contains(a.Header.Get("Cache-Control"), "no-cache") {
				t.Errorf("%s: caches may not keep it: %s", path, a.Header.Get("Cache-Control"))
			}
		}
		s.sidecar.untouched(t)
		s.sidecar.reset()
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", s.URL+"/wp-login.php")
			w.WriteHeader(http.StatusSeeOther)
		})
		if a := s.get(t, "/plain/", s.login(t, "admin")...); a.Status != 200 || a.doc(t).Find("#part a").Length() != 1 {
			t.Errorf("logged in for WordPress, not for the sidecar: status %d", a.Status)
		}
	})
}

// A partner called "[gallery]" is text in every corner of a theme.
func TestPlacementRunsNoShortcodes(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		s.addPage(t, "plain", "Nothing here")
		s.sidecar.embeds(`<p id="name">[evil] "quoted"</p><textarea id="code">"quoted" [evil]</textarea>`)
		defer s.mustUse(t, `add_shortcode("evil", function () { return "RAN"; });
			add_action("wp_footer", function () { echo do_shortcode(wptexturize(do_shortcode('[partner_center view="signup/X"]'))); }, 1);`)()
		doc := s.get(t, "/plain/").doc(t)
		if got := doc.Find("#name").Text(); !strings.HasPrefix(got, "[evil] ") {
			t.Errorf("name: %s", got)
		}
		if got := doc.Find("#code").Text(); got != `"quoted" [evil]` {
			t.Errorf("code: %s", got)
		}
	})
}

// Feeds and embeds of the center's page stay what they are; no page of another
// site frames the center.
//
// Spec: S113
func TestCenterPageKeepsItsFormsAndFrames(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		for path, kind := range map[string]string{"/partners/feed/": "application/rss+xml",
			"/partners/embed/": "text/html"} {
			a := s.get(t, path)
			if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), kind) ||
				strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors") {
				t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Content-Type"))
			}
		}
		s.sidecar.untouched(t)
		s.sidecar.embeds("<p>page</p>")
		for _, path := range []string{"/partners/", "/partners/?pc=" + url.QueryEscape("earnings?x=1")} {
			a := s.get(t, path, s.login(t, "admin")...)
			if a.Header.Get("Content-Security-Policy") != "frame-ancestors 'self'" ||
				a.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
				t.Errorf("%s may be framed: %v", path, a.Header)
			}
		}
	})
}

// A refusal keeps its status, whatever WordPress has said before.
func TestStatusOfRefusals(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "Call refused",
				http.StatusUnauthorized)
		})
		defer s.mustUse(t, `add_action("template_redirect", function () { status_header(200); }, 1);`)()
		for _, path := range []string{"/partners/", "/partners/?pc=x", "/partner-center/x"} {
			if a := s.get(t, path); a.Status != http.StatusUnauthorized || a.Body != "Call refused\n" {
				t.Errorf("%s: %d %q", path, a.Status, a.Body)
			}
		}
	})
}
