package tracking

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
)

// TouchpointRecord is a form as it was applied, for the history of a contact.
type TouchpointRecord struct {
	FoldTouchpoint
	Page        string              `db:"page"`
	Created     bool                `db:"created_contact"` // the contact exists because of this form
	LeadPartner affiliate.PartnerID `db:"lead_partner_id"` // who got the lead; 0: nobody (S35)
}

// Touchpoints are the forms of a contact with the clicks they carried, the latest first.
func (t *Tracker) Touchpoints(ctx context.Context, contact affiliate.ContactID,
	page affiliate.Page) ([]TouchpointRecord, error) {
	touchpoints := []TouchpointRecord{}
	err := t.db.Select(ctx, &touchpoints, `/* tracking.Forms */
		SELECT kind, source, external_id, occurred_at, origin, page, created_contact, lead_partner_id,
			cookie, touch_partner_id, touch_tool_id, touch_subid, touch_page, touch_visit_id, touched_at
		FROM {wp}partner_center_touchpoints WHERE contact_id = ? ORDER BY occurred_at DESC, id DESC LIMIT ? OFFSET ?`,
		contact, page.Limit, page.Offset)
	return touchpoints, err
}

// PartnerLead is a form of a contact that counted as a lead of a partner (S35).
type PartnerLead struct {
	ContactID  affiliate.ContactID `db:"contact_id"`
	OccurredAt time.Time           `db:"occurred_at"`
	Page       string              `db:"page"`
}

// PartnerLeads are the latest leads of a partner, at most limit.
func (t *Tracker) PartnerLeads(ctx context.Context, partner affiliate.PartnerID, limit int) ([]PartnerLead, error) {
	leads := []PartnerLead{}
	err := t.db.Select(ctx, &leads, `/* tracking.PartnerLeads */
		SELECT contact_id, occurred_at, page FROM {wp}partner_center_touchpoints WHERE lead_partner_id = ?
		ORDER BY day DESC, id DESC LIMIT ?`, partner, limit) // by the index; within a day they came in another order
	slices.SortStableFunc(leads, func(a, b PartnerLead) int { return b.OccurredAt.Compare(a.OccurredAt) })
	return leads, err
}
