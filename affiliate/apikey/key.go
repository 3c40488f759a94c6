package apikey

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// KeyID is the row of a key.
type KeyID = affiliate.ID[Key]

// Kind is what a key is for.
type Kind string

// The kinds.
const (
	Site  Kind = "site"  // the API, for a server
	Pixel Kind = "pixel" // the pixel, for the pages of a cart
)

// Scope is something that a site's key may do.
type Scope string

// The scopes. Each names a noun and whether it is read or changed.
const (
	ReadOrders       Scope = "orders:read"
	WriteOrders      Scope = "orders:write"
	WriteLeads       Scope = "leads:write"
	ReadContacts     Scope = "contacts:read"
	WriteContacts    Scope = "contacts:write"
	ReadPartners     Scope = "partners:read"
	WritePartners    Scope = "partners:write"
	ReadCommissions  Scope = "commissions:read"
	WriteCommissions Scope = "commissions:write"
	ReadPayouts      Scope = "payouts:read"
	ReadReports      Scope = "reports:read"
)

// Scopes are all of them, in the order of forms.
var Scopes = []Scope{ReadOrders, WriteOrders, WriteLeads, ReadContacts, WriteContacts, ReadPartners, WritePartners,
	ReadCommissions, WriteCommissions, ReadPayouts, ReadReports}

// Key is a key without its secret.
type Key struct {
	ID        KeyID               `db:"id"`
	Public    string              `db:"public_id"` // stands in calls; random
	Kind      Kind                `db:"kind"`
	Name      string              `db:"name"`       // what an admin calls the program that has it
	PartnerID affiliate.PartnerID `db:"partner_id"` // of a partner's own pixel; 0: the site's
	ScopeList string              `db:"scopes"`     // separated by blanks
	RingKey   int                 `db:"ring_key"`   // which of our keys the secret is derived from
	CreatedBy affiliate.Actor     `db:"created_by"`
	CreatedAt time.Time           `db:"created_at"`
	RevokedAt *time.Time          `db:"revoked_at"`
}

// May tells whether the key has a scope.
func (k Key) May(s Scope) bool { return slices.Contains(k.Scopes(), s) }

// Scopes are what the key may do.
func (k Key) Scopes() []Scope {
	list := []Scope{}
	for _, s := range strings.Fields(k.ScopeList) {
		list = append(list, Scope(s))
	}
	return list
}

// Actor names the key in the audit and the ledger.
func (k Key) Actor() affiliate.Actor {
	return affiliate.Actor(fmt.Sprintf("%s (API key %d)", k.Name, k.ID))
}

const (
	keyColumns = `id, public_id, kind, name, partner_id, scopes, ring_key, created_by, created_at, revoked_at`
	purpose    = "api" // of our own keys
	maxName    = 100   // characters of the column
)

// Create makes a key and its secret, which is told only now. wanted gives Kind,
// Name, PartnerID and ScopeList.
//
// Errors: KindInvalid by the fields name, kind, scopes and partner.
func (k *Keys) Create(ctx context.Context, actor affiliate.Actor, wanted Key) (made Key, secret string, err error) {
	wanted.Name = affiliate.Line(wanted.Name)
	if err := wanted.check(); err != nil {
		return made, "", err
	}
	ring, err := k.ring.Newest(ctx, purpose)
	if err != nil {
		return made, "", err
	}
	wanted.RingKey, wanted.CreatedBy, wanted.CreatedAt = ring.ID, actor, k.now()
	err = k.db.Tx(ctx, func(tx *db.Tx) error {
		made = wanted
		made.Public = "pk_" + affiliate.NewCode() + affiliate.NewCode()
		if made.ID, err = insertKey(ctx, tx, made); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, k.now(), affiliate.AuditEntry{Actor: actor, Action: "create", Object: "api key",
			ObjectID: int64(made.ID), After: made.audited()})
	})
	return made, secretOf(ring.Secret, made.Public), err
}

