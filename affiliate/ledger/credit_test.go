package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
)

// bought is a sale with its click cookie, decided at once.
func (s *site) bought(email, cookie string) Decision {
	s.Helper()
	return s.converge(s.sale(email, cookie)).Decision
}

func (s *site) wantReason(d Decision, want Reason) {
	s.Helper()
	if d.Reason != want || (d.PartnerID == 0) == (want == Credited) {
		s.Errorf("decided %s for partner %d, want %s", d.Reason, d.PartnerID, want)
	}
}

// The same contact and the same order, by each of the three rules.
//
// Spec: S60, S71, S127, S129, S130, D1
func TestOneContactByThreeRules(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	before := must(affiliate.LoadContactByEmail(t.Context(), s.db, "eve@example.com"))(s)
	s.clock.Advance(20 * 24 * time.Hour)
	for _, test := range []struct {
		rule affiliate.CreditRule
		days int
		want Reason
	}{
		{affiliate.StoredReferrer, 0, Credited}, {affiliate.LiveClick, 7, LiveClickMissing}, {affiliate.LiveClick, 30, Credited},
		{affiliate.LiveClick, 0, LiveClickMissing}, {affiliate.StoredForDays, 30, Credited}, {affiliate.StoredForDays, 19, CreditLapsed},
	} {
		s.policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = test.rule, test.days })
		d := s.bought("eve@example.com", "")
		s.wantReason(d, test.want)
		if p := must(s.registry.Policy(t.Context(), s.program.ID))(s); d.PolicyVersion != p.Version {
			t.Errorf("decided by version %d, not %d", d.PolicyVersion, p.Version)
		}
	}
	after := must(affiliate.LoadContactByEmail(t.Context(), s.db, "eve@example.com"))(s)
	if after.First.PartnerID != before.First.PartnerID || after.Last.PartnerID != before.Last.PartnerID || !after.Last.At.Equal(*before.Last.At) || !after.UpdatedAt.Equal(before.UpdatedAt) {
		t.Errorf("the rules changed the contact from %+v to %+v", before, after)
	}
	s.wantReason(s.bought("eve@example.com", s.click(ann)), Credited)
	s.wantClean()
}

// Spec: S30, S129, D18
func TestALateOrderIsJudgedByTheRulesOfItsTime(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	late := s.sale("eve@example.com", "")
	s.clock.Advance(time.Hour)
	s.policy(func(p *affiliate.Policy) { p.Credit = affiliate.LiveClick })
	s.wantReason(s.bought("eve@example.com", ""), LiveClickMissing)
	s.wantReason(s.converge(late).Decision, Credited)
	s.wantClean()
}

// A click that comes in late gives the right to the order it came before.
//
// Spec: S129, D18
func TestALateFormGivesTheRight(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, 7 })
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	s.clock.Advance(20 * 24 * time.Hour)
	cookie, clicked := s.click(ann), s.clock.Now()
	r := s.converge(s.sale("eve@example.com", ""))
	s.wantReason(r.Decision, LiveClickMissing)
	s.clock.Advance(time.Hour)
	a := s.optIn("eve@example.com", cookie, clicked) // was submitted before the order
	if !a.Late {
		t.Fatal("the form is not late")
	}
	if _, err := s.Reconsider(t.Context(), s.db, a.Contact.ID, clicked); err != nil {
		t.Fatal(err)
	}
	s.wantEarned(r.OrderID, earned(1, ann.ID, Pending, "10"))
	s.wantClean()
}

// Spec: S131, S128
func TestPromotionDecidesWhoMailsForUs(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	s.optIn("max@example.com", s.click(ann), s.clock.Now())
	s.clock.Advance(24 * time.Hour)
	from := s.clock.Now()
	s.policy(func(p *affiliate.Policy) {
		p.Windows = []affiliate.Window{{Name: "Launch", From: from, To: from.AddDate(0, 0, 3)}}
	})
	s.wantReason(s.bought("eve@example.com", ""), PromotionMissed)
	s.wantReason(s.bought("eve@example.com", s.click(bob)), Credited)
	s.clock.Set(from.AddDate(0, 0, 3))
	s.wantReason(s.bought("max@example.com", ""), Credited) // when it is over, the old referrer is as good as before
	s.wantClean()
}

