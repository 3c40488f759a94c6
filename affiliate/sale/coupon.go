package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/reason"
	"partnercenter/clock"
	"partnercenter/db"
)

// couponOwner is the partner whose coupon counts for an order, where they stood when
// it was placed.
type couponOwner struct {
	coupon.Used
	enrollment enrollment
	policy     affiliate.Policy // of their program
}

// saveCoupons keeps which partners' coupons an order used in its first state that
// names the buyer. Later ones add none (D16): a code that an admin enters into an
// order moves nobody's credit.
func saveCoupons(ctx context.Context, q db.Queryer, id affiliate.OrderID, s OrderState) error {
	if s.email() == "" {
		return nil // nothing is decided for good
	}
	used, err := coupon.OwnersAt(ctx, q, s.Source, s.Coupons, s.PlacedAt)
	if err != nil || len(used) == 0 {
		return err
	}
	rows := [][]any{}
	for _, u := range used {
		rows = append(rows, []any{id, u.CouponID, s.couponAt(u.Code)})
	}
	return db.Insert(ctx, q, `/* sale.saveCoupons */
		INSERT INTO {wp}partner_center_order_coupons (order_id, coupon_id, used_at) VALUES `, rows, "")
}

// couponAt is when a code came into the basket: never after the order.
func (s OrderState) couponAt(code string) time.Time {
	for name, at := range s.CouponsAt {
		if at = clock.Cut(at); coupon.Fold(name) == code && at.Before(s.PlacedAt) {
			return at
		}
	}
	return s.PlacedAt
}

// couponsOf are the partners' coupons that orders used, of each the last one in the
// basket first.
func couponsOf(ctx context.Context, q db.Queryer, us []undecided) (map[affiliate.OrderID][]coupon.Used, error) {
	ids := []affiliate.OrderID{}
	for _, u := range us {
		ids = append(ids, u.order)
	}
	rows := []struct {
		OrderID affiliate.OrderID `db:"order_id"`
		coupon.Used
	}{}
	err := db.SelectIn(ctx, q, &rows, `/* sale.couponsOf */
		SELECT u.order_id, u.coupon_id, c.partner_id, c.code, u.used_at FROM {wp}partner_center_order_coupons u
		JOIN {wp}partner_center_coupons c ON c.id = u.coupon_id WHERE u.order_id IN (?)
		ORDER BY u.used_at DESC, c.id`, ids)
	used := map[affiliate.OrderID][]coupon.Used{}
	for _, r := range rows {
		used[r.OrderID] = append(used[r.OrderID], r.Used)
	}
	return used, err
}

// use notes the coupons; the one that came into the basket last counts.
func (f *facts) use(coupons []coupon.Used) {
	f.coupons = coupons
	if len(coupons) > 0 {
		f.owner.Used = coupons[0]
	}
}

// claims are the facts as seen by whoever could be credited, first who goes first:
// the buyer's referrer, the owner of the coupon, or both (D45).
func (f facts) claims() []facts {
	if f.owner.PartnerID == 0 || f.override {
		return []facts{f}
	}
	owner := f
	owner.byCoupon, owner.enrollment, owner.policy = true, f.owner.enrollment, f.owner.policy
	if f.candidate().PartnerID == 0 {
		return []facts{owner}
	}
	if f.couponFirst() {
		return []facts{owner, f}
	}
	return []facts{f, owner}
}

// couponFirst tells whether the coupon goes before the referrer. Where both are one
// partner's the click does, which knows the promo tool, unless nothing proves it.
func (f facts) couponFirst() bool {
	if r := f.candidate(); r.PartnerID == f.owner.PartnerID {
		return !r.Proof.Proven()
	}
	switch f.settings.Coupons {
	case affiliate.CouponWins:
		return true
	case affiliate.NewestWins:
		referred := later(f.lastClick(), f.lastAssigned())
		return !f.owner.UsedAt.Before(referred)
	}
	return false
}

// noteCoupons notes which coupons the order used.
func (d *Decision) noteCoupons(f facts) {
	for _, used := range f.coupons {
		d.Trace.add(reason.CouponUsed, "coupon", used.Code, "owner", used.PartnerID, "used", instant(&used.UsedAt))
	}
}

// compare names both partners where there are two.
func (d *Decision) compare(claims []facts) {
	if len(claims) < 2 || claims[0].candidate().PartnerID == claims[1].candidate().PartnerID {
		return
	}
	code, click := reason.ClickBeforeCoupon, claims[0]
	if claims[0].byCoupon {
		code, click = reason.CouponBeforeClick, claims[1]
	}
	d.Trace.add(code, "coupon", click.owner.Code, "owner", click.owner.PartnerID, "referrer",
		click.candidate().PartnerID, "priority", click.settings.Coupons)
}

// yields are the refusals after which the other of two claims is tried: the partner
// may not earn, or what referred the buyer no longer counts. What stands against the
// sale itself, such as a purchase of the partner's own, credits nobody (D28).
var yields = map[reason.Code]bool{
	reason.PartnerNotActive: true, reason.NoProgram: true, reason.ProgramArchived: true, reason.NoReferrer: true,
	reason.NoFirstReferrer: true, reason.CookieExpired: true, reason.CreditLapsed: true, reason.LiveClickMissing: true,
	reason.PromotionMissed: true, reason.ReferralReset: true,
}
