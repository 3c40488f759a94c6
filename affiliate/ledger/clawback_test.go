package ledger_test

import (
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/affiliate/shoptest"
)

// What is refunded after payment is counted while the payment stands, and what
// the sale was worth when it was paid is kept.
//
// Spec: S40, S41, S94, D21, D22
func TestRefundsAfterPaymentAreCountedWhileItStands(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	want := func(when, clawback string, base *money.Amount) {
		t.Helper()
		got := s.Now(c)[0]
		if got.Clawback != shoptest.USD(clawback) || (got.PaidBase == nil) != (base == nil) || base != nil &&
			*got.PaidBase != *base {
			t.Errorf("%s: clawback %s, paid on %v; want %s on %v", when, got.Clawback, got.PaidBase, clawback, base)
		}
		s.WantClean()
	}
	eighty := shoptest.USD("80")
	s.ApproveAll(c)
	o = shoptest.Refunded(o, "20")
	s.Place(o)
	want("refunded before payment", "0", nil)
	b := s.FileBatch(s.Draft())
	want("in the file", "0", &eighty)
	o = shoptest.Refunded(o, "50")
	s.Place(o)
	want("refunded while in the file", "3", &eighty)
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s)
	o = shoptest.Refunded(o, "60")
	s.Place(o)
	want("refunded after payment", "4", &eighty)
	o = shoptest.Refunded(o, "55")
	s.Place(o)
	want("partly un-refunded", "3.5", &eighty)
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Account closed"))(s)
	want("come back", "0", &eighty)
	fortyFive := shoptest.USD("45")
	shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", shoptest.USD("4.5")))(s)
	want("paid again", "0", &fortyFive)
}
