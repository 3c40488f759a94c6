package sale_test

import (
	"testing"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Spec: S94.1 D11.1 D25.2 B2 B4.1
func TestAnAmountRefundLowersEachLinesCommission(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	o.Tax, o.Shipping, o.Total = shoptest.USD("19"), shoptest.USD("6"), shoptest.USD("125")
	o.Lines = []sale.LineState{s.Line("1", s.Book, "60"), s.Line("2", s.Book, "40")}
	r := s.Place(o)
	part := shoptest.Next(o, func(o *sale.OrderState) { o.Refund.Amount = shoptest.USD("62.5") })
	s.Place(part)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "3"),
		shoptest.Earned(1, p.ID, ledger.Pending, "2"))
	if l := s.View(r.OrderID).Decisions[0].Trace.Lines[0]; l.Spread != shoptest.USD("30") ||
		l.Refunded != shoptest.USD("30") {
		t.Errorf("the trace says %s of %s", l.Spread, l.Refunded)
	}
	mixed := shoptest.Next(part, func(o *sale.OrderState) {
		o.Lines[0].Refunded, o.Refund.Amount = shoptest.USD("60"), shoptest.USD("65")
	})
	s.Place(mixed)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.Place(shoptest.Next(mixed, func(o *sale.OrderState) {
		o.Refund.Amount, o.Lines[0].Refunded = shoptest.USD("0"),
			shoptest.USD("0")
	}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"),
		shoptest.Earned(1, p.ID, ledger.Pending, "4"))
	s.WantClean()
}

// Each refund says what it was: of a part, of all, or taken back again.
func TestEachRefundHasItsOwnReason(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	o.Lines = []sale.LineState{s.Line("1", s.Book, "100")}
	o.Total = shoptest.USD("100")
	r := s.Place(o)
	step := func(refunded, base string, want reason.Code) {
		t.Helper()
		o = shoptest.Next(o, func(o *sale.OrderState) {
			o.Lines[0].Refunded, o.Lines[0].Base, o.Total = shoptest.USD(refunded), shoptest.USD(base), shoptest.USD(base)
		})
		s.Place(o)
		journals, err := s.Ledger.Journals(t.Context(), s.View(r.OrderID).Commissions[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := journals[len(journals)-1].Reason; got != string(want) {
			t.Errorf("%s of %s refunded: %s, not %s", refunded, base, got, want)
		}
	}
	step("30", "100", reason.OrderRefundedPart)
	step("100", "100", reason.OrderRefunded)
	step("50", "100", reason.RefundUndone)
	step("0", "100", reason.OrderChanged) // while pending it is earned again
	step("0", "80", reason.OrderChanged)
	o = shoptest.Next(o, func(o *sale.OrderState) { o.Refund.Amount = shoptest.USD("80") })
	step("0", "80", reason.OrderRefunded)
	s.WantClean()
}
