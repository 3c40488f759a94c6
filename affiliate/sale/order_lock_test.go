package sale_test

import (
	"testing"

	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// A state that waited for its order while a later one was taken in sees that
// one: it is stale, and the order keeps its version.
//
// Spec: D17.1 B3
func TestAStateThatWaitedIsJudgedByWhatCameMeanwhile(t *testing.T) {
	s := newSite(t)
	o := s.Sale("bob@example.com", s.Click(s.Partner("pia")))
	placed := s.Place(o)
	second := shoptest.Refunded(o, "30")
	third := shoptest.Refunded(second, "50")
	got := make(chan sale.Result)
	s.OK(s.DB.Tx(t.Context(), func(tx *db.Tx) error {
		if _, err := s.TakeOrder(t.Context(), tx, third); err != nil {
			return err
		}
		go func() { got <- shoptest.Must(s.Converge(s.Context(), second))(s) }()
		s.untilWaiting(tx, nil) // it has read the order, and waits for our locks
		return nil
	}))
	if r := <-got; r.Outcome != sale.Stale {
		t.Errorf("the second state was %s after the third", r.Outcome)
	}
	if v := s.View(placed.OrderID).Order.Version; v != third.Version {
		t.Errorf("the order ended at version %d", v)
	}
	s.WantClean()
}
