package orders_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/reason"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The list has every order with its state, whom it credits and why it needs a
// review, and finds them by number, customer, partner and state; so do its files.
func TestOrdersAreListed(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "100")
	form := w.Sale("40")
	form.Set("status", "unpaid")
	form.Set("number", "INV-8")
	w.LogSale(w.Stranger("dora@mail.test"), form).Want(http.StatusSeeOther)
	w.Exec(`UPDATE {wp}partner_center_orders SET review = ? WHERE number = 'INV-8'`, reason.ReviewTotal)
	all := w.Open("admin/orders").Want(http.StatusOK).Rows()
	if len(all) != 2 || !strings.Contains(all[0], "INV-8") || !strings.Contains(all[0],
		"| dora@mail.test | $40.00 | Unpaid | No one | ") || !strings.Contains(all[1],
		"| Carl <carl@mail.test> | $100.00 | Completed | anna | $10.00") {
		t.Fatalf("%q", all)
	}
	for query, want := range map[string]string{"q=inv-8": "INV-8", "q=dora": "INV-8", "q=anna": "anna",
		"q=" + w.Anna.Code: "anna", "status=on_review": "INV-8", "status=uncredited": "INV-8",
		"status=completed": "anna", "program=" + w.Gold.ID.String(): "anna", "partner=" + w.Anna.ID.String(): "anna"} {
		if rows := w.Open("admin/orders?" + query).Want(http.StatusOK).Rows(); len(rows) != 1 ||
			!strings.Contains(rows[0], want) {
			t.Errorf("%s: %q", query, rows)
		}
	}
	if a := w.Open("admin/orders?q=nothing").Want(http.StatusOK); a.Find(".pc-empty").Length() != 1 {
		t.Error("nothing found, and no word about it")
	}
	if file := w.Open("admin/reports/orders.csv").Want(http.StatusOK).Text; strings.Count(file, "\n") != 3 {
		t.Error(file)
	}
	asked := w.Send("admin/orders/bulk", url.Values{"bulk": {"rerun"}, "all": {"1"}}).Want(http.StatusOK)
	if asked.Find(`input[name=order]`).Length() != 2 || asked.Find(`input[name=by]`).Length() != 0 {
		t.Error("all that match are not asked about")
	}
	w.Send("admin/orders/bulk", url.Values{"bulk": {"rerun"}}).Want(http.StatusUnprocessableEntity)
	id := only(w).String()
	w.Flash(w.Send("admin/orders/"+id+"/reviewed", nil))
	if rows := w.Open("admin/orders?status=on_review").Rows(); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
	for _, right := range []string{web.CanApprove, web.CanPay, web.CanSettings} {
		user := w.Login(w.User("u"+right, right))
		w.Get("admin/orders", web.Admin, user).Want(http.StatusForbidden)
		w.Get("admin/reports/orders.csv", web.Admin, user).Want(http.StatusForbidden)
	}
	viewer := w.Login(w.User("vera", web.CanView))
	if page := w.Get("admin/orders", web.Admin, viewer).Want(http.StatusOK); page.Find(
		`a[href*="new"], a[href*="rerun"]`).Length() != 0 {
		t.Error("a viewer is offered what is refused")
	}
}

// One commission for each line and level, and the page shows them by line.
//
// Spec: S13.3
func TestTheOrderGroupsItsCommissionsByLine(t *testing.T) {
	w := sidecartest.NewShop(t)
	rita := w.Partner(w.Gold.ID, "rita")
	_, err := w.Registry.ChangeRecruiter(t.Context(), "test", w.Anna.ID, rita.ID, "x")
	w.Must(err)
	w.Clock.Advance(1)
	form := w.Sale("100")
	form["product"], form["quantity"], form["amount"] = []string{w.Cup.ID.String(), w.Cup.ID.String()},
		[]string{"1", "1"}, []string{"100", "60"}
	w.LogSale(w.Refer("carl@mail.test", w.Anna), form).Want(http.StatusSeeOther)
	page := w.Open("admin/orders/" + only(w).String())
	groups := page.Texts(".pc-grouped tbody")
	if len(groups) != 2 || !strings.Contains(groups[0], "anna level 1 Pending $10.00") ||
		!strings.Contains(groups[0], "rita level 2 Pending $5.00") ||
		!strings.Contains(groups[1], "anna level 1 Pending $6.00") {
		t.Errorf("%q", groups)
	}
	if foot := page.One(".pc-grouped tfoot"); !strings.Contains(foot, "$24.00") {
		t.Error(foot)
	}
}
