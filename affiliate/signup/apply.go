package signup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Application is a submitted sign-up form.
type Application struct {
	ProgramCode string
	Email       string // of a logged-in visitor: their account's address
	FirstName   string
	LastName    string
	PayPalEmail string                  // may be given later
	Method      affiliate.PaymentPolicy // PayPal or Check; "" is the settings' one
	Click       string                  // raw click cookie of the request, "" without
	Visitor     string                  // raw pc_visitor cookie, "" without
	Network     string                  // tells the visitor's network apart, "" unknown
	UserID      affiliate.UserID        // WordPress user who is logged in, 0 for nobody
	Page        string                  // where the form stands
	FormID      string                  // of this copy of the form, so that sending it twice is one sign-up
	Answers     map[string]string       // to the program's questions, by their fields
	Own         affiliate.FieldValues   // to those of them that are own fields
	Terms       int                     // the version of the terms that was ticked, 0 for none
	At          time.Time               // when it was submitted; zero is now
}

// source is how sign-up forms are known among the forms of contacts.
const source = "partner-center"

// Apply signs somebody up for a program. The form's own click is applied to
// the contact first; the referrer whom the settings credit then is the one who
// recruited them (D5).
//
// A visitor who is not logged in and names an address that has a WordPress
// account becomes nothing yet: the mailbox gets a link, and the form takes effect
// when it is confirmed. So does every such form of a program that asks for it (D42).
//
// Errors: KindInvalid by the fields email, first_name, last_name, payment_method,
// paypal_email, terms, those of the program's questions, and "" for too many forms
// from a network; KindNotFound for an unknown program; KindConflict where the program
// takes nobody.
func (d *Service) Apply(ctx context.Context, a Application) (r Result, err error) {
	if a.At.IsZero() {
		a.At = d.now()
	}
	a.At = clock.Cut(a.At)
	if a.FormID == "" {
		a.FormID = rand.Text()
	}
	var account affiliate.UserID
	if _, err := affiliate.FoldEmail(a.Email); err == nil && a.UserID == 0 {
		if account, err = d.account(ctx, a.Email); err != nil {
			return r, err
		}
	}
	site := d.site()
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = d.apply(ctx, tx, site, a, account != 0)
		return err
	})
	return r, err
}

// apply is Apply in a transaction; known tells that the address of a visitor who
// is not logged in has an account.
func (d *Service) apply(ctx context.Context, q db.Queryer, site Site, a Application, known bool) (Result, error) {
	program, err := openProgram(ctx, q, a.ProgramCode)
	if err != nil {
		return Result{}, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return Result{}, err
	}
	c, err := a.check(ctx, q, program, settings)
	if err != nil {
		return Result{}, err
	}
	if partner, is, err := existingOfUser(ctx, q, a.UserID); err != nil || is {
		return partner, err
	}
	if err := a.checkNetwork(ctx, q, settings, d.now()); err != nil {
		return Result{}, err
	}
	if barred, err := isBarred(ctx, q, c.person.Email); err != nil || barred {
		return Result{Outcome: Barred, Program: program}, err
	}
	if a.UserID == 0 && (known || program.ConfirmFirst) {
		return d.hold(ctx, q, site, held{Application: a, checked: c}, program)
	}
	c.enrolment.Unclaimed = a.UserID == 0
	e := entry{program: program, settings: settings, enrolment: c.enrolment, user: a.UserID, answers: c.answers,
		terms: c.terms}
	r, err := d.takeIn(ctx, q, a.form(c.person, program), e)
	if err != nil || a.UserID == 0 {
		return r, err
	}
	return r, endApplications(ctx, q, c.person.Email, a.At)
}

// takeIn lets a form take effect: its click is applied to the contact, who
// becomes a partner or applicant.
func (d *Service) takeIn(ctx context.Context, q db.Queryer, form tracking.Touchpoint, e entry) (Result, error) {
	applied, err := d.sales.TakeTouchpoint(ctx, q, form)
	if err != nil {
		return Result{}, err
	}
	if e.program.Signup == affiliate.SignupApproval {
		e.enrolment.State = affiliate.Applied
	}
	e.contact, e.referrers = applied.Contact, tracking.Referrers{First: applied.First, Last: applied.Last}
	r, err := d.enrol(ctx, q, e)
	if err != nil || r.Outcome == Already {
		return r, err
	}
	err = affiliate.Audit(ctx, q, e.enrolment.At, affiliate.AuditEntry{Actor: sender(e.user), Action: "sign up",
		Object: "partner", ObjectID: int64(r.Partner.ID), After: r.Partner})
	if err != nil {
		return r, err
	}
	return r, d.takeAnswers(ctx, q, form.ExternalID, r, e)
}

