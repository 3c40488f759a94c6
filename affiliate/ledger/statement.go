package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Statement is what happened to a partner's money in one currency between two
// instants, by the journals recorded then: once the time is over it never
// changes again, whatever comes later (B11).
type Statement struct {
	Currency money.Currency
	From, To time.Time      // From ≤ recorded < To
	Opening  Balance        // as it stood at From
	Rows     []StatementRow // the oldest first, at most StatementAtMost
	Left     int            // how many more there are; Closing counts them too
	Closing  Balance        // as it stood at To
}

// StatementRow is one journal and what it did to each account.
type StatementRow struct {
	Journal
	Pending  money.Amount `db:"d_pending"`
	Payable  money.Amount `db:"d_payable"`
	InPayout money.Amount `db:"d_in_payout"`
	Paid     money.Amount `db:"d_paid"`
	Balance  Balance      `db:"-"` // after it
}

// StatementAtMost bounds the rows of a Statement.
const StatementAtMost = 5000

// BalancesAt are a partner's balances as they stood at an instant, by currency:
// the sum of what had been recorded by then, that instant included (B11). For
// the present they are Balances.
func (l *Ledger) BalancesAt(ctx context.Context, partner affiliate.PartnerID, at time.Time) ([]Balance, error) {
	return balancesBefore(ctx, l.db, partner, "", at.Add(time.Microsecond)) // as exact as the column
}

const accountSums = `
	COALESCE(SUM(IF(e.account = 'expense', e.amount, 0)), 0) AS expense,
	COALESCE(SUM(IF(e.account = 'pending', e.amount, 0)), 0) AS pending,
	COALESCE(SUM(IF(e.account = 'payable', e.amount, 0)), 0) AS payable,
	COALESCE(SUM(IF(e.account = 'in_payout', e.amount, 0)), 0) AS in_payout,
	COALESCE(SUM(IF(e.account = 'paid', e.amount, 0)), 0) AS paid`

// balancesBefore sums what was recorded before an instant, in one currency or all.
func balancesBefore(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, cur money.Currency,
	before time.Time) ([]Balance, error) {
	balances := []Balance{}
	err := q.Select(ctx, &balances, `/* ledger.BalancesAt */ SELECT j.partner_id, j.currency,`+accountSums+`
		FROM {wp}partner_center_journals j JOIN {wp}partner_center_entries e ON e.journal_id = j.id
		WHERE j.partner_id = ? AND (? = '' OR j.currency = ?) AND j.recorded_at < ?
		GROUP BY j.partner_id, j.currency ORDER BY j.currency`, partner, string(cur), string(cur), before)
	return balances, err
}

// Statements are a partner's statements of a time, one for each currency in
// which anything was recorded before its end.
func (l *Ledger) Statements(ctx context.Context, partner affiliate.PartnerID, from, to time.Time) ([]Statement, error) {
	p := affiliate.Problems{}
	p.Check(from.Before(to), "to", "The statement ends before it begins.")
	if err := p.Err(); err != nil {
		return nil, err
	}
	var all []Statement
	err := l.db.ReadOnly(ctx, func(tx *db.Tx) error {
		all = nil
		closing, err := balancesBefore(ctx, tx, partner, "", to)
		if err != nil {
			return err
		}
		for _, b := range closing {
			s, err := statement(ctx, tx, b, from, to)
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	return all, err
}

func statement(ctx context.Context, q db.Queryer, closing Balance, from, to time.Time) (Statement, error) {
	s := Statement{Currency: closing.Currency, From: from, To: to, Closing: closing,
		Opening: Balance{PartnerID: closing.PartnerID, Currency: closing.Currency}}
	opening, err := balancesBefore(ctx, q, closing.PartnerID, closing.Currency, from)
	if err != nil {
		return s, err
	}
	if len(opening) > 0 {
		s.Opening = opening[0]
	}
	s.Rows = []StatementRow{}
	err = q.Select(ctx, &s.Rows, `/* ledger.Statements */ SELECT `+journalColumns+
		`, d_pending, d_payable, d_in_payout, d_paid FROM (
			SELECT e.journal_id, SUM(IF(e.account = 'pending', e.amount, 0)) AS d_pending,
			SUM(IF(e.account = 'payable', e.amount, 0)) AS d_payable,
				SUM(IF(e.account = 'in_payout', e.amount, 0)) AS d_in_payout,
				SUM(IF(e.account = 'paid', e.amount, 0)) AS d_paid
			FROM {wp}partner_center_journals w JOIN {wp}partner_center_entries e ON e.journal_id = w.id
			WHERE w.partner_id = ? AND w.currency = ? AND w.recorded_at >= ? AND w.recorded_at < ?
			GROUP BY e.journal_id) d
		JOIN {wp}partner_center_journals j ON j.id = d.journal_id ORDER BY recorded_at, id LIMIT ?`,
		closing.PartnerID, closing.Currency, from, to, StatementAtMost)
	if err != nil {
		return s, err
	}
	if len(s.Rows) == StatementAtMost {
		err := q.Get(ctx, &s.Left, `/* ledger.Statements */ SELECT COUNT(*) - ? FROM {wp}partner_center_journals
			WHERE partner_id = ? AND currency = ? AND recorded_at >= ? AND recorded_at < ?`,
			StatementAtMost, closing.PartnerID, closing.Currency, from, to)
		if err != nil {
			return s, err
		}
	}
	running := s.Opening
	for i := range s.Rows {
		if running, err = running.after(s.Rows[i]); err != nil {
			return s, err
		}
		s.Rows[i].Balance = running
	}
	return s, nil
}

// after is the balance when a row has been added to it.
func (b Balance) after(r StatementRow) (Balance, error) {
	for _, change := range []struct {
		account *money.Amount
		by      money.Amount
	}{{&b.Pending, r.Pending}, {&b.Payable, r.Payable}, {&b.InPayout, r.InPayout}, {&b.Paid, r.Paid}} {
		sum, err := change.account.Add(change.by)
		if err != nil {
			return b, err
		}
		*change.account = sum
	}
	total, err := money.Sum(b.Pending, b.Payable, b.InPayout, b.Paid)
	b.Expense = total.Neg()
	return b, err
}
