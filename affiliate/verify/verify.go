// Package verify proves the books: it replays journals, plans orders and writes
// PayPal's files once more, and compares all of it with what is stored.
package verify

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
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
// orders and decisions ask for; manual entries are what their journals say;
// payout lines are their items and journals, and files the bytes made first;
// orders and their lines are the states that were received; each has a decision
// that comes out the same when calculated again; journals are as they were sealed; entries
// by hand are in the audit; referrers, leads and memberships are what their
// history says; the audit is as it was chained; nothing names a row that is not there; the roll-up of visits is
// their number. It reads one consistent snapshot and changes nothing. No
// findings: all is well.
func Verify(ctx context.Context, h *db.Handle) ([]Finding, error) {
	findings := []Finding{}
	err := h.ReadOnly(ctx, func(tx *db.Tx) error {
		for query := range strings.SplitSeq(strings.ReplaceAll(verifySQL, "{seal}", ledger.SealSQL), ";\n") {
			if strings.TrimSpace(query) == "" {
				continue
			}
			found := []Finding{}
			if err := tx.Select(ctx, &found, query+fmt.Sprintf("\nLIMIT %d", mostFindings)); err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		for _, check := range []func(context.Context, db.Queryer) ([]Finding, error){verifyCommissions, verifyManuals,
			verifyItems, verifyFiles, verifyOrders, verifyContacts, verifyAudit} {
			found, err := check(ctx, tx)
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		return nil
	})
	return findings, err
}

// verifyAudit proves the chain of the audit (B12).
func verifyAudit(ctx context.Context, q db.Queryer) (findings []Finding, err error) {
	proof, err := affiliate.ProveAudit(ctx, q, affiliate.AuditHead{})
	for _, f := range proof.Faults {
		what := fmt.Sprintf("action %d", f.ID)
		if f.ID == 0 {
			what = fmt.Sprintf("actions before %s", f.At.Format(time.RFC3339))
		}
		findings = append(findings, Finding{"AUDIT", what, "as it was written", f.Text().String()})
	}
	return findings, err
}

// verifyAtOnce is how many rows are held in memory.
const verifyAtOnce = 1000

// verifyCommissions replays the journals of each commission.
func verifyCommissions(ctx context.Context, q db.Queryer) ([]Finding, error) {
	findings := []Finding{}
	for last := ledger.CommissionID(0); len(findings) < mostFindings; {
		commissions := []ledger.Commission{}
		err := q.Select(ctx, &commissions, `/* verify.verifyCommissions */
			SELECT `+ledger.CommissionColumns+` FROM {wp}partner_center_commissions WHERE id > ? ORDER BY id LIMIT ?`,
			int64(last), verifyAtOnce)
		if err != nil || len(commissions) == 0 {
			return findings, err
		}
		first := last
		last = commissions[len(commissions)-1].ID
		replayed, err := replay(ctx, q, "commission_id", int64(first), int64(last))
		if err != nil {
			return findings, err
		}
		for _, c := range commissions {
			findings = append(findings, differences(c, replayed[int64(c.ID)])...)
		}
	}
	return findings, nil
}

// past is what the journals of a commission add up to.
type past struct {
	book     ledger.Book
	journals int
	canceled bool // by an admin
}

// replay runs the journals of the commissions, or manual entries, with
// after < id ≤ last. owner is their column.
func replay(ctx context.Context, q db.Queryer, owner string, after, last int64) (map[int64]past, error) {
	rows, err := q.Query(ctx, `/* verify.replay */
		SELECT j.`+owner+`, j.kind, f.account, t.account, t.amount
		FROM {wp}partner_center_journals j
		LEFT JOIN {wp}partner_center_entries f ON f.journal_id = j.id AND f.amount < 0
		LEFT JOIN {wp}partner_center_entries t ON t.journal_id = j.id AND t.amount > 0
		WHERE j.`+owner+` > ? AND j.`+owner+` <= ? ORDER BY j.`+owner+`, j.seq`, after, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64]past{}
	for rows.Next() {
		var id int64
		var kind ledger.Kind
		var from, to *ledger.Account
		var amount *money.Amount
		if err := rows.Scan(&id, &kind, &from, &to, &amount); err != nil {
			return nil, err
		}
		p := all[id]
		p.journals++
		p.canceled = p.canceled || kind == ledger.Cancel
		if from != nil && to != nil { // else it is reported as unbalanced
			if err := p.book.Apply(kind, *from, *to, *amount); err != nil {
				return nil, err
			}
		}
		all[id] = p
	}
	return all, rows.Err()
}

// differences are the fields in which a commission is not what its journals say.
func differences(c ledger.Commission, p past) []Finding {
	total, err := p.book.Total()
	if err != nil {
		return []Finding{{"COMMISSION", fmt.Sprintf("commission %s", c.ID), "an amount", err.Error()}}
	}
	if p.canceled {
		p.book.Granted = c.Granted // is about its neighbours: verify.sql knows
	}
	return append(compare("COMMISSION", "commission "+c.ID.String(), []field{
		{"amount", total, c.Amount}, {"status", p.book.StatusWith(total), c.Status}, {"journals", p.journals,
			c.Journals},
		{"granted", p.book.Granted, c.Granted}, {"clawback", p.book.Clawback, c.Clawback},
		{"paid base", "", paidBase(c)}}), bookDifferences(p.book, "COMMISSION", "commission "+c.ID.String(), c.Book)...)
}

// paidBase is what is wrong about the base on which a commission is paid, or "":
// it is at most what was approved, and at least what of that is left.
func paidBase(c ledger.Commission) string {
	if c.Stage != ledger.InPayout && c.Stage != ledger.Paid {
		return ""
	}
	if c.PaidBase == nil {
		return "none"
	}
	if c.PaidBase.Cmp(c.GrantedBase) > 0 || c.PaidBase.Cmp(money.Min(c.Base, c.GrantedBase)) < 0 {
		return fmt.Sprintf("%s, where %s of %s approved are left", c.PaidBase, c.Base, c.GrantedBase)
	}
	return ""
}

// bookDifferences are the fields that books and replayed journals share.
func bookDifferences(b ledger.Book, code, what string, found ledger.Book) []Finding {
	return compare(code, what, []field{{"stage", b.Stage, found.Stage}, {"pending", b.Pending, found.Pending},
		{"payable", b.Payable, found.Payable},
		{"in payout", b.InPayout, found.InPayout}, {"paid", b.Paid, found.Paid}})
}

// field is something that must be equal twice.
type field struct {
	name            string
	expected, found any
}

func compare(code, what string, fields []field) []Finding {
	findings := []Finding{}
	for _, f := range fields {
		if f.expected != f.found {
			findings = append(findings, Finding{code, what + ", " + f.name, fmt.Sprint(f.expected),
				fmt.Sprint(f.found)})
		}
	}
	return findings
}
