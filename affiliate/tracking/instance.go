package tracking

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"partnercenter/clock"
	"partnercenter/db"
)

// instance is the number 0…510 that a running sidecar has to itself: part of
// its visit ids and of the keys of its roll-up rows.
type instance struct {
	db     *db.Handle
	now    clock.Clock
	holder string
	number int
	until  atomic.Int64 // end of the lease in Unix ms
}

// leaseTime is how long a number stays taken without renewal. Another holder
// gets it only after twice that time: so a holder whose clock lags never shares
// it, and ids made just before a stop are not made again just after.
const leaseTime = time.Minute

// errLeaseLost means that the number may belong to another sidecar by now.
var errLeaseLost = errors.New(
	"this sidecar's instance number went to another one, because the database was out of reach for too long")

// leaseInstance takes the lowest free number.
func leaseInstance(ctx context.Context, h *db.Handle, now clock.Clock) (*instance, error) {
	i := &instance{db: h, now: now, holder: rand.Text()}
	err := h.Tx(ctx, func(tx *db.Tx) error { return i.take(ctx, tx) })
	return i, err
}

func (i *instance) take(ctx context.Context, tx *db.Tx) error {
	now := i.now()
	var taken []int
	err := tx.Select(ctx, &taken, `/* tracking.instance.take */
		SELECT id FROM {wp}partner_center_instances WHERE expires_at > ? ORDER BY id`, now.Add(-leaseTime))
	if err != nil {
		return err
	}
	for n := 0; n <= maxInstance; n++ {
		if len(taken) > 0 && taken[0] == n {
			taken = taken[1:]
			continue
		}
		if got, err := i.claim(ctx, tx, n, now); err != nil || got {
			return err
		}
	}
	return fmt.Errorf("all %d instance numbers are taken: stop sidecars that are not needed, and wait %s for their "+
		"numbers to come free", maxInstance+1, 2*leaseTime)
}

// claim takes the number unless another sidecar did so in the meantime.
func (i *instance) claim(ctx context.Context, tx *db.Tx, n int, now time.Time) (bool, error) {
	// Assignments run from left to right: expires_at goes by the holder just set.
	_, err := tx.Exec(ctx, `/* tracking.instance.claim */
		INSERT INTO {wp}partner_center_instances (id, holder, expires_at) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE
			holder = IF(expires_at <= ?, VALUES(holder), holder),
			expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at)`,
		n, i.holder, now.Add(leaseTime), now.Add(-leaseTime))
	if err != nil {
		return false, err
	}
	var holder string
	err = tx.Get(ctx, &holder,
		`/* tracking.instance.claim */ SELECT holder FROM {wp}partner_center_instances WHERE id = ?`, n)
	i.number = n
	i.until.Store(now.Add(leaseTime).UnixMilli())
	return holder == i.holder, err
}

// held tells whether ids may be made with the number at this time.
func (i *instance) held(at time.Time) bool { return at.UnixMilli() < i.until.Load() }

// renew prolongs the lease; errLeaseLost when another sidecar has the number.
func (i *instance) renew(ctx context.Context) error {
	until := i.now().Add(leaseTime)
	renewed, err := i.setEnd(ctx, until)
	if err != nil {
		return err
	}
	if !renewed {
		i.until.Store(0)
		return errLeaseLost
	}
	i.until.Store(until.UnixMilli())
	return nil
}

// release ends the lease when the sidecar stops.
func (i *instance) release(ctx context.Context) error {
	i.until.Store(0)
	_, err := i.setEnd(ctx, i.now())
	return err
}

func (i *instance) setEnd(ctx context.Context, at time.Time) (bool, error) {
	res, err := i.db.Exec(ctx, `/* tracking.instance.setEnd */
		UPDATE {wp}partner_center_instances SET expires_at = ? WHERE id = ? AND holder = ?`, at, i.number, i.holder)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
