package affiliate

import (
	"context"
	"fmt"
	"time"

	"partnercenter/db"
)

// AddContact makes a contact that no form made: an admin's, an import's or the
// API's. Its first referrer stays blank for ever (S69). Of one who is known
// already only blank fields are filled in, the site's own ones as well, and made is
// false.
//
// Errors: KindInvalid by the fields email, first_name, last_name, company.
func (r *Registry) AddContact(ctx context.Context, actor Actor, origin Origin, p Person,
	own FieldValues) (c Contact, made bool, err error) {
	if origin != ByAdmin && origin != ByImport && origin != ByAPI {
		return c, false, fmt.Errorf("a contact of origin %q is made by its form", origin)
	}
	problems := Problems{}
	p = p.Check(problems)
	if err := problems.Err(); err != nil {
		return c, false, err
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		at := r.now()
		if c, made, err = EnsureContact(ctx, tx, p, origin, at); err != nil {
			return err
		}
		if made {
			err = Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: "create", Object: "contact",
				ObjectID: int64(c.ID), After: c})
		}
		if err != nil {
			return err
		}
		return FillContactFields(ctx, tx, actor, c.ID, own, at)
	})
	return c, made, err
}

// lockLiving locks a contact whose record was not deleted.
func lockLiving(ctx context.Context, q db.Queryer, id ContactID) (Contact, error) {
	c, err := oneContact(ctx, q, "id = ? FOR UPDATE", id)
	if err == nil && c.DeletedAt != nil {
		err = Conflict("The record of this contact was deleted.")
	}
	return c, err
}

// DeleteContact deletes a contact's record (S102). As a partner they leave all
// programs, so that nothing more is credited to them. What hangs on the record
// stays, names included: orders, forms and the ledger. The address is free: who
// comes with it again is a new contact.
func (r *Registry) DeleteContact(ctx context.Context, actor Actor, id ContactID, reason string) error {
	reason, err := CheckReason(reason)
	if err != nil {
		return err
	}
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockLiving(ctx, tx, id)
		if err != nil {
			return err
		}
		at := r.now()
		if err := dismiss(ctx, tx, id, at); err != nil {
			return err
		}
		c, err := bury(ctx, tx, before, at)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: "delete", Object: "contact", ObjectID: int64(id),
			Before: before, After: c, Reason: reason})
	})
}

// dismiss takes the contact out of all programs if they are a partner.
func dismiss(ctx context.Context, tx *db.Tx, id ContactID, at time.Time) error {
	p, err := onePartner(ctx, tx, "contact_id = ? FOR UPDATE", id)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if p.State == Applied {
		_, err := Decline(ctx, tx, p.ID, at)
		return err
	}
	p.WPUserID = 0
	return removePartner(ctx, tx, &p, at)
}

// bury makes the contact a deleted one and its address free.
func bury(ctx context.Context, q db.Queryer, c Contact, at time.Time) (Contact, error) {
	c.Email, c.WPUserID, c.DeletedAt, c.UpdatedAt = fmt.Sprintf("deleted-%d@contact.invalid", c.ID), 0, &at, at
	_, err := q.Exec(ctx, `/* affiliate.bury */
		UPDATE {wp}partner_center_contacts SET email = ?, listed_as = ?, wp_user_id = NULL, deleted_at = ?,
		updated_at = ? WHERE id = ?`, c.Email, c.Name(), at, at, c.ID)
	if err != nil {
		return c, err
	}
	return c, listByName(ctx, q, c.ID)
}

// MergeContacts makes one contact of two: gone is marked as deleted, and what is
// known of it fills the blanks of keep, which is as old as the older of them
// (D34). Forms and orders are moved by those who own them. It is a step of
// sale.Service.MergeContacts, which locks both.
func MergeContacts(ctx context.Context, q db.Queryer, keep, gone ContactID, at time.Time) (kept, buried Contact,
	err error) {
	if keep == gone {
		return kept, buried, Conflict("Choose two different contacts.")
	}
	for _, id := range []ContactID{min(keep, gone), max(keep, gone)} { // always in this order, against deadlocks
		c, err := lockLiving(ctx, q, id)
		if err != nil {
			return kept, buried, err
		}
		if id == keep {
			kept = c
		} else {
			buried = c
		}
	}
	if err := givePartner(ctx, q, buried.ID, kept.ID); err != nil {
		return kept, buried, err
	}
	older := kept
	if buried.CreatedAt.Before(kept.CreatedAt) {
		older = buried
	}
	kept.Origin, kept.CreatedAt = older.Origin, older.CreatedAt
	kept = filled(kept, Person{FirstName: buried.FirstName, LastName: buried.LastName, Company: buried.Company,
		UserID: buried.WPUserID})
	if _, err := q.Exec(ctx,
		`/* affiliate.JoinContacts */ UPDATE {wp}partner_center_contacts SET origin = ?, created_at = ? WHERE id = ?`,
		kept.Origin, kept.CreatedAt, kept.ID); err != nil {
		return kept, buried, err
	}
	if err := updateContact(ctx, q, &kept, at); err != nil {
		return kept, buried, err
	}
	if err := mergeFieldValues(ctx, q, kept.ID, buried.ID); err != nil {
		return kept, buried, err
	}
	_, err = bury(ctx, q, buried, at)
	return kept, buried, err
}

// givePartner hands the partner that a contact is over to another contact.
func givePartner(ctx context.Context, q db.Queryer, from, to ContactID) error {
	_, err := q.Exec(ctx,
		`/* affiliate.JoinContacts */ UPDATE {wp}partner_center_partners SET contact_id = ? WHERE contact_id = ?`,
		to, from)
	if db.Duplicate(err) {
		return Conflict("Both contacts are partners, so they can't be merged.")
	}
	if err != nil {
		return err
	}
	return listByName(ctx, q, to)
}
