package track_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/web"
)

// What a partner copies from the center and pastes into a plain page opens the
// image over it, closes by key and by mouse, and its click is the partner's.
//
// Spec: S51.1 S51.2 S51.3
func TestLightboxOnAPlainPage(t *testing.T) {
	s := newShop(t, `<script src="/partner-center/t.js" async></script>`)
	code := ""
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cup.svg" {
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"/>`)
			return
		}
		fmt.Fprint(w, "<!doctype html><title>My blog</title><p>Hello</p>", code)
	}))
	t.Cleanup(blog.Close)
	there := strings.Replace(blog.URL, "127.0.0.1", "localhost", 1)
	s.Exec(`INSERT INTO {wp}posts (ID, post_title, post_excerpt, post_mime_type, guid)
		VALUES (31, 'Cup', '', 'image/svg+xml', ?)`, there+"/cup.svg")
	_, err := s.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: s.program.ID, Kind: tracking.Lightbox,
		Name: "Cups", TargetURL: s.server.URL + "/offer", ImageID: 31})
	if err != nil {
		t.Fatal(err)
	}
	s.Settle()
	page := s.Get("tools?kind=lightbox", web.Standalone, s.Login(int64(s.anna.WPUserID))).Want(http.StatusOK)
	code = page.Find(".pc-tool pre").First().Text()

	const dialog = `[role=dialog]`
	for how, closes := range map[string]chromedp.Action[chromedp.Void]{
		"Esc":        chromedp.KeyEvent("\u001b"),
		"its button": chromedp.Click(chromedp.CSS(dialog + " button")),
		"beside it":  chromedp.MouseClickXY(5, 5),
	} {
		s.do(chromedp.Navigate(there), chromedp.WaitVisible(chromedp.CSS(dialog+" img")))
		s.do(closes)
		if open := run[bool](s, `document.querySelector("[role=dialog]") !== null`); open {
			t.Errorf("%s does not close it", how)
		}
		run[bool](s, `sessionStorage.clear(), true`) // it opens once a session
	}
	s.do(chromedp.Navigate(there), chromedp.Click(chromedp.CSS(dialog+" img")),
		chromedp.WaitReady(chromedp.CSS("#ready")))
	s.enter("#ajax [name=email]", "carl@mail.test")
	s.click("#ajax button")
	s.reported("/t/lead")
	if s.visits(s.anna) != 1 || s.leads(s.anna) != 1 {
		t.Errorf("%d visits, %d leads", s.visits(s.anna), s.leads(s.anna))
	}
}

