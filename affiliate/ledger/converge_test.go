package ledger

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Spec: S73, S60, S66, S74, D31
func TestASaleOfAReferredContactIsPending(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	r := s.converge(s.sale("bob@example.com", s.click(p)))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	if r.Decision.Reason != Credited || r.Decision.Via != Link {
		t.Errorf("decided %s via %s", r.Decision.Reason, r.Decision.Via)
	}
	if c := r.Commissions[0]; c.ToolID != s.tool.ID || c.SubID != "mail" || c.ProgramID != s.program.ID || c.ProductID != s.book.ID {
		t.Errorf("the commission lacks tool, SubID, program or product: %+v", c)
	}
	again := s.converge(s.sale("BOB@example.com", "")) // cookies lost, the stored referral holds
	s.wantEarned(again.OrderID, earned(1, p.ID, Pending, "10"))
	if again.Decision.Via != Stored {
		t.Errorf("the second sale came via %s", again.Decision.Via)
	}
	s.wantBalance(p, "20", "0", "0")
	s.wantClean()
}

// Spec: S74, S24, S9, S101, B2
func TestWithoutOneOfTheThreeNothingIsPending(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	cookie := s.click(p)
	for _, test := range []struct {
		name   string
		change func(*OrderState)
		says   string
	}{
		{"no source", func(o *OrderState) { o.Click = "" }, "no partner's link is known"},
		{"product not commissionable", func(o *OrderState) { o.Lines[0] = s.line("1", s.product("Mug"), "100") }, "product not commissionable in program " + s.program.ID.String()},
		{"product not known", func(o *OrderState) { o.Lines[0].Product = ProductRef{ExternalID: "77"} }, "the product is not known here"},
		{"no e-mail", func(o *OrderState) { o.Buyer.Email = "" }, "names no buyer"},
		{"cookie expired", func(o *OrderState) { o.PlacedAt = o.PlacedAt.AddDate(3, 0, 0) }, "cookie had expired"},
		{"referrer in no program", func(o *OrderState) {
			s.exec(`UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL`, s.clock.Now())
		}, "who could not earn then"},
	} {
		o := s.sale(strings.ReplaceAll(test.name, " ", ".")+"@example.com", cookie)
		test.change(&o)
		r := s.converge(o)
		s.wantEarned(r.OrderID)
		lines := s.order(r.OrderID).Decisions[0].Trace.AdminLines(func(id affiliate.PartnerID) string { return id.String() })
		if !strings.Contains(strings.Join(lines, "\n"), test.says) {
			t.Errorf("%s: the trace does not say %q:\n%s", test.name, test.says, strings.Join(lines, "\n"))
		}
	}
	s.wantClean()
}

// Spec: S7, S9
func TestOneSettingPaysTheFirstOrTheLastReferrer(t *testing.T) {
	s := newSite(t)
	first, last := s.partner("first"), s.partner("last")
	s.optIn("bob@example.com", s.click(first), s.clock.Now())
	s.clock.Advance(time.Hour)
	s.optIn("bob@example.com", s.click(last), s.clock.Now())
	s.clock.Advance(time.Hour)
	for credit, want := range map[affiliate.Credit]affiliate.Partner{affiliate.FirstReferrer: first, affiliate.LastReferrer: last} {
		s.settings(func(g *affiliate.Settings) { g.Credit = credit })
		r := s.converge(s.sale("bob@example.com", ""))
		s.wantEarned(r.OrderID, earned(1, want.ID, Pending, "10"))
	}
	s.settings(func(g *affiliate.Settings) { g.Credit = affiliate.FirstReferrer })
	s.optIn("cy@example.com", "", s.clock.Now())
	if r := s.converge(s.sale("cy@example.com", s.click(last))); r.Decision.Reason != NoFirstReferrer {
		t.Errorf("a blank first referrer gave %s", r.Decision.Reason)
	}
	s.wantClean()
}

// Spec: S13, S14, S15, S16, D6
func TestTwoTiers(t *testing.T) {
	s := newSite(t)
	grand := s.partner("grand")
	recruiter := s.partner("recruiter", grand)
	seller := s.partner("seller", recruiter)
	r := s.converge(s.sale("bob@example.com", s.click(seller)))
	s.wantEarned(r.OrderID, earned(1, seller.ID, Pending, "10"), earned(2, recruiter.ID, Pending, "5"))
	r = s.converge(s.sale("cy@example.com", s.click(grand)))
	s.wantEarned(r.OrderID, earned(1, grand.ID, Pending, "10"))

	s.program.Tiers = 1
	must(s.registry.EditProgram(t.Context(), anna, s.program))(s)
	r = s.converge(s.sale("dee@example.com", s.click(seller)))
	s.wantEarned(r.OrderID, earned(1, seller.ID, Pending, "10"))

	s.program.Tiers = 2
	must(s.registry.EditProgram(t.Context(), anna, s.program))(s)
	s.exec(`UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL WHERE partner_id = ?`, s.clock.Now(), recruiter.ID)
	r = s.converge(s.sale("eve@example.com", s.click(seller)))
	s.wantEarned(r.OrderID, earned(1, seller.ID, Pending, "10"))
	s.wantClean()
}

