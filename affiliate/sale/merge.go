package sale

import (
	"context"
	"errors"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// MergeContacts makes one contact of two records of one person (D34): forms and
// orders of gone become those of keep, whose first referrer is that of the
// older record, even when blank; last referrers follow the forms of both. Gone
// is marked as deleted. What orders have earned stays as it was decided.
//
// Errors: KindInvalid by the field reason; KindConflict for one and the same,
// a deleted one, or two partners.
func (sv *Service) MergeContacts(ctx context.Context, actor affiliate.Actor, keep, gone affiliate.ContactID,
	reason string) (c affiliate.Contact, err error) {
	if reason, err = affiliate.CheckReason(reason); err != nil {
		return c, err
	}
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		c, err = sv.mergeContacts(ctx, tx, actor, keep, gone, reason)
		return err
	})
	return c, err
}

// MergePreview is what a merge would do.
type MergePreview struct {
	Contact affiliate.Contact // as it would be
	Orders  int               // that would move
	Forms   int
}

// PreviewMerge tells what MergeContacts would do, and does nothing.
func (sv *Service) PreviewMerge(ctx context.Context, actor affiliate.Actor, keep,
	gone affiliate.ContactID) (p MergePreview, err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Get(ctx, &p.Orders, `/* sale.PreviewMerge */
			SELECT COUNT(*) FROM {wp}partner_center_orders WHERE contact_id = ?`, gone); err != nil {
			return err
		}
		if err := tx.Get(ctx, &p.Forms, `/* sale.PreviewMerge */
			SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE contact_id = ?`, gone); err != nil {
			return err
		}
		if p.Contact, err = sv.mergeContacts(ctx, tx, actor, keep, gone, "preview"); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return p, err
}

func (sv *Service) mergeContacts(ctx context.Context, q db.Queryer, actor affiliate.Actor, keep,
	gone affiliate.ContactID, reason string) (affiliate.Contact, error) {
	before, err := affiliate.LoadContact(ctx, q, keep)
	if err != nil {
		return before, err
	}
	_, other, err := affiliate.MergeContacts(ctx, q, keep, gone, sv.now())
	if err != nil {
		return before, err
	}
	if err := giveOrders(ctx, q, keep, gone); err != nil {
		return before, err
	}
	older := keep
	if other.CreatedAt.Before(before.CreatedAt) {
		older = gone
	}
	c, err := sv.tracker.MergeTouchpoints(ctx, q, keep, gone, older)
	if err != nil {
		return c, err
	}
	return c, affiliate.Audit(ctx, q, sv.now(), affiliate.AuditEntry{Actor: actor, Action: "join", Object: "contact",
		ObjectID: int64(keep),
		Before:   []affiliate.Contact{before, other}, After: c, Reason: reason})
}

// giveOrders makes orders of one contact those of another. Both are locked.
func giveOrders(ctx context.Context, q db.Queryer, keep, gone affiliate.ContactID) error {
	_, err := q.Exec(ctx, `/* sale.giveOrders */
		UPDATE {wp}partner_center_orders SET contact_id = ? WHERE contact_id = ?`, keep, gone)
	return err
}
