package ledger

import (
	"context"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const ManualColumns = `id, partner_id, currency, kind, amount, reason, undoes_id, form_id, occurred_at,
	day, actor, created_at, updated_at,
	journals, status, stage, pending, payable, in_payout, paid`

// row is the entry in the order of manualColumns.
func (m *Manual) row() []any {
	return []any{m.ID, m.PartnerID, m.Currency, m.Kind, m.Amount, m.Reason, m.UndoesID, m.FormID, m.OccurredAt, m.Day,
		m.Actor, m.CreatedAt, m.UpdatedAt,
		m.Journals, m.Status, m.Stage, m.Pending, m.Payable, m.InPayout, m.Book.Paid}
}

const insertManuals = `/* ledger.saveManuals */ INSERT INTO {wp}partner_center_manuals (` + ManualColumns + `) VALUES `

// saveManuals inserts a new entry, which gets its id, and updates known ones.
func saveManuals(ctx context.Context, q db.Queryer, manuals []*Manual) error {
	known := [][]any{}
	for _, m := range manuals {
		if m.ID != 0 {
			known = append(known, m.row())
			continue
		}
		if err := insertManual(ctx, q, m); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(known, db.RowsAtOnce) {
		err := db.Insert(ctx, q, insertManuals, part, ` ON DUPLICATE KEY UPDATE
			updated_at = VALUES(updated_at), journals = VALUES(journals), status = VALUES(status),
			stage = VALUES(stage),
			pending = VALUES(pending), payable = VALUES(payable), in_payout = VALUES(in_payout), paid = VALUES(paid)`)
		if err != nil {
			return err
		}
	}
	return nil
}

func insertManual(ctx context.Context, q db.Queryer, m *Manual) error {
	row := m.row()
	res, err := q.Exec(ctx, insertManuals+`(NULL`+strings.Repeat(", ?", len(row)-1)+`)`, row[1:]...)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	m.ID = ManualID(id)
	return err
}

// oneManual is the entry that where finds; Missing without one.
func oneManual(ctx context.Context, q db.Queryer, where string, arg any) (Manual, error) {
	var m Manual
	err := q.Get(ctx, &m, `/* ledger.Manual */ SELECT `+ManualColumns+` FROM {wp}partner_center_manuals WHERE `+where,
		arg)
	return m, affiliate.MissingRow(err, "manual entry")
}

func lockManual(ctx context.Context, q db.Queryer, id ManualID) (*Manual, error) {
	m, err := oneManual(ctx, q, `id = ? FOR UPDATE`, id)
	return &m, err
}

// LockManuals reads entries and locks them, by id.
func LockManuals(ctx context.Context, q db.Queryer, ids []ManualID) ([]*Manual, error) {
	manuals := []*Manual{}
	if len(ids) == 0 {
		return manuals, nil
	}
	return manuals, db.SelectIn(ctx, q, &manuals, `/* ledger.lockManuals */
		SELECT `+ManualColumns+` FROM {wp}partner_center_manuals WHERE id IN (?) ORDER BY id FOR UPDATE`, ids)
}

func isUndone(ctx context.Context, q db.Queryer, id ManualID) (undone bool, err error) {
	err = q.Get(ctx, &undone,
		`/* ledger.isUndone */ SELECT EXISTS (SELECT 1 FROM {wp}partner_center_manuals WHERE undoes_id = ?)`, id)
	return undone, err
}

// Manual is one manual entry; Missing when there is none.
func (l *Ledger) Manual(ctx context.Context, id ManualID) (Manual, error) {
	return oneManual(ctx, l.db, `id = ?`, id)
}

// Manuals are a partner's manual entries, the latest first.
func (l *Ledger) Manuals(ctx context.Context, partner affiliate.PartnerID, page affiliate.Page) ([]Manual, error) {
	manuals := []Manual{}
	err := l.db.Select(ctx, &manuals, `/* ledger.Manuals */
		SELECT `+ManualColumns+
		` FROM {wp}partner_center_manuals WHERE partner_id = ? ORDER BY id DESC LIMIT ? OFFSET ?`, partner, page.Limit,
		page.Offset)
	return manuals, err
}