// Spec: S130, S132
func TestResetAndItsUndoInOrders(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	s.optIn("max@example.com", s.click(ann), s.clock.Now())
	old := s.click(ann)
	s.clock.Advance(time.Hour)
	eve := must(affiliate.LoadContactByEmail(t.Context(), s.db, "eve@example.com"))(s)
	reset := must(s.tracker.ResetReferrals(t.Context(), anna, tracking.Segment{Contacts: []affiliate.ContactID{eve.ID}}, 1, "Before the launch."))(s)
	s.clock.Advance(time.Second)
	s.wantReason(s.bought("eve@example.com", ""), ReferralReset)
	s.wantReason(s.bought("eve@example.com", old), ReferralReset) // clicked before it
	s.wantReason(s.bought("max@example.com", ""), Credited)
	must(s.tracker.UndoReset(t.Context(), anna, reset.ID))(s)
	s.wantReason(s.bought("eve@example.com", ""), Credited)
	again := must(s.tracker.ResetReferrals(t.Context(), anna, tracking.Segment{PartnerID: ann.ID}, 2, "Before the next one."))(s)
	s.clock.Advance(time.Second)
	s.wantReason(s.bought("eve@example.com", ""), ReferralReset)
	s.wantReason(s.bought("eve@example.com", s.click(ann)), Credited)
	s.wantReason(s.bought("eve@example.com", ""), Credited)
	if again.Contacts != 2 {
		t.Errorf("%+v", again)
	}
	s.wantClean()
}

// Spec: S148
func TestOnlyTheFirstSaleOfACustomer(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.policy(func(p *affiliate.Policy) { p.NewOnly = true })
	failed := s.sale("eve@example.com", s.click(ann))
	failed.Status, failed.PaidAt = OrderFailed, nil
	s.converge(failed)
	s.wantReason(s.bought("eve@example.com", ""), Credited) // who could not pay has not bought
	s.wantReason(s.bought("eve@example.com", s.click(ann)), CustomerReturned)
	s.wantReason(s.bought("max@example.com", s.click(ann)), Credited)
	s.wantClean()
}

// Spec: S133, S74
func TestDeclinedByRuleSaysSo(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.policy(func(p *affiliate.Policy) {
		p.Rules = []affiliate.AutoRule{{When: affiliate.NoLiveClick, Then: affiliate.DeclineSale, Reason: "No click for this sale."}}
	})
	s.wantReason(s.bought("eve@example.com", s.click(ann)), Credited)
	r := s.converge(s.sale("eve@example.com", ""))
	s.wantReason(r.Decision, DeclinedByRule)
	if len(r.Commissions) != 0 {
		t.Errorf("yet it earned %+v", r.Commissions)
	}
	last := r.Decision.Trace.Steps[len(r.Decision.Trace.Steps)-1]
	if last.Code != DeclinedByRule || last.Facts["reason"] != "No click for this sale." || last.Facts["when"] != "no_live_click" {
		t.Errorf("the trace ends with %+v", last)
	}
	s.wantClean()
}

// Spec: S133
func TestPayerIsComparedToo(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.policy(func(p *affiliate.Policy) { p.SelfReferral = affiliate.DenySelf })
	o := s.sale("eve@example.com", s.click(ann))
	o.Payer = " Ann@Partners.Example"
	s.wantReason(s.converge(o).Decision, SelfReferred)
	s.wantReason(s.bought("max@example.com", s.click(ann)), Credited)
	s.wantClean()
}

// Spec: D9
func TestFlatPerUnitOrPerOrder(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.terms(s.program, s.book, affiliate.Terms{Kind: affiliate.FlatAmount, Flats: []affiliate.Flat{{Currency: "USD", Level1: usd("5"), Level2: usd("1")}}})
	s.clock.Advance(time.Second)
	three := func() OrderState {
		o := s.sale("eve@example.com", s.click(ann))
		o.Lines[0].Quantity = quantity("3")
		return o
	}
	unit := three()
	s.wantEarned(s.converge(unit).OrderID, earned(1, ann.ID, Pending, "15"))
	s.policy(func(p *affiliate.Policy) { p.FlatPer = affiliate.FlatPerOrder })
	order := three()
	r := s.converge(order)
	s.wantEarned(r.OrderID, earned(1, ann.ID, Pending, "5"))
	s.wantEarned(s.converge(order.refunded("50")).OrderID, earned(1, ann.ID, Pending, "2.5"))
	again := s.converge(unit.next(func(o *OrderState) { o.Lines[0].Quantity = quantity("4") })) // as it was when it was placed
	s.wantEarned(again.OrderID, earned(1, ann.ID, Pending, "20"))
	s.wantClean()
}
