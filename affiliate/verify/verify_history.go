package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/db"
)

// loadStates reads the states that were applied. One that cannot be read is
// missing, which is reported.
func (s *someOrders) loadStates(ctx context.Context, q db.Queryer, after, last affiliate.OrderID) error {
	rows := []struct {
		OrderID affiliate.OrderID `db:"order_id"`
		Payload []byte            `db:"payload"`
	}{}
	err := q.Select(ctx, &rows, `/* verify.verifyOrders */ SELECT order_id, payload
		FROM {wp}partner_center_order_states WHERE order_id > ? AND order_id <= ? AND outcome = ?
		ORDER BY order_id, version`,
		int64(after), last, sale.Recorded)
	s.states = map[affiliate.OrderID][]sale.OrderState{}
	for _, r := range rows {
		var state sale.OrderState
		if json.Unmarshal(r.Payload, &state) == nil {
			s.states[r.OrderID] = append(s.states[r.OrderID], state)
		}
	}
	return err
}

// verifyHistory compares an order with what it came from: its states and its
// decisions.
func (s *someOrders) verifyHistory(o sale.Order, lines []sale.Line, existing []*ledger.Commission,
	traces []sale.LineTrace) ([]Finding, error) {
	states, decisions := s.states[o.ID], s.decisions[o.ID]
	what := "order " + o.ID.String()
	if len(states) == 0 || states[len(states)-1].Version != o.Version {
		return []Finding{{"ORDER_STATE", what, fmt.Sprintf("a state of version %d", o.Version), "none"}}, nil
	}
	findings := asReceived(o, states)
	more, err := linesAsReceived(what, lines, states[len(states)-1])
	if err != nil {
		return nil, err
	}
	findings = append(append(findings, more...), retraced(o, decisions[len(decisions)-1], traces)...)
	for _, c := range existing {
		findings = append(findings, asDecided(o, *c, decisions)...)
		findings = append(findings, whenEarned(o, *c, states)...)
	}
	more, err = grantedBases(what, lines, existing, states, decisions)
	return append(findings, more...), err
}

