package orders_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
)

// A sale that no cart reports makes the pending commission, charges no card,
// and says which commission it made or why none.
//
// Spec: S24.2 S73.1 S74.2 S75.1
func TestLoggedSaleMakesAPendingCommission(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	form := w.Open("admin/contacts/" + carl.String() + "/log").Want(http.StatusOK)
	if !strings.Contains(form.Text, "no card is charged") {
		t.Error("the page does not say that no card is charged")
	}
	logged := w.LogSale(carl, w.Sale("99.99"))
	if text := w.Flash(logged); text != "Sale logged. No card was charged. anna earns $10.00 (level 1, Pending)." {
		t.Error(text)
	}
	list := w.Open("admin/commissions")
	if rows := list.Rows(); len(rows) != 2 || !strings.Contains(rows[0], "Carl <carl@mail.test>") ||
		!strings.Contains(rows[1], "Cup | anna level 1 | $99.99 | 10% | $10.00 |") {
		t.Errorf("%q", rows)
	}
	stranger := w.LogSale(w.Stranger("dora@mail.test"), w.Sale("50"))
	if text := w.Flash(stranger); !strings.Contains(text,
		"No one gets credit: this buyer never used a partner link that we recorded.") {
		t.Error(text)
	}
	pen, err := w.Registry.CreateProduct(t.Context(), "test", affiliate.Product{Name: "Pen"})
	w.Must(err)
	unlisted := w.Sale("50")
	unlisted["product"] = []string{pen.ID.String(), ""}
	if text := w.Flash(w.LogSale(carl, unlisted)); !strings.Contains(text,
		"Pen, anna, level 1: No commission: product not commissionable in the program Gold.") {
		t.Error(text)
	}
}

// Several lines with quantities are one order; a form sent twice is one sale.
//
// Spec: S13.2 S75
func TestLoggedSaleOfSeveralLines(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	form := w.Sale("30")
	form["product"], form["quantity"], form["amount"] = []string{w.Cup.ID.String(), "", w.Cup.ID.String()},
		[]string{"1", "1", "2.5"}, []string{"30", "", "20.50"}
	w.LogSale(carl, form).Want(http.StatusSeeOther)
	again := w.LogSale(carl, form)
	if text := w.Flash(again); text != "This sale is already logged. Nothing was changed." {
		t.Error(text)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders`); n != 1 {
		t.Errorf("%d orders", n)
	}
	if b := w.Balance(w.Anna); b.Pending != money.MustParse("5.05") {
		t.Errorf("pending: %s", b.Pending)
	}
	orders := w.Open("admin/contacts/" + carl.String() + "/orders")
	if summary := orders.Texts("details:not(.pc-more) > summary"); len(summary) != 1 || !strings.Contains(summary[0], "$50.50") ||
		!strings.Contains(summary[0], "anna gets credit") {
		t.Errorf("%q", summary)
	}
	if steps := strings.Join(orders.Texts(".pc-steps li"), "\n"); !strings.Contains(steps, "10% of $20.50") {
		t.Error(steps)
	}
}

// Spec: S75
func TestLoggedSaleKeepsWhatWasTyped(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	good := w.Sale("30")
	for name, test := range map[string]struct {
		change  func(url.Values)
		problem string
	}{
		"nothing": {func(f url.Values) { f["product"], f["amount"] = []string{"", ""}, []string{"", ""} },
			"at least one product"},
		"no product":   {func(f url.Values) { f["product"] = []string{"", ""} }, "choose a product"},
		"gone product": {func(f url.Values) { f["product"] = []string{"4711", ""} }, "no longer exists"},
		"words": {func(f url.Values) { f["amount"] = []string{"<script>alert(1)</script> 😀", ""} },
			"amounts like"},
		"negative":      {func(f url.Values) { f["amount"] = []string{"-5", ""} }, "amounts like"},
		"no quantity":   {func(f url.Values) { f["quantity"] = []string{"0", "1"} }, "quantities like"},
		"huge":          {func(f url.Values) { f["amount"] = []string{"99999999999999999999", ""} }, "amounts like"},
		"no currency":   {func(f url.Values) { f.Set("currency", "QQQ") }, "three letters"},
		"other status":  {func(f url.Values) { f.Set("status", "void") }, "from the list"},
		"long note":     {func(f url.Values) { f.Set("note", strings.Repeat("é", 501)) }, "at most 500"},
		"without an id": {func(f url.Values) { f.Set("form", "") }, "open the form again"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			for key, values := range good {
				form[key] = append([]string{}, values...)
			}
			test.change(form)
			a := w.LogSale(carl, form).Want(http.StatusUnprocessableEntity)
			if all := strings.Join(append(a.Texts(".pc-problem"), a.Texts(".pc-problems")...),
				" "); !strings.Contains(all, test.problem) {
				t.Errorf("it says %q", all)
			}
			if kept := a.Find("input[name=amount]").First().AttrOr("value", ""); kept != form["amount"][0] {
				t.Errorf("amount %q became %q", form["amount"][0], kept)
			}
		})
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_orders`); n != 0 {
		t.Errorf("%d orders", n)
	}
	more := w.LogSale(carl, url.Values{"more": {"1"}, "form": {"x"}, "currency": {"USD"}, "status": {"paid"},
		"note": {"hi"}, "product": {w.Cup.ID.String()}, "quantity": {"2"}, "amount": {"7"}}).Want(http.StatusOK)
	if n := more.Find("select[name=product]").Length(); n != 4 || more.One("textarea[name=note]") != "hi" {
		t.Errorf("%d lines", n)
	}
}
