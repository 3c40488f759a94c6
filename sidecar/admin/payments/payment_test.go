package payments_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/verify"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// with is the form with some fields as typed.
func with(form url.Values, typed ...string) url.Values {
	for i := 0; i < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form
}

func wantClean(w *sidecartest.Shop) {
	w.Helper()
	findings, err := verify.Verify(w.Context(), w.DB)
	if w.Must(err); len(findings) > 0 {
		w.Errorf("%+v", findings)
	}
}

// Marking as paid asks when and how, before anything is recorded; what was typed
// stays, and the payment is told by its own page.
//
// Spec: S84.1 S84.2 S86.2
func TestMarkingAsPaidAsksWhenAndHow(t *testing.T) {
	w := sidecartest.NewShop(t)
	_, err := w.Registry.UpdatePayment(t.Context(), "test", w.Anna.ID,
		affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "anna.pays@mail.test"})
	w.Must(err)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100", "200")
	w.Clock.Advance(24 * time.Hour)
	w.Boss = w.Login(w.User("bea", "administrator")) // whoever pays has logged in lately
	form := payForm(w, w.Open("admin/payments"))
	if form.Get("amount") != "30" || form.Get("paid_on") != "2026-07-02" || form.Has("check_number") ||
		form.Has("exception") {
		t.Errorf("%v", form)
	}
	if b := w.Balance(w.Anna); !b.Paid.IsZero() {
		t.Errorf("asking paid: %+v", b)
	}
	for typed, field := range map[string]string{"2026-07-03": "paid_on", "2026-06-30": "paid_on", "soon": "paid_on"} {
		again := w.Send("admin/payments/pay", with(form, "paid_on", typed, "reference",
			"TX 4711")).Want(http.StatusUnprocessableEntity)
		if again.Find("#pc-"+field+"[aria-invalid=true]").Length() != 1 ||
			again.Find("#pc-reference").AttrOr("value", "") != "TX 4711" {
			t.Errorf("%s: %s", typed, again.Text)
		}
	}
	done := w.Send("admin/payments/pay", with(form, "paid_on", "2026-07-01", "reference", " TX 4711 "))
	page := w.Follow(done)
	facts := strings.Join(page.Texts(".pc-facts"), " ")
	for _, want := range []string{"anna.pays@mail.test", "Paid on1 Jul 2026", "ReferenceTX 4711",
		"Recorded2 Jul 2026, 12:00, bea"} {
		if !strings.Contains(facts, want) {
			t.Errorf("%q is missing in %s", want, facts)
		}
	}
	if all := page.Rows(); len(all) != 2 || !strings.Contains(all[0], "$20.00 | Cup |") {
		t.Errorf("%q", all)
	}
	list := w.Open("admin/payments/made").Want(http.StatusOK).Rows()
	if len(list) != 1 || !strings.HasPrefix(list[0],
		"anna | 1 Jul 2026 | $30.00 | Paid | PayPal | anna.pays@mail.test | TX 4711 |") {
		t.Errorf("%q", list)
	}
	if year := w.Open("admin/payments/years").Want(http.StatusOK).Rows(); len(year) != 1 ||
		!strings.HasPrefix(year[0], "anna | 2026 | $30.00") {
		t.Errorf("%q", year)
	}
	own := w.Get("earnings/payments", web.Theme, w.LogIn(w.Anna)).Want(http.StatusOK)
	if all := own.Rows(); len(all) != 1 || !strings.Contains(all[0], "TX 4711") {
		t.Errorf("%q", all)
	}
	wantClean(w)
}

// A check has a number; one below the threshold needs a reason (S143).
//
// Spec: S136.3 S143.1
func TestPayingByCheckBelowTheThreshold(t *testing.T) {
	w := sidecartest.NewShop(t)
	settings, err := w.Registry.Settings(t.Context())
	w.Must(err)
	settings.PaymentMethod = affiliate.Choice
	_, err = w.Registry.SaveSettings(t.Context(), "test", settings)
	w.Must(err)
	_, err = w.Registry.UpdatePayment(t.Context(), "test", w.Anna.ID,
		affiliate.Payment{Method: affiliate.Check, Payee: "Anna A.", Address: "1 Road"})
	w.Must(err)
	w.Threshold("50", "USD")
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	form := payForm(w, w.Open("admin/payments"))
	if !form.Has("check_number") || !form.Has("exception") {
		t.Errorf("%v", form)
	}
	w.Send("admin/payments/pay", form).Want(http.StatusUnprocessableEntity)
	w.Send("admin/payments/pay", with(form, "check_number", "1001", "exception",
		"Leaves us.")).Want(http.StatusSeeOther)
	if all := w.Open("admin/payments/made").Rows(); len(all) != 1 ||
		!strings.Contains(all[0], "Check | Anna A. | 1001") {
		t.Errorf("%q", all)
	}
	wantClean(w)
}

