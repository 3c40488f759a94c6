package ledger

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Due are the commissions that a partner's payable amount in a currency is made
// of, clawbacks included, the latest first (S83).
func (l *Ledger) Due(ctx context.Context, partner affiliate.PartnerID, cur money.Currency) ([]Commission, error) {
	due := []Commission{}
	err := l.db.Select(ctx, &due, `/* ledger.Due */
		SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions
		WHERE partner_id = ? AND currency = ? AND (payable < 0 OR payable > 0) ORDER BY id DESC`, partner, cur)
	return due, err
}

// Waiting is what waits for approval in a currency.
type Waiting struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"`
}

// Waiting is how many commissions wait for approval, and their sums.
func (l *Ledger) Waiting(ctx context.Context) (n int64, sums []Waiting, err error) {
	err = l.db.ReadOnly(ctx, func(tx *db.Tx) error {
		sums = nil
		if err := tx.Get(ctx, &n, `/* ledger.Waiting */ SELECT COUNT(*) FROM {wp}partner_center_commissions WHERE status = 'pending'`); err != nil {
			return err
		}
		return tx.Select(ctx, &sums, `/* ledger.Waiting */
			SELECT currency, SUM(pending) AS amount FROM {wp}partner_center_balances GROUP BY currency HAVING amount <> 0 ORDER BY currency`)
	})
	return n, sums, err
}
