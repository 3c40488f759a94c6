package reports

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// rawCommissions is up to how many commissions of a partner a list of partners adds up
// itself, in some milliseconds: of whoever has more the kept sums are read.
const rawCommissions = 2_000

// figuresOf are the figures of partners since they began.
func (s source) figuresOf(ctx context.Context, ids []affiliate.PartnerID) (map[affiliate.PartnerID]*Figures, error) {
	many, err := s.manyCommissions(ctx, ids)
	if err != nil {
		return nil, err
	}
	few := slices.DeleteFunc(slices.Clone(ids), func(id affiliate.PartnerID) bool { return slices.Contains(many, id) })
	figures := map[affiliate.PartnerID]*Figures{}
	if len(few) > 0 {
		if figures, err = rawTally[affiliate.PartnerID](ctx, s.q, byPartner, allTime(few)); err != nil {
			return nil, err
		}
	}
	for _, id := range many {
		days, err := tally[affiliate.Day](ctx, s.q, byDay, allTime([]affiliate.PartnerID{id}))
		if err != nil {
			return nil, err
		}
		sum := &Figures{Money: map[money.Currency]Earned{}}
		for _, day := range days {
			if err := sum.add(day); err != nil {
				return nil, err
			}
		}
		figures[id] = sum
	}
	return figures, nil
}

// allTime is the scope of all days, pending commissions included.
func allTime(partners []affiliate.PartnerID) scope { return scope{partners, Query{}.days(), true} }

// manyCommissions are those of partners who have more than rawCommissions.
func (s source) manyCommissions(ctx context.Context,
	ids []affiliate.PartnerID) (many []affiliate.PartnerID, err error) {
	return many, selectIn(ctx, s.q, &many, `/* reports.manyCommissions */ SELECT p.id
		FROM {wp}partner_center_partners p WHERE p.id IN (?) AND (SELECT c.id FROM {wp}partner_center_commissions c
			WHERE c.partner_id = p.id ORDER BY c.day, c.id LIMIT 1 OFFSET ?) IS NOT NULL`, ids, rawCommissions)
}
