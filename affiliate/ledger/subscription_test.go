package ledger

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// renewed is a later payment of the order's subscription, made by the cart a
// month later.
func (s *site) renewed(o OrderState, months int) OrderState {
	s.orders++
	at := o.PlacedAt.AddDate(0, months, 0)
	if s.clock.Now().Before(at) {
		s.clock.Set(at)
	}
	o.ExternalID, o.Number, o.Version, o.Click, o.Renewal = fmt.Sprint(s.orders), "", 1, "", true
	o.At, o.PlacedAt, o.PaidAt = at, at, &at
	o.Lines = slices.Clone(o.Lines)
	return o
}

// subscribed is the first order of a new subscription.
func (s *site) subscribed(email, cookie string) OrderState {
	o := s.sale(email, cookie)
	o.SubscriptionID = "sub " + o.ExternalID
	return o
}

// Spec: S90, D23, D14
func TestRenewalsStayWithThePartnerOfTheSale(t *testing.T) {
	for _, credit := range []affiliate.Credit{affiliate.LastReferrer, affiliate.FirstReferrer} {
		s := newSite(t)
		s.settings(func(g *affiliate.Settings) { g.Credit = credit })
		a, b := s.partner("a", s.partner("recruiter")), s.partner("b")
		first := s.subscribed("bob@example.com", s.click(a))
		s.converge(first)
		s.clock.Advance(time.Hour)
		s.optIn("bob@example.com", s.click(b), s.clock.Now())
		r := s.converge(s.renewed(first, 1))
		s.wantEarned(r.OrderID, earned(1, a.ID, Pending, "10"), earned(2, r.Decision.RecruiterID, Pending, "5"))
		if r.Decision.Via != Renewed || r.Decision.RecruiterID == 0 {
			t.Errorf("%s: the renewal came via %q, level 2 to %s", credit, r.Decision.Via, r.Decision.RecruiterID)
		}
		if credit == affiliate.LastReferrer { // another purchase is b's
			s.wantEarned(s.converge(s.sale("bob@example.com", "")).OrderID, earned(1, b.ID, Pending, "10"))
		}
		s.wantClean()
	}
}

// Ten subscriptions are sold, five of the contacts change their last referrer:
// the original partner loses none.
//
// Spec: S91
func TestTenSubscriptionsFiveChangedReferrers(t *testing.T) {
	s := newSite(t)
	original, other := s.partner("original"), s.partner("other")
	sold := []OrderState{}
	for i := range 10 {
		o := s.subscribed(fmt.Sprintf("buyer%d@example.com", i), s.click(original))
		s.converge(o)
		sold = append(sold, o)
	}
	s.clock.Advance(time.Hour)
	for i := range 5 {
		email := fmt.Sprintf("buyer%d@example.com", i)
		if a := s.optIn(email, s.click(other), s.clock.Now()); a.Contact.Last.PartnerID != other.ID {
			t.Fatalf("the last referrer of %s is %s", email, a.Contact.Last.PartnerID)
		}
	}
	for _, o := range sold {
		s.wantEarned(s.converge(s.renewed(o, 1)).OrderID, earned(1, original.ID, Pending, "10"))
	}
	s.wantBalance(original, "200", "0", "0")
	s.wantBalance(other, "0", "0", "0")
	s.wantClean()
}

// Spec: S92, D23, D6, B2
func TestRenewalsEarnWhileTheyAreEligible(t *testing.T) {
	s := newSite(t)
	recruiter := s.partner("recruiter")
	p := s.partner("pia", recruiter)
	elsewhere := s.newProgram("Elsewhere", 1)
	first := s.subscribed("bob@example.com", s.click(p))
	s.converge(first)
	s.clock.Advance(time.Hour)
	s.terms(s.program, s.book, percent("50", "25")) // later sales earn more, this subscription does not

	leave := func(p affiliate.Partner) {
		s.exec(`UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL WHERE partner_id = ? AND ended_at IS NULL`, s.clock.Now(), p.ID)
		s.clock.Advance(time.Second)
	}
	r := s.converge(s.renewed(first, 1))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"), earned(2, recruiter.ID, Pending, "5"))
	leave(recruiter)
	r = s.converge(s.renewed(first, 2))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	leave(p)
	r = s.converge(s.renewed(first, 3))
	s.wantEarned(r.OrderID)
	s.wantTrace(r, "was in no program when the order was placed")
	s.exec(`INSERT INTO {wp}partner_center_memberships (partner_id, program_id, signup_at, started_at) VALUES (?, ?, ?, ?)`, p.ID, elsewhere.ID, s.clock.Now(), s.clock.Now())
	r = s.converge(s.renewed(first, 4)) // any membership will do
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	if r.Decision.ProgramID != s.program.ID {
		t.Errorf("the renewal earns in program %s, not in the pinned one", r.Decision.ProgramID)
	}
	s.clock.Advance(time.Hour)
	s.ok(s.registry.RemoveTerms(t.Context(), anna, s.program.ID, s.book.ID))
	r = s.converge(s.renewed(first, 5))
	s.wantEarned(r.OrderID)
	s.wantTrace(r, "product not commissionable in program")
	s.wantClean()
}

