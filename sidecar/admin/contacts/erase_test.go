package contacts_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// zaphod is a partner and a buyer of whom a lot is known.
func zaphod(w *sidecartest.Shop) affiliate.Partner {
	w.Helper()
	p := w.Partner(w.Gold.ID, "zaphod")
	planet := addField(w, "Planet", "text", "in_profile=1")
	edit := "admin/contacts/" + p.ContactID.String() + "/edit"
	form := hidden(w.Open(edit), "form[method=post]")
	for field, value := range map[string]string{"email": "zaphod@betelgeuse.test", "first_name": "Zaphod",
		"last_name": "Beeblebrox", planet.FormName(): "Zaphod's planet"} {
		form.Set(field, value)
	}
	w.Flash(w.Send(edit, form))
	w.PaysTo(p, "zaphod@pay.test")
	w.Must(w.Registry.AddNote(w.Context(), "boss", p.ID, "Zaphod has two heads.", "form-1"))
	w.Lead("zaphod@betelgeuse.test", w.ClickOf(w.Anna))
	w.Pending(p.ContactID, "100")
	w.Approve(w.Sell(p, "50", "USD", "Dent"))
	own := w.Request(http.MethodPost, "profile/details", web.Standalone,
		url.Values{planet.FormName(): {"Earth, says Zaphod"}}.Encode())
	own.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	own.Header.Set("X-Forwarded-For", "203.0.113.77")
	own.AddCookie(w.LogIn(p))
	w.Do(own).Want(http.StatusSeeOther)
	w.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, partner_id, kind, subject, body_text, body_html,
		state,
		next_at, created_at) VALUES ('e1', 'admin@mail.test', NULL, 'x', 'About Zaphod Beeblebrox', '', '', 'done',
		'2026-01-01', '2026-01-01')`)
	w.Exec(`INSERT INTO {wp}partner_center_signup_answers (form_id, partner_id, field, answer, sent_at)
		VALUES ('f1', ?, 'promotion', 'Zaphod is known everywhere', '2026-01-01')`, p.ID)
	w.Exec(`INSERT INTO {wp}partner_center_api_answers (key_id, idempotency_key, request, status, body, started_at)
		VALUES (1, 'k', REPEAT('x', 32), 200, '{"email":"zaphod@betelgeuse.test"}', '2026-01-01')`)
	return p
}

// named are the columns of all our tables in which one of these texts stands.
func named(w *sidecartest.Shop, texts ...string) (found []string) {
	w.Helper()
	columns := []struct {
		Table  string `db:"t"`
		Column string `db:"c"`
	}{}
	w.Must(w.DB.Select(w.Context(), &columns, `SELECT table_name AS t, column_name AS c FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name LIKE '{wp}partner\_center\_%'
			AND data_type IN ('varchar', 'char', 'text', 'mediumtext', 'mediumblob', 'blob')`))
	if len(columns) < 150 {
		w.Fatalf("only %d columns hold text", len(columns))
	}
	for _, c := range columns {
		for _, text := range texts {
			if w.Count("SELECT COUNT(*) FROM `"+c.Table+"` WHERE CAST(`"+c.Column+"` AS CHAR) LIKE ?",
				"%"+text+"%") > 0 {
				_, table, _ := strings.Cut(c.Table, "partner_center_")
				found = append(found, table+"."+c.Column+" "+text)
			}
		}
	}
	return found
}

// Who is erased stands nowhere but on payments, which is said before and after; the
// books and the record of what was done are whole.
//
// Spec: D37.1 D37.2
func TestAPersonIsErased(t *testing.T) {
	w := sidecartest.NewShop(t)
	p := zaphod(w)
	w.Pay(p, "USD", w.Balance(p).Payable.String())
	known := []string{"zaphod@", "Beeblebrox", "Zaphod", "203.0.113.77"}
	if before := named(w, known...); len(before) < 8 ||
		len(named(w, "203.0.113.77")) == 0 {
		t.Fatalf("only these columns name the person: %q", before)
	}
	path := "admin/contacts/" + p.ContactID.String() + "/erase"
	if text := w.Open(path).Want(http.StatusOK).One("form.pc-card"); !strings.Contains(text,
		"1 payment keeps the name and address") {
		t.Error(text)
	}
	for _, bad := range []string{"", strings.Repeat("x", 1<<15)} {
		a := w.Send(path, url.Values{"reason": {bad}}).Want(http.StatusUnprocessableEntity)
		if typed := a.Find("#pc-reason[aria-invalid=true]").AttrOr("value", "-"); typed != bad {
			t.Errorf("%.20q became %.20q", bad, typed)
		}
	}
	for range 2 { // the second time finds nothing
		if text := w.Flash(w.Send(path, url.Values{"reason": {"asked for"}})); !strings.Contains(text,
			"1 payment keeps the name and address") {
			t.Error(text)
		}
	}
	for _, left := range named(w, known...) {
		if !strings.HasPrefix(left, "payout_lines.") {
			t.Errorf("still named in %s", left)
		}
	}
	if b := w.Balance(p); b.Paid != money.MustParse("5") {
		t.Errorf("the books changed: %+v", b)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'contact' AND object_id = ?
		AND action IN ('edit', 'erase')`, p.ContactID); n < 3 {
		t.Errorf("%d actions are left of what was done", n)
	}
	for more := true; more; {
		var err error
		more, err = w.Registry.ChainAudit(w.Context())
		w.Must(err)
	}
	clean(w)
}

