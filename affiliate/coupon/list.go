package coupon

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Listed is a coupon as admins see it among those of a program.
type Listed struct {
	Coupon
	On        bool   `db:"on_now"` // should work; of made ones
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
	Email     string `db:"email"`
	Uses      int    `db:"uses"`     // orders, credited or not
	Credited  int    `db:"credited"` // of Uses: by it
	// Unreached are those of Uses whose buyer no click of the partner ever reached
	// before: many of them hint at a coupon site (B17).
	Unreached int `db:"unreached"`
}

// Suspect tells whether so many uses came without any click of the partner that
// the code may be on a coupon site.
func (l Listed) Suspect() bool { return l.Unreached >= 5 && 2*l.Unreached > l.Uses }

// Listing are the coupons of these ids as admins see them, by id.
func Listing(ctx context.Context, q db.Queryer, ids ...ID) (map[ID]Listed, error) {
	rows, all := []Listed{}, map[ID]Listed{}
	if len(ids) == 0 {
		return all, nil
	}
	err := db.SelectIn(ctx, q, &rows, `/* coupon.Listing */
		SELECT `+columns+`, `+onNow+` AS on_now, k.first_name, k.last_name, k.email,
			(SELECT COUNT(*) FROM {wp}partner_center_order_coupons u WHERE u.coupon_id = c.id) AS uses,
			(SELECT COUNT(*) FROM {wp}partner_center_order_coupons u
				JOIN {wp}partner_center_decisions d ON d.order_id = u.order_id
				WHERE u.coupon_id = c.id AND d.via = 'coupon' AND d.partner_id = c.partner_id
				AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_decisions n WHERE n.order_id = d.order_id
					AND n.decision_version > d.decision_version)) AS credited,
			(SELECT COUNT(*) FROM {wp}partner_center_order_coupons u
				JOIN {wp}partner_center_orders o ON o.id = u.order_id
				WHERE u.coupon_id = c.id AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_touchpoints f
					WHERE f.contact_id = o.contact_id AND f.touch_partner_id = c.partner_id
					AND f.occurred_at <= o.placed_at)) AS unreached
		FROM {wp}partner_center_coupons c`+standing+`
		JOIN {wp}partner_center_contacts k ON k.id = p.contact_id WHERE c.id IN (?)`, ids)
	for _, row := range rows {
		all[row.ID] = row
	}
	return all, err
}

// Listed are the coupons of these ids as admins see them, by id.
func (s *Service) Listed(ctx context.Context, ids ...ID) (map[ID]Listed, error) {
	return Listing(ctx, s.db, ids...)
}

// Offer is a partner's own code as they see it.
type Offer struct {
	Template
	Code   Coupon // zero until it is made
	Others []Coupon
	Works  bool // the code is in the shop and on
}

// OfferTo is what a partner's program gives them; false without coupons there, nor
// any that an admin assigned.
func (s *Service) OfferTo(ctx context.Context, partner affiliate.PartnerID) (o Offer, found bool, err error) {
	m, running, err := affiliate.RunningMembership(ctx, s.db, partner)
	if err == nil && running {
		o.Template, found, err = s.Template(ctx, m.ProgramID)
	}
	if err != nil {
		return o, false, err
	}
	all, err := s.Of(ctx, partner)
	for _, c := range all {
		switch {
		case !c.Made:
			o.Others = append(o.Others, c)
		case c.Shop == o.Shop && found && o.Active:
			o.Code, o.Works = c, c.Works()
		}
	}
	return o, found && o.Active || len(o.Others) > 0, err
}

// Suspect is a partner's code that lately was used mostly by buyers whom no click
// of the partner ever reached.
type Suspect struct {
	Code      string              `db:"code"`
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Uses      int                 `db:"uses"`
	Unreached int                 `db:"unreached"`
}

// Suspects are the codes of which Listed.Suspect is true of the orders since, most
// uses first, at most limit; of one partner, unless it is 0.
func (s *Service) Suspects(ctx context.Context, partner affiliate.PartnerID, since time.Time, limit int) ([]Suspect,
	error) {
	found := []Suspect{}
	err := s.db.Select(ctx, &found, `/* coupon.Suspects */ SELECT c.code, c.partner_id, COUNT(*) AS uses,
			SUM(NOT EXISTS (SELECT 1 FROM {wp}partner_center_touchpoints f WHERE f.contact_id = o.contact_id
				AND f.touch_partner_id = c.partner_id AND f.occurred_at <= o.placed_at)) AS unreached
		FROM {wp}partner_center_orders o
		JOIN {wp}partner_center_order_coupons u ON u.order_id = o.id
		JOIN {wp}partner_center_coupons c ON c.id = u.coupon_id
		WHERE o.placed_at >= ? AND (? = 0 OR c.partner_id = ?)
		GROUP BY c.id, c.code, c.partner_id HAVING unreached >= 5 AND 2 * unreached > uses
		ORDER BY unreached DESC, c.id LIMIT ?`, since, int64(partner), partner, limit)
	return found, err
}
