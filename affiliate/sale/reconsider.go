package sale

import (
	"cmp"
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Reconsider decides orders of a contact once more that were placed at or after
// since, because an earlier fact became known (D18). Where a commission was
// approved or canceled by then, the order goes to review instead; what an admin
// re-ran stays as they chose. It is a step of the caller's transaction; the
// ids are those of orders whose credit changed.
func (sv *Service) Reconsider(ctx context.Context, q db.Queryer, contact affiliate.ContactID,
	since time.Time) ([]affiliate.OrderID, error) {
	found, err := ordersSince(ctx, q, contact, since)
	if err != nil {
		return nil, err
	}
	reopened, err := sv.reopen(ctx, q, found)
	if err != nil {
		return nil, err
	}
	ids := []affiliate.OrderID{}
	for _, t := range reopened {
		ids = append(ids, t.order.ID)
	}
	if err := reconcile(ctx, q, reopened, sv.recordedBy(affiliate.System)); err != nil {
		return nil, err
	}
	return ids, sv.announce(ctx, q, reopened)
}

// ordersSince are the contact's orders since then, and the later payments of
// subscriptions among them, whoever pays these.
func ordersSince(ctx context.Context, q db.Queryer, contact affiliate.ContactID,
	since time.Time) ([]affiliate.OrderID, error) {
	ids := []affiliate.OrderID{}
	err := q.Select(ctx, &ids, `/* sale.ordersSince */
		SELECT id FROM {wp}partner_center_orders WHERE contact_id = ? AND placed_at >= ? AND version > 0
		UNION
		SELECT o.id FROM {wp}partner_center_orders f
		JOIN {wp}partner_center_orders o ON o.subscription_id = f.subscription_id AND o.source = f.source
		AND o.placed_at >= f.placed_at AND o.version > 0
		WHERE f.contact_id = ? AND f.placed_at >= ?`, contact, since, contact, since)
	return ids, err
}

// reopenAfter decides other orders once more that the order's own state may move:
// those of its buyer after a form or payment that came late, and the later
// payments of a subscription that it begins or whose decision changed.
func (sv *Service) reopenAfter(ctx context.Context, q db.Queryer, t *reconciliation,
	before lockedOrder) ([]*reconciliation, error) {
	ids := []affiliate.OrderID{}
	var err error
	if before.form.Late {
		if ids, err = ordersSince(ctx, q, t.order.ContactID, t.order.PlacedAt); err != nil {
			return nil, err
		}
	}
	bought, err := boughtSince(ctx, q, t.order, before.Order)
	if err != nil {
		return nil, err
	}
	ids = append(ids, bought...)
	held, err := heldOrders(ctx, q, t.order.ContactID)
	if err != nil {
		return nil, err
	}
	ids = append(ids, held...)
	if s := t.state; s.SubscriptionID != "" && (before.SubscriptionID != s.SubscriptionID || before.Version == 0 ||
		t.decision.ID == 0) {
		s.PlacedAt = t.order.PlacedAt
		later, err := laterPayments(ctx, q, s)
		if err != nil {
			return nil, err
		}
		ids = append(ids, later...)
	}
	ids = slices.DeleteFunc(ids, func(id affiliate.OrderID) bool { return id == t.order.ID })
	if len(ids) == 0 {
		return nil, nil
	}
	if err := persist(ctx, q, t); err != nil {
		return nil, err
	}
	return sv.reopen(ctx, q, ids)
}

// heldOrders are the contact's orders that wait for a proof of their referrer,
// which any form may bring (D41).
func heldOrders(ctx context.Context, q db.Queryer, contact affiliate.ContactID) ([]affiliate.OrderID, error) {
	ids := []affiliate.OrderID{}
	err := q.Select(ctx, &ids, `/* sale.heldOrders */
		SELECT o.id FROM {wp}partner_center_orders o JOIN {wp}partner_center_decisions d ON d.order_id = o.id
		AND d.unproven = 1
		WHERE o.contact_id = ? AND o.version > 0
			AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_decisions n WHERE n.order_id = o.id
			AND n.decision_version > d.decision_version)`, contact)
	return ids, err
}

// ReconsiderHeld re-decides the contact's orders that wait for a proof of their
// referrer: to be called after a form that may have brought one, in its transaction.
func (sv *Service) ReconsiderHeld(ctx context.Context, q db.Queryer, contact affiliate.ContactID) error {
	ids, err := heldOrders(ctx, q, contact)
	if err != nil || len(ids) == 0 {
		return err
	}
	reopened, err := sv.reopen(ctx, q, ids)
	if err != nil {
		return err
	}
	return reconcile(ctx, q, reopened, sv.recordedBy(affiliate.System))
}

// boughtSince are the buyer's orders that were placed after an order was paid,
// when that payment was not known until now, or is taken back: they are not, or
// are, those of a new customer (S148).
func boughtSince(ctx context.Context, q db.Queryer, o, before Order) ([]affiliate.OrderID, error) {
	ids := []affiliate.OrderID{}
	paid := o.PaidAt
	if was := before.PaidAt; paid == nil || was != nil && was.Before(*paid) {
		paid = was
	}
	if o.ContactID == 0 || paid == nil || o.PaidAt != nil && before.PaidAt != nil && o.PaidAt.Equal(*before.PaidAt) {
		return ids, nil
	}
	err := q.Select(ctx, &ids, `/* sale.boughtSince */
		SELECT id FROM {wp}partner_center_orders WHERE contact_id = ? AND placed_at >= ? AND placed_at >= ?
		AND version > 0`, o.ContactID, o.PlacedAt, *paid)
	return ids, err
}

// persist writes down what other orders look for when they are decided, before they are.
func persist(ctx context.Context, q db.Queryer, t *reconciliation) error {
	if err := persistDecision(ctx, q, &t.decision); err != nil {
		return err
	}
	_, err := q.Exec(ctx,
		`/* sale.persist */ UPDATE {wp}partner_center_orders SET subscription_id = NULLIF(?, ''),
		contact_id = ?, paid_at = ? WHERE id = ?`, t.state.SubscriptionID, t.order.ContactID, t.order.PaidAt,
		t.order.ID)
	return err
}

// persistDecision writes a decision down for later payments to see. One that
// follows another order takes away that earlier ones of its order are followed.
func persistDecision(ctx context.Context, q db.Queryer, d *Decision) error {
	if d.ID == 0 && !d.LeadsRenewals && d.DecisionVersion > 1 {
		if err := stopLeading(ctx, q, d.OrderID); err != nil {
			return err
		}
	}
	return saveDecision(ctx, q, d)
}

// reopen decides orders once more and returns those whose credit changed and that
// may still be settled by it.
func (sv *Service) reopen(ctx context.Context, q db.Queryer, ids []affiliate.OrderID) ([]*reconciliation, error) {
	orders, err := lockOrders(ctx, q, ids)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	existing, err := lockCommissionsOf(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(orders, func(a, b Order) int {
		return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ExternalID, b.ExternalID))
	})
	reopened := []*reconciliation{}
	for _, o := range orders {
		t, err := sv.redecide(ctx, q, o, existing[o.ID])
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		if err := persistDecision(ctx, q, &t.decision); err != nil {
			return nil, err
		}
		reopened = append(reopened, t)
	}
	return reopened, nil
}

