package commissions_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The ticked commissions are approved, the others stay; a form sent twice
// approves once, and the second answer says so.
//
// Spec: S73.1 S76 S77.2 S78.1
func TestApprovingTickedCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	for _, price := range []string{"100", "200", "300"} {
		w.Pending(carl, price)
	}
	list := w.Open("admin/commissions").Want(http.StatusOK)
	if total := strings.Join(list.Texts("tfoot"), ""); !strings.Contains(total, "$60.00") {
		t.Errorf("total: %s", total)
	}
	ticked := list.Picks() // the latest first
	form := url.Values{"pick": ticked[:2]}
	if text := w.Flash(w.Send("admin/commissions/approve", form)); text != "2 commissions approved." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("50") || b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	if text := w.Flash(w.Send("admin/commissions/approve",
		form)); text != "Nothing was changed. 2 skipped: it is already approved." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("50") {
		t.Errorf("approved twice: %+v", b)
	}
	if left := orders(w.Open("admin/commissions")); len(left) != 1 || !strings.Contains(left[0], "$10.00") {
		t.Errorf("%q", left)
	}
}

// The undo of an approval takes it back, but not when somebody has gone on
// with the commission since.
//
// Spec: S76.1
func TestUndoOfAnApproval(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	ticked := url.Values{"pick": w.Open("admin/commissions").Picks()}
	approved := w.Send("admin/commissions/approve", ticked)
	undo := undoOf(w, approved)
	if text := w.Flash(w.Send(undo, nil)); text != "1 commission is pending again." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("10") {
		t.Errorf("%+v", b)
	}
	again := undoOf(w, w.Send("admin/commissions/approve", url.Values{"pick": w.Open("admin/commissions").Picks()}))
	w.Send("admin/payments/pay", url.Values{"partner": {w.Anna.ID.String()}, "currency": {"USD"},
		"amount": {"10"}}).Want(http.StatusSeeOther)
	if text := w.Flash(w.Send(again, nil)); text != "Nothing was changed. 1 skipped: it is already paid." {
		t.Error(text)
	}
}

// undoOf is the path of the undo that a confirmation offers.
func undoOf(w *sidecartest.Shop, a *sidecartest.Answer) string {
	w.Helper()
	form := w.Follow(a).Find(".pc-flash form")
	to, err := url.Parse(form.AttrOr("action", ""))
	w.Must(err)
	return to.Query().Get("pc")
}

// Of two admins with the same list on their screens, the second is told what
// has changed meanwhile.
//
// Spec: S76 S77.2 S78 S81.2
func TestTwoAdminsActOnTheSameCommission(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	other := w.Login(w.User("bea", "administrator"))
	ticked := url.Values{"pick": w.Open("admin/commissions").Picks()}
	cancel := url.Values{"pick": ticked["pick"], "reason": {"A test order."}}
	w.Post("admin/commissions/cancel", web.Admin, cancel, other).Want(http.StatusSeeOther)
	if text := w.Flash(w.Send("admin/commissions/approve",
		ticked)); text != "Nothing was changed. 1 skipped: it is already canceled." {
		t.Error(text)
	}
	history := w.Open("admin/commissions/history").Want(http.StatusOK)
	if all := history.Rows(); len(all) != 1 ||
		!strings.Contains(all[0], "$10.00 (Cup) of anna was canceled. A test order. | 1 Jul 2026 | bea | ") {
		t.Errorf("%q", all)
	}
}

// An amount that changed since the list was shown is not approved unseen.
//
// Spec: S76 S77.2
func TestApprovalOfWhatWasShown(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	ticked := url.Values{"pick": w.Open("admin/commissions").Picks()}
	orders, err := w.Sales.OrdersOf(t.Context(), carl, affiliate.Page{Limit: 1})
	w.Must(err)
	_, err = w.Sales.ChangeLogged(t.Context(), "test", sale.LoggedChange{OrderID: orders[0].Order.ID, Seen: 1,
		Reason: "a typing error", To: func(o *sale.OrderState) error {
			o.Lines[0].Base = money.MustParse("50")
			return nil
		}})
	w.Must(err)
	if text := w.Flash(w.Send("admin/commissions/approve", ticked)); !strings.HasPrefix(text,
		"Nothing was changed. 1 skipped: it changed while you were looking.") {
		t.Error(text)
	}
}

// Canceling asks which and why, keeps what was typed, and leaves the pending list.
//
// Spec: S76 S81.1
func TestCancelingAsksForAReason(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	ticked := url.Values{"pick": w.Open("admin/commissions").Picks()}
	ask := w.Send("admin/commissions/cancel", ticked).Want(http.StatusOK)
	if all := ask.Rows(); len(all) != 1 || !strings.Contains(all[0], "anna | $10.00") ||
		ask.Find("input[name=pick]").Length() != 1 {
		t.Errorf("%q", all)
	}
	for _, reason := range []string{"", "   ", strings.Repeat("<script>😀", 30)} {
		form := url.Values{"pick": ticked["pick"], "reason": {reason}}
		a := w.Send("admin/commissions/cancel", form).Want(http.StatusUnprocessableEntity)
		if kept := a.Find("#pc-reason").AttrOr("value", ""); kept != reason ||
			a.Find("#pc-reason[aria-invalid=true]").Length() != 1 {
			t.Errorf("%q became %q", reason, kept)
		}
	}
	done := w.Send("admin/commissions/cancel", url.Values{"pick": ticked["pick"], "reason": {"A <b>test</b> order 😀"}})
	if text := w.Flash(done); text != "1 commission canceled." {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); !b.Pending.IsZero() {
		t.Errorf("%+v", b)
	}
}

