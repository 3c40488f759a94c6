// Package signup makes partners: by the sign-up form of a program, by the
// decision on an application, and by an admin's hand. All ways end in the same
// state: a contact, a partner, a running membership, a WordPress account that
// is linked, and a welcome mail (S103-S107).
//
// Nobody is enrolled by a stranger: a form that names an address with a WordPress
// account takes effect only once the mailbox, or the account's owner, has
// confirmed it (D42).
//
// The terms of a program are accepted in versions. A new one is told to its partners
// and asked of them in the center; until they accept it nothing changes for them: they
// earn and are paid as before, and admins see who has not accepted (S148).
//
// Tables of this package: applications, signup_fields, signup_answers, signup_terms,
// signup_accepted, signup_tries.
package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// Service takes sign-ups.
type Service struct {
	db      *db.Handle
	now     clock.Clock
	tracker *tracking.Tracker
	sales   *sale.Service
	outbox  *messages.Outbox
	desk    *messages.Desk
	jobs    *messages.Jobs
	site    func() Site
	account func(ctx context.Context, email string) (affiliate.UserID, error)
	speak   func(context.Context, db.Queryer, affiliate.UserID) (*locale.Language, error)
	tell    func(context.Context, db.Queryer, affiliate.Partner) error // nil: nobody is told
}

// OnPartner is told of each partner who has applied or was approved, with their
// new state, in the transaction in which it happens. Call it before the service is
// used.
func (d *Service) OnPartner(tell func(context.Context, db.Queryer, affiliate.Partner) error) {
	d.tell = tell
}

func (d *Service) told(ctx context.Context, q db.Queryer, p affiliate.Partner) error {
	if d.tell == nil {
		return nil
	}
	return d.tell(ctx, q, p)
}

// Site is what mails say about the site. It can change at run time.
type Site = messages.Site

// Config is what a Service works with.
type Config struct {
	DB      *db.Handle
	Now     clock.Clock
	Tracker *tracking.Tracker
	Sales   *sale.Service
	Outbox  *messages.Outbox
	Desk    *messages.Desk
	Jobs    *messages.Jobs
	Site    func() Site // asked for each mail
	// Account is the WordPress account that has an address, 0 for none.
	Account func(ctx context.Context, email string) (affiliate.UserID, error)
	// Language is how mails speak to a WordPress user, or with 0 to anybody; it is
	// asked in the transaction that queues the mail. Without it they are English.
	Language func(ctx context.Context, q db.Queryer, user affiliate.UserID) (*locale.Language, error)
}

// New works on the site's database.
func New(d Config) *Service {
	return &Service{db: d.DB, now: d.Now, tracker: d.Tracker, sales: d.Sales, outbox: d.Outbox, desk: d.Desk,
		jobs: d.Jobs,
		site: d.Site, account: d.Account, speak: d.Language}
}

// letter is one of the fixed letters of package messages.
type letter interface {
	Mail(event string, in *locale.Language, dress messages.Dress) (messages.Mail, error)
}

// queue puts a letter into the outbox, in the language of a WordPress user; 0 is
// whoever has none.
func (d *Service) queue(ctx context.Context, q db.Queryer, user affiliate.UserID, event string, l letter) error {
	in := locale.English
	dress, err := messages.LoadDress(ctx, q, d.site().Name)
	if err != nil {
		return err
	}
	if d.speak != nil {
		if in, err = d.speak(ctx, q, user); err != nil {
			return err
		}
	}
	m, err := l.Mail(event, in, dress)
	if err != nil {
		return err
	}
	return d.outbox.Queue(ctx, q, m)
}

// Outcome is what became of a sign-up.
type Outcome string

// The outcomes.
const (
	Joined  Outcome = "joined"  // a partner from now on
	Waiting Outcome = "waiting" // an admin decides
	Already Outcome = "already" // the person was a partner or applicant before; nothing has changed
	Mailed  Outcome = "mailed"  // the mailbox has to confirm first (D42); nobody is a partner yet
	Barred  Outcome = "barred"  // an admin has turned the person away; nothing has changed
)

