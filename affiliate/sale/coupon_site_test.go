package sale_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/sale"
	. "partnercenter/affiliate/shoptest"
)

// assigned gives a partner a coupon of the site's shop.
func assigned(s *Site, p affiliate.Partner, code string) coupon.Coupon {
	s.Helper()
	c := Must(s.Coupons.Assign(s.Context(), Anna, p.ID, coupon.AnyShop, code))(s)
	s.Clock.Advance(time.Second)
	return c
}

func using(o sale.OrderState, codes ...string) sale.OrderState {
	o.Coupons = codes
	return o
}

// Spec: B17.2 D34.3 D45.2 D45.3 S74.3
func TestASaleByCoupon(t *testing.T) {
	s := New(t)
	anna, bert := s.Partner("anna"), s.Partner("bert")
	assigned(s, anna, "anna10")
	o := using(s.Sale("eva@example.com", ""), "unknown", "Anna10")
	r := s.Place(o)
	s.WantEarned(r.OrderID, Earned(1, anna.ID, "pending", "10"))
	if r.Decision.Via != sale.ByCoupon {
		t.Errorf("via %s", r.Decision.Via)
	}
	says := fmt.Sprint(r.Decision.Trace.AdminLines(func(id affiliate.PartnerID) string { return "P" + id.String() }))
	if !strings.Contains(says, "ANNA10") {
		t.Error(says)
	}
	if lines := fmt.Sprint(r.Decision.Trace.PartnerLines(anna.ID)); !strings.Contains(lines, "your coupon ANNA10") {
		t.Error(lines)
	}
	// Coupons write no referrer: the next order without one is nobody's.
	if next := s.Place(s.Sale("eva@example.com", "")); len(next.Commissions) != 0 {
		t.Errorf("%+v", next.Commissions)
	}
	s.WantEarned(s.Place(Refunded(o, "100")).OrderID, Earned(1, anna.ID, "canceled", "0"))

	// Another's click goes before it, unless the settings say otherwise.
	s.Clock.Advance(time.Hour)
	both := s.Place(using(s.Sale("dora@example.com", s.Click(bert)), "ANNA10"))
	s.WantEarned(both.OrderID, Earned(1, bert.ID, "pending", "10"))
	s.Settings(func(set *affiliate.Settings) { set.Coupons = affiliate.CouponWins })
	s.Clock.Advance(time.Second)
	both = s.Place(using(s.Sale("fred@example.com", s.Click(bert)), "ANNA10"))
	s.WantEarned(both.OrderID, Earned(1, anna.ID, "pending", "10"))
	// The click is kept for what comes later.
	s.WantEarned(s.Place(s.Sale("fred@example.com", "")).OrderID, Earned(1, bert.ID, "pending", "10"))

	s.Settings(func(set *affiliate.Settings) { set.Coupons = affiliate.NewestWins })
	s.Clock.Advance(time.Second)
	before := s.Clock.Now()
	s.Clock.Advance(time.Second)
	o = using(s.Sale("gina@example.com", s.Click(bert)), "ANNA10")
	o.CouponsAt = map[string]time.Time{"anna10": before}
	s.WantEarned(s.Place(o).OrderID, Earned(1, bert.ID, "pending", "10"))
	s.WantEarned(s.Place(using(s.Sale("hugo@example.com", s.Click(bert)), "ANNA10")).OrderID,
		Earned(1, anna.ID, "pending", "10"))
	s.WantClean()
}

// Which coupons an order used is settled when it is decided: neither an admin's
// later edit nor a later owner of the code moves the credit, also where a late form
// has the order decided once more.
//
// Spec: D16 D18 D45
func TestLaterCouponsMoveNothing(t *testing.T) {
	s := New(t)
	anna, bert := s.Partner("anna"), s.Partner("bert")
	c := assigned(s, anna, "ANNA10")
	o := using(s.Sale("eva@example.com", ""), "ANNA10")
	first := s.Place(o)
	plain := s.Sale("fred@example.com", "")
	none := s.Place(plain)
	Must(s.Coupons.Release(s.Context(), Anna, c.ID))(s)
	assigned(s, bert, "ANNA10")
	s.Place(Next(o, func(o *sale.OrderState) { o.Coupons = nil }))
	s.Place(Next(plain, func(o *sale.OrderState) { o.Coupons = []string{"ANNA10"} }))
	s.OptIn("eva@example.com", "", o.PlacedAt.Add(-time.Minute))
	s.OptIn("fred@example.com", "", o.PlacedAt.Add(-time.Minute))
	s.WantEarned(first.OrderID, Earned(1, anna.ID, "pending", "10"))
	s.WantEarned(none.OrderID)
	// An order that was placed before the change, and arrives only now.
	late := using(s.Sale("gina@example.com", ""), "ANNA10")
	late.PlacedAt, late.PaidAt = o.PlacedAt, &o.PlacedAt
	s.WantEarned(s.Place(late).OrderID, Earned(1, anna.ID, "pending", "10"))
	s.WantEarned(s.Place(using(s.Sale("hugo@example.com", ""), "ANNA10")).OrderID, Earned(1, bert.ID, "pending", "10"))
	s.WantClean()
}

