// Package keyring keeps the program's own secret keys in the site's database,
// encrypted with the pairing key of plugin and sidecar.
//
// Each purpose ("click", "visitor") has one or more keys, numbered from 1: the
// newest signs, all verify. They are made on first use. They are not derived
// from WordPress' salts, so that shuffling those voids no click.
//
// Tables of this package: secrets.
package keyring

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/nacl/secretbox"

	"partnercenter/clock"
	"partnercenter/db"
)

// Key is a secret of one purpose.
type Key struct {
	ID     int
	Secret [32]byte
}

// String hides the secret from logs.
func (k Key) String() string { return fmt.Sprintf("[key %d]", k.ID) }

// GoString hides the secret from %#v.
func (k Key) GoString() string { return k.String() }

// Ring hands out keys. It is safe for concurrent use, and several sidecars may
// work on the same database.
//
// The mutex guards what is in memory and is never held over a query, or all
// who want a key would wait for one who waits for the database.
type Ring struct {
	db  *db.Handle
	now clock.Clock
	log *slog.Logger

	mu sync.Mutex
	// pairings are those that keys may be sealed with, the one in force first.
	pairings [][32]byte
	sets     map[string]*set
}

// set is what is known of a purpose's keys. Only askedAt is changed, under the mutex.
type set struct {
	keys    map[int]Key
	newest  int
	askedAt time.Time // when the database was asked last, by whomever
}

// askAgain bounds how often cookies with made-up key ids can make us ask the
// database: once in this time, however many there are.
const askAgain = 10 * time.Second

// New opens the keys with the pairing key. log hears of keys that it does not open.
func New(h *db.Handle, now clock.Clock, pairing [32]byte, log *slog.Logger) *Ring {
	return &Ring{db: h, now: now, log: log, pairings: [][32]byte{pairing}, sets: map[string]*set{}}
}

// Newest is the key to sign with; the first call for a purpose makes it. It is
// not to be called inside a transaction.
func (r *Ring) Newest(ctx context.Context, purpose string) (Key, error) {
	if s := r.known(purpose); s != nil && s.newest != 0 {
		return s.keys[s.newest], nil
	}
	for {
		s, highest, err := r.read(ctx, r.db, purpose)
		if err != nil {
			return Key{}, err
		}
		if s.newest != 0 {
			return s.keys[s.newest], nil
		}
		// Somebody else may make the same number first; then theirs is read.
		if err := r.make(ctx, purpose, highest+1); err != nil && !db.Duplicate(err) {
			return Key{}, err
		}
	}
}

// ByID is the key to verify with. An unknown one is looked for on q, which may
// be a transaction, since another sidecar may have made it; but not again
// within ten seconds, nor while somebody else is looking: then it is unknown.
func (r *Ring) ByID(ctx context.Context, q db.Queryer, purpose string, id int) (Key, bool, error) {
	s := r.known(purpose)
	if s != nil {
		if k, ok := s.keys[id]; ok || !r.mayAsk(s) {
			return k, ok, nil
		}
	}
	read, _, err := r.read(ctx, q, purpose)
	if err != nil {
		if s != nil {
			r.asked(s, time.Time{}) // so that the next one asks
		}
		return Key{}, false, err
	}
	k, ok := read.keys[id]
	return k, ok, nil
}

// known is what is known of the purpose's keys; nil before they were read.
func (r *Ring) known(purpose string) *set {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sets[purpose]
}

// mayAsk tells whether it is time to ask the database, and takes that turn.
func (r *Ring) mayAsk(s *set) bool {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(s.askedAt) < askAgain {
		return false
	}
	s.askedAt = now
	return true
}

func (r *Ring) asked(s *set, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.askedAt = at
}

// keep takes a set for what is known from now on. Keys are never deleted, so of
// two that were read at once the larger is the later; with none that opens there
// is nothing to keep.
func (r *Ring) keep(purpose string, s *set) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.sets[purpose]; old == nil || len(s.keys) >= len(old.keys) {
		r.sets[purpose] = s
	}
}

// pairing are the pairing keys to open with, of which the first seals.
func (r *Ring) pairing() [][32]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pairings
}

