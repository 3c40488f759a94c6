package track_test

import (
	"fmt"
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
