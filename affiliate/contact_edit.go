package affiliate

import (
	"context"
	"time"

	"partnercenter/db"
)

// EditContact sets a contact's address and names to what an admin entered, blank
// ones too, and what they have in the site's own fields, see SetContactFields. seen is
// the UpdatedAt that was shown: a contact that changed since is a Conflict. Setting what
// is there already changes nothing.
//
// Errors: KindInvalid by the fields email (also where it is another contact's:
// merge the two), first_name, last_name, company; KindNotFound; KindConflict.
func (r *Registry) EditContact(ctx context.Context, actor Actor, id ContactID, seen time.Time, p Person,
	own FieldValues) (c Contact, err error) {
	problems := Problems{}
	p = p.Check(problems)
	if err := problems.Err(); err != nil {
		return c, err
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockLiving(ctx, tx, id)
		if err != nil {
			return err
		}
		c = before
		c.Email, c.FirstName, c.LastName, c.Company = p.Email, p.FirstName, p.LastName, p.Company
		same, err := hasFields(ctx, tx, id, own)
		if err != nil || c == before && same {
			return err
		}
		if !before.UpdatedAt.Equal(seen) {
			return Conflict(
				"Someone else changed this contact while you were editing. Review the current values and save again.")
		}
		if c.Email != before.Email {
			if err := moveContact(ctx, tx, c); KindOf(err) == KindConflict {
				return Invalid("email", "Another contact has this address. If both are one person, merge them.")
			} else if err != nil {
				return err
			}
		}
		at := r.now()
		if err := SetContactFields(ctx, tx, actor, id, own, at); err != nil {
			return err
		}
		if c == before { // only own fields have changed
			c.UpdatedAt = at
			return nil
		}
		if err := updateContact(ctx, tx, &c, at); err != nil {
			return err
		}
		return Audit(ctx, tx, c.UpdatedAt, AuditEntry{Actor: actor, Action: "edit", Object: "contact",
			ObjectID: int64(id), Before: before, After: c})
	})
	return c, err
}

// ContactByEmail is the contact known by an address, however it is written.
func (r *Registry) ContactByEmail(ctx context.Context, email string) (Contact, error) {
	return LoadContactByEmail(ctx, r.db, email)
}
