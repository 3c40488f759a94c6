package affiliate

import (
	"context"
	"time"

	"partnercenter/db"
)

// Membership is a stretch of time in which a partner belonged to a program.
// At most one is running (D2); RecruiterID earns the second tier (D5). That of
// an applicant runs from their application and starts again when they are accepted:
// nothing can be earned in between.
type Membership struct {
	ID          MembershipID `db:"id"`
	PartnerID   PartnerID    `db:"partner_id"`
	ProgramID   ProgramID    `db:"program_id"`
	RecruiterID PartnerID    `db:"recruiter_id"`
	// RecruiterFrom is from when on the recruiter earns; nil: not before the
	// partner's first log-in, because a form alone made them one (D42).
	RecruiterFrom *time.Time `db:"recruiter_from"`
	SignupAt      time.Time  `db:"signup_at"` // of the unbroken stay, across moves (S39)
	StartedAt     time.Time  `db:"started_at"`
	EndedAt       *time.Time `db:"ended_at"`
}

// Enrolment is a contact's entry into a program.
type Enrolment struct {
	ContactID     ContactID
	ProgramID     ProgramID
	RecruiterID   PartnerID     // who recruited them, 0 nobody (S14, S16)
	State         PartnerState  // Active, or Applied
	PaymentMethod PaymentPolicy // PayPal or Check
	PayPalEmail   string
	At            time.Time
	// Unclaimed: by a form of somebody who was not logged in. The PayPal address
	// is unconfirmed, and the recruiter counts from the first log-in on (D42).
	Unclaimed bool
}

// unconfirmed tells whether the enrolment brings a PayPal address that nobody is
// paid by yet.
func (e Enrolment) unconfirmed() bool { return e.Unclaimed && e.PayPalEmail != "" }

// recruiterFrom is from when on the recruiter earns.
func (e Enrolment) recruiterFrom() *time.Time {
	if e.Unclaimed {
		return nil
	}
	return &e.At
}

// Enrol makes the contact a partner, and the partner a member of the program.
// When they are a member of it already, nothing is changed and made is false;
// when they are in another program, or suspended, it is a Conflict. A partner who
// had left keeps their code and so their links.
func Enrol(ctx context.Context, q db.Queryer, e Enrolment) (p Partner, m Membership, made bool, err error) {
	// The contact's lock lets two enrolments of one person follow one another.
	if _, err = oneContact(ctx, q, "id = ? FOR UPDATE", e.ContactID); err != nil {
		return p, m, false, err
	}
	p, err = onePartner(ctx, q, "contact_id = ? FOR UPDATE", e.ContactID)
	if err == nil {
		return rejoin(ctx, q, p, e)
	}
	if KindOf(err) != KindNotFound {
		return p, m, false, err
	}
	if p, err = insertPartner(ctx, q, e); err != nil {
		return p, m, false, err
	}
	m, err = insertMembership(ctx, q, p.ID, e)
	return p, m, err == nil, err
}

// rejoin enrols somebody who is, or once was, a partner.
func rejoin(ctx context.Context, q db.Queryer, p Partner, e Enrolment) (Partner, Membership, bool, error) {
	m, running, err := RunningMembership(ctx, q, p.ID)
	switch {
	case err != nil:
		return p, m, false, err
	case running && m.ProgramID == e.ProgramID:
		return p, m, false, nil
	case running:
		return p, m, false, Conflict("This person is already a partner in another program.")
	case p.State == Suspended:
		return p, m, false, Conflict("This partner is suspended.")
	}
	if e.RecruiterID, err = unlessCircular(ctx, q, e.RecruiterID, p.ID); err != nil {
		return p, m, false, err
	}
	if p.PayPalEmail == "" { // else a form that anybody can send would turn payments to whoever sent it (S145)
		p.PaymentMethod, p.PayPalEmail, p.PaymentUnconfirmed = e.PaymentMethod, e.PayPalEmail, e.unconfirmed()
	}
	if err := changeState(ctx, q, &p, e.State, e.At); err != nil {
		return p, m, false, err
	}
	m, err = insertMembership(ctx, q, p.ID, e)
	return p, m, err == nil, err
}

// unlessCircular is the recruiter, and 0 when they are the partner themselves or were
// recruited by them, over however many others (D29).
func unlessCircular(ctx context.Context, q db.Queryer, recruiter, partner PartnerID) (PartnerID, error) {
	seen := map[PartnerID]bool{partner: true}
	for up := recruiter; up != 0; {
		if seen[up] {
			return 0, nil
		}
		seen[up] = true
		m, _, err := RunningMembership(ctx, q, up)
		if err != nil {
			return 0, err
		}
		up = m.RecruiterID
	}
	return recruiter, nil
}

