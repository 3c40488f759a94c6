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
	orders := []Order{}
	err := q.Select(ctx, &orders, `/* ledger.Reconsider */
		SELECT `+orderColumns+` FROM {wp}pc_orders WHERE contact_id = ? AND placed_at >= ? AND version > 0 ORDER BY id FOR UPDATE`, contact, since)
	if err != nil {
		return nil, err
	}
	reopened := []OrderID{}
	for _, o := range orders {
		changed, err := l.reconsider(ctx, q, o)
		if err != nil {
			return nil, err
		}
		if changed {
			reopened = append(reopened, o.ID)
		}
	}
	return reopened, nil
}

func (l *Ledger) reconsider(ctx context.Context, q db.Queryer, o Order) (bool, error) {
	old, err := loadDecision(ctx, q, o.ID)
	if err != nil {
		return false, err
	}
	s, err := loadState(ctx, q, o)
	if err != nil {
		return false, err
	}
	at := l.stamp(affiliate.System)
	s.PlacedAt = o.PlacedAt
	d, _, err := l.decideOrder(ctx, q, o.ID, s, old.Generation+1, at)
	if err != nil || d.sameCredit(old) {
		return false, err
	}
	have, err := lockCommissions(ctx, q, `order_id = ?`, o.ID)
	if err != nil {
		return false, err
	}
	for _, c := range have {
		if c.Stage != Pending {
			return false, setReview(ctx, q, o.ID, ReviewLateFact)
		}
	}
	lines, err := loadLines(ctx, q, o.ID)
	if err != nil {
		return false, err
	}
	_, err = l.settleOrder(ctx, q, o, &o, lines, &d, s, at)
	return true, err
}
