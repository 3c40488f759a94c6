package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Spec: D34
func TestJoinedContactsKeepTheirOrders(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	older := s.converge(s.sale("eve@home.example", s.click(ann)))
	s.clock.Advance(time.Hour)
	newer := s.converge(s.sale("eve@work.example", s.click(bob)))
	home := must(affiliate.LoadContactByEmail(t.Context(), s.db, "eve@home.example"))(s)
	work := must(affiliate.LoadContactByEmail(t.Context(), s.db, "eve@work.example"))(s)
	if _, err := s.MergeContacts(t.Context(), anna, work.ID, home.ID, ""); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	c := must(s.MergeContacts(t.Context(), anna, work.ID, home.ID, "She told us."))(s)
	if c.Email != "eve@work.example" || c.First.PartnerID != ann.ID || c.Last.PartnerID != bob.ID {
		t.Errorf("%+v", c)
	}
	if orders := must(s.OrdersOf(t.Context(), work.ID, affiliate.Page{Limit: 9}))(s); len(orders) != 2 {
		t.Errorf("%d orders", len(orders))
	}
	s.wantEarned(older.OrderID, earned(1, ann.ID, Pending, "10"))
	s.wantEarned(newer.OrderID, earned(1, bob.ID, Pending, "10"))
	if _, err := s.MergeContacts(t.Context(), anna, work.ID, home.ID, "Again."); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("joined with a tombstone: %v", err)
	}
	if fresh := s.converge(s.sale("eve@home.example", "")); fresh.Decision.Reason != NoReferrer {
		t.Errorf("the address of the tombstone still has a referrer: %+v", fresh.Decision)
	}
	if history, err := s.registry.History(t.Context(), "contact", int64(work.ID), 0, 9); err != nil || len(history) != 1 || history[0].Action != "join" {
		t.Errorf("audit %+v, %v", history, err)
	}
	s.wantClean()
}
