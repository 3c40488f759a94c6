package sale

import (
	"context"
	"fmt"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// candidacy asks how somebody was enrolled at a time; candidate 0 is nobody.
type candidacy struct {
	partner affiliate.PartnerID
	at      time.Time
}

// stateThen is a partner's state at the time of w, as a column of a query.
const stateThen = `COALESCE((SELECT t.state FROM {wp}partner_center_partner_states t WHERE t.partner_id = %s
	AND t.changed_at <= w.at
	ORDER BY t.changed_at DESC, t.id DESC LIMIT 1), '')`

// enrollmentQuery asks for all of it at once, because every order does so. %%s
// are the candidacies w.
var enrollmentQuery = fmt.Sprintf(`/* sale.enrollmentsOf */
	SELECT w.i, `+stateThen+` AS state, COALESCE(m.id, 0) AS membership_id, COALESCE(m.program_id, 0) AS program_id,
		COALESCE(g.tiers, 0) AS tiers, COALESCE(g.archived_at <= w.at, 0) AS archived,
		p.contact_id, COALESCE(p.wp_user_id, k.wp_user_id) AS user_id, k.email, p.paypal_email,
		IF(m.recruiter_from <= w.at, m.recruiter_id, NULL) AS recruiter_id, `+stateThen+` AS recruiter_state,
		EXISTS (SELECT 1 FROM {wp}partner_center_memberships n WHERE n.partner_id = r.id
			AND n.started_at <= w.at AND (n.ended_at IS NULL OR n.ended_at > w.at)) AS recruiter_member,
		r.contact_id AS recruiter_contact, COALESCE(r.wp_user_id, l.wp_user_id) AS recruiter_user,
		COALESCE(l.email, '') AS recruiter_email, COALESCE(r.paypal_email, '') AS recruiter_paypal
	FROM (%%s) w
	JOIN {wp}partner_center_partners p ON p.id = w.partner JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
	LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.started_at <= w.at
	AND (m.ended_at IS NULL OR m.ended_at > w.at)
	LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id
	LEFT JOIN {wp}partner_center_partners r ON r.id = m.recruiter_id
	LEFT JOIN {wp}partner_center_contacts l ON l.id = r.contact_id
	ORDER BY w.i, m.started_at, m.id`, "p.id", "r.id")

// enrollmentRow is how the i-th candidate was enrolled.
type enrollmentRow struct {
	I int `db:"i"`
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

func (r enrollmentRow) read() enrollment {
	e := r.enrollment
	e.RecruiterEarns = r.RecruiterMember && r.RecruiterState.MayEarn()
	e.person = identify(r.Contact, r.User, r.Email, r.PayPal)
	e.recruiter = identify(r.RecruiterContact, r.RecruiterUser, r.RecruiterEmail, r.RecruiterPayPal)
	return e
}

// enrollmentOf is how a candidate and their recruiter were enrolled at that time;
// who they are is known as of now.
func enrollmentOf(ctx context.Context, q db.Queryer, candidate affiliate.PartnerID, at time.Time) (enrollment, error) {
	all, err := enrollmentsOf(ctx, q, []candidacy{{candidate, at}})
	if err != nil {
		return enrollment{}, err
	}
	return all[0], nil
}

// enrollmentsOf is enrollmentOf of several; whoever was removed altogether has
// the zero enrollment, as nobody has.
func enrollmentsOf(ctx context.Context, q db.Queryer, asked []candidacy) ([]enrollment, error) {
	all, selects, args := make([]enrollment, len(asked)), []string{}, []any{}
	for i, c := range asked {
		if c.partner == 0 {
			continue
		}
		selects = append(selects, "SELECT CAST(? AS UNSIGNED) AS i, CAST(? AS UNSIGNED) AS partner,"+
			" CAST(? AS DATETIME(6)) AS at")
		args = append(args, i, c.partner, c.at)
	}
	if len(selects) == 0 {
		return all, nil
	}
	rows := []enrollmentRow{}
	err := q.Select(ctx, &rows, fmt.Sprintf(enrollmentQuery, strings.Join(selects, " UNION ALL ")), args...)
	for _, r := range rows {
		all[r.I] = r.read() // of several memberships the latest
	}
	return all, err
}
