package signup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// held is a form that waits: as it was sent, checked.
type held struct {
	Application
	checked
}

// waitsFor is how long a form waits for its mailbox.
const waitsFor = 7 * 24 * time.Hour

// hold keeps a form until its mailbox has confirmed, and sends the link. A
// partner gets no mail, nor does a mailbox that has got enough of them.
func (d *Service) hold(ctx context.Context, q db.Queryer, site Site, h held, program affiliate.Program) (Result,
	error) {
	held := Result{Outcome: Mailed, Program: program}
	p, err := partnerByEmail(ctx, q, h.person.Email)
	if err == nil {
		if known, is, err := existingOf(ctx, q, p); err != nil || is {
			return known, err
		}
	} else if affiliate.KindOf(err) != affiliate.KindNotFound {
		return held, err
	}
	may, err := within(ctx, q, d.now(), "mail", h.person.Email, bound{slotsOfDay, mailsOfDay},
		bound{slotsOfMonth, mailsOfMonth})
	if err != nil || !may {
		return held, err
	}
	token := rand.Text()
	id, err := insertApplication(ctx, q, h, program, token)
	if err != nil || id == 0 {
		return held, err
	}
	err = affiliate.Audit(ctx, q, h.At, affiliate.AuditEntry{Actor: affiliate.Visitor, Action: "sign up",
		Object: "application", ObjectID: id, After: h.person})
	if err != nil {
		return held, err
	}
	if err := keepAnswers(ctx, q, h.formID(program), 0, h.answers.rows(h.terms.Version), h.At); err != nil {
		return held, err
	}
	m := messages.ConfirmSignup{Recipient: h.person.Email, Program: program.Name,
		Until: h.At.Add(waitsFor),
		Link:  strings.TrimRight(site.Links.Base, "/") + "/confirm-signup?token=" + url.QueryEscape(token)}
	return held, d.queue(ctx, q, 0, fmt.Sprintf("signup-%d", id), m)
}

func (h held) formID(program affiliate.Program) string { return h.form(h.person, program).ExternalID }

