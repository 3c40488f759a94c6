package reports

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// tally sums up the figures of a scope by a dimension: of one partner from the sums
// that Roller keeps, as far as they are right, and what those leave out from the
// rows themselves. So it is as true as rawTally, whenever the sums were made.
func tally[K comparable](ctx context.Context, q db.Queryer, by dimension, of scope) (map[K]*Figures, error) {
	return tallyWith(ctx, q, by, of, rawTally[K])
}

// tallyWith is tally with another way to read what has no sums yet.
func tallyWith[K comparable](ctx context.Context, q db.Queryer, by dimension, of scope,
	raw func(context.Context, db.Queryer, dimension, scope) (map[K]*Figures, error)) (map[K]*Figures, error) {
	if by.part == "" || len(of.partners) != 1 {
		return raw(ctx, q, by, of)
	}
	rolls, err := affiliate.Rolls(ctx, q, of.partners[0], of.days)
	if err != nil {
		return nil, err
	}
	p := planOf(of.days, rolls, by.kept == byDay.kept)
	if len(p.rest) > maxRest {
		return raw(ctx, q, by, of)
	}
	t, err := keptTally[K](ctx, q, by, of, p)
	for _, days := range p.rest {
		if err != nil {
			return nil, err
		}
		of.days = days
		var found map[K]*Figures
		if found, err = raw(ctx, q, by, of); err == nil {
			err = t.join(found)
		}
	}
	return t, err
}

// maxRest is in how many stretches the days may lie that have no sums: with more of
// them it is quicker to read all rows at once.
const maxRest = 8

// plan says where the figures of a range come from.
type plan struct {
	months []affiliate.Day   // whole months, by their first day
	days   []affiliate.Range // days of which there are sums
	rest   []affiliate.Range // days of which there are none
}

// planOf covers r; byDay leaves out the sums of months, which tell no days.
func planOf(r affiliate.Range, rolls []affiliate.Roll, byDay bool) plan {
	p, next := plan{}, r.From
	for _, roll := range rolls {
		end := earlier(roll.Until, r.To)
		from := later(roll.Month, next)
		if !from.Before(end) {
			continue
		}
		if next.Before(from) {
			p.rest = append(p.rest, affiliate.Range{From: next, To: from})
		}
		if roll.Whole && from == roll.Month && end == roll.Until && !byDay {
			p.months = append(p.months, roll.Month)
		} else if n := len(p.days); n > 0 && p.days[n-1].To == from {
			p.days[n-1].To = end
		} else {
			p.days = append(p.days, affiliate.Range{From: from, To: end})
		}
		next = end
	}
	if next.Before(r.To) {
		p.rest = append(p.rest, affiliate.Range{From: next, To: r.To})
	}
	return p
}

func earlier(a, b affiliate.Day) affiliate.Day {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b affiliate.Day) affiliate.Day {
	if a.Before(b) {
		return b
	}
	return a
}

// keptTally reads the sums that the plan names.
func keptTally[K comparable](ctx context.Context, q db.Queryer, by dimension, of scope, p plan) (tallies[K], error) {
	t := tallies[K]{}
	if len(p.months) > 0 {
		if err := t.addKept(ctx, q, by, of, `s.span = 'm' AND s.start IN (?)`, p.months); err != nil {
			return nil, err
		}
	}
	for _, days := range p.days {
		err := t.addKept(ctx, q, by, of, `s.span = 'd' AND s.start >= ? AND s.start < ?`, days.From, days.To)
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t tallies[K]) addKept(ctx context.Context, q db.Queryer, by dimension, of scope, where string,
	args ...any) error {
	var found []struct {
		Key      K      `db:"k"`
		Currency string `db:"currency"`
		sums
	}
	err := selectIn(ctx, q, &found, fmt.Sprintf(`/* reports.addKept */ SELECT %s AS k, s.currency,
			SUM(s.clicks) AS clicks, SUM(s.uniques) AS uniques, SUM(s.leads) AS leads, SUM(s.orders) AS orders,
			SUM(s.refunds) AS refunds, SUM(s.sales) AS sales, SUM(s.commission) AS commission,
			SUM(s.refunded) AS refunded
		FROM {wp}partner_center_day_sums s WHERE s.partner_id = ? AND s.part = ? AND s.shown = ? AND %s
		GROUP BY k, s.currency`, by.kept, where),
		append([]any{of.partners[0], by.part, !of.withPending}, args...)...)
	for _, f := range found {
		if err := t.of(f.Key).add(f.figures(money.Currency(f.Currency))); err != nil {
			return err
		}
	}
	return err
}

// sums are figures as day_sums holds them: those of clicks and leads in a row of no
// currency.
type sums struct {
	Clicks     int64        `db:"clicks"`
	Uniques    int64        `db:"uniques"`
	Leads      int64        `db:"leads"`
	Orders     int64        `db:"orders"`
	Refunds    int64        `db:"refunds"`
	Sales      money.Amount `db:"sales"`
	Commission money.Amount `db:"commission"`
	Refunded   money.Amount `db:"refunded"`
}

func (s sums) figures(cur money.Currency) *Figures {
	f := &Figures{Clicks: s.Clicks, Unique: s.Uniques, Leads: s.Leads, Sales: s.Orders, Refunds: s.Refunds,
		Money: map[money.Currency]Earned{}}
	if cur != "" {
		f.Money[cur] = Earned{Sales: s.Sales, Commission: s.Commission, Refunded: s.Refunded}
	}
	return f
}

// join adds what was found of other days.
func (t tallies[K]) join(found map[K]*Figures) error {
	for key, f := range found {
		if err := t.of(key).add(f); err != nil {
			return err
		}
	}
	return nil
}
