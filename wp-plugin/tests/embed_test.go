package wpplugin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// promo is what content filters of WordPress would break.
const promo = `<div id="promo"><textarea>"quotes" 'single' 3x4 -- it's :) ... http://example.test/a&b</textarea>` +
	"\n\n\n" + `<pre>[partner_center] &#91;gallery] "x"</pre></div>`

// Spec: S113.1
func TestCenterPageShowsTheDashboard(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("PC-Embed", "1")
			w.Header().Set("PC-Title", url.PathEscape(`Your earnings & "more" – ü`))
			w.Header().Set("PC-Style", "/partner-center/assets/app.1.css https://elsewhere.example/x.css")
			w.Header().Set("PC-Script", s.URL+"/partner-center/assets/app.1.js //elsewhere.example/x.js")
			w.Header().Add("Set-Cookie", "pc_flash=1; Path=/; HttpOnly")
			w.Header().Add("Set-Cookie", "wordpress_logged_in_x=evil; Path=/")
			w.Header().Set("Cache-Control", "private, no-store, max-age=0")
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, promo)
		})
		a := s.get(t, "/partners/", s.login(t, "admin")...)
		c := s.sidecar.only(t)
		if c.Method != http.MethodGet || c.Target != "/partner-center/" || c.Header.Get("PC-Surface") != "theme;"+s.URL+
			"/partners/" {
			t.Errorf("asked %s %s for %q", c.Method, c.Target, c.Header.Get("PC-Surface"))
		}
		if !strings.Contains(c.Header.Get("Cookie"), "wordpress_logged_in_") {
			t.Error("the log-in cookie did not arrive")
		}
		if a.Status != http.StatusAccepted || a.Header.Get("Cache-Control") != "private, no-store, max-age=0" {
			t.Errorf("status %d, Cache-Control %q", a.Status, a.Header.Get("Cache-Control"))
		}
		if got := a.Header.Values("Set-Cookie"); len(got) != 1 || got[0] != "pc_flash=1; Path=/; HttpOnly" {
			t.Errorf("cookies %q", got)
		}
		if !strings.Contains(a.Body, promo) {
			t.Errorf("WordPress changed the fragment: %s", a.doc(t).Find("#promo").Text())
		}
		doc := a.doc(t)
		if got := doc.Find("title").Text(); !strings.HasPrefix(got, `Your earnings & "more" – ü`) {
			t.Errorf("title %q", got)
		}
		if doc.Find(`link[rel="stylesheet"][href="`+s.URL+`/partner-center/assets/app.1.css"]`).Length() != 1 ||
			doc.Find(`script[src="`+s.URL+`/partner-center/assets/app.1.js"]`).Length() != 1 ||
			strings.Contains(a.Body, "elsewhere.example") {
			t.Error("style sheet or script missing, or one from elsewhere")
		}
		if doc.Find("#partner-center-placeholder").Length() != 0 {
			t.Error("the placeholder is still there")
		}
	})
}

