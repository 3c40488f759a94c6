package sale

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

const OrderColumns = `id, source, external_id, number, version, status, currency, total, contact_id,
	COALESCE(subscription_id, '') AS subscription_id, placed_at, paid_at, note, review`

// lockedOrder is an order that is locked until the end of the transaction.
type lockedOrder struct {
	Order
	form tracking.Effect // of its form, where that was applied just now
	at   ledger.Recording
}

// lockOrder locks the order of a state; a new one is made with version 0. The
// contact of an order is locked before it, as everywhere: so its form is applied
// first (S66) where that is not done yet.
func (sv *Service) lockOrder(ctx context.Context, q db.Queryer, s OrderState,
	actor affiliate.Actor) (lockedOrder, error) {
	o := lockedOrder{at: sv.recordedBy(actor)}
	known, err := findOrder(ctx, q, s, "")
	isNew := db.NoRows(err)
	if err != nil && !isNew {
		return o, err
	}
	if known.ContactID != 0 {
		err = lockContact(ctx, q, known.ContactID)
	} else if isNew || known.Version < s.Version {
		if known.Version > 0 {
			s.PlacedAt = known.PlacedAt
		}
		o.form, err = sv.applyOrderForm(ctx, q, s)
	}
	if err != nil {
		return o, err
	}
	if isNew {
		if o.Order, err = insertOrder(ctx, q, s, o.at); !db.Duplicate(err) {
			return o, err
		} // another was faster
	}
	o.Order, err = findOrder(ctx, q, s, " FOR UPDATE")
	return o, err
}

func lockContact(ctx context.Context, q db.Queryer, id affiliate.ContactID) error {
	locked := []affiliate.ContactID{} // none, where it was removed altogether
	return q.Select(ctx, &locked, `/* sale.lockContact */
		SELECT id FROM {wp}partner_center_contacts WHERE id = ? FOR UPDATE`, id)
}

// insertOrder makes the order with version 0, of which it returns what no state
// changes.
func insertOrder(ctx context.Context, q db.Queryer, s OrderState, at ledger.Recording) (Order, error) {
	o := Order{Source: s.Source, ExternalID: s.ExternalID, SubscriptionID: s.SubscriptionID, PlacedAt: s.PlacedAt}
	res, err := q.Exec(ctx, `/* sale.insertOrder */
		INSERT INTO {wp}partner_center_orders (source, external_id, number, version, status, currency, total,
		subscription_id, placed_at, day, created_at, updated_at)
		VALUES (?, ?, ?, 0, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?)`,
		s.Source, s.ExternalID, s.number(), s.Status, s.Currency, s.Total, s.SubscriptionID, s.PlacedAt,
		affiliate.DayOf(s.PlacedAt, at.Zone), at.Recorded, at.Recorded)
	if err != nil {
		return o, err
	}
	id, err := res.LastInsertId()
	o.ID = affiliate.OrderID(id)
	return o, err
}

// findOrder is the order of a state; lock is the end of the query.
func findOrder(ctx context.Context, q db.Queryer, s OrderState, lock string) (Order, error) {
	var o Order
	err := q.Get(ctx, &o, `/* sale.findOrder */
		SELECT `+OrderColumns+` FROM {wp}partner_center_orders WHERE source = ? AND external_id = ?`+lock, s.Source,
		s.ExternalID)
	return o, err
}

func saveOrder(ctx context.Context, q db.Queryer, o Order, visit affiliate.VisitID, at time.Time) error {
	_, err := q.Exec(ctx, `/* sale.saveOrder */
		UPDATE {wp}partner_center_orders SET number = ?, version = ?, status = ?, currency = ?,
		total = ?, contact_id = ?,
			subscription_id = NULLIF(?, ''), paid_at = ?, visit_id = COALESCE(?, visit_id), note = ?,
			review = ?, updated_at = ?
		WHERE id = ?`,
		o.Number, o.Version, o.Status, o.Currency, o.Total, o.ContactID,
		o.SubscriptionID, o.PaidAt, visit, o.Note, o.Review, at, o.ID)
	return err
}

func setReview(ctx context.Context, q db.Queryer, id affiliate.OrderID, why reason.Code) error {
	_, err := q.Exec(ctx, `/* sale.setReview */ UPDATE {wp}partner_center_orders SET review = ? WHERE id = ?`, why, id)
	return err
}

const LineColumns = `id, line, product_id, name, quantity, base, refunded, spread,
	net, net_refunded, discount, discount_refunded, tax, tax_refunded, shipping, shipping_refunded`

func loadLines(ctx context.Context, q db.Queryer, id affiliate.OrderID) ([]Line, error) {
	lines := []Line{}
	err := q.Select(ctx, &lines, `/* sale.loadLines */
		SELECT `+LineColumns+` FROM {wp}partner_center_order_lines WHERE order_id = ? ORDER BY id`, id)
	return lines, err
}

