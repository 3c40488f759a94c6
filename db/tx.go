package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"
)

// Tx is an open transaction. Steps that several packages share take a Queryer,
// so that they can run inside one.
type Tx struct{ conn }

// Error numbers after which a transaction may simply be run again.
const (
	errDeadlock      = 1213 // also how a Galera cluster answers a lost race, then at COMMIT
	errLockWait      = 1205
	errRecordChanged = 1020 // MariaDB ≥ 11.6 under snapshot isolation
	errDuplicate     = 1062
	errNoTable       = 1146
)

// Error numbers of values that do not fit their column.
const (
	errNotNull    = 1048
	errOutOfRange = 1264
	errTruncated  = 1265
	errIncorrect  = 1366
	errTooLong    = 1406
)

// maxTries bounds the retries of one transaction; with the waits below that is
// about two seconds beside the time the statements take.
const maxTries = 12

// Tx runs fn in a transaction, and again from the start when the database asks
// for that, at COMMIT as well. So fn must have no effect but through tx.
// A lost connection is not retried: whether its COMMIT took hold is unknown,
// and only the caller knows if doing it twice is harmless.
//
// Whatever fn needs, it reads through tx: a second connection is never asked
// for while the first is held (see Guard).
func (h *Handle) Tx(ctx context.Context, fn func(tx *Tx) error) error {
	for try := 1; ; try++ {
		err := h.once(ctx, fn)
		if err == nil || !Retryable(err) || try == maxTries || ctx.Err() != nil {
			return err
		}
		wait := time.Duration(rand.Int64N(int64(try) * int64(25*time.Millisecond)))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

func (h *Handle) once(ctx context.Context, fn func(tx *Tx) error) error {
	x, err := h.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer x.Rollback() // no effect after Commit
	tx, committed := h.watched(x)
	if err := inTx(tx, fn); err != nil {
		return err
	}
	if err := x.Commit(); err != nil {
		return at("COMMIT", err)
	}
	committed()
	return nil
}

func (h *Handle) begin(ctx context.Context, options *sql.TxOptions) (*sqlx.Tx, error) {
	if h.guarded {
		forbidSecond("BEGIN")
	}
	x, err := h.x.BeginTxx(ctx, options)
	return x, at("BEGIN", err)
}

// inTx runs fn. While it is on the stack a connection is held, which is how
// guard knows.
//
//go:noinline
func inTx(tx *Tx, fn func(tx *Tx) error) error { return fn(tx) }

// ReadOnly runs fn on one consistent snapshot, for reports whose figures must
// agree with one another.
func (h *Handle) ReadOnly(ctx context.Context, fn func(tx *Tx) error) error {
	x, err := h.begin(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer x.Rollback()
	return inTx(&Tx{conn{q: x, names: h.names}}, fn)
}

// Retryable tells whether the same transaction may succeed when run again.
func Retryable(err error) bool {
	switch number(err) {
	case errDeadlock, errLockWait, errRecordChanged:
		return true
	}
	return false
}

// Duplicate tells whether a unique key refused the row: somebody was first.
func Duplicate(err error) bool { return number(err) == errDuplicate }

// NoTable tells whether a table is not there.
func NoTable(err error) bool { return number(err) == errNoTable }

// BadValue tells whether a statement was refused because a value does not fit
// its column: the statement's other rows might pass without it.
func BadValue(err error) bool {
	switch number(err) {
	case errNotNull, errOutOfRange, errTruncated, errIncorrect, errTooLong:
		return true
	}
	return false
}

// Unanswered tells whether the database was not there to answer: whether the
// statement, or the COMMIT, took hold is unknown.
func Unanswered(err error) bool { return err != nil && number(err) == 0 && !NoRows(err) }

// NoRows tells whether a query found nothing.
func NoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func number(err error) uint16 {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return my.Number
	}
	return 0
}

// In writes out the slices among args as lists: "id IN (?)" with []int64{1,2}
// becomes "id IN (?, ?)". An empty slice is an error.
func In(query string, args ...any) (string, []any, error) { return sqlx.In(query, args...) }