// The names WordPress itself reacts to.
func TestEmbeddedFormMayUseAnyFieldName(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true]`)
		s.addPage(t, "other", "Another page")
		s.sidecar.embeds("<p>Saved</p>")
		form := url.Values{}
		for _, name := range []string{"name", "p", "page", "s", "feed", "day", "year", "author", "cat", "page_id",
			"pagename", "error", "m", "post_type", "rest_route", "preview", "attachment"} {
			form.Set(name, "other")
		}
		a := s.do(t, request{path: "/partners/?pc=profile%3Ftab%3D1", form: form,
			header: http.Header{"Origin": {s.URL}, "Sec-Fetch-Site": {"same-origin"}}})
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "<p>Saved</p>") {
			t.Errorf("POST: status %d to %q", a.Status, a.Header.Get("Location"))
		}
		c := s.sidecar.only(t)
		if c.Method != http.MethodPost || c.Target != "/partner-center/profile?tab=1" || c.Body != form.Encode() {
			t.Errorf("POST arrived as %s %s with %s", c.Method, c.Target, c.Body)
		}
		if c.Header.Get("Origin") != s.URL || c.Header.Get("Sec-Fetch-Site") != "same-origin" {
			t.Errorf("POST arrived without what protects it: %v", c.Header)
		}
		for _, name := range []string{"name", "p", "s", "feed", "day", "error"} {
			s.sidecar.reset()
			s.sidecar.embeds("<p>Found</p>")
			a := s.get(t, "/partners/?pc=reports/sales&"+name+"=2&from=2026-01-01")
			if a.Status != http.StatusOK || !strings.Contains(a.Body, "<p>Found</p>") {
				t.Errorf("GET with %s: status %d to %q", name, a.Status, a.Header.Get("Location"))
			}
			if got, want := s.sidecar.only(t).Target, "/partner-center/reports/sales?"+name+
				"=2&from=2026-01-01"; got != want {
				t.Errorf("GET with %s arrived as %s, want %s", name, got, want)
			}
		}
	})
}

func TestEmbeddedAnswersThatAreNoPages(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		admin := s.login(t, "admin")
		for _, path := range []string{"/partners/", "/partners/?pc=x", "/wp-admin/admin.php?page=partner-center",
			"/wp-admin/admin.php?page=partner-center&pc=x"} {
			s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Set-Cookie", "pc_flash=1; Path=/")
				w.Header().Set("Location", s.URL+"/wp-login.php?redirect_to=x")
				w.WriteHeader(http.StatusSeeOther)
			})
			a := s.get(t, path, admin...)
			if a.Status != http.StatusSeeOther || a.Header.Get("Location") != s.URL+"/wp-login.php?redirect_to=x" ||
				a.Body != "" {
				t.Errorf("%s: redirect arrives as %d %q with %.100q", path, a.Status, a.Header.Get("Location"), a.Body)
			}
			s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/csv; charset=utf-8")
				fmt.Fprint(w, "a,b\n")
			})
			if a := s.get(t, path, admin...); a.Status != 200 || a.Body != "a,b\n" ||
				a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
				t.Errorf("%s: a download arrives as %+v", path, a)
			}
		}
	})
}

func TestShortcodeAndBlock(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		for slug, tc := range map[string]struct{ content, target string }{
			"short": {`<p>Before</p>[partner_center view="signup/ABC?x=1"]<p>After</p>`,
				"/partner-center/signup/ABC?x=1"},
			"plain": {`[partner_center]`, "/partner-center/"},
			"block": {`<!-- wp:partner-center/center {"view":"signup/ABC"} /-->`, "/partner-center/signup/ABC"},
			"nested": {"<!-- wp:group --><div class=\"wp-block-group\"><!-- wp:partner-center/center /--></div><!-- " +
				"/wp:group -->", "/partner-center/"},
		} {
			s.addPage(t, slug, tc.content)
			s.sidecar.reset()
			s.sidecar.embeds(promo)
			a := s.get(t, "/"+slug+"/", s.login(t, "admin")...)
			if c := s.sidecar.only(t); c.Target != tc.target || c.Header.Get("PC-Surface") != "theme;"+s.URL+"/"+
				slug+"/" {
				t.Errorf("%s asked %s for %q", slug, c.Target, c.Header.Get("PC-Surface"))
			}
			if strings.Count(a.Body, promo) != 1 {
				t.Errorf("%s: the fragment is not there, or changed", slug)
			}
		}
		s.addPage(t, "secret", "[partner_center]")
		s.php(t, `wp_update_post(['ID' => get_page_by_path('secret')->ID, 'post_password' => 'x']);`)
		s.sidecar.reset()
		s.get(t, "/secret/")
		s.get(t, "/wp-json/wp/v2/pages?pc=x")
		s.get(t, "/feed/")
		s.sidecar.untouched(t)
	})
}

// A form of another plugin on the same page is not the sidecar's.
func TestForeignPostStaysHere(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true]`)
		s.sidecar.embeds("<p>Dashboard</p>")
		s.do(t, request{path: "/partners/", form: url.Values{"comment": {"x"}}})
		if c := s.sidecar.only(t); c.Method != http.MethodGet || c.Body != "" {
			t.Errorf("arrived as %s with %q", c.Method, c.Body)
		}
	})
}

