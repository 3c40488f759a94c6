package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Later payments that a re-run carries along earn by the policy of the program,
// as any renewal does: what flat commissions count for, what percentages are
// taken of, hold, approval by itself, and how many of them earn.
//
// Spec: S96, D9, D8, S76, S133, S148
func TestARerunKeepsThePolicyForLaterPayments(t *testing.T) {
	s := newSite(t)
	a, b := s.Partner("a"), s.Partner("b")
	s.Policy(func(p *affiliate.Policy) {
		p.FlatPer, p.Base, p.Hold, p.Approve, p.RenewalLimit = affiliate.FlatPerOrder, affiliate.Base{WithTax: true}, 3,
			true, 2
	})
	flat := s.Product("Flat")
	s.Terms(s.Program, flat, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "USD", Level1: shoptest.USD("1.01")}}})
	s.Clock.Advance(time.Hour)
	first := s.subscribed("bob@example.com", s.Click(a))
	first.Lines[0].Tax, first.Tax, first.Total = shoptest.USD("20"), shoptest.USD("20"), shoptest.USD("180")
	first.Lines = append(first.Lines, s.Line("2", flat, "60"))
	first.Lines[1].Quantity = shoptest.Quantity("3")
	orders := []affiliate.OrderID{s.Place(first).OrderID}
	for i := range 3 {
		orders = append(orders, s.Place(s.renewed(first, i+1)).OrderID)
	}
	for _, id := range orders[:3] {
		s.WantEarned(id, shoptest.Earned(1, a.ID, ledger.Pending, "12"), shoptest.Earned(1, a.ID, ledger.Pending,
			"1.01"))
	}
	s.again(orders[0], to(b))
	for i, id := range orders[:3] {
		s.WantEarned(id, shoptest.Earned(1, a.ID, ledger.Canceled, "0"), shoptest.Earned(1, a.ID, ledger.Canceled, "0"),
			shoptest.Earned(1, b.ID, ledger.Pending, "12"), shoptest.Earned(1, b.ID, ledger.Pending, "1.01"))
		c := s.View(id).Commissions[2]
		if later := i > 0; (c.NotBefore != nil) != later || (c.ApproveAt != nil) != later {
			t.Errorf("payment %d is on hold until %v and approved by itself at %v", i, c.NotBefore, c.ApproveAt)
		}
	}
	last := s.View(orders[3])
	if d := last.Decisions[len(last.Decisions)-1]; d.Reason != reason.RenewalLimit || d.PartnerID != 0 {
		t.Errorf("the third later payment: %s for %s", d.Reason, d.PartnerID)
	}
	s.WantClean()
}

// A re-run to another seller whom the same partner recruited leaves level 2 as
// it is, approved and of its date; where the terms are others, only the
// difference is posted.
//
// Spec: D24 D46.1 D46.2
func TestARerunLeavesAnUnchangedCommissionAlone(t *testing.T) {
	s := newSite(t)
	r := s.Partner("r")
	a, b := s.Partner("a", r), s.Partner("b", r)
	rich := s.NewProgram("Rich", 2)
	s.Terms(rich, s.Book, shoptest.Percent("20", "8"))
	poor := s.NewProgram("Poor", 2)
	s.Terms(poor, s.Book, shoptest.Percent("20", "2"))
	up, down := s.PartnerIn(rich, "up", r), s.PartnerIn(poor, "down", r)
	s.Clock.Advance(time.Hour)
	o := s.Sale("bob@example.com", s.Click(a))
	placed := s.Place(o)
	s.ApproveAll(placed.Commissions...)
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, r.ID, "USD", shoptest.USD("5")))(s)
	before := s.Now(placed.Commissions[1])[0]
	level2 := func(want ...string) {
		t.Helper()
		got := []string{}
		for _, c := range s.View(placed.OrderID).Commissions {
			if c.Level == 2 {
				got = append(got, string(c.Status)+" "+c.Amount.String())
			}
		}
		if len(got) != len(want) {
			t.Fatalf("level 2 is %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("level 2 is %v, want %v", got, want)
			}
		}
		s.WantClean()
	}
	s.Clock.Advance(time.Hour)
	s.again(placed.OrderID, to(b))
	level2("paid 5")
	if now := s.Now(before)[0]; now.Journals != before.Journals || !now.OccurredAt.Equal(before.OccurredAt) {
		t.Errorf("it was changed from %+v to %+v", before, now)
	}
	s.again(placed.OrderID, to(up))
	level2("paid 5", "pending 3")
	if c := s.View(placed.OrderID).Commissions[len(s.View(placed.OrderID).Commissions)-1]; c.ProgramID != rich.ID ||
		c.Reason != string(reason.Reran) {
		t.Errorf("the difference is %+v", c)
	}
	s.again(placed.OrderID, to(down))
	level2("paid 2", "canceled 0")
	s.WantBalance(r, "0", "-3", "5")
	s.again(placed.OrderID, sale.Rerun{Choice: sale.AtSale})
	level2("paid 5", "canceled 0")
	s.WantBalance(r, "0", "0", "5")
}
