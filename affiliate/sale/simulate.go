package sale

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// Scenario is what a simulation changes (B8); blank fields stay as they were
// when each order was placed. The lifetime of cookies is none of them: it was
// fixed in each cookie at its click, so that a longer one would say nothing
// about clicks that were never seen again (D40).
type Scenario struct {
	Credit affiliate.Credit `json:"credit,omitempty"` // of the global settings (S7)
	// of the global settings (D45)
	Coupons      affiliate.CouponPriority `json:"coupons,omitempty"`
	ProgramID    affiliate.ProgramID      `json:"program_id,omitempty"` // whose policy is changed; 0: all of them
	Rule         affiliate.CreditRule     `json:"credit_rule,omitempty"`
	Days         int                      `json:"credit_days,omitempty"` // of Rule
	SelfReferral affiliate.SelfReferral   `json:"self_referral,omitempty"`
	NewOnly      *bool                    `json:"new_only,omitempty"`
	Windows      *[]affiliate.Window      `json:"windows,omitempty"`
	Rules        *[]affiliate.AutoRule    `json:"rules,omitempty"`
	// Policy is the whole policy of ProgramID in place of the single fields; its
	// limit of renewals is not tried, because it would need all payments before.
	Policy *affiliate.Policy `json:"policy,omitempty"`
}

// validate refuses what could not be saved as settings either.
func (w Scenario) validate() error {
	p := affiliate.Problems{}
	p.Check(w.Credit == "" || w.Credit == affiliate.FirstReferrer || w.Credit == affiliate.LastReferrer, "credit",
		"Please choose the first or the last referrer.")
	switch w.Coupons {
	case "", affiliate.ClickWins, affiliate.CouponWins, affiliate.NewestWins:
	default:
		p.Add("coupons", "Please choose what wins.")
	}
	if err := p.Err(); err != nil {
		return err
	}
	return w.policy(affiliate.DefaultPolicy(w.ProgramID, 1)).Validate()
}

func (w Scenario) settings(s affiliate.Settings) affiliate.Settings {
	if w.Credit != "" {
		s.Credit = w.Credit
	}
	if w.Coupons != "" {
		s.Coupons = w.Coupons
	}
	return s
}

func (w Scenario) policy(p affiliate.Policy) affiliate.Policy {
	if w.ProgramID != 0 && w.ProgramID != p.ProgramID {
		return p
	}
	if w.Policy != nil {
		all := *w.Policy
		all.ProgramID, all.Version, all.SavedAt, all.Tiers = p.ProgramID, p.Version, p.SavedAt, p.Tiers
		return all
	}
	if w.Rule != "" {
		p.Credit, p.CreditDays = w.Rule, w.Days
	}
	if w.SelfReferral != "" {
		p.SelfReferral = w.SelfReferral
	}
	if w.NewOnly != nil {
		p.NewOnly = *w.NewOnly
	}
	if w.Windows != nil {
		p.Windows = *w.Windows
	}
	if w.Rules != nil {
		p.Rules = *w.Rules
	}
	return p
}

// Simulation is what a scenario would have changed.
type Simulation struct {
	Scenario Scenario  `json:"scenario"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`      // orders placed in [From, To)
	Orders   int       `json:"orders"`  // all of them
	Changed  int       `json:"changed"` // that would be credited, or paid, otherwise
	// Kept would be credited otherwise, too, but stay as they are: an admin chose
	// or canceled, or facts have changed since the decision.
	Kept int             `json:"kept"`
	Rows []SimulationRow `json:"rows"` // by partner and currency
}

// SimulationRow is what a partner's commissions come to in one currency, both
// levels, as booked and in the scenario.
type SimulationRow struct {
	PartnerID  affiliate.PartnerID `json:"partner_id"`
	Currency   money.Currency      `json:"currency"`
	Booked     money.Amount        `json:"booked"`
	Simulated  money.Amount        `json:"simulated"`
	Difference money.Amount        `json:"difference"`
}