// wantTrace checks that the order's trace says something to admins.
func (s *site) wantTrace(r Result, says string) {
	s.Helper()
	decisions := s.order(r.OrderID).Decisions
	lines := decisions[len(decisions)-1].Trace.AdminLines(func(id affiliate.PartnerID) string { return id.String() })
	if !strings.Contains(strings.Join(lines, "\n"), says) {
		s.Errorf("the trace does not say %q:\n%s", says, strings.Join(lines, "\n"))
	}
}

// A free first order, and one that nobody is credited with, pin too; so does
// one whose payment was canceled.
//
// Spec: D23, S90
func TestFirstOrdersPinWhateverTheyEarn(t *testing.T) {
	s := newSite(t)
	p, other := s.partner("pia"), s.partner("other")
	free := s.subscribed("free@example.com", s.click(p))
	free.Lines[0].Base, free.Total = usd("0"), usd("0")
	nobody := s.subscribed("nobody@example.com", "")
	canceled := s.subscribed("canceled@example.com", s.click(p))
	s.wantEarned(s.converge(free).OrderID)
	s.wantEarned(s.converge(nobody).OrderID)
	r := s.converge(canceled)
	must(s.Cancel(t.Context(), anna, all(r.Commissions...), "a test"))(s)
	s.clock.Advance(time.Hour)
	for _, email := range []string{"free@example.com", "nobody@example.com", "canceled@example.com"} {
		s.optIn(email, s.click(other), s.clock.Now())
	}
	paid := s.renewed(free, 1)
	paid.Lines[0].Base, paid.Total = usd("100"), usd("100")
	s.wantEarned(s.converge(paid).OrderID, earned(1, p.ID, Pending, "10"))
	r = s.converge(s.renewed(nobody, 1))
	s.wantEarned(r.OrderID)
	if r.Decision.Reason != FirstOrderUncredited {
		t.Errorf("decided %s", r.Decision.Reason)
	}
	s.wantEarned(s.converge(s.renewed(canceled, 1)).OrderID, earned(1, p.ID, Pending, "10"))
	s.wantEarned(r.OrderID)
	s.wantClean()
}

// Spec: S148
func TestOnlySoManyRenewalsEarn(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	policy := must(s.registry.Policy(t.Context(), s.program.ID))(s)
	policy.RenewalLimit = 2
	must(s.registry.SavePolicy(t.Context(), anna, policy))(s)
	s.clock.Advance(time.Second)
	first := s.subscribed("bob@example.com", s.click(p))
	s.wantEarned(s.converge(first).OrderID, earned(1, p.ID, Pending, "10"))
	for month := 1; month <= 3; month++ {
		r := s.converge(s.renewed(first, month))
		if month <= 2 {
			s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
		} else if s.wantEarned(r.OrderID); r.Decision.Reason != RenewalLimit {
			t.Errorf("renewal %d is decided %s", month, r.Decision.Reason)
		}
	}
	s.wantClean()
}

// Renewals that arrive before the first order, and orders that learn later of
// which subscription they are, end as if all had come in order.
//
// Spec: D23, D39, D18
func TestRenewalsMayArriveBeforeTheFirstOrder(t *testing.T) {
	s := newSite(t)
	a, b := s.partner("a"), s.partner("b")
	s.optIn("bob@example.com", s.click(b), s.clock.Now())
	first := s.subscribed("bob@example.com", s.click(a))
	second, third := s.renewed(first, 1), s.renewed(first, 2)
	third.Renewal, third.Click = false, s.click(b) // the cart does not say, and a cookie came along
	third.Buyer.Email = "changed@example.com"

	r3 := s.converge(third)
	s.wantEarned(r3.OrderID, earned(1, b.ID, Pending, "10"))
	r2 := s.converge(second)
	s.wantEarned(r2.OrderID)
	if r2.Decision.Reason != FirstOrderUnknown {
		t.Errorf("a renewal of an unknown subscription is decided %s", r2.Decision.Reason)
	}
	unnamed := first
	unnamed.SubscriptionID = ""
	r1 := s.converge(unnamed)
	s.wantEarned(r1.OrderID, earned(1, a.ID, Pending, "10"))
	s.converge(unnamed.next(func(o *OrderState) { o.SubscriptionID = first.SubscriptionID }))
	s.wantEarned(r1.OrderID, earned(1, a.ID, Pending, "10"))
	s.wantEarned(r2.OrderID, earned(1, a.ID, Pending, "10"))
	s.wantEarned(r3.OrderID, earned(1, b.ID, Canceled, "0"), earned(1, a.ID, Pending, "10"))
	s.wantClean()
}
