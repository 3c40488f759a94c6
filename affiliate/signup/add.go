package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// Addition is a partner made by an admin's hand, also of a WordPress user.
type Addition struct {
	ProgramID   affiliate.ProgramID
	Person      affiliate.Person        // UserID: the WordPress user they are, 0 to find or make one
	PayPalEmail string                  // may be given later
	Method      affiliate.PaymentPolicy // PayPal or Check; "" is the settings' one
	// NewOnly refuses, by a Conflict, people who were turned away or had left.
	NewOnly bool
	// RecruiterID earns the second level of them; 0 is the referrer whom the settings
	// credit at this moment.
	RecruiterID affiliate.PartnerID
	// Own are the site's own fields of the contact, as CheckFieldValues returned them;
	// only blank ones are filled in.
	Own affiliate.FieldValues
}

// Add makes somebody a partner, whatever the program's sign-up mode, and takes
// back people who were turned away or had left.
//
// Errors: as of Apply; KindConflict for a recruiter who can't be one.
func (d *Service) Add(ctx context.Context, actor affiliate.Actor, a Addition) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = d.AddWithin(ctx, tx, actor, a)
		return err
	})
	return r, err
}

// AddWithin is Add as a step of a transaction, which an error must end.
func (d *Service) AddWithin(ctx context.Context, tx *db.Tx, actor affiliate.Actor, a Addition) (Result, error) {
	e, err := d.addition(ctx, tx, a)
	if err != nil {
		return Result{}, err
	}
	r, err := d.enrol(ctx, tx, e)
	if err != nil || r.Outcome == Already {
		return r, err
	}
	if err := affiliate.FillContactFields(ctx, tx, actor, e.contact.ID, a.Own, e.enrolment.At); err != nil {
		return r, err
	}
	return r, affiliate.Audit(ctx, tx, e.enrolment.At, affiliate.AuditEntry{Actor: actor, Action: "add",
		Object: "partner", ObjectID: int64(r.Partner.ID), After: r})
}

// addition checks what the admin entered, and makes or finds the contact.
func (d *Service) addition(ctx context.Context, q db.Queryer, a Addition) (entry, error) {
	e, person, err := d.judge(ctx, q, a)
	if err != nil {
		return entry{}, err
	}
	e.contact, _, err = affiliate.EnsureContact(ctx, q, person, affiliate.ByAdmin, e.enrolment.At)
	if err == nil && a.NewOnly {
		err = neverLeft(ctx, q, e.contact.ID)
	}
	e.referrers = tracking.Referrers{First: e.contact.First, Last: e.contact.Last}
	return e, err
}

// judge checks what the admin entered, whoever is known by that address.
func (d *Service) judge(ctx context.Context, q db.Queryer, a Addition) (e entry, person affiliate.Person, err error) {
	program, err := affiliate.LoadProgram(ctx, q, a.ProgramID)
	if err == nil && program.Archived() {
		err = affiliate.Conflict("%s is archived, so no one can join it.", program.Name)
	}
	if err != nil {
		return entry{}, person, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return entry{}, person, err
	}
	problems := affiliate.Problems{}
	person = a.Person.Check(problems)
	by := affiliate.Enrolment{State: affiliate.Active, At: d.now()}
	by.PaymentMethod, by.PayPalEmail = settings.CheckPayment(problems, a.Method, a.PayPalEmail)
	if err := problems.Err(); err != nil {
		return entry{}, person, err
	}
	if a.RecruiterID != 0 {
		if id, err := recruiter(ctx, q, a.RecruiterID); err != nil {
			return entry{}, person, err
		} else if id == 0 {
			return entry{}, person, affiliate.Conflict("The recruiter must be an active partner in a program.")
		}
	}
	return entry{program: program, settings: settings, enrolment: by, user: a.Person.UserID,
		recruiter: a.RecruiterID}, person, nil
}

// neverLeft refuses people who were turned away or had left.
func neverLeft(ctx context.Context, q db.Queryer, contact affiliate.ContactID) error {
	p, err := affiliate.LoadPartnerByContact(ctx, q, contact)
	switch {
	case affiliate.KindOf(err) == affiliate.KindNotFound:
		return nil
	case err == nil && (p.State == affiliate.Removed || p.State == affiliate.Rejected):
		return affiliate.Conflict("This person was removed or rejected before. Add them again on their page.")
	}
	return err
}
