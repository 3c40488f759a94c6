package sale

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
)

// withCoupon are facts of judged in which the order used a coupon of partner 3, who
// is in program 6; partner 1 referred the buyer by a click 10 days ago.
func withCoupon(priority affiliate.CouponPriority, used time.Time, change ...func(*facts)) facts {
	f := judged(func(*affiliate.Policy) {})
	f.settings.Coupons = priority
	f.coupons = []coupon.Used{{CouponID: 8, PartnerID: 3, Code: "CARL10", UsedAt: used}}
	f.owner = couponOwner{Used: f.coupons[0], policy: affiliate.DefaultPolicy(6, 1),
		enrollment: enrollment{State: affiliate.Active, MembershipID: 14, ProgramID: 6, Tiers: 1}}
	f.owner.enrollment.person = identify(30, 31, "carl@example.com", "")
	for _, c := range change {
		c(&f)
	}
	return f
}

// Spec: S74.3 D45.1 D45.2 D45.3 B17.2
func TestCouponOrClick(t *testing.T) {
	nobody := func(f *facts) { f.referrers, f.past, f.enrollment = tracking.Referrers{}, nil, enrollment{} }
	for _, test := range []struct {
		name    string
		f       facts
		partner affiliate.PartnerID
		via     Via
		says    reason.Code
	}{
		{"no click", withCoupon(affiliate.ClickWins, noon, nobody), 3, ByCoupon, reason.ViaCoupon},
		{"click wins", withCoupon(affiliate.ClickWins, noon), 1, Stored, reason.ClickBeforeCoupon},
		{"coupon wins", withCoupon(affiliate.CouponWins, ago(30)), 3, ByCoupon, reason.CouponBeforeClick},
		{"newest wins: the coupon", withCoupon(affiliate.NewestWins, ago(1)), 3, ByCoupon, reason.CouponBeforeClick},
		{"newest wins: the click", withCoupon(affiliate.NewestWins, ago(11)), 1, Stored, reason.ClickBeforeCoupon},
		{"the click's partner is suspended", withCoupon(affiliate.ClickWins, noon, func(f *facts) {
			f.enrollment.State = affiliate.Suspended
		}), 3, ByCoupon, reason.PartnerNotActive},
		{"the coupon's partner is suspended", withCoupon(affiliate.CouponWins, noon, func(f *facts) {
			f.owner.enrollment.State = affiliate.Suspended
		}), 1, Stored, reason.PartnerNotActive},
		{"the click has lapsed", withCoupon(affiliate.ClickWins, noon, func(f *facts) {
			f.policy.Credit, f.policy.CreditDays = affiliate.StoredForDays, 3
		}), 3, ByCoupon, reason.CreditLapsed},
		{"the coupon is live enough for a program that wants live clicks", withCoupon(affiliate.ClickWins, noon, nobody,
			func(f *facts) { f.owner.policy.Credit = affiliate.LiveClick }), 3, ByCoupon, reason.CouponUsed},
		{"both are one partner's: the click knows the tool", withCoupon(affiliate.CouponWins, noon, func(f *facts) {
			f.owner.PartnerID = 1
		}), 1, Stored, reason.CouponUsed},
		{"both are one partner's, whose click nothing proves", withCoupon(affiliate.ClickWins, noon, func(f *facts) {
			f.owner.PartnerID, f.referrers.Last.Proof = 1, affiliate.Unproven
		}), 1, ByCoupon, reason.ViaCoupon},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := wantJudged(t, test.f, reason.Credited, test.says, reason.CouponUsed)
			if d.PartnerID != test.partner || d.Via != test.via {
				t.Errorf("credited partner %d via %s, want %d via %s", d.PartnerID, d.Via, test.partner, test.via)
			}
		})
	}
}

// A purchase of their own credits nobody, neither the partner nor whoever comes next.
//
// Spec: D28.1 D29.1 D45
func TestOwnCouponCreditsNobody(t *testing.T) {
	f := withCoupon(affiliate.CouponWins, noon, func(f *facts) {
		f.owner.policy.SelfReferral = affiliate.DenySelf
		f.person = identify(30, 0, "carl@example.com", "")
	})
	wantJudged(t, f, reason.SelfReferred, reason.CouponBeforeClick)
	f.owner.enrollment, f.enrollment = enrollment{}, enrollment{}
	wantJudged(t, f, reason.PartnerNotActive)
}

// Whatever the setting, a sale that either of two partners may earn is credited to
// one of them, the same one each time, and without a coupon nothing is different.
//
// Spec: D45.1
func TestCouponsDecideOnlyBetweenTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		priority := rapid.SampledFrom([]affiliate.CouponPriority{affiliate.ClickWins, affiliate.CouponWins,
			affiliate.NewestWins}).Draw(t, "priority")
		f := withCoupon(priority, ago(float64(rapid.IntRange(0, 20).Draw(t, "used"))))
		if rapid.Bool().Draw(t, "click's partner is gone") {
			f.enrollment.State = affiliate.Removed
		}
		if rapid.Bool().Draw(t, "coupon's partner is gone") {
			f.owner.enrollment.State = affiliate.Removed
		}
		d := decide(f)
		click, owner := f.enrollment.State == affiliate.Active, f.owner.enrollment.State == affiliate.Active
		if (d.PartnerID != 0) != (click || owner) || d.PartnerID == 1 && !click || d.PartnerID == 3 && !owner {
			t.Fatalf("credited partner %d, by %+v", d.PartnerID, d.Trace.Steps)
		}
		if diff := cmp.Diff(fmt.Sprint(d), fmt.Sprint(decide(f))); diff != "" {
			t.Fatal(diff)
		}
		plain := f
		plain.coupons, plain.owner = nil, couponOwner{}
		if d := decide(plain); click != (d.PartnerID == 1) || d.Via == ByCoupon {
			t.Fatalf("without a coupon, partner %d via %s", d.PartnerID, d.Via)
		}
	})
}
