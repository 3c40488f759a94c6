// Package messages writes to people and asks WordPress for things, reliably:
// mails and jobs are rows written in the transaction of the event that causes
// them, once for each event, and worked off by whichever sidecar claims them,
// again and again until it worked or somebody has to look.
//
// Letters of partners and admins are told as events (Desk.Tell), by the row of ids
// that an event is; what an admin has written, or the ready-made text of the
// occasion, makes mails of them (Desk.Work). Three letters are fixed, because
// whoever gets them has to be sure of them: confirm a sign-up, confirm a PayPal
// address, and that an admin changed how one is paid.
//
// Tables of this package: mails, jobs, messages, message_uses, message_events,
// mail_settings, milestones, milestone_passes, milestone_standings.
package messages

import (
	"context"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// State is where a mail or job stands.
type State string

// The states. Working ones that are not finished within their lease are taken
// up again.
const (
	Queued  State = "queued"  // waits until NextAt
	Claimed State = "claimed" // a sidecar has it; a mail not handed over yet
	Sending State = "sending" // a mail is being handed over to WordPress
	Done    State = "done"
	Dead    State = "dead"    // failed too often: somebody has to look, see Again
	Held    State = "held"    // a mail that must not go out as it is, see Outbox.Again
	Dropped State = "dropped" // a mail that nobody wants any more, see Outbox.Drop and Outbox.Dismiss
)

// lease is how long a claim holds: longer than WordPress takes for one call.
const lease = 5 * time.Minute

// waits are the pauses after each failure; the last one repeats, and after
// maxAttempts the row is dead.
var waits = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}

const maxAttempts = 8

func wait(attempts int) time.Duration { return waits[min(attempts, len(waits))-1] }

// maxError is the length of the column, in characters.
const maxError = 500

// perhapsTwice begins the error of a mail whose sidecar ended while it handed
// the mail over: nobody knows whether it was sent, and so it is sent again.
const perhapsTwice = "Possibly sent twice."

// queue is the part that mails and jobs share: rows with state, attempts,
// next_at and error. attempts also tells two claims of a row apart, so that a
// sidecar which was too slow cannot touch what another has taken over.
type queue struct {
	table string // behind {wp}partner_center_
	db    *db.Handle
	now   clock.Clock
}

// sql names the table in a query.
func (w queue) sql(method, query string, args ...any) string {
	return fmt.Sprintf("/* messages."+method+" */ "+query, append([]any{"{wp}partner_center_" + w.table}, args...)...)
}

// dueRow is a row whose time has come, as it was read.
type dueRow struct {
	ID       int64 `db:"id"`
	Attempts int   `db:"attempts"`
	State    State `db:"state"`
}

// claim takes up to limit due rows for this sidecar and returns their ids.
func (w queue) claim(ctx context.Context, limit int) (ids []int64, err error) {
	err = w.db.Tx(ctx, func(tx *db.Tx) error {
		ids = nil
		now := w.now()
		if err := w.bury(ctx, tx, now); err != nil {
			return err
		}
		due, err := w.due(ctx, tx, now, limit)
		if err != nil {
			return err
		}
		for _, row := range due {
			ours, err := w.claimRow(ctx, tx, row, now)
			if err != nil {
				return err
			}
			if ours {
				ids = append(ids, row.ID)
			}
		}
		return nil
	})
	return ids, err
}

