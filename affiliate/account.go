package affiliate

import (
	"context"
	"time"

	"partnercenter/db"
)

// AccountChanged takes over what was changed in a partner's WordPress account
// p.UserID: names, and the e-mail address by which their contact is known (D34).
// Blank fields, and accounts of nobody we know, change nothing. It is a
// Conflict when the address belongs to another contact.
func AccountChanged(ctx context.Context, q db.Queryer, p Person, at time.Time) error {
	partner, err := LoadPartnerByUser(ctx, q, p.UserID)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	before, err := oneContact(ctx, q, "id = ? FOR UPDATE", partner.ContactID)
	if err != nil {
		return err
	}
	p, c := p.cut(), before
	setUnlessBlank(&c.FirstName, p.FirstName)
	setUnlessBlank(&c.LastName, p.LastName)
	if p.Email != "" {
		if c.Email, err = FoldEmail(p.Email); err != nil {
			return err
		}
	}
	if c == before {
		return nil
	}
	if err := updateContact(ctx, q, &c, at); err != nil {
		return err
	}
	if err := moveContact(ctx, q, c); err != nil {
		return err
	}
	return Audit(ctx, q, at, AuditEntry{Actor: System, Action: "edit", Object: "contact", ObjectID: int64(c.ID),
		Before: before, After: c, Reason: "Changed in the WordPress account."})
}

// moveContact stores the contact under its new address.
func moveContact(ctx context.Context, q db.Queryer, c Contact) error {
	_, err := q.Exec(ctx, `/* affiliate.moveContact */ UPDATE {wp}partner_center_contacts SET email = ?, listed_as = ?
		WHERE id = ?`, c.Email, c.Name(), c.ID)
	if db.Duplicate(err) {
		return Conflict("The partner's new address %s already belongs to another contact; join the two.", c.Email)
	}
	if err != nil {
		return err
	}
	return listByName(ctx, q, c.ID)
}

// AccountDeleted unties a WordPress account that is gone from partner and
// contacts. The partner keeps all that they earned; they cannot log in until they are
// given another account.
func AccountDeleted(ctx context.Context, q db.Queryer, user UserID, at time.Time) error {
	before, err := onePartner(ctx, q, "wp_user_id = ? FOR UPDATE", user)
	if KindOf(err) == KindNotFound {
		return forgetUser(ctx, q, user, at)
	}
	if err != nil {
		return err
	}
	p := before
	p.WPUserID = 0
	if err := updatePartner(ctx, q, &p, at); err != nil {
		return err
	}
	if err := forgetUser(ctx, q, user, at); err != nil {
		return err
	}
	return Audit(ctx, q, at, AuditEntry{Actor: System, Action: "lose account", Object: "partner", ObjectID: int64(p.ID),
		Before: before, After: p, Reason: "The WordPress account was deleted."})
}

func forgetUser(ctx context.Context, q db.Queryer, user UserID, at time.Time) error {
	_, err := q.Exec(ctx,
		`/* affiliate.AccountDeleted */ UPDATE {wp}partner_center_contacts SET wp_user_id = NULL, updated_at = ?
			WHERE wp_user_id = ?`, at, user)
	return err
}
