package verify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/db"
)

// verifyOrders plans each order once more: of an order that has converged nothing is
// left to post.
func verifyOrders(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	known := map[affiliate.TermsID]affiliate.Terms{}
	for last := affiliate.OrderID(0); len(findings) < mostFindings; {
		o := someOrders{terms: known}
		if err := o.load(ctx, q, last); err != nil || len(o.orders) == 0 {
			return findings, err
		}
		last = o.orders[len(o.orders)-1].ID
		for _, order := range o.orders {
			found, err := o.verify(ctx, q, order)
			if err != nil {
				return findings, err
			}
			findings = append(findings, found...)
		}
	}
	return findings, nil
}

// someOrders are orders with all that hangs on them, read together: one by one
// a million orders would take ten minutes.
type someOrders struct {
	orders      []sale.Order
	states      map[affiliate.OrderID][]sale.OrderState // applied, the last one is in force
	decisions   map[affiliate.OrderID][]sale.Decision   // the last one is in force
	lines       map[affiliate.OrderID][]sale.Line
	commissions map[affiliate.OrderID][]*ledger.Commission
	terms       map[affiliate.TermsID]affiliate.Terms // all that were met so far
}

// load reads the orders after one. What hangs on them is found by the range of
// their ids: a list, or a condition on the decision, would let the database read
// whole tables again for each thousand.
func (s *someOrders) load(ctx context.Context, q db.Queryer, after affiliate.OrderID) error {
	err := q.Select(ctx, &s.orders, `/* verify.verifyOrders */
		SELECT `+sale.OrderColumns+` FROM {wp}partner_center_orders WHERE id > ? AND version > 0 ORDER BY id LIMIT ?`,
		int64(after), verifyAtOnce)
	if err != nil || len(s.orders) == 0 {
		return err
	}
	last := s.orders[len(s.orders)-1].ID
	for _, load := range []func(context.Context, db.Queryer, affiliate.OrderID,
		affiliate.OrderID) error{s.loadStates, s.loadDecisions, s.loadLines, s.loadCommissions} {
		if err := load(ctx, q, after, last); err != nil {
			return err
		}
	}
	return s.loadTerms(ctx, q)
}

func (s *someOrders) loadDecisions(ctx context.Context, q db.Queryer, after, last affiliate.OrderID) error {
	decisions := []sale.Decision{}
	err := q.Select(ctx, &decisions, `/* verify.verifyOrders */
		SELECT `+sale.DecisionColumns+
		` FROM {wp}partner_center_decisions WHERE order_id > ? AND order_id <= ? ORDER BY order_id, decision_version`,
		int64(after), last)
	s.decisions = map[affiliate.OrderID][]sale.Decision{}
	for _, d := range decisions {
		s.decisions[d.OrderID] = append(s.decisions[d.OrderID], d)
	}
	return err
}

// lineOf is a line with its order.
type lineOf struct {
	OrderID affiliate.OrderID `db:"order_id"`
	sale.Line
}

func (s *someOrders) loadLines(ctx context.Context, q db.Queryer, after, last affiliate.OrderID) error {
	lines := []lineOf{}
	err := q.Select(ctx, &lines, `/* verify.verifyOrders */
		SELECT order_id, `+sale.LineColumns+` FROM {wp}partner_center_order_lines WHERE order_id > ? AND order_id <= ?`,
		int64(after), last)
	slices.SortFunc(lines, func(a, b lineOf) int { return cmp.Compare(a.ID, b.ID) })
	s.lines = map[affiliate.OrderID][]sale.Line{}
	for _, l := range lines {
		s.lines[l.OrderID] = append(s.lines[l.OrderID], l.Line)
	}
	return err
}

func (s *someOrders) loadCommissions(ctx context.Context, q db.Queryer, after, last affiliate.OrderID) error {
	commissions := []*ledger.Commission{}
	err := q.Select(ctx, &commissions, `/* verify.verifyOrders */
		SELECT `+ledger.CommissionColumns+` FROM {wp}partner_center_commissions WHERE order_id > ? AND order_id <= ?`,
		int64(after), last)
	slices.SortFunc(commissions, func(a, b *ledger.Commission) int { return cmp.Compare(a.ID, b.ID) })
	s.commissions = map[affiliate.OrderID][]*ledger.Commission{}
	for _, c := range commissions {
		s.commissions[c.OrderID] = append(s.commissions[c.OrderID], c)
	}
	return err
}

// loadTerms reads the terms that decisions hold on to and that are not known yet.
func (s *someOrders) loadTerms(ctx context.Context, q db.Queryer) error {
	wanted := map[affiliate.TermsID]bool{}
	for _, all := range s.decisions {
		for _, id := range all[len(all)-1].LockedTerms {
			if _, known := s.terms[id]; id != 0 && !known {
				wanted[id] = true
			}
		}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), verifyAtOnce) {
		terms, err := affiliate.TermsByID(ctx, q, part)
		if err != nil {
			return err
		}
		maps.Copy(s.terms, terms)
	}
	return nil
}

