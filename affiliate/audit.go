package affiliate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/db"
)

// AuditEntry is one action of an admin: who did what to which object, and how
// it looked before and after.
type AuditEntry struct {
	Actor    Actor
	Action   string // a verb, at most 40 ASCII characters: "approve"
	Object   string // a noun, at most 20 ASCII characters: "program"
	ObjectID int64  // 0: the object is not a row, or is many
	Before   any    // as JSON; nil when it was made
	After    any    // as JSON; nil when it was removed
	Reason   string // as the admin wrote it, at most 255 characters
}

// AuditRecord is an AuditEntry as it was written.
type AuditRecord struct {
	ID       int64     `db:"id"`
	At       time.Time `db:"at"`
	Actor    Actor     `db:"actor"`
	Action   string    `db:"action"`
	Object   string    `db:"object"`
	ObjectID int64     `db:"object_id"`
	Before   []byte    `db:"before_json"` // JSON; nil when there was nothing, or it was erased
	After    []byte    `db:"after_json"`
	Reason   string    `db:"reason"`
	Origin   string    `db:"origin"` // the network address; "" for the program itself, or erased
}

const auditColumns = `a.id, a.at, a.actor, a.action, a.object, COALESCE(a.object_id, 0) AS object_id, v.before_json,
	v.after_json, a.reason, COALESCE(v.origin, '') AS origin FROM {wp}partner_center_audit a
	LEFT JOIN {wp}partner_center_audit_values v ON v.digest = a.digest`

// maxReason is the length of the column; more is refused, never cut.
const maxReason = 255

// Audit writes down actions as a step of their own transaction, so that neither
// is ever there without the other.
func Audit(ctx context.Context, q db.Queryer, at time.Time, entries ...AuditEntry) error {
	var rows, values [][]any
	written := map[alike]auditValues{}
	for _, e := range entries {
		if utf8.RuneCountInString(e.Reason) > maxReason {
			return Invalid("reason", "Please use at most %d characters.", maxReason)
		}
		v, err := readAuditValues(e, originOf(ctx))
		if err != nil {
			return err
		}
		if same, known := written[v.alike(e)]; known {
			v = same
		} else if v.seal(); v.digest != nil {
			written[v.alike(e)] = v
			values = append(values, []any{v.digest, v.salt, v.before, v.after, v.origin})
		}
		objectID := &e.ObjectID
		if e.ObjectID == 0 {
			objectID = nil
		}
		rows = append(rows, []any{at, e.Actor, e.Action, e.Object, objectID, v.digest, e.Reason})
	}
	err := insertRows(ctx, q, `/* affiliate.Audit */
		INSERT INTO {wp}partner_center_audit_values (digest, salt, before_json, after_json, origin)
		VALUES `, values)
	if err != nil {
		return err
	}
	return insertRows(ctx, q, `/* affiliate.Audit */
		INSERT INTO {wp}partner_center_audit (at, actor, action, object, object_id, digest, reason) VALUES `, rows)
}

// Record writes down an action that changes nothing, such as taking a file away.
func (r *Registry) Record(ctx context.Context, entry AuditEntry) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error { return Audit(ctx, tx, r.now(), entry) })
}

// insertRows runs an INSERT that ends before its rows; none is nothing to do.
func insertRows(ctx context.Context, q db.Queryer, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	marks := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(rows[0])), ", ") + "), "
	_, err := q.Exec(ctx, query+strings.TrimSuffix(strings.Repeat(marks, len(rows)), ", "), slices.Concat(rows...)...)
	return err
}

// auditValues are what an entry says of its object, apart from the entry so that
// a person can be cut out of it (D37). The digest stays, and proves what stood
// there to whoever still has it; the salt, which is erased with the values,
// keeps short values from being guessed.
type auditValues struct {
	digest, salt  []byte // nil when there are no values
	before, after *string
	origin        *string
}

func readAuditValues(e AuditEntry, origin string) (v auditValues, err error) {
	if v.before, err = auditJSON(e.Before); err != nil {
		return v, err
	}
	if v.after, err = auditJSON(e.After); err != nil {
		return v, err
	}
	if origin != "" {
		v.origin = &origin
	}
	return v, nil
}

// alike are entries written together that say the same of their objects, as when a
// thousand commissions are approved: one row of values is enough for them. Where the
// object is a person each has their own, since it is erased with them.
type alike struct {
	actor                 Actor
	object, before, after string
	person                int64
}

func (v auditValues) alike(e AuditEntry) alike {
	key := alike{actor: e.Actor, object: e.Object}
	if e.Object == "contact" || e.Object == "partner" {
		key.person = e.ObjectID
	}
	if v.before != nil {
		key.before = *v.before
	}
	if v.after != nil {
		key.after = *v.after
	}
	return key
}

// seal makes the digest, where there are values.
func (v *auditValues) seal() {
	if v.before == nil && v.after == nil && v.origin == nil {
		return
	}
	v.salt = make([]byte, 16)
	rand.Read(v.salt)
	v.digest = v.sum()
}

// sum is the SHA-256 of the salt and the values in a JSON list: the digest. The
// origin is in it only where there is one, as there was none in the first lists.
func (v auditValues) sum() []byte {
	list := []*string{v.before, v.after}
	if v.origin != nil {
		list = append(list, v.origin)
	}
	values, _ := json.Marshal(list) // strings always can be
	sum := sha256.Sum256(append(slices.Clone(v.salt), values...))
	return sum[:]
}

type originKey struct{}

// WithOrigin has what is audited under ctx say from where it came: the network
// address of a request, at most 64 ASCII characters. Another text is no address.
func WithOrigin(ctx context.Context, address string) context.Context {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, originKey{}, ip.WithZone("").String())
}

func originOf(ctx context.Context) string {
	origin, _ := ctx.Value(originKey{}).(string)
	return origin
}

// auditJSON is v as JSON text, and NULL for nil.
func auditJSON(v any) (*string, error) {
	if v == nil {
		return nil, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	text := string(data)
	return &text, nil
}

// History lists what was done to an object, newest first: at most limit
// records with an id below before (0: from the newest).
func (r *Registry) History(ctx context.Context, object string, objectID, before int64, limit int) ([]AuditRecord,
	error) {
	records := []AuditRecord{}
	err := r.db.Select(ctx, &records, `/* affiliate.History */
		SELECT `+auditColumns+`
		WHERE a.object = ? AND a.object_id <=> NULLIF(?, 0) AND (? = 0 OR a.id < ?)
		ORDER BY a.id DESC LIMIT ?`, object, objectID, before, before, limit)
	return records, err
}