// Result is what became of a sign-up. Of somebody who was a partner already,
// it is the program they are in, which may be another than they asked for.
type Result struct {
	Outcome    Outcome
	Partner    affiliate.Partner
	Membership affiliate.Membership
	Program    affiliate.Program
}

// entry is a person about to become a partner.
type entry struct {
	contact   affiliate.Contact
	program   affiliate.Program
	referrers tracking.Referrers  // the contact's, as of the sign-up
	recruiter affiliate.PartnerID // named by an admin; 0: by the referrers
	settings  affiliate.Settings
	enrolment affiliate.Enrolment // without contact, program and recruiter
	user      affiliate.UserID    // WordPress account there is, 0 without
	answers   answers
	terms     Terms // accepted with the form
	waited    bool  // for its mailbox; what it answered is stored already
}

// enrol makes the partner, or finds that they are one already.
func (d *Service) enrol(ctx context.Context, q db.Queryer, e entry) (Result, error) {
	if known, is, err := existing(ctx, q, e.contact.ID); err != nil || is {
		return known, err
	}
	candidate := e.recruiter
	if candidate == 0 {
		candidate = e.referrers.Candidate(e.settings.Credit).PartnerID
	}
	recruiter, err := recruiter(ctx, q, candidate)
	if err != nil {
		return Result{}, err
	}
	e.enrolment.ContactID, e.enrolment.ProgramID, e.enrolment.RecruiterID = e.contact.ID, e.program.ID, recruiter
	p, m, _, err := affiliate.Enrol(ctx, q, e.enrolment)
	if err != nil {
		return Result{}, err
	}
	if e.user != 0 {
		if p, err = affiliate.LinkUser(ctx, q, p.ID, e.user, e.enrolment.At); err != nil {
			return Result{}, err
		}
	}
	r := Result{Outcome: Joined, Partner: p, Membership: m, Program: e.program}
	if err := d.told(ctx, q, p); err != nil {
		return r, err
	}
	if p.State == affiliate.Applied {
		r.Outcome = Waiting
		return r, d.acknowledge(ctx, q, r)
	}
	return r, d.askForAccount(ctx, q, e.contact, r, e.user != 0 && !e.waited)
}

// existing tells whether the contact is in a program, as partner or applicant.
// The contact is locked, so that it stays true.
func existing(ctx context.Context, q db.Queryer, contact affiliate.ContactID) (Result, bool, error) {
	p, err := affiliate.LoadPartnerByContact(ctx, q, contact)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return Result{}, false, nil
	}
	if err != nil {
		return Result{}, false, err
	}
	return existingOf(ctx, q, p)
}

func existingOf(ctx context.Context, q db.Queryer, p affiliate.Partner) (Result, bool, error) {
	m, running, err := affiliate.RunningMembership(ctx, q, p.ID)
	if err != nil || !running {
		return Result{}, false, err
	}
	program, err := affiliate.LoadProgram(ctx, q, m.ProgramID)
	return Result{Outcome: Already, Partner: p, Membership: m, Program: program}, true, err
}

// recruiter is the candidate if they may earn the second tier of a newcomer: an
// active partner in a program (S16, D5, D6). Enrol sees to it that nobody
// recruits themselves.
func recruiter(ctx context.Context, q db.Queryer, candidate affiliate.PartnerID) (affiliate.PartnerID, error) {
	if candidate == 0 {
		return 0, nil
	}
	p, err := affiliate.LoadPartner(ctx, q, candidate)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return 0, nil
	}
	if err != nil || !p.State.MayEarn() {
		return 0, err
	}
	_, running, err := affiliate.RunningMembership(ctx, q, p.ID)
	if err != nil || !running {
		return 0, err
	}
	return p.ID, nil
}
