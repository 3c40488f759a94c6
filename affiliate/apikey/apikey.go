// Package apikey keeps the keys of programs that report to us or ask us: those
// of the server-to-server API (B14) and of the pixel (S124-S126). It checks
// what they sign, remembers what they were answered, and lists their calls.
//
// A key's secret is stored nowhere. It is derived from one of our own secret
// keys (package keyring) and the key's public id, shown once, and over when the
// key is revoked.
//
// Tables of this package: api_keys, api_answers, api_calls.
package apikey

import (
	"context"
	"time"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
)

// Keys keeps the keys on the site's database. It is safe for concurrent use,
// also by several sidecars.
type Keys struct {
	db   *db.Handle
	now  clock.Clock
	ring *keyring.Ring
	seen Seen
}

// Seen remembers a nonce of at most 32 characters until then, and tells whether
// it was there already.
type Seen func(ctx context.Context, nonce string, until time.Time) (bool, error)

// NewKeys keeps keys; seen is asked for signed calls that change something.
func NewKeys(h *db.Handle, now clock.Clock, ring *keyring.Ring, seen Seen) *Keys {
	return &Keys{db: h, now: now, ring: ring, seen: seen}
}
