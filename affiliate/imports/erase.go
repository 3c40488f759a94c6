package imports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson empties the lines that name a person and were not taken in yet, so that
// they don't come back (D37). Lines that were hold no more than their number.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	lines, args := t.Addressed("cells", "problem")
	_, err := q.Exec(ctx, `/* imports.ErasePerson */ UPDATE {wp}partner_center_import_lines
		SET cells = '', problem = '' WHERE `+lines, args...)
	return err
}

// How long files are kept: those that were only checked, what lines say of an import
// that was stopped, and what became of lines.
const (
	keepChecked = 2 * 24 * time.Hour
	keepStopped = 30 * 24 * time.Hour
	keepLines   = 365 * 24 * time.Hour
)

// Prune forgets files that nobody has taken in, and imports of long ago.
func (s *Service) Prune(ctx context.Context) error {
	now := s.now()
	old := []ID{}
	err := s.db.Select(ctx, &old, `/* imports.Prune */ SELECT id FROM {wp}partner_center_imports
		WHERE state = ? AND updated_at < ? OR updated_at < ?`, Checked, now.Add(-keepChecked), now.Add(-keepLines))
	if err != nil {
		return err
	}
	for _, id := range old {
		if err := s.forget(ctx, id); err != nil {
			return err
		}
	}
	return empty(ctx, s.db, `import_id IN (SELECT id FROM {wp}partner_center_imports WHERE updated_at < ?)`,
		now.Add(-keepStopped))
}

// Discard forgets a file that was only checked; one that is gone is no fault.
//
// Errors: KindConflict for one that was started.
func (s *Service) Discard(ctx context.Context, id ID) error {
	i, err := s.Import(ctx, id)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if i.State != Checked {
		return affiliate.Conflict("This import has been started, so it can't be discarded.")
	}
	return s.forget(ctx, id)
}

func (s *Service) forget(ctx context.Context, id ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		for _, query := range []string{
			`/* imports.forget */ DELETE FROM {wp}partner_center_imports WHERE id = ?`,
			`/* imports.forget */ DELETE FROM {wp}partner_center_import_lines WHERE import_id = ?`} {
			if _, err := tx.Exec(ctx, query, id); err != nil {
				return err
			}
		}
		return nil
	})
}
