package ledger

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
)

// policy saves the program's policy in force after change.
func (s *site) policy(change func(*affiliate.Policy)) {
	s.Helper()
	p := must(s.registry.Policy(s.Context(), s.program.ID))(s)
	change(&p)
	must(s.registry.SavePolicy(s.Context(), anna, p))(s)
}

func (s *site) simulate(what Scenario) Simulation {
	s.Helper()
	return must(Simulate(s.Context(), s.db, noon, s.clock.Now().Add(time.Hour), what))(s)
}

// creditHistory makes a past with some of everything that credit depends on.
func creditHistory(s *site) (ann, bob affiliate.Partner) {
	s.Helper()
	recruiter := s.partner("recruiter")
	ann, bob = s.partner("ann", recruiter), s.partner("bob")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	s.clock.Advance(time.Hour)
	s.converge(s.sale("eve@example.com", s.click(bob))) // first ann, last bob
	s.converge(s.sale("max@example.com", ""))           // nobody's
	s.converge(s.sale("zoe@example.com", s.click(ann))) // ann's, by a live click
	s.clock.Advance(40 * 24 * time.Hour)
	s.converge(s.sale("zoe@example.com", ""))                // ann's, stored
	s.converge(s.sale("ann@partners.example", s.click(ann))) // buys herself
	r := s.converge(s.sale("zoe@example.com", ""))
	must(s.Cancel(s.Context(), anna, all(r.Commissions...), "Not this one."))(s)
	refunded := s.sale("zoe@example.com", "")
	s.converge(refunded)
	s.converge(refunded.refunded("40"))
	s.settings(func(set *affiliate.Settings) { set.Credit = affiliate.FirstReferrer })
	s.clock.Advance(time.Second)
	s.converge(s.sale("eve@example.com", s.click(bob))) // by the first referrer: ann
	s.clock.Advance(time.Second)
	s.policy(func(p *affiliate.Policy) { p.Credit, p.CreditDays = affiliate.LiveClick, 3 })
	s.clock.Advance(time.Second)
	s.converge(s.sale("eve@example.com", "")) // refused: ann was clicked 40 days ago
	return ann, bob
}

// Spec: B8, S130
func TestSimulatingTheSettingsInForceChangesNothing(t *testing.T) {
	s := newSite(t)
	creditHistory(s)
	before := s.number(`SELECT COUNT(*) FROM {wp}partner_center_journals`)
	sim := s.simulate(Scenario{})
	if sim.Orders != 9 || sim.Changed != 0 || sim.Kept != 0 || len(sim.Rows) == 0 {
		t.Errorf("%+v", sim)
	}
	for _, row := range sim.Rows {
		b := must(loadBalance(t.Context(), s.db, row.PartnerID, row.Currency, false))(s)
		if !row.Difference.IsZero() || row.Booked != b.Pending {
			t.Errorf("%+v, the balance says %+v", row, b)
		}
	}
	if after := s.number(`SELECT COUNT(*) FROM {wp}partner_center_journals`); after != before {
		t.Errorf("the simulation posted %d journals", after-before)
	}
	s.wantClean()
}

// Spec: B8, S7, S129, S133, D40
func TestSimulatingOtherSettings(t *testing.T) {
	s := newSite(t)
	ann, bob := creditHistory(s)
	yes := true
	for name, test := range map[string]struct {
		what          Scenario
		changed, kept int
		ann, bob      string // differences
	}{
		"first referrer":     {Scenario{Credit: affiliate.FirstReferrer}, 2, 0, "0", "-10"}, // ann gets one and loses her own purchase: she has no first referrer
		"last referrer":      {Scenario{Credit: affiliate.LastReferrer}, 2, 0, "-10", "20"},
		"stored referrer":    {Scenario{Rule: affiliate.StoredReferrer}, 1, 0, "10", "0"},
		"a live click":       {Scenario{Rule: affiliate.LiveClick}, 3, 1, "-26", "0"},
		"for 30 days":        {Scenario{Rule: affiliate.StoredForDays, Days: 30}, 3, 1, "-26", "0"},
		"no self-referral":   {Scenario{SelfReferral: affiliate.DenySelf}, 1, 0, "-10", "0"},
		"new customers":      {Scenario{NewOnly: &yes}, 3, 1, "-26", "0"},
		"of another program": {Scenario{NewOnly: &yes, ProgramID: s.program.ID + 1}, 0, 0, "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			sim := s.simulate(test.what)
			got := map[affiliate.PartnerID]string{ann.ID: "0", bob.ID: "0"}
			for _, row := range sim.Rows {
				got[row.PartnerID] = row.Difference.String()
			}
			if sim.Changed != test.changed || sim.Kept != test.kept || got[ann.ID] != test.ann || got[bob.ID] != test.bob {
				t.Errorf("changed %d, kept %d, ann %s, bob %s; want %+v", sim.Changed, sim.Kept, got[ann.ID], got[bob.ID], test)
			}
		})
	}
	if _, err := Simulate(t.Context(), s.db, noon, noon, Scenario{Credit: "middle"}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("%v", err)
	}
	if _, err := Simulate(t.Context(), s.db, noon, noon, Scenario{Rule: affiliate.StoredForDays}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("%v", err)
	}
}

