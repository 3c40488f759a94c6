package sale_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Subscriptions, refunds and a re-run: whatever the order of arrival, with
// repetitions, the same people have the same.
//
// Spec: D18.1 D23 D24 D39.1 B3.1
func TestTheOrderOfArrivalDoesNotMatterForSubscriptions(t *testing.T) {
	checks(t, 25)
	s := newSite(t)
	sellers := []affiliate.Partner{s.Partner("a"), s.Partner("b", s.Partner("r")), s.Partner("c")}
	rapid.Check(t, func(rt *rapid.T) {
		s.forget()
		cookies := []string{"", s.Click(sellers[0]), s.Click(sellers[1])}
		first := s.Sale("bob@example.com", rapid.SampledFrom(cookies).Draw(rt, "cookie"))
		first.SubscriptionID = "plan " + first.ExternalID
		states := []sale.OrderState{first}
		for month := range rapid.IntRange(0, 3).Draw(rt, "renewals") {
			o := s.renewed(first, month+1)
			o.Renewal, o.Click = rapid.Bool().Draw(rt, "the cart says so"), rapid.SampledFrom(cookies).Draw(rt,
				"cookie")
			if rapid.Bool().Draw(rt, "another buyer") {
				o.Buyer.Email = "bob@example.com"
			}
			states = append(states, o)
		}
		for _, o := range slices.Clone(states) {
			if rapid.Bool().Draw(rt, "refunded") {
				states = append(states, shoptest.Refunded(o, fmt.Sprint(rapid.Int64Range(0, 100).Draw(rt, "refund"))))
			}
		}
		wish := sale.Rerun{Choice: sale.AnyPartner, PartnerID: rapid.SampledFrom(sellers).Draw(rt, "to").ID,
			ThisOnly: rapid.Bool().Draw(rt, "this only"), Reason: "asked"}
		moved := rapid.SampledFrom(states).Draw(rt, "run again")
		after := shoptest.Next(moved, func(o *sale.OrderState) {
			o.Lines[0].Refunded, o.Version = shoptest.USD("10"),
				9
		})

		want := s.live(states, moved, wish, after)
		s.forget()
		arrival := append(slices.Clone(states), rapid.SliceOfN(rapid.SampledFrom(states), 0, 3).Draw(rt, "again")...)
		got := s.live(rapid.Permutation(arrival).Draw(rt, "arrival"), moved, wish, after)
		if !slices.Equal(got, want) {
			rt.Fatalf("in another order of arrival %v, want %v", got, want)
		}
	})
	s.WantClean()
}

// live sends the states, runs an order again and sends a later state of it.
func (s *site) live(states []sale.OrderState, moved sale.OrderState, wish sale.Rerun, after sale.OrderState) []string {
	s.Helper()
	for _, o := range states {
		s.Place(o)
	}
	var id affiliate.OrderID
	s.OK(s.DB.Get(s.Context(), &id, `SELECT id FROM {wp}partner_center_orders WHERE source = ? AND external_id = ?`,
		moved.Source, moved.ExternalID))
	shoptest.Must(s.Rerun(s.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: id}}, wish))(s)
	s.Place(after)
	s.WantClean()
	return s.net()
}

// What reports take as Total Sales is what the commissions' bases sum to, as
// long as nothing is paid.
//
// Spec: S37, D22
func TestBasesAreTheSalesOfReports(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	compare := func(when string) {
		t.Helper()
		var sum [2]string
		for i, query := range []string{
			`SELECT SUM(GREATEST(l.base - l.refunded, 0)) FROM {wp}partner_center_commissions c
				JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
				WHERE c.level = 1 AND c.sequence = 1 AND c.status <> 'canceled'`,
			`SELECT SUM(base) FROM {wp}partner_center_commissions WHERE level = 1 AND status <> 'canceled'`,
		} {
			s.OK(s.DB.Get(t.Context(), &sum[i], query))
		}
		if sum[0] != sum[1] {
			t.Errorf("%s: lines sum to %s, bases to %s", when, sum[0], sum[1])
		}
	}
	s.Place(s.Sale("cy@example.com", s.Click(p)))
	o := s.Sale("bob@example.com", s.Click(p))
	r := s.Place(o)
	compare("placed")
	s.ApproveAll(r.Commissions...)
	grown := shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("150"),
			shoptest.USD("150")
	})
	s.Place(grown)
	compare("grown")
	part := shoptest.Refunded(grown, "30.01") // of which 0.01 is too little to move a cent
	s.Place(part)
	compare("refunded in part")
	s.Place(shoptest.Refunded(part, "150"))
	compare("refunded")
	s.Place(shoptest.Refunded(shoptest.Refunded(part, "150"), "0"))
	compare("un-refunded")
	s.Clock.Advance(time.Hour)
	s.again(r.OrderID, to(s.Partner("other")))
	compare("run again")
	s.WantClean()
}