// Simulate decides the orders placed in [from, to) otherwise under a scenario, by
// the pure rules that decided them, from the touches that are stored, and sums
// what that changes. It reads one consistent snapshot and writes nothing. Under
// the settings in force nothing differs.
//
// Errors: KindInvalid by the fields of settings and policies.
func Simulate(ctx context.Context, h *db.Handle, from, to time.Time, what Scenario) (Simulation, error) {
	if err := what.validate(); err != nil {
		return Simulation{}, err
	}
	s := &simulator{what: what}
	err := h.ReadOnly(ctx, func(tx *db.Tx) error {
		*s = simulator{what: what, sums: map[sumKey]*SimulationRow{}, otherwise: map[affiliate.OrderID]Decision{},
			orderOf: map[affiliate.ID[Decision]]affiliate.OrderID{}}
		return s.run(ctx, tx, from, to)
	})
	out := Simulation{Scenario: what, From: from, To: to, Orders: s.orders, Changed: s.changed, Kept: s.kept,
		Rows: []SimulationRow{}}
	if err != nil {
		return out, err
	}
	for _, row := range s.sums {
		if row.Difference, err = row.Simulated.Sub(row.Booked); err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, *row)
	}
	slices.SortFunc(out.Rows, func(a, b SimulationRow) int {
		return cmp.Or(cmp.Compare(a.PartnerID, b.PartnerID), cmp.Compare(a.Currency, b.Currency))
	})
	return out, nil
}

// simulator gathers the sums of a simulation.
type simulator struct {
	what                  Scenario
	orders, changed, kept int
	sums                  map[sumKey]*SimulationRow
	// of orders that would be credited otherwise, for their renewals
	otherwise map[affiliate.OrderID]Decision
	orderOf   map[affiliate.ID[Decision]]affiliate.OrderID
}

// simulateAtOnce is how many orders are held in memory.
const simulateAtOnce = 500

// run goes through the orders in the order in which they were placed, so that
// a subscription's first order comes before its renewals.
func (s *simulator) run(ctx context.Context, q db.Queryer, from, to time.Time) error {
	last := Order{PlacedAt: from}
	for {
		orders := []Order{}
		err := q.Select(ctx, &orders, `/* sale.Simulate */
			SELECT `+OrderColumns+
			` FROM {wp}partner_center_orders WHERE placed_at >= ? AND placed_at < ? AND (placed_at > ? OR id > ?)
				AND version > 0
			ORDER BY placed_at, id LIMIT ?`, last.PlacedAt, to, last.PlacedAt, int64(last.ID), simulateAtOnce)
		if err != nil || len(orders) == 0 {
			return err
		}
		if err := s.add(ctx, q, orders); err != nil {
			return err
		}
		last = orders[len(orders)-1]
	}
}

// add adds what orders come to.
func (s *simulator) add(ctx context.Context, q db.Queryer, orders []Order) error {
	views, err := loadViews(ctx, q, orders)
	if err != nil {
		return err
	}
	decided, err := s.decide(ctx, q, views)
	if err != nil {
		return err
	}
	for _, v := range views {
		s.orders++
		if len(v.Decisions) == 0 {
			continue
		}
		for _, d := range v.Decisions {
			s.orderOf[d.ID] = v.Order.ID
		}
		if err := s.order(ctx, q, v, decided[v.Order.ID]); err != nil {
			return err
		}
	}
	return nil
}

// order adds what one order comes to.
func (s *simulator) order(ctx context.Context, q db.Queryer, v OrderView, as *simulated) error {
	o, booked, existing := v.Order, v.latest(), v.Commissions
	decision, keep := booked, false
	switch {
	case as != nil:
		decision, keep = as.Decision, as.keep
	case booked.Choice == "" && booked.FollowsID != 0:
		decision = s.renew(booked)
	}
	same := decision.samePay(booked)
	if !same && (keep || canceledByHand(existing)) {
		s.kept++
		same = true
	}
	if same {
		return s.addBooked(existing, true)
	}
	s.otherwise[o.ID] = decision
	if err := s.addBooked(existing, false); err != nil {
		return err
	}
	pays, err := s.addSimulated(ctx, q, v, decision)
	if err == nil && (pays || !decision.sameCredit(booked)) {
		s.changed++ // another base that comes to the same amounts is no change
	}
	return err
}

func canceledByHand(existing []ledger.Commission) bool {
	return slices.ContainsFunc(existing, func(c ledger.Commission) bool { return c.Stage == ledger.Canceled })
}

// simulated is an order's decision in the scenario. keep tells that the one in
// the books is not what the facts of today give under the settings of its time,
// so that a difference would not be the scenario's.
type simulated struct {
	Decision
	keep bool
}

// latest is the decision in force.
func (v OrderView) latest() Decision { return v.Decisions[len(v.Decisions)-1] }

