package ledger

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Finding is something in the books that does not agree with the rest.
type Finding struct {
	Code     string `db:"code" json:"code"`
	What     string `db:"what" json:"what"` // "commission 12, amount"
	Expected string `db:"expected" json:"expected"`
	Found    string `db:"found" json:"found"`
}

// mostFindings bounds what one check reports: after that many the books need a
// restore, not a longer list.
const mostFindings = 100

//go:embed verify.sql
var verifySQL string

// Verify proves the books (B1): each journal sums to zero; balances are what
// the entries sum to; commissions are what their journals say and what their
// orders and decisions ask for; payout lines are their items and journals;
// every order has a decision; the roll-up of visits is their number. It reads
// one consistent snapshot and changes nothing. No findings: all is well.
func Verify(ctx context.Context, h *db.Handle) ([]Finding, error) {
	findings := []Finding{}
	err := h.ReadOnly(ctx, func(tx *db.Tx) error {
		for query := range strings.SplitSeq(verifySQL, ";\n") {
			if strings.TrimSpace(query) == "" {
				continue
			}
			found := []Finding{}
			if err := tx.Select(ctx, &found, query+fmt.Sprintf("\nLIMIT %d", mostFindings)); err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		replayed, err := verifyCommissions(ctx, tx)
		if err != nil {
			return err
		}
		converged, err := verifyOrders(ctx, tx)
		findings = append(append(findings, replayed...), converged...)
		return err
	})
	return findings, err
}

// verifyAtOnce is how many rows are held in memory.
const verifyAtOnce = 1000

// verifyCommissions replays the journals of each commission.
func verifyCommissions(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := CommissionID(0); len(findings) < mostFindings; {
		commissions := []Commission{}
		err := q.Select(ctx, &commissions, `/* ledger.verifyCommissions */
			SELECT `+commissionColumns+` FROM {wp}pc_commissions WHERE id > ? ORDER BY id LIMIT ?`, int64(last), verifyAtOnce)
		if err != nil || len(commissions) == 0 {
			return findings, err
		}
		first := last
		last = commissions[len(commissions)-1].ID
		replayed, err := replay(ctx, q, first, last)
		if err != nil {
			return findings, err
		}
		for _, c := range commissions {
			findings = append(findings, c.differences(replayed[c.ID])...)
		}
	}
	return findings, nil
}

// past is what the journals of a commission add up to.
type past struct {
	book     Book
	journals int
}

// replay runs the journals of the commissions with after < id ≤ last.
func replay(ctx context.Context, q db.Queryer, after, last CommissionID) (map[CommissionID]past, error) {
	rows, err := q.Query(ctx, `/* ledger.replay */
		SELECT j.commission_id, j.kind, MIN(e.account) AS a, MAX(e.account) AS b,
			MAX(e.amount) AS amount,
			MAX(IF(e.amount < 0, e.account, '')) AS from_account, MAX(IF(e.amount > 0, e.account, '')) AS to_account
		FROM {wp}pc_journals j JOIN {wp}pc_entries e ON e.journal_id = j.id
		WHERE j.commission_id > ? AND j.commission_id <= ?
		GROUP BY j.commission_id, j.seq, j.kind ORDER BY j.commission_id, j.seq`, int64(after), int64(last))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[CommissionID]past{}
	for rows.Next() {
		var j struct {
			Commission CommissionID `db:"commission_id"`
			Kind       Kind         `db:"kind"`
			A          string       `db:"a"`
			B          string       `db:"b"`
			Amount     money.Amount `db:"amount"`
			From       account      `db:"from_account"`
			To         account      `db:"to_account"`
		}
		if err := rows.StructScan(&j); err != nil {
			return nil, err
		}
		p := all[j.Commission]
		p.journals++
		if j.From != "" && j.To != "" { // else it is reported as unbalanced
			if err := p.book.apply(j.Kind, j.From, j.To, j.Amount); err != nil {
				return nil, err
			}
		}
		all[j.Commission] = p
	}
	return all, rows.Err()
}

// differences are the fields in which a commission is not what its journals say.
func (c Commission) differences(p past) []Finding {
	total, err := p.book.total()
	if err != nil {
		return []Finding{{"COMMISSION", fmt.Sprintf("commission %s", c.ID), "an amount", err.Error()}}
	}
	if p.book.Stage == Canceled {
		p.book.Granted = c.Granted // is about its neighbours: verifyOrders knows
	}
	findings := []Finding{}
	for _, f := range []struct {
		name            string
		expected, found any
	}{
		{"amount", total, c.Amount},
		{"status", p.book.status(total), c.Status},
		{"stage", p.book.Stage, c.Stage},
		{"granted", p.book.Granted, c.Granted},
		{"pending", p.book.Pending, c.Pending},
		{"payable", p.book.Payable, c.Payable},
		{"in payout", p.book.InPayout, c.InPayout},
		{"paid", p.book.Paid, c.Book.Paid},
		{"journals", p.journals, c.Journals},
	} {
		if f.expected != f.found {
			findings = append(findings, Finding{"COMMISSION", fmt.Sprintf("commission %s, %s", c.ID, f.name), fmt.Sprint(f.expected), fmt.Sprint(f.found)})
		}
	}
	return findings
}

// verifyOrders plans each order anew: of an order that has converged nothing is
// left to post.
func verifyOrders(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := OrderID(0); len(findings) < mostFindings; {
		orders := []Order{}
		err := q.Select(ctx, &orders, `/* ledger.verifyOrders */
			SELECT `+orderColumns+` FROM {wp}pc_orders o WHERE id > ? AND version > 0
				AND EXISTS (SELECT 1 FROM {wp}pc_decisions d WHERE d.order_id = o.id) ORDER BY id LIMIT ?`, int64(last), verifyAtOnce)
		if err != nil || len(orders) == 0 {
			return findings, err
		}
		for _, o := range orders {
			found, err := verifyOrder(ctx, q, o)
			if err != nil {
				return findings, err
			}
			findings = append(findings, found...)
			last = o.ID
		}
	}
	return findings, nil
}

func verifyOrder(ctx context.Context, q db.Queryer, o Order) ([]Finding, error) {
	decision, err := loadDecision(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	lines, err := loadLines(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	wanted, err := reckon(ctx, q, &o, lines, &decision)
	if err != nil {
		return nil, err
	}
	have := []*Commission{}
	if err := q.Select(ctx, &have, `/* ledger.verifyOrder */
		SELECT `+commissionColumns+` FROM {wp}pc_commissions WHERE order_id = ?`, o.ID); err != nil {
		return nil, err
	}
	postings, err := plan(wanted, have)
	if err != nil {
		return []Finding{{"ORDER_TARGET", fmt.Sprintf("order %s", o.ID), "commissions that can be reckoned", err.Error()}}, nil
	}
	findings := strangers(o, decision, have)
	for _, p := range postings {
		findings = append(findings, Finding{"ORDER_TARGET", fmt.Sprintf("order %s, line %s, level %d", o.ID, p.commission.LineID, p.commission.Level),
			"the commission that its lines earn", fmt.Sprintf("%s of %s missing", p.kind, p.amount)})
	}
	return findings, nil
}

// strangers are commissions of partners whom the decision does not credit.
func strangers(o Order, d Decision, have []*Commission) []Finding {
	credited := map[int]affiliate.PartnerID{1: d.PartnerID, 2: d.RecruiterID}
	findings := []Finding{}
	for _, c := range have {
		if (c.Generation == d.Generation || !c.Amount.IsZero()) && c.PartnerID != credited[c.Level] {
			findings = append(findings, Finding{"ORDER_TARGET", fmt.Sprintf("order %s, commission %s, partner", o.ID, c.ID),
				credited[c.Level].String(), c.PartnerID.String()})
		}
	}
	return findings
}