func TestEmbeddedOnPlainPermalinks(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true]`)
		s.php(t, `update_option('permalink_structure', '');`)
		defer s.php(t, `update_option('permalink_structure', '/%postname%/');`)
		s.sidecar.embeds("<p>Report</p>")
		page := fmt.Sprintf("/?page_id=%d", s.settings(t).PageID)
		a := s.get(t, page+"&pc=reports&p=5&name=x")
		c := s.sidecar.only(t)
		if c.Target != "/partner-center/reports?p=5&name=x" || c.Header.Get("PC-Surface") != "theme;"+s.URL+page {
			t.Errorf("asked %s for %q", c.Target, c.Header.Get("PC-Surface"))
		}
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "<p>Report</p>") {
			t.Errorf("status %d to %q", a.Status, a.Header.Get("Location"))
		}
	})
}

func TestAdminPages(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		admin := s.login(t, "admin")
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("PC-Embed", "1")
			w.Header().Set("PC-Title", "Partners%20%3Cb%3E")
			w.Header().Set("PC-Style", "/partner-center/assets/app.1.css")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, promo)
		})
		a := s.get(t, "/wp-admin/admin.php?page=partner-center", admin...)
		c := s.sidecar.only(t)
		if c.Target != "/partner-center/admin" || c.Header.Get("PC-Surface") != "admin;"+s.URL+
			"/wp-admin/admin.php?page=partner-center" {
			t.Errorf("asked %s for %q", c.Target, c.Header.Get("PC-Surface"))
		}
		doc := a.doc(t)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, promo) ||
			doc.Find("#wpbody .wrap #promo").Length() != 1 {
			t.Errorf("status %d without the page", a.Status)
		}
		if !strings.HasPrefix(doc.Find("title").Text(), "Partners ‹ ") ||
			strings.Contains(doc.Find("title").Text(), "Overview") ||
			doc.Find(`link[href="`+s.URL+`/partner-center/assets/app.1.css"]`).Length() != 1 {
			t.Errorf("title %q, or no style sheet", doc.Find("title").Text())
		}
		s.sidecar.reset()
		s.sidecar.embeds("<p>Saved</p>")
		form := url.Values{"name": {`Ann's "x" \`}, "page": {"other"}, "p": {"2"}, "action": {"delete"},
			"post_type": {"page"}}
		a = s.do(t, request{path: "/wp-admin/admin.php?page=partner-center&pc=admin%2Fprograms%3Fid%3D7", form: form,
			cookies: admin})
		if c := s.sidecar.only(t); c.Target != "/partner-center/admin/programs?id=7" || c.Body != form.Encode() ||
			c.Method != http.MethodPost {
			t.Errorf("form arrived as %s %s with %s", c.Method, c.Target, c.Body)
		}
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "<p>Saved</p>") {
			t.Errorf("form: status %d", a.Status)
		}
	})
}

// Spec: S146.1
func TestAdminPagesNeedTheCapability(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.addUser(t, "writer", "editor")
		s.sidecar.embeds("<p>Figures</p>")
		if a := s.get(t, "/wp-admin/admin.php?page=partner-center&pc=admin",
			s.login(t, "writer")...); a.Status != http.StatusForbidden {
			t.Errorf("an editor gets status %d", a.Status)
		}
		s.sidecar.untouched(t)
		s.php(t, `get_user_by('login', 'writer')->add_cap('partner_center_view');`)
		if a := s.get(t, "/wp-admin/admin.php?page=partner-center", s.login(t, "writer")...); !strings.Contains(a.Body,
			"Figures") {
			t.Errorf("an editor with the capability gets status %d", a.Status)
		}
	})
}

