package ledger

import (
	"testing"

	"partnercenter/affiliate/money"
)

// What is refunded after payment is counted while the payment stands, and what
// the sale was worth when it was paid is kept.
//
// Spec: S40, S41, S94, D21, D22
func TestRefundsAfterPaymentAreCountedWhileItStands(t *testing.T) {
	s := newSite(t)
	p := s.byPayPal(s.partner("pia"))
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	want := func(when, clawback string, base *money.Amount) {
		t.Helper()
		got := s.now(c)[0]
		if got.Clawback != usd(clawback) || (got.PaidBase == nil) != (base == nil) || base != nil && *got.PaidBase != *base {
			t.Errorf("%s: clawback %s, paid on %v; want %s on %v", when, got.Clawback, got.PaidBase, clawback, base)
		}
		s.wantClean()
	}
	eighty := usd("80")
	s.approve(c)
	o = o.refunded("20")
	s.converge(o)
	want("refunded before payment", "0", nil)
	b := s.file(s.draft())
	want("in the file", "0", &eighty)
	o = o.refunded("50")
	s.converge(o)
	want("refunded while in the file", "3", &eighty)
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID))(s)
	o = o.refunded("60")
	s.converge(o)
	want("refunded after payment", "4", &eighty)
	o = o.refunded("55")
	s.converge(o)
	want("partly un-refunded", "3.5", &eighty)
	must(s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Account closed"))(s)
	want("come back", "0", &eighty)
	fortyFive := usd("45")
	must(s.PayPartner(t.Context(), anna, p.ID, "USD", usd("4.5")))(s)
	want("paid again", "0", &fortyFive)
}
