package ledger

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// OrdersOf are the orders of a contact with all that hangs on them, the latest
// placed first.
func (l *Ledger) OrdersOf(ctx context.Context, contact affiliate.ContactID, page affiliate.Page) ([]OrderView, error) {
	ids := []OrderID{}
	err := l.db.Select(ctx, &ids, `/* ledger.OrdersOf */
		SELECT id FROM {wp}pc_orders WHERE contact_id = ? ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?`, contact, page.Limit, page.Offset)
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
		SELECT `+orderColumns+` FROM {wp}pc_orders WHERE review > '' ORDER BY id DESC LIMIT ? OFFSET ?`, page.Limit, page.Offset)
	return orders, err
}

// Reviewed notes that a person has looked at an order: it needs no more review
// until something new happens to it. Doing so twice changes nothing.
func (l *Ledger) Reviewed(ctx context.Context, actor affiliate.Actor, id OrderID) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		var why Reason
		err := tx.Get(ctx, &why, `/* ledger.Reviewed */ SELECT review FROM {wp}pc_orders WHERE id = ? FOR UPDATE`, id)
		if err != nil || why == "" {
			return missing(err, "order")
		}
		if err := setReview(ctx, tx, id, ""); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, l.now(), affiliate.AuditEntry{Actor: actor, Action: "review", Object: "order", ObjectID: int64(id), Before: why})
	})
}
