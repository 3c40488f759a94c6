package affiliate

import (
	"context"
	"slices"
	"strings"

	"partnercenter/db"
)

// Screen is how a user has set up a list (S31).
type Screen struct {
	Columns []string // keys of the columns shown; none: the usual ones
	Rows    int      // per page; 0: the usual number
}

// ScreenRows are the least and the most rows that a page can be set to.
const (
	LeastScreenRows = 1
	MostScreenRows  = 500
)

// maxScreen is the length of the column.
const maxScreen = 1000

// Screen is how a user has set up a list; the zero Screen when they have not.
func (r *Registry) Screen(ctx context.Context, user UserID, list string) (s Screen, err error) {
	row := struct {
		Columns string `db:"columns_shown"`
		Rows    int    `db:"per_page"`
	}{}
	err = r.db.Get(ctx, &row, `/* affiliate.Screen */ SELECT columns_shown, per_page FROM {wp}partner_center_screens
		WHERE user_id = ? AND list = ?`, user, list)
	if db.NoRows(err) {
		return s, nil
	}
	if row.Columns != "" {
		s.Columns = strings.Split(row.Columns, ",")
	}
	s.Rows = row.Rows
	return s, err
}

// SaveScreen keeps how a user wants a list. The columns are keys of that list:
// whoever calls it has checked them. It is a matter of taste, so not audited.
//
// Errors: KindInvalid by the fields columns and rows.
func (r *Registry) SaveScreen(ctx context.Context, user UserID, list string, s Screen) error {
	p := Problems{}
	text := strings.Join(slices.Compact(s.Columns), ",")
	p.Check(len(text) <= maxScreen, "columns", "Please choose fewer columns.")
	p.Check(s.Rows == 0 || s.Rows >= LeastScreenRows && s.Rows <= MostScreenRows, "rows",
		"Please choose from %d to %d rows.", LeastScreenRows, MostScreenRows)
	if err := p.Err(); err != nil {
		return err
	}
	_, err := r.db.Exec(ctx, `/* affiliate.SaveScreen */ INSERT INTO {wp}partner_center_screens
		(user_id, list, columns_shown, per_page, updated_at) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE
		columns_shown = VALUES(columns_shown), per_page = VALUES(per_page), updated_at = VALUES(updated_at)`,
		user, list, text, s.Rows, r.now())
	return err
}
