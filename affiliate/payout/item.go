package payout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// item is something that a payout line pays, and how much of it: a commission
// or a manual entry, locked. Clawbacks are negative.
type item struct {
	commission *ledger.Commission
	manual     *ledger.Manual
	amount     money.Amount
}

// itemRow is what a line pays of a commission or manual entry; the other id is 0.
type itemRow struct {
	CommissionID ledger.CommissionID `db:"commission_id"`
	ManualID     ledger.ManualID     `db:"manual_id"`
	Amount       money.Amount        `db:"amount"`
}

// compare orders items as itemsOf does.
func (r itemRow) compare(other itemRow) int {
	return cmp.Or(cmp.Compare(r.CommissionID, other.CommissionID), cmp.Compare(r.ManualID, other.ManualID))
}

// row is the item as it is stored.
func (i item) row() itemRow {
	if i.manual != nil {
		return itemRow{ManualID: i.manual.ID, Amount: i.amount}
	}
	return itemRow{CommissionID: i.commission.ID, Amount: i.amount}
}

func (i item) partner() affiliate.PartnerID {
	if i.manual != nil {
		return i.manual.PartnerID
	}
	return i.commission.PartnerID
}

func (i item) occurred() time.Time {
	if i.manual != nil {
		return i.manual.OccurredAt
	}
	return i.commission.OccurredAt
}

// upTo are the items of sales before the cut-off and what they sum to.
// Clawbacks are taken whenever they came, so that nobody is paid what they
// already owe back (D20).
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

var errMoving = affiliate.Conflict(
	"This partner's commissions are changing right now. Nothing was paid. Please try again.")

// untilStill runs fn in a transaction, and again when a partner's commissions
// changed between being found and being locked.
func (sv *Service) untilStill(ctx context.Context, fn func(tx *db.Tx) error) error {
	var err error
	for range 5 {
		if err = sv.db.Tx(ctx, fn); !errors.Is(err, errMoving) {
			return err
		}
	}
	return err
}

// lockDue locks every open payable entry of the partners in a currency,
// clawbacks included (D20), and their sums, the balances.
func lockDue(ctx context.Context, q db.Queryer, cur money.Currency,
	partners ...affiliate.PartnerID) (map[affiliate.PartnerID][]item, error) {
	// Found without locks, then locked by id: the index's own order would clash
	// with that of approvals.
	commissions, manuals := []ledger.CommissionID{}, []ledger.ManualID{}
	err := selectFor(ctx, q, &commissions, `/* payout.lockDue */ SELECT id FROM {wp}partner_center_commissions
		WHERE partner_id IN (?) AND currency = ? AND (payable < 0 OR payable > 0)`, partners, cur)
	if err != nil {
		return nil, err
	}
	err = selectFor(ctx, q, &manuals, `/* payout.lockDue */ SELECT id FROM {wp}partner_center_manuals
		WHERE partner_id IN (?) AND currency = ? AND (payable < 0 OR payable > 0)`, partners, cur)
	if err != nil {
		return nil, err
	}
	items, err := lockItems(ctx, q, commissions, manuals)
	if err != nil {
		return nil, err
	}
	due := map[affiliate.PartnerID][]item{}
	for _, i := range items {
		if !i.amount.IsZero() {
			due[i.partner()] = append(due[i.partner()], i)
		}
	}
	balances, err := ledger.LockBalances(ctx, q, cur, partners...)
	if err != nil {
		return nil, err
	}
	for _, id := range partners {
		sum, err := sumItems(due[id])
		if err != nil {
			return nil, err
		}
		if balances[id].Payable != sum { // something was approved or refunded since it was found
			return nil, errMoving
		}
	}
	return due, nil
}

// selectFor is Select of a query that names partners and a currency.
func selectFor(ctx context.Context, q db.Queryer, dest any, query string, partners []affiliate.PartnerID,
	cur money.Currency) error {
	query, args, err := db.In(query, partners, cur)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
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

// itemsOf are the items of lines as they are stored, without locks.
func itemsOf(ctx context.Context, q db.Queryer, lines []PayoutLine) (map[affiliate.PayoutLineID][]itemRow, error) {
	rows := []struct {
		LineID affiliate.PayoutLineID `db:"line_id"`
		itemRow
	}{}
	err := db.SelectIn(ctx, q, &rows, `/* payout.itemsOf */
		SELECT line_id, commission_id, manual_id, amount FROM {wp}partner_center_payout_items
		WHERE line_id IN (?) ORDER BY line_id, commission_id, manual_id`, idsOf(lines))
	items := map[affiliate.PayoutLineID][]itemRow{}
	for _, r := range rows {
		items[r.LineID] = append(items[r.LineID], r.itemRow)
	}
	return items, err
}

// lockItemsOf locks what lines pay, with the amounts that they pay.
func lockItemsOf(ctx context.Context, q db.Queryer, lines []PayoutLine) ([]funded, error) {
	rows, err := itemsOf(ctx, q, lines)
	if err != nil {
		return nil, err
	}
	commissions, manuals := []ledger.CommissionID{}, []ledger.ManualID{}
	for _, l := range lines {
		for _, r := range rows[l.ID] {
			if r.ManualID != 0 {
				manuals = append(manuals, r.ManualID)
			} else {
				commissions = append(commissions, r.CommissionID)
			}
		}
	}
	locked, err := lockItems(ctx, q, commissions, manuals)
	if err != nil {
		return nil, err
	}
	byID := map[itemRow]item{}
	for _, i := range locked {
		r := i.row()
		byID[itemRow{CommissionID: r.CommissionID, ManualID: r.ManualID}] = i
	}
	all := []funded{}
	for _, l := range lines {
		f := funded{PayoutLine: l}
		for _, r := range rows[l.ID] {
			i, ok := byID[itemRow{CommissionID: r.CommissionID, ManualID: r.ManualID}]
			if !ok {
				return nil,
					fmt.Errorf("payment %s pays commission %s or manual entry %s, which is not there: run verify",
						l.ID, r.CommissionID, r.ManualID)
			}
			i.amount = r.Amount
			f.items = append(f.items, i)
		}
		all = append(all, f)
	}
	return all, nil
}

// saveItems makes the items of lines these. Lines that pay what they paid before
// are left alone: most do when a draft is looked at again.
func saveItems(ctx context.Context, q db.Queryer, lines []PayoutLine,
	wanted map[affiliate.PayoutLineID][]itemRow) error {
	stored, err := itemsOf(ctx, q, lines)
	if err != nil {
		return err
	}
	gone, rows := []affiliate.PayoutLineID{}, [][]any{}
	for _, l := range lines {
		slices.SortFunc(wanted[l.ID], itemRow.compare)
		if slices.Equal(wanted[l.ID], stored[l.ID]) {
			continue
		}
		if len(stored[l.ID]) > 0 {
			gone = append(gone, l.ID)
		}
		for _, r := range wanted[l.ID] {
			rows = append(rows, []any{l.ID, int64(r.CommissionID), int64(r.ManualID), r.Amount})
		}
	}
	if len(gone) > 0 {
		query, args, err := db.In(`/* payout.saveItems */
			DELETE FROM {wp}partner_center_payout_items WHERE line_id IN (?)`, gone)
		if err != nil {
			return err
		}
		if _, err := q.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(rows, db.RowsAtOnce) {
		err := db.Insert(ctx, q, `/* payout.saveItems */ INSERT INTO {wp}partner_center_payout_items
			(line_id, commission_id, manual_id, amount) VALUES `, part, "")
		if err != nil {
			return err
		}
	}
	return nil
}
