package sale

import (
	"cmp"
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// plan fills in what the re-run does.
func (run *rerunning) plan(ctx context.Context, q db.Queryer) error {
	for _, t := range run.all {
		postings, err := t.plan(ctx, q, run.at.Zone)
		if err != nil {
			return err
		}
		run.postings[t] = postings
		o := RerunOrder{OrderID: t.order.ID, Number: t.order.Number, Seen: run.before[t].DecisionVersion,
			From: run.before[t], To: t.decision,
			Now: slices.ContainsFunc(t.decision.Trace.Steps, func(s Step) bool { return s.Code == reason.TermsOfNow })}
		if first := run.follows[t]; first != nil {
			o.Follows = first.order.ID
		}
		for _, p := range postings {
			o.Moves = append(o.Moves, moveOf(p))
		}
		run.planned = append(run.planned, o)
	}
	return nil
}

// moveOf is what a posting does, for people.
func moveOf(p ledger.Posting) RerunMove {
	c := p.Commission
	m := RerunMove{PartnerID: c.PartnerID, LineID: c.LineID, Level: c.Level, Kind: p.Kind, Account: string(p.To),
		Amount: p.Amount, Paid: c.Stage == ledger.InPayout || c.Stage == ledger.Paid}
	if p.To == ledger.AccountExpense {
		m.Account, m.Amount = string(p.From), p.Amount.Neg()
	}
	return m
}

// sumKey is what sums are kept for.
type sumKey struct {
	partner  affiliate.PartnerID
	currency money.Currency
}

// sumsOf are the changes by partner and currency.
func sumsOf(orders []RerunOrder) ([]RerunSum, error) {
	sums := map[sumKey]*RerunSum{}
	for _, o := range orders {
		counted := map[affiliate.PartnerID]bool{}
		for _, m := range o.Moves {
			key := sumKey{m.PartnerID, o.To.Trace.Currency}
			if sums[key] == nil {
				sums[key] = &RerunSum{PartnerID: m.PartnerID, Currency: key.currency}
			}
			sum, of := sums[key], &sums[key].Pending
			if m.Account == string(ledger.AccountPayable) {
				of = &sum.Payable
			}
			if !counted[m.PartnerID] {
				counted[m.PartnerID] = true
				sum.Orders++
			}
			var err error
			if *of, err = of.Add(m.Amount); err != nil {
				return nil, err
			}
		}
	}
	all := []RerunSum{}
	for _, sum := range sums {
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b RerunSum) int {
		return cmp.Or(cmp.Compare(a.PartnerID, b.PartnerID), cmp.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

// book writes the re-run down, audited.
func (run *rerunning) book(ctx context.Context, q db.Queryer) error {
	touched, postings := []*ledger.Commission{}, []ledger.Posting{}
	entries := []affiliate.AuditEntry{}
	for _, t := range run.all {
		postings = append(postings, run.postings[t]...)
		if first := run.follows[t]; first != nil { // it was written before
			t.decision.FollowsID = first.decision.ID
			if err := stopLeading(ctx, q, t.order.ID); err != nil {
				return err
			}
		}
		if err := saveDecision(ctx, q, &t.decision); err != nil {
			return err
		}
		if err := saveBases(ctx, q, t); err != nil {
			return err
		}
		if t.order.Review == reason.ReviewLateFact { // looked at, and decided
			if err := setReview(ctx, q, t.order.ID, ""); err != nil {
				return err
			}
		}
		touched = append(touched, t.touched...)
		entries = append(entries, affiliate.AuditEntry{Actor: run.at.Actor, Action: "run again", Object: "order",
			ObjectID: int64(t.order.ID),
			Before:   run.before[t].summary(), After: t.decision.summary(), Reason: run.wish.Reason})
	}
	if err := ledger.SaveCommissions(ctx, q, unposted(touched, postings)); err != nil {
		return err
	}
	if err := ledger.Post(ctx, q, run.at, postings); err != nil {
		return err
	}
	return affiliate.Audit(ctx, q, run.at.Recorded, entries...)
}

// summary is what the audit keeps of a decision.
func (d Decision) summary() any {
	return struct {
		DecisionVersion int                 `json:"decision_version"`
		Partner         affiliate.PartnerID `json:"partner,omitempty"`
		Recruiter       affiliate.PartnerID `json:"recruiter,omitempty"`
		Program         affiliate.ProgramID `json:"program,omitempty"`
		Choice          Choice              `json:"choice,omitempty"`
		ThisOnly        bool                `json:"this_only,omitempty"`
	}{d.DecisionVersion, d.PartnerID, d.RecruiterID, d.ProgramID, d.Choice, d.Choice != "" && !d.LeadsRenewals &&
		d.FollowsID == 0}
}

// stopLeading lets later payments follow an earlier order than this one.
func stopLeading(ctx context.Context, q db.Queryer, id affiliate.OrderID) error {
	_, err := q.Exec(ctx,
		`/* sale.stopLeading */ UPDATE {wp}partner_center_decisions SET leads_renewals = 0 WHERE order_id = ?`, id)
	return err
}
