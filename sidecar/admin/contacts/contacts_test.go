package contacts_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Referral Info names the first and the last referrer with e-mail, promo tool,
// SubID and time, and of partners the Partner Program.
//
// Spec: S72.1 S72.2
func TestReferralInfo(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Clock.Advance(time.Hour)
	w.Refer("carl@mail.test", bert)
	page := w.Open("admin/contacts/" + carl.String()).Want(http.StatusOK)
	words := strings.Join(page.Texts(".pc-card h2, .pc-card dt, .pc-card dd"), " ")
	want := []string{
		"First referrer Name anna Email anna@mail.test Promo tool Tool to https://shop.test/cups SubID mail Proof " +
			"Proven: this form made the contact Set 1 Jul 2026, 12:00",
		"Last referrer Name bert Email bert@mail.test Promo tool Tool to https://shop.test/cups SubID mail Proof " +
			"Not proven: the form could have been anyone's Set 1 Jul 2026, 13:00",
	}
	for _, text := range want {
		if !strings.Contains(words, text) {
			t.Errorf("%q is missing in %q", text, words)
		}
	}
	if strings.Contains(page.Text, "Partner Program") {
		t.Error("the contact is no partner")
	}
	partner := w.Open("admin/contacts/" + w.ContactID("anna@mail.test").String()).Want(http.StatusOK)
	if facts := strings.Join(partner.Texts(".pc-facts *"), " "); !strings.Contains(facts, "Partner Program Gold") {
		t.Error(facts)
	}
	if none := partner.Texts(".pc-card"); !strings.HasPrefix(none[0], "First referrer None.") ||
		!strings.HasPrefix(none[1], "Last referrer None.") {
		t.Errorf("%q", none)
	}
}

// The history shows each form with the click it carried, in words.
//
// Spec: S35.2 S59
func TestContactHistory(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Clock.Advance(time.Minute)
	w.Stranger("carl@mail.test") // a second form, without a cookie
	w.Pending(carl, "100")
	page := w.Open("admin/contacts/" + carl.String() + "/history").Want(http.StatusOK)
	want := []string{
		"1 Jul 2026, 12:01 | Order form | — | No click cookie | — | — | no one",
		"1 Jul 2026, 12:01 | Opt-in form | — | No click cookie | — | — | anna",
		"1 Jul 2026, 12:00 | Opt-in form (created the contact) | https://shop.test/opt-in | Valid click | anna, Tool " +
			"to https://shop.test/cups | 1 Jul 2026, 12:00 | anna",
	}
	if all := page.Rows(); strings.Join(all, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(all, "\n"))
	}
}

// Contacts are found by name and address, page by page.
//
// Spec: S72
func TestContactsList(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Refer("carl@mail.test", w.Anna)
	if all := w.Open("admin/contacts?q=CARL").Rows(); len(all) != 1 ||
		all[0] != "Carl | carl@mail.test | anna | anna | Opt-in form | 1 Jul 2026" {
		t.Errorf("%q", all)
	}
	if none := w.Open("admin/contacts?q=" + url.QueryEscape("<script>😀")); !strings.Contains(none.One(".pc-empty"),
		"<script>😀") || strings.Contains(none.Text, "<script>😀") {
		t.Error(none.Text)
	}
	for i := range 60 {
		w.Exec(`INSERT INTO {wp}partner_center_contacts (email, first_name, origin, created_at, updated_at)
			VALUES (?, 'Many', 'import', ?, ?)`,
			fmt.Sprintf("many%d@mail.test", i), w.Clock.Now(), w.Clock.Now())
	}
	first := w.Open("admin/contacts?q=many")
	to, err := url.Parse(first.Find("a[rel=next]").AttrOr("href", ""))
	w.Must(err)
	second := w.Open(to.Query().Get("pc"))
	if len(first.Rows()) != 50 || len(second.Rows()) != 10 || second.Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d and %d rows", len(first.Rows()), len(second.Rows()))
	}
	if text := second.Find(".displaying-num").First().Text(); text != "51–60 of 60" {
		t.Error(text)
	}
	sorted := w.Open("admin/contacts?q=many&sort=-email")
	if rows := sorted.Rows(); !strings.HasPrefix(rows[0], "Many | many9@") ||
		sorted.Find("th[aria-sort=descending]").Length() != 1 {
		t.Error(rows[0])
	}
	if file := w.Open("admin/reports/contacts.csv?q=carl").Want(http.StatusOK); !strings.Contains(file.Text,
		"carl@mail.test") || strings.Contains(file.Text, "many1@") {
		t.Error(file.Text)
	}
	w.Open("admin/contacts/4711").Want(http.StatusNotFound)
}

// An order that a person must look at is named until somebody has.
func TestOrderToLookAt(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	w.Exec(`UPDATE {wp}partner_center_orders SET review = 'TOTAL_MISMATCH'`)
	list := w.Open(w.Path(w.Open("admin").Find("a[href*=on_review]").AttrOr("href", "")))
	path := w.Path(list.Find("tbody a[href*='orders%2F']").AttrOr("href", ""))
	if page := w.Open(path).Want(http.StatusOK); !strings.Contains(page.One(".notice-warning p"),
		"doesn't match its lines") {
		t.Error(page.Text)
	}
	w.Send(path+"/reviewed", nil).Want(http.StatusSeeOther)
	w.Send(path+"/reviewed", nil).Want(http.StatusSeeOther)
	if w.Open(path).Find(".notice-warning").Length() != 0 ||
		w.Open("admin").Find("a[href*=on_review]").Length() != 0 {
		t.Error("it is still named")
	}
	records, err := w.Registry.History(t.Context(), "order", int64(w.Count(`SELECT id FROM {wp}partner_center_orders`)),
		0, 10)
	w.Must(err)
	if len(records) == 0 || records[0].Action != "review" || records[0].Actor != affiliate.Actor("admin") {
		t.Errorf("%+v", records)
	}
	w.Get("admin/commissions/orders/4711", web.Admin, w.Boss).Want(http.StatusNotFound)
}
