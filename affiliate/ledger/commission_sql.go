package ledger

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const CommissionColumns = `id, order_id, line_id, level, decision_version, sequence, partner_id, program_id, product_id,
	tool_id, subid, currency, base, amount, status, reason, occurred_at, day, journals, updated_at,
	stage, granted, granted_base, pending, payable, in_payout, paid, clawback, paid_base, not_before, approve_at`

// row is the commission in the order of commissionColumns.
func (c *Commission) row() []any {
	return []any{c.ID, c.OrderID, c.LineID, c.Level, c.DecisionVersion, c.Sequence, c.PartnerID, c.ProgramID,
		c.ProductID,
		c.ToolID, c.SubID, c.Currency, c.Base, c.Amount, c.Status, c.Reason, c.OccurredAt, c.Day, c.Journals,
		c.UpdatedAt, c.Stage, c.Granted, c.GrantedBase, c.Pending, c.Payable, c.InPayout, c.Book.Paid, c.Clawback,
		c.PaidBase, c.NotBefore, c.ApproveAt}
}

// SaveCommissions inserts the new ones, which get their ids, and updates the others.
func SaveCommissions(ctx context.Context, q db.Queryer, commissions []*Commission) error {
	created, known := []*Commission{}, []*Commission{}
	for _, c := range commissions {
		if c.ID == 0 {
			created = append(created, c)
		} else {
			known = append(known, c)
		}
	}
	// An unexpected clash on the unique key of a new one must be an error,
	// never an update: so these are two statements.
	for part := range slices.Chunk(created, db.RowsAtOnce) {
		if err := db.Insert(ctx, q, insertCommissions, rowsOf(part), ""); err != nil {
			return err
		}
		if err := commissionIDs(ctx, q, part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(known, db.RowsAtOnce) {
		if err := db.Insert(ctx, q, insertCommissions, rowsOf(part), ` ON DUPLICATE KEY UPDATE
			decision_version = VALUES(decision_version), program_id = VALUES(program_id),
			product_id = VALUES(product_id), tool_id = VALUES(tool_id), subid = VALUES(subid),
			base = VALUES(base), granted_base = VALUES(granted_base), amount = VALUES(amount), status = VALUES(status),
			reason = VALUES(reason), journals = VALUES(journals), updated_at = VALUES(updated_at),
			stage = VALUES(stage), granted = VALUES(granted), pending = VALUES(pending), payable = VALUES(payable),
			in_payout = VALUES(in_payout), paid = VALUES(paid), clawback = VALUES(clawback),
			paid_base = VALUES(paid_base), approve_at = VALUES(approve_at)`); err != nil {
			return err
		}
	}
	return nil
}

const insertCommissions = `/* ledger.saveCommissions */ INSERT INTO {wp}partner_center_commissions (` +
	CommissionColumns + `) VALUES `

func rowsOf(commissions []*Commission) [][]any {
	rows := [][]any{}
	for _, c := range commissions {
		rows = append(rows, c.row())
	}
	return rows
}

// commissionIDs fills in the ids of new commissions.
func commissionIDs(ctx context.Context, q db.Queryer, created []*Commission) error {
	type key struct {
		Line            affiliate.LineID `db:"line_id"`
		Level           int              `db:"level"`
		DecisionVersion int              `db:"decision_version"`
		Sequence        int              `db:"sequence"`
	}
	written := []struct {
		key
		ID CommissionID `db:"id"`
	}{}
	orders := []affiliate.OrderID{}
	for _, c := range created {
		orders = append(orders, c.OrderID)
	}
	slices.Sort(orders)
	err := db.SelectIn(ctx, q, &written, `/* ledger.commissionIDs */
		SELECT line_id, level, decision_version, sequence, id FROM {wp}partner_center_commissions
		WHERE order_id IN (?)`, slices.Compact(orders))
	ids := map[key]CommissionID{}
	for _, w := range written {
		ids[w.key] = w.ID
	}
	for _, c := range created {
		c.ID = ids[key{c.LineID, c.Level, c.DecisionVersion, c.Sequence}]
		if err == nil && c.ID == 0 {
			err = fmt.Errorf("a commission of order %s was written, but is not there", c.OrderID)
		}
	}
	return err
}

// lockCommissionsWhere reads commissions and locks them, by id, until the end of
// the transaction. where must find rows by an index.
func lockCommissionsWhere(ctx context.Context, q db.Queryer, where string, arg any) ([]*Commission, error) {
	commissions := []*Commission{}
	err := db.SelectIn(ctx, q, &commissions, `/* ledger.lockCommissions */
		SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE `+where+` ORDER BY id FOR UPDATE`, arg)
	return commissions, err
}

// Commission is one commission; Missing when there is none.
func (l *Ledger) Commission(ctx context.Context, id CommissionID) (Commission, error) {
	var c Commission
	err := l.db.Get(ctx, &c, `/* ledger.Commission */ SELECT `+CommissionColumns+
		` FROM {wp}partner_center_commissions WHERE id = ?`, id)
	return c, affiliate.MissingRow(err, "commission")
}

// Commissions are those of the ids that there are, by id.
func (l *Ledger) Commissions(ctx context.Context, ids []CommissionID) (map[CommissionID]Commission, error) {
	all := map[CommissionID]Commission{}
	for part := range slices.Chunk(ids, db.RowsAtOnce) {
		found := []Commission{}
		err := db.SelectIn(ctx, l.db, &found, `/* ledger.Commissions */
			SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE id IN (?)`, part)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			all[c.ID] = c
		}
	}
	return all, nil
}

// CommissionsOfOrders are the commissions of orders, by id, without locks.
func CommissionsOfOrders(ctx context.Context, q db.Queryer, orders []affiliate.OrderID) ([]Commission, error) {
	found := []Commission{}
	err := db.SelectIn(ctx, q, &found, `/* ledger.CommissionsOfOrders */
		SELECT `+CommissionColumns+` FROM {wp}partner_center_commissions WHERE order_id IN (?) ORDER BY id`, orders)
	return found, err
}

// Journals are the journals of a commission, oldest first: who did what to it
// and when (S76).
func (l *Ledger) Journals(ctx context.Context, id CommissionID) ([]Journal, error) {
	journals := []Journal{}
	err := l.db.Select(ctx, &journals, `/* ledger.Journals */
		SELECT `+journalColumns+` FROM {wp}partner_center_journals WHERE commission_id = ? ORDER BY seq`, id)
	return journals, err
}
