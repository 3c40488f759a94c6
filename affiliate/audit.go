package affiliate

import (
	"context"
	"encoding/json"
	"fmt"
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
	Before   []byte    `db:"before_json"` // JSON; nil when there was nothing
	After    []byte    `db:"after_json"`
	Reason   string    `db:"reason"`
}

// maxReason is the length of the column; more is refused, never cut.
const maxReason = 255

// Audit writes down actions as a step of their own transaction, so that neither
// is ever there without the other.
func Audit(ctx context.Context, q db.Queryer, at time.Time, entries ...AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	args := []any{}
	for _, e := range entries {
		if utf8.RuneCountInString(e.Reason) > maxReason {
			return Invalid("reason", "Please use at most %d characters.", maxReason)
		}
		before, err := auditJSON(e.Before)
		if err != nil {
			return err
		}
		after, err := auditJSON(e.After)
		if err != nil {
			return err
		}
		args = append(args, at, e.Actor, e.Action, e.Object, e.ObjectID, before, after, e.Reason)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?), ", len(entries)), ", ")
	_, err := q.Exec(ctx, `/* affiliate.Audit */
		INSERT INTO {wp}partner_center_audit (at, actor, action, object, object_id, before_json, after_json, reason)
		VALUES `+rows, args...)
	return err
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
func (r *Registry) History(ctx context.Context, object string, objectID, before int64, limit int) ([]AuditRecord, error) {
	records := []AuditRecord{}
	err := r.db.Select(ctx, &records, `/* affiliate.History */
		SELECT id, at, actor, action, object, COALESCE(object_id, 0) AS object_id, before_json, after_json, reason
		FROM {wp}partner_center_audit
		WHERE object = ? AND object_id <=> NULLIF(?, 0) AND (? = 0 OR id < ?)
		ORDER BY id DESC LIMIT ?`, object, objectID, before, before, limit)
	return records, err
}
