package db_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

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

// said hands on what is logged.
type said chan string

func (s said) Write(line []byte) (int, error) {
	s <- string(line)
	return len(line), nil
}

// Whoever waits for another's migration says so, each five seconds.
func TestMigrateSaysThatItWaits(t *testing.T) {
	dbtest.New(t)
	h, err := db.Open(t.Context(), dbtest.DSN(), db.Tables{Prefix: "waits_"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Exec(t.Context(), `DELETE FROM {wp}partner_center_schema WHERE version_id = 7`); err != nil {
		t.Fatal(err)
	}
	if got, err := h.TakeLease(t.Context(), "migrate", "another", time.Now().UTC(), time.Minute); err != nil || !got {
		t.Fatal(got, err)
	}
	lines, before := make(said, 10), slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(lines, nil)))
	defer slog.SetDefault(before)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Migrate(ctx) }()
	begun := time.Now()
	for range 2 {
		select {
		case line := <-lines:
			if !strings.Contains(line, "waiting: another program is changing the tables") {
				t.Error(line)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("not a word for half a minute")
		}
	}
	if took := time.Since(begun); took < 4*time.Second {
		t.Errorf("said twice within %s", took)
	}
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("given up with %v", err)
	}
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
