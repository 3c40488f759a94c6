package sale_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/tracking"
)

func (s *site) simulate(what sale.Scenario) sale.Simulation {
	s.Helper()
	return shoptest.Must(sale.Simulate(s.Context(), s.DB, shoptest.Noon, s.Clock.Now().Add(time.Hour), what))(s)
}

// creditHistory makes a past with some of everything that credit depends on.
func creditHistory(s *site) (ann, bob affiliate.Partner) {
	s.Helper()
	recruiter := s.Partner("recruiter")
	ann, bob = s.Partner("ann", recruiter), s.Partner("bob")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	s.Clock.Advance(time.Hour)
	s.Place(s.Sale("eve@example.com", s.Click(bob))) // first ann, last bob
	s.Place(s.Sale("max@example.com", ""))           // nobody's
	s.Place(s.Sale("zoe@example.com", s.Click(ann))) // ann's, by a live click
	s.Clock.Advance(40 * 24 * time.Hour)
	s.Place(s.Sale("zoe@example.com", ""))                // ann's, stored
	s.Place(s.Sale("ann@partners.example", s.Click(ann))) // buys herself
	r := s.Place(s.Sale("zoe@example.com", ""))
	shoptest.Must(s.Cancel(s.Context(), shoptest.Anna, shoptest.Picks(r.Commissions...), "Not this one."))(s)
	refunded := s.Sale("zoe@example.com", "")
	s.Place(refunded)
	s.Place(shoptest.Refunded(refunded, "40"))
	s.Settings(func(set *affiliate.Settings) { set.Credit = affiliate.FirstReferrer })
	s.Clock.Advance(time.Second)
	s.Place(s.Sale("eve@example.com", s.Click(bob))) // by the first referrer: ann
	s.Clock.Advance(time.Second)
	s.Policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, 3 })
	s.Clock.Advance(time.Second)
	s.Place(s.Sale("eve@example.com", "")) // refused: ann was clicked 40 days ago
	return ann, bob
}

// Spec: S130 B8.2
func TestSimulatingTheSettingsInForceChangesNothing(t *testing.T) {
	s := newSite(t)
	creditHistory(s)
	before := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_journals`)
	sim := s.simulate(sale.Scenario{})
	if sim.Orders != 9 || sim.Changed != 0 || sim.Kept != 0 || len(sim.Rows) == 0 {
		t.Errorf("%+v", sim)
	}
	for _, row := range sim.Rows {
		b := shoptest.Must(ledger.LoadBalance(t.Context(), s.DB, row.PartnerID, row.Currency))(s)
		if !row.Difference.IsZero() || row.Booked != b.Pending {
			t.Errorf("%+v, the balance says %+v", row, b)
		}
	}
	if after := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_journals`); after != before {
		t.Errorf("the simulation posted %d journals", after-before)
	}
	s.WantClean()
}

// Spec: S7 S129 S133 D40 B8.1
func TestSimulatingOtherSettings(t *testing.T) {
	s := newSite(t)
	ann, bob := creditHistory(s)
	yes := true
	for name, test := range map[string]struct {
		what          sale.Scenario
		changed, kept int
		ann, bob      string // differences
	}{
		"first referrer": {sale.Scenario{Credit: affiliate.FirstReferrer}, 2, 0, "0",
			"-10"}, // ann gets one and loses her own purchase: she has no first referrer
		"last referrer":      {sale.Scenario{Credit: affiliate.LastReferrer}, 2, 0, "-10", "20"},
		"stored referrer":    {sale.Scenario{Rule: affiliate.StoredReferrer}, 1, 0, "10", "0"},
		"a live click":       {sale.Scenario{Rule: affiliate.LiveClick}, 3, 1, "-26", "0"},
		"for 30 days":        {sale.Scenario{Rule: affiliate.StoredForDays, Days: 30}, 3, 1, "-26", "0"},
		"no self-referral":   {sale.Scenario{SelfReferral: affiliate.DenySelf}, 1, 0, "-10", "0"},
		"new customers":      {sale.Scenario{NewOnly: &yes}, 3, 1, "-26", "0"},
		"of another program": {sale.Scenario{NewOnly: &yes, ProgramID: s.Program.ID + 1}, 0, 0, "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			sim := s.simulate(test.what)
			got := map[affiliate.PartnerID]string{ann.ID: "0", bob.ID: "0"}
			for _, row := range sim.Rows {
				got[row.PartnerID] = row.Difference.String()
			}
			if sim.Changed != test.changed || sim.Kept != test.kept || got[ann.ID] != test.ann ||
				got[bob.ID] != test.bob {
				t.Errorf("changed %d, kept %d, ann %s, bob %s; want %+v", sim.Changed, sim.Kept, got[ann.ID],
					got[bob.ID], test)
			}
		})
	}
	if _, err := sale.Simulate(t.Context(), s.DB, shoptest.Noon, shoptest.Noon,
		sale.Scenario{Credit: "middle"}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("%v", err)
	}
	if _, err := sale.Simulate(t.Context(), s.DB, shoptest.Noon, shoptest.Noon,
		sale.Scenario{Rule: affiliate.StoredForDays}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("%v", err)
	}
}

