package sale_test

import (
	"fmt"
	"testing"

	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
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

// A commission's place is its line, level, generation and sequence; a line's is
// its order, which is known by source and id there. The database keeps each once.
//
// Spec: D22.4 B3.2
func TestACommissionHasOnePlace(t *testing.T) {
	s := newSite(t)
	s.Place(s.Sale("bob@example.com", s.Click(s.Partner("pia"))))
	for _, table := range []string{"commissions", "order_lines", "orders"} {
		var columns string
		s.OK(s.DB.Get(t.Context(), &columns, `SELECT GROUP_CONCAT(column_name) FROM information_schema.columns
			WHERE table_schema = DATABASE() AND table_name = ? AND column_name <> 'id'`,
			s.DB.Text("{wp}partner_center_"+table)))
		_, err := s.DB.Exec(t.Context(), fmt.Sprintf(`INSERT INTO {wp}partner_center_%[1]s (%[2]s)
			SELECT %[2]s FROM {wp}partner_center_%[1]s LIMIT 1`, table, columns))
		if !db.Duplicate(err) {
			t.Errorf("%s: a copy was taken: %v", table, err)
		}
	}
}
