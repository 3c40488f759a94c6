package tracking

import (
	"context"
	"crypto/rand"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// byAdmins is the source of what admins enter among the forms.
const byAdmins = "admin"

// AssignReferrer names a contact's first or last referrer by an admin's hand;
// partner 0 names nobody. It is the only way in which a first referrer changes
// (S65), stands among the contact's forms, and is audited. Past leads and
// orders stay as they are.
//
// Errors: KindInvalid by the fields slot and reason; KindNotFound for a contact
// or partner that does not exist.
func (t *Tracker) AssignReferrer(ctx context.Context, actor affiliate.Actor, contact affiliate.ContactID, slot FormKind,
	partner affiliate.PartnerID, reason string) (c affiliate.Contact, err error) {
	if reason, err = affiliate.CheckReason(reason); err != nil {
		return c, err
	}
	if !slot.assigns() {
		return c, affiliate.Invalid("slot", "Please choose the first or the last referrer.")
	}
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockContact(ctx, tx, contact)
		if err != nil {
			return err
		}
		if partner != 0 {
			if _, err := affiliate.LoadPartner(ctx, tx, partner); err != nil {
				return err
			}
		}
		f := Touchpoint{Kind: slot, Source: byAdmins, ExternalID: rand.Text(), At: t.now(), Origin: affiliate.ByAdmin}
		row := formRow{Touchpoint: f, contact: contact, touch: Touch{State: Assigned, PartnerID: partner}}
		if err := t.insertForm(ctx, tx, row); err != nil {
			return err
		}
		if _, c, err = t.store(ctx, tx, before); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, f.At, affiliate.AuditEntry{Actor: actor,
			Action: "set " + string(slot) + " referrer", Object: "contact", ObjectID: int64(contact),
			Before: Referrers{First: before.First, Last: before.Last},
			After:  Referrers{First: c.First, Last: c.Last}, Reason: reason})
	})
	return c, err
}

// lockContact lets what is folded of a contact follow one another.
func lockContact(ctx context.Context, q db.Queryer, id affiliate.ContactID) (affiliate.Contact, error) {
	var locked affiliate.ContactID
	err := q.Get(ctx, &locked,
		`/* tracking.lockContact */ SELECT id FROM {wp}partner_center_contacts WHERE id = ? FOR UPDATE`, id)
	if db.NoRows(err) {
		return affiliate.Contact{}, affiliate.Missing("There is no such contact.")
	}
	if err != nil {
		return affiliate.Contact{}, err
	}
	return affiliate.LoadContact(ctx, q, id)
}

// MergeTouchpoints gives the forms of one contact to another, and folds them again. It
// is a step of joining the two, after both are locked; older is the one of them
// that was there first, whose first referrer stays, even when blank (D34).
func (t *Tracker) MergeTouchpoints(ctx context.Context, q db.Queryer, keep, gone,
	older affiliate.ContactID) (affiliate.Contact, error) {
	_, err := q.Exec(ctx, `/* tracking.JoinForms */
		UPDATE {wp}partner_center_touchpoints SET created_contact = 0 WHERE contact_id IN (?, ?) AND contact_id <> ?`,
		keep, gone, older)
	if err != nil {
		return affiliate.Contact{}, err
	}
	if _, err = q.Exec(ctx,
		`/* tracking.JoinForms */ UPDATE {wp}partner_center_touchpoints SET contact_id = ? WHERE contact_id = ?`, keep,
		gone); err != nil {
		return affiliate.Contact{}, err
	}
	if err := t.joinResets(ctx, q, keep, gone); err != nil {
		return affiliate.Contact{}, err
	}
	for _, id := range []affiliate.ContactID{gone, keep} {
		c, err := affiliate.LoadContact(ctx, q, id)
		if err != nil {
			return c, err
		}
		if _, c, err = t.store(ctx, q, c); err != nil || id == keep {
			return c, err
		}
	}
	return affiliate.Contact{}, nil
}