// claimRow takes a row unless another sidecar has taken it since it was read.
// This is what keeps two from working on the same row: SKIP LOCKED only spares
// them the attempt, and there are engines that ignore it.
func (w queue) claimRow(ctx context.Context, q db.Queryer, row dueRow, now time.Time) (ours bool, err error) {
	res, err := q.Exec(ctx, w.sql("claimRow", `
		UPDATE %s SET error = IF(state = 'sending', ?, error), state = 'claimed', attempts = attempts + 1, next_at = ?
		WHERE id = ? AND state = ? AND attempts = ? AND next_at <= ?`),
		perhapsTwice, now.Add(lease), row.ID, row.State, row.Attempts, now)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// due reads up to limit rows whose time has come, unfinished ones first and
// then the longest waiting. It goes state by state, in the order of the index,
// so that a long queue is not read to its end. Rows that another sidecar is
// claiming right now are its own.
func (w queue) due(ctx context.Context, q db.Queryer, now time.Time, limit int) ([]dueRow, error) {
	due := []dueRow{}
	for _, state := range []State{Sending, Claimed, Queued} {
		rows := []dueRow{}
		err := q.Select(ctx, &rows, w.sql("due", `
			SELECT id, attempts, state FROM %s WHERE state = ? AND next_at <= ?
			ORDER BY next_at, id LIMIT ? FOR UPDATE SKIP LOCKED`), state, now, limit-len(due))
		if err != nil {
			return nil, err
		}
		due = append(due, rows...)
	}
	return due, nil
}

// bury gives up rows whose sidecar ended at the last attempt. Each says why, or
// nobody would see it (Failures).
func (w queue) bury(ctx context.Context, q db.Queryer, now time.Time) error {
	_, err := q.Exec(ctx, w.sql("bury", `
		UPDATE %s SET state = 'dead', error = IF(state = 'sending', ?, IF(error = '', ?, error))
		WHERE state IN ('claimed', 'sending') AND next_at <= ? AND attempts >= ?`), perhapsTwice, interrupted, now,
		maxAttempts)
	return err
}

// interrupted is the error of a row whose sidecar ended at each attempt.
const interrupted = "The sidecar ended while it worked on this."

// failed notes why a claimed row did not work and when it is tried next.
func (w queue) failed(ctx context.Context, id int64, attempts int, cause error) error {
	state, next := Queued, w.now().Add(wait(attempts))
	if attempts >= maxAttempts {
		state = Dead
	}
	text := affiliate.Cut(affiliate.Line(cause.Error()), maxError-len(perhapsTwice)-1)
	_, err := w.db.Exec(ctx, w.sql("failed", `
		UPDATE %s SET state = ?, next_at = ?, error = CONCAT(IF(error LIKE ?, ?, ''), ?)
		WHERE id = ? AND attempts = ? AND state IN ('claimed', 'sending')`),
		state, next, perhapsTwice+"%", perhapsTwice+" ", text, id, attempts)
	return err
}

// again queues a row again at the wish of an admin.
func (w queue) again(ctx context.Context, actor affiliate.Actor, object string, id int64) error {
	return w.db.Tx(ctx, func(tx *db.Tx) error {
		var before State
		err := tx.Get(ctx, &before, w.sql("again", `SELECT state FROM %s WHERE id = ? FOR UPDATE`), id)
		if db.NoRows(err) {
			return affiliate.Missing("There is no such email or task.")
		}
		if err != nil {
			return err
		}
		if before == Claimed || before == Sending {
			return affiliate.Conflict("This is being worked on right now. Try again in a minute.")
		}
		now := w.now()
		if _, err := tx.Exec(ctx,
			w.sql("again", `UPDATE %s SET state = 'queued', attempts = 0, next_at = ?, error = '' WHERE id = ?`), now,
			id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "again", Object: object,
			ObjectID: id, Before: before, After: Queued})
	})
}

// counts are the numbers of rows by state.
func (w queue) counts(ctx context.Context) (map[State]int, error) {
	rows := []struct {
		State State `db:"state"`
		N     int   `db:"n"`
	}{}
	err := w.db.Select(ctx, &rows, w.sql("counts", `SELECT state, COUNT(*) AS n FROM %s GROUP BY state`))
	counts := map[State]int{}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, err
}

// Failures is how many rows have failed and wait or were given up, and the
// reason of the newest of them.
func (w queue) Failures(ctx context.Context) (stuck int, why string, err error) {
	return w.failures(ctx, `state IN ('queued', 'claimed', 'sending', 'dead')`)
}

func (w queue) failures(ctx context.Context, states string) (stuck int, why string, err error) {
	var row struct {
		Stuck int    `db:"stuck"`
		Why   string `db:"why"`
	}
	err = w.db.Get(ctx, &row, w.sql("failures", `
		SELECT COUNT(*) AS stuck, COALESCE(SUBSTRING(MAX(CONCAT(LPAD(id, 20, '0'), error)), 21), '') AS why
		FROM %s WHERE `+states+` AND error <> ''`))
	return row.Stuck, row.Why, err
}