type row struct {
	Purpose string `db:"purpose"`
	ID      int    `db:"id"`
	Sealed  []byte `db:"sealed"`
}

// read reads the purpose's keys, of which there may be none yet.
func (r *Ring) read(ctx context.Context, q db.Queryer, purpose string) (s *set, highest int, err error) {
	s = &set{keys: map[int]Key{}, askedAt: r.now()}
	pairings := r.pairing()
	var rows []row
	if err := q.Select(ctx, &rows, `/* keyring.read */
		SELECT purpose, id, sealed FROM {wp}partner_center_secrets WHERE purpose = ? ORDER BY id`,
		purpose); err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		highest = row.ID
		secret, ok := open(row.Sealed, pairings...)
		if !ok {
			r.cannotOpen(row)
			continue
		}
		s.keys[row.ID] = Key{ID: row.ID, Secret: secret}
		s.newest = row.ID
	}
	r.keep(purpose, s)
	return s, highest, nil
}

func (r *Ring) cannotOpen(row row) {
	r.log.Error("a secret key cannot be opened with the present pairing key: what it signed counts as forged; "+
		"give the sidecar the pairing key it had before, or carry on with a new secret",
		"purpose", row.Purpose, "id", row.ID)
}

func (r *Ring) make(ctx context.Context, purpose string, id int) error {
	var secret [32]byte
	rand.Read(secret[:])
	_, err := r.db.Exec(ctx, `/* keyring.make */
		INSERT INTO {wp}partner_center_secrets (purpose, id, sealed, created_at) VALUES (?, ?, ?, ?)`,
		purpose, id, seal(secret, r.pairing()[0]), r.now())
	return err
}

// Reseal goes over to another pairing key: what an earlier one opens is
// encrypted with the new one. Keys that another sidecar has resealed already
// stay as they are, and those that none opens are reported and left.
func (r *Ring) Reseal(ctx context.Context, pairing [32]byte) error {
	r.takeOver(pairing)
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		var rows []row
		if err := tx.Select(ctx, &rows, `/* keyring.Reseal */
			SELECT purpose, id, sealed FROM {wp}partner_center_secrets ORDER BY purpose, id FOR UPDATE`); err != nil {
			return err
		}
		for _, row := range rows {
			if err := r.resealRow(ctx, tx, row, pairing); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.forget()
	return nil
}

// takeOver puts a pairing key before the earlier ones, which still open what is
// not resealed yet.
func (r *Ring) takeOver(pairing [32]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	earlier := slices.DeleteFunc(slices.Clone(r.pairings), func(p [32]byte) bool { return p == pairing })
	r.pairings = append([][32]byte{pairing}, earlier...)
}

// forget has all keys read again.
func (r *Ring) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sets = map[string]*set{}
}

func (r *Ring) resealRow(ctx context.Context, tx *db.Tx, row row, pairing [32]byte) error {
	if _, done := open(row.Sealed, pairing); done {
		return nil
	}
	secret, ok := open(row.Sealed, r.pairing()...)
	if !ok {
		r.cannotOpen(row)
		return nil
	}
	_, err := tx.Exec(ctx, `/* keyring.Reseal */
		UPDATE {wp}partner_center_secrets SET sealed = ? WHERE purpose = ? AND id = ?`, seal(secret, pairing),
		row.Purpose, row.ID)
	return err
}

const nonceSize = 24

// seal is nonce and box of the secret.
func seal(secret, pairing [32]byte) []byte {
	var nonce [nonceSize]byte
	rand.Read(nonce[:])
	return secretbox.Seal(nonce[:], secret[:], &nonce, &pairing)
}

// open is the secret in the box, by the first pairing key that fits.
func open(sealed []byte, pairings ...[32]byte) (secret [32]byte, ok bool) {
	if len(sealed) != nonceSize+secretbox.Overhead+len(secret) {
		return secret, false
	}
	for _, pairing := range pairings {
		if _, ok = secretbox.Open(secret[:0], sealed[nonceSize:], (*[nonceSize]byte)(sealed), &pairing); ok {
			return secret, true
		}
	}
	return secret, false
}
