package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Reconsider decides orders of a contact anew that were placed at or after
// since, because an earlier fact became known (D18). Where a commission was
// approved or canceled by then, the order goes to review instead. It is a step
// of the caller's transaction; the ids are those of orders whose credit changed.
func (l *Ledger) Reconsider(ctx context.Context, q db.Queryer, contact affiliate.ContactID, since time.Time) ([]OrderID, error) {
	reopened, err := l.reopen(ctx, q, contact, since, 0)
	if err != nil {
		return nil, err
	}
	ids := []OrderID{}
	for _, t := range reopened {
		ids = append(ids, t.order.ID)
	}
	return ids, settle(ctx, q, reopened, l.stamp(affiliate.System))
}

// reopen decides the contact's orders anew, but for one, and returns those
// whose credit changed and that may still be settled by it.
func (l *Ledger) reopen(ctx context.Context, q db.Queryer, contact affiliate.ContactID, since time.Time, except OrderID) ([]*settlement, error) {
	orders := []Order{}
	err := q.Select(ctx, &orders, `/* ledger.reopen */
		SELECT `+orderColumns+` FROM {wp}pc_orders WHERE contact_id = ? AND placed_at >= ? AND version > 0 AND id <> ?
		ORDER BY id FOR UPDATE`, contact, since, int64(except))
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	have, err := lockCommissionsOf(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	reopened := []*settlement{}
	for _, o := range orders {
		t, err := l.decideAnew(ctx, q, o, have[o.ID])
		if err != nil {
			return nil, err
		}
		if t != nil {
			reopened = append(reopened, t)
		}
	}
	return reopened, nil
}

// decideAnew is nil when the credit stays as it is, or must.
func (l *Ledger) decideAnew(ctx context.Context, q db.Queryer, o Order, have []*Commission) (*settlement, error) {
	old, err := loadDecision(ctx, q, o.ID)
	if err != nil {
		return nil, err
	}
	t := &settlement{order: o, have: have}
	if t.state, err = loadState(ctx, q, o); err != nil {
		return nil, err
	}
	t.state.PlacedAt = o.PlacedAt
	applied, err := l.applyOrderForm(ctx, q, t.state)
	if err != nil {
		return nil, err
	}
	t.decision, err = decideOrder(ctx, q, o.ID, t.state, applied, old.Generation+1, l.stamp(affiliate.System))
	if err != nil || t.decision.sameCredit(old) {
		return nil, err
	}
	for _, c := range have {
		if c.Stage != Pending {
			return nil, setReview(ctx, q, o.ID, ReviewLateFact)
		}
	}
	t.lines, err = loadLines(ctx, q, o.ID)
	return t, err
}

// lockCommissionsOf locks all commissions of orders, which are locked, by id.
func lockCommissionsOf(ctx context.Context, q db.Queryer, orders []Order) (map[OrderID][]*Commission, error) {
	ids := []OrderID{}
	for _, o := range orders {
		ids = append(ids, o.ID)
	}
	locked, err := lockOfOrders(ctx, q, ids)
	have := map[OrderID][]*Commission{}
	for _, c := range locked {
		have[c.OrderID] = append(have[c.OrderID], c)
	}
	return have, err
}
