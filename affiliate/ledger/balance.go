package ledger

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Balance is what stands on a partner's accounts in one currency.
type Balance struct {
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Currency  money.Currency      `db:"currency"`
	Expense   money.Amount        `db:"expense"` // minus the sum of the others
	Pending   money.Amount        `db:"pending"`
	Payable   money.Amount        `db:"payable"` // approved and unpaid, minus clawbacks
	InPayout  money.Amount        `db:"in_payout"`
	Paid      money.Amount        `db:"paid"`
}

// Owed is what the partner has to get: payable and in a payout (S33, D7, D19).
func (b Balance) Owed() (money.Amount, error) { return b.Payable.Add(b.InPayout) }

const balanceColumns = `partner_id, currency, expense, pending, payable, in_payout, paid`

// Balances are a partner's balances, by currency; none before the first commission.
func (l *Ledger) Balances(ctx context.Context, partner affiliate.PartnerID) ([]Balance, error) {
	return BalancesOf(ctx, l.db, partner)
}

// BalancesOf is Balances as a step of a transaction.
func BalancesOf(ctx context.Context, q db.Queryer, partner affiliate.PartnerID) ([]Balance, error) {
	balances := []Balance{}
	err := q.Select(ctx, &balances, `/* ledger.Balances */
		SELECT `+balanceColumns+` FROM {wp}partner_center_balances WHERE partner_id = ? ORDER BY currency`, partner)
	return balances, err
}

// LoadBalance is one balance, all 0 when there is none.
func LoadBalance(ctx context.Context, q db.Queryer, partner affiliate.PartnerID,
	cur money.Currency) (Balance, error) {
	b := Balance{PartnerID: partner, Currency: cur}
	err := q.Get(ctx, &b, `/* ledger.LoadBalance */
		SELECT `+balanceColumns+` FROM {wp}partner_center_balances WHERE partner_id = ? AND currency = ?`, partner, cur)
	if db.NoRows(err) {
		return b, nil
	}
	return b, err
}