// insertApplication returns 0 when this very form waits already.
func insertApplication(ctx context.Context, q db.Queryer, h held, program affiliate.Program, token string) (int64,
	error) {
	res, err := q.Exec(ctx, `/* signup.insertApplication */
		INSERT INTO {wp}partner_center_applications (form_id, program_id, email, first_name,
		last_name, company, payment_method, paypal_email,
			click, visitor, page, token, applied_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		h.formID(program), program.ID, h.person.Email, h.person.FirstName, h.person.LastName,
		h.person.Company, h.enrolment.PaymentMethod, h.enrolment.PayPalEmail, asCookie(h.Click, 512),
		asCookie(h.Visitor, 120), affiliate.Cut(affiliate.Line(h.Page), 255), tokenHash(token), h.At,
		h.At.Add(waitsFor))
	if db.Duplicate(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// asCookie is a raw cookie that the column can hold, "" for one that cannot be ours.
func asCookie(raw string, most int) string {
	if len(raw) > most || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return raw
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Held is a sign-up form that waits until it is confirmed (D42).
type Held struct {
	ID        int64                   `db:"id"`
	FormID    string                  `db:"form_id"`
	ProgramID affiliate.ProgramID     `db:"program_id"`
	Email     string                  `db:"email"`
	FirstName string                  `db:"first_name"`
	LastName  string                  `db:"last_name"`
	Company   string                  `db:"company"`
	Method    affiliate.PaymentPolicy `db:"payment_method"`
	PayPal    string                  `db:"paypal_email"`
	Click     string                  `db:"click"`
	Visitor   string                  `db:"visitor"`
	Page      string                  `db:"page"`
	AppliedAt time.Time               `db:"applied_at"`
	ExpiresAt time.Time               `db:"expires_at"`
}

const heldColumns = `id, form_id, program_id, email, first_name, last_name, company, payment_method,
	paypal_email, click, visitor, page, applied_at, expires_at`

func (d *Service) oneHeld(ctx context.Context, q db.Queryer, where string, args ...any) (Held, error) {
	var h Held
	err := q.Get(ctx, &h, `/* signup.Held */ SELECT `+heldColumns+` FROM {wp}partner_center_applications
		WHERE waiting = 1 AND expires_at > ? AND `+where, append([]any{d.now()}, args...)...)
	if db.NoRows(err) {
		err = affiliate.Missing(
			"This link is no longer valid: it was used, replaced, or is too old. You can sign up again at any time.")
	}
	return h, err
}

// HeldByToken is the form that a mailed token confirms; Missing when there is none.
func (d *Service) HeldByToken(ctx context.Context, token string) (Held, error) {
	return d.oneHeld(ctx, d.db, `token = ?`, tokenHash(token))
}

// HeldOf is the latest form for a program that waits under an address, for its
// owner who has logged in; Missing when there is none.
func (d *Service) HeldOf(ctx context.Context, email string, program affiliate.ProgramID) (Held, error) {
	folded, err := affiliate.FoldEmail(email)
	if err != nil {
		return Held{}, affiliate.Missing("Nothing waits for you.")
	}
	return d.oneHeld(ctx, d.db, `email = ? AND program_id = ? ORDER BY id DESC LIMIT 1`, folded, program)
}

// ConfirmMail lets a form take effect because its mailbox has the token, once.
// A PayPal address in it stays unconfirmed, and the recruiter counts from the
// first log-in on: the mailbox alone is no account (D42).
func (d *Service) ConfirmMail(ctx context.Context, token string) (Result, error) {
	h, err := d.HeldByToken(ctx, token)
	if err != nil {
		return Result{}, err
	}
	account, err := d.account(ctx, h.Email)
	if err != nil {
		return Result{}, err
	}
	return d.confirm(ctx, h.ID, account)
}

// ConfirmLoggedIn is ConfirmMail by the owner of the account that has the form's
// address.
func (d *Service) ConfirmLoggedIn(ctx context.Context, user affiliate.UserID, email string,
	program affiliate.ProgramID) (Result, error) {
	h, err := d.HeldOf(ctx, email, program)
	if err != nil {
		return Result{}, err
	}
	return d.confirm(ctx, h.ID, user)
}

func (d *Service) confirm(ctx context.Context, id int64, account affiliate.UserID) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		h, err := d.oneHeld(ctx, tx, `id = ? FOR UPDATE`, id)
		if err != nil {
			return err
		}
		r, err = d.takeHeld(ctx, tx, h, account)
		if err != nil {
			return err
		}
		return endApplications(ctx, tx, h.Email, d.now())
	})
	return r, err
}

// takeHeld is what Apply would have done with the form.
func (d *Service) takeHeld(ctx context.Context, q db.Queryer, h Held, account affiliate.UserID) (Result, error) {
	program, err := affiliate.LoadProgram(ctx, q, h.ProgramID)
	if err == nil && !takesPeople(program) {
		err = affiliate.Conflict("%s isn't accepting new partners right now.", program.Name)
	}
	if err != nil {
		return Result{}, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return Result{}, err
	}
	if partner, is, err := existingOfUser(ctx, q, account); err != nil || is {
		return partner, err
	}
	if barred, err := isBarred(ctx, q, h.Email); err != nil || barred {
		return Result{Outcome: Barred, Program: program}, err
	}
	form := tracking.Touchpoint{Kind: tracking.SignUp, Source: source, ExternalID: h.FormID, Email: h.Email,
		FirstName: h.FirstName,
		LastName:  h.LastName, Company: h.Company, UserID: account, Page: h.Page, Click: h.Click, Visitor: h.Visitor,
		Confirmed: true, At: h.AppliedAt, Origin: affiliate.ByForm}
	e := affiliate.Enrolment{State: affiliate.Active, PaymentMethod: h.Method, PayPalEmail: h.PayPal, Unclaimed: true,
		At: d.now()}
	a, version, err := heldAnswers(ctx, q, h.FormID)
	if err != nil {
		return Result{}, err
	}
	taken := entry{program: program, settings: settings, enrolment: e, user: account, answers: a, waited: true}
	if version > 0 {
		if taken.terms, err = oneVersion(ctx, q, program.ID, version); err != nil {
			return Result{}, err
		}
	}
	return d.takeIn(ctx, q, form, taken)
}

// endApplications takes what waits under an address out of the way.
func endApplications(ctx context.Context, q db.Queryer, email string, at time.Time) error {
	_, err := q.Exec(ctx, `/* signup.endApplications */
		UPDATE {wp}partner_center_applications SET waiting = NULL, done_at = ?, outcome = 'confirmed' WHERE email = ?
		AND waiting = 1`, at, email)
	return err
}

// WaitingCount is how many applications wait for their senders to confirm them by mail.
func (s *Service) WaitingCount(ctx context.Context) (n int64, err error) {
	err = s.db.Get(ctx, &n, `/* signup.WaitingCount */ SELECT COUNT(*) FROM {wp}partner_center_applications
		WHERE waiting = 1 AND expires_at > ?`, s.now())
	return n, err
}

// TermsOf is the version of the terms that was ticked in a form that waits, 0 for
// none: whoever confirms the form accepts them.
func (d *Service) TermsOf(ctx context.Context, h Held) (int, error) {
	_, version, err := heldAnswers(ctx, d.db, h.FormID)
	return version, err
}
