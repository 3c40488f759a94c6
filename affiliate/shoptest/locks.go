package shoptest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"partnercenter/db"
)

// lockOrder is the order in which transactions lock rows, as docs/architecture.md
// says ("Locks"). Other tables are written under one of these locks.
var lockOrder = []string{"subscriptions", "contacts", "orders", "payouts", "payout_lines", "commissions", "manuals",
	"balances"}

// lockExceptions are the locks taken out of order on purpose, by their queries:
// see docs/architecture.md.
var lockExceptions = []string{"sale.lockOrders"}

// Locks watches in which order transactions lock. Every test on a Site does.
type Locks struct {
	mu    sync.Mutex
	held  map[*db.Tx][]hold
	wrong map[string]bool
}

// WatchLocks fails the test when a transaction locks out of order.
func WatchLocks(t testing.TB, h *db.Handle) {
	l := &Locks{held: map[*db.Tx][]hold{}, wrong: map[string]bool{}}
	h.Watch(l.Told)
	t.Cleanup(func() {
		h.Watch(nil)
		for _, w := range l.Wrong() {
			t.Error(w)
		}
	})
}

// Wrong says which locks were taken out of order.
func (l *Locks) Wrong() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.wrong))
}

// Told takes note of a statement. Whatever names its rows with FOR UPDATE takes a
// lock, and so does the first write to a table: later ones are of rows that are
// locked by then. New rows are nobody else's.
func (l *Locks) Told(tx *db.Tx, query string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if query == "COMMIT" {
		delete(l.held, tx)
		return
	}
	table, how := lockedTable(query)
	rank := slices.Index(lockOrder, table)
	if rank < 0 {
		return
	}
	name := queryName(query)
	if how == byRead && strings.Contains(query, " IN (") && !strings.Contains(query, "ORDER BY") {
		l.wrong[name+" locks several rows in no order"] = true
	}
	furthest, touched := -1, false
	for _, h := range l.held[tx] {
		touched = touched || h.rank == rank
		if !h.isNew {
			furthest = max(furthest, h.rank)
		}
	}
	if touched && how == byWrite {
		return
	}
	if rank < furthest && how != byInsert && !slices.Contains(lockExceptions, name) {
		l.wrong[fmt.Sprintf("%s locks %s after: %v", name, table, l.held[tx])] = true
	}
	l.held[tx] = append(l.held[tx], hold{rank, name, how == byInsert})
}

// hold is a lock that a transaction has, or a row that it made.
type hold struct {
	rank  int
	query string
	isNew bool
}

func (h hold) String() string { return lockOrder[h.rank] + " by " + h.query }

// The ways to a lock.
const (
	byRead   = "FOR UPDATE"
	byWrite  = "a write"
	byInsert = "a new row"
)

var ways = []struct {
	how     string
	pattern *regexp.Regexp
}{
	{byRead, regexp.MustCompile(`(?s)\bFROM \w*partner_center_(\w+).*\bFOR UPDATE\s*$`)},
	{byWrite, regexp.MustCompile(`(?s)^\s*(?:/\*.*?\*/)?\s*(?:UPDATE|DELETE FROM) \w*partner_center_(\w+)`)},
	{byWrite, regexp.MustCompile(`(?s)^\s*(?:/\*.*?\*/)?\s*INSERT INTO \w*partner_center_(\w+).*ON DUPLICATE KEY`)},
	{byInsert, regexp.MustCompile(`(?s)^\s*(?:/\*.*?\*/)?\s*INSERT INTO \w*partner_center_(\w+)`)},
}

var comment = regexp.MustCompile(`/\* ?(\S+) ?\*/`)

// lockedTable is the table whose rows a statement locks or makes, and how; "" for none.
func lockedTable(query string) (table, how string) {
	for _, w := range ways {
		if m := w.pattern.FindStringSubmatch(query); m != nil {
			return m[1], w.how
		}
	}
	return "", ""
}

func queryName(query string) string {
	if m := comment.FindStringSubmatch(query); m != nil {
		return m[1]
	}
	return query
}