func (k Key) check() error {
	p := affiliate.Problems{}
	p.Check(k.Name != "" && utf8.RuneCountInString(k.Name) <= maxName, "name",
		"Name the program that gets the key, in at most %d characters.", maxName)
	p.Check(k.Kind == Site || k.Kind == Pixel, "kind", "Choose what the key is for.")
	p.Check(k.Kind != Site || len(k.Scopes()) > 0, "scopes", "Choose what the key may do.")
	p.Check(k.Kind == Site || k.ScopeList == "", "scopes", "A pixel only reports sales.")
	p.Check(k.Kind == Pixel || k.PartnerID == 0, "partner", "Only a pixel can belong to a partner.")
	for _, s := range k.Scopes() {
		p.Check(slices.Contains(Scopes, s), "scopes", "There is no scope %q.", s)
	}
	return p.Err()
}

// audited is what the audit keeps of a key: all of it, as it holds no secret.
func (k Key) audited() map[string]any {
	return map[string]any{"public_id": k.Public, "kind": k.Kind, "name": k.Name, "partner_id": k.PartnerID,
		"scopes": k.ScopeList}
}

func insertKey(ctx context.Context, q db.Queryer, k Key) (KeyID, error) {
	res, err := q.Exec(ctx, `/* apikey.insertKey */
		INSERT INTO {wp}partner_center_api_keys (public_id, kind, name, partner_id, scopes, ring_key, created_by,
		created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, k.Public, k.Kind, k.Name, k.PartnerID, k.ScopeList, k.RingKey, k.CreatedBy,
		k.CreatedAt)
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	return KeyID(id), err
}

// secretOf is what the program signs with: this text itself, not what it encodes.
func secretOf(ring [32]byte, public string) string {
	h := hmac.New(sha256.New, ring[:])
	h.Write([]byte("partner-center api key v1\n" + public))
	return "sk_" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// secret derives a key's secret again; an error when our own key is lost.
func (k *Keys) secret(ctx context.Context, key Key) (string, error) {
	ring, ok, err := k.ring.ByID(ctx, k.db, purpose, key.RingKey)
	if err == nil && !ok {
		err = fmt.Errorf("the secret key that API key %d was made with cannot be opened: make a new one", key.ID)
	}
	return secretOf(ring.Secret, key.Public), err
}

// Revoke ends a key at once; one that has ended stays so.
func (k *Keys) Revoke(ctx context.Context, actor affiliate.Actor, id KeyID) error {
	return k.db.Tx(ctx, func(tx *db.Tx) error {
		key, err := findKey(ctx, tx, `id = ? FOR UPDATE`, id)
		if err != nil || key.RevokedAt != nil {
			return err
		}
		if _, err := tx.Exec(ctx,
			`/* apikey.Revoke */ UPDATE {wp}partner_center_api_keys SET revoked_at = ? WHERE id = ?`, k.now(),
			id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, k.now(), affiliate.AuditEntry{Actor: actor, Action: "revoke", Object: "api key",
			ObjectID: int64(id), Before: key.audited()})
	})
}

// List are all keys, those in force first, newest first.
func (k *Keys) List(ctx context.Context) ([]Key, error) {
	keys := []Key{}
	err := k.db.Select(ctx, &keys, `/* apikey.List */
		SELECT `+keyColumns+` FROM {wp}partner_center_api_keys ORDER BY revoked_at IS NOT NULL, id DESC LIMIT 500`)
	return keys, err
}

// Find is the key in force of a public id; Missing when there is none.
func (k *Keys) Find(ctx context.Context, public string) (Key, error) {
	return findKey(ctx, k.db, `public_id = ? AND revoked_at IS NULL`, public)
}

func findKey(ctx context.Context, q db.Queryer, where string, args ...any) (Key, error) {
	var key Key
	err := q.Get(ctx, &key, `/* apikey.findKey */ SELECT `+keyColumns+` FROM {wp}partner_center_api_keys WHERE `+where,
		args...)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such key.")
	}
	return key, err
}

// ByID is a key, also one that was revoked since.
func (k *Keys) ByID(ctx context.Context, id KeyID) (Key, error) {
	return findKey(ctx, k.db, `id = ?`, id)
}