// orders are the orders of the shown list, each with its commissions.
func orders(a *sidecartest.Answer) []string { return a.Texts(".pc-grouped tbody") }

// Nothing ticked, and nonsense for a tick, change nothing and say what to do.
func TestActionsWithoutCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	for _, action := range []string{"approve", "cancel", "unapprove"} {
		for _, pick := range []string{"", "x", "-1", "1.x", "1.0", "' OR 1=1"} {
			form := url.Values{"pick": {pick}}
			if pick == "" {
				form = nil
			}
			a := w.Send("admin/commissions/"+action, form).Want(http.StatusUnprocessableEntity)
			if len(orders(a)) != 1 || !strings.Contains(a.One(".pc-problems"), "tick") {
				t.Errorf("%s %q: %s", action, pick, a.Text)
			}
		}
	}
}

// The list can be narrowed; the files hold the same rows as the page.
//
// Spec: S73 S80.1
func TestFiltersOfPendingCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	bert := w.Partner(w.Gold.ID, "bert")
	w.Pending(w.Refer("dora@mail.test", bert), "200")
	for query, want := range map[string]string{
		"?q=dora":                      "bert",
		"?partner=" + bert.ID.String(): "bert",
		"?program=" + w.Gold.ID.String() + "&q=carl%40": "anna",
	} {
		if all := orders(w.Open("admin/commissions" + query)); len(all) != 1 || !strings.Contains(all[0], want) {
			t.Errorf("%s: %q", query, all)
		}
		file := w.Open("admin/reports/pending.csv" + query).Want(http.StatusOK)
		if lines := strings.Split(strings.TrimSpace(file.Text), "\r\n"); len(lines) != 2 ||
			!strings.Contains(lines[1], want) {
			t.Errorf("%s: %q", query, lines)
		}
	}
	if a := w.Open("admin/commissions?program=x").Want(http.StatusUnprocessableEntity); a.Find(
		".pc-problems").Length() != 1 {
		t.Error(a.Text)
	}
	if a := w.Open("admin/commissions?q=" + url.QueryEscape("<script>")); strings.Contains(a.Text, "<script>") {
		t.Error("the search is not escaped")
	}
	w.Open("admin/reports/nothing.csv").Want(http.StatusNotFound)
	w.Open("admin/reports/pending.exe").Want(http.StatusNotFound)
}

// copies makes so many of the one commission, whose orders are so far apart; 0 for
// those of one order.
func copies(w *sidecartest.Shop, n, apart int) {
	w.Exec(`INSERT INTO {wp}partner_center_commissions (order_id, line_id, level, decision_version,
		sequence, partner_id, program_id, product_id, subid, currency,
			base, amount, status, reason, occurred_at, day, journals, updated_at, stage, granted, pending,
			payable, in_payout, paid)
		WITH RECURSIVE n AS (SELECT 2 AS n UNION ALL SELECT n + 1 FROM n WHERE n < ?)
		SELECT order_id + (n - 1) * ?, line_id, level, decision_version, n, partner_id, program_id, product_id,
			subid, currency, base, amount, status, reason, occurred_at, day, journals, updated_at, stage, granted,
			pending, payable, in_payout, paid FROM {wp}partner_center_commissions, n`, n, apart)
}

// More rows than a page shows are reached page by page, each once.
//
// Spec: S73
func TestPagesOfPendingCommissions(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	copies(w, 120, 1_000)
	seen := map[string]bool{}
	for path := "admin/commissions"; path != ""; {
		a := w.Open(path).Want(http.StatusOK)
		for _, pick := range a.Picks() {
			if seen[pick] {
				t.Errorf("%s twice", pick)
			}
			seen[pick] = true
		}
		path = ""
		if next, there := a.Find("a[rel=next]").Attr("href"); there {
			to, err := url.Parse(next)
			w.Must(err)
			path = to.Query().Get("pc")
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d rows", len(seen))
	}
}

// Each commission tells why it is, and who did what to it.
//
// Spec: S76.2 B2.1 B2.3
func TestWhyOfACommission(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	w.Send("admin/commissions/approve",
		url.Values{"pick": w.Open("admin/commissions").Picks()}).Want(http.StatusSeeOther)
	history := w.Open("admin/commissions/history")
	to, err := url.Parse(history.Find("tbody td:last-child a").AttrOr("href", ""))
	w.Must(err)
	page := w.Open(to.Query().Get("pc")).Want(http.StatusOK)
	steps := strings.Join(page.Texts(".pc-steps li"), "\n")
	for _, want := range []string{"First referrer of the buyer: anna; last referrer: anna", "anna gets credit",
		"stored with the contact on 1 Jul 2026, 12:00", "Cup, anna, level 1: Earns 10% of $100.00 = $10.00"} {
		if !strings.Contains(steps, want) {
			t.Errorf("%q is missing in\n%s", want, steps)
		}
	}
	if all := page.Texts(".pc-story li"); len(all) != 2 || !strings.Contains(all[0], "Earned ($10.00)") ||
		!strings.Contains(all[1], "Approved, admin: An admin approved the commission.") {
		t.Errorf("%q", all)
	}
	to, err = url.Parse(page.Find("a[download]").AttrOr("href", ""))
	w.Must(err)
	file := w.Open(to.Query().Get("pc")).Want(http.StatusOK)
	if !strings.Contains(file.Header.Get("Content-Disposition"), "trace.json") ||
		!strings.Contains(file.Text, `"reason":"CREDITED"`) {
		t.Error(file.Text)
	}
}
