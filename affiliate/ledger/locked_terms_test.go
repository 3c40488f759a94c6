package ledger

import (
	"testing"
	"time"
)

// A cart whose clock is ahead places orders at times for which terms are still
// to come.
//
// Spec: S30, D16, D23, B2
func TestAnOrderKeepsItsTermsWhateverTheCartsClockSays(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	mug := s.product("Mug")
	o := s.sale("bob@example.com", s.click(p))
	ahead := o.PlacedAt.Add(24 * time.Hour)
	o.PlacedAt, o.PaidAt, o.Total = ahead, &ahead, usd("150")
	o.Lines = append(o.Lines, s.line("2", mug, "50"))
	r := s.converge(o)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	s.clock.Advance(time.Hour)
	s.terms(s.program, s.book, percent("50", "0"))
	s.terms(s.program, mug, percent("50", "0")) // in no program at first: nothing is earned later either
	s.wantClean()
	s.converge(o.refunded("20"))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "8"))
	lockedTerms := s.order(r.OrderID).Decisions[0].LockedTerms
	s.wantTrace(r, "80 × 10 % = 8 (terms "+lockedTerms[s.book.ID].String()+")")
	if len(lockedTerms) != 2 || lockedTerms[s.book.ID] == 0 || lockedTerms[mug.ID] != 0 {
		t.Errorf("the decision locked_terms %v", lockedTerms)
	}
	s.wantClean()
}
