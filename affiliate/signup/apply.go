package signup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Application is a submitted sign-up form.
type Application struct {
	ProgramCode string
	Email       string // of a logged-in visitor: his account's address
	FirstName   string
	LastName    string
	Company     string
	PayPalEmail string                  // may be given later
	Method      affiliate.PaymentPolicy // PayPal or Check; "" is the settings' one
	Click       string                  // raw click cookie of the request, "" without
	UserID      affiliate.UserID        // WordPress user who is logged in, 0 for nobody
	Page        string                  // where the form stands
	FormID      string                  // of this copy of the form, so that sending it twice is one sign-up
	At          time.Time               // when it was submitted; zero is now
}

// source is how sign-up forms are known among the forms of contacts.
const source = "partner-center"

// Apply signs somebody up for a program. The form's own click is applied to
// the contact first; the referrer whom the settings credit then is the one who
// recruited him (D5).
//
// Errors: KindInvalid by the fields email, first_name, last_name, company,
// payment_method and paypal_email; KindNotFound for an unknown program;
// KindConflict where the program or this person cannot be signed up.
func (d *Service) Apply(ctx context.Context, a Application) (r Result, err error) {
	if a.At.IsZero() {
		a.At = d.now()
	}
	a.At = clock.Cut(a.At)
	if a.FormID == "" {
		a.FormID = rand.Text()
	}
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = d.apply(ctx, tx, a)
		return err
	})
	return r, err
}

func (d *Service) apply(ctx context.Context, q db.Queryer, a Application) (Result, error) {
	program, err := openProgram(ctx, q, a.ProgramCode)
	if err != nil {
		return Result{}, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return Result{}, err
	}
	enrolment, person, err := a.check(settings)
	if err != nil {
		return Result{}, err
	}
	if known, is, err := standingOfUser(ctx, q, a.UserID); err != nil || is {
		return known, err
	}
	form, err := d.sales.TakeTouchpoint(ctx, q, a.form(person, program))
	if err != nil {
		return Result{}, err
	}
	if err := mayApply(ctx, q, form.Contact.ID); err != nil {
		return Result{}, err
	}
	if program.Signup == affiliate.SignupApproval {
		enrolment.State = affiliate.Applied
	}
	return d.enrol(ctx, q, entry{contact: form.Contact, program: program, settings: settings,
		referrers: tracking.Referrers{First: form.First, Last: form.Last}, enrolment: enrolment, user: a.UserID})
}

// openProgram is the program, if people can sign up for it.
func openProgram(ctx context.Context, q db.Queryer, code string) (affiliate.Program, error) {
	p, err := affiliate.LoadProgramByCode(ctx, q, code)
	if err == nil && (p.Archived() || p.Signup == affiliate.SignupClosed) {
		err = affiliate.Conflict("%s takes no new partners at the moment.", p.Name)
	}
	return p, err
}

func (a Application) check(s affiliate.Settings) (affiliate.Enrolment, affiliate.Person, error) {
	problems := affiliate.Problems{}
	person := affiliate.Person{Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, UserID: a.UserID}.Check(problems)
	e := affiliate.Enrolment{State: affiliate.Active, At: a.At}
	e.PaymentMethod, e.PayPalEmail = s.CheckPayment(problems, a.Method, a.PayPalEmail)
	return e, person, problems.Err()
}

// form is the sign-up as a form of the contact.
func (a Application) form(p affiliate.Person, program affiliate.Program) tracking.Touchpoint {
	// The browser chooses FormID, so the id covers whom it is about as well:
	// an id used before must not answer for another person.
	id := sha256.Sum256([]byte(program.Code + "\n" + p.Email + "\n" + a.FormID))
	return tracking.Touchpoint{Kind: tracking.SignUp, Source: source, ExternalID: hex.EncodeToString(id[:16]),
		Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Company: p.Company, UserID: p.UserID,
		Page: a.Page, Click: a.Click, At: a.At, Origin: affiliate.ByForm}
}

// standingOfUser finds the partner that a logged-in visitor is already, also
// when he enters another address than the partner is known by.
func standingOfUser(ctx context.Context, q db.Queryer, user affiliate.UserID) (Result, bool, error) {
	p, err := affiliate.LoadPartnerByUser(ctx, q, user)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return Result{}, false, nil
	}
	if err != nil {
		return Result{}, false, err
	}
	return standingOf(ctx, q, p)
}

// mayApply refuses people whom an admin has turned away; only an admin takes
// them back.
func mayApply(ctx context.Context, q db.Queryer, contact affiliate.ContactID) error {
	p, err := affiliate.LoadPartnerByContact(ctx, q, contact)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err == nil && p.State != affiliate.Active && p.State != affiliate.Applied {
		err = affiliate.Conflict("You cannot sign up with this e-mail address. Please write to us.")
	}
	return err
}
