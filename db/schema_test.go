package db_test

import (
	"errors"
	"strings"
	"testing"

	"partnercenter/db"
	"partnercenter/db/dbtest"
)

// A table or column that is gone is named, though the version says that all is
// there.
func TestWhatIsMissingIsNamed(t *testing.T) {
	dbtest.New(t)
	h, err := db.Open(t.Context(), dbtest.DSN(), db.Tables{Prefix: "torn_"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, ddl := range []string{`DROP TABLE {wp}partner_center_balances`,
		`ALTER TABLE {wp}partner_center_visits DROP COLUMN is_unique`} {
		if _, err := h.Exec(t.Context(), ddl); err != nil {
			t.Fatal(err)
		}
	}
	for name, check := range map[string]error{"check": h.CheckSchema(t.Context()), "start": h.Migrate(t.Context())} {
		var missing *db.MissingError
		if !errors.As(check, &missing) || strings.Join(missing.Names, "; ") !=
			"the table torn_partner_center_balances; the column torn_partner_center_visits.is_unique" {
			t.Errorf("%s: %v", name, check)
		}
	}
	if err := dbtest.New(t).CheckSchema(t.Context()); err != nil {
		t.Errorf("beside it, a whole site: %v", err)
	}
}
