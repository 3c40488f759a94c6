package programs_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
)

// template is the coupons' form, filled in.
func template(revision string) url.Values {
	return url.Values{"revision": {revision}, "active": {"1"}, "shop": {"woocommerce"}, "kind": {"percent"},
		"amount": {"10"}, "minimum": {""}, "expires_on": {""}, "pattern": {"{name}{amount}"}, "partners_choose": {"1"}}
}

// shop answers for WooCommerce: it refuses codes of taken, and has those of has.
func shop(w *sidecartest.Shop, taken, has map[string]bool) {
	w.WordPress.Answer("ping", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{} })
	w.WordPress.Answer("coupon", func(in map[string]any) (int, any) {
		if taken[in["code"].(string)] {
			return http.StatusConflict, map[string]string{"code": "partner_center_coupon_taken", "message": "No."}
		}
		return http.StatusOK, map[string]any{"shop_id": 1}
	})
	w.WordPress.Answer("coupon-find", func(in map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"found": has[in["code"].(string)]}
	})
}

// sold takes in a paid order of the shop that used a code, by a buyer with a click or without.
func sold(w *sidecartest.Shop, n, code, click string) sale.Result {
	w.Helper()
	now, one := w.Clock.Now(), money.MustParse("100")
	quantity, err := money.ParseQuantity("1")
	w.Must(err)
	r, err := w.Sales.Converge(w.Context(), sale.OrderState{Source: "woocommerce", ExternalID: n, Version: 1, At: now,
		PlacedAt: now, PaidAt: &now, Status: sale.OrderPaid, Currency: "USD", Total: one, Click: click,
		Coupons: []string{code}, Buyer: sale.Buyer{Email: "buyer" + n + "@mail.test"},
		Lines: []sale.LineState{{Line: "1", Product: sale.ProductRef{ID: w.Cup.ID}, Name: "Cup", Quantity: quantity,
			Base: one}}})
	w.Must(err)
	return r
}

// Coupons are switched on in the program; the list shows each partner's code, what
// became of it, how it was used, and hints at codes that went astray.
//
// Spec: B17.1 B17.4 D45.3
func TestCouponsOfAProgram(t *testing.T) {
	w := sidecartest.NewShop(t)
	taken := map[string]bool{"BERT10": true}
	shop(w, taken, nil)
	path := "admin/programs/" + w.Gold.ID.String() + "/coupons"
	if text := w.Open(path).Want(http.StatusOK).One(".pc-empty"); !strings.Contains(text, "No partner has a coupon") {
		t.Error(text)
	}
	w.Join("bert")
	if text := w.Flash(w.Send(path, template("0"))); !strings.Contains(text, "coupons are saved") {
		t.Error(text)
	}
	w.Settle()
	w.Clock.Advance(time.Second)
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		sold(w, n, "anna10", "")
	}
	rows := w.Open(path).Rows()
	if len(rows) != 2 || !strings.HasPrefix(rows[1], "BERT10") ||
		!strings.Contains(rows[1], "already has a coupon with this code") ||
		!strings.HasPrefix(rows[0], "ANNA10") || !strings.Contains(rows[0], "coupon site") ||
		!strings.HasSuffix(rows[0], "partner. | 5 | 5 | 5") {
		t.Errorf("%q", rows)
	}
	if text := w.Open("admin").Want(http.StatusOK).Text; !strings.Contains(text, "1 partner coupon isn") {
		t.Error("the overview does not tell the conflict")
	}
	with := sold(w, "6", "ANNA10", w.Click(w.Anna).Value)
	for query, want := range map[string]string{"?status=with_problem": "BERT10", "?q=bert": "BERT10", "?q=anna1": "ANNA10"} {
		if got := w.Open(path + query).Rows(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s finds %q", query, got)
		}
	}
	if got := w.Open(path + "?sort=-code").Rows(); !strings.HasPrefix(got[0], "BERT10") {
		t.Errorf("%q", got)
	}
	file := w.Open("admin/reports/coupons.csv?status=with_problem&program=" + w.Gold.ID.String()).Want(http.StatusOK)
	if !strings.Contains(file.Text, "BERT10") || strings.Contains(file.Text, "ANNA10") {
		t.Error(file.Text)
	}
	if got := w.Open(path).Rows()[0]; !strings.Contains(got, "| 6 | 5 | 5") {
		t.Error(got)
	}
	why := w.Open("admin/commissions/orders/" + with.OrderID.String()).Want(http.StatusOK).Text
	if !strings.Contains(why, "ANNA10") || !strings.Contains(why, "The order came with a click on") {
		t.Error("the order's page does not name coupon and click")
	}

	// What to do about the conflict: choose another code, or free it in the shop.
	var bert affiliate.PartnerID
	w.Must(w.DB.Get(t.Context(), &bert, `SELECT partner_id FROM {wp}partner_center_coupons WHERE code = 'BERT10'`))
	if text := w.Flash(w.Send(path+"/code",
		url.Values{"partner": {bert.String()}, "code": {"bertie"}})); !strings.Contains(
		text, "BERTIE") {
		t.Error(text)
	}
	w.Settle()
	if text := strings.Join(w.Open(path).Rows(), "\n"); !strings.Contains(text, "BERTIE") ||
		strings.Contains(text, "BERT10") {
		t.Error(text)
	}
	if got := w.Open(path + "?q=bertie").Rows(); len(got) != 1 {
		t.Errorf("%q", got)
	}
	w.Send(path, template("0")).Want(http.StatusConflict) // somebody else saved it
}

