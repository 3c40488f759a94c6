package payout

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Payment is one payment to a partner with what it paid.
type Payment struct {
	PayoutLine
	Payout Payout
	Items  []PaidItem // the latest sale first, at most PaidAtMost
	Left   int        // how many more there are
}

// PaidItem is a commission or an entry by hand that a payment paid; the other id is 0.
type PaidItem struct {
	CommissionID ledger.CommissionID `db:"commission_id"`
	ManualID     ledger.ManualID     `db:"manual_id"`
	Amount       money.Amount        `db:"amount"` // of it in this payment; a clawback is negative
	Day          affiliate.Day       `db:"day"`    // of the sale or the entry
	OrderID      affiliate.OrderID   `db:"order_id"`
	Number       string              `db:"number"` // of the order
	Name         string              `db:"name"`   // of the product, or the reason of the entry
}

// PaidAtMost bounds the items of a Payment.
const PaidAtMost = 500

const paymentItems = `/* payout.Payment */
	SELECT i.commission_id, i.manual_id, i.amount, COALESCE(c.day, m.day) AS day, COALESCE(c.order_id, 0) AS order_id,
		COALESCE(o.number, '') AS number, COALESCE(l.name, m.reason, '') AS name
	FROM {wp}partner_center_payout_items i
	LEFT JOIN {wp}partner_center_commissions c ON c.id = i.commission_id
	LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
	LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
	LEFT JOIN {wp}partner_center_manuals m ON m.id = i.manual_id
	WHERE i.line_id = ? ORDER BY day DESC, i.commission_id DESC, i.manual_id DESC LIMIT ?`

// Payment is one payment to a partner. Drafts and what left its batch are none.
func (sv *Service) Payment(ctx context.Context, id affiliate.PayoutLineID) (p Payment, err error) {
	err = sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		p = Payment{Items: []PaidItem{}}
		err := tx.Get(ctx, &p.PayoutLine, `/* payout.Payment */ SELECT `+lineColumns+`
			FROM {wp}partner_center_payout_lines WHERE id = ? AND state NOT IN ('draft', 'closed')`, id)
		if err != nil {
			return affiliate.MissingRow(err, "payment")
		}
		err = tx.Get(ctx, &p.Payout, `/* payout.Payment */ SELECT `+PayoutColumns+`
			FROM {wp}partner_center_payouts WHERE id = ?`, p.PayoutID)
		if err != nil {
			return err
		}
		if err := tx.Select(ctx, &p.Items, paymentItems, id, PaidAtMost); err != nil {
			return err
		}
		err = tx.Get(ctx, &p.Left, `/* payout.Payment */
			SELECT COUNT(*) - ? FROM {wp}partner_center_payout_items WHERE line_id = ?`, len(p.Items), id)
		return err
	})
	return p, err
}
