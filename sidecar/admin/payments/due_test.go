package payments_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// payForm is the form behind the button of the first row, empty without one.
func payForm(w *sidecartest.Shop, page *sidecartest.Answer) url.Values {
	w.Helper()
	form := url.Values{}
	to := page.Find("tbody a[href*='payments%2Fpay%3F']").First().AttrOr("href", "")
	if to == "" {
		return form
	}
	return fieldsOf(w.Open(w.Path(to)).Want(http.StatusOK))
}

func fieldsOf(page *sidecartest.Answer) url.Values {
	form := url.Values{}
	fields := page.Find("form[action*=pay] input")
	for i := range fields.Length() {
		form.Set(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	return form
}

// Three approvals of 10 are one row of 30, drilled down to three; below the
// threshold the row stays, with what is missing.
//
// Spec: S6.1 S83.1 S83.2 S83.3
func TestPendingPayments(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100", "100", "100")
	w.Threshold("30.01", "USD")
	w.PaysTo(w.Anna, "anna.pays@mail.test")
	page := w.Open("admin/payments").Want(http.StatusOK)
	if all := page.Rows(); len(all) != 1 || !strings.HasPrefix(all[0],
		"anna | $30.00 | Below threshold | $0.01 | $30.00 | 3 | PayPal") {
		t.Errorf("%q", all)
	}
	w.Threshold("30", "USD")
	page = w.Open("admin/payments")
	if all := page.Rows(); len(all) != 1 || !strings.HasPrefix(all[0], "anna | $30.00 | Ready | $30.00 | 3 |") {
		t.Errorf("%q", all)
	}
	to, err := url.Parse(page.Find("tbody a[href*='due%2F']").AttrOr("href", ""))
	w.Must(err)
	detail := w.Open(to.Query().Get("pc")).Want(http.StatusOK)
	if all := detail.Rows(); len(all) != 3 || !strings.Contains(all[0], "$10.00") ||
		!strings.Contains(strings.Join(detail.Texts("tfoot"), ""), "$30.00") {
		t.Errorf("%q", all)
	}
}

// Marking as paid records exactly the amount that was shown, moves no money,
// and happens once.
//
// Spec: S76.2 S84.1 S84.2 S84.3 S88.1
func TestMarkingAsPaid(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100", "200")
	page := w.Open("admin/payments")
	if !strings.Contains(page.Text, "No money is moved.") {
		t.Error("the page does not say that no money is moved")
	}
	form := payForm(w, page)
	if text := w.Flash(w.Send("admin/payments/pay",
		form)); text != "$30.00 to anna is recorded as paid. No money was moved." {
		t.Error(text)
	}
	again := w.Send("admin/payments/pay", form).Want(http.StatusUnprocessableEntity)
	if text := again.One(".pc-problems"); !strings.Contains(text, "from $30.00 to $0.00") {
		t.Error(text)
	}
	if b := w.Balance(w.Anna); b.Paid != money.MustParse("30") || !b.Payable.IsZero() {
		t.Errorf("%+v", b)
	}
	history := w.Open("admin/commissions/history?status=settle").Rows()
	if len(history) != 2 || !strings.Contains(strings.Join(history, "\n"),
		"$20.00 (Cup) was paid to anna. | 1 Jul 2026 | admin") {
		t.Errorf("%q", history)
	}
	if calls := len(w.WordPress.Calls("mail")); calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

// A payment whose amount changed since it was shown is refused with both
// amounts; nonsense is refused, too.
//
// Spec: S84 D19.4
func TestPaymentOfAnotherAmount(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100")
	shown := payForm(w, w.Open("admin/payments"))
	w.Approved(carl, "200")
	refused := w.Send("admin/payments/pay", shown).Want(http.StatusUnprocessableEntity)
	if text := refused.One(".pc-problems"); !strings.Contains(text, "from $10.00 to $30.00") {
		t.Error(text)
	}
	if now := fieldsOf(refused); now.Get("amount") != "30" {
		t.Errorf("the row offers %q", now.Get("amount"))
	}
	for field, value := range map[string]string{"amount": "ten", "currency": "DOLLAR", "partner": "x"} {
		form := url.Values{"partner": shown["partner"], "currency": shown["currency"], "amount": shown["amount"]}
		form.Set(field, value)
		w.Send("admin/payments/pay", form).Want(http.StatusUnprocessableEntity)
	}
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("30") || !b.Paid.IsZero() {
		t.Errorf("%+v", b)
	}
}

// However many admins press the same buttons at once, a commission is approved
// once and a payment recorded once; all others are told so.
//
// Spec: S76 S77.2 S78 S84
func TestManyAdminsAtOnce(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100")
	w.Pending(carl, "200")
	atOnce := func(path string, form url.Values, want int) (n int) {
		codes := make(chan int)
		for range 8 {
			go func() { codes <- w.Post(path, web.Admin, form, w.Boss).Code }()
		}
		for range 8 {
			switch code := <-codes; code {
			case want:
				n++
			case http.StatusSeeOther, http.StatusUnprocessableEntity:
			default:
				t.Errorf("%s answers %d", path, code)
			}
		}
		return n
	}
	atOnce("admin/commissions/approve", url.Values{"pick": w.Open("admin/commissions").Picks()}, http.StatusSeeOther)
	if b := w.Balance(w.Anna); b.Payable != money.MustParse("30") || !b.Pending.IsZero() {
		t.Errorf("%+v", b)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_journals WHERE kind = 'approve'`); n != 2 {
		t.Errorf("%d approvals", n)
	}
	if n := atOnce("admin/payments/pay", payForm(w, w.Open("admin/payments")), http.StatusSeeOther); n != 1 {
		t.Errorf("%d payments went through", n)
	}
	if b := w.Balance(w.Anna); b.Paid != money.MustParse("30") ||
		w.Count(`SELECT COUNT(*) FROM {wp}partner_center_payouts`) != 1 {
		t.Errorf("%+v", b)
	}
}