// Who has the same name, or an address that ends alike, keeps what is theirs: what
// waits for them still arrives, and their sales know who bought.
//
// Spec: D37
func TestErasingLeavesOthersAlone(t *testing.T) {
	w := sidecartest.NewShop(t)
	p := zaphod(w)
	const address = "bigzaphod@betelgeuse.test"
	_, _, err := w.Registry.AddContact(t.Context(), "boss", affiliate.ByAdmin,
		affiliate.Person{Email: address, FirstName: "Zaphod", LastName: "Beeblebrox"}, nil)
	w.Must(err)
	const person = `{"email":"` + address + `","name":"Zaphod Beeblebrox"}`
	w.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state, next_at,
		created_at) VALUES ('e2', ?, 'x', 'For Zaphod Beeblebrox', '', '', 'queued', '2026-01-01', '2026-01-01')`, address)
	w.Exec(`INSERT INTO {wp}partner_center_jobs (name, once_key, payload, state, next_at, created_at)
		VALUES ('x', 'k', ?, 'queued', '2026-01-01', '2026-01-01')`, person)
	w.Exec(`INSERT INTO {wp}partner_center_order_persons (order_id, version, person) VALUES (999, 1, ?)`, person)
	w.Exec(`INSERT INTO {wp}partner_center_missing_sales (partner_id, email, day, note, asked_at)
		VALUES (?, ?, '2026-01-01', 'Zaphod Beeblebrox bought.', '2026-01-01')`, w.Anna.ID, address)
	w.Exec(`INSERT INTO {wp}partner_center_webhook_deliveries (webhook_id, event_key, event, object, object_id, facts,
		state, next_at, created_at) VALUES (1, 'k', 'x', 'x', 1, ?, 'queued', '2026-01-01', '2026-01-01')`, person)
	w.Exec(`INSERT INTO {wp}partner_center_api_answers (key_id, idempotency_key, request, status, body, started_at)
		VALUES (1, 'k2', REPEAT('x', 32), 200, ?, '2026-01-01')`, `{"email":"`+address+`"}`)
	places := func(text string) (columns []string) {
		for _, found := range named(w, text) {
			column, _, _ := strings.Cut(found, " ")
			columns = append(columns, column)
		}
		return columns
	}
	before := places(address)
	w.Flash(w.Send("admin/contacts/"+p.ContactID.String()+"/erase",
		url.Values{"reason": {"asked for"}, "despite": {"1"}}))
	after := places(address)
	if left := places("zaphod@betelgeuse.test"); !slices.Equal(left, after) {
		t.Errorf("the person is left in %q, the other stands in %q", left, after)
	}
	if !slices.Equal(before, after) {
		t.Errorf("somebody else stood in %q, and stands in %q", before, after)
	}
	if len(before) < 7 {
		t.Errorf("the other stands in %q only", before)
	}
}

// What waits in the inbox about somebody who is erased doesn't bring them back, known
// or not; the sale in it is still the partner's.
//
// Spec: D37
func TestWhatWaitsBringsNobodyBack(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	for i, email := range []string{"Carl@mail.test", "eve@mail.test", "joan.carl@mail.test"} {
		w.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, occurred_at, payload, created_at)
			VALUES ('form', 'forms', ?, ?, ?, ?)`, fmt.Sprint(i), w.Clock.Now(), `{"email":"`+email+
			`","first_name":"Trillian","last_name":"","page":"/","client":"","visitor":""}`, w.Clock.Now())
	}
	w.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, seq, occurred_at, payload, created_at)
		VALUES ('order', 'woocommerce', '7', 1, ?, ?, ?)`, w.Clock.Now(), `{"number":"7","status":"paid",
		"currency":"USD","lines":[{"line":"1","product":"`+"99"+`","name":"Cup","product_name":"Cup","quantity":"1",
		"subtotal":"10","total":"10","tax":"0"}],"shipping":"0","fees":[],"tax":"0","total":"10","refunds":[],
		"buyer":{"email":"carl@mail.test","first_name":"Trillian","last_name":"McMillan"},"payer":"carl@mail.test",
		"placed_at":"2026-05-04T12:00:00Z","paid_at":""}`, w.Clock.Now())
	w.Flash(w.Send("admin/contacts/"+carl.String()+"/erase", url.Values{"reason": {"asked for"}}))
	w.Send("admin/persons/erase", url.Values{"email": {"eve@mail.test"}}).Want(http.StatusOK)
	w.Settle()
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE done_at IS NULL`); n != 0 {
		t.Errorf("%d facts still wait", n)
	}
	if left := named(w, " carl@", ":\"carl@", "eve@mail.test", "McMillan"); len(left) != 0 {
		t.Errorf("named in %q", left)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE first_name = 'Trillian'`); n != 1 {
		t.Errorf("%d contacts are called so: that of another address is one", n)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE number = '7' AND contact_id = ?`,
		carl); n != 1 {
		t.Error("the order is nobody's")
	}
	clean(w)
}

