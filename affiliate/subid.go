package affiliate

import (
	"context"

	"partnercenter/db"
)

// SubIDAccess is what an admin granted one partner, whatever the program says (S123).
type SubIDAccess string

// The choices for a partner.
const (
	SubIDsAsProgram SubIDAccess = ""
	SubIDsOn        SubIDAccess = "on"
	SubIDsOff       SubIDAccess = "off"
)

// HasSubIDsSQL tells whether a partner p has SubIDs: as granted, else as the program
// says that they are in; without one they have.
const HasSubIDsSQL = `CASE p.subids WHEN 'on' THEN 1 WHEN 'off' THEN 0 ELSE NOT EXISTS (
	SELECT 1 FROM {wp}partner_center_memberships sm JOIN {wp}partner_center_programs sg ON sg.id = sm.program_id
	WHERE sm.partner_id = p.id AND sm.active = 1 AND sg.no_subids = 1) END`

// HasSubIDs tells whether links of the partner can have SubIDs (S123).
func (r *Registry) HasSubIDs(ctx context.Context, id PartnerID) (has bool, err error) {
	err = r.db.Get(ctx, &has, `/* affiliate.HasSubIDs */ SELECT `+HasSubIDsSQL+`
		FROM {wp}partner_center_partners p WHERE p.id = ?`, id)
	if db.NoRows(err) {
		err = Missing("There is no such partner.")
	}
	return has, err
}

// SetSubIDs grants a partner SubIDs, takes them away, or leaves it to the program
// (S123). Visits that were counted keep theirs.
//
// Errors: KindInvalid by the fields subids and reason.
func (r *Registry) SetSubIDs(ctx context.Context, actor Actor, id PartnerID, access SubIDAccess,
	reason string) (p Partner, err error) {
	if reason, err = CheckReason(reason); err != nil {
		return p, err
	}
	if access != SubIDsAsProgram && access != SubIDsOn && access != SubIDsOff {
		return p, Invalid("subids", "Please choose one from the list.")
	}
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := LockPartner(ctx, tx, id)
		if p = before; err != nil || p.SubIDs == access {
			return err
		}
		p.SubIDs = access
		if err := updatePartner(ctx, tx, &p, r.now()); err != nil {
			return err
		}
		return Audit(ctx, tx, p.UpdatedAt, AuditEntry{Actor: actor, Action: "set subids", Object: "partner",
			ObjectID: int64(id), Before: before, After: p, Reason: reason})
	})
	return p, err
}