// takeAnswers gives the answers of a form to the new partner. What somebody who was
// not logged in says of a contact fills blanks only.
func (d *Service) takeAnswers(ctx context.Context, q db.Queryer, formID string, r Result, e entry) error {
	at, by := e.enrolment.At, sender(e.user)
	fill := affiliate.SetContactFields
	if e.enrolment.Unclaimed {
		fill = affiliate.FillContactFields
	}
	if err := fill(ctx, q, by, r.Partner.ContactID, e.answers.own, at); err != nil {
		return err
	}
	if e.terms.Any() {
		if err := accept(ctx, q, by, r.Partner.ID, e.terms, WithForm, at); err != nil {
			return err
		}
	}
	if e.waited {
		return giveAnswers(ctx, q, formID, r.Partner.ID)
	}
	return keepAnswers(ctx, q, formID, r.Partner.ID, e.answers.texts, at)
}

// sender is who sent a public form, as the audit names them.
func sender(user affiliate.UserID) affiliate.Actor {
	if user == 0 {
		return affiliate.Visitor
	}
	return affiliate.Actor(fmt.Sprintf("visitor (user %d)", user))
}

// openProgram is the program, if people can sign up for it.
func openProgram(ctx context.Context, q db.Queryer, code string) (affiliate.Program, error) {
	p, err := affiliate.LoadProgramByCode(ctx, q, code)
	if err == nil && !takesPeople(p) {
		err = affiliate.Conflict("%s isn't accepting new partners right now.", p.Name)
	}
	return p, err
}

func takesPeople(p affiliate.Program) bool {
	return !p.Archived() && p.Signup != affiliate.SignupClosed
}

// checked is what a form says, as it is stored.
type checked struct {
	enrolment affiliate.Enrolment
	person    affiliate.Person
	answers   answers
	terms     Terms // that were ticked; the zero ones where the program has none
}

func (a Application) check(ctx context.Context, q db.Queryer, program affiliate.Program, s affiliate.Settings) (
	c checked, err error) {
	questions, err := loadQuestions(ctx, q, program.ID)
	if err != nil {
		return c, err
	}
	if c.terms, err = loadTerms(ctx, q, program.ID); err != nil {
		return c, err
	}
	problems := affiliate.Problems{}
	c.answers, c.person.Company = a.checkAnswers(problems, Asked(questions))
	c.person = affiliate.Person{Email: a.Email, FirstName: a.FirstName, LastName: a.LastName,
		Company: c.person.Company, UserID: a.UserID}.Check(problems)
	c.enrolment = affiliate.Enrolment{State: affiliate.Active, At: a.At}
	c.enrolment.PaymentMethod, c.enrolment.PayPalEmail = s.CheckPayment(problems, a.Method, a.PayPalEmail)
	if c.terms.Any() {
		problems.Check(a.Terms != 0, "terms", "Please read and accept the terms.")
		problems.Check(a.Terms == c.terms.Version, "terms", "The terms have changed. Please read them again.")
	} else {
		c.terms = Terms{}
	}
	return c, problems.Err()
}

// form is the sign-up as a form of the contact.
func (a Application) form(p affiliate.Person, program affiliate.Program) tracking.Touchpoint {
	// The browser chooses FormID, so the id covers whom it is about as well:
	// an id used before must not answer for another person.
	id := sha256.Sum256([]byte(program.Code + "\n" + p.Email + "\n" + a.FormID))
	return tracking.Touchpoint{Kind: tracking.SignUp, Source: source, ExternalID: hex.EncodeToString(id[:16]),
		Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Company: p.Company, UserID: p.UserID,
		Page: a.Page, Click: a.Click, Visitor: a.Visitor, Network: a.Network, LoggedIn: a.UserID != 0, At: a.At,
		Origin: affiliate.ByForm}
}

// existingOfUser finds the partner that a logged-in visitor is already, also
// when they enter another address than the partner is known by.
func existingOfUser(ctx context.Context, q db.Queryer, user affiliate.UserID) (Result, bool, error) {
	p, err := affiliate.LoadPartnerByUser(ctx, q, user)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return Result{}, false, nil
	}
	if err != nil {
		return Result{}, false, err
	}
	return existingOf(ctx, q, p)
}

// isBarred tells whether an admin has turned the person away; only an admin
// takes them back. Visitors are not told: the answer is the same for everybody.
func isBarred(ctx context.Context, q db.Queryer, email string) (bool, error) {
	p, err := partnerByEmail(ctx, q, email)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return false, nil
	}
	return err == nil && p.State != affiliate.Active && p.State != affiliate.Applied, err
}

func partnerByEmail(ctx context.Context, q db.Queryer, email string) (affiliate.Partner, error) {
	c, err := affiliate.LoadContactByEmail(ctx, q, email)
	if err != nil {
		return affiliate.Partner{}, err
	}
	return affiliate.LoadPartnerByContact(ctx, q, c.ID)
}
