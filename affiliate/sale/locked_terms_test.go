package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/shoptest"
)

// A cart whose clock is ahead places orders at times for which terms are still
// to come.
//
// Spec: S30.1 D16 D23 B2
func TestAnOrderKeepsItsTermsWhateverTheCartsClockSays(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	mug := s.Product("Mug")
	o := s.Sale("bob@example.com", s.Click(p))
	ahead := o.PlacedAt.Add(24 * time.Hour)
	o.PlacedAt, o.PaidAt, o.Total = ahead, &ahead, shoptest.USD("150")
	o.Lines = append(o.Lines, s.Line("2", mug, "50"))
	r := s.Place(o)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.Clock.Advance(time.Hour)
	s.Terms(s.Program, s.Book, shoptest.Percent("50", "0"))
	s.Terms(s.Program, mug, shoptest.Percent("50", "0")) // in no program at first: nothing is earned later either
	s.WantClean()
	s.Place(shoptest.Refunded(o, "20"))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "8"))
	lockedTerms := s.View(r.OrderID).Decisions[0].LockedTerms
	s.wantTrace(r, "Earns 10% of $80.00 = $8.00. (Terms version "+lockedTerms[s.Book.ID].String()+".)")
	if len(lockedTerms) != 2 || lockedTerms[s.Book.ID] == 0 || lockedTerms[mug.ID] != 0 {
		t.Errorf("the decision locked_terms %v", lockedTerms)
	}
	s.WantClean()
}
