package signup

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

// event names what happens once in a membership, so that joining again later
// is another event.
func event(what string, m affiliate.Membership) string { return fmt.Sprintf("%s-%d", what, m.ID) }

// addressee is the contact as a mail may greet them. Until the partner has been
// seen logged in, anybody may have typed the name: a mail to a mailbox that has
// confirmed nothing carries no words of a stranger.
func addressee(c affiliate.Contact, p affiliate.Partner) affiliate.Contact {
	if p.ClaimedAt == nil {
		c.FirstName, c.LastName, c.Company = "", "", ""
	}
	return c
}

// acknowledge tells an applicant that an answer will come.
func (d *Service) acknowledge(ctx context.Context, q db.Queryer, c affiliate.Contact, r Result) error {
	m := messages.ApplicationReceived{Contact: addressee(c, r.Partner), Program: r.Program.Name, Site: d.site().Name}
	return d.queue(ctx, q, r.Partner.WPUserID, func(in *locale.Language) (messages.Mail, error) {
		return m.Mail(event("received", r.Membership), in)
	})
}

// askForAccount asks WordPress to make the partner's user, or to give the role
// to the one there is. Its answer comes to AccountMade.
func (d *Service) askForAccount(ctx context.Context, q db.Queryer, c affiliate.Contact, r Result) error {
	return d.jobs.Queue(ctx, q, messages.MakeUser, event("member", r.Membership), messages.UserJob{
		PartnerID: r.Partner.ID, UserID: r.Partner.WPUserID, Email: c.Email, FirstName: c.FirstName,
		LastName: c.LastName})
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
// partner who has left meanwhile gets no mail.
//
// Errors: KindConflict when the user belongs to another partner.
func (d *Service) AccountMade(ctx context.Context, id affiliate.PartnerID, user affiliate.UserID) error {
	site := d.site()
	link, err := d.welcomeLink(ctx, site.Links, id)
	if err != nil {
		return err
	}
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := affiliate.LinkUser(ctx, tx, id, user, d.now())
		if err != nil || p.State != affiliate.Active {
			return err
		}
		contact, r, err := d.member(ctx, tx, id)
		if affiliate.KindOf(err) == affiliate.KindConflict {
			return nil
		}
		if err != nil {
			return err
		}
		return d.welcome(ctx, tx, site, contact, r, link)
	})
}

func (d *Service) welcome(ctx context.Context, q db.Queryer, site Site, c affiliate.Contact, r Result,
	link string) error {
	welcome := messages.Welcome{Contact: addressee(c, r.Partner), Program: r.Program.Name, Site: site.Name, Link: link,
		Center: site.Center}
	err := d.queue(ctx, q, r.Partner.WPUserID, func(in *locale.Language) (messages.Mail, error) {
		return welcome.Mail(event("welcome", r.Membership), in)
	})
	if err != nil || site.Center == "" {
		return err
	}
	login := messages.LoginDetails{Contact: addressee(c, r.Partner), UserID: r.Partner.WPUserID,
		Program: r.Program.Name, Site: site.Name, Center: site.Center}
	once := fmt.Sprintf("%s/%d", event("login", r.Membership), r.Partner.WPUserID) // each account has its own
	return d.queue(ctx, q, r.Partner.WPUserID, func(in *locale.Language) (messages.Mail, error) {
		return login.Mail(once, in)
	})
}

// welcomeLink is the partner's own link in the welcome mail (S105): of the tool
// that the program names, else of its first link; "" while there is none.
func (d *Service) welcomeLink(ctx context.Context, links tracking.Links, id affiliate.PartnerID) (string, error) {
	p, err := affiliate.LoadPartner(ctx, d.db, id)
	if err != nil {
		return "", err
	}
	r, is, err := existingOf(ctx, d.db, p)
	if err != nil || !is {
		return "", err
	}
	tool, found, err := d.tracker.MainTool(ctx, r.Program)
	if err != nil || !found {
		return "", err
	}
	return links.For(tool, p.Code, ""), nil
}
