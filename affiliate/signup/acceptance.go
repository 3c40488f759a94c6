package signup

import (
	"context"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Acceptance is that a partner agreed to a version of the terms of their program.
type Acceptance struct {
	Version    int       `db:"version"`
	Way        Way       `db:"way"`
	AcceptedAt time.Time `db:"accepted_at"`
}

// Way is how terms were accepted.
type Way string

// The ways.
const (
	WithForm Way = "form"   // with the sign-up form
	InCenter Way = "center" // by the partner, logged in
)

// Standing is how a partner stands to the terms of the program they are in.
type Standing struct {
	Program  affiliate.Program // the zero one: they are in none
	Now      Terms             // that count
	Accepted Acceptance        // the latest; Version 0: none yet
}

// Open tells that there are terms that the partner has not accepted yet. It changes
// nothing of what they earn or are paid: they are asked, and admins see it.
func (s Standing) Open() bool { return s.Now.Any() && s.Accepted.Version < s.Now.Version }

// Standing is how a partner stands to their program's terms.
func (d *Service) Standing(ctx context.Context, partner affiliate.PartnerID) (Standing, error) {
	return standing(ctx, d.db, partner)
}

func standing(ctx context.Context, q db.Queryer, partner affiliate.PartnerID) (s Standing, err error) {
	m, is, err := affiliate.RunningMembership(ctx, q, partner)
	if err != nil || !is {
		return s, err
	}
	if s.Program, err = affiliate.LoadProgram(ctx, q, m.ProgramID); err != nil {
		return s, err
	}
	if s.Now, err = loadTerms(ctx, q, m.ProgramID); err != nil {
		return s, err
	}
	err = q.Get(ctx, &s.Accepted, `/* signup.Standing */ SELECT t.version, a.way, a.accepted_at
		FROM {wp}partner_center_signup_accepted a JOIN {wp}partner_center_signup_terms t ON t.id = a.terms_id
		WHERE a.partner_id = ? AND t.program_id = ? ORDER BY t.version DESC LIMIT 1`, partner, m.ProgramID)
	if db.NoRows(err) {
		err = nil
	}
	return s, err
}

// AcceptTerms notes that a partner, logged in, accepts the version they have seen of
// their program's terms; once, however often it is sent.
//
// Errors: KindConflict where the version no longer counts, or they are in no program.
func (d *Service) AcceptTerms(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID,
	version int) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		s, err := standing(ctx, tx, partner)
		if err != nil {
			return err
		}
		if s.Program.ID == 0 || !s.Now.Any() || s.Now.Version != version {
			return affiliate.Conflict("These terms no longer apply. Please read the current ones.")
		}
		return accept(ctx, tx, actor, partner, s.Now, InCenter, d.now())
	})
}

func accept(ctx context.Context, q db.Queryer, actor affiliate.Actor, partner affiliate.PartnerID, t Terms, way Way,
	at time.Time) error {
	res, err := q.Exec(ctx, `/* signup.accept */
		INSERT IGNORE INTO {wp}partner_center_signup_accepted (partner_id, terms_id, way, accepted_at)
		VALUES (?, ?, ?, ?)`, partner, t.ID, way, at)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return affiliate.Audit(ctx, q, at, affiliate.AuditEntry{Actor: actor, Action: "accept terms", Object: "partner",
		ObjectID: int64(partner), After: map[string]any{"program": t.ProgramID, "version": t.Version}})
}

// Unaccepted is a partner who has not accepted the terms that count.
type Unaccepted struct {
	ID        affiliate.PartnerID `db:"id"`
	Email     string              `db:"email"`
	FirstName string              `db:"first_name"`
	LastName  string              `db:"last_name"`
	Version   int                 `db:"version"` // the latest they accepted, 0 for none
}

// Name is first and last name, "" when none is known.
func (u Unaccepted) Name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

const openTerms = ` FROM {wp}partner_center_memberships m
	JOIN {wp}partner_center_partners p ON p.id = m.partner_id AND p.state = 'active'
	JOIN {wp}partner_center_contacts c ON c.id = p.contact_id
	WHERE m.program_id = ? AND m.active = 1 AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_signup_accepted a
		WHERE a.partner_id = p.id AND a.terms_id = ?)`

// Unaccepted are the active partners of a program who have not accepted these terms of it,
// in the order in which they came, behind a partner and at most limit.
func (d *Service) Unaccepted(ctx context.Context, t Terms, behind affiliate.PartnerID, limit int) ([]Unaccepted,
	error) {
	all := []Unaccepted{}
	err := d.db.Select(ctx, &all, `/* signup.Unaccepted */ SELECT p.id, c.email, c.first_name, c.last_name,
		COALESCE((SELECT MAX(t.version) FROM {wp}partner_center_signup_accepted a
			JOIN {wp}partner_center_signup_terms t ON t.id = a.terms_id
			WHERE a.partner_id = p.id AND t.program_id = m.program_id), 0) AS version`+openTerms+`
		AND p.id > ? ORDER BY p.id LIMIT ?`, t.ProgramID, t.ID, int64(behind), limit)
	return all, err
}

// UnacceptedCount is how many they are.
func (d *Service) UnacceptedCount(ctx context.Context, t Terms) (n int64, err error) {
	err = d.db.Get(ctx, &n, `/* signup.UnacceptedCount */ SELECT COUNT(*)`+openTerms, t.ProgramID, t.ID)
	return n, err
}