// Spec: S23, S26, S28, S30
func TestEachLineEarnsByItsProgramsTerms(t *testing.T) {
	s := newSite(t)
	mug := s.product("Mug")
	flatProgram, rich := s.newProgram("Flat", 1), s.newProgram("Rich", 1)
	s.terms(flatProgram, s.book, affiliate.Terms{Kind: affiliate.FlatAmount, Flats: []affiliate.Flat{{Currency: "USD", Level1: usd("5")}}})
	s.terms(rich, s.book, percent("50", "0"))
	for program, want := range map[affiliate.ProgramID]string{s.program.ID: "10", flatProgram.ID: "5", rich.ID: "50"} {
		p := s.partnerIn(affiliate.Program{ID: program}, "partner"+program.String())
		o := s.sale("buyer"+program.String()+"@example.com", s.click(p))
		o.Lines, o.Total = append(o.Lines, s.line("2", mug, "40")), usd("140")
		r := s.converge(o)
		s.wantEarned(r.OrderID, earned(1, p.ID, Pending, want))
	}
	s.wantClean()
}

// Spec: S30, D16
func TestAnEditOfTermsAffectsLaterSalesOnly(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	r := s.converge(o)
	s.clock.Advance(time.Hour)
	s.terms(s.program, s.book, percent("20", "0"))
	s.converge(o.refunded("50")) // an old sale keeps its terms even when it changes
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "5"))
	later := s.converge(s.sale("cy@example.com", s.click(p)))
	s.wantEarned(later.OrderID, earned(1, p.ID, Pending, "20"))
	s.clock.Advance(time.Second)
	s.ok(s.registry.RemoveTerms(t.Context(), anna, s.program.ID, s.book.ID))
	s.clock.Advance(time.Hour)
	s.wantEarned(s.converge(s.sale("dee@example.com", s.click(p))).OrderID)
	s.converge(o.next(func(*OrderState) {}).next(func(*OrderState) {}))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	s.wantClean()
}

// Spec: D15, S18, S66
func TestCommissionsArePostedWhenTheOrderIsPaid(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	placed := s.sale("bob@example.com", s.click(p))
	placed.Status, placed.PaidAt = OrderUnpaid, nil
	r := s.converge(placed)
	s.wantEarned(r.OrderID)
	if r.Decision.PartnerID != p.ID {
		t.Error("the decision was not made at placing")
	}
	s.clock.Advance(48 * time.Hour) // processed late
	failed := placed.next(func(o *OrderState) { o.Status = OrderFailed })
	s.converge(failed)
	s.wantEarned(r.OrderID)
	paidAt := placed.PlacedAt.Add(20 * time.Hour)
	paidState := failed.next(func(o *OrderState) { o.Status, o.PaidAt = OrderPaid, &paidAt })
	c := s.converge(paidState).Commissions[0]
	if !c.OccurredAt.Equal(paidAt) || c.Day != affiliate.DayOf(paidAt, s.zone) {
		t.Errorf("earned at %s on %s, want when it was paid, %s", c.OccurredAt, c.Day, paidAt)
	}
	void := paidState.next(func(o *OrderState) { o.Status = OrderVoid })
	s.converge(void)
	s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"))
	s.wantBalance(p, "0", "0", "0")
	s.converge(void.next(func(o *OrderState) { o.Status = OrderPaid }))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	s.wantClean()
}

