package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Every page that can be reached by links opens, in an empty shop and in one
// where there is something of everything.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	w := newWorld(t)
	if n := w.crawl(); n < 15 {
		t.Errorf("only %d pages", n)
	}
	carl := w.refer("carl@mail.test", w.anna)
	for _, price := range []string{"100", "200", "300"} {
		w.pending(carl, price)
	}
	ticked := picks(w.get("admin/commissions"))
	w.post("admin/commissions/approve", url.Values{"pick": ticked[:2]}).Want(http.StatusSeeOther)
	w.Exec(`UPDATE {wp}partner_center_orders SET review = 'TOTAL_MISMATCH' LIMIT 1`)
	w.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state, next_at, created_at)
		VALUES ('e', 'x@mail.test', 'welcome', 'Hello', '', '', 'dead', ?, ?)`, w.Clock.Now(), w.Clock.Now())
	w.apply("dora@mail.test")
	if n := w.crawl(); n < 50 {
		t.Errorf("only %d pages", n)
	}
	if log := w.Log.String(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}

// crawl opens all pages and files that links lead to, and counts them.
func (w *world) crawl() int {
	w.Helper()
	seen, queue := map[string]bool{}, []string{"admin"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		page := w.get(path)
		if page.Code != http.StatusOK {
			w.Errorf("%s answers %d", path, page.Code)
		}
		found := page.Find(".partner-center a[href]")
		for i := range found.Length() {
			to, err := url.Parse(found.Eq(i).AttrOr("href", ""))
			w.ok(err)
			if next := to.Query().Get("pc"); next != "" && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return len(seen)
}

// apply signs somebody up who waits for approval.
func (w *world) apply(email string) affiliate.PartnerID {
	w.Helper()
	w.program.Signup = affiliate.SignupApproval
	_, err := w.Registry.EditProgram(w.Context(), "test", w.program)
	w.ok(err)
	form := w.Get("signup/"+w.program.Code, "theme")
	fields := url.Values{"email": {email}, "first_name": {"Dora"}, "last_name": {"Doe"}, "paypal_email": {email}, "payment_method": {"paypal"}}
	hidden := form.Find("form input[type=hidden]")
	for i := range hidden.Length() {
		fields.Set(hidden.Eq(i).AttrOr("name", ""), hidden.Eq(i).AttrOr("value", ""))
	}
	w.Clock.Advance(time.Minute)
	if a := w.Post("signup/"+w.program.Code, "theme", fields); a.Code != http.StatusOK && a.Code != http.StatusSeeOther {
		w.Fatalf("the sign-up answers %d: %s", a.Code, a.Text)
	}
	var id affiliate.PartnerID
	w.ok(w.DB.Get(w.Context(), &id, `SELECT p.id FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts c ON c.id = p.contact_id WHERE c.email = ? AND p.state = 'applied'`, email))
	return id
}
