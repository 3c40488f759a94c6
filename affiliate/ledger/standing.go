package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// standingOf is where a candidate and his recruiter stood at that time. It asks
// for all of it at once, because every order does so.
func standingOf(ctx context.Context, q db.Queryer, candidate affiliate.PartnerID, at time.Time) (standing, error) {
	if candidate == 0 {
		return standing{}, nil
	}
	var s struct {
		standing
		RecruiterState  affiliate.PartnerState `db:"recruiter_state"`
		RecruiterMember bool                   `db:"recruiter_member"`
	}
	err := q.Get(ctx, &s, `/* ledger.standingOf */
		SELECT p.state, m.id AS membership_id, m.program_id, COALESCE(g.tiers, 0) AS tiers,
			COALESCE(g.archived_at <= ?, 0) AS archived,
			m.recruiter_id, COALESCE(r.state, '') AS recruiter_state,
			EXISTS (SELECT 1 FROM {wp}pc_memberships n WHERE n.partner_id = r.id
				AND n.started_at <= ? AND (n.ended_at IS NULL OR n.ended_at > ?)) AS recruiter_member
		FROM {wp}pc_partners p
		LEFT JOIN {wp}pc_memberships m ON m.partner_id = p.id AND m.started_at <= ? AND (m.ended_at IS NULL OR m.ended_at > ?)
		LEFT JOIN {wp}pc_programs g ON g.id = m.program_id
		LEFT JOIN {wp}pc_partners r ON r.id = m.recruiter_id
		WHERE p.id = ? ORDER BY m.started_at DESC, m.id DESC LIMIT 1`, at, at, at, at, at, candidate)
	if db.NoRows(err) {
		return standing{}, nil // removed altogether: not active
	}
	s.RecruiterEarns = s.RecruiterMember && mayEarn(s.RecruiterState)
	return s.standing, err
}

// applyOrderForm records that the buyer placed an order: the order's own cookie
// is applied to the contact before the credit is decided (S66).
func (l *Ledger) applyOrderForm(ctx context.Context, q db.Queryer, s OrderState) (tracking.Applied, error) {
	if s.email() == "" {
		return tracking.Applied{}, nil
	}
	return l.tracker.ApplyForm(ctx, q, tracking.Form{
		Kind: tracking.Order, Source: s.Source, ExternalID: s.ExternalID,
		Email: s.email(), FirstName: s.Buyer.FirstName, LastName: s.Buyer.LastName, UserID: s.Buyer.UserID,
		Click: s.Click, At: s.PlacedAt, Origin: s.origin(),
	})
}

// origin tells orders that a visitor placed from those that an admin entered or
// the cart made by itself: these are no forms of the visitor, and no leads.
func (s OrderState) origin() affiliate.Origin {
	if s.Source == manual || s.Renewal {
		return affiliate.ByAdmin
	}
	return affiliate.ByOrder
}
