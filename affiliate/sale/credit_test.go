package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/tracking"
)

// bought is a sale with its click cookie, decided at once.
func (s *site) bought(email, cookie string) sale.Decision {
	s.Helper()
	return s.Place(s.Sale(email, cookie)).Decision
}

func (s *site) wantReason(d sale.Decision, want reason.Code) {
	s.Helper()
	if d.Reason != want || (d.PartnerID == 0) == (want == reason.Credited) {
		s.Errorf("decided %s for partner %d, want %s", d.Reason, d.PartnerID, want)
	}
}

// The same contact and the same order, by each of the three rules.
//
// Spec: S60.2 S71.2 S127.1 S128.1 S129.1 S129.2 S129.3 S130.1 D1.1 D1.2
func TestOneContactByThreeRules(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	before := shoptest.Must(affiliate.LoadContactByEmail(t.Context(), s.DB, "eve@example.com"))(s)
	s.Clock.Advance(20 * 24 * time.Hour)
	for _, test := range []struct {
		rule affiliate.CreditRule
		days int
		want reason.Code
	}{
		{affiliate.StoredReferrer, 0, reason.Credited}, {affiliate.LiveClick, 7,
			reason.LiveClickMissing}, {affiliate.LiveClick, 30, reason.Credited},
		{affiliate.LiveClick, 0, reason.LiveClickMissing}, {affiliate.StoredForDays, 30,
			reason.Credited}, {affiliate.StoredForDays, 19, reason.CreditLapsed},
	} {
		s.Policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = test.rule, test.days })
		d := s.bought("eve@example.com", "")
		s.wantReason(d, test.want)
		if p := shoptest.Must(s.Registry.Policy(t.Context(), s.Program.ID))(s); d.PolicyVersion != p.Version {
			t.Errorf("decided by version %d, not %d", d.PolicyVersion, p.Version)
		}
	}
	after := shoptest.Must(affiliate.LoadContactByEmail(t.Context(), s.DB, "eve@example.com"))(s)
	if after.First.PartnerID != before.First.PartnerID || after.Last.PartnerID != before.Last.PartnerID ||
		!after.Last.At.Equal(*before.Last.At) || !after.UpdatedAt.Equal(before.UpdatedAt) {
		t.Errorf("the rules changed the contact from %+v to %+v", before, after)
	}
	s.wantReason(s.bought("eve@example.com", s.Click(ann)), reason.Credited)
	s.WantClean()
}

// Spec: S30, S129, D18
func TestALateOrderIsJudgedByTheRulesOfItsTime(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	late := s.Sale("eve@example.com", "")
	s.Clock.Advance(time.Hour)
	s.Policy(func(p *affiliate.Policy) { p.Credit = affiliate.LiveClick })
	s.wantReason(s.bought("eve@example.com", ""), reason.LiveClickMissing)
	s.wantReason(s.Place(late).Decision, reason.Credited)
	s.WantClean()
}

