package contacts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// bulk sends the form of the list of contacts.
func bulk(w *sidecartest.Shop, action, query string, picks ...string) *sidecartest.Answer {
	form := url.Values{"bulk": {action}, "apply": {"top"}, "pick": picks}
	if len(picks) == 0 {
		form.Set("all", "1")
	}
	return w.Send("admin/contacts/bulk"+query, form)
}

// confirm sends the form that a bulk action asks with, twice, and shows what came of it.
func confirm(w *sidecartest.Shop, ask *sidecartest.Answer, answers url.Values) *sidecartest.Answer {
	w.Helper()
	form := hidden(ask.Want(http.StatusOK), "form.pc-card")
	for name, values := range answers {
		form[name] = values
	}
	to := w.Path(ask.Find("form.pc-card").AttrOr("action", ""))
	started := w.Send(to, form).Want(http.StatusSeeOther)
	if again := w.Send(to, form).Want(http.StatusSeeOther); again.Location() != started.Location() {
		w.Error("sent twice, the form started two pieces of work")
	}
	w.Clock.Advance(time.Second)
	w.Settle()
	return w.Follow(started)
}

// The list of contacts is narrowed by referrer, program, date and the way they came in,
// and stands by name, day and company.
//
// Spec: S72
func TestContactsAreFilteredAndSorted(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Program("Silver").ID, "bert")
	w.Refer("carl@mail.test", w.Anna)
	w.Refer("dora@mail.test", bert)
	w.Stranger("erik@mail.test")
	w.Flash(w.Send("admin/contacts/new", url.Values{"email": {"zoe@mail.test"}, "first_name": {"Aaron"},
		"company": {"Zoo"}}))
	w.Exec(`UPDATE {wp}partner_center_contacts SET created_at = '2026-07-03 10:00:00' WHERE email = 'zoe@mail.test'`)
	for query, want := range map[string]string{
		"partner=" + bert.ID.String():                 "dora",
		"program=" + w.Gold.ID.String():               "carl",
		"status=referred&sort=email":                  "carl dora",
		"status=unreferred&kind=form":                 "erik",
		"kind=admin&from=2026-07-02":                  "zoe",
		"from=2026-07-02":                             "zoe",
		"to=2026-07-02&kind=form":                     "erik dora carl",
		"q=bert&kind=form":                            "dora",
		"sort=-company&kind=admin&from=2026-07-02":    "zoe",
		"sort=company&kind=form":                      "carl dora erik",
		"sort=contact&q=mail.test&kind=admin":         "zoe anna bert",
		"sort=-since&kind=form":                       "erik dora carl",
		"from=2026-07-01&to=2026-07-02&kind=form&q=d": "dora",
	} {
		page := w.Open("admin/contacts?" + query).Want(http.StatusOK)
		names := []string{}
		for _, row := range page.Rows() {
			name, _, _ := strings.Cut(strings.Split(row, " | ")[1], "@")
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	page := w.Open("admin/contacts?partner=" + bert.ID.String())
	if text := page.One("#pc-status"); !strings.HasPrefix(text, "With and without a referrer") {
		t.Errorf("the choice of who was referred: %s", text)
	}
	if text := page.One(".pc-filterbar"); !strings.Contains(text, "Referrer: bert") {
		t.Error(text)
	}
	w.Open("admin/contacts?kind=nonsense").Want(http.StatusUnprocessableEntity)
	file := w.Open("admin/reports/contacts.csv?kind=admin").Want(http.StatusOK)
	if !strings.Contains(file.Text, "zoe@mail.test") || strings.Contains(file.Text, "carl@") {
		t.Error(file.Text)
	}
}

// A referrer is assigned to ticked contacts, or to all that match, with a reason; who has
// it already is left as they are, and no order moves by itself.
//
// Spec: S65.3 S77
func TestAReferrerIsAssignedInBulk(t *testing.T) {
	w := sidecartest.NewShop(t)
	bert := w.Partner(w.Gold.ID, "bert")
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Refer("dora@mail.test", bert)
	erik := w.Stranger("erik@mail.test")
	ask := bulk(w, "referrer", "", carl.String(), erik.String())
	if text := ask.One("form.pc-card"); !strings.Contains(text, "2 contacts") || !strings.Contains(text, "Carl") {
		t.Error(text)
	}
	form := hidden(ask, "form.pc-card")
	for field, answers := range map[string]url.Values{"reason": {"who": {"partner"}, "partner": {bert.Code}},
		"partner": {"who": {"partner"}, "partner": {"nobody"}, "reason": {"x"}}} {
		answers["slot"] = []string{"last"}
		for name := range form {
			answers[name] = form[name]
		}
		bad := w.Send("admin/contacts/bulk", answers).Want(http.StatusUnprocessableEntity)
		if bad.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: no word beside the field", field)
		}
	}
	done := confirm(w, ask, url.Values{"slot": {"last"}, "who": {"partner"}, "partner": {bert.Code},
		"reason": {"They told us."}})
	if text := done.One("#pc-task"); !strings.Contains(text, "The referrers of 2 contacts are set.") {
		t.Error(text)
	}
	for _, email := range []string{"carl@mail.test", "erik@mail.test"} {
		if c := contactOf(w, email); c.Last.PartnerID != bert.ID || c.First.PartnerID == bert.ID {
			t.Errorf("%+v", c)
		}
	}
	w.Refer("fay@mail.test", w.Anna)
	done = confirm(w, bulk(w, "referrer", "?kind=form"), url.Values{"slot": {"last"}, "who": {"partner"},
		"partner": {bert.Code}, "reason": {"They told us."}})
	if text := done.One("#pc-task"); !strings.Contains(text, "4 of 4") ||
		!strings.Contains(text, "The referrer of 1 contact is set.") || !strings.Contains(text, "3 have this referrer") {
		t.Error(text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'set last referrer'
		AND actor = 'admin'`); n != 3 {
		t.Errorf("%d audit entries", n)
	}
	if b := w.Balance(w.Anna); b.Pending.IsZero() {
		t.Error("an order moved")
	}
	clean(w)
}

// Contacts are deleted in bulk after a question and with a reason; partners among them
// stay, and the orders of the others are shown for a re-run.
//
// Spec: S77 S102.1
func TestContactsAreDeletedAndRerunInBulk(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100", "200")
	erik := w.Stranger("erik@mail.test")
	rerun := bulk(w, "rerun", "").Want(http.StatusOK)
	if text := rerun.One("form.pc-card h2"); text != "2 orders" {
		t.Error(text)
	}
	if text := bulk(w, "rerun", "", erik.String()).Want(http.StatusUnprocessableEntity).One(".pc-problems"); text !=
		"None of these contacts has an order." {
		t.Error(text)
	}
	w.Get("admin/contacts/bulk", web.Admin, w.Boss).Want(http.StatusNotFound)
	ask := bulk(w, "delete", "?sort=contact")
	if ask.Find("#pc-reason").Length() != 1 || !strings.Contains(ask.Text, "Partners among them stay") {
		t.Error(ask.Text)
	}
	total := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE deleted_at IS NULL`)
	done := confirm(w, ask, url.Values{"reason": {"A test import."}})
	if text := done.One("#pc-task"); !strings.Contains(text, "2 contacts are deleted.") ||
		!strings.Contains(text, "stay") && !strings.Contains(text, "stays") {
		t.Error(text)
	}
	left := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE deleted_at IS NULL`)
	if left != total-2 || contactOf(w, "anna@mail.test").DeletedAt != nil {
		t.Errorf("%d of %d are left", left, total)
	}
	clean(w)
}

// Every bulk action needs the right to approve.
func TestBulkOfContactsIsGuarded(t *testing.T) {
	w := sidecartest.NewShop(t)
	looks := w.Login(w.User("looks", "partner_center_view"))
	if page := w.Get("admin/contacts", web.Admin, looks).Want(http.StatusOK); page.Find("select[name=bulk]").
		Length() != 0 {
		t.Error("actions are offered to someone who may only look")
	}
	w.Post("admin/contacts/bulk", web.Admin, url.Values{"bulk": {"delete"}, "all": {"1"}}, looks).
		Want(http.StatusForbidden)
}
