package sale

import (
	"context"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// stateThen is a partner's state at a time, as a column of a query.
const stateThen = `COALESCE((SELECT t.state FROM {wp}partner_center_partner_states t WHERE t.partner_id = %s
	AND t.changed_at <= ?
	ORDER BY t.changed_at DESC, t.id DESC LIMIT 1), '')`

// enrollmentQuery asks for all of it at once, because every order does so.
var enrollmentQuery = fmt.Sprintf(`/* sale.enrollmentOf */
	SELECT `+stateThen+` AS state, m.id AS membership_id, m.program_id, COALESCE(g.tiers, 0) AS tiers,
		COALESCE(g.archived_at <= ?, 0) AS archived,
		p.contact_id, COALESCE(p.wp_user_id, k.wp_user_id) AS user_id, k.email, p.paypal_email,
		IF(m.recruiter_from <= ?, m.recruiter_id, NULL) AS recruiter_id, `+stateThen+` AS recruiter_state,
		EXISTS (SELECT 1 FROM {wp}partner_center_memberships n WHERE n.partner_id = r.id
			AND n.started_at <= ? AND (n.ended_at IS NULL OR n.ended_at > ?)) AS recruiter_member,
		r.contact_id AS recruiter_contact, COALESCE(r.wp_user_id, l.wp_user_id) AS recruiter_user,
		COALESCE(l.email, '') AS recruiter_email, COALESCE(r.paypal_email, '') AS recruiter_paypal
	FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
	LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.started_at <= ?
	AND (m.ended_at IS NULL OR m.ended_at > ?)
	LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id
	LEFT JOIN {wp}partner_center_partners r ON r.id = m.recruiter_id
	LEFT JOIN {wp}partner_center_contacts l ON l.id = r.contact_id
	WHERE p.id = ? ORDER BY m.started_at DESC, m.id DESC LIMIT 1`, "p.id", "r.id")

// enrollmentOf is where a candidate and their recruiter stood at that time; who they
// are is known as of now.
func enrollmentOf(ctx context.Context, q db.Queryer, candidate affiliate.PartnerID, at time.Time) (enrollment, error) {
	if candidate == 0 {
		return enrollment{}, nil
	}
	var s struct {
		enrollment
		Contact          affiliate.ContactID    `db:"contact_id"`
		User             affiliate.UserID       `db:"user_id"`
		Email            string                 `db:"email"`
		PayPal           string                 `db:"paypal_email"`
		RecruiterState   affiliate.PartnerState `db:"recruiter_state"`
		RecruiterMember  bool                   `db:"recruiter_member"`
		RecruiterContact affiliate.ContactID    `db:"recruiter_contact"`
		RecruiterUser    affiliate.UserID       `db:"recruiter_user"`
		RecruiterEmail   string                 `db:"recruiter_email"`
		RecruiterPayPal  string                 `db:"recruiter_paypal"`
	}
	err := q.Get(ctx, &s, enrollmentQuery, at, at, at, at, at, at, at, at, candidate)
	if db.NoRows(err) {
		return enrollment{}, nil // removed altogether: not active
	}
	s.RecruiterEarns = s.RecruiterMember && s.RecruiterState.MayEarn()
	s.person = identify(s.Contact, s.User, s.Email, s.PayPal)
	s.recruiter = identify(s.RecruiterContact, s.RecruiterUser, s.RecruiterEmail, s.RecruiterPayPal)
	return s.enrollment, err
}
