package tracking

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson takes the pages and browsers out of a person's forms (D37). Who
// brought them, and when, stays: the books follow from it.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	_, err := q.Exec(ctx, `/* tracking.ErasePerson */
		DELETE FROM {wp}partner_center_contact_browsers WHERE contact_id = ?`, t.Contact.ID)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* tracking.ErasePerson */
		UPDATE {wp}partner_center_touchpoints SET page = '', browser = '' WHERE contact_id = ?`, t.Contact.ID)
	return err
}
