package verify_test

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/verify"
)

// Who earned by a coupon is proven by the coupon, and by when it was theirs.
//
// Spec: B1.3 D45
func TestVerifyProvesCoupons(t *testing.T) {
	for damage, code := range map[string]string{
		`UPDATE {wp}partner_center_coupons SET partner_id = partner_id + 1`:              "DECISION_COUPON",
		`DELETE FROM {wp}partner_center_order_coupons`:                                   "DECISION_COUPON",
		`DELETE FROM {wp}partner_center_coupons`:                                         "ORDER_COUPON",
		`UPDATE {wp}partner_center_coupons SET starts_at = starts_at + INTERVAL 1 DAY`:   "ORDER_COUPON",
		`UPDATE {wp}partner_center_coupons SET ends_at = starts_at`:                      "ORDER_COUPON",
		`UPDATE {wp}partner_center_order_coupons SET used_at = used_at + INTERVAL 1 DAY`: "ORDER_COUPON",
	} {
		s := shoptest.New(t)
		p := s.Partner("anna")
		shoptest.Must(s.Coupons.Assign(t.Context(), shoptest.Anna, p.ID, coupon.AnyShop, "ANNA"))(s)
		s.Clock.Advance(time.Second)
		o := s.Sale("eva@example.com", "")
		o.Coupons = []string{"anna"}
		s.Place(o)
		s.WantClean()
		s.Exec(damage)
		found := shoptest.Must(verify.Verify(t.Context(), s.DB))(s)
		if !slices.ContainsFunc(found, func(f verify.Finding) bool { return f.Code == code }) {
			t.Errorf("%s: %+v", damage, found)
		}
	}
}
