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
}

// Add makes somebody a partner, whatever the program's sign-up mode, and takes
// back people who were turned away or had left. Who recruited them is the
// referrer whom the settings credit at this moment.
//
// Errors: as of Apply.
func (d *Service) Add(ctx context.Context, actor affiliate.Actor, a Addition) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = d.add(ctx, tx, actor, a)
		return err
	})
	return r, err
}

func (d *Service) add(ctx context.Context, tx *db.Tx, actor affiliate.Actor, a Addition) (Result, error) {
	e, err := d.addition(ctx, tx, a)
	if err != nil {
		return Result{}, err
	}
	r, err := d.enrol(ctx, tx, e)
	if err != nil || r.Outcome == Already {
		return r, err
	}
	return r, affiliate.Audit(ctx, tx, e.enrolment.At, affiliate.AuditEntry{Actor: actor, Action: "add",
		Object: "partner", ObjectID: int64(r.Partner.ID), After: r})
}

// addition checks what the admin entered, and makes or finds the contact.
func (d *Service) addition(ctx context.Context, q db.Queryer, a Addition) (entry, error) {
	program, err := affiliate.LoadProgram(ctx, q, a.ProgramID)
	if err == nil && program.Archived() {
		err = affiliate.Conflict("%s is archived, so no one can join it.", program.Name)
	}
	if err != nil {
		return entry{}, err
	}
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return entry{}, err
	}
	problems := affiliate.Problems{}
	person := a.Person.Check(problems)
	e := affiliate.Enrolment{State: affiliate.Active, At: d.now()}
	e.PaymentMethod, e.PayPalEmail = settings.CheckPayment(problems, a.Method, a.PayPalEmail)
	if err := problems.Err(); err != nil {
		return entry{}, err
	}
	contact, _, err := affiliate.EnsureContact(ctx, q, person, affiliate.ByAdmin, e.At)
	if err == nil && a.NewOnly {
		err = neverLeft(ctx, q, contact.ID)
	}
	return entry{contact: contact, program: program, settings: settings, enrolment: e, user: a.Person.UserID,
		referrers: tracking.Referrers{First: contact.First, Last: contact.Last}}, err
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
