package affiliate

import (
	"context"

	"partnercenter/db"
)

// MailChoices are the mails that a partner wants beside those that they need. A
// program must send them, too: a choice only takes away.
type MailChoices struct {
	PerSale    bool `db:"per_sale"`    // for each commission they earn (S20)
	PerPayment bool `db:"per_payment"` // for each payment (S87)
	Monthly    bool `db:"monthly"`     // a summary of the month before
}

// LoadMailChoices are those of a partner: all mails, until they choose.
func LoadMailChoices(ctx context.Context, q db.Queryer, id PartnerID) (MailChoices, error) {
	c := MailChoices{PerSale: true, PerPayment: true, Monthly: true}
	err := q.Get(ctx, &c, `/* affiliate.LoadMailChoices */
		SELECT per_sale, per_payment, monthly FROM {wp}partner_center_partner_mails WHERE partner_id = ?`, id)
	if db.NoRows(err) {
		err = nil
	}
	return c, err
}

// MailChoices is LoadMailChoices outside a transaction.
func (r *Registry) MailChoices(ctx context.Context, id PartnerID) (MailChoices, error) {
	return LoadMailChoices(ctx, r.db, id)
}

// ChooseMails keeps which mails a partner wants.
func (r *Registry) ChooseMails(ctx context.Context, actor Actor, id PartnerID, c MailChoices) error {
	return r.ChangeMails(ctx, actor, id, func(MailChoices) MailChoices { return c })
}

// ChangeMails changes the choices as they are when nobody else changes them: two
// links of two mails may be followed at once.
func (r *Registry) ChangeMails(ctx context.Context, actor Actor, id PartnerID,
	change func(MailChoices) MailChoices) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := LockPartner(ctx, tx, id); err != nil {
			return err
		}
		before, err := LoadMailChoices(ctx, tx, id)
		if err != nil {
			return err
		}
		c := change(before)
		if c == before {
			return nil
		}
		at := r.now()
		_, err = tx.Exec(ctx, `/* affiliate.ChooseMails */
			INSERT INTO {wp}partner_center_partner_mails (partner_id, per_sale, per_payment, monthly, updated_at)
			VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE per_sale = VALUES(per_sale),
			per_payment = VALUES(per_payment), monthly = VALUES(monthly), updated_at = VALUES(updated_at)`,
			id, c.PerSale, c.PerPayment, c.Monthly, at)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, at, AuditEntry{Actor: actor, Action: "choose mails", Object: "partner",
			ObjectID: int64(id), Before: before, After: c})
	})
}
