package commissions_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// "Select all that match" ticks every row, also those on further pages, by a
// link; the action then takes the filter, and leaves what it doesn't match.
//
// Spec: S77
func TestActionOnAllThatMatch(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl, dora := w.Refer("carl@mail.test", w.Anna), w.Refer("dora@mail.test", w.Anna)
	for _, price := range []string{"100", "200", "300"} {
		w.Pending(carl, price)
	}
	w.Pending(dora, "400")
	w.Send("admin/screens/pending", url.Values{"back": {"admin/commissions"}, "rows": {"2"}}).Want(http.StatusSeeOther)
	list := w.Open("admin/commissions?q=carl%40").Want(http.StatusOK)
	if text := list.One(".tablenav.top .displaying-num"); text != "1–2 of 3" {
		t.Error(text)
	}
	all := list.Find(".pc-selection a")
	if all.Text() != "Select all 3 that match" {
		t.Errorf("%q", all.Text())
	}
	page := w.Open(w.Path(all.AttrOr("href", ""))).Want(http.StatusOK)
	if text := page.One(".pc-selection strong"); text != "All 3 that match are selected." ||
		page.Find("tbody input[name=pick][checked]").Length() != 2 {
		t.Error(text)
	}
	to := w.Path(page.Find("form.pc-bulk-form").AttrOr("action", ""))
	form := url.Values{"bulk": {"approve"}, "apply": {"top"}, "all": {"1"}, "pick": page.Picks()}
	ask := w.Send(to, form).Want(http.StatusOK)
	if text := ask.One(".pc-lead"); text != "All that match: 3 commissions, $60.00" {
		t.Error(text)
	}
	sure := url.Values{}
	for i := range ask.Find("form input[type=hidden]").Length() {
		field := ask.Find("form input[type=hidden]").Eq(i)
		sure.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	on := w.Path(ask.Find("form[method=post]").AttrOr("action", ""))
	started := w.Send(on, sure).Want(http.StatusSeeOther)
	if again := w.Send(on, sure).Want(http.StatusSeeOther); again.Location() != started.Location() {
		t.Error("sent twice, the form started two pieces of work")
	}
	waiting := w.Follow(started)
	if waiting.Find("[data-pc-live]").Length() != 1 || !strings.Contains(waiting.One("#pc-task"), "0 of 3") {
		t.Error(waiting.Text)
	}
	w.Settle()
	done := w.Follow(started)
	if text := done.One("#pc-task"); !strings.Contains(text, "3 of 3") ||
		!strings.Contains(text, "3 commissions approved.") || done.Find("[data-pc-live]").Length() != 0 {
		t.Error(text)
	}
	if rows := w.Open("admin/tasks").Rows(); len(rows) != 1 || !strings.Contains(rows[0], "3 of 3") {
		t.Errorf("%q", rows)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("60") || b.Pending != money.MustParse("40") {
		t.Errorf("%+v", b)
	}
}

// Every box and button of a row says which row it is about, and a row's own
// button acts on it alone.
//
// Spec: S77
func TestRowsNameTheirBoxesAndButtons(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Pending(carl, "200")
	list := w.Open("admin/commissions")
	for i := range list.Picks() {
		box := list.Find("tbody input[name=pick]").Eq(i)
		if name := box.AttrOr("aria-label", ""); !strings.Contains(name, "anna") {
			t.Errorf("the box is called %q", name)
		}
		button := list.Find(".row-actions button[value^=approve]").Eq(i)
		if !strings.Contains(button.Text(), "anna") {
			t.Errorf("the button is called %q", button.Text())
		}
	}
	only := list.Find(".row-actions button[value^=approve]").Last().AttrOr("value", "")
	form := url.Values{"only": {only}, "pick": list.Picks()}
	if text := w.Flash(w.Send("admin/commissions/bulk", form)); text != "1 commission approved." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
}

// Without an action, with one that the list doesn't have, or without rows, the
// list says what is missing and changes nothing.
func TestBulkFormThatAsksForNothing(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	picks := w.Open("admin/commissions").Picks()
	for _, form := range []url.Values{{"pick": picks}, {"bulk": {"pay"}, "pick": picks}, {"bulk": {"approve"}},
		{"bulk": {"approve"}, "bulk2": {""}, "apply": {"bottom"}, "pick": picks}, {"only": {"approve"}},
		{"only": {"approve x"}}} {
		a := w.Send("admin/commissions/bulk", form).Want(http.StatusUnprocessableEntity)
		if a.Find(".pc-problems").Length() != 1 || len(a.Rows()) != 1 {
			t.Errorf("%v: %s", form, a.Text)
		}
	}
	if b := w.Balance(w.Anna); !b.Payable.IsZero() {
		t.Errorf("%+v", b)
	}
}

// Headings sort, the other way round when they are followed again; further pages
// keep the order.
//
// Spec: S73
func TestSortedList(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	for _, price := range []string{"200", "100", "300"} {
		w.Pending(carl, price)
	}
	w.Send("admin/screens/pending", url.Values{"back": {"admin/commissions"}, "rows": {"2"}}).Want(http.StatusSeeOther)
	follow := func(a *sidecartest.Answer, selector string) *sidecartest.Answer {
		t.Helper()
		return w.Open(w.Path(a.Find(selector).First().AttrOr("href", ""))).Want(http.StatusOK)
	}
	down := follow(w.Open("admin/commissions"), `th:contains("Commission") .pc-sort`)
	if rows := down.Rows(); !strings.Contains(rows[0], "$30.00") || !strings.Contains(rows[1], "$20.00") ||
		down.Find("th[aria-sort=descending]").Length() != 1 {
		t.Errorf("%q", rows)
	}
	rest := follow(down, "a[rel=next]")
	if rows := rest.Rows(); len(rows) != 1 || !strings.Contains(rows[0], "$10.00") ||
		rest.One(".tablenav.top .displaying-num") != "3–3 of 3" {
		t.Errorf("%q", rows)
	}
	if back := follow(rest, "a[rel=prev]"); !strings.Contains(back.Rows()[0], "$30.00") {
		t.Errorf("%q", back.Rows())
	}
	if up := follow(down, "th[aria-sort] .pc-sort"); !strings.Contains(up.Rows()[0], "$10.00") {
		t.Errorf("%q", up.Rows())
	}
	if a := w.Open("admin/commissions?sort=nothing").Want(http.StatusUnprocessableEntity); a.Find(
		".pc-problems").Length() != 1 {
		t.Error(a.Text)
	}
}

// Who may only look sees no boxes, and can't act by the address either.
func TestBulkActionsAreForApprovers(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	viewer := w.Login(w.User("vic", web.CanView))
	if a := w.Get("admin/commissions", web.Admin, viewer).Want(http.StatusOK); len(a.Picks()) != 0 ||
		a.Find("select[name=bulk], .row-actions").Length() != 0 {
		t.Error("a viewer is offered actions")
	}
	w.Post("admin/commissions/bulk", web.Admin, url.Values{"bulk": {"approve"}, "all": {"1"}},
		viewer).Want(http.StatusForbidden)
}