// asReceived are the differences between an order and its states.
func asReceived(o sale.Order, states []sale.OrderState) []Finding {
	s := states[len(states)-1]
	placed := states[0].PlacedAt // later states do not move it (D16)
	fields := []field{{"status", s.Status, o.Status}, {"currency", s.Currency, o.Currency}, {"total", s.Total, o.Total},
		{"subscription", s.SubscriptionID, o.SubscriptionID}, {"placed at", instant(&placed), instant(&o.PlacedAt)},
		{"paid at", instant(s.PaidAt), instant(o.PaidAt)}, {"external id", s.ExternalID, o.ExternalID},
		{"source", s.Source, o.Source}}
	if s.Number != "" {
		fields = append(fields, field{"number", s.Number, o.Number})
	}
	return compare("ORDER_STATE", "order "+o.ID.String(), fields)
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// linesAsReceived are the differences between an order's lines and those of its
// state. A line that left the order has nothing.
func linesAsReceived(what string, lines []sale.Line, s sale.OrderState) ([]Finding, error) {
	parted, err := s.LineParts()
	if err != nil {
		return nil, err
	}
	findings := []Finding{}
	for _, l := range lines {
		want, state := sale.Line{}, sale.LineState{}
		if i := slices.IndexFunc(s.Lines, func(state sale.LineState) bool { return state.Line == l.Line }); i >= 0 {
			want, state = parted[i], s.Lines[i]
		}
		fields := []field{{"quantity", state.Quantity, l.Quantity}, {"spread", want.Spread, l.Spread},
			{"parts", want.Parts, l.Parts}}
		if state.Product.ID != 0 {
			fields = append(fields, field{"product", state.Product.ID, l.ProductID})
		}
		findings = append(findings, compare("ORDER_STATE", what+", line "+l.ID.String(), fields)...)
	}
	for _, state := range s.Lines {
		if !slices.ContainsFunc(lines, func(l sale.Line) bool { return l.Line == state.Line }) {
			findings = append(findings, Finding{"ORDER_STATE", what, "a line " + state.Line, "none"})
		}
	}
	return findings, nil
}

// retraced are the differences between the reasoning that a decision keeps and
// what it says now. How formulas are written is left out: that may change.
func retraced(o sale.Order, d sale.Decision, traces []sale.LineTrace) []Finding {
	again := d.Trace
	again.Reckon(o, traces)
	what := fmt.Sprintf("order %s, decision %d", o.ID, d.DecisionVersion)
	findings := compare("TRACE", what, []field{{"lines", figuresOf(again), figuresOf(d.Trace)}})
	names := func(s sale.Step) bool {
		if d.PartnerID == 0 {
			return s.Code == d.Reason
		}
		return s.Facts["partner"] == d.PartnerID.String() && s.Facts["program"] == d.ProgramID.String()
	}
	if !slices.ContainsFunc(d.Trace.Steps, names) {
		findings = append(findings, Finding{"TRACE", what, "a step that credits partner " + d.PartnerID.String() +
			" in program " + d.ProgramID.String() + ": " + string(d.Reason), "none"})
	}
	return findings
}

func figuresOf(t sale.Trace) string {
	t.Steps, t.Lines = nil, slices.Clone(t.Lines)
	for i := range t.Lines {
		t.Lines[i].Levels = slices.Clone(t.Lines[i].Levels)
		for j := range t.Lines[i].Levels {
			t.Lines[i].Levels[j].Formula = ""
		}
	}
	data, err := json.Marshal(t)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// asDecided are the differences between a commission and the decision by which
// it was earned.
func asDecided(o sale.Order, c ledger.Commission, decisions []sale.Decision) []Finding {
	what := "commission " + c.ID.String()
	i := slices.IndexFunc(decisions, func(d sale.Decision) bool { return d.DecisionVersion == c.DecisionVersion })
	if i < 0 {
		return []Finding{{"COMMISSION_DECISION", what, fmt.Sprintf("decision %d", c.DecisionVersion), "none"}}
	}
	d := decisions[i]
	partner := map[int]affiliate.PartnerID{1: d.PartnerID, 2: d.RecruiterID}[c.Level]
	return compare("COMMISSION_DECISION", what, []field{{"partner", partner, c.PartnerID},
		{"program", d.ProgramID, c.ProgramID}, {"tool", d.ToolID, c.ToolID}, {"SubID", d.SubID, c.SubID},
		{"landing page", d.Page, c.Page},
		{"currency", o.Currency, c.Currency}})
}

// whenEarned finds a commission whose time is that of no state of its order.
func whenEarned(o sale.Order, c ledger.Commission, states []sale.OrderState) []Finding {
	at := func(t *time.Time) bool { return t != nil && t.Equal(c.OccurredAt) }
	if at(&o.PlacedAt) || slices.ContainsFunc(states, func(s sale.OrderState) bool {
		return at(&s.At) || at(s.PaidAt) || at(&s.PlacedAt)
	}) {
		return nil
	}
	return []Finding{{"COMMISSION_TIME", "commission " + c.ID.String(), "a time of its order", instant(&c.OccurredAt)}}
}

// grantedBases finds commissions of, approved or paid on a base that was never
// left of their line, nor the difference of two that were. It is known of orders
// whose decisions agree on what a base is, and of lines with one supplement at
// most.
func grantedBases(what string, lines []sale.Line, existing []*ledger.Commission, states []sale.OrderState,
	decisions []sale.Decision) ([]Finding, error) {
	of := decisions[0].Base
	if slices.ContainsFunc(decisions, func(d sale.Decision) bool { return d.PartnerID != 0 && d.Base != of }) {
		return nil, nil
	}
	left, err := leftOver(lines, states, of)
	if err != nil {
		return nil, err
	}
	type share struct {
		ledger.Slot
		decision int
	}
	sharing := map[share]int{}
	for _, c := range existing {
		sharing[share{c.Slot(), c.DecisionVersion}]++
	}
	findings := []Finding{}
	for _, c := range existing {
		if sharing[share{c.Slot(), c.DecisionVersion}] > 2 {
			continue
		}
		for name, base := range map[string]*money.Amount{"base": &c.Base, "granted base": &c.GrantedBase,
			"paid base": c.PaidBase} {
			if base != nil && !isDifference(*base, left[c.LineID]) {
				findings = append(findings, Finding{"COMMISSION_BASE", what + ", commission " + c.ID.String() +
					", " + name,
					"what was left of the line at some time", base.String()})
			}
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int { return cmp.Compare(a.What, b.What) })
	return findings, nil
}

// leftOver is what was left of each line in each state.
func leftOver(lines []sale.Line, states []sale.OrderState, of affiliate.Base) (map[affiliate.LineID][]money.Amount,
	error) {
	left := map[affiliate.LineID][]money.Amount{}
	for _, s := range states {
		parted, err := s.LineParts()
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			i := slices.IndexFunc(s.Lines, func(state sale.LineState) bool { return state.Line == l.Line })
			if i < 0 {
				continue
			}
			sums, err := parted[i].Sums(of)
			if err != nil {
				return nil, err
			}
			rest, err := sums.Base.Sub(sums.Refunded)
			if err != nil {
				return nil, err
			}
			left[l.ID] = append(left[l.ID], money.Max(rest, money.Amount{}))
		}
	}
	return left, nil
}

// isDifference tells whether a is 0, one of the amounts, or a difference of two.
func isDifference(a money.Amount, amounts []money.Amount) bool {
	for _, high := range amounts {
		for _, low := range append([]money.Amount{{}}, amounts...) {
			if d, err := high.Sub(low); err == nil && d == a {
				return true
			}
		}
	}
	return a.IsZero()
}
