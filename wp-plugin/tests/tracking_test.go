package wpplugin_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func script(t *testing.T, a answer) *goquery.Selection {
	return a.doc(t).Find(`body script[src$="/t.js"]`)
}

// Spec: S1.2 S45.1
func TestScriptIsOnEveryPageWhileTracking(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addPage(t, "offer", "Buy")
		pages := []string{"/", "/offer/", "/no-such-page/", "/?s=offer"}
		for _, page := range pages {
			if script(t, s.get(t, page)).Length() != 0 {
				t.Errorf("%s has the script though nothing is switched on", page)
			}
		}
		s.set(t, `['tracking' => true]`)
		for _, page := range pages {
			found := script(t, s.get(t, page))
			_, async := found.Attr("async")
			if found.Length() != 1 || !async || found.AttrOr("src", "") != s.URL+"/partner-center/t.js" ||
				found.AttrOr("data-partner-center", "") != s.URL+"/partner-center" {
				html, _ := goquery.OuterHtml(found)
				t.Errorf("%s: script %s", page, html)
			}
		}
		if script(t, s.get(t, "/wp-admin/index.php", s.login(t, "admin")...)).Length() != 0 {
			t.Error("the script is in wp-admin")
		}
		s.set(t, `['tracking' => false]`)
		if script(t, s.get(t, "/")).Length() != 0 {
			t.Error("the script is still there after switching off")
		}
	})
}

// Spec: S45 D13.2
func TestDirectLinkIsReportedWithoutJavaScript(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.addPage(t, "offer", "Buy")
		link := "/offer/?orid=ab12&opid=7&sid=a%26b"
		// Without scripting, a browser parses what stands in noscript.
		var image string
		s.get(t, link).doc(t).Find("noscript").Each(func(_ int, n *goquery.Selection) {
			inner, err := goquery.NewDocumentFromReader(strings.NewReader(n.Text()))
			must(t, err)
			image = inner.Find("img").AttrOr("src", image)
		})
		got, err := url.Parse(image)
		must(t, err)
		if got.Path != "/partner-center/t/click" || got.Query().Get("u") != s.URL+link {
			t.Errorf("image %q", image)
		}
		if a := s.get(t, "/offer/"); strings.Contains(a.Body, "t/click") {
			t.Error("a page without partner parameters reports a click")
		}
	})
}

func TestScriptWithoutPrettyPermalinks(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.php(t, `update_option('permalink_structure', '');`)
		defer s.php(t, `update_option('permalink_structure', '/%postname%/');`)
		src := script(t, s.get(t, "/")).AttrOr("src", "")
		if src != s.URL+"/?partner-center=/t.js" {
			t.Fatalf("script %q", src)
		}
		s.get(t, strings.TrimPrefix(src, s.URL))
		if got := s.sidecar.only(t).Target; got != "/partner-center/t.js" {
			t.Errorf("the sidecar was asked for %s", got)
		}
	})
}