// Another base of percentages changes only orders where it comes to other amounts.
//
// Spec: S133 B8.1
func TestSimulatedBaseCountsWhatPaysOtherwise(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.Place(s.Sale("zoe@example.com", s.Click(ann)))
	discounted := s.Sale("max@example.com", s.Click(ann))
	discounted.Lines[0].Discount = shoptest.USD("20")
	s.Place(discounted)
	policy := affiliate.DefaultPolicy(s.Program.ID, s.Program.Tiers)
	policy.Base.BeforeDiscount = true
	sim := s.simulate(sale.Scenario{ProgramID: s.Program.ID, Policy: &policy})
	if sim.Orders != 2 || sim.Changed != 1 || len(sim.Rows) != 1 || sim.Rows[0].Difference != shoptest.USD("2") {
		t.Errorf("%+v", sim)
	}
}

// Spec: D23 B8.1
func TestSimulatedRenewalsFollowTheirFirstOrder(t *testing.T) {
	s := newSite(t)
	ann := s.Partner("ann")
	s.OptIn("eve@example.com", s.Click(ann), s.Clock.Now())
	s.Clock.Advance(40 * 24 * time.Hour)
	for range 3 {
		o := s.Sale("eve@example.com", "")
		o.SubscriptionID = "sub 1"
		s.Place(o)
	}
	sim := s.simulate(sale.Scenario{Rule: affiliate.StoredForDays, Days: 30})
	want := []sale.SimulationRow{{PartnerID: ann.ID, Currency: "USD", Booked: shoptest.USD("30"),
		Simulated: shoptest.USD("0"), Difference: shoptest.USD("-30")}}
	if diff := cmp.Diff(want, sim.Rows); diff != "" || sim.Changed != 3 {
		t.Errorf("changed %d\n%s", sim.Changed, diff)
	}
}

// Whatever has happened, re-deciding it by the settings in force gives what
// stands in the books.
//
// Spec: B8, B2, S30, S141
func TestReplayingRandomPastsChangesNothing(t *testing.T) {
	for seed := range uint64(5) {
		s := newSite(t)
		random := rand.New(rand.NewPCG(seed, 8))
		partners := []affiliate.Partner{s.Partner("ann", s.Partner("rob")), s.Partner("bob"), s.Partner("zoe")}
		cookies, latest := []string{""}, tracking.ResetID(0)
		some := func() affiliate.Partner { return partners[random.IntN(len(partners))] }
		email := func() string { return fmt.Sprintf("buyer%d@example.com", random.IntN(4)) }
		steps := []func(){
			func() { cookies = append(cookies, s.Click(partners[random.IntN(2)])) }, // zoe is suspended at times
			func() { s.OptIn(email(), cookies[random.IntN(len(cookies))], s.Clock.Now()) },
			func() { s.Place(s.Sale(email(), cookies[random.IntN(len(cookies))])) },
			func() { s.Place(s.Sale(email(), "")) },
			func() {
				o := s.Sale(email(), cookies[random.IntN(len(cookies))])
				s.Place(o)
				s.Place(shoptest.Refunded(o, "30"))
			},
			func() {
				s.Policy(func(p *affiliate.Policy) {
					p.Credit = []affiliate.CreditRule{affiliate.StoredReferrer, affiliate.StoredForDays,
						affiliate.LiveClick}[random.IntN(3)]
					p.CreditDays, p.NewOnly, p.Hold = 1+random.IntN(20), random.IntN(4) == 0, random.IntN(30)
				})
			},
			func() {
				s.Settings(func(set *affiliate.Settings) {
					set.Credit = []affiliate.Credit{affiliate.FirstReferrer, affiliate.LastReferrer}[random.IntN(2)]
				})
			},
			func() {
				p := shoptest.Must(s.Tracker.PreviewReset(t.Context(), tracking.Segment{PartnerID: some().ID}))(s)
				if p.Contacts > 0 {
					latest = shoptest.Must(s.Tracker.ResetReferrals(t.Context(), shoptest.Anna,
						tracking.Segment{Contacts: p.Sample}, p.Contacts, latest, "x"))(s).ID
				}
			},
			func() {
				if _, err := s.Registry.SuspendPartner(t.Context(), shoptest.Anna, partners[2].ID, "x"); err != nil {
					shoptest.Must(s.Registry.ReactivatePartner(t.Context(), shoptest.Anna, partners[2].ID, "x"))(s)
				}
			},
		}
		for range 40 {
			s.Clock.Advance(time.Duration(1+random.IntN(72)) * time.Hour)
			steps[random.IntN(len(steps))]()
		}
		sim := s.simulate(sale.Scenario{})
		if sim.Orders == 0 || sim.Changed != 0 || sim.Kept != 0 {
			t.Errorf("seed %d: %+v", seed, sim)
		}
		for _, row := range sim.Rows {
			if !row.Difference.IsZero() {
				t.Errorf("seed %d: %+v", seed, row)
			}
		}
		s.WantClean()
	}
}
