package ledger

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// OrdersOf are the orders of a contact with all that hangs on them, the latest
// placed first.
func (l *Ledger) OrdersOf(ctx context.Context, contact affiliate.ContactID, page affiliate.Page) ([]OrderView, error) {
	ids := []OrderID{}
	err := l.db.Select(ctx, &ids, `/* ledger.OrdersOf */
		SELECT id FROM {wp}partner_center_orders WHERE contact_id = ? ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?`, contact, page.Limit, page.Offset)
	views := []OrderView{}
	for _, id := range ids {
		view, err := l.Order(ctx, id)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, err
}

// Reviews are the orders that a person must look at, the latest first.
func (l *Ledger) Reviews(ctx context.Context, page affiliate.Page) ([]Order, error) {
	orders := []Order{}
	err := l.db.Select(ctx, &orders, `/* ledger.Reviews */
		SELECT `+orderColumns+` FROM {wp}partner_center_orders WHERE review > '' ORDER BY id DESC LIMIT ? OFFSET ?`, page.Limit, page.Offset)
	return orders, err
}

// Reviewed notes that a person has looked at an order: it needs no more review
// until something new happens to it. Doing so twice changes nothing.
func (l *Ledger) Reviewed(ctx context.Context, actor affiliate.Actor, id OrderID) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		var why Reason
		err := tx.Get(ctx, &why, `/* ledger.Reviewed */ SELECT review FROM {wp}partner_center_orders WHERE id = ? FOR UPDATE`, id)
		if err != nil || why == "" {
			return missing(err, "order")
		}
		if err := setReview(ctx, tx, id, ""); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, l.now(), affiliate.AuditEntry{Actor: actor, Action: "review", Object: "order", ObjectID: int64(id), Before: why})
	})
}

// Due are the commissions that a partner's payable amount in a currency is made
// of, clawbacks included, the latest first (S83).
func (l *Ledger) Due(ctx context.Context, partner affiliate.PartnerID, cur money.Currency) ([]Commission, error) {
	due := []Commission{}
	err := l.db.Select(ctx, &due, `/* ledger.Due */
		SELECT `+commissionColumns+` FROM {wp}partner_center_commissions
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
