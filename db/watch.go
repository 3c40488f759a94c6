package db

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"
)

// Watch tells of each statement of each transaction before it is sent, with the
// tables' full names, and of "COMMIT" once that has taken hold. It is for tests:
// of the order of locks, and of what stops between two transactions. nil ends it.
func (h *Handle) Watch(told func(tx *Tx, query string)) { h.watcher.Store(&told) }

// watched is the Tx on x, seen by whoever watches.
func (h *Handle) watched(x sqlxQueryer) (tx *Tx, committed func()) {
	tx = &Tx{conn{q: x, names: h.names}}
	told := h.watcher.Load()
	if told == nil || *told == nil {
		return tx, func() {}
	}
	tx.q = watched{x, func(query string) { (*told)(tx, query) }}
	return tx, func() { (*told)(tx, "COMMIT") }
}

type watched struct {
	sqlxQueryer
	told func(query string)
}

func (w watched) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	w.told(query)
	return w.sqlxQueryer.GetContext(ctx, dest, query, args...)
}

func (w watched) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	w.told(query)
	return w.sqlxQueryer.SelectContext(ctx, dest, query, args...)
}

func (w watched) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	w.told(query)
	return w.sqlxQueryer.ExecContext(ctx, query, args...)
}

func (w watched) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	w.told(query)
	return w.sqlxQueryer.QueryxContext(ctx, query, args...)
}
