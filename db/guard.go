package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Guard makes the handle panic when code that runs inside a transaction asks
// for a second connection: as many such requests as the pool has connections
// would wait for each other for ever. It reads the call stack at each query,
// and so is for tests; dbtest switches it on for all of them.
func (h *Handle) Guard() {
	h.guarded = true
	h.q = guard{h.x}
}

// guard is the pool, closed to whoever is called by a transaction.
type guard struct{ sqlxQueryer }

func (g guard) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	forbidSecond(query)
	return g.sqlxQueryer.GetContext(ctx, dest, query, args...)
}

func (g guard) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	forbidSecond(query)
	return g.sqlxQueryer.SelectContext(ctx, dest, query, args...)
}

func (g guard) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	forbidSecond(query)
	return g.sqlxQueryer.ExecContext(ctx, query, args...)
}

func (g guard) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	forbidSecond(query)
	return g.sqlxQueryer.QueryxContext(ctx, query, args...)
}

// forbidSecond panics when one of the callers is the function of a transaction.
// A test may look from outside into what it has left open itself.
func forbidSecond(query string) {
	var callers [100]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	product := false
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "/db.inTx") {
			if product {
				panic(fmt.Sprintf(
					"a second connection is asked for inside a transaction, by %s: read it before, or on the "+
						"transaction", label(query)))
			}
			return
		}
		product = product || strings.Contains(f.Function, "partnercenter/") && !strings.HasSuffix(f.File, "_test.go") &&
			!strings.Contains(f.Function, "partnercenter/db.")
		if !more {
			return
		}
	}
}