func insertPartner(ctx context.Context, q db.Queryer, e Enrolment) (Partner, error) {
	p := Partner{Code: NewCode(), ContactID: e.ContactID, State: e.State,
		PaymentMethod: e.PaymentMethod, PayPalEmail: e.PayPalEmail, PaymentUnconfirmed: e.unconfirmed(),
		CreatedAt: e.At, UpdatedAt: e.At}
	res, err := q.Exec(ctx, `/* affiliate.Enrol */
		INSERT INTO {wp}partner_center_partners (code, contact_id, state, payment_method,
		paypal_email, payment_unconfirmed, created_at, updated_at, listed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Code, p.ContactID, p.State, p.PaymentMethod, p.PayPalEmail,
		p.PaymentUnconfirmed, p.CreatedAt, p.UpdatedAt, p.CreatedAt)
	if err != nil {
		return p, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return p, err
	}
	p.ID = PartnerID(id)
	if err := listByName(ctx, q, p.ContactID); err != nil {
		return p, err
	}
	if err := insertState(ctx, q, p, e.At); err != nil {
		return p, err
	}
	return p, Changed(ctx, q, "partners")
}

func insertMembership(ctx context.Context, q db.Queryer, partner PartnerID, e Enrolment) (Membership, error) {
	return startMembership(ctx, q, Membership{PartnerID: partner, ProgramID: e.ProgramID, RecruiterID: e.RecruiterID,
		RecruiterFrom: e.recruiterFrom(), SignupAt: e.At, StartedAt: e.At})
}

func startMembership(ctx context.Context, q db.Queryer, m Membership) (Membership, error) {
	res, err := q.Exec(ctx, `/* affiliate.Enrol */
		INSERT INTO {wp}partner_center_memberships (partner_id, program_id, recruiter_id, recruiter_from, signup_at,
		started_at) VALUES (?, ?, ?, ?, ?, ?)`,
		m.PartnerID, m.ProgramID, m.RecruiterID, m.RecruiterFrom, m.SignupAt, m.StartedAt)
	if err != nil {
		return m, err
	}
	id, err := res.LastInsertId()
	m.ID = MembershipID(id)
	if err != nil {
		return m, err
	}
	return m, listBySignUp(ctx, q, m.PartnerID)
}

// Accept makes an applicant an active partner, whose membership starts now.
// It is a Conflict for anybody but an applicant.
func Accept(ctx context.Context, q db.Queryer, id PartnerID, at time.Time) (Partner, error) {
	p, err := answerApplication(ctx, q, id, Active, at)
	if err != nil {
		return p, err
	}
	_, err = q.Exec(ctx, `/* affiliate.Accept */
		UPDATE {wp}partner_center_memberships SET signup_at = ?, started_at = ? WHERE partner_id = ? AND active = 1`,
		at, at, id)
	if err != nil {
		return p, err
	}
	return p, listBySignUp(ctx, q, id)
}

// Decline turns an applicant down and ends their membership. It is a Conflict
// for anybody but an applicant.
func Decline(ctx context.Context, q db.Queryer, id PartnerID, at time.Time) (Partner, error) {
	p, err := answerApplication(ctx, q, id, Rejected, at)
	if err != nil {
		return p, err
	}
	_, err = q.Exec(ctx, `/* affiliate.Decline */
		UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL WHERE partner_id = ? AND active = 1`,
		at, id)
	if err != nil {
		return p, err
	}
	return p, listBySignUp(ctx, q, id)
}

// answerApplication makes an applicant what the answer says; their membership is
// the caller's to change.
func answerApplication(ctx context.Context, q db.Queryer, id PartnerID, to PartnerState, at time.Time) (Partner,
	error) {
	p, err := LockPartner(ctx, q, id)
	if err != nil {
		return p, err
	}
	if p.State != Applied {
		return p, Conflict("This application has been answered already: the partner is %s.", p.State.word())
	}
	return p, changeState(ctx, q, &p, to, at)
}

const membershipColumns = `id, partner_id, program_id, recruiter_id, recruiter_from, signup_at, started_at, ended_at`

// RunningMembership is the partner's membership of now; false without one.
func RunningMembership(ctx context.Context, q db.Queryer, partner PartnerID) (Membership, bool, error) {
	return oneMembership(ctx, q, `partner_id = ? AND active = 1`, partner)
}

// ProgramOf is the program that the partner belongs to now; false without one.
func (r *Registry) ProgramOf(ctx context.Context, partner PartnerID) (Program, bool, error) {
	m, running, err := RunningMembership(ctx, r.db, partner)
	if err != nil || !running {
		return Program{}, false, err
	}
	p, err := LoadProgram(ctx, r.db, m.ProgramID)
	return p, err == nil, err
}

// MembershipAt is the partner's membership at that time, by whose program and
// recruiter a sale placed then is credited (D2); false without one.
func MembershipAt(ctx context.Context, q db.Queryer, partner PartnerID, at time.Time) (Membership, bool, error) {
	return oneMembership(ctx, q, `partner_id = ? AND started_at <= ? AND (ended_at IS NULL OR ended_at > ?)
		ORDER BY started_at DESC, id DESC LIMIT 1`, partner, at, at)
}

func oneMembership(ctx context.Context, q db.Queryer, where string, args ...any) (Membership, bool, error) {
	var m Membership
	err := q.Get(ctx, &m, `/* affiliate.MembershipAt */ SELECT `+membershipColumns+
		` FROM {wp}partner_center_memberships WHERE `+where, args...)
	if db.NoRows(err) {
		return Membership{}, false, nil
	}
	return m, err == nil, err
}
