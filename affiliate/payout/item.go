package payout

import (
	"context"
	"errors"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// item is something that a payout line pays, and how much of it: a commission
// or a manual entry. Clawbacks are negative.
type item struct {
	commission *ledger.Commission
	manual     *ledger.Manual
	amount     money.Amount
}

func (i item) occurred() time.Time {
	if i.manual != nil {
		return i.manual.OccurredAt
	}
	return i.commission.OccurredAt
}

// upTo are the items of sales before the cut-off and what they sum to.
// Clawbacks are taken whenever they came, so that nobody is paid what he
// already owes back (D20).
func upTo(items []item, cutOff *time.Time) ([]item, money.Amount, error) {
	taken := []item{}
	for _, i := range items {
		if cutOff == nil || i.amount.Sign() < 0 || i.occurred().Before(*cutOff) {
			taken = append(taken, i)
		}
	}
	sum, err := sumItems(taken)
	return taken, sum, err
}

func sumItems(items []item) (money.Amount, error) {
	amounts := make([]money.Amount, len(items))
	for i := range items {
		amounts[i] = items[i].amount
	}
	return money.Sum(amounts...)
}

var errMoving = affiliate.Conflict("Commissions of this partner are changing at the moment. Nothing was paid: please try again.")

// settling runs fn in a transaction, and again when a partner's commissions
// changed between being found and being locked.
func (sv *Service) settling(ctx context.Context, fn func(tx *db.Tx) error) error {
	var err error
	for range 5 {
		if err = sv.db.Tx(ctx, fn); !errors.Is(err, errMoving) {
			return err
		}
	}
	return err
}

// lockDue locks every open payable entry of the partner, clawbacks included
// (D20), and their sum, the balance.
func lockDue(ctx context.Context, q db.Queryer, partner affiliate.PartnerID,
	cur money.Currency) ([]item, money.Amount, error) {
	var none money.Amount
	// Found without locks, then locked by id: the index's own order would clash
	// with that of approvals.
	commissions, manuals := []ledger.CommissionID{}, []ledger.ManualID{}
	err := q.Select(ctx, &commissions, `/* payout.lockDue */
		SELECT id FROM {wp}partner_center_commissions WHERE partner_id = ? AND currency = ? AND (payable < 0 OR payable > 0)`, partner, cur)
	if err != nil {
		return nil, none, err
	}
	err = q.Select(ctx, &manuals, `/* payout.lockDue */
		SELECT id FROM {wp}partner_center_manuals WHERE partner_id = ? AND currency = ? AND (payable < 0 OR payable > 0)`, partner, cur)
	if err != nil {
		return nil, none, err
	}
	items, err := lockItems(ctx, q, commissions, manuals)
	if err != nil {
		return nil, none, err
	}
	items = slices.DeleteFunc(items, func(i item) bool { return i.amount.IsZero() })
	sum, err := sumItems(items)
	if err != nil {
		return nil, none, err
	}
	balance, err := ledger.LoadBalance(ctx, q, partner, cur, true)
	if err == nil && balance.Payable != sum { // something was approved or refunded since it was found
		err = errMoving
	}
	return items, sum, err
}

// lockItems locks commissions and manual entries, each by id; the amounts are
// what of them is payable.
func lockItems(ctx context.Context, q db.Queryer, commissions []ledger.CommissionID,
	manuals []ledger.ManualID) ([]item, error) {
	items := []item{}
	slices.Sort(commissions)
	for part := range slices.Chunk(commissions, db.RowsAtOnce) {
		locked, err := ledger.LockCommissions(ctx, q, part)
		if err != nil {
			return nil, err
		}
		for _, c := range locked {
			items = append(items, item{commission: c, amount: c.Payable})
		}
	}
	slices.Sort(manuals)
	for part := range slices.Chunk(manuals, db.RowsAtOnce) {
		locked, err := ledger.LockManuals(ctx, q, part)
		if err != nil {
			return nil, err
		}
		for _, m := range locked {
			items = append(items, item{manual: m, amount: m.Payable})
		}
	}
	return items, nil
}

// payoutItem is what a line takes of a commission or manual entry; the other id is 0.
type payoutItem struct {
	CommissionID ledger.CommissionID `db:"commission_id"`
	ManualID     ledger.ManualID     `db:"manual_id"`
	Amount       money.Amount        `db:"amount"`
}

// lockItemsOf locks what a line pays, with the amounts that it pays.
func lockItemsOf(ctx context.Context, q db.Queryer, line affiliate.PayoutLineID) ([]item, error) {
	rows := []payoutItem{}
	err := q.Select(ctx, &rows, `/* payout.lockItemsOf */
		SELECT commission_id, manual_id, amount FROM {wp}partner_center_payout_items WHERE line_id = ?`, line)
	if err != nil {
		return nil, err
	}
	commissions, manuals := []ledger.CommissionID{}, []ledger.ManualID{}
	amounts := map[payoutItem]money.Amount{}
	for _, r := range rows {
		if r.ManualID != 0 {
			manuals = append(manuals, r.ManualID)
		} else {
			commissions = append(commissions, r.CommissionID)
		}
		amounts[payoutItem{CommissionID: r.CommissionID, ManualID: r.ManualID}] = r.Amount
	}
	items, err := lockItems(ctx, q, commissions, manuals)
	for i := range items {
		items[i].amount = amounts[items[i].key()]
	}
	return items, err
}

// key names the item.
func (i item) key() payoutItem {
	if i.manual != nil {
		return payoutItem{ManualID: i.manual.ID}
	}
	return payoutItem{CommissionID: i.commission.ID}
}

// saveItems makes the items of a line these.
func saveItems(ctx context.Context, q db.Queryer, line affiliate.PayoutLineID, items []item) error {
	rows := [][]any{}
	for _, i := range items {
		key := i.key()
		rows = append(rows, []any{line, int64(key.CommissionID), int64(key.ManualID), i.amount})
	}
	return replaceItems(ctx, q, line, rows)
}

func replaceItems(ctx context.Context, q db.Queryer, line affiliate.PayoutLineID, rows [][]any) error {
	if _, err := q.Exec(ctx, `/* payout.replaceItems */ DELETE FROM {wp}partner_center_payout_items WHERE line_id = ?`,
		line); err != nil {
		return err
	}
	for part := range slices.Chunk(rows, db.RowsAtOnce) {
		err := db.Insert(ctx, q, `/* payout.replaceItems */ INSERT INTO {wp}partner_center_payout_items (line_id, commission_id, manual_id, amount) VALUES `, part, "")
		if err != nil {
			return err
		}
	}
	return nil
}

// fixBases notes what is left of the sales that go into a payout for the first
// time, or again after it came back: what refunds take later are refunds after
// payment (S40, S41).
func fixBases(ctx context.Context, q db.Queryer, items []item) error {
	fresh := map[ledger.CommissionID]*ledger.Commission{}
	ids := []ledger.CommissionID{}
	for _, i := range items {
		if i.commission != nil && i.commission.Stage == ledger.Approved {
			fresh[i.commission.ID] = i.commission
			ids = append(ids, i.commission.ID)
		}
	}
	for part := range slices.Chunk(ids, db.RowsAtOnce) {
		bases := []struct {
			ID   ledger.CommissionID `db:"id"`
			Left money.Amount        `db:"base_left"`
		}{}
		err := db.SelectIn(ctx, q, &bases, `/* payout.fixBases */ SELECT c.id, GREATEST(l.base - l.refunded, 0) AS base_left
			FROM {wp}partner_center_commissions c JOIN {wp}partner_center_order_lines l ON l.id = c.line_id WHERE c.id IN (?)`, part)
		if err != nil {
			return err
		}
		for _, b := range bases {
			fresh[b.ID].PaidBase = &b.Left
		}
	}
	return nil
}
