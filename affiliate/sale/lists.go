package sale

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// OrdersOf are the orders of a contact with all that hangs on them, the latest
// placed first.
func (sv *Service) OrdersOf(ctx context.Context, contact affiliate.ContactID,
	page affiliate.Page) (views []OrderView, err error) {
	err = sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		orders := []Order{}
		err := tx.Select(ctx, &orders, `/* sale.OrdersOf */ SELECT `+OrderColumns+`
			FROM {wp}partner_center_orders WHERE contact_id = ? ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?`,
			contact, page.Limit, page.Offset)
		if err == nil {
			views, err = loadViews(ctx, tx, orders)
		}
		return err
	})
	return views, err
}

// Reviews are the orders that a person must look at, the latest first.
func (sv *Service) Reviews(ctx context.Context, page affiliate.Page) ([]Order, error) {
	orders := []Order{}
	err := sv.db.Select(ctx, &orders, `/* sale.Reviews */
		SELECT `+OrderColumns+` FROM {wp}partner_center_orders WHERE review > '' ORDER BY id DESC LIMIT ? OFFSET ?`,
		page.Limit, page.Offset)
	return orders, err
}

// ReviewCount is how many orders a person must look at.
func (sv *Service) ReviewCount(ctx context.Context) (n int64, err error) {
	err = sv.db.Get(ctx, &n, `/* sale.ReviewCount */ SELECT COUNT(*) FROM {wp}partner_center_orders
		WHERE review > ''`)
	return n, err
}

// LastOrder is when the latest order came, the zero time without one.
func (sv *Service) LastOrder(ctx context.Context) (at time.Time, err error) {
	err = sv.db.Get(ctx, &at, `/* sale.LastOrder */ SELECT created_at FROM {wp}partner_center_orders
		ORDER BY id DESC LIMIT 1`)
	if db.NoRows(err) {
		return at, nil
	}
	return at, err
}

// Reviewed notes that a person has looked at an order: it needs no more review
// until something new happens to it. Doing so twice changes nothing.
func (sv *Service) Reviewed(ctx context.Context, actor affiliate.Actor, id affiliate.OrderID) error {
	return sv.db.Tx(ctx, func(tx *db.Tx) error {
		var why reason.Code
		err := tx.Get(ctx, &why,
			`/* sale.Reviewed */ SELECT review FROM {wp}partner_center_orders WHERE id = ? FOR UPDATE`, id)
		if err != nil || why == "" {
			return affiliate.MissingRow(err, "order")
		}
		if err := setReview(ctx, tx, id, ""); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, sv.now(), affiliate.AuditEntry{Actor: actor, Action: "review", Object: "order",
			ObjectID: int64(id), Before: why})
	})
}

// Order is one order with its decisions and commissions; Missing when there is none.
func (sv *Service) Order(ctx context.Context, id affiliate.OrderID) (OrderView, error) {
	var v OrderView
	err := sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		var o Order
		err := tx.Get(ctx, &o, `/* sale.Order */ SELECT `+OrderColumns+` FROM {wp}partner_center_orders WHERE id = ?`,
			id)
		if err != nil {
			return affiliate.MissingRow(err, "order")
		}
		views, err := loadViews(ctx, tx, []Order{o})
		if err == nil {
			v = views[0]
		}
		return err
	})
	return v, err
}

// Numbers are what people call orders.
func (sv *Service) Numbers(ctx context.Context, ids []affiliate.OrderID) (map[affiliate.OrderID]string, error) {
	rows, numbers := []struct {
		ID     affiliate.OrderID `db:"id"`
		Number string            `db:"number"`
	}{}, map[affiliate.OrderID]string{}
	if len(ids) == 0 {
		return numbers, nil
	}
	err := db.SelectIn(ctx, sv.db, &rows, `/* sale.Numbers */
		SELECT id, number FROM {wp}partner_center_orders WHERE id IN (?)`, ids)
	for _, row := range rows {
		numbers[row.ID] = row.Number
	}
	return numbers, err
}

// StateRecord is a state of an order as it came.
type StateRecord struct {
	OrderState
	Received time.Time
	Outcome  Outcome
}

// States are the latest states of an order, in the order of their versions; at
// most so many. Persons stay out.
func (sv *Service) States(ctx context.Context, id affiliate.OrderID, most int) ([]StateRecord, error) {
	rows := []struct {
		Received time.Time `db:"received_at"`
		Outcome  Outcome   `db:"outcome"`
		Payload  []byte    `db:"payload"`
	}{}
	err := sv.db.Select(ctx, &rows, `/* sale.States */ SELECT received_at, outcome, payload
		FROM {wp}partner_center_order_states WHERE order_id = ? ORDER BY version DESC LIMIT ?`, id, most)
	states := []StateRecord{}
	for _, row := range slices.Backward(rows) {
		s := StateRecord{Received: row.Received, Outcome: row.Outcome}
		if err := json.Unmarshal(row.Payload, &s.OrderState); err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	return states, err
}

// loadViews reads what hangs on orders, of all of them at once.
func loadViews(ctx context.Context, q db.Queryer, orders []Order) ([]OrderView, error) {
	views, at, ids := make([]OrderView, len(orders)), map[affiliate.OrderID]*OrderView{}, []affiliate.OrderID{}
	for i, o := range orders {
		views[i].Order = o
		at[o.ID] = &views[i]
		ids = append(ids, o.ID)
	}
	if len(ids) == 0 {
		return views, nil
	}
	lines := []struct {
		OrderID affiliate.OrderID `db:"order_id"`
		Line
	}{}
	if err := db.SelectIn(ctx, q, &lines, `/* sale.loadViews */
		SELECT order_id, `+LineColumns+` FROM {wp}partner_center_order_lines WHERE order_id IN (?) ORDER BY id`,
		ids); err != nil {
		return nil, err
	}
	for _, l := range lines {
		at[l.OrderID].Lines = append(at[l.OrderID].Lines, l.Line)
	}
	decisions := []Decision{}
	if err := db.SelectIn(ctx, q, &decisions, `/* sale.loadViews */ SELECT `+DecisionColumns+`
		FROM {wp}partner_center_decisions WHERE order_id IN (?) ORDER BY order_id, decision_version`, ids); err != nil {
		return nil, err
	}
	for _, d := range decisions {
		at[d.OrderID].Decisions = append(at[d.OrderID].Decisions, d)
	}
	commissions, err := ledger.CommissionsOfOrders(ctx, q, ids)
	for _, c := range commissions {
		at[c.OrderID].Commissions = append(at[c.OrderID].Commissions, c)
	}
	return views, err
}
