package ledger

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Due is what a partner's payable amount in a currency is made of, clawbacks
// included (S83).
type Due struct {
	Commissions []Commission // the latest first, at most DueAtMost
	Manuals     []Manual     // likewise
	Left        int          // how many more there are
	Sum         money.Amount // of all of them
}

// DueAtMost bounds both lists of a Due.
const DueAtMost = 500

// Due is what a partner's payable amount in a currency is made of.
func (l *Ledger) Due(ctx context.Context, partner affiliate.PartnerID, cur money.Currency) (Due, error) {
	var due Due
	err := l.db.ReadOnly(ctx, func(tx *db.Tx) error {
		due = Due{Commissions: []Commission{}, Manuals: []Manual{}}
		const open = ` WHERE partner_id = ? AND currency = ? AND (payable < 0 OR payable > 0)`
		err := tx.Select(ctx, &due.Commissions, `/* ledger.Due */ SELECT `+CommissionColumns+`
			FROM {wp}partner_center_commissions`+open+` ORDER BY id DESC LIMIT ?`, partner, cur, DueAtMost)
		if err != nil {
			return err
		}
		err = tx.Select(ctx, &due.Manuals, `/* ledger.Due */ SELECT `+ManualColumns+`
			FROM {wp}partner_center_manuals`+open+` ORDER BY id DESC LIMIT ?`, partner, cur, DueAtMost)
		if err != nil {
			return err
		}
		err = tx.Get(ctx, &due.Left, `/* ledger.Due */ SELECT
			(SELECT COUNT(*) FROM {wp}partner_center_commissions`+open+`) +
			(SELECT COUNT(*) FROM {wp}partner_center_manuals`+open+`)`, partner, cur, partner, cur)
		if err != nil {
			return err
		}
		due.Left -= len(due.Commissions) + len(due.Manuals)
		balance, err := LoadBalance(ctx, tx, partner, cur)
		due.Sum = balance.Payable
		return err
	})
	return due, err
}

// Waiting is what waits for approval in a currency.
type Waiting struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"`
}

// Ready is how many commissions can be approved now: pending, and not on hold (S76).
func (l *Ledger) Ready(ctx context.Context) (n int, err error) {
	err = l.db.Get(ctx, &n, `/* ledger.Ready */ SELECT COUNT(*) FROM {wp}partner_center_commissions
		WHERE status = 'pending' AND (not_before IS NULL OR not_before <= ?)`, l.now())
	return n, err
}

// Waiting is how many commissions wait for approval, and their sums.
func (l *Ledger) Waiting(ctx context.Context) (n int64, sums []Waiting, err error) {
	err = l.db.ReadOnly(ctx, func(tx *db.Tx) error {
		sums = nil
		if err := tx.Get(ctx, &n,
			`/* ledger.Waiting */ SELECT COUNT(*) FROM {wp}partner_center_commissions
				WHERE status = 'pending'`); err != nil {
			return err
		}
		return tx.Select(ctx, &sums, `/* ledger.Waiting */
			SELECT currency, SUM(pending) AS amount FROM {wp}partner_center_balances GROUP BY currency
			HAVING amount <> 0 ORDER BY currency`)
	})
	return n, sums, err
}

// ToApprove is what can be approved now in a currency (S76).
type ToApprove struct {
	Currency money.Currency `db:"currency"`
	Count    int64          `db:"n"`
	Amount   money.Amount   `db:"amount"`
	OffHold  int64          `db:"off_hold"` // those of them whose hold is over
}

// ToApprove is what can be approved now, by currency: pending, and not on hold.
func (l *Ledger) ToApprove(ctx context.Context) ([]ToApprove, error) {
	found := []ToApprove{}
	err := l.db.Select(ctx, &found, `/* ledger.ToApprove */
		SELECT currency, COUNT(*) AS n, SUM(amount) AS amount, COUNT(not_before) AS off_hold
		FROM {wp}partner_center_commissions WHERE status = 'pending' AND (not_before IS NULL OR not_before <= ?)
		GROUP BY currency ORDER BY currency`, l.now())
	return found, err
}

// ToDecide is how many sales are on a hold that only a person ends.
func (l *Ledger) ToDecide(ctx context.Context) (n int64, err error) {
	err = l.db.Get(ctx, &n, `/* ledger.ToDecide */ SELECT COUNT(DISTINCT order_id)
		FROM {wp}partner_center_commissions WHERE status = 'pending' AND not_before = ?`, HeldUntilDecided)
	return n, err
}

// Latest are the n latest commissions of the first level.
func (l *Ledger) Latest(ctx context.Context, n int) ([]Commission, error) {
	commissions := []Commission{}
	err := l.db.Select(ctx, &commissions, `/* ledger.Latest */ SELECT `+CommissionColumns+`
		FROM {wp}partner_center_commissions WHERE level = 1 ORDER BY id DESC LIMIT ?`, n)
	return commissions, err
}