// A draft of the cart without a buyer settles nothing yet.
//
// Spec: D16 D45
func TestCouponsOfADraft(t *testing.T) {
	s := New(t)
	anna, bert := s.Partner("anna"), s.Partner("bert")
	assigned(s, anna, "ANNA10")
	assigned(s, bert, "BERT10")
	draft := using(s.Sale("", ""), "ANNA10")
	s.Place(draft)
	o := s.Place(Next(draft, func(o *sale.OrderState) {
		o.Buyer.Email, o.Coupons = "eva@example.com", []string{"BERT10", "bert10"}
	}))
	s.WantEarned(o.OrderID, Earned(1, bert.ID, "pending", "10"))
	s.WantClean()
}

// A subscription's later payments stay with whose coupon brought the first, and a
// simulation of another priority changes what it should.
//
// Spec: D23 D45.1 B8
func TestCouponsOfSubscriptionsAndSimulations(t *testing.T) {
	s := New(t)
	anna, bert := s.Partner("anna"), s.Partner("bert")
	assigned(s, anna, "ANNA10")
	first := using(s.Sale("eva@example.com", ""), "ANNA10")
	first.SubscriptionID = "sub-1"
	s.Place(first)
	renewal := s.Sale("eva@example.com", s.Click(bert))
	renewal.SubscriptionID, renewal.Renewal = "sub-1", true
	s.WantEarned(s.Place(renewal).OrderID, Earned(1, anna.ID, "pending", "10"))
	s.Place(using(s.Sale("fred@example.com", s.Click(bert)), "ANNA10"))
	for priority, changed := range map[affiliate.CouponPriority]int{affiliate.ClickWins: 0, affiliate.CouponWins: 1} {
		sim := Must(sale.Simulate(s.Context(), s.DB, Noon, s.Clock.Now().Add(time.Hour),
			sale.Scenario{Coupons: priority}))(s)
		if sim.Changed != changed || sim.Kept != 0 || sim.Orders != 3 {
			t.Errorf("%s: %+v", priority, sim)
		}
	}
	s.WantClean()
}

// Random histories of clicks, forms, orders with and without coupons in random
// order of arrival, refunds, suspended partners and changed settings: the books are
// always proven, and a simulation of what is set changes nothing.
//
// Spec: B1 B3.1 D18 D45
func TestRandomCouponHistories(t *testing.T) {
	checks(t, 12)
	s := New(t)
	partners := []affiliate.Partner{s.Partner("anna"), s.Partner("bert"), s.Partner("carl")}
	codes := []string{"ANNA10", "BERT10", "CARL10", "NOBODYS"}
	for i, p := range partners {
		assigned(s, p, codes[i])
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		began := s.Clock.Now()
		var known, waiting []sale.OrderState
		for range rapid.IntRange(2, 12).Draw(rt, "steps") {
			s.Clock.Advance(time.Minute)
			buyer := fmt.Sprintf("buyer%d-%d@example.com", round, rapid.IntRange(1, 3).Draw(rt, "buyer"))
			p := rapid.SampledFrom(partners).Draw(rt, "partner")
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0, 1, 2:
				cookie := ""
				if now := Must(s.Registry.Partner(s.Context(), p.ID))(s); now.State == affiliate.Active &&
					rapid.Bool().Draw(rt, "clicked") {
					cookie = s.Click(p)
				}
				used := rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 2, rapid.ID[string]).Draw(rt, "codes")
				waiting = append(waiting, using(s.Sale(buyer, cookie), used...))
			case 3:
				s.OptIn(buyer, "", s.Clock.Now().Add(-time.Duration(rapid.IntRange(0, 9).Draw(rt, "late"))*time.Minute))
			case 4:
				if now := Must(s.Registry.Partner(s.Context(), p.ID))(s); now.State == affiliate.Active {
					Must(s.Registry.SuspendPartner(s.Context(), Anna, p.ID, "test"))(s)
				} else {
					Must(s.Registry.ReactivatePartner(s.Context(), Anna, p.ID, "test"))(s)
				}
				s.OK(s.Refresh())
			case 5:
				s.Settings(func(set *affiliate.Settings) {
					set.Coupons = rapid.SampledFrom([]affiliate.CouponPriority{affiliate.ClickWins,
						affiliate.CouponWins, affiliate.NewestWins}).Draw(rt, "priority")
				})
			case 6:
				if len(known) > 0 {
					i := rapid.IntRange(0, len(known)-1).Draw(rt, "refunded")
					known[i] = Refunded(known[i], "40")
					s.Place(known[i])
				}
			}
			if len(waiting) > 0 && rapid.Bool().Draw(rt, "arrives") {
				i := rapid.IntRange(0, len(waiting)-1).Draw(rt, "which")
				s.Place(waiting[i])
				known, waiting = append(known, waiting[i]), slices.Delete(waiting, i, i+1)
			}
		}
		for _, o := range waiting {
			s.Place(o)
		}
		s.WantClean()
		sim := Must(sale.Simulate(s.Context(), s.DB, began, s.Clock.Now().Add(time.Hour), sale.Scenario{}))(s)
		if sim.Changed != 0 || t.Failed() {
			rt.Fatalf("%+v", sim)
		}
	})
}