// The lightbox opens on whatever page a partner has: once a visit, with the
// keyboard kept inside and given back, and its click is the partner's.
//
// Spec: S51.1 S51.2 S51.3
func TestLightboxOnPagesOfAllSorts(t *testing.T) {
	s := newShop(t, `<script src="/partner-center/t.js" async></script>`)
	page, header := "", http.Header{}
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cup.svg" {
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"/>`)
			return
		}
		maps.Copy(w.Header(), header)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(blog.Close)
	there := strings.Replace(blog.URL, "127.0.0.1", "localhost", 1)
	s.Exec(`INSERT INTO {wp}posts (ID, post_title, post_excerpt, post_mime_type, guid)
		VALUES (31, 'Cup', '', 'image/svg+xml', ?)`, there+"/cup.svg")
	_, err := s.Tracker.CreateTool(t.Context(), "test", tracking.Tool{ProgramID: s.program.ID, Kind: tracking.Lightbox,
		Name: "Cups", TargetURL: s.server.URL + "/offer", ImageID: 31})
	if err != nil {
		t.Fatal(err)
	}
	s.Settle()
	center := s.Get("tools?kind=lightbox&subid=blog", web.Standalone, s.Login(int64(s.anna.WPUserID))).Want(http.StatusOK)
	inline, strict := center.Find(".pc-tool pre").Eq(0).Text(), center.Find(".pc-tool pre").Eq(1).Text()
	policy := "default-src 'none'; script-src " + s.server.URL + "; img-src " + there + "; style-src 'none'"
	const link = `<p><a id="own" href="#x">Own link</a></p>`
	for name, c := range map[string]struct {
		page, policy string
		width        int64
		left         bool // the button is on the left
	}{
		"plain":         {"<!doctype html><title>Blog</title>" + link + inline, "", 1280, false},
		"strict policy": {"<!doctype html><title>Blog</title>" + link + strict, policy, 1280, false},
		"old markup": {`<HTML><HEAD><TITLE>Home</TITLE>` + inline + `</HEAD><BODY BGCOLOR=white><CENTER><TABLE><TR><TD>` +
			`<FONT SIZE=7>Welcome</FONT>` + link + `</TABLE>`, "", 1024, false},
		"right to left": {`<!doctype html><html lang="ar" dir="rtl"><title>مدونة</title>` + link + inline, "", 1280, true},
		"phone": {`<!doctype html><meta name="viewport" content="width=device-width"><title>Blog</title>` + link + inline,
			"", 375, false},
	} {
		page, header = c.page, http.Header{}
		if c.policy != "" {
			header.Set("Content-Security-Policy", c.policy)
		}
		s.do(chromedp.EmulateViewport(c.width, 740), chromedp.Navigate(there))
		run[bool](s, `sessionStorage.clear(), true`)
		s.do(chromedp.Navigate(there), chromedp.WaitVisible(chromedp.CSS("[role=dialog] img")))
		before := s.visits(s.anna)
		if got := run[string](s, `(() => {
			const d = document.querySelector("[role=dialog]"), x = d.querySelector("button"), i = d.querySelector("img");
			const b = x.getBoundingClientRect(), f = i.getBoundingClientRect(), bad = [];
			if (document.activeElement !== x) bad.push("the button has no focus");
			if (b.left < 0 || b.right > innerWidth || b.top < 0 || b.width < 44 || b.height < 44) bad.push("button out of reach");
			if (f.left < 0 || f.right > innerWidth || f.bottom > innerHeight) bad.push("the image is cut off");
			if ((b.left - f.left < f.width / 2) !== `+fmt.Sprint(c.left)+`) bad.push("the button is on the wrong side");
			if (document.documentElement.scrollWidth > innerWidth) bad.push("the page can be scrolled sideways");
			return bad.join(", ");
		})()`); got != "" {
			t.Errorf("%s: %s", name, got)
		}
		inside := `document.activeElement.closest("[role=dialog]") !== null`
		for range 3 {
			s.do(chromedp.KeyEvent("\t"))
			if !run[bool](s, inside) {
				t.Errorf("%s: the keyboard leaves it", name)
			}
		}
		s.do(chromedp.KeyEvent("\u001b"))
		if run[bool](s, `document.querySelector("[role=dialog]") !== null`) {
			t.Errorf("%s: Esc does not close it", name)
		}
		s.do(chromedp.Navigate(there), chromedp.WaitReady(chromedp.CSS("#own")))
		if run[bool](s, `document.querySelector("[role=dialog]") !== null`) {
			t.Errorf("%s: it opens twice in a visit", name)
		}
		if c.policy == "" { // opened by hand, since nothing has the focus while a page loads
			if got := run[string](s, `(sessionStorage.clear(), document.querySelector("#own").focus(),
				(0, eval)(document.querySelector("script").textContent),
				document.querySelector("[role=dialog] button").click(), document.activeElement.id)`); got != "own" {
				t.Errorf("%s: the focus goes to %q", name, got)
			}
		}
		run[bool](s, `sessionStorage.clear(), true`)
		s.do(chromedp.Navigate(there), chromedp.WaitVisible(chromedp.CSS("[role=dialog] img")),
			chromedp.Click(chromedp.CSS("[role=dialog] img")), chromedp.WaitReady(chromedp.CSS("#ready")))
		if after := s.visits(s.anna); after != before+1 {
			t.Errorf("%s: %d visits after the click, %d before", name, after, before)
		}
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE subid = 'blog'`); n != 5 {
		t.Errorf("%d clicks under the SubID", n)
	}
}