// saveLines makes the order's lines those of the state. A line that is gone
// stays with nothing left to earn on, because commissions hang on it. Bases are
// those without tax and shipping, until the order's decision is known.
func saveLines(ctx context.Context, q db.Queryer, o Order, s OrderState) ([]Line, error) {
	products, err := productIDs(ctx, q, s)
	if err != nil {
		return nil, err
	}
	if o.Version > 0 {
		if _, err := q.Exec(ctx, `/* sale.saveLines */
			UPDATE {wp}partner_center_order_lines SET quantity = 0, base = 0, refunded = 0, spread = 0,
			net = 0, net_refunded = 0, discount = 0,
				discount_refunded = 0, tax = 0, tax_refunded = 0, shipping = 0, shipping_refunded = 0
				WHERE order_id = ?`, o.ID); err != nil {
			return nil, err
		}
	}
	lines, err := s.LineParts()
	if err != nil {
		return nil, err
	}
	rows := [][]any{}
	for i, l := range s.Lines {
		p := lines[i].Parts
		rows = append(rows, []any{o.ID, l.Line, products[l.Product], affiliate.Cut(l.Name, 190), l.Quantity, p.Net,
			p.NetRefunded, lines[i].Spread,
			p.Net, p.NetRefunded, p.Discount, p.DiscountRefunded, p.Tax, p.TaxRefunded, p.Shipping, p.ShippingRefunded})
	}
	for part := range slices.Chunk(rows, db.RowsAtOnce) {
		err := db.Insert(ctx, q, `/* sale.saveLines */ INSERT INTO {wp}partner_center_order_lines
			(order_id, line, product_id, name, quantity, base, refunded, spread,
			net, net_refunded, discount, discount_refunded, tax, tax_refunded, shipping, shipping_refunded) VALUES `,
			part, ` ON DUPLICATE KEY UPDATE
			product_id = VALUES(product_id), name = VALUES(name), quantity = VALUES(quantity), base = VALUES(base),
			refunded = VALUES(refunded), spread = VALUES(spread),
			net = VALUES(net), net_refunded = VALUES(net_refunded), discount = VALUES(discount),
			discount_refunded = VALUES(discount_refunded), tax = VALUES(tax), tax_refunded = VALUES(tax_refunded),
			shipping = VALUES(shipping), shipping_refunded = VALUES(shipping_refunded)`)
		if err != nil {
			return nil, err
		}
	}
	return loadLines(ctx, q, o.ID)
}

// productIDs are our ids of the products that the state names; products that
// are not known here are excluded.
func productIDs(ctx context.Context, q db.Queryer, s OrderState) (map[ProductRef]affiliate.ProductID, error) {
	ids := map[ProductRef]affiliate.ProductID{}
	names := []string{}
	for _, l := range s.Lines {
		if l.Product.ID != 0 {
			ids[l.Product] = l.Product.ID
		} else if l.Product.ExternalID != "" {
			names = append(names, l.Product.ExternalID)
		}
	}
	known, err := affiliate.ProductsOf(ctx, q, s.Source, names)
	for name, p := range known {
		ids[ProductRef{ExternalID: name}] = p.ID
	}
	return ids, err
}

const DecisionColumns = `id, order_id, decision_version, reason, via, partner_id, recruiter_id,
	program_id, membership_id,
	tool_id, subid, page, settings_version, decided_at, actor, trace, locked_terms, leads_renewals, follows_id, choice,
	policy_version, auto, hold_days, flat_per, base, unproven`

// loadDecision is the order's decision in force, of its latest decision.
func loadDecision(ctx context.Context, q db.Queryer, id affiliate.OrderID) (Decision, error) {
	var d Decision
	err := q.Get(ctx, &d, `/* sale.loadDecision */
		SELECT `+DecisionColumns+
		` FROM {wp}partner_center_decisions WHERE order_id = ? ORDER BY decision_version DESC LIMIT 1`, id)
	return d, err
}

// saveDecision writes a new decision, or the renewed trace of a known one: who
// is credited never changes within a decision (D16).
func saveDecision(ctx context.Context, q db.Queryer, d *Decision) error {
	if d.ID != 0 {
		_, err := q.Exec(ctx,
			`/* sale.saveDecision */ UPDATE {wp}partner_center_decisions SET trace = ?, locked_terms = ? WHERE id = ?`,
			d.Trace, d.LockedTerms, d.ID)
		return err
	}
	res, err := q.Exec(ctx, `/* sale.saveDecision */
		INSERT INTO {wp}partner_center_decisions (order_id, decision_version, reason, via, partner_id, recruiter_id,
		program_id, membership_id,
			tool_id, subid, page, settings_version, decided_at, actor, trace, locked_terms, leads_renewals, follows_id,
			choice, policy_version, auto, hold_days, flat_per, base, unproven)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.OrderID, d.DecisionVersion, d.Reason, d.Via, d.PartnerID, d.RecruiterID, d.ProgramID, d.MembershipID,
		d.ToolID, d.SubID, d.Page, d.SettingsVersion, d.DecidedAt, d.Actor, d.Trace, d.LockedTerms, d.LeadsRenewals,
		d.FollowsID, d.Choice, d.PolicyVersion, d.Auto, d.HoldDays, d.FlatPer, d.Base, d.Unproven)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	d.ID = affiliate.ID[Decision](id)
	if err != nil {
		return err
	}
	return affiliate.OrdersChanged(ctx, q, d.OrderID) // what earned nothing is the sale of whom it credits
}

// Find is our id of an order of a source; Missing when it is not known here.
func (sv *Service) Find(ctx context.Context, source, externalID string) (id affiliate.OrderID, err error) {
	err = sv.db.Get(ctx, &id, `/* sale.Find */
		SELECT id FROM {wp}partner_center_orders WHERE source = ? AND external_id = ? AND version > 0`, source,
		externalID)
	if db.NoRows(err) {
		err = affiliate.Missing("This order is not known yet.")
	}
	return id, err
}

// OrderView is an order with all that hangs on it.
type OrderView struct {
	Order       Order
	Lines       []Line
	Decisions   []Decision // by decision; the last one is in force
	Commissions []ledger.Commission
}
