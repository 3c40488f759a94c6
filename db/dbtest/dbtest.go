// Package dbtest gives tests the real database, migrated and empty.
//
// `testbed go test ./...` starts one server for a whole run and passes its
// address in PARTNER_CENTER_TEST_DSN; without that, each test program starts a
// private one. A missing database fails the test, it never skips.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"

	"partnercenter/db"
	"partnercenter/testbed/mariadb"
)

// Prefix of the test site's tables; not wp_, so that a forgotten {wp} shows.
const Prefix = "site7_"

// New returns a handle on this test program's own database, with every table
// of ours present and empty. Tests that share it must not run in parallel.
func New(t testing.TB) *db.Handle {
	t.Helper()
	shared.once.Do(func() { shared.err = open() })
	if shared.err != nil {
		t.Fatalf("no database to test with: %v", shared.err)
	}
	empty(t)
	return shared.handle
}

// DSN is the address of the database that New hands out, for tests that start
// programs of their own. Call New first.
func DSN() string { return shared.dsn }

var shared struct {
	once   sync.Once
	handle *db.Handle
	dsn    string
	tables []string
	err    error
}

func open() error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	server, err := serverDSN(ctx)
	if err != nil {
		return err
	}
	if shared.dsn, err = createDatabase(ctx, server); err != nil {
		return err
	}
	h, err := db.Open(ctx, shared.dsn, db.Tables{Prefix: Prefix})
	if err != nil {
		return err
	}
	if err := h.Migrate(ctx); err != nil {
		return err
	}
	if err := limitPool(h); err != nil {
		return err
	}
	h.Guard()
	shared.handle = h
	return h.Select(ctx, &shared.tables, `SELECT table_name FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name LIKE '{wp}partner\_center\_%'
		AND table_name NOT IN ('{wp}partner_center_schema', '{wp}partner_center_leases')
		ORDER BY table_name <> '{wp}partner_center_entries'`) // entries refer to journals
}

// poolVariable, as PARTNER_CENTER_TEST_POOL=2, has tests work with that many
// connections: whoever asks for a second one inside a transaction hangs then.
const poolVariable = "PARTNER_CENTER_TEST_POOL"

func limitPool(h *db.Handle) error {
	text := os.Getenv(poolVariable)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("%s is %q: it takes a number of connections", poolVariable, text)
	}
	h.SQL().SetMaxOpenConns(n)
	return nil
}

// serverDSN is the server of the run, or a private one that ends with this process.
func serverDSN(ctx context.Context) (string, error) {
	if dsn := os.Getenv("PARTNER_CENTER_TEST_DSN"); dsn != "" {
		return dsn, nil
	}
	server, err := mariadb.Start(ctx, mariadb.Options{})
	if err != nil {
		return "", err
	}
	return server.DSN(""), nil
}

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// createDatabase makes a database named after the test program, so that
// packages tested at the same time never meet.
func createDatabase(ctx context.Context, serverDSN string) (string, error) {
	cfg, err := mysql.ParseDSN(serverDSN)
	if err != nil {
		return "", err
	}
	program := strings.TrimSuffix(filepath.Base(os.Args[0]), ".test")
	name := fmt.Sprintf("t_%s_%d", notName.ReplaceAllString(strings.ToLower(program), "_"), os.Getpid())
	x, err := sqlx.ConnectContext(ctx, "mysql", cfg.FormatDSN())
	if err != nil {
		return "", err
	}
	defer x.Close()
	if _, err := x.ExecContext(ctx, "CREATE OR REPLACE DATABASE "+name+
		" CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"); err != nil {
		return "", err
	}
	cfg.DBName = name
	return cfg.FormatDSN(), nil
}

func empty(t testing.TB) {
	t.Helper()
	for _, table := range shared.tables {
		// DELETE, not TRUNCATE: many times faster on an empty table.
		if _, err := shared.handle.Exec(t.Context(), "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
}
