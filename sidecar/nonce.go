package sidecar

import (
	"context"
	"time"

	"partnercenter/clock"
	"partnercenter/db"
)

// nonces remembers signed calls in the database, since the copy of a call may
// be sent to another sidecar.
type nonces struct {
	db  *db.Handle
	now clock.Clock
}

// seen records a nonce and tells whether it was there before.
func (n nonces) seen(ctx context.Context, nonce string, until time.Time) (bool, error) {
	_, err := n.db.Exec(ctx,
		`/* sidecar.nonces.seen */ INSERT INTO {wp}partner_center_nonces (nonce, expires_at) VALUES (?, ?)`, nonce,
		until)
	if db.Duplicate(err) {
		return true, nil
	}
	return false, err
}

// prune forgets nonces whose calls would be refused for their age anyway.
func (n nonces) prune(ctx context.Context) error {
	_, err := n.db.Exec(ctx,
		`/* sidecar.nonces.prune */ DELETE FROM {wp}partner_center_nonces WHERE expires_at < ? LIMIT 10000`, n.now())
	return err
}
