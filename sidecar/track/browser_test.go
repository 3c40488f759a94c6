package track_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"partnercenter/affiliate/tracking"
	"partnercenter/wpbridge"
)

// page is a site's own page: its policy allows no inline script, and its forms
// are added and sent by a script of its own.
const page = `<!doctype html><title>Offer</title><main></main><script src="/page.js"></script>%s`

const pageScript = `
addEventListener('load', function () {
  document.querySelector('main').innerHTML =
    '<form id="ajax" data-partner-center="lead"><input name="email"><input name="first_name" value="Carl"><button>Go</button></form>' +
    '<form id="plain" data-partner-center="lead" method="post" action="/thanks"><input type="email" name="your-mail" value="dora@mail.test"><button>Go</button></form>' +
    '<form id="other"><input name="email" value="x@mail.test"><button>Go</button></form>';
  ['ajax', 'other'].forEach(function (id) {
    document.getElementById(id).addEventListener('submit', function (event) { event.preventDefault(); event.stopImmediatePropagation(); });
  });
  document.documentElement.id = 'ready';
});`

// shop serves such pages, with the sidecar below the same host, to a real browser.
type shop struct {
	*world
	server  *httptest.Server
	reports chan string // paths of what the script has reported, when answered
	thanks  chan url.Values
	browser context.Context
}

func newShop(t *testing.T, tag string) *shop {
	s := &shop{world: newWorld(t), reports: make(chan string, 100), thanks: make(chan url.Values, 10)}
	mux := http.NewServeMux()
	mux.HandleFunc("/offer", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		fmt.Fprintf(w, page, strings.ReplaceAll(tag, "BASE", s.server.URL+"/partner-center"))
	})
	mux.HandleFunc("/page.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, pageScript)
	})
	mux.HandleFunc("/thanks", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		s.thanks <- r.PostForm
	})
	mux.HandleFunc("/partner-center/", func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		s.Server.Handler().ServeHTTP(w, r)
		if strings.Contains(path, "/t/") {
			s.reports <- path
		}
	})
	s.server = httptest.NewServer(mux)
	t.Cleanup(s.server.Close)
	s.HandOver(func(h *wpbridge.Handover) { h.PublicURL = s.server.URL + "/partner-center" })
	s.tool = s.Tool(s.program.ID, tracking.DirectLink, s.server.URL+"/offer")
	s.openBrowser(t)
	return s
}

func (s *shop) openBrowser(t *testing.T) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		// "Headless" is taken for a bot
		chromedp.UserAgent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	if err := chromedp.Do(browser); err != nil { // the browser must not belong to a step's time limit
		t.Fatalf("no browser: %v", err)
	}
	s.browser = browser
}

const stepLimit = 20 * time.Second

func (s *shop) do(steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.browser, stepLimit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		s.Fatal(err)
	}
}

// run evaluates JavaScript as the page's own.
func run[T any](s *shop, script string) T {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.browser, stepLimit)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		s.Fatalf("%s: %v", script, err)
	}
	return value
}

func (s *shop) open(query string) {
	s.Helper()
	s.do(chromedp.Navigate(s.server.URL+"/offer"+query), chromedp.WaitReady(chromedp.CSS("#ready")))
}

func (s *shop) click(selector string) {
	s.Helper()
	s.do(chromedp.Click(chromedp.CSS(selector)))
}

func (s *shop) enter(selector, value string) {
	s.Helper()
	run[string](s, fmt.Sprintf("document.querySelector(%q).value = %q", selector, value))
}

// reported waits until the script's next report has been answered.
func (s *shop) reported(path string) {
	s.Helper()
	select {
	case got := <-s.reports:
		if got != "/partner-center"+path {
			s.Fatalf("reported to %s, want %s", got, path)
		}
	case <-time.After(20 * time.Second):
		s.Fatalf("nothing was reported to %s", path)
	}
}

func (s *shop) quiet() {
	s.Helper()
	select {
	case got := <-s.reports:
		s.Fatalf("reported to %s", got)
	default:
	}
}

// Spec: S45 S47 S57 S59.1 S62
func TestScriptInABrowser(t *testing.T) {
	s := newShop(t, `<script src="/partner-center/t.js" async data-partner-center="BASE"></script>`)
	s.open("?orid=" + s.anna.Code + "&opid=" + s.tool.Code + "#part")
	s.reported("/t/click")
	if s.visits(s.anna) != 1 {
		t.Fatal("the click is not recorded")
	}
	if seen := run[string](s, "document.cookie"); seen != "" {
		t.Errorf("scripts of the page see %q", seen)
	}

	// A form that came later and is sent by the page itself, twice.
	s.enter("#ajax [name=email]", "carl@mail.test")
	for range 2 {
		s.click("#ajax button")
		s.reported("/t/lead")
	}
	if s.leads(s.anna) != 1 {
		t.Errorf("%d leads of a form that was sent twice", s.leads(s.anna))
	}
	s.enter("#ajax [name=email]", "eva@mail.test")
	s.click("#ajax button")
	s.reported("/t/lead")
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE first_name = 'Carl'
		AND first_partner_id = ?`, s.anna.ID); n != 2 || s.leads(s.anna) != 2 {
		t.Errorf("%d contacts, %d leads", n, s.leads(s.anna))
	}

	s.click("#other button") // a form that is none of our business
	s.leavesThePage()
}

// leavesThePage: a form that loads another page is reported all the same, and
// carries the id under which PHP would report it.
func (s *shop) leavesThePage() {
	s.Helper()
	s.click("#plain button")
	s.reported("/t/lead")
	var sent url.Values
	select {
	case sent = <-s.thanks:
	case <-time.After(20 * time.Second):
		s.Fatal("the form was not sent")
	}
	id := sent.Get("partner_center_sent")
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints f JOIN {wp}partner_center_contacts c
		ON c.id = f.contact_id
		WHERE f.external_id = ? AND c.email = 'dora@mail.test'`, id); n != 1 || len(id) != 32 {
		s.Errorf("the form went with the id %q", id)
	}
}

// A tag without the attribute knows its address by itself; and a page that
// nobody's link led to reports nothing.
//
// Spec: S62 S122.4
func TestScriptFindsItsAddress(t *testing.T) {
	s := newShop(t, `<script src="/partner-center/t.js?ver=1.2"></script>`)
	s.open("?page=orid")
	s.quiet()
	s.open("?orid=" + s.anna.Code + "#sid=News")
	s.reported("/t/click")
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ? AND subid = 'News'`,
		s.anna.ID); n != 1 {
		t.Error("the click is not recorded")
	}
	s.quiet()
}
