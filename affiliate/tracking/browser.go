package tracking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// browserPurpose names the key under which browsers and networks are known. It
// has one key only: with another, no browser would be the contact's any more.
const (
	browserPurpose = "browser"
	browserKey     = 1
)

// hashed is a keyed hash of 16 bytes; "" when there is no key yet.
func (t *Tracker) hashed(ctx context.Context, q db.Queryer, parts ...string) (string, error) {
	key, ok, err := t.keys.ByID(ctx, q, browserPurpose, browserKey)
	if err != nil || !ok {
		return "", err
	}
	m := hmac.New(sha256.New, key.Secret[:])
	for _, part := range parts {
		m.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return string(m.Sum(nil)[:16]), nil
}

// browserOf is a contact's browser as touchpoints keep it, from a raw pc_visitor
// cookie; "" without one.
func (t *Tracker) browserOf(ctx context.Context, q db.Queryer, contact affiliate.ContactID, raw string) (string,
	error) {
	v, ok := parseVisitor(raw)
	if !ok {
		return "", nil
	}
	return t.hashed(ctx, q, "browser", contact.String(), string(v[:]))
}

// Then is what follows from new proofs of a contact's referrers, in the same
// transaction: sales that wait for them.
type Then func(ctx context.Context, q db.Queryer, contact affiliate.ContactID) error

// SawLoggedIn notes that somebody who is logged in with this address uses the
// browser of a raw pc_visitor cookie: forms by it are theirs (D41). Of people
// whom we do not know, and browsers without the cookie, nothing is kept. then is
// called when a browser is new.
func (t *Tracker) SawLoggedIn(ctx context.Context, email, visitor string, then Then) error {
	if _, ok := parseVisitor(visitor); !ok {
		return nil
	}
	contact, err := affiliate.LoadContactByEmail(ctx, t.db, email)
	if err != nil {
		if affiliate.KindOf(err) != 0 {
			return nil
		}
		return err
	}
	browser, err := t.browserOf(ctx, t.db, contact.ID, visitor)
	if err != nil || browser == "" {
		return err
	}
	var known bool
	err = t.db.Get(ctx, &known, `/* tracking.SawLoggedIn */
		SELECT EXISTS (SELECT 1 FROM {wp}partner_center_contact_browsers WHERE contact_id = ? AND browser = ?)`,
		contact.ID, browser)
	if err != nil || known {
		return err
	}
	return t.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `/* tracking.SawLoggedIn */
			INSERT INTO {wp}partner_center_contact_browsers (contact_id, browser, seen_at) VALUES (?, ?, ?)
			ON DUPLICATE KEY UPDATE seen_at = seen_at`, contact.ID, browser, t.now())
		if err != nil {
			return err
		}
		locked, err := lockContact(ctx, tx, contact.ID)
		if err != nil {
			return err
		}
		if _, _, err = t.store(ctx, tx, locked); err != nil {
			return err
		}
		return then(ctx, tx, contact.ID)
	})
}

// browsersOf are those in which contacts were seen logged in, of contacts whose
// id is as which says.
func browsersOf(ctx context.Context, q db.Queryer, which string,
	args ...any) (map[affiliate.ContactID][]string, error) {
	seen := []struct {
		Contact affiliate.ContactID `db:"contact_id"`
		Browser string              `db:"browser"`
	}{}
	err := q.Select(ctx, &seen, `/* tracking.browsersOf */ SELECT f.contact_id, f.browser
		FROM {wp}partner_center_contact_browsers f WHERE f.contact_id `+which, args...)
	of := map[affiliate.ContactID][]string{}
	for _, b := range seen {
		of[b.Contact] = append(of[b.Contact], b.Browser)
	}
	return of, err
}
