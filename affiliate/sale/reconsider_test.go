package sale_test

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Spec: D18.2 D18.3
func TestALateFactDecidesPendingOrdersAnew(t *testing.T) {
	s := newSite(t)
	early, later := s.Partner("early"), s.Partner("later")
	cookie := s.Click(early)
	s.Clock.Advance(time.Hour)
	clicked := s.Clock.Now()
	second := s.Click(later)
	s.Clock.Advance(time.Hour)
	s.OptIn("bob@example.com", cookie, s.Clock.Now().Add(-90*time.Minute))
	pendingOrder, approvedOrder := s.Place(s.Sale("bob@example.com", "")), s.Place(s.Sale("bob@example.com", ""))
	s.WantEarned(pendingOrder.OrderID, shoptest.Earned(1, early.ID, ledger.Pending, "10"))
	shoptest.Must(s.Approve(t.Context(), shoptest.Anna, shoptest.Picks(approvedOrder.Commissions...)))(s)

	late := s.OptIn("bob@example.com", second, clicked.Add(time.Minute)) // happened before the orders, arrives after
	if !late.Late {
		t.Fatal("the form is not late")
	}
	s.WantEarned(pendingOrder.OrderID, shoptest.Earned(1, early.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, later.ID, ledger.Pending, "10"))
	s.WantEarned(approvedOrder.OrderID, shoptest.Earned(1, early.ID, ledger.Approved, "10"))
	if got := s.View(approvedOrder.OrderID).Order.Review; got != reason.ReviewLateFact {
		t.Errorf("the approved order's review is %q", got)
	}
	s.WantBalance(early, "0", "10", "0")
	s.WantBalance(later, "10", "0", "0")
	s.WantClean()
}

// An order that arrives after a later one of the same buyer moves the later one.
//
// Spec: D18.2 D39
func TestALateOrderDecidesLaterOnesAnew(t *testing.T) {
	s := newSite(t)
	early, later := s.Partner("early"), s.Partner("later")
	s.OptIn("bob@example.com", s.Click(early), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	first := s.Sale("bob@example.com", s.Click(later))
	s.Clock.Advance(time.Hour)
	second := s.Place(s.Sale("bob@example.com", ""))
	s.WantEarned(second.OrderID, shoptest.Earned(1, early.ID, ledger.Pending, "10"))
	r := s.Place(first)
	s.WantEarned(r.OrderID, shoptest.Earned(1, later.ID, ledger.Pending, "10"))
	s.WantEarned(second.OrderID, shoptest.Earned(1, early.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, later.ID, ledger.Pending, "10"))
	if !slices.Equal(r.Reopened, []affiliate.OrderID{second.OrderID}) {
		t.Errorf("reopened %v", r.Reopened)
	}
	s.WantClean()
}

// Spec: D16, S74
func TestADraftIsDecidedOnceItHasABuyer(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	draft := s.Sale("", s.Click(p))
	draft.Status, draft.PaidAt = sale.OrderUnpaid, nil
	if r := s.Place(draft); r.Decision.Reason != reason.NoBuyer || r.Review != reason.ReviewBuyer {
		t.Errorf("a draft is decided %s, review %q", r.Decision.Reason, r.Review)
	}
	full := shoptest.Next(draft, func(o *sale.OrderState) {
		o.Buyer.Email, o.Status = "bob@example.com",
			sale.OrderPaid
	})
	r := s.Place(full)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	if v := s.View(r.OrderID); v.Order.ContactID == 0 || v.Order.Review != "" || len(v.Decisions) != 2 {
		t.Errorf("the order stands at %+v with %d decisions", v.Order, len(v.Decisions))
	}
	s.WantClean()
}

// A payment that becomes known late makes later orders those of a customer who
// had bought; taken back, it makes them a new customer's again. What a person
// decided meanwhile goes to review.
//
// Spec: S148 D18.2 D18.3
func TestALatePaymentDecidesOrdersOfNewCustomersAnew(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.Policy(func(p *affiliate.Policy) { p.NewOnly = true })
	first := s.Sale("bob@example.com", s.Click(p))
	paidAt := first.PaidAt
	first.Status, first.PaidAt = sale.OrderUnpaid, nil
	s.Place(first)
	s.Clock.Advance(time.Hour)
	second, approved := s.Place(s.Sale("bob@example.com", "")), s.Place(s.Sale("cy@example.com", s.Click(p)))
	s.WantEarned(second.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.ApproveAll(approved.Commissions...)

	paid := shoptest.Next(first, func(o *sale.OrderState) { o.Status, o.PaidAt = sale.OrderPaid, paidAt })
	r := s.Place(paid)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.WantEarned(second.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	if d := s.View(second.OrderID).Decisions; len(d) != 2 || d[1].Reason != reason.CustomerReturned ||
		!slices.Equal(r.Reopened, []affiliate.OrderID{second.OrderID}) {
		t.Errorf("decided %+v, reopened %v", d, r.Reopened)
	}
	s.Place(shoptest.Next(paid, func(o *sale.OrderState) { o.Status, o.PaidAt = sale.OrderUnpaid, nil }))
	s.WantEarned(second.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Pending, "10"))

	other := s.Sale("cy@example.com", "") // paid before the approved one was placed
	other.PlacedAt, other.PaidAt, other.At = first.PlacedAt, paidAt, *paidAt
	s.Place(other)
	s.WantEarned(approved.OrderID, shoptest.Earned(1, p.ID, ledger.Approved, "10"))
	if got := s.View(approved.OrderID).Order.Review; got != reason.ReviewLateFact {
		t.Errorf("the approved order's review is %q", got)
	}
	s.WantClean()
}
