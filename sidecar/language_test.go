package sidecar_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/wpbridge"
)

// Each page of the admin in a locale that marks what went through the
// catalogue: any other word is somebody's own, or was forgotten.
func TestNoAdminPageHasABareSentence(t *testing.T) {
	w := sidecartest.NewShop(t)
	pages := bareShop(w)
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = sidecartest.Marking })
	for _, path := range pages {
		page := w.Open(path)
		if page.Code != http.StatusOK && path != "admin/no-such-page" && path != "admin/commissions?from=x" {
			t.Errorf("%s: %d", path, page.Code)
		}
		for _, bare := range page.BareWords(namesOfShop...) {
			t.Errorf("%s: %q", path, bare)
		}
	}
	program := "admin/programs/" + w.Gold.ID.String()
	for path, form := range map[string]url.Values{
		"admin/settings":                      {"cookie_days": {"x"}, "currency": {"QQQ"}},
		"admin/programs":                      {},
		"admin/partners":                      {"email": {"none"}},
		program:                               {},
		program + "/products":                 {"product": {""}},
		program + "/tools":                    {"kind": {"link"}},
		"admin/settings/connections/keys":     {},
		"admin/settings/connections/webhooks": {"url": {"none"}},
		"admin/commissions/cancel":            {"pick": {"1.1"}},
		"admin/contacts/1/log":                {"product": {"x"}, "quantity": {"x"}, "amount": {"x"}},
	} {
		for _, bare := range w.Send(path, form).BareWords(namesOfShop...) {
			t.Errorf("%s refused: %q", path, bare)
		}
	}
}

// namesOfShop are what people and programs are called in bareShop.
var namesOfShop = []string{"anna@mail.test", "max@mail.test", "carl@mail.test", "dora@mail.test", "Carl", "Dora Doe", "anna", "Cup", "logged-formb", "logged-formc",
	"logged-formd", "admin", "mail",
	"https://shop.test/opt-in", "Gold", "Europe/Berlin", "Tool to https://shop.test/cups", "https://shop.test/cups", "Tracker", "PayPal"}

// bareShop has something of everything, and returns the admin's pages that show it.
func bareShop(w *sidecartest.Shop) []string {
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100", "200")
	w.Approved(carl, "300")
	w.Stranger("max@mail.test")
	dora := w.Apply("dora@mail.test")
	w.Send("admin/settings/connections/keys", url.Values{"kind": {"pixel"}, "name": {"Tracker"}}).Want(http.StatusOK)
	w.Send("admin/settings/connections/webhooks", url.Values{"kind": {"webhook"}, "name": {"Tracker"},
		"url": {"https://hook.test/x"}, "event": {"commission.earned"}})
	program, contact := "admin/programs/"+w.Gold.ID.String(), "admin/contacts/"+carl.String()
	pages := []string{"admin", "admin/settings", "admin/settings/connections", "admin/programs", "admin/programs/new",
		program, program + "/signup", program + "/products", program + "/products?q=nothing", program + "/tools",
		program + "/tools?archived=1", program + "/tools/" + w.Link.ID.String(),
		program + "/products/" + w.Cup.ID.String(), program + "/tools/new?kind=link", program + "/tools/new?kind=email",
		program + "/tools/new?kind=banner", "admin/partners", "admin/partners/new", "admin/partners?q=nothing",
		"admin/partners/" + w.Anna.ID.String(), "admin/partners/" + dora.String(), "admin/contacts",
		"admin/contacts?q=nothing", contact, contact + "/history", contact + "/orders", contact + "/log",
		"admin/commissions", "admin/commissions?q=nothing", "admin/commissions?from=x", "admin/commissions/due",
		"admin/commissions/due/" + w.Anna.ID.String() + "?currency=USD", "admin/commissions/history",
		"admin/commissions/paypal?currency=USD", "admin/commissions/paypal?currency=EUR", "admin/no-such-page"}
	var orders []affiliate.OrderID
	w.Must(w.DB.Select(w.Context(), &orders, `SELECT id FROM {wp}partner_center_orders`))
	var commissions []int64
	w.Must(w.DB.Select(w.Context(), &commissions, `SELECT id FROM {wp}partner_center_commissions`))
	w.Exec(`UPDATE {wp}partner_center_orders SET review = ? LIMIT 1`, "TOTAL_MISMATCH")
	for _, order := range orders {
		pages = append(pages, "admin/commissions/orders/"+order.String())
	}
	for _, c := range commissions {
		pages = append(pages, "admin/commissions/"+affiliate.ID[sale.Order](c).String())
	}
	return pages
}
