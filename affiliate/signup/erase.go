package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes the forms by which a person asked to join (D37).
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	forms, args := t.Mentioned("email", "paypal_email")
	_, err := q.Exec(ctx, `/* signup.ErasePerson */ DELETE FROM {wp}partner_center_applications WHERE `+forms, args...)
	return err
}
