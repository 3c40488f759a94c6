package programs_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/wpbridge"
)

// Where people write a comma before decimals, forms show and understand it, to
// the cent; what could mean two numbers is asked again.
func TestNumbersWithACommaAreUnderstood(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = "de_DE" })
	path := "admin/programs/" + w.Gold.ID.String() + "/products/" + w.Cup.ID.String()
	w.Send(path, termsForm("percent", "7,5", "0,25 %")).Want(http.StatusSeeOther)
	page := w.Open(path).Want(http.StatusOK)
	for field, want := range map[string]string{"level1": "7,5", "level2": "0,25"} {
		if got := page.Find("[name="+field+"]").AttrOr("value", ""); got != want {
			t.Errorf("%s is shown as %q, want %q", field, got, want)
		}
	}
	save := func(amount string) *sidecartest.Answer {
		form := w.Open("admin/settings")
		return w.Send("admin/settings", url.Values{"payment_method": {"paypal"}, "credit": {"last"},
			"currency":    {"USD"},
			"cookie_days": {"90"}, "version": {form.Find("[name=version]").AttrOr("value", "")},
			"threshold_amount": {amount}, "threshold_currency": {"USD"}})
	}
	save("1.250").Want(http.StatusUnprocessableEntity) // 1250, or 1.25?
	save("1.250,50").Want(http.StatusSeeOther)
	settings, err := w.Registry.Settings(t.Context())
	w.Must(err)
	if settings.Threshold("USD") != money.MustParse("1250.50") {
		t.Errorf("%v", settings.Thresholds)
	}
	if got := w.Open("admin/settings").Find("[name=threshold_amount]").First().AttrOr("value", ""); got != "1250,50" {
		t.Errorf("shown as %q", got)
	}
	sale := w.Sale("12,34")
	w.LogSale(w.Refer("carl@mail.test", w.Anna), sale).Want(http.StatusSeeOther)
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("0.93") { // 7.5 % of 12.34
		t.Errorf("%+v", b)
	}
}
