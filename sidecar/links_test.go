package sidecar_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Every page that can be reached by links opens, in an empty shop and in one
// where there is something of everything.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	w := sidecartest.NewShop(t)
	if n := crawl(w); n < 15 {
		t.Errorf("only %d pages", n)
	}
	carl := w.Refer("carl@mail.test", w.Anna)
	for _, price := range []string{"100", "200", "300"} {
		w.Pending(carl, price)
	}
	ticked := w.Open("admin/commissions").Picks()
	w.Send("admin/commissions/approve", url.Values{"pick": ticked[:2]}).Want(http.StatusSeeOther)
	w.Exec(`UPDATE {wp}partner_center_orders SET review = 'TOTAL_MISMATCH' LIMIT 1`)
	w.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state, next_at,
		created_at)
		VALUES ('e', 'x@mail.test', 'welcome', 'Hello', '', '', 'dead', ?, ?)`, w.Clock.Now(), w.Clock.Now())
	w.Apply("dora@mail.test")
	if n := crawl(w); n < 50 {
		t.Errorf("only %d pages", n)
	}
	if log := w.Log.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}

// crawl opens all pages and files that links lead to, and counts them.
func crawl(w *sidecartest.Shop) int {
	w.Helper()
	seen, queue := map[string]bool{}, []string{}
	for _, section := range (web.View{}).AdminSections() { // the menu of wp-admin leads to these
		queue = append(queue, section.Path)
		seen[section.Path] = true
	}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		page := w.Open(path)
		if page.Code != http.StatusOK {
			w.Errorf("%s answers %d", path, page.Code)
		}
		found := page.Find(".partner-center a[href]")
		for i := range found.Length() {
			to, err := url.Parse(found.Eq(i).AttrOr("href", ""))
			w.Must(err)
			if next := to.Query().Get("pc"); next != "" && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return len(seen)
}