// Spec: B8, D23
func TestSimulatedRenewalsFollowTheirFirstOrder(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.optIn("eve@example.com", s.click(ann), s.clock.Now())
	s.clock.Advance(40 * 24 * time.Hour)
	for range 3 {
		o := s.sale("eve@example.com", "")
		o.SubscriptionID = "sub 1"
		s.converge(o)
	}
	sim := s.simulate(Scenario{Rule: affiliate.StoredForDays, Days: 30})
	want := []SimulationRow{{PartnerID: ann.ID, Currency: "USD", Booked: usd("30"), Simulated: usd("0"), Difference: usd("-30")}}
	if diff := cmp.Diff(want, sim.Rows); diff != "" || sim.Changed != 3 {
		t.Errorf("changed %d\n%s", sim.Changed, diff)
	}
}

// Whatever has happened, deciding it anew by the settings in force gives what
// stands in the books.
//
// Spec: B8, B2, S30, S141
func TestReplayingRandomPastsChangesNothing(t *testing.T) {
	for seed := range uint64(5) {
		s := newSite(t)
		random := rand.New(rand.NewPCG(seed, 8))
		partners := []affiliate.Partner{s.partner("ann", s.partner("rob")), s.partner("bob"), s.partner("zoe")}
		cookies := []string{""}
		some := func() affiliate.Partner { return partners[random.IntN(len(partners))] }
		email := func() string { return fmt.Sprintf("buyer%d@example.com", random.IntN(4)) }
		steps := []func(){
			func() { cookies = append(cookies, s.click(partners[random.IntN(2)])) }, // zoe is suspended at times
			func() { s.optIn(email(), cookies[random.IntN(len(cookies))], s.clock.Now()) },
			func() { s.converge(s.sale(email(), cookies[random.IntN(len(cookies))])) },
			func() { s.converge(s.sale(email(), "")) },
			func() {
				o := s.sale(email(), cookies[random.IntN(len(cookies))])
				s.converge(o)
				s.converge(o.refunded("30"))
			},
			func() {
				s.policy(func(p *affiliate.Policy) {
					p.Credit = []affiliate.CreditRule{affiliate.StoredReferrer, affiliate.StoredForDays, affiliate.LiveClick}[random.IntN(3)]
					p.CreditDays, p.NewOnly, p.Hold = 1+random.IntN(20), random.IntN(4) == 0, random.IntN(30)
				})
			},
			func() {
				s.settings(func(set *affiliate.Settings) {
					set.Credit = []affiliate.Credit{affiliate.FirstReferrer, affiliate.LastReferrer}[random.IntN(2)]
				})
			},
			func() {
				p := must(s.tracker.PreviewReset(t.Context(), tracking.Segment{PartnerID: some().ID}))(s)
				if p.Contacts > 0 {
					must(s.tracker.ResetReferrals(t.Context(), anna, tracking.Segment{Contacts: p.Sample}, p.Contacts, "x"))(s)
				}
			},
			func() {
				if _, err := s.registry.SuspendPartner(t.Context(), anna, partners[2].ID, "x"); err != nil {
					must(s.registry.ReactivatePartner(t.Context(), anna, partners[2].ID, "x"))(s)
				}
			},
		}
		for range 40 {
			s.clock.Advance(time.Duration(1+random.IntN(72)) * time.Hour)
			steps[random.IntN(len(steps))]()
		}
		sim := s.simulate(Scenario{})
		if sim.Orders == 0 || sim.Changed != 0 || sim.Kept != 0 {
			t.Errorf("seed %d: %+v", seed, sim)
		}
		for _, row := range sim.Rows {
			if !row.Difference.IsZero() {
				t.Errorf("seed %d: %+v", seed, row)
			}
		}
		s.wantClean()
	}
}
