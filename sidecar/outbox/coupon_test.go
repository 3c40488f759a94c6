package outbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/money"
)

// shop answers for WooCommerce; refuse holds the error for a code.
func (w *world) shop() (refuse map[string]string) {
	refuse = map[string]string{}
	w.WordPress.Answer("coupon", func(in map[string]any) (int, any) {
		if code := refuse[fmt.Sprint(in["code"])]; code != "" {
			return http.StatusConflict, map[string]any{"code": code, "message": "No."}
		}
		return http.StatusOK, map[string]any{"shop_id": 1}
	})
	return refuse
}

// template saves the program's coupons after change.
func (w *world) template(change func(*coupon.Template)) {
	w.Helper()
	t, found, err := w.coupons.Template(w.Context(), w.program.ID)
	if !found {
		t = coupon.DefaultTemplate(w.program.ID, "USD")
		t.Active = true
	}
	change(&t)
	if err == nil {
		_, err = w.coupons.SaveTemplate(w.Context(), "test", t)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// told are what the shop was told, since the last time.
func (w *world) told(since *int) []string {
	w.Helper()
	w.work()
	told := []string{}
	calls := w.WordPress.Calls("coupon")
	for _, c := range calls[*since:] {
		told = append(told, fmt.Sprintf("%v %v %v", c.In["code"], c.In["on"], c.In["amount"]))
	}
	*since = len(calls)
	slices.Sort(told)
	return told
}

func want(t *testing.T, what string, got []string, wanted ...string) {
	t.Helper()
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: the shop was told %q, want %q", what, got, wanted)
	}
}

// Every partner gets a code; the shop follows the template, the partner and the
// program, and is told once of each change.
//
// Spec: B17.1 B17.3
func TestCouponsFollowTemplateAndPartner(t *testing.T) {
	w, seen := newWorld(t), 0
	w.shop()
	anna, bert := w.Partner(w.program.ID, "anna"), w.Partner(w.program.ID, "bert")
	want(t, "no template", w.told(&seen))
	w.template(func(*coupon.Template) {})
	want(t, "a template", w.told(&seen), "ANNA10 true 10", "BERT10 true 10")
	want(t, "nothing new", w.told(&seen))
	w.template(func(c *coupon.Template) { c.Amount = money.MustParse("15") })
	want(t, "another amount", w.told(&seen), "ANNA10 true 15", "BERT10 true 15")

	must := func(_ affiliate.Partner, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.Registry.SuspendPartner(t.Context(), "test", anna.ID, "test"))
	want(t, "suspended", w.told(&seen), "ANNA10 false <nil>")
	must(w.Registry.ReactivatePartner(t.Context(), "test", anna.ID, "test"))
	want(t, "active again", w.told(&seen), "ANNA10 true 15")
	must(w.Registry.RemovePartner(t.Context(), "test", bert.ID, "test"))
	want(t, "removed", w.told(&seen), "BERT10 false <nil>")
	_, err := w.Registry.ArchiveProgram(t.Context(), "test", w.program.ID)
	must(affiliate.Partner{}, err)
	want(t, "archived", w.told(&seen), "ANNA10 false <nil>")
	_, err = w.Registry.UnarchiveProgram(t.Context(), "test", w.program.ID)
	must(affiliate.Partner{}, err)
	want(t, "open again", w.told(&seen), "ANNA10 true 15")

	_, err = w.coupons.Choose(t.Context(), "anna", anna.ID, "anna-rocks", true)
	must(affiliate.Partner{}, err)
	want(t, "another code", w.told(&seen), "ANNA-ROCKS true 15", "ANNA10 false <nil>")
	w.template(func(c *coupon.Template) { c.Active = false })
	want(t, "switched off", w.told(&seen), "ANNA-ROCKS false <nil>")
}

// Whoever deletes a code in the shop gets it back at once, while its partner should
// have it; the shop's own coupons and other shops' are none of our business.
//
// Spec: B17.3
func TestACouponThatIsDeletedInTheShopIsMadeAgain(t *testing.T) {
	w, seen := newWorld(t), 0
	w.shop()
	anna, bert := w.Partner(w.program.ID, "anna"), w.Partner(w.program.ID, "bert")
	w.template(func(*coupon.Template) {})
	want(t, "a template", w.told(&seen), "ANNA10 true 10", "BERT10 true 10")
	gone := func(shop coupon.Shop, p affiliate.Partner) {
		t.Helper()
		var id coupon.ID
		err := w.DB.Get(t.Context(), &id, `SELECT id FROM {wp}partner_center_coupons WHERE partner_id = ?`, p.ID)
		if err == nil {
			err = coupon.Gone(t.Context(), w.DB, shop, id, w.Clock.Now())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want(t, "nothing new", w.told(&seen))
	gone(coupon.WooCommerce, anna)
	want(t, "deleted", w.told(&seen), "ANNA10 true 10")
	want(t, "made again", w.told(&seen))
	gone(coupon.EDD, anna)
	want(t, "in another shop", w.told(&seen))
	if _, err := w.Registry.SuspendPartner(t.Context(), "test", bert.ID, "test"); err != nil {
		t.Fatal(err)
	}
	want(t, "suspended", w.told(&seen), "BERT10 false <nil>")
	gone(coupon.WooCommerce, bert)
	want(t, "deleted while it is off: it is off", w.told(&seen), "BERT10 false <nil>")
}

// While the shop is away everything waits; what it refuses is said, and tried again.
//
// Spec: B17.1
func TestCouponsSurviveTheShop(t *testing.T) {
	w, seen := newWorld(t), 0
	refuse := w.shop()
	anna := w.Partner(w.program.ID, "anna")
	w.Partner(w.program.ID, "bert")
	w.away = true
	w.template(func(*coupon.Template) {})
	w.work()
	w.Clock.Advance(time.Hour)
	w.work()
	w.away = false
	refuse["ANNA10"] = "partner_center_coupon_taken"
	w.Clock.Advance(time.Minute)
	want(t, "back", w.told(&seen), "ANNA10 true 10", "BERT10 true 10")
	mine := func() coupon.Coupon {
		t.Helper()
		all, err := w.coupons.Of(t.Context(), anna.ID)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0]
	}
	if c := mine(); c.Problem != coupon.Taken || c.Works() {
		t.Errorf("%+v", c)
	}
	want(t, "at once", w.told(&seen))
	w.Clock.Advance(2 * time.Minute)
	want(t, "later", w.told(&seen), "ANNA10 true 10")
	delete(refuse, "ANNA10")
	if err := w.coupons.TryAgain(t.Context(), "test", mine().ID); err != nil {
		t.Fatal(err)
	}
	want(t, "again", w.told(&seen), "ANNA10 true 10")
	if c := mine(); c.Problem != "" || !c.Works() {
		t.Errorf("%+v", c)
	}
}

// A code that an admin finds in the shop can be given to the partner who could not
// have it otherwise; then no other is made for them.
func TestTakenCodeIsAssigned(t *testing.T) {
	w, seen := newWorld(t), 0
	w.shop()["ANNA10"] = "partner_center_coupon_taken"
	anna := w.Partner(w.program.ID, "anna")
	w.template(func(*coupon.Template) {})
	w.work()
	if _, err := w.coupons.Assign(t.Context(), "test", anna.ID, coupon.WooCommerce, " anna10"); err != nil {
		t.Fatal(err)
	}
	w.told(&seen)
	w.Clock.Advance(2 * time.Hour)
	want(t, "assigned", w.told(&seen))
	all, err := w.coupons.Of(t.Context(), anna.ID)
	if err != nil || len(all) != 1 || all[0].Made || !all[0].Works() {
		t.Errorf("%+v, %v", all, err)
	}
	bert := w.Partner(w.program.ID, "bert")
	_, err = w.coupons.Assign(t.Context(), "test", bert.ID, coupon.WooCommerce, "ANNA10")
	if affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Error(err)
	}
}
