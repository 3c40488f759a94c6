package affiliate

import (
	"context"

	"partnercenter/db"
)

// Memberships are all memberships of a partner, the latest first.
func (r *Registry) Memberships(ctx context.Context, partner PartnerID) ([]Membership, error) {
	memberships := []Membership{}
	err := r.db.Select(ctx, &memberships, `/* affiliate.Memberships */
		SELECT `+membershipColumns+
		` FROM {wp}partner_center_memberships WHERE partner_id = ? ORDER BY started_at DESC, id DESC`, partner)
	return memberships, err
}

// Recruits are the partners in a program whom a partner recruited (D5), the latest
// first and at most limit, and how many there are.
func (r *Registry) Recruits(ctx context.Context, recruiter PartnerID, limit int) (ids []PartnerID, n int64,
	err error) {
	const recruited = ` FROM {wp}partner_center_memberships WHERE recruiter_id = ? AND active = 1`
	err = r.db.Select(ctx, &ids, `/* affiliate.Recruits */ SELECT partner_id`+recruited+` ORDER BY id DESC LIMIT ?`,
		recruiter, limit)
	if err != nil {
		return nil, 0, err
	}
	err = r.db.Get(ctx, &n, `/* affiliate.Recruits */ SELECT COUNT(*)`+recruited, recruiter)
	return ids, n, err
}

// PartnerByContact is the partner that a contact has become.
func (r *Registry) PartnerByContact(ctx context.Context, contact ContactID) (Partner, error) {
	return LoadPartnerByContact(ctx, r.db, contact)
}

// PartnersOf are the partners that contacts are, or were, by contact.
func (r *Registry) PartnersOf(ctx context.Context, contacts []ContactID) (map[ContactID]PartnerID, error) {
	rows, partners := []struct {
		ID      PartnerID `db:"id"`
		Contact ContactID `db:"contact_id"`
	}{}, map[ContactID]PartnerID{}
	if len(contacts) == 0 {
		return partners, nil
	}
	err := db.SelectIn(ctx, r.db, &rows, `/* affiliate.PartnersOf */ SELECT id, contact_id
		FROM {wp}partner_center_partners WHERE contact_id IN (?)`, contacts)
	for _, row := range rows {
		partners[row.Contact] = row.ID
	}
	return partners, err
}

// PartnerCounts are the numbers of partners by state.
func (r *Registry) PartnerCounts(ctx context.Context) (map[PartnerState]int, error) {
	rows := []struct {
		State PartnerState `db:"state"`
		N     int          `db:"n"`
	}{}
	err := r.db.Select(ctx, &rows,
		`/* affiliate.PartnerCounts */ SELECT state, COUNT(*) AS n FROM {wp}partner_center_partners GROUP BY state`)
	counts := map[PartnerState]int{}
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, err
}

// PartnerContacts are the people behind partners, by partner, for pages that
// name several; of the contacts only the id, address and names are filled in.
func (r *Registry) PartnerContacts(ctx context.Context, ids []PartnerID) (map[PartnerID]Contact, error) {
	contacts := map[PartnerID]Contact{}
	if len(ids) == 0 {
		return contacts, nil
	}
	query, args, err := db.In(`/* affiliate.PartnerContacts */
		SELECT p.id AS partner, k.id, k.email, k.first_name, k.last_name, k.company
		FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id WHERE p.id IN (?)`,
		ids)
	if err != nil {
		return nil, err
	}
	rows := []struct {
		Partner PartnerID `db:"partner"`
		Contact
	}{}
	err = r.db.Select(ctx, &rows, query, args...)
	for _, row := range rows {
		contacts[row.Partner] = row.Contact
	}
	return contacts, err
}
