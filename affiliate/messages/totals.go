package messages

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Sold is what a partner has sold in one currency.
type Sold struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"` // Total Sales minus Total Refunds (S41)
	Count    int            `db:"n"`      // orders
}

// sells is whether a commission c of a partner stands for a sale, as reports
// count them (S36): level 1, not canceled, and something of it left unless it was
// paid.
const sells = `c.level = 1 AND c.status <> 'canceled' AND NOT (c.amount = 0 AND (c.status = 'in_payout'
	OR EXISTS (SELECT 1 FROM {wp}partner_center_decisions d
		WHERE d.order_id = c.order_id AND d.decision_version > c.decision_version)))`

// SalesOf is what a partner has sold, by currency; 0 is in all programs.
func SalesOf(ctx context.Context, q db.Queryer, partner affiliate.PartnerID,
	program affiliate.ProgramID) ([]Sold, error) {
	sold := []Sold{}
	err := q.Select(ctx, &sold, `/* messages.SalesOf */
		SELECT c.currency, SUM(c.base) AS amount, COUNT(DISTINCT c.order_id) AS n
		FROM {wp}partner_center_commissions c
		WHERE c.partner_id = ? AND (? = 0 OR c.program_id = ?) AND `+sells+`
		GROUP BY c.currency ORDER BY c.currency`, partner, int64(program), int64(program))
	return sold, err
}
