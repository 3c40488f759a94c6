package db_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"

	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/db/migrations"
)

// Several sites live in one database, and several sidecars start at once.
func TestMigrateSeveralAtOnce(t *testing.T) {
	dbtest.New(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			h, err := db.Open(t.Context(), dbtest.DSN(), db.Tables{Prefix: fmt.Sprintf("many%d_", i%2)})
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Close()
			if err := h.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
			if has, wants, err := h.SchemaVersion(t.Context()); err != nil || has != wants || has < 30 {
				t.Errorf("schema %d of %d, %v", has, wants, err)
			}
		})
	}
	wg.Wait()
}

// Words that MySQL 8 reserves but MariaDB does not, or that only one of the
// two understands. MySQL itself is not run here.
var onlyOne = regexp.MustCompile(
	`(?i)->>|\bRETURNING\b|\bINVISIBLE\b|\bIGNORED\b|\b(GET_LOCK|NOW|CURRENT_TIMESTAMP|SYSDATE|UTC_TIMESTAMP)\b|\) AS new\b|\bUUID\(`)

func TestMigrationsKeepTheRules(t *testing.T) {
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, _ := fs.ReadFile(migrations.Files, name)
		sql := regexp.MustCompile(`(?m)^--.*\n`).ReplaceAllString(string(text), "")
		if n := strings.Count(sql, ";"); n != 1 {
			t.Errorf("%s has %d statements, want one", name, n)
		}
		if !strings.Contains(string(text), "-- +goose Up\n-- ") {
			t.Errorf("%s does not say what the table is for", name)
		}
		if strings.Contains(sql, "CREATE TABLE") &&
			!strings.Contains(sql, "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci") {
			t.Errorf("%s leaves engine, charset or collation to the server", name)
		}
		for _, key := range regexp.MustCompile(`(?:UNIQUE KEY|\n  KEY|CONSTRAINT) (\S+)`).FindAllStringSubmatch(
			sql, -1) {
			if !strings.HasPrefix(key[1], "{wp}") {
				t.Errorf("%s: %s lacks the prefix, which stops the second site of a database", name, key[1])
			}
		}
		if bad := onlyOne.FindString(sql); bad != "" {
			t.Errorf("%s uses %q", name, bad)
		}
	}
}
