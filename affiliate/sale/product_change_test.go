package sale_test

import (
	"testing"

	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// A line that a cart gives another product earns by that one, and its commission
// says so.
//
// Spec: D16, B3
func TestACommissionFollowsTheProductOfItsLine(t *testing.T) {
	s := newSite(t)
	other := s.Product("Course")
	s.Terms(s.Program, other, shoptest.Percent("20", "5"))
	s.Clock.Advance(1)
	o := s.Sale("bob@example.com", s.Click(s.Partner("pia")))
	r := s.Place(o)
	s.Place(shoptest.Next(o, func(o *sale.OrderState) { o.Lines[0].Product.ID = other.ID }))
	if c := s.View(r.OrderID).Commissions[0]; c.ProductID != other.ID || c.Amount != shoptest.USD("20") {
		t.Errorf("the commission is %+v", c)
	}
	s.WantClean()
}
