package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes the forms by which a person asked to join, with the answers
// in them (D37). Which terms they accepted, and when, stays: it names nobody.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	forms, args := t.Addressed("email", "paypal_email")
	if _, err := q.Exec(ctx, `/* signup.ErasePerson */ DELETE FROM {wp}partner_center_signup_answers
		WHERE partner_id = ? OR form_id IN (SELECT form_id FROM {wp}partner_center_applications WHERE `+forms+`)`,
		append([]any{t.Partner.ID}, args...)...); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `/* signup.ErasePerson */ DELETE FROM {wp}partner_center_applications WHERE `+forms, args...)
	return err
}
