package inbox

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes facts that name a person (D37). Those that wait hold sales of
// others' as well, and stay until they are taken in.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	facts, args := t.Mentioned("payload", "error")
	_, err := q.Exec(ctx, `/* inbox.ErasePerson */ DELETE FROM {wp}partner_center_inbox WHERE done_at IS NOT NULL
		AND `+facts, args...)
	return err
}
