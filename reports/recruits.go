package reports

import (
	"context"
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Recruit is a partner whom another has recruited, as that one sees them (D44).
type Recruit struct {
	Partner affiliate.PartnerID `db:"partner_id"`
	Name    string              `db:"name"` // "" where none is known
	Since   time.Time           `db:"since"`
	Left    bool                `db:"left_program"`
	Earned  []Sum               // what their sales earned the recruiter, by currency
}

// Sum is an amount of one currency.
type Sum struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"`
}

// maxRecruits is how many recruited partners a page names.
const maxRecruits = 200

// Recruits are the partners whom one has recruited, the newest first, with what
// they have earned that one: as far as that one sees their commissions (S14, S89).
func (rd *Reader) Recruits(ctx context.Context, partner affiliate.PartnerID) (recruits []Recruit, err error) {
	err = rd.db.ReadOnly(ctx, func(tx *db.Tx) error {
		v, err := viewOf(ctx, tx, partner, rd.zone())
		if err != nil {
			return err
		}
		err = tx.Select(ctx, &recruits, `/* reports.Recruits */
			SELECT m.partner_id, TRIM(CONCAT(k.first_name, ' ', k.last_name)) AS name, MIN(m.signup_at) AS since,
				MAX(m.ended_at IS NULL) = 0 AS left_program
			FROM {wp}partner_center_memberships m
			JOIN {wp}partner_center_partners p ON p.id = m.partner_id
			JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
			WHERE m.recruiter_id = ? AND m.recruiter_from IS NOT NULL
			GROUP BY m.partner_id, name ORDER BY since DESC, m.partner_id DESC LIMIT ?`, partner, maxRecruits)
		if err != nil || len(recruits) == 0 {
			return err
		}
		earned, err := earnedThrough(ctx, tx, v)
		for i := range recruits {
			recruits[i].Name = affiliate.Line(recruits[i].Name)
			recruits[i].Earned = earned[recruits[i].Partner]
		}
		return err
	})
	return recruits, err
}

// earnedThrough is what each seller's sales earned the partner on level 2, as the report
// of level 2 says it.
func earnedThrough(ctx context.Context, q db.Queryer, v view) (map[affiliate.PartnerID][]Sum, error) {
	found, err := tally[affiliate.PartnerID](ctx, q, bySeller, source{view: v}.scope(Query{}))
	earned := map[affiliate.PartnerID][]Sum{}
	for seller, f := range found {
		for _, currency := range slices.Sorted(maps.Keys(f.Money)) {
			earned[seller] = append(earned[seller], Sum{currency, f.Money[currency].Commission})
		}
	}
	return earned, err
}
