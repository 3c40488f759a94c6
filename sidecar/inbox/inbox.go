// Package inbox takes in what WordPress reported: it is the one place where a
// fact of WordPress becomes a fact of the domain.
//
// The plugin appends facts to the table inbox, which is all that a request of a
// visitor waits for. Each is applied in one transaction with its mark "done",
// so exactly once, whatever crashes and however many sidecars there are.
//
// Tables of this package: inbox, order_seqs. The plugin appends to the first, and
// the second is its own.
package inbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
)

// Drainer applies facts.
type Drainer struct {
	db      *db.Handle
	now     clock.Clock
	log     *slog.Logger
	tracker *tracking.Tracker
	sales   *sale.Service
}

// New drains the site's inbox.
func New(
	h *db.Handle, now clock.Clock, log *slog.Logger, tracker *tracking.Tracker, sales *sale.Service,
) *Drainer {
	return &Drainer{h, now, log, tracker, sales}
}

// How many facts are read at a time, new ones and those that failed before.
const (
	freshBatch = 250
	againBatch = 20
)

// Drain applies waiting facts, those that failed before first, and tells whether
// more wait. Facts about the same person or thing are applied in the order in
// which they were reported, others side by side. One that cannot be applied is
// noted with its reason and tried again later; it holds up the later facts of the
// same person or thing, and no others. The error is the database's.
func (d *Drainer) Drain(ctx context.Context) (more bool, err error) {
	again, err := d.waiting(ctx, `retry_at <= ? ORDER BY id LIMIT ?`, d.now(), againBatch)
	if err != nil {
		return false, err
	}
	fresh, err := d.waiting(ctx, `retry_at IS NULL ORDER BY id LIMIT ?`, freshBatch)
	if err != nil {
		return false, err
	}
	if len(again)+len(fresh) == 0 {
		return false, nil
	}
	known, err := d.readKnown(ctx)
	if err != nil {
		return false, err
	}
	if err := d.applyAll(ctx, append(again, fresh...), known); err != nil {
		return false, err
	}
	return len(fresh) == freshBatch || len(again) == againBatch, nil
}

// waiting are facts as far as they say what they are about.
func (d *Drainer) waiting(ctx context.Context, where string, args ...any) (facts []fact, err error) {
	err = d.db.Select(ctx, &facts, `/* inbox.waiting */ SELECT id, kind, source, external_id, click, payload
		FROM {wp}partner_center_inbox WHERE done_at IS NULL AND `+where, args...)
	return facts, err
}

// known is what facts need and no transaction may ask a second connection for.
type known struct {
	stuck *stuck
	key   keyring.Key // of visitors
}

func (d *Drainer) readKnown(ctx context.Context) (k known, err error) {
	if k.stuck, err = d.readStuck(ctx); err != nil {
		return k, err
	}
	k.key, err = d.tracker.VisitorKey(ctx)
	return k, err
}

// apply applies one fact, or notes why it cannot be.
func (d *Drainer) apply(ctx context.Context, id int64, known known) error {
	var f fact
	var waits *time.Time // until when, for an earlier fact
	err := d.db.Tx(ctx, func(tx *db.Tx) (err error) {
		waits = nil
		f, err = lock(ctx, tx, id)
		if db.NoRows(err) {
			return nil // another sidecar has done it
		}
		if err != nil {
			return err
		}
		if waits, err = f.waitsFor(ctx, tx, known.stuck); err != nil || waits != nil {
			return err
		}
		if err := d.take(ctx, tx, f, known.key); err != nil {
			return err
		}
		return f.done(ctx, tx, d.now())
	})
	switch {
	case errors.Is(err, errDone): // what we did is rolled back
		known.stuck.remove(f)
	case err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		return d.postpone(ctx, id, f, known.stuck, err)
	case waits != nil:
		known.stuck.add(f, *waits)
	default:
		known.stuck.remove(f)
	}
	return nil
}

// pauses grow; a fact is never given up, since what it waits for may be a
// newer sidecar.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// postpone notes why a fact was not applied. When not even that can be
// written, it is the database that fails, not the fact.
func (d *Drainer) postpone(ctx context.Context, id int64, f fact, stuck *stuck, cause error) error {
	var attempts int
	err := d.db.Get(ctx, &attempts,
		`/* inbox.postpone */ SELECT attempts FROM {wp}partner_center_inbox WHERE id = ?`, id)
	if err != nil {
		return err
	}
	pause := pauses[min(attempts, len(pauses)-1)]
	_, err = d.db.Exec(ctx, `/* inbox.postpone */
		UPDATE {wp}partner_center_inbox SET attempts = attempts + (attempts < 30000), retry_at = ?, error = ?
		WHERE id = ? AND done_at IS NULL`,
		d.now().Add(pause), affiliate.Cut(affiliate.Line(cause.Error()), 500), id)
	if err == nil {
		stuck.add(f, d.now().Add(pause))
		d.log.Warn("a fact of WordPress cannot be applied; it is tried again", "fact", id, "in", pause, "why", cause)
	}
	return err
}

// Trouble is how many facts could not be applied so far, and why the latest of
// those that wait for no other.
func (d *Drainer) Trouble(ctx context.Context) (stuck int, why string, err error) {
	var row struct {
		Stuck int    `db:"stuck"`
		Why   string `db:"why"`
	}
	err = d.db.Get(ctx, &row, `/* inbox.Trouble */
		SELECT COUNT(*) AS stuck,
		COALESCE(SUBSTRING(MAX(IF(attempts > 0, CONCAT(LPAD(id, 20, '0'), error), NULL)), 21), '') AS why
		FROM {wp}partner_center_inbox WHERE done_at IS NULL AND retry_at IS NOT NULL`)
	return row.Stuck, row.Why, err
}
