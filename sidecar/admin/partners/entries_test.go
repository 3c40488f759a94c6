package partners_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
)

// enter sends an entry as the form does, and confirms what it shows.
func enter(w *sidecartest.Shop, fields ...string) *sidecartest.Answer {
	w.Helper()
	page := "admin/partners/" + w.Anna.ID.String() + "/entries"
	form := url.Values{"kind": {"adjustment"}, "stage": {"approved"}, "currency": {"USD"}, "reason": {"Best of May"},
		"day":     {w.Open(page).Find("#pc-day").AttrOr("value", "")},
		"form_id": {w.Open(page).Find("input[name=form_id]").AttrOr("value", "")}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	review := w.Send(page, form).Want(http.StatusOK)
	confirmed := url.Values{}
	hidden := review.Find("form input[type=hidden]")
	for i := range hidden.Length() {
		confirmed.Set(hidden.Eq(i).AttrOr("name", ""), hidden.Eq(i).AttrOr("value", ""))
	}
	w.Send(page, confirmed).Want(http.StatusSeeOther)
	return w.Send(page, confirmed).Want(http.StatusSeeOther) // sent twice, it is entered once
}

// An admin enters a bonus, a correction and an opening balance after a page that
// says what each does; all stand in list and statement with their reason.
//
// Spec: S140.1 S140.2 S140.3
func TestEnteringMoneyByHand(t *testing.T) {
	w := sidecartest.NewShop(t)
	base := "admin/partners/" + w.Anna.ID.String()
	enter(w, "amount", "25")
	if b := w.Balance(w.Anna); b.Payable.String() != "25" {
		t.Errorf("the bonus made %+v", b)
	}
	enter(w, "amount", "-5.50", "reason", "Counted twice")
	enter(w, "kind", "opening", "stage", "pending", "amount", "3", "reason", "From before", "day", "2026-06-30")
	enter(w, "kind", "opening", "stage", "paid", "amount", "300", "reason", "Paid by the old program")
	if b := w.Balance(w.Anna); b.Payable.String() != "19.5" || b.Pending.String() != "3" || b.Paid.String() != "300" {
		t.Errorf("%+v", b)
	}
	rows := w.Open(base + "/entries").Rows()
	if len(rows) != 4 || !strings.Contains(rows[3], "Best of May") || !strings.Contains(rows[1], "30 Jun 2026") {
		t.Errorf("%q", rows)
	}
	approve := w.Open(base+"/entries").Find("form[action*=approve]").AttrOr("action", "")
	w.Send(w.Path(approve), nil).Want(http.StatusSeeOther)
	w.Send(w.Path(approve), nil).Want(http.StatusUnprocessableEntity)
	if b := w.Balance(w.Anna); b.Payable.String() != "22.5" || b.Pending.Sign() != 0 {
		t.Errorf("approved: %+v", b)
	}
	undo := w.Path(w.Open(base+"/entries").Find("form[action*=undo]").Last().AttrOr("action", "")) // the bonus
	none := w.Send(undo, url.Values{"undo_reason": {""}}).Want(http.StatusUnprocessableEntity)
	if none.Find("details[open] input[aria-invalid=true]").Length() != 1 {
		t.Error("the missing reason is not marked")
	}
	if none.Find("input[name=day]").AttrOr("value", "") == "" {
		t.Error("the form of another entry has lost its date")
	}
	w.Send(undo, url.Values{"undo_reason": {"Typed wrongly"}}).Want(http.StatusSeeOther)
	twice := w.Send(undo, url.Values{"undo_reason": {"Typed wrongly"}}).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(twice.Text, "undone already") {
		t.Error(twice.Text)
	}
	statement := w.Open(base + "/statement").Want(http.StatusOK)
	for _, want := range []string{"Best of May", "Counted twice", "From before", "Typed wrongly"} {
		if !strings.Contains(statement.Text, want) {
			t.Errorf("the statement lacks %q", want)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = 'manual' AND reason > ''`); n != 5 {
		t.Errorf("%d of 5 entries are audited with their reason", n)
	}
}

// What a partner owes can be given up, exactly as it was shown.
//
// Spec: S140
func TestWritingOffWhatAPartnerOwes(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String() + "/entries"
	enter(w, "amount", "-7.08", "reason", "Clawback")
	if text := w.Open(page).Text; !strings.Contains(text, "They owe you $7.08") {
		t.Error(text)
	}
	form := url.Values{"kind": {"writeoff"}, "amount": {"-7.08"}, "currency": {"USD"}, "form_id": {"one"},
		"reason": {"Left"}, "confirmed": {"1"}}
	enter(w, "amount", "1", "reason", "Meanwhile")
	changed := w.Send(page, form).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(changed.One(".pc-problems"), "The balance is now") {
		t.Error(changed.Text)
	}
	form.Set("amount", "-6.08")
	w.Send(page, form).Want(http.StatusSeeOther)
	if b := w.Balance(w.Anna); b.Payable.Sign() != 0 {
		t.Errorf("%+v", b)
	}
}

// Whatever is wrong with an entry is said beside its field, and nothing is lost.
func TestEntriesKeepWhatWasTyped(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := "admin/partners/" + w.Anna.ID.String() + "/entries"
	for field, values := range map[string][]string{
		"amount": {"", "0", "x", "1.234"}, "currency": {"", "US"}, "day": {"", "2099-01-01"},
		"reason": {"", strings.Repeat("x", 256), "a\nb"},
	} {
		for _, value := range values {
			form := url.Values{"kind": {"adjustment"}, "stage": {"approved"}, "amount": {"5"}, "currency": {"USD"},
				"day": {"2026-07-01"}, "reason": {"Bonus"}, "form_id": {"one"}, "confirmed": {"1"}}
			form.Set(field, value)
			a := w.Send(page, form).Want(http.StatusUnprocessableEntity)
			if a.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 {
				t.Errorf("%s %q is not marked: %s", field, value, a.Text)
			}
			if field != "reason" && a.Find("#pc-reason").AttrOr("value", "") != "Bonus" {
				t.Error("the reason is lost")
			}
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_manuals`); n != 0 {
		t.Errorf("%d entries", n)
	}
}

// A statement shows how things stood on any day, whatever came later; its file
// has the same rows.
//
// Spec: B11.1
func TestStatementOfAnyDay(t *testing.T) {
	w := sidecartest.NewShop(t)
	base := "admin/partners/" + w.Anna.ID.String()
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	then := w.Open(base + "/statement?from=2026-07-01&to=2026-07-01").Want(http.StatusOK)
	shown := then.Texts(".pc-statement dd, .pc-statement tbody tr")
	if shown[0] != "$0.00" || shown[1] != "$10.00" || len(shown) != 6 {
		t.Errorf("%q", shown)
	}
	w.Clock.Advance(25 * time.Hour)
	_, err := w.Ledger.Adjust(t.Context(), "test", ledger.ManualEntry{PartnerID: w.Anna.ID, Currency: "USD",
		Amount: money.MustParse("5"), Reason: "Bonus"})
	w.Must(err)
	later := w.Open(base + "/statement?from=2026-07-01&to=2026-07-01")
	if again := later.Texts(".pc-statement dd, .pc-statement tbody tr"); strings.Join(again, "|") !=
		strings.Join(shown, "|") {
		t.Errorf("%q became %q", shown, again)
	}
	if text := w.Open(base + "/statement?to=2026-07-02").Texts(".pc-statement dd")[1]; text != "$15.00" {
		t.Errorf("of the 2nd: %s", text)
	}
	file := w.Open("admin/reports/statement.csv?partner=" + w.Anna.ID.String() + "&from=2026-07-02&to=2026-07-03")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Text, "\uFEFF"))).ReadAll()
	w.Must(err)
	if got := sidecartest.Column(t, rows, "Owed then"); strings.Join(got, " ") != "10.00 15.00" {
		t.Errorf("the file says %q in %q", got, rows)
	}
	w.Open(base + "/statement?from=x&to=2026-07-03").Want(http.StatusUnprocessableEntity)
	w.Open(base + "/statement?from=2026-07-04&to=2026-07-03").Want(http.StatusUnprocessableEntity)
}