func TestWrongCouponForms(t *testing.T) {
	w := sidecartest.NewShop(t)
	shop(w, nil, nil)
	path := "admin/programs/" + w.Gold.ID.String() + "/coupons"
	for field, value := range map[string]string{"amount": "ten", "minimum": "-1", "expires_on": "soon",
		"pattern": "SALE", "kind": "gift", "shop": "ebay"} {
		form := template("0")
		form.Set(field, value)
		a := w.Send(path, form).Want(http.StatusUnprocessableEntity)
		if a.Find(`#pc-`+field+`-notes .pc-problem`).Length() != 1 {
			t.Errorf("%s: nothing is said beside the field", field)
		}
		if value != "gift" && value != "ebay" && a.Find(`[name=`+field+`]`).AttrOr("value", "") != value {
			t.Errorf("%s lost what was typed", field)
		}
	}
	for name, form := range map[string]url.Values{
		"partner": {"partner": {"nobody"}, "code": {"HAVE"}, "shop": {"woocommerce"}},
		"code":    {"partner": {w.Anna.Code}, "code": {"NOT-THERE"}, "shop": {"woocommerce"}},
	} {
		a := w.Send(path+"/assign", form).Want(http.StatusUnprocessableEntity)
		if a.Find(`#pc-`+name+`-notes .pc-problem`).Length() != 1 {
			t.Errorf("assigning: nothing is said beside %s", name)
		}
	}
}

// An existing coupon of the shop is given to a partner, and taken again.
func TestCouponIsAssigned(t *testing.T) {
	w := sidecartest.NewShop(t)
	shop(w, nil, map[string]bool{"summer": true})
	path := "admin/programs/" + w.Gold.ID.String() + "/coupons"
	form := url.Values{"partner": {"anna@mail.test"}, "code": {"summer"}, "shop": {"woocommerce"}}
	var email string
	w.Must(w.DB.Get(t.Context(), &email, `SELECT email FROM {wp}partner_center_contacts WHERE id = ?`,
		w.Anna.ContactID))
	form.Set("partner", email)
	if text := w.Flash(w.Send(path+"/assign", form)); !strings.Contains(text, "SUMMER") {
		t.Error(text)
	}
	w.Clock.Advance(time.Second)
	if r := sold(w, "1", "Summer", ""); r.Decision.PartnerID != w.Anna.ID {
		t.Errorf("%+v", r.Decision)
	}
	if rows := w.Open(path).Rows(); len(rows) != 1 || !strings.Contains(rows[0], "Your own coupon, assigned | 1 | 1") {
		t.Errorf("%q", rows)
	}
	var id coupon.ID
	w.Must(w.DB.Get(t.Context(), &id, `SELECT id FROM {wp}partner_center_coupons`))
	w.Follow(w.Send(path+"/"+id.String()+"/release", url.Values{}))
	w.Clock.Advance(time.Second)
	if r := sold(w, "2", "Summer", ""); r.Decision.PartnerID != 0 {
		t.Errorf("%+v", r.Decision)
	}
}
