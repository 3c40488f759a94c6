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

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// elsewhere is a page on another host ("localhost" is not 127.0.0.1) with the
// snippet that other sites paste.
func (s *shop) elsewhere(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, page, fmt.Sprintf(`<script src=%q async></script>`, s.server.URL+"/partner-center/t.js"))
	})
	mux.HandleFunc("/page.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, pageScript)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func (s *shop) visit(address string) {
	s.Helper()
	s.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("#ready")))
}

// A page on a host of its own: the click comes by the redirect's token or by a
// direct link, is kept by the page itself, and a form on a later page of that
// host names the partner.
//
// Spec: S62.2 D35.1 D35.2 B17.3
func TestScriptOnAnotherSite(t *testing.T) {
	s := newShop(t, "")
	there := s.elsewhere(t)
	standard := s.Tool(s.program.ID, tracking.StandardLink, there+"/landing")
	direct := s.Tool(s.program.ID, tracking.DirectLink, there+"/landing")

	s.visit(s.server.URL + "/partner-center/go/" + standard.Code + "?p=" + s.anna.Code)
	s.reported("/t/click")
	s.keepsClick()
	s.visit(there + "/another/page")
	s.enter("#ajax [name=email]", "fay@mail.test")
	s.click("#ajax button")
	s.reported("/t/lead")
	if s.visits(s.anna) != 1 || s.leads(s.anna) != 1 {
		t.Errorf("anna has %d visits and %d leads, want one each", s.visits(s.anna), s.leads(s.anna))
	}

	s.bringsCoupon(t, standard)

	s.visit(there + "/landing?orid=" + s.bert.Code + "&opid=" + direct.Code)
	s.reported("/t/click")
	s.keepsClick()
	s.enter("#ajax [name=email]", "gus@mail.test")
	s.click("#ajax button")
	s.reported("/t/lead")
	if s.visits(s.bert) != 1 || s.leads(s.bert) != 1 {
		t.Errorf("bert has %d visits and %d leads, want one each", s.visits(s.bert), s.leads(s.bert))
	}
}

// bringsCoupon clicks a link with a coupon whose target is on another host of the
// site, as with a link domain: the code comes with the token, and is left in the
// browser when the page reports.
func (s *shop) bringsCoupon(t *testing.T, tool tracking.Tool) {
	t.Helper()
	s.Exec(`INSERT INTO {wp}partner_center_coupons (partner_id, shop, code, made, main, active, starts_at, next_at)
		VALUES (?, 'woocommerce', 'ANNA 10%', 0, NULL, 1, ?, ?)`, s.anna.ID, s.Clock.Now(), s.Clock.Now())
	if err := s.DB.Tx(t.Context(), func(tx *db.Tx) error {
		return affiliate.Changed(t.Context(), tx, "coupons")
	}); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	clicked := s.Get("go/"+tool.Code+"?p="+s.anna.Code+"&coupon", web.Standalone).Want(http.StatusFound)
	target := clicked.Location()
	if !strings.Contains(target, "&coupon=ANNA+10%25") {
		t.Fatalf("the target is %s", target)
	}
	path := "t/click?u=" + url.QueryEscape(target)
	if c := s.Get(path, web.Standalone).Cookie(web.CouponCookie); c == nil || c.Value != "ANNA%252010%2525" {
		t.Errorf("the page's report left %v", c)
	}
	if c := s.Get(path, web.Standalone).Cookie(web.CouponCookie); c != nil {
		t.Errorf("a token that was used already left %v", c)
	}
}

// keepsClick waits until the page has stored the answer to its report.
func (s *shop) keepsClick() {
	s.Helper()
	s.do(chromedp.Steps(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](`document.cookie.indexOf("pc_click=") >= 0`)(ctx, target)
		return chromedp.Void{}, err
	}))
}

// Pages that no promo tool leads to have nothing to report: a partner's own
// page could otherwise make visits and leads.
//
// Spec: S62, D30
func TestOnlyTargetsReportFromElsewhere(t *testing.T) {
	w := newWorld(t)
	w.tool = w.Tool(w.program.ID, tracking.DirectLink, "https://elsewhere.test/offer")
	report := func(origin, path, body string) *sidecartest.Answer {
		req := w.reportRequest(path, body)
		req.Header.Set("Origin", origin)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		return w.Do(req)
	}
	click := func(page string) string {
		return "u=" + url.QueryEscape(page+"?orid="+w.anna.Code+"&opid="+w.tool.Code)
	}
	for _, test := range []struct{ name, origin, page string }{
		{"a partner's own page", "https://anna.test", "https://anna.test/"},
		{"a page that names another", "https://anna.test", "https://elsewhere.test/offer"},
		{"a target that names another", "https://elsewhere.test", "https://anna.test/"},
		{"no origin", "null", "https://elsewhere.test/offer"},
	} {
		if a := report(test.origin, "t/click", click(test.page)).Want(http.StatusNoContent); a.Text != "" ||
			w.visits(w.anna) != 0 {
			t.Errorf("%s: %q, %d visits", test.name, a.Text, w.visits(w.anna))
		}
		report(test.origin, "t/lead", "email=x%40mail.test&click=forged")
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email = 'x@mail.test'
		AND first_partner_id IS NOT NULL`); n != 0 {
		t.Error("a forged click made a referrer")
	}
	a := report("https://elsewhere.test", "t/click", click("https://elsewhere.test/offer")).Want(http.StatusOK)
	if w.visits(w.anna) != 1 || !strings.Contains(a.Text, `"click"`) ||
		a.Header.Get("Access-Control-Allow-Origin") != "https://elsewhere.test" || a.Cookie("pc_click") != nil {
		t.Errorf("%d visits, %s, %v", w.visits(w.anna), a.Text, a.Header)
	}
}

// A test link makes whoever follows it a new visitor each time, so that nobody
// has to clear cookies and cache first. It works for an hour and only as given.
//
// Spec: S63.1
func TestFreshVisitor(t *testing.T) {
	w := newWorld(t)
	link, err := w.Tracker.TestLink(t.Context(), tracking.Links{}, w.tool, w.anna.Code)
	if err != nil {
		t.Fatal(err)
	}
	unique := func(p affiliate.Partner) int {
		return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ? AND is_unique = 1`, p.ID)
	}
	b := w.browser()
	b.click(w.anna)
	b.click(w.anna)
	if unique(w.anna) != 1 {
		t.Fatalf("%d unique visits of one visitor", unique(w.anna))
	}
	for want := 2; want <= 3; want++ {
		if b.get(strings.TrimPrefix(link, "/")).Want(http.StatusFound); unique(w.anna) != want {
			t.Errorf("%d unique visits, want %d", unique(w.anna), want)
		}
	}
	b.get(strings.TrimPrefix(link, "/") + "0")
	w.Clock.Advance(61 * time.Minute)
	b.get(strings.TrimPrefix(link, "/"))
	if unique(w.anna) != 3 {
		t.Errorf("%d unique visits after a changed and an old test link", unique(w.anna))
	}
}
