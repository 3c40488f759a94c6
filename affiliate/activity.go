package affiliate

import (
	"context"
	"strings"
	"time"
)

// ActivityFilter says which actions are wanted; its zero values are all.
type ActivityFilter struct {
	Who      string // a part of the actor's name
	Object   string
	ObjectID int64
	Action   string
	From, To time.Time // half-open
	Before   int64     // only actions with an id below, for further pages
	Limit    int
}

// Activity lists actions, newest first.
func (r *Registry) Activity(ctx context.Context, f ActivityFilter) ([]AuditRecord, error) {
	conditions, args := []string{"1 = 1"}, []any{}
	add := func(wanted bool, condition string, value any) {
		if wanted {
			conditions, args = append(conditions, condition), append(args, value)
		}
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Who) + "%"
	add(f.Who != "", "a.actor LIKE ?", pattern)
	add(f.Object != "", "a.object = ?", f.Object)
	add(f.ObjectID != 0, "a.object_id = ?", f.ObjectID)
	add(f.Action != "", "a.action = ?", f.Action)
	add(!f.From.IsZero(), "a.at >= ?", f.From)
	add(!f.To.IsZero(), "a.at < ?", f.To)
	add(f.Before != 0, "a.id < ?", f.Before)
	records := []AuditRecord{}
	err := r.db.Select(ctx, &records, `/* affiliate.Activity */ SELECT `+auditColumns+`
		WHERE `+strings.Join(conditions, " AND ")+` ORDER BY a.id DESC LIMIT ?`, append(args, f.Limit)...)
	return records, err
}
