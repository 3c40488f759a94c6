package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"partnercenter/db"
	"partnercenter/db/dbtest"
)

func TestNamesAreFilledIn(t *testing.T) {
	h := dbtest.New(t)
	for query, want := range map[string]string{
		"SELECT * FROM {wp}partner_center_orders": "SELECT * FROM site7_partner_center_orders",
		"{base}sitemeta {users} {usermeta}":       "site7_sitemeta site7_users site7_usermeta",
		"'12:30:00' :: '{x}' /* {wp} */ ? {wp":    "'12:30:00' :: '{x}' /* site7_ */ ? {wp",
	} {
		if got := h.Text(query); got != want {
			t.Errorf("%q became %q, want %q", query, got, want)
		}
	}
}

func TestConnectionsWorkInOurMode(t *testing.T) {
	h := dbtest.New(t)
	var got struct {
		Mode      string `db:"mode"`
		Zone      string `db:"zone"`
		Isolation string `db:"isolation"`
	}
	err := h.Get(t.Context(), &got, `SELECT @@sql_mode AS mode, @@time_zone AS zone, @@tx_isolation AS isolation`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Mode, "STRICT_ALL_TABLES") || got.Zone != "+00:00" || got.Isolation != "READ-COMMITTED" {
		t.Errorf("session is %+v", got)
	}
}

func TestTimesKeepTheirMicroseconds(t *testing.T) {
	h := dbtest.New(t)
	at := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC) // a wall time that does not exist in Berlin
	if _, err := h.Exec(t.Context(), `INSERT INTO {wp}partner_center_nonces (nonce, expires_at) VALUES ('a', ?)`,
		at); err != nil {
		t.Fatal(err)
	}
	var got time.Time
	if err := h.Get(t.Context(), &got, `SELECT expires_at FROM {wp}partner_center_nonces`); err != nil ||
		!got.Equal(at) {
		t.Errorf("got %v, %v; want %v", got, err, at)
	}
}

// Two transactions that take two rows in opposite order must both succeed,
// whichever of them the database chooses as the victim.
func TestTxIsRunAgainAfterADeadlock(t *testing.T) {
	h := dbtest.New(t)
	ctx := t.Context()
	h.Exec(ctx, `INSERT INTO {wp}partner_center_versions (name, version) VALUES ('a', 0), ('b', 0)`)
	var meet, all sync.WaitGroup
	meet.Add(2)
	add := func(first, second string) {
		defer all.Done()
		tries := 0
		err := h.Tx(ctx, func(tx *db.Tx) error {
			tries++
			if err := bump(ctx, tx, first); err != nil {
				return err
			}
			if tries == 1 { // both hold their first row before either asks for the second
				meet.Done()
				meet.Wait()
			}
			return bump(ctx, tx, second)
		})
		if err != nil {
			t.Errorf("%s, %s: %v", first, second, err)
		}
	}
	all.Add(2)
	go add("a", "b")
	go add("b", "a")
	all.Wait()
	var versions []int
	if err := h.Select(ctx, &versions, `SELECT version FROM {wp}partner_center_versions`); err != nil ||
		versions[0] != 2 || versions[1] != 2 {
		t.Errorf("versions %v, %v; want each raised twice", versions, err)
	}
}

func bump(ctx context.Context, q db.Queryer, name string) error {
	_, err := q.Exec(ctx, `UPDATE {wp}partner_center_versions SET version = version + 1 WHERE name = ?`, name)
	return err
}

func TestTxLeavesNothingBehindAfterAnError(t *testing.T) {
	h := dbtest.New(t)
	wrong := errors.New("wrong")
	err := h.Tx(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(),
			`INSERT INTO {wp}partner_center_versions (name, version) VALUES ('x', 1)`); err != nil {
			return err
		}
		return wrong
	})
	var n int
	if h.Get(t.Context(), &n, `SELECT COUNT(*) FROM {wp}partner_center_versions`); !errors.Is(err, wrong) || n != 0 {
		t.Errorf("error %v, %d rows", err, n)
	}
}

func TestLeaseHasOneHolder(t *testing.T) {
	h := dbtest.New(t)
	h.Exec(t.Context(), `DELETE FROM {wp}partner_center_leases`)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	take := func(holder string, at time.Time) bool {
		got, err := h.TakeLease(t.Context(), "mail", holder, at, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if !take("a", now) || take("b", now.Add(59*time.Second)) {
		t.Error("a lease in force was given to another")
	}
	if !take("a", now.Add(50*time.Second)) || take("b", now.Add(100*time.Second)) {
		t.Error("a renewed lease was given to another")
	}
	if !take("b", now.Add(110*time.Second)) || take("a", now.Add(111*time.Second)) {
		t.Error("a lease that ran out was not given to the next")
	}
	if err := h.ReleaseLease(t.Context(), "mail", "b"); err != nil || !take("a", now.Add(112*time.Second)) {
		t.Errorf("a lease given back was not free: %v", err)
	}
}

// Each wrong setting is answered by one sentence that names it.
func TestOpenSaysWhatToMend(t *testing.T) {
	dbtest.New(t)
	good, _ := mysql.ParseDSN(dbtest.DSN())
	with := func(change func(*mysql.Config)) string {
		c := good.Clone()
		change(c)
		return c.FormatDSN()
	}
	for _, test := range []struct{ name, dsn, prefix, want string }{
		{"not a DSN", "mysql://x@y/z?q", "wp_", "--dsn"},
		{"wrong password", with(func(c *mysql.Config) { c.User, c.Passwd = "nobody", "no" }), "wp_",
			"check user and password"},
		{"wrong database", with(func(c *mysql.Config) { c.DBName = "none_of_ours" }), "wp_", "check its name"},
		{"nothing there", with(func(c *mysql.Config) { c.Addr = "127.0.0.1:1" }), "wp_",
			"no database answers at 127.0.0.1:1"},
		{"wrong prefix", dbtest.DSN(), "wp-", "--prefix"},
	} {
		h, err := db.Open(t.Context(), test.dsn, db.Tables{Prefix: test.prefix})
		if err == nil {
			h.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v; want a sentence with %q", test.name, err, test.want)
		}
	}
}