// A single payment is undone, or noted as returned, on its own page; both need a
// reason, and what was paid is owed again.
//
// Spec: D21.1 S76.2
func TestTakingAPaymentBack(t *testing.T) {
	for way, says := range map[string]string{"undo": "The payment is undone. The amount is owed again.",
		"return": "The payment is recorded as returned. The amount is owed again."} {
		w := sidecartest.NewShop(t)
		w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
		paid := w.Send("admin/payments/pay", payForm(w, w.Open("admin/payments")))
		page := w.Path(paid.Want(http.StatusSeeOther).Location())
		if n := w.Open(page).Find("form.pc-card button").Length(); n != 2 {
			t.Errorf("%d buttons", n)
		}
		refused := w.Send(page+"/"+way, url.Values{"reason": {" "}}).Want(http.StatusUnprocessableEntity)
		if refused.Find("#pc-reason[aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: no word about the reason", way)
		}
		approver := w.Login(w.User("app", web.CanView, web.CanApprove))
		w.Post(page+"/"+way, web.Admin, url.Values{"reason": {"x"}}, approver).Want(http.StatusForbidden)
		if text := w.Flash(w.Send(page+"/"+way, url.Values{"reason": {"Wrong row."}})); text != says {
			t.Error(text)
		}
		if b := w.Balance(w.Anna); b.Payable != money.MustParse("10") || !b.Paid.IsZero() {
			t.Errorf("%s: %+v", way, b)
		}
		shown := w.Open(page)
		if !strings.Contains(shown.One(".pc-facts"), "Wrong row.") || shown.Find("form.pc-card").Length() != 0 {
			t.Errorf("%s: %s", way, shown.Text)
		}
		w.Send(page+"/"+way, url.Values{"reason": {"Again."}}).Want(http.StatusUnprocessableEntity)
		again := w.Send("admin/payments/pay", payForm(w, w.Open("admin/payments"))).Want(http.StatusSeeOther)
		if w.Path(again.Location()) == page {
			t.Error("paid again on the same line")
		}
		wantClean(w)
	}
}

// Nobody is "ready" whom a batch would leave out: not without payment data, with
// unconfirmed ones, or suspended.
//
// Spec: S83 S136.2 D42.3 S145.1
func TestOnlyWhoCanBePaidIsReady(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	status := func() string {
		t.Helper()
		return strings.Split(w.Open("admin/payments").Rows()[0], " | ")[2]
	}
	readyOnes := func() int { return len(w.Open("admin/payments?status=ready").Rows()) }
	if got := status(); got != "No payment details" || readyOnes() != 0 {
		t.Error(got)
	}
	if text := w.Open("admin").Text; strings.Contains(text, "1 payment due") ||
		!strings.Contains(text, "1 payment without an address") {
		t.Error("the overview says ready, or nothing of what is missing")
	}
	w.PaysTo(w.Anna, "anna.pays@mail.test")
	if got := status(); got != "Ready" || readyOnes() != 1 {
		t.Error(got)
	}
	w.Exec(`UPDATE {wp}partner_center_partners SET payment_unconfirmed = 1 WHERE id = ?`, w.Anna.ID)
	if got := status(); got != "Payment details not confirmed" {
		t.Error(got)
	}
	w.Exec(`UPDATE {wp}partner_center_partners SET payment_unconfirmed = 0 WHERE id = ?`, w.Anna.ID)
	_, err := w.Registry.SuspendPartner(t.Context(), "test", w.Anna.ID, "A question.")
	w.Must(err)
	if got := status(); got != "Partner isn't paid now" {
		t.Error(got)
	}
	for state, paid := range map[affiliate.PartnerState]bool{affiliate.Active: true, affiliate.Removed: true,
		affiliate.Suspended: false, affiliate.Rejected: false, affiliate.Applied: false} {
		if (payout.Claim{State: state, Amount: money.MustParse("1")}.RefuseByHand(false) == nil) != paid {
			t.Errorf("%s: the list and the rule differ", state)
		}
	}
}

// What was booked in a period stays as it is, whatever comes later, and is
// reached from the other lists.
//
// Spec: D47.1
func TestBookedPageIsReachedAndStays(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	if n := w.Open("admin/payments").Find(
		".pc-subtabs a[href*='booked'], .pc-subtabs a[href*='years'], .pc-subtabs a[href*='made']").Length(); n != 3 {
		t.Errorf("%d of three tabs", n)
	}
	july := "admin/payments/booked?from=2026-07-01&to=2026-07-31"
	before := w.Open(july).Want(http.StatusOK).Rows()
	if len(before) != 1 || !strings.HasPrefix(before[0], "anna | $10.00") {
		t.Fatalf("%q", before)
	}
	w.Clock.Advance(40 * 24 * time.Hour)
	w.Boss = w.Login(w.User("bea", "administrator"))
	w.Send("admin/commissions/cancel", url.Values{"pick": w.Open("admin/commissions").Picks(),
		"reason": {"A test."}}).Want(http.StatusSeeOther)
	if after := w.Open(july).Rows(); strings.Join(after, "\n") != strings.Join(before, "\n") {
		t.Errorf("%q became %q", before, after)
	}
	if august := w.Open("admin/payments/booked?from=2026-08-01&to=2026-08-31").Rows(); len(august) != 1 ||
		!strings.Contains(august[0], "−$10.00") {
		t.Errorf("%q", august)
	}
}