// A click that comes in late gives the right to the order it came before.
//
// Spec: S129 D18.2
func TestALateFormGivesTheRight(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, 7 })
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	s.Clock.Advance(20 * 24 * time.Hour)
	cookie, clicked := s.Click(ann), s.Clock.Now()
	r := s.Place(s.Sale("eve@example.com", ""))
	s.wantReason(r.Decision, reason.LiveClickMissing)
	s.Clock.Advance(time.Hour)
	a := s.OptIn("eve@example.com", cookie, clicked) // was submitted before the order
	if !a.Late {
		t.Fatal("the form is not late")
	}
	if _, err := s.Reconsider(t.Context(), s.DB, a.Contact.ID, clicked); err != nil {
		t.Fatal(err)
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: S127.1 S128.1 S131.1 S131.2 D28.3
func TestPromotionDecidesWhoMailsForUs(t *testing.T) {
	s := newSite(t)
	ann, bob := s.Partner("ann"), s.Partner("bob")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	s.OptIn("max@example.com", s.Click(ann), s.Clock.Now())
	s.Clock.Advance(24 * time.Hour)
	from := s.Clock.Now()
	s.Policy(func(p *affiliate.Policy) {
		p.Windows = []affiliate.Window{{Name: "Launch", From: from, To: from.AddDate(0, 0, 3)}}
	})
	s.wantReason(s.bought("eve@example.com", ""), reason.PromotionMissed)
	s.wantReason(s.bought("eve@example.com", s.Click(bob)), reason.Credited)
	s.Clock.Set(from.AddDate(0, 0, 3))
	// when it is over, the old referrer is as good as before
	s.wantReason(s.bought("max@example.com", ""), reason.Credited)
	s.WantClean()
}

// Spec: S130.1 S132.1 S132.2 D28.4
func TestResetAndItsUndoInOrders(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	s.OptIn("max@example.com", s.Click(ann), s.Clock.Now())
	old := s.Click(ann)
	s.Clock.Advance(time.Hour)
	eve := shoptest.Must(affiliate.LoadContactByEmail(t.Context(), s.DB, "eve@example.com"))(s)
	reset := shoptest.Must(s.Tracker.ResetReferrals(t.Context(), shoptest.Anna,
		tracking.Segment{Contacts: []affiliate.ContactID{eve.ID}}, 1, 0, "Before the launch."))(s)
	s.Clock.Advance(time.Second)
	s.wantReason(s.bought("eve@example.com", ""), reason.ReferralReset)
	s.wantReason(s.bought("eve@example.com", old), reason.ReferralReset) // clicked before it
	s.wantReason(s.bought("max@example.com", ""), reason.Credited)
	shoptest.Must(s.Tracker.UndoReset(t.Context(), shoptest.Anna, reset.ID))(s)
	s.wantReason(s.bought("eve@example.com", ""), reason.Credited)
	again := shoptest.Must(s.Tracker.ResetReferrals(t.Context(), shoptest.Anna, tracking.Segment{PartnerID: ann.ID}, 2,
		reset.ID, "Before the next one."))(s)
	s.Clock.Advance(time.Second)
	s.wantReason(s.bought("eve@example.com", ""), reason.ReferralReset)
	s.wantReason(s.bought("eve@example.com", s.Click(ann)), reason.Credited)
	s.wantReason(s.bought("eve@example.com", ""), reason.Credited)
	if again.Contacts != 2 {
		t.Errorf("%+v", again)
	}
	s.WantClean()
}

// Spec: S148.3
func TestOnlyTheFirstSaleOfACustomer(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Policy(func(p *affiliate.Policy) { p.NewOnly = true })
	failed := s.Sale("eve@example.com", s.Click(ann))
	failed.Status, failed.PaidAt = sale.OrderFailed, nil
	s.Place(failed)
	s.wantReason(s.bought("eve@example.com", ""), reason.Credited) // who could not pay has not bought
	s.wantReason(s.bought("eve@example.com", s.Click(ann)), reason.CustomerReturned)
	s.wantReason(s.bought("max@example.com", s.Click(ann)), reason.Credited)
	s.WantClean()
}

// Spec: S74 S133.1 S133.2 S133.3
func TestDeclinedByRuleSaysSo(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Policy(func(p *affiliate.Policy) {
		p.Rules = []affiliate.AutoRule{{When: affiliate.NoLiveClick, Then: affiliate.DeclineSale,
			Reason: "No click for this sale."}}
	})
	s.wantReason(s.bought("eve@example.com", s.Click(ann)), reason.Credited)
	r := s.Place(s.Sale("eve@example.com", ""))
	s.wantReason(r.Decision, reason.DeclinedByRule)
	if len(r.Commissions) != 0 {
		t.Errorf("yet it earned %+v", r.Commissions)
	}
	last := r.Decision.Trace.Steps[len(r.Decision.Trace.Steps)-1]
	if last.Code != reason.DeclinedByRule || last.Facts["reason"] != "No click for this sale." ||
		last.Facts["when"] != "no_live_click" {
		t.Errorf("the trace ends with %+v", last)
	}
	s.WantClean()
}

// Spec: S133
func TestPayerIsComparedToo(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Policy(func(p *affiliate.Policy) { p.SelfReferral = affiliate.DenySelf })
	o := s.Sale("eve@example.com", s.Click(ann))
	o.Payer = " Ann@Partners.Example"
	s.wantReason(s.Place(o).Decision, reason.SelfReferred)
	s.wantReason(s.bought("max@example.com", s.Click(ann)), reason.Credited)
	s.WantClean()
}

// One mailbox has many spellings: who buys by another of them than they are paid
// by has their sale on hold, as programs have it from the start.
//
// Spec: S133
func TestAMailboxIsComparedHoweverItIsSpelled(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.PaidBy(ann, affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "ann.lee@gmail.com"})
	for buyer, want := range map[string]sale.Auto{
		"AnnLee+shop@googlemail.com": sale.AutoDecide,
		"annlee+shop@example.com":    "",
		"anna.lee@gmail.com":         "",
	} {
		if d := s.bought(buyer, s.Click(ann)); d.Auto != want || d.PartnerID != ann.ID {
			t.Errorf("%s buys: %q for %s, want %q", buyer, d.Auto, d.PartnerID, want)
		}
	}
	s.WantClean()
}

// Spec: D9.1 D9.2
func TestFlatPerUnitOrPerOrder(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Terms(s.Program, s.Book, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "USD", Level1: shoptest.USD("5"), Level2: shoptest.USD("1")}}})
	s.Clock.Advance(time.Second)
	three := func() sale.OrderState {
		o := s.Sale("eve@example.com", s.Click(ann))
		o.Lines[0].Quantity = shoptest.Quantity("3")
		return o
	}
	unit := three()
	s.WantEarned(s.Place(unit).OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "15"))
	s.Policy(func(p *affiliate.Policy) { p.FlatPer = affiliate.FlatPerOrder })
	order := three()
	r := s.Place(order)
	s.WantEarned(r.OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "5"))
	s.WantEarned(s.Place(shoptest.Refunded(order, "50")).OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "2.5"))
	// as it was when it was placed
	again := s.Place(shoptest.Next(unit, func(o *sale.OrderState) { o.Lines[0].Quantity = shoptest.Quantity("4") }))
	s.WantEarned(again.OrderID, shoptest.Earned(1, ann.ID, ledger.Pending, "20"))
	s.WantClean()
}
