package sale_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/locale"
)

// Spec: S60.1 S66 S73 S74.3 D31.2
func TestASaleOfAReferredContactIsPending(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	r := s.Place(s.Sale("bob@example.com", s.Click(p)))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	if r.Decision.Reason != reason.Credited || r.Decision.Via != sale.Link {
		t.Errorf("decided %s via %s", r.Decision.Reason, r.Decision.Via)
	}
	if c := r.Commissions[0]; c.ToolID != s.Tool.ID || c.SubID != "mail" || c.ProgramID != s.Program.ID ||
		c.ProductID != s.Book.ID {
		t.Errorf("the commission lacks tool, SubID, program or product: %+v", c)
	}
	again := s.Place(s.Sale("BOB@example.com", "")) // cookies lost, the stored referral holds
	s.WantEarned(again.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	if again.Decision.Via != sale.Stored {
		t.Errorf("the second sale came via %s", again.Decision.Via)
	}
	s.WantBalance(p, "20", "0", "0")
	s.WantClean()
}

// Spec: S9.2 S9.3 S24.1 S24.2 S74.1 S74.2 S101.1 B2
func TestWithoutOneOfTheThreeNothingIsPending(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	cookie := s.Click(p)
	for _, test := range []struct {
		name   string
		change func(*sale.OrderState)
		says   string
	}{
		{"no source", func(o *sale.OrderState) { o.Click = "" }, "this buyer never used a partner link"},
		{"product not commissionable", func(o *sale.OrderState) { o.Lines[0] = s.Line("1", s.Product("Mug"), "100") },
			"product not commissionable in the program " + s.Program.ID.String()},
		{"product not known", func(o *sale.OrderState) { o.Lines[0].Product = sale.ProductRef{ExternalID: "77"} },
			"we don't know this product"},
		{"no e-mail", func(o *sale.OrderState) { o.Buyer.Email = "" }, "the order has no buyer email"},
		{"cookie expired", func(o *sale.OrderState) { o.PlacedAt = o.PlacedAt.AddDate(3, 0, 0) },
			"older than the cookie lifetime"},
		{"referrer in no program", func(o *sale.OrderState) {
			shoptest.Must(s.Registry.RemovePartner(t.Context(), shoptest.Anna, p.ID, "leaves"))(s)
		}, "couldn't earn"},
	} {
		o := s.Sale(strings.ReplaceAll(test.name, " ", ".")+"@example.com", cookie)
		test.change(&o)
		r := s.Place(o)
		s.WantEarned(r.OrderID)
		lines := s.View(r.OrderID).Decisions[0].Trace.AdminLines(
			func(id affiliate.PartnerID) string { return id.String() })
		if !strings.Contains(locale.Join(lines...).String(), test.says) {
			t.Errorf("%s: the trace does not say %q:\n%s", test.name, test.says, locale.Join(lines...).String())
		}
	}
	s.WantClean()
}

// Spec: S7.1 S7.2 S9
func TestOneSettingPaysTheFirstOrTheLastReferrer(t *testing.T) {
	s := newSite(t)
	first, last := s.Partner("first"), s.Partner("last")
	s.OptIn("bob@example.com", s.Click(first), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	s.OptIn("bob@example.com", s.Click(last), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	for credit, want := range map[affiliate.Credit]affiliate.Partner{affiliate.FirstReferrer: first,
		affiliate.LastReferrer: last} {
		s.Settings(func(g *affiliate.Settings) { g.Credit = credit })
		r := s.Place(s.Sale("bob@example.com", ""))
		s.WantEarned(r.OrderID, shoptest.Earned(1, want.ID, ledger.Pending, "10"))
		s.Clock.Advance(time.Second) // what follows is by other settings
	}
	s.Settings(func(g *affiliate.Settings) { g.Credit = affiliate.FirstReferrer })
	s.OptIn("cy@example.com", "", s.Clock.Now())
	if r := s.Place(s.Sale("cy@example.com", s.Click(last))); r.Decision.Reason != reason.NoFirstReferrer {
		t.Errorf("a blank first referrer gave %s", r.Decision.Reason)
	}
	s.WantClean()
}

// Spec: S13.1 S14.1 S14.2 S15.1 S16.1 S29.2 D6.1
func TestTwoTiers(t *testing.T) {
	s := newSite(t)
	grand := s.Partner("grand")
	recruiter := s.Partner("recruiter", grand)
	seller := s.Partner("seller", recruiter)
	r := s.Place(s.Sale("bob@example.com", s.Click(seller)))
	s.WantEarned(r.OrderID, shoptest.Earned(1, seller.ID, ledger.Pending, "10"),
		shoptest.Earned(2, recruiter.ID, ledger.Pending, "5"))
	r = s.Place(s.Sale("cy@example.com", s.Click(grand)))
	s.WantEarned(r.OrderID, shoptest.Earned(1, grand.ID, ledger.Pending, "10"))

	s.Program.Tiers = 1
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	r = s.Place(s.Sale("dee@example.com", s.Click(seller)))
	s.WantEarned(r.OrderID, shoptest.Earned(1, seller.ID, ledger.Pending, "10"))

	s.Program.Tiers = 2
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	shoptest.Must(s.Registry.RemovePartner(t.Context(), shoptest.Anna, recruiter.ID, "leaves"))(s)
	r = s.Place(s.Sale("eve@example.com", s.Click(seller)))
	s.WantEarned(r.OrderID, shoptest.Earned(1, seller.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: S23.1 S26.1 S28.2 S30
func TestEachLineEarnsByItsProgramsTerms(t *testing.T) {
	s := newSite(t)
	mug := s.Product("Mug")
	flatProgram, rich := s.NewProgram("Flat", 1), s.NewProgram("Rich", 1)
	s.Terms(flatProgram, s.Book, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "USD", Level1: shoptest.USD("5")}}})
	s.Terms(rich, s.Book, shoptest.Percent("50", "0"))
	for program, want := range map[affiliate.ProgramID]string{s.Program.ID: "10", flatProgram.ID: "5", rich.ID: "50"} {
		p := s.PartnerIn(affiliate.Program{ID: program}, "partner"+program.String())
		o := s.Sale("buyer"+program.String()+"@example.com", s.Click(p))
		o.Lines, o.Total = append(o.Lines, s.Line("2", mug, "40")), shoptest.USD("140")
		r := s.Place(o)
		s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, want))
	}
	s.WantClean()
}

// Spec: S30.1 S30.2 D16.1
func TestAnEditOfTermsAffectsLaterSalesOnly(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	r := s.Place(o)
	s.Clock.Advance(time.Hour)
	s.Terms(s.Program, s.Book, shoptest.Percent("20", "0"))
	s.Place(shoptest.Refunded(o, "50")) // an old sale keeps its terms even when it changes
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "5"))
	later := s.Place(s.Sale("cy@example.com", s.Click(p)))
	s.WantEarned(later.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "20"))
	s.Clock.Advance(time.Second)
	s.OK(s.Registry.RemoveTerms(t.Context(), shoptest.Anna, s.Program.ID, s.Book.ID))
	s.Clock.Advance(time.Hour)
	s.WantEarned(s.Place(s.Sale("dee@example.com", s.Click(p))).OrderID)
	s.Place(shoptest.Next(shoptest.Next(o, func(*sale.OrderState) {}), func(*sale.OrderState) {}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: S18 S66 D15.2 D15.4
func TestCommissionsArePostedWhenTheOrderIsPaid(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	placed := s.Sale("bob@example.com", s.Click(p))
	placed.Status, placed.PaidAt = sale.OrderUnpaid, nil
	r := s.Place(placed)
	s.WantEarned(r.OrderID)
	if r.Decision.PartnerID != p.ID {
		t.Error("the decision was not made at placing")
	}
	s.Clock.Advance(48 * time.Hour) // processed late
	failed := shoptest.Next(placed, func(o *sale.OrderState) { o.Status = sale.OrderFailed })
	s.Place(failed)
	s.WantEarned(r.OrderID)
	paidAt := placed.PlacedAt.Add(20 * time.Hour)
	paidState := shoptest.Next(failed, func(o *sale.OrderState) { o.Status, o.PaidAt = sale.OrderPaid, &paidAt })
	c := s.Place(paidState).Commissions[0]
	if !c.OccurredAt.Equal(paidAt) || c.Day != affiliate.DayOf(paidAt, s.Zone) {
		t.Errorf("earned at %s on %s, want when it was paid, %s", c.OccurredAt, c.Day, paidAt)
	}
	void := shoptest.Next(paidState, func(o *sale.OrderState) { o.Status = sale.OrderVoid })
	s.Place(void)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantBalance(p, "0", "0", "0")
	s.Place(shoptest.Next(void, func(o *sale.OrderState) { o.Status = sale.OrderPaid }))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.WantClean()
}

// Spec: D17.1 B3.1
func TestTheHighestVersionCounts(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	first := s.Sale("bob@example.com", s.Click(p))
	second := shoptest.Refunded(first, "40")
	r := s.Place(second)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"))
	if got := s.Place(first).Outcome; got != sale.Stale {
		t.Errorf("the older state was %s", got)
	}
	repeated := second
	repeated.At = repeated.At.Add(time.Minute)
	if got := s.Place(repeated).Outcome; got != sale.Repeated {
		t.Errorf("the same state again was %s", got)
	}
	other := second
	other.Number = "another"
	if got := s.Place(other); got.Outcome != sale.Differs || got.Review != reason.ReviewDiffers {
		t.Errorf("another state of the same version was %s, review %q", got.Outcome, got.Review)
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"))
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_order_states WHERE order_id = ?
		AND outcome IN ('applied', 'stale')`, r.OrderID); n != 2 {
		t.Errorf("%d states were kept, want 2", n)
	}
	if v := s.View(r.OrderID); v.Order.Review != reason.ReviewDiffers || len(v.Decisions) != 1 {
		t.Errorf("the order stands at %+v", v.Order)
	}
	s.WantClean()
}

// Spec: D16.1
func TestWhoIsCreditedIsDecidedOnce(t *testing.T) {
	s := newSite(t)
	p, other := s.Partner("pia"), s.Partner("other")
	o := s.Sale("bob@example.com", s.Click(p))
	r := s.Place(o)
	s.Clock.Advance(time.Hour)
	s.OptIn("bob@example.com", s.Click(other), s.Clock.Now())
	shoptest.Must(s.Registry.SuspendPartner(t.Context(), shoptest.Anna, p.ID, "looked into"))(s)
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("120"),
			shoptest.USD("120")
	}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "12"))
	s.WantClean()
}

// The day is that of the site's clocks when it was earned, and stays when the
// site moves.
//
// Spec: D15.4
func TestDaysAreTheSites(t *testing.T) {
	s := newSite(t)
	zone, err := time.LoadLocation("America/New_York")
	s.OK(err)
	s.Zone = zone
	s.Clock.Set(time.Date(2026, 11, 1, 3, 59, 58, 0, time.UTC)) // still October there
	p := s.Partner("pia")
	c := s.Earn(p, "100")
	s.Zone = time.UTC
	later := s.Now(c)[0]
	if later.Day.String() != "2026-10-31" {
		t.Errorf("earned on %s", later.Day)
	}
	s.ApproveAll(later)
	if j := shoptest.Must(s.Journals(t.Context(), c.ID))(s); j[0].Day != later.Day ||
		j[1].Day.String() != "2026-11-01" {
		t.Errorf("journals of %s and %s", j[0].Day, j[1].Day)
	}
}

// Spec: D26 D27.1
func TestWhatLooksOddGoesToReview(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.Terms(s.Program, s.Book, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "EUR", Level1: shoptest.USD("5")}}})
	r := s.Place(s.Sale("bob@example.com", s.Click(p)))
	if got := s.View(r.OrderID).Order.Review; got != reason.FlatNoCurrency {
		t.Errorf("a flat commission in another currency: review %q", got)
	}
	s.WantEarned(r.OrderID)
	o := s.Sale("cy@example.com", s.Click(p))
	o.Currency, o.Total = "EUR", shoptest.USD("150")
	r = s.Place(o)
	if r.Review != reason.ReviewTotal {
		t.Errorf("a total that does not match: review %q", r.Review)
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "5"))
	r = s.Place(shoptest.Next(o, func(o *sale.OrderState) { o.Total = shoptest.USD("100") }))
	if r.Review != "" {
		t.Errorf("after the total was mended: review %q", r.Review)
	}
	_, err := s.Converge(t.Context(), shoptest.Next(shoptest.Next(o, func(*sale.OrderState) {}),
		func(o *sale.OrderState) { o.Currency = "USD" }))
	if affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another currency: %v", err)
	}
	s.WantClean()
}

// Spec: D22, B3
func TestLinesComeAndGo(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	o := s.Sale("bob@example.com", s.Click(p))
	r := s.Place(o)
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines = []sale.LineState{s.Line("2", s.Book, "30")}
		o.Total = shoptest.USD("30")
	}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Pending, "3"))
	s.Place(shoptest.Next(shoptest.Next(o, func(*sale.OrderState) {}), func(*sale.OrderState) {}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantClean()
}

func TestOrdersOfAThousandLines(t *testing.T) {
	s := newSite(t)
	p := s.Partner("seller", s.Partner("recruiter"))
	o := s.Sale("bob@example.com", s.Click(p))
	o.Lines, o.Total = nil, shoptest.USD("10000")
	for i := range 1000 {
		o.Lines = append(o.Lines, s.Line(fmt.Sprint(i+1), s.Book, "10"))
	}
	r := s.Place(o)
	if len(r.Commissions) != 2000 {
		t.Fatalf("%d commissions, want two for each line", len(r.Commissions))
	}
	s.WantBalance(p, "1000", "0", "0")
	s.Place(shoptest.Next(o, func(o *sale.OrderState) { o.Status = sale.OrderVoid }))
	s.WantBalance(p, "0", "0", "0")
	s.WantClean()
}

// Spec: D12
func TestOverflowPostsNothing(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.Terms(s.Program, s.Book, shoptest.Percent("100", "0"))
	o := s.Sale("bob@example.com", s.Click(p))
	o.Lines[0].Base, o.Total = shoptest.USD("900000000000000"), shoptest.USD("900000000000000")
	s.Place(o)
	more := s.Sale("cy@example.com", s.Click(p))
	more.Lines[0].Base, more.Total = shoptest.USD("50000000000000"), shoptest.USD("50000000000000")
	if _, err := s.Converge(t.Context(), more); err == nil || !strings.Contains(err.Error(), "largest") {
		t.Errorf("a balance beyond the largest amount: %v", err)
	}
	s.WantBalance(p, "900000000000000", "0", "0")
	s.WantClean()
}
