package affiliate

import (
	"context"

	"partnercenter/db"
)

// The list of partners stands by name or by sign-up. Neither stands in their own row,
// where an index finds it: listed_as and listed_at do. Whoever changes a name, or which
// membership is the running one, calls these two.

// listByName takes over the name of a contact to the partner they are, if they are one:
// first and last name, else the address.
func listByName(ctx context.Context, q db.Queryer, contact ContactID) error {
	_, err := q.Exec(ctx, `/* affiliate.listByName */
		UPDATE {wp}partner_center_partners SET listed_as = COALESCE((SELECT
			COALESCE(NULLIF(TRIM(CONCAT(k.first_name, ' ', k.last_name)), ''), k.email COLLATE utf8mb4_unicode_ci)
			FROM {wp}partner_center_contacts k WHERE k.id = ?), '') WHERE contact_id = ?`, contact, contact)
	return err
}

// listBySignUp takes over when the running membership was signed up for, else when the
// partner came in.
func listBySignUp(ctx context.Context, q db.Queryer, partner PartnerID) error {
	_, err := q.Exec(ctx, `/* affiliate.listBySignUp */
		UPDATE {wp}partner_center_partners SET listed_at = COALESCE((SELECT m.signup_at
			FROM {wp}partner_center_memberships m WHERE m.partner_id = ? AND m.active = 1), created_at)
		WHERE id = ?`, partner, partner)
	return err
}
