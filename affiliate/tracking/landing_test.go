package tracking

import (
	"strings"
	"testing"
)

// Strangers write what follows a ? or #, ports and slashes as they like: none of it
// makes another page.
func TestLandingPages(t *testing.T) {
	long := strings.Repeat("ü", 100)
	for address, want := range map[string]string{
		"https://Shop.example/order/?x=1#y": "shop.example/order", "http://shop.example:80": "shop.example/",
		"https://shop.example:443/a//":      "shop.example/a",
		"https://shop.example:8443/a":       "shop.example:8443/a",
		"/order?x=1":                        "www.example/order",
		"https://shop.example/a b/%C3%BC/ü": "shop.example/a%20b/%C3%BC/%C3%BC",
		"https://müller.example/*":          "m%C3%BCller.example/*",
		"mailto:x@example.com":              "www.example/", "https://[": "",
	} {
		if got := landingPage(address, "www.example"); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	got := landingPage("https://shop.example/"+long, "")
	if len(got) > maxLanding || len(got) < maxLanding-2 || !strings.HasPrefix(PageText(got), "shop.example/üüü") ||
		strings.Contains(PageText(got), "\uFFFD\uFFFD") {
		t.Errorf("%q is %d bytes long", got, len(got))
	}
}

// A visit knows the page where it arrived: where the tool leads, the deep link, or the
// page that reports it, unless that is made up.
//
// Spec: S117
func TestVisitsKnowTheirLandingPage(t *testing.T) {
	s := newSite(t)
	anna := s.partner("anna")
	want := func(page string) {
		t.Helper()
		var got string
		s.ok(s.db.Get(t.Context(), &got, `SELECT page FROM {wp}partner_center_visits ORDER BY id DESC LIMIT 1`))
		if got != page {
			t.Errorf("arrived on %q, want %q", got, page)
		}
	}
	r := s.request(anna)
	s.click(r)
	want("shop.example/order")
	r.To = "/sale/?q=1"
	s.click(r)
	want("shop.example/sale")
	r.To = "//evil.example/x" // leads to the target all the same
	s.click(r)
	want("shop.example/order")
	direct := s.newTool(Tool{Kind: DirectLink, Name: "Direct", TargetURL: "https://land.example/start"})
	s.ok(s.clicks.Refresh(t.Context()))
	for page, arrived := range map[string]string{
		"https://land.example/start/?x=1": "land.example/start", "https://shop.example/blog": "shop.example/blog",
		"https://evil.example/casino": "", "/signup/x": "shop.example/signup/x",
	} {
		link := addQuery(page, "orid="+anna.Code+"&opid="+direct.Code)
		r := s.request(anna)
		r.ToolCode, r.PartnerCode = "", ""
		if out := must[Outcome](s)(s.clicks.PageClick(t.Context(), link, r)); out.Cookie == "" {
			t.Fatalf("%s was not counted: %+v", page, out)
		}
		want(arrived)
	}
}
