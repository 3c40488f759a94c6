package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/shoptest"
)

// Spec: D34.2
func TestJoinedContactsKeepTheirOrders(t *testing.T) {
	s := newSite(t)
	ann, bob := s.Partner("ann"), s.Partner("bob")
	older := s.Place(s.Sale("eve@home.example", s.Click(ann)))
	s.Clock.Advance(time.Hour)
	newer := s.Place(s.Sale("eve@work.example", s.Click(bob)))
	home := shoptest.Must(affiliate.LoadContactByEmail(t.Context(), s.DB, "eve@home.example"))(s)
	work := shoptest.Must(affiliate.LoadContactByEmail(t.Context(), s.DB, "eve@work.example"))(s)
	if _, err := s.MergeContacts(t.Context(), shoptest.Anna, work.ID, home.ID,
		""); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	c := shoptest.Must(s.MergeContacts(t.Context(), shoptest.Anna, work.ID, home.ID, "She told us."))(s)
	if c.Email != "eve@work.example" || c.First.PartnerID != ann.ID || c.Last.PartnerID != bob.ID {
		t.Errorf("%+v", c)
	}
	if orders := shoptest.Must(s.OrdersOf(t.Context(), work.ID, affiliate.Page{Limit: 9}))(s); len(orders) != 2 {
		t.Errorf("%d orders", len(orders))
	}
	s.WantEarned(older.OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "10"))
	s.WantEarned(newer.OrderID, shoptest.Earned(1, bob.ID, ledger.Pending, "10"))
	if _, err := s.MergeContacts(t.Context(), shoptest.Anna, work.ID, home.ID,
		"Again."); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("merged with a deleted contact: %v", err)
	}
	if fresh := s.Place(s.Sale("eve@home.example", "")); fresh.Decision.Reason != reason.NoReferrer {
		t.Errorf("the address of the deleted contact still has a referrer: %+v", fresh.Decision)
	}
	if history, err := s.Registry.History(t.Context(), "contact", int64(work.ID), 0, 9); err != nil ||
		len(history) != 1 || history[0].Action != "join" {
		t.Errorf("audit %+v, %v", history, err)
	}
	s.WantClean()
}
