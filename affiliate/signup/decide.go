package signup

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Approve makes an applicant a partner from now on. It is a Conflict for
// anybody but an applicant, and while the program is archived.
func (d *Service) Approve(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := d.answer(ctx, tx, actor, "approve", "", id, affiliate.Accept); err != nil {
			return err
		}
		contact, now, err := d.member(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Program.Archived() {
			return affiliate.Conflict("%s is archived: nobody can join it.", now.Program.Name)
		}
		r = now
		r.Outcome = Joined
		if err := d.told(ctx, tx, r.Partner); err != nil {
			return err
		}
		return d.askForAccount(ctx, tx, contact, r)
	})
	return r, err
}

// Reject turns an applicant down, for a reason that only admins see.
func (d *Service) Reject(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	reason string) (p affiliate.Partner, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		p, err = d.answer(ctx, tx, actor, "reject", reason, id, affiliate.Decline)
		return err
	})
	return p, err
}

// answer decides an application, and notes who did.
func (d *Service) answer(ctx context.Context, q db.Queryer, actor affiliate.Actor, action, reason string,
	id affiliate.PartnerID,
	decide func(context.Context, db.Queryer, affiliate.PartnerID, time.Time) (affiliate.Partner,
		error)) (affiliate.Partner, error) {
	p, err := decide(ctx, q, id, d.now())
	if err != nil {
		return p, err
	}
	return p, affiliate.Audit(ctx, q, p.UpdatedAt, affiliate.AuditEntry{Actor: actor, Action: action, Object: "partner",
		ObjectID: int64(id),
		Before:   affiliate.Applied, After: p.State, Reason: reason})
}

// member is a partner with their contact and running membership.
func (d *Service) member(ctx context.Context, q db.Queryer, id affiliate.PartnerID) (affiliate.Contact, Result, error) {
	p, err := affiliate.LoadPartner(ctx, q, id)
	if err != nil {
		return affiliate.Contact{}, Result{}, err
	}
	contact, err := affiliate.LoadContact(ctx, q, p.ContactID)
	if err != nil {
		return contact, Result{}, err
	}
	r, is, err := standingOf(ctx, q, p)
	if err == nil && !is {
		err = affiliate.Conflict("%s is in no program.", contact.Name())
	}
	return contact, r, err
}
