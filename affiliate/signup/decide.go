package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
)

// Approve makes an applicant a partner from now on. It is a Conflict for
// anybody but an applicant, and while the program is archived.
func (d *Service) Approve(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		p, err := affiliate.Accept(ctx, tx, id, d.now())
		if err != nil {
			return err
		}
		if err := answered(ctx, tx, p, affiliate.AuditEntry{Actor: actor, Action: "approve"}); err != nil {
			return err
		}
		contact, now, err := d.member(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Program.Archived() {
			return affiliate.Conflict("%s is archived, so no one can join it.", now.Program.Name)
		}
		r = now
		r.Outcome = Joined
		if err := d.told(ctx, tx, r.Partner); err != nil {
			return err
		}
		return d.askForAccount(ctx, tx, contact, r, false)
	})
	return r, err
}

// Reject turns an applicant down, for a reason that only admins see.
func (d *Service) Reject(ctx context.Context, actor affiliate.Actor, id affiliate.PartnerID,
	reason string) (p affiliate.Partner, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if p, err = affiliate.Decline(ctx, tx, id, d.now()); err != nil {
			return err
		}
		if err := answered(ctx, tx, p, affiliate.AuditEntry{Actor: actor, Action: "reject",
			Reason: reason}); err != nil {
			return err
		}
		return d.tellRejected(ctx, tx, p)
	})
	return p, err
}

// tellRejected writes to somebody who was turned down, where the program does.
func (d *Service) tellRejected(ctx context.Context, q db.Queryer, p affiliate.Partner) error {
	var m struct {
		ID        affiliate.MembershipID `db:"id"`
		ProgramID affiliate.ProgramID    `db:"program_id"`
	}
	err := q.Get(ctx, &m, `/* signup.tellRejected */ SELECT id, program_id FROM {wp}partner_center_memberships
		WHERE partner_id = ? ORDER BY id DESC LIMIT 1`, p.ID)
	if err != nil {
		if db.NoRows(err) {
			err = nil
		}
		return err
	}
	return d.desk.Tell(ctx, q, messages.Event{Key: "rejected-" + m.ID.String(), Occasion: messages.ApplicationRejected,
		ProgramID: m.ProgramID, PartnerID: p.ID})
}

// answered notes who decided an application.
func answered(ctx context.Context, q db.Queryer, p affiliate.Partner, by affiliate.AuditEntry) error {
	by.Object, by.ObjectID, by.Before, by.After = "partner", int64(p.ID), affiliate.Applied, p.State
	return affiliate.Audit(ctx, q, p.UpdatedAt, by)
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
	r, is, err := existingOf(ctx, q, p)
	if err == nil && !is {
		err = affiliate.Conflict("%s is in no program.", contact.Name())
	}
	return contact, r, err
}
