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
type Ring struct {
	db  *db.Handle
	now clock.Clock
	log *slog.Logger

	mu      sync.Mutex
	pairing [32]byte
	sets    map[string]*set
}

// set is what is known of a purpose's keys.
type set struct {
	keys     map[int]Key
	newest   int
	loadedAt time.Time
}

// reloadAfter bounds how often cookies with made-up key ids can make us ask the database.
const reloadAfter = 10 * time.Second

// New opens the keys with the pairing key. log hears of keys that it does not open.
func New(h *db.Handle, now clock.Clock, pairing [32]byte, log *slog.Logger) *Ring {
	return &Ring{db: h, now: now, log: log, pairing: pairing, sets: map[string]*set{}}
}

// Newest is the key to sign with; the first call for a purpose makes it.
func (r *Ring) Newest(ctx context.Context, purpose string) (Key, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.known(ctx, purpose)
	if err != nil {
		return Key{}, err
	}
	return s.keys[s.newest], nil
}

// ByID is the key to verify with. An unknown one is looked for in the database,
// since another sidecar may have made it.
func (r *Ring) ByID(ctx context.Context, purpose string, id int) (Key, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.known(ctx, purpose)
	if err != nil {
		return Key{}, false, err
	}
	k, ok := s.keys[id]
	if !ok && r.now().Sub(s.loadedAt) >= reloadAfter {
		if s, err = r.load(ctx, purpose); err != nil {
			return Key{}, false, err
		}
		k, ok = s.keys[id]
	}
	return k, ok, nil
}

// known is the purpose's keys, at least one.
func (r *Ring) known(ctx context.Context, purpose string) (*set, error) {
	if s := r.sets[purpose]; s != nil {
		return s, nil
	}
	return r.load(ctx, purpose)
}

// load reads the purpose's keys and makes one when none can be opened.
func (r *Ring) load(ctx context.Context, purpose string) (*set, error) {
	for {
		s, highest, err := r.read(ctx, purpose)
		if err != nil {
			return nil, err
		}
		if s.newest != 0 {
			r.sets[purpose] = s
			return s, nil
		}
		// Somebody else may make the same number first; then theirs is read.
		if err := r.make(ctx, purpose, highest+1); err != nil && !db.Duplicate(err) {
			return nil, err
		}
	}
}

type row struct {
	Purpose string `db:"purpose"`
	ID      int    `db:"id"`
	Sealed  []byte `db:"sealed"`
}

func (r *Ring) read(ctx context.Context, purpose string) (s *set, highest int, err error) {
	var rows []row
	err = r.db.Select(ctx, &rows, `/* keyring.read */
		SELECT purpose, id, sealed FROM {wp}partner_center_secrets WHERE purpose = ? ORDER BY id`, purpose)
	s = &set{keys: map[int]Key{}, loadedAt: r.now()}
	for _, row := range rows {
		highest = row.ID
		secret, ok := open(row.Sealed, r.pairing)
		if !ok {
			r.cannotOpen(row)
			continue
		}
		s.keys[row.ID] = Key{ID: row.ID, Secret: secret}
		s.newest = row.ID
	}
	return s, highest, err
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
		purpose, id, seal(secret, r.pairing), r.now())
	return err
}

// Reseal goes over to another pairing key: what the present one opens is
// encrypted with the new one. Keys that another sidecar has resealed already
// stay as they are, and those that neither opens are reported and left.
func (r *Ring) Reseal(ctx context.Context, pairing [32]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
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
	r.pairing = pairing
	r.sets = map[string]*set{}
	return nil
}

func (r *Ring) resealRow(ctx context.Context, tx *db.Tx, row row, pairing [32]byte) error {
	if _, done := open(row.Sealed, pairing); done {
		return nil
	}
	secret, ok := open(row.Sealed, r.pairing)
	if !ok {
		r.cannotOpen(row)
		return nil
	}
	_, err := tx.Exec(ctx, `/* keyring.Reseal */
		UPDATE {wp}partner_center_secrets SET sealed = ? WHERE purpose = ? AND id = ?`, seal(secret, pairing), row.Purpose, row.ID)
	return err
}

const nonceSize = 24

// seal is nonce and box of the secret.
func seal(secret, pairing [32]byte) []byte {
	var nonce [nonceSize]byte
	rand.Read(nonce[:])
	return secretbox.Seal(nonce[:], secret[:], &nonce, &pairing)
}

func open(sealed []byte, pairing [32]byte) (secret [32]byte, ok bool) {
	if len(sealed) != nonceSize+secretbox.Overhead+len(secret) {
		return secret, false
	}
	_, ok = secretbox.Open(secret[:0], sealed[nonceSize:], (*[nonceSize]byte)(sealed), &pairing)
	return secret, ok
}
