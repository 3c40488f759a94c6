package messages

import (
	"context"

	"partnercenter/affiliate"
)

// Addressee is a partner as the owner's own mail tool knows them (S150): active in
// a program that is in use.
type Addressee struct {
	ID        affiliate.PartnerID `db:"id"`
	Code      string              `db:"code"`
	Email     string              `db:"email"`
	FirstName string              `db:"first_name"`
	LastName  string              `db:"last_name"`
	ProgramID affiliate.ProgramID `db:"program_id"`
	Program   string              `db:"program"` // name
}

// Addressees are up to limit of them, by id, behind one; 0 begins.
func (l *Library) Addressees(ctx context.Context, after affiliate.PartnerID, limit int) ([]Addressee, error) {
	all := []Addressee{}
	err := l.db.Select(ctx, &all, `/* messages.Library.Addressees */
		SELECT pa.id, pa.code, c.email, c.first_name, c.last_name, g.id AS program_id, g.name AS program
		FROM {wp}partner_center_partners pa
		JOIN {wp}partner_center_contacts c ON c.id = pa.contact_id AND c.deleted_at IS NULL
		JOIN {wp}partner_center_memberships m ON m.partner_id = pa.id AND m.active = 1
		JOIN {wp}partner_center_programs g ON g.id = m.program_id AND g.archived_at IS NULL
		WHERE pa.id > ? AND pa.state = 'active' ORDER BY pa.id LIMIT ?`, int64(after),
		limit)
	return all, err
}
