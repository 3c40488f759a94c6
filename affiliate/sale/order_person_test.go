package sale_test

import (
	"strings"
	"testing"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/shoptest"
)

// Who bought is cut out of orders by deleting rows: the books and all that they
// follow from stay as they were, and a later refund is still taken in.
//
// Spec: D37
func TestBooksStandWithoutTheirPersons(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	state := s.Sale("bob@example.com", s.Click(p))
	state.Buyer.FirstName, state.Buyer.LastName = "Bob", "Bobson"
	state.Payer, state.Note = "payer@example.com", "leave it with the neighbor"
	r := s.Place(state)
	var payload string
	if err := s.DB.Get(t.Context(), &payload, `SELECT payload FROM {wp}partner_center_order_states WHERE order_id = ?`,
		r.OrderID); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"bob@", "Bobson", "payer@", "neighbor", state.Click} {
		if strings.Contains(payload, secret) {
			t.Errorf("the state keeps %q: %s", secret, payload)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_order_persons WHERE order_id = ?
		AND person LIKE '%Bobson%'`, r.OrderID); n != 1 {
		t.Errorf("%d rows hold the person", n)
	}
	s.Exec(`DELETE FROM {wp}partner_center_order_persons`)
	s.WantBalance(p, "10", "0", "0")
	s.WantClean()

	s.Place(shoptest.Refunded(state, "40"))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"))
	s.WantClean()
}
