package affiliate

import (
	"context"

	"partnercenter/db"
)

// TakeContact makes or completes the contact that another program reports, with
// that origin; of a known contact only blank fields are filled in. One that it
// makes never gets a first referrer (S69).
//
// Errors: KindInvalid by the fields of Person.
func (r *Registry) TakeContact(ctx context.Context, actor Actor, p Person, origin Origin) (c Contact, created bool,
	err error) {
	problems := Problems{}
	p = p.Check(problems)
	if err := problems.Err(); err != nil {
		return c, false, err
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		if c, created, err = EnsureContact(ctx, tx, p, origin, r.now()); err != nil || !created {
			return err
		}
		return Audit(ctx, tx, r.now(), AuditEntry{Actor: actor, Action: "create", Object: "contact",
			ObjectID: int64(c.ID), After: p})
	})
	return c, created, err
}
