package ledger

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: D18
func TestALateFactDecidesPendingOrdersAnew(t *testing.T) {
	s := newSite(t)
	early, later := s.partner("early"), s.partner("later")
	cookie := s.click(early)
	s.clock.Advance(time.Hour)
	clicked := s.clock.Now()
	second := s.click(later)
	s.clock.Advance(time.Hour)
	s.optIn("bob@example.com", cookie, s.clock.Now().Add(-90*time.Minute))
	pendingOrder, approvedOrder := s.converge(s.sale("bob@example.com", "")), s.converge(s.sale("bob@example.com", ""))
	s.wantEarned(pendingOrder.OrderID, earned(1, early.ID, Pending, "10"))
	must(s.Approve(t.Context(), anna, all(approvedOrder.Commissions...)))(s)

	late := s.optIn("bob@example.com", second, clicked.Add(time.Minute)) // happened before the orders, arrives after
	if !late.Late {
		t.Fatal("the form is not late")
	}
	var reopened []OrderID
	s.ok(s.db.Tx(t.Context(), func(tx *db.Tx) (err error) {
		reopened, err = s.Reconsider(t.Context(), tx, late.Contact.ID, clicked)
		return err
	}))
	if !slices.Equal(reopened, []OrderID{pendingOrder.OrderID}) {
		t.Errorf("reopened %v", reopened)
	}
	s.wantEarned(pendingOrder.OrderID, earned(1, early.ID, Canceled, "0"), earned(1, later.ID, Pending, "10"))
	s.wantEarned(approvedOrder.OrderID, earned(1, early.ID, Approved, "10"))
	if got := s.order(approvedOrder.OrderID).Order.Review; got != ReviewLateFact {
		t.Errorf("the approved order's review is %q", got)
	}
	s.wantBalance(early, "0", "10", "0")
	s.wantBalance(later, "10", "0", "0")
	s.wantClean()
}

// An order that arrives after a later one of the same buyer moves the later one.
//
// Spec: D18, D39
func TestALateOrderDecidesLaterOnesAnew(t *testing.T) {
	s := newSite(t)
	early, later := s.partner("early"), s.partner("later")
	s.optIn("bob@example.com", s.click(early), s.clock.Now())
	s.clock.Advance(time.Hour)
	first := s.sale("bob@example.com", s.click(later))
	s.clock.Advance(time.Hour)
	second := s.converge(s.sale("bob@example.com", ""))
	s.wantEarned(second.OrderID, earned(1, early.ID, Pending, "10"))
	r := s.converge(first)
	s.wantEarned(r.OrderID, earned(1, later.ID, Pending, "10"))
	s.wantEarned(second.OrderID, earned(1, early.ID, Canceled, "0"), earned(1, later.ID, Pending, "10"))
	if !slices.Equal(r.Reopened, []OrderID{second.OrderID}) {
		t.Errorf("reopened %v", r.Reopened)
	}
	s.wantClean()
}

// Spec: D16, S74
func TestADraftIsDecidedOnceItHasABuyer(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	draft := s.sale("", s.click(p))
	draft.Status, draft.PaidAt = OrderUnpaid, nil
	if r := s.converge(draft); r.Decision.Reason != NoBuyer || r.Review != ReviewBuyer {
		t.Errorf("a draft is decided %s, review %q", r.Decision.Reason, r.Review)
	}
	full := draft.next(func(o *OrderState) { o.Buyer.Email, o.Status = "bob@example.com", OrderPaid })
	r := s.converge(full)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	if v := s.order(r.OrderID); v.Order.ContactID == 0 || v.Order.Review != "" || len(v.Decisions) != 2 {
		t.Errorf("the order stands at %+v with %d decisions", v.Order, len(v.Decisions))
	}
	s.wantClean()
}

// A payment that becomes known late makes later orders those of a customer who
// had bought; taken back, it makes them a new customer's again. What a person
// decided meanwhile goes to review.
//
// Spec: D18, S148
func TestALatePaymentDecidesOrdersOfNewCustomersAnew(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.policy(func(p *affiliate.Policy) { p.NewOnly = true })
	first := s.sale("bob@example.com", s.click(p))
	paidAt := first.PaidAt
	first.Status, first.PaidAt = OrderUnpaid, nil
	s.converge(first)
	s.clock.Advance(time.Hour)
	second, approved := s.converge(s.sale("bob@example.com", "")), s.converge(s.sale("cy@example.com", s.click(p)))
	s.wantEarned(second.OrderID, earned(1, p.ID, Pending, "10"))
	s.approve(approved.Commissions...)

	paid := first.next(func(o *OrderState) { o.Status, o.PaidAt = OrderPaid, paidAt })
	r := s.converge(paid)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	s.wantEarned(second.OrderID, earned(1, p.ID, Canceled, "0"))
	if d := s.order(second.OrderID).Decisions; len(d) != 2 || d[1].Reason != CustomerReturned || !slices.Equal(r.Reopened, []OrderID{second.OrderID}) {
		t.Errorf("decided %+v, reopened %v", d, r.Reopened)
	}
	s.converge(paid.next(func(o *OrderState) { o.Status, o.PaidAt = OrderUnpaid, nil }))
	s.wantEarned(second.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Pending, "10"))

	other := s.sale("cy@example.com", "") // paid before the approved one was placed
	other.PlacedAt, other.PaidAt, other.At = first.PlacedAt, paidAt, *paidAt
	s.converge(other)
	s.wantEarned(approved.OrderID, earned(1, p.ID, Approved, "10"))
	if got := s.order(approved.OrderID).Order.Review; got != ReviewLateFact {
		t.Errorf("the approved order's review is %q", got)
	}
	s.wantClean()
}
