package webhooks

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes deliveries that name a person (D37). What other programs were
// told already, they have. A partner's own postbacks end.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces, at time.Time) error {
	deliveries, args := t.Addressed("facts", "error")
	_, err := q.Exec(ctx, `/* webhooks.ErasePerson */ DELETE FROM {wp}partner_center_webhook_deliveries WHERE `+
		deliveries, args...)
	if err != nil || t.Partner.ID == 0 {
		return err
	}
	_, err = q.Exec(ctx, `/* webhooks.ErasePerson */ UPDATE {wp}partner_center_webhooks SET name = '', url = '',
		removed_at = COALESCE(removed_at, ?) WHERE partner_id = ?`, at, t.Partner.ID)
	return err
}