// decide decides in the scenario the orders that were decided by the rules;
// others are not in the map.
func (s *simulator) decide(ctx context.Context, q db.Queryer,
	views []OrderView) (map[affiliate.OrderID]*simulated, error) {
	us, booked, err := decidedByRules(ctx, q, views)
	if err != nil {
		return nil, err
	}
	all, otherwise := map[affiliate.OrderID]*simulated{}, []undecided{}
	facts, err := gatherAll(ctx, q, us, s.what)
	if err != nil {
		return nil, err
	}
	for i, u := range us {
		d := decide(facts[i])
		all[u.order] = &simulated{Decision: d}
		if !d.samePay(booked[u.order]) {
			otherwise = append(otherwise, u)
		}
	}
	if facts, err = gatherAll(ctx, q, otherwise, Scenario{}); err != nil {
		return nil, err
	}
	for i, u := range otherwise {
		all[u.order].keep = !decide(facts[i]).samePay(booked[u.order])
	}
	return all, nil
}

// decidedByRules are the orders, as they were before their decisions, whose
// decisions neither an admin chose nor a subscription brought, with those.
func decidedByRules(ctx context.Context, q db.Queryer, views []OrderView) (us []undecided,
	booked map[affiliate.OrderID]Decision, err error) {
	orders, bySource := []Order{}, map[string][]string{}
	booked = map[affiliate.OrderID]Decision{}
	for _, v := range views {
		if len(v.Decisions) > 0 && v.latest().Choice == "" && v.latest().FollowsID == 0 {
			orders = append(orders, v.Order)
			booked[v.Order.ID] = v.latest()
			bySource[v.Order.Source] = append(bySource[v.Order.Source], v.Order.ExternalID)
		}
	}
	if len(orders) == 0 {
		return nil, booked, nil
	}
	states, err := loadStates(ctx, q, orders)
	if err != nil {
		return nil, nil, err
	}
	applied := map[string]map[string]tracking.Effect{}
	for source, ids := range bySource {
		if applied[source], err = tracking.RecallAll(ctx, q, tracking.Order, source, ids); err != nil {
			return nil, nil, err
		}
	}
	for _, o := range orders {
		state, found := states[o.ID]
		if !found {
			return nil, nil, fmt.Errorf("version %d of order %s is not stored", o.Version, o.ID)
		}
		if effect, known := applied[o.Source][o.ExternalID]; known {
			state.PlacedAt = o.PlacedAt
			us = append(us, undecided{order: o.ID, state: state, applied: effect})
		}
	}
	return us, booked, nil
}

// renew is a renewal's decision: it goes where its first order goes, as far as
// that one lies in the range and is credited otherwise (D23).
func (s *simulator) renew(booked Decision) Decision {
	first, changed := s.otherwise[s.orderOf[booked.FollowsID]]
	if !changed {
		return booked
	}
	if first.sameCredit(booked) { // on the same terms, of another base
		booked.Base, booked.FlatPer = first.Base, first.FlatPer
		return booked
	}
	first.FollowsID, first.LockedTerms = booked.FollowsID, nil
	return first
}

// addBooked adds what stands in the books; both: also as simulated.
func (s *simulator) addBooked(existing []ledger.Commission, both bool) error {
	for _, c := range existing {
		row := s.row(c.PartnerID, c.Currency)
		var err error
		if row.Booked, err = row.Booked.Add(c.Amount); err != nil {
			return err
		}
		if !both {
			continue
		}
		if row.Simulated, err = row.Simulated.Add(c.Amount); err != nil {
			return err
		}
	}
	return nil
}

// addSimulated adds what the order's lines earn by the decision, and tells whether
// anybody earns another amount than in the books.
func (s *simulator) addSimulated(ctx context.Context, q db.Queryer, v OrderView, d Decision) (pays bool, err error) {
	o, lines, left := v.Order, v.Lines, map[affiliate.PartnerID]money.Amount{}
	if _, err := takeBases(lines, d.Base); err != nil {
		return false, err
	}
	wanted, err := calculate(ctx, q, &o, lines, &d)
	if err != nil {
		return false, err
	}
	for _, c := range v.Commissions {
		if left[c.PartnerID], err = left[c.PartnerID].Add(c.Amount); err != nil {
			return false, err
		}
	}
	for _, t := range wanted {
		row := s.row(t.partnerID, o.Currency)
		if row.Simulated, err = row.Simulated.Add(t.amount); err != nil {
			return false, err
		}
		if left[t.partnerID], err = left[t.partnerID].Sub(t.amount); err != nil {
			return false, err
		}
	}
	for _, rest := range left {
		pays = pays || !rest.IsZero()
	}
	return pays, nil
}

func (s *simulator) row(partner affiliate.PartnerID, cur money.Currency) *SimulationRow {
	key := sumKey{partner, cur}
	if s.sums[key] == nil {
		s.sums[key] = &SimulationRow{PartnerID: partner, Currency: cur}
	}
	return s.sums[key]
}
