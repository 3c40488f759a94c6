package track_test

import (
	"net/http"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

const target = "https://shop.test/order?plan=1#top"

// world is a site with two partners and a link.
type world struct {
	*sidecartest.Site
	program    affiliate.Program
	tool       tracking.Tool
	anna, bert affiliate.Partner
}

func newWorld(t testing.TB) *world {
	s := sidecartest.New(t)
	w := &world{Site: s, program: s.Program("Gold")}
	w.tool = s.Tool(w.program.ID, tracking.StandardLink, target)
	w.anna, w.bert = s.Partner(w.program.ID, "anna"), s.Partner(w.program.ID, "bert")
	return w
}

// browser keeps cookies as browsers do.
type browser struct {
	*world
	cookies map[string]*http.Cookie
}

func (w *world) browser() *browser { return &browser{w, map[string]*http.Cookie{}} }

func (b *browser) send(req *http.Request) *sidecartest.Answer {
	for _, c := range b.cookies {
		req.AddCookie(c)
	}
	a := b.Do(req)
	for _, name := range []string{"pc_click", "pc_visitor"} {
		if c := a.Cookie(name); c != nil {
			b.cookies[name] = c
		}
	}
	return a
}

func (b *browser) get(path string) *sidecartest.Answer {
	return b.send(b.Request(http.MethodGet, path, web.Standalone, ""))
}

// click follows the partner's link.
func (b *browser) click(p affiliate.Partner) *sidecartest.Answer {
	b.Helper()
	return b.get("go/" + b.tool.Code + "?p=" + p.Code).Want(http.StatusFound)
}

// report is what the script sends from a page of the site.
func (b *browser) report(path, body string) *sidecartest.Answer {
	return b.send(b.reportRequest(path, body))
}

func (w *world) reportRequest(path, body string) *http.Request {
	req := w.Request(http.MethodPost, path, web.Standalone, body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", sidecartest.Home)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return req
}

func (w *world) visits(p affiliate.Partner) int {
	w.Helper()
	return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE partner_id = ?`, p.ID)
}

func (w *world) leads(p affiliate.Partner) int {
	w.Helper()
	return w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?`, p.ID)
}
