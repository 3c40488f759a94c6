package sale

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// OrdersOf are the orders of a contact with all that hangs on them, the latest
// placed first.
func (sv *Service) OrdersOf(ctx context.Context, contact affiliate.ContactID, page affiliate.Page) ([]OrderView, error) {
	ids := []affiliate.OrderID{}
	err := sv.db.Select(ctx, &ids, `/* sale.OrdersOf */
		SELECT id FROM {wp}partner_center_orders WHERE contact_id = ? ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?`, contact, page.Limit, page.Offset)
	views := []OrderView{}
	for _, id := range ids {
		view, err := sv.Order(ctx, id)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, err
}

// Reviews are the orders that a person must look at, the latest first.
func (sv *Service) Reviews(ctx context.Context, page affiliate.Page) ([]Order, error) {
	orders := []Order{}
	err := sv.db.Select(ctx, &orders, `/* sale.Reviews */
		SELECT `+OrderColumns+` FROM {wp}partner_center_orders WHERE review > '' ORDER BY id DESC LIMIT ? OFFSET ?`, page.Limit, page.Offset)
	return orders, err
}

// Reviewed notes that a person has looked at an order: it needs no more review
// until something new happens to it. Doing so twice changes nothing.
func (sv *Service) Reviewed(ctx context.Context, actor affiliate.Actor, id affiliate.OrderID) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		var why reason.Code
		err := tx.Get(ctx, &why, `/* sale.Reviewed */ SELECT review FROM {wp}partner_center_orders WHERE id = ? FOR UPDATE`, id)
		if err != nil || why == "" {
			return affiliate.MissingRow(err, "order")
		}
		if err := setReview(ctx, tx, id, ""); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, sv.now(), affiliate.AuditEntry{Actor: actor, Action: "review", Object: "order", ObjectID: int64(id), Before: why})
	})
}