// lockOrders locks orders by id.
func lockOrders(ctx context.Context, q db.Queryer, ids []affiliate.OrderID) ([]Order, error) {
	orders := []Order{}
	if len(ids) == 0 {
		return orders, nil
	}
	err := db.SelectIn(ctx, q, &orders, `/* sale.lockOrders */
		SELECT `+OrderColumns+
		` FROM {wp}partner_center_orders WHERE id IN (?) AND version > 0 ORDER BY id FOR UPDATE`, ids)
	return orders, err
}

// redecide is nil when the credit stays as it is, or must.
func (sv *Service) redecide(ctx context.Context, q db.Queryer, o Order,
	existing []*ledger.Commission) (*reconciliation, error) {
	old, err := loadDecision(ctx, q, o.ID)
	if err != nil || old.Choice != "" {
		return nil, err
	}
	t := &reconciliation{order: o, existing: existing}
	if t.state, err = loadState(ctx, q, o); err != nil {
		return nil, err
	}
	t.state.PlacedAt = o.PlacedAt
	applied, err := sv.recallOrderForm(ctx, q, t.state)
	if err != nil {
		return nil, err
	}
	u := undecided{order: o.ID, state: t.state, applied: applied, version: old.DecisionVersion + 1,
		at: sv.recordedBy(affiliate.System)}
	t.decision, err = u.decide(ctx, q)
	same := t.decision.sameCredit(old)
	held := t.decision.Unproven != old.Unproven // a hold begins, or ends
	switch {
	case err != nil || same && !held && t.decision.FollowsID == old.FollowsID &&
		t.decision.LeadsRenewals == old.LeadsRenewals:
		return nil, err
	case !old.open(existing) && same:
		return nil, nil
	case !old.open(existing):
		return nil, setReview(ctx, q, o.ID, reason.ReviewLateFact)
	}
	t.lines, err = loadLines(ctx, q, o.ID)
	return t, err
}

// open tells whether no person has acted yet on what the decision earned.
func (d Decision) open(existing []*ledger.Commission) bool {
	return !slices.ContainsFunc(existing, func(c *ledger.Commission) bool {
		return c.DecisionVersion == d.DecisionVersion && c.Stage != ledger.Pending
	})
}

// lockCommissionsOf locks all commissions of orders, which are locked, by id.
func lockCommissionsOf(ctx context.Context, q db.Queryer, orders []Order) (map[affiliate.OrderID][]*ledger.Commission,
	error) {
	ids := []affiliate.OrderID{}
	for _, o := range orders {
		ids = append(ids, o.ID)
	}
	locked, err := ledger.LockCommissionsOf(ctx, q, ids)
	existing := map[affiliate.OrderID][]*ledger.Commission{}
	for _, c := range locked {
		existing[c.OrderID] = append(existing[c.OrderID], c)
	}
	return existing, err
}
