package signup

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
)

// event names what happens once in a membership, so that joining again later
// is another event.
func event(what string, m affiliate.Membership) string { return fmt.Sprintf("%s-%d", what, m.ID) }

// acknowledge tells an applicant that an answer will come, and the admins that one
// waits for them.
func (d *Service) acknowledge(ctx context.Context, q db.Queryer, r Result) error {
	return d.desk.Tell(ctx, q, messages.Event{Key: event("received", r.Membership),
		Occasion: messages.ApplicationReceived, ProgramID: r.Program.ID, PartnerID: r.Partner.ID},
		messages.Event{Key: event("applicant", r.Membership), Occasion: messages.NewApplicant, ProgramID: r.Program.ID,
			PartnerID: r.Partner.ID, Facts: messages.Facts{Page: "admin/partners/" + r.Partner.ID.String()}})
}

// askForAccount asks WordPress to make the partner's user, or to give the role
// to the one there is. Its answer comes to AccountMade. known: see messages.UserJob.
func (d *Service) askForAccount(ctx context.Context, q db.Queryer, c affiliate.Contact, r Result, known bool) error {
	return d.jobs.Queue(ctx, q, messages.MakeUser, event("member", r.Membership), messages.UserJob{
		PartnerID: r.Partner.ID, UserID: r.Partner.WPUserID, Email: c.Email, FirstName: c.FirstName,
		LastName: c.LastName, Known: known})
}

// RemakeAccount asks WordPress for another user of a partner whose user was
// deleted there. gone is that user, which the caller has looked for in vain.
//
// Errors: KindConflict when the partner has another account, or is in no program.
func (d *Service) RemakeAccount(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	gone affiliate.UserID) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		at := d.now()
		p, err := affiliate.UnlinkUser(ctx, tx, id, gone, at)
		if err != nil {
			return err
		}
		contact, r, err := d.member(ctx, tx, id)
		if err != nil {
			return err
		}
		job := messages.UserJob{PartnerID: id, Email: contact.Email, FirstName: contact.FirstName,
			LastName: contact.LastName}
		again := fmt.Sprintf("%s/%d", event("member", r.Membership), gone)
		if err := d.jobs.Queue(ctx, tx, messages.MakeUser, again, job); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at, affiliate.AuditEntry{Actor: actor, Action: "remake account",
			Object: "partner", ObjectID: int64(id), Before: gone, After: p.WPUserID})
	})
}

// AccountMade ends a sign-up: WordPress has a user for the partner. It links
// the two and queues the welcome mail, and the login details where there is a
// partner center (S105-S107); all of it once, however often it is called. A
// partner who has left meanwhile gets no mail, and nobody is asked to set a password
// of an account that they are known to use.
//
// Errors: KindConflict when the user belongs to another partner.
func (d *Service) AccountMade(ctx context.Context, id affiliate.PartnerID, user affiliate.UserID, known bool) error {
	site := d.site()
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := affiliate.LinkUser(ctx, tx, id, user, d.now())
		if err != nil || p.State != affiliate.Active {
			return err
		}
		_, r, err := d.member(ctx, tx, id)
		if affiliate.KindOf(err) == affiliate.KindConflict {
			return nil
		}
		if err != nil {
			return err
		}
		return d.welcome(ctx, tx, site, r, !known)
	})
}

// welcome writes to a new partner; login: also how to log in for the first time.
func (d *Service) welcome(ctx context.Context, q db.Queryer, site Site, r Result, login bool) error {
	events := []messages.Event{{Key: event("welcome", r.Membership), Occasion: messages.Welcomed,
		ProgramID: r.Program.ID, PartnerID: r.Partner.ID}}
	if login && site.Center != "" {
		once := fmt.Sprintf("%s/%d", event("login", r.Membership), r.Partner.WPUserID) // each account has its own
		events = append(events, messages.Event{Key: once, Occasion: messages.LoginDetails, ProgramID: r.Program.ID,
			PartnerID: r.Partner.ID, Facts: messages.Facts{UserID: r.Partner.WPUserID}})
	}
	return d.desk.Tell(ctx, q, events...)
}
