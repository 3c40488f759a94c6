package db_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"partnercenter/db"
	"partnercenter/db/dbtest"
)

// Errors name the query they come from, and are still what they were.
func TestErrorsNameTheirQuery(t *testing.T) {
	h := dbtest.New(t)
	insert := `/* db.insertTwice */ INSERT INTO {wp}partner_center_versions (name, version) VALUES ('twice', 1)`
	err := h.Tx(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), insert); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), insert)
		return err
	})
	var my *mysql.MySQLError
	if !db.Duplicate(err) || !errors.As(err, &my) || my.Number != 1062 ||
		!strings.HasPrefix(err.Error(), "db.insertTwice: ") {
		t.Errorf("a duplicate: %v", err)
	}
	var n int
	err = h.Get(t.Context(), &n, `/* db.nothing */ SELECT version FROM {wp}partner_center_versions WHERE name = ''`)
	if !db.NoRows(err) || !errors.Is(err, sql.ErrNoRows) || !strings.HasPrefix(err.Error(), "db.nothing: ") {
		t.Errorf("no rows: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = h.Query(gone, `/* db.rows */ SELECT 1`); !errors.Is(err, context.Canceled) ||
		!strings.HasPrefix(err.Error(), "db.rows: ") {
		t.Errorf("canceled: %v", err)
	}
	err = h.Select(t.Context(), &[]int{}, "\n\tSELECT\n  wrong")
	if err == nil || !strings.HasPrefix(err.Error(), "SELECT wrong: ") {
		t.Errorf("a query without a name: %v", err)
	}
}