func TestPagesWhileTheSidecarIsDown(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true, 'sidecar_url' => 'http://127.0.0.1:1']`)
		for _, path := range []string{"/partners/", "/partners/?pc=earnings"} {
			a := s.get(t, path)
			if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
				t.Errorf("%s: status %d, %v", path, a.Status, a.Header)
			}
			if a.doc(t).Find("title").Length() == 0 || !strings.Contains(a.Body, "short break") ||
				strings.Contains(a.Body, "t answer at") {
				t.Errorf("%s: no page of the theme with a friendly sentence", path)
			}
		}
		admin := s.login(t, "admin")
		for _, path := range []string{"/partners/", "/wp-admin/admin.php?page=partner-center"} {
			if a := s.get(t, path, admin...); a.Status != http.StatusServiceUnavailable ||
				!strings.Contains(a.Body, " answer at http://127.0.0.1:1") {
				t.Errorf("%s: the administrator gets status %d without the reason", path, a.Status)
			}
		}
		if a := s.get(t, "/"); a.Status != http.StatusOK {
			t.Errorf("the rest of the site: status %d", a.Status)
		}
	})
}

// What stands in widgets and templates is found late, and shown nevertheless.
func TestShortcodeOutsideTheContent(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addPage(t, "plain", "Nothing here")
		s.sidecar.embeds(`<p id="late">Sign up</p>`)
		s.php(t, `
			wp_mkdir_p(WPMU_PLUGIN_DIR);
			file_put_contents(WPMU_PLUGIN_DIR . '/footer.php', '<?php add_action("wp_footer", function () { echo do_shortcode("[partner_center view=\"signup/X\"]"); }, 1);');`)
		defer s.php(t, `unlink(WPMU_PLUGIN_DIR . '/footer.php');`)
		a := s.get(t, "/plain/")
		if a.doc(t).Find("#late").Length() != 1 || s.sidecar.only(t).Target != "/partner-center/signup/X" {
			t.Errorf("status %d without the form", a.Status)
		}
	})
}

// A page that shows one person's figures in a widget or template is as private
// as the center's own.
func TestLateShortcodeIsNotCached(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addPage(t, "plain", "Nothing here")
		s.sidecar.embeds(`<p>You earned 12.50</p>`)
		s.php(t, `
			wp_mkdir_p(WPMU_PLUGIN_DIR);
			file_put_contents(WPMU_PLUGIN_DIR . '/early.php', '<?php add_filter("template_include", function ($template) { do_shortcode("[partner_center]"); return $template; });
				add_action("wp_footer", function () { echo "<i id=kept>", defined("DONOTCACHEPAGE") ? "no" : "yes", "</i>"; });');`)
		defer s.php(t, `unlink(WPMU_PLUGIN_DIR . '/early.php');`)
		a := s.get(t, "/plain/", s.login(t, "admin")...)
		if cache := a.Header.Get("Cache-Control"); !strings.Contains(cache, "no-cache") ||
			a.doc(t).Find("#kept").Text() != "no" {
			t.Errorf("Cache-Control %q, kept by caches of WordPress: %s", cache, a.doc(t).Find("#kept").Text())
		}
	})
}

// What PHP keeps to itself is answered within wp-admin by a sentence with its limit, not
// by an outage; a form above that limit arrives whole all the same.
func TestBodiesThatPHPKeepsBack(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		const page = "/wp-admin/admin.php?page=partner-center&pc=admin%2Fcontacts%2Fimport"
		s.set(t, `['tracking' => true]`)
		admin := s.login(t, "admin")
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("PC-Embed", "1")
			fmt.Fprint(w, promo)
		})
		upload := s.do(t, request{method: http.MethodPost, path: page, cookies: admin,
			body:   "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n",
			header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}})
		if text := upload.doc(t).Find(".partner-center-unavailable").Text(); upload.Status !=
			http.StatusRequestEntityTooLarge || !strings.Contains(text, "nothing was saved") ||
			!strings.Contains(text, "PHP takes ") || upload.Header.Get("Retry-After") != "" {
			t.Errorf("%d %q", upload.Status, text)
		}
		body := "file=" + strings.Repeat("a%40b.test%0A", 70<<20/13) // above what any PHP here takes as a form
		large := s.do(t, request{method: http.MethodPost, path: page, cookies: admin, body: body,
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
		if c := s.sidecar.only(t); c.Body != body || large.Status != http.StatusOK {
			t.Errorf("%d of %d bytes arrived, answered %d", len(c.Body), len(body), large.Status)
		}
	})
}
