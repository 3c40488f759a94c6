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
// Spec: S77.1
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
	if title, button := ask.One("h1"), ask.One("form button"); title+", "+button !=
		"Approve commissions, Approve 3 commissions" {
		t.Errorf("%s, %s", title, button)
	}
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
		if name := box.AttrOr("aria-label", ""); !strings.Contains(name, "order logged-") {
			t.Errorf("the box is called %q", name)
		}
		button := list.Find(".row-actions button[value^=approve]").Eq(i)
		if !strings.Contains(button.Text(), "order logged-") {
			t.Errorf("the button is called %q", button.Text())
		}
	}
	if list.Find(".row-actions button[value^=release]").Length() != 0 {
		t.Error("what isn't on hold is offered to be released")
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
		if a.Find(".pc-problems").Length() != 1 || len(orders(a)) != 1 {
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
	if rows := orders(down); !strings.Contains(rows[0], "$30.00") || !strings.Contains(rows[1], "$20.00") ||
		down.Find("th[aria-sort=descending]").Length() != 1 {
		t.Errorf("%q", rows)
	}
	rest := follow(down, "a[rel=next]")
	if rows := orders(rest); len(rows) != 1 || !strings.Contains(rows[0], "$10.00") ||
		rest.One(".tablenav.top .displaying-num") != "3–3 of 3" {
		t.Errorf("%q", rows)
	}
	if back := follow(rest, "a[rel=prev]"); !strings.Contains(orders(back)[0], "$30.00") {
		t.Errorf("%q", orders(back))
	}
	if up := follow(down, "th[aria-sort] .pc-sort"); !strings.Contains(orders(up)[0], "$10.00") {
		t.Errorf("%q", orders(up))
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

// The levels of an order stand together, and one tick takes both.
//
// Spec: S13 S76
func TestOrdersStandTogether(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	bert := w.Partner(w.Gold.ID, "bert")
	w.Exec(`INSERT INTO {wp}partner_center_commissions (order_id, line_id, level, decision_version,
		sequence, partner_id, program_id, product_id, subid, currency,
			base, amount, status, reason, occurred_at, day, journals, updated_at, stage, granted, pending,
			payable, in_payout, paid)
		SELECT order_id, line_id, 2, decision_version, sequence, ?, program_id, product_id, subid, currency,
			base, amount, status, reason, occurred_at, day, journals, updated_at, stage, granted, pending,
			payable, in_payout, paid FROM {wp}partner_center_commissions`, bert.ID)
	w.Send("admin/screens/pending", url.Values{"back": {"admin/commissions"}, "rows": {"1"}}).Want(http.StatusSeeOther)
	list := w.Open("admin/commissions")
	if all := orders(list); len(all) != 1 || !strings.Contains(all[0], "anna level 1") ||
		!strings.Contains(all[0], "bert level 2") || !strings.Contains(all[0], "$20.00") {
		t.Errorf("%q", all)
	}
	if text := list.One(".tablenav.top .displaying-num"); text != "1–2 of 2" {
		t.Error(text)
	}
	w.Exec(`UPDATE {wp}partner_center_commissions SET status = 'canceled' WHERE level = 2`) // its journals are made up
	all := list.Picks()                                                                     // the order's, then those of its lines, which it stands for
	if len(all) != 3 || all[0] != all[1]+" "+all[2] {
		t.Errorf("%q", all)
	}
	text := w.Flash(w.Send("admin/commissions/bulk", url.Values{"bulk": {"approve"}, "pick": list.Picks()}))
	if text != "1 commission approved. 1 skipped: it is already canceled." {
		t.Error(text)
	}
}

// An order with more commissions than a page has room for goes on on the next page.
//
// Spec: S13
func TestVeryLargeOrder(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	copies(w, 250, 0)
	w.Send("admin/screens/pending", url.Values{"back": {"admin/commissions"}, "rows": {"1"}}).Want(http.StatusSeeOther)
	page := w.Open("admin/commissions").Want(http.StatusOK)
	for _, shown := range []string{"1–201 of 250", "202–250 of 250"} {
		if text := page.One(".tablenav.top .displaying-num"); text != shown {
			t.Fatalf("%q, not %q", text, shown)
		}
		if older := page.Find(".tablenav.top a[rel=next]"); older.Length() > 0 {
			page = w.Open(w.Path(older.AttrOr("href", ""))).Want(http.StatusOK)
		}
	}
	if page.Find(".tablenav.top a[rel=next]").Length() > 0 {
		t.Error("there is a page behind the last one")
	}
}

// What is on hold says until when, and is released by hand for a reason; what was
// approved is taken back from its list, and what was canceled says what was lost.
//
// Spec: S76 S78 S81
func TestStatesOfCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Pending(carl, "200")
	w.Exec(`UPDATE {wp}partner_center_commissions SET not_before = '2026-08-01 12:00:00' WHERE amount = 10`)
	held := w.Open("admin/commissions?status=on_hold").Want(http.StatusOK)
	if all := orders(held); len(all) != 1 || !strings.Contains(all[0], "On hold until 1 Aug 2026") {
		t.Errorf("%q", all)
	}
	if tabs := held.One(".subsubsub"); !strings.Contains(tabs, "Pending (2)") || !strings.Contains(tabs,
		"Ready to approve (1)") || !strings.Contains(tabs, "On hold (1)") {
		t.Error(tabs)
	}
	if text := w.Flash(w.Send("admin/commissions/approve", url.Values{"pick": held.Picks()})); !strings.HasPrefix(text,
		"Nothing was changed. 1 skipped: it is") {
		t.Error(text)
	}
	release := url.Values{"only": {"release " + held.Picks()[0]}}
	ask := w.Send("admin/commissions/bulk", release).Want(http.StatusOK)
	if ask.Find("#pc-reason").Length() != 1 {
		t.Error(ask.Text)
	}
	w.Send("admin/commissions/release", url.Values{"pick": held.Picks(), "reason": {""}}).Want(
		http.StatusUnprocessableEntity)
	if text := w.Flash(w.Send("admin/commissions/release", url.Values{"pick": held.Picks(),
		"reason": {"A friend."}})); text != "1 commission approved." {
		t.Error(text)
	}
	done := w.Open("admin/commissions?status=approved")
	if text := w.Flash(w.Send("admin/commissions/bulk?status=approved", url.Values{"bulk": {"unapprove"},
		"pick": done.Picks()})); text != "1 commission is pending again." {
		t.Error(text)
	}
	one := w.Open("admin/commissions").Picks()[:1]
	w.Send("admin/commissions/cancel", url.Values{"pick": one, "reason": {"A test."}}).Want(http.StatusSeeOther)
	lost := w.Open("admin/commissions?status=canceled").Want(http.StatusOK)
	if all := orders(lost); len(all) != 1 || !strings.Contains(all[0], "$0.00 was $20.00") {
		t.Errorf("%q", all)
	}
	page := w.Open(w.Path(lost.Find(`a:contains("Why?")`).AttrOr("href", ""))).Want(http.StatusOK)
	for _, want := range []string{"$20.00 was lost when it was canceled", "10% of $200.00 = $20.00",
		"It stays canceled unless you reinstate it.", "Canceled (−$20.00)", "A test."} {
		if !strings.Contains(strings.Join(strings.Fields(page.Find(".pc-admin").Text()), " "), want) {
			t.Errorf("%q is missing in %s", want, page.Text)
		}
	}
}

// A commission's page does with it what the list does, and comes back to it.
//
// Spec: S76 S78
func TestActionsOnACommissionsPage(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	path := w.Path(w.Open("admin/commissions").Find(`a:contains("Why?")`).AttrOr("href", ""))
	press := func(name, want string) {
		t.Helper()
		page := w.Open(path).Want(http.StatusOK)
		button := page.Find(`button[formaction*="commissions%2F` + name + `"]`)
		a := w.Send(w.Path(button.AttrOr("formaction", "")), url.Values{"pick": page.Picks()})
		if text := w.Flash(a); text != want || w.Path(a.Location()) != path {
			t.Errorf("%s: %s at %s", name, text, a.Location())
		}
	}
	press("approve", "1 commission approved.")
	press("unapprove", "1 commission is pending again.")
	viewer := w.Login(w.User("vic", web.CanView))
	if a := w.Get(path, web.Admin, viewer).Want(http.StatusOK); a.Find("form button").Length() != 0 {
		t.Error("a viewer is offered actions")
	}
	w.Post("admin/commissions/release", web.Admin, url.Values{"pick": {"1"}, "reason": {"x"}},
		viewer).Want(http.StatusForbidden)
}