// Spec: D17, B3
func TestTheHighestVersionCounts(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	first := s.sale("bob@example.com", s.click(p))
	second := first.refunded("40")
	r := s.converge(second)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "6"))
	if got := s.converge(first).Outcome; got != Stale {
		t.Errorf("the older state was %s", got)
	}
	repeated := second
	repeated.At = repeated.At.Add(time.Minute)
	if got := s.converge(repeated).Outcome; got != Repeated {
		t.Errorf("the same state again was %s", got)
	}
	other := second
	other.Number = "another"
	if got := s.converge(other); got.Outcome != Differs || got.Review != ReviewDiffers {
		t.Errorf("another state of the same version was %s, review %q", got.Outcome, got.Review)
	}
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "6"))
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_order_states WHERE order_id = ? AND outcome IN ('applied', 'stale')`, r.OrderID); n != 2 {
		t.Errorf("%d states were kept, want 2", n)
	}
	if v := s.order(r.OrderID); v.Order.Review != ReviewDiffers || len(v.Decisions) != 1 {
		t.Errorf("the order stands at %+v", v.Order)
	}
	s.wantClean()
}

// Spec: D16
func TestWhoIsCreditedIsDecidedOnce(t *testing.T) {
	s := newSite(t)
	p, other := s.partner("pia"), s.partner("other")
	o := s.sale("bob@example.com", s.click(p))
	r := s.converge(o)
	s.clock.Advance(time.Hour)
	s.optIn("bob@example.com", s.click(other), s.clock.Now())
	s.exec(`UPDATE {wp}partner_center_partners SET state = 'suspended' WHERE id = ?`, p.ID)
	s.converge(o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("120"), usd("120") }))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "12"))
	s.wantClean()
}

// The day is that of the site's clocks when it was earned, and stays when the
// site moves.
//
// Spec: D15
func TestDaysAreTheSites(t *testing.T) {
	s := newSite(t)
	zone, err := time.LoadLocation("America/New_York")
	s.ok(err)
	s.zone = zone
	s.clock.Set(time.Date(2026, 11, 1, 3, 59, 58, 0, time.UTC)) // still October there
	p := s.partner("pia")
	c := s.earn(p, "100")
	s.zone = time.UTC
	later := s.now(c)[0]
	if later.Day.String() != "2026-10-31" {
		t.Errorf("earned on %s", later.Day)
	}
	s.approve(later)
	if j := must(s.Journals(t.Context(), c.ID))(s); j[0].Day != later.Day || j[1].Day.String() != "2026-11-01" {
		t.Errorf("journals of %s and %s", j[0].Day, j[1].Day)
	}
}

// Spec: D26, D27
func TestWhatLooksOddGoesToReview(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.terms(s.program, s.book, affiliate.Terms{Kind: affiliate.FlatAmount, Flats: []affiliate.Flat{{Currency: "EUR", Level1: usd("5")}}})
	r := s.converge(s.sale("bob@example.com", s.click(p)))
	if got := s.order(r.OrderID).Order.Review; got != FlatNoCurrency {
		t.Errorf("a flat commission in another currency: review %q", got)
	}
	s.wantEarned(r.OrderID)
	o := s.sale("cy@example.com", s.click(p))
	o.Currency, o.Total = "EUR", usd("150")
	r = s.converge(o)
	if r.Review != ReviewTotal {
		t.Errorf("a total that does not match: review %q", r.Review)
	}
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "5"))
	r = s.converge(o.next(func(o *OrderState) { o.Total = usd("100") }))
	if r.Review != "" {
		t.Errorf("after the total was mended: review %q", r.Review)
	}
	_, err := s.Converge(t.Context(), o.next(func(*OrderState) {}).next(func(o *OrderState) { o.Currency = "USD" }))
	if affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another currency: %v", err)
	}
	s.wantClean()
}

// Spec: D22, B3
func TestLinesComeAndGo(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	o := s.sale("bob@example.com", s.click(p))
	r := s.converge(o)
	s.converge(o.next(func(o *OrderState) { o.Lines = []LineState{s.line("2", s.book, "30")}; o.Total = usd("30") }))
	s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Pending, "3"))
	s.converge(o.next(func(*OrderState) {}).next(func(*OrderState) {}))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"), earned(1, p.ID, Canceled, "0"))
	s.wantClean()
}

func TestOrdersOfAThousandLines(t *testing.T) {
	s := newSite(t)
	p := s.partner("seller", s.partner("recruiter"))
	o := s.sale("bob@example.com", s.click(p))
	o.Lines, o.Total = nil, usd("10000")
	for i := range 1000 {
		o.Lines = append(o.Lines, s.line(itoa(int64(i+1)), s.book, "10"))
	}
	r := s.converge(o)
	if len(r.Commissions) != 2000 {
		t.Fatalf("%d commissions, want two for each line", len(r.Commissions))
	}
	s.wantBalance(p, "1000", "0", "0")
	s.converge(o.next(func(o *OrderState) { o.Status = OrderVoid }))
	s.wantBalance(p, "0", "0", "0")
	s.wantClean()
}

// Spec: D12
func TestOverflowPostsNothing(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.terms(s.program, s.book, percent("100", "0"))
	o := s.sale("bob@example.com", s.click(p))
	o.Lines[0].Base, o.Total = usd("900000000000000"), usd("900000000000000")
	s.converge(o)
	more := s.sale("cy@example.com", s.click(p))
	more.Lines[0].Base, more.Total = usd("50000000000000"), usd("50000000000000")
	if _, err := s.Converge(t.Context(), more); err == nil || !strings.Contains(err.Error(), "largest") {
		t.Errorf("a balance beyond the largest amount: %v", err)
	}
	s.wantBalance(p, "900000000000000", "0", "0")
	s.wantClean()
}