// termsOf are the terms by which an order earns, without asking where the
// decision names all of them.
func (s *someOrders) termsOf(ctx context.Context, q db.Queryer, o sale.Order, lines []sale.Line,
	d sale.Decision) (map[affiliate.ProductID]affiliate.Terms, error) {
	terms := map[affiliate.ProductID]affiliate.Terms{}
	if d.PartnerID == 0 {
		return terms, nil
	}
	for _, product := range sale.ProductsOf(lines) {
		id, locked := d.LockedTerms[product]
		if !locked {
			return sale.TermsFor(ctx, q, o, lines, &d)
		}
		if t, found := s.terms[id]; found {
			terms[product] = t
		}
	}
	return terms, nil
}

func (s *someOrders) verify(ctx context.Context, q db.Queryer, o sale.Order) ([]Finding, error) {
	decisions := s.decisions[o.ID]
	if len(decisions) == 0 {
		return nil, nil // another check reports it
	}
	decision := decisions[len(decisions)-1]
	lines, existing := s.lines[o.ID], s.commissions[o.ID]
	terms, err := s.termsOf(ctx, q, o, lines, decision)
	if err != nil {
		return nil, err
	}
	wrong, err := otherBases(o, lines, decision.Base)
	if err != nil {
		return nil, err
	}
	wanted, traces, err := sale.Targets(o, lines, decision, terms)
	if err != nil {
		return nil, err
	}
	history, err := s.verifyHistory(o, lines, existing, traces)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, history...)
	postings, err := sale.Plan(wanted, existing)
	if err != nil {
		return []Finding{{"ORDER_TARGET", fmt.Sprintf("order %s", o.ID), "commissions that can be calculated",
			err.Error()}}, nil
	}
	findings := append(wrong, strangers(o, decision, existing)...)
	more, err := wrongBases(o, wanted, existing)
	if err != nil {
		return nil, err
	}
	findings = append(findings, more...)
	for _, p := range postings {
		findings = append(findings, Finding{"ORDER_TARGET", fmt.Sprintf("order %s, line %s, level %d", o.ID,
			p.Commission.LineID, p.Commission.Level),
			"the commission that its lines earn", fmt.Sprintf("%s of %s missing", p.Kind, p.Amount)})
	}
	return findings, nil
}

// strangers are commissions of partners whom the decision does not credit.
func strangers(o sale.Order, d sale.Decision, existing []*ledger.Commission) []Finding {
	credited := map[int]affiliate.PartnerID{1: d.PartnerID, 2: d.RecruiterID}
	findings := []Finding{}
	for _, c := range existing {
		if (c.DecisionVersion == d.DecisionVersion || !c.Amount.IsZero()) && c.PartnerID != credited[c.Level] {
			findings = append(findings, Finding{"ORDER_TARGET",
				fmt.Sprintf("order %s, commission %s, partner", o.ID, c.ID),
				credited[c.Level].String(), c.PartnerID.String()})
		}
	}
	return findings
}

// otherBases are lines whose base is not the sum of the parts that the decision
// takes percentages of (D8).
func otherBases(o sale.Order, lines []sale.Line, of affiliate.Base) ([]Finding, error) {
	findings := []Finding{}
	for _, l := range lines {
		s, err := l.Parts.Sums(of)
		if err != nil {
			return nil, err
		}
		findings = append(findings, compare("LINE_BASE", fmt.Sprintf("order %s, line %s", o.ID, l.ID),
			[]field{{"base", s.Base, l.Base}, {"refunded", s.Refunded, l.Refunded}})...)
	}
	return findings, nil
}

// wrongBases are lines and levels whose commissions do not share what is left of
// the line's base: where an admin canceled one, the others may have less.
func wrongBases(o sale.Order, wanted []sale.Target, existing []*ledger.Commission) ([]Finding, error) {
	findings := []Finding{}
	for _, t := range wanted {
		live, capped := t.Live(existing)
		bases := []money.Amount{}
		for _, c := range live {
			bases = append(bases, c.Base)
		}
		sum, err := money.Sum(bases...)
		if err != nil {
			return nil, err
		}
		if len(live) > 0 && (sum.Cmp(t.Base) > 0 || sum != t.Base && !capped) {
			findings = append(findings, Finding{"COMMISSION_BASE",
				fmt.Sprintf("order %s, line %s, level %d, decision_version %d", o.ID, t.LineID, t.Level,
					t.DecisionVersion),
				t.Base.String(), sum.String()})
		}
	}
	return findings, nil
}