// A partner whose balance is open is not erased by accident.
//
// Spec: D37.3
func TestErasingWarnsOfAnOpenBalance(t *testing.T) {
	w := sidecartest.NewShop(t)
	p := zaphod(w)
	path := "admin/contacts/" + p.ContactID.String() + "/erase"
	if text := w.Open(path).One(".pc-note-wait"); !strings.Contains(text, "$5.00") {
		t.Error(text)
	}
	a := w.Send(path, url.Values{"reason": {"asked for"}}).Want(http.StatusUnprocessableEntity)
	if a.Find("#pc-despite[aria-invalid=true]").Length() != 1 ||
		a.Find("#pc-reason").AttrOr("value", "") != "asked for" {
		t.Error(a.One("form.pc-card"))
	}
	if contactOf(w, "zaphod@betelgeuse.test").ID != p.ContactID {
		t.Error("they are gone")
	}
	w.Flash(w.Send(path, url.Values{"reason": {"asked for"}, "despite": {"1"}}))
	if left := named(w, "zaphod@betelgeuse.test", "Beeblebrox"); len(left) != 0 {
		t.Errorf("still named in %q", left)
	}
	clean(w)
}

// WordPress' own tools ask for what is known of an address, and to erase it; so does
// the contact's page.
//
// Spec: D37
func TestWordPressToolsExportAndErase(t *testing.T) {
	w := sidecartest.NewShop(t)
	p := zaphod(w)
	for _, path := range []string{"admin/contacts/" + p.ContactID.String() + "/data",
		"admin/persons?email=ZAPHOD@betelgeuse.test"} {
		text := w.Open(path).Want(http.StatusOK).Text
		for _, part := range []string{"Beeblebrox", "zaphod@pay.test", "Earth, says", "two heads", "known everywhere", "$100.00"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s doesn't tell %q: %s", path, part, text)
			}
		}
	}
	if text := w.Open("admin/persons?email=nobody@mail.test").Want(http.StatusOK).Text; text != `{"data":[]}` {
		t.Error(text)
	}
	erase := func(email string) (told struct {
		Removed  bool     `json:"items_removed"`
		Retained bool     `json:"items_retained"`
		Messages []string `json:"messages"`
	}) {
		t.Helper()
		a := w.Send("admin/persons/erase", url.Values{"email": {email}}).Want(http.StatusOK)
		w.Must(json.Unmarshal([]byte(a.Text), &told))
		return told
	}
	if told := erase("zaphod@betelgeuse.test"); told.Removed || !told.Retained || len(told.Messages) != 1 {
		t.Errorf("with an open balance: %+v", told)
	}
	w.Pay(p, "USD", w.Balance(p).Payable.String())
	if told := erase("zaphod@betelgeuse.test"); !told.Removed || !told.Retained || len(told.Messages) != 1 {
		t.Errorf("paid: %+v", told)
	}
	if told := erase("zaphod@betelgeuse.test"); told.Removed || told.Retained || len(told.Messages) != 0 {
		t.Errorf("again: %+v", told)
	}
	viewer := w.Login(w.User("vera", web.CanView, web.CanApprove, web.CanPay))
	w.Get("admin/persons?email=anna@mail.test", web.Admin, viewer).Want(http.StatusForbidden)
	w.Post("admin/persons/erase", web.Admin, url.Values{"email": {"anna@mail.test"}}, viewer).
		Want(http.StatusForbidden)
}
