package reports

import (
	"cmp"
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/clock"
	"partnercenter/db"
)

// Roller keeps the sums of day_sums, from which reports answer without reading each
// visit and sale. It only makes them again, from the rows themselves; whoever changes
// such a row says so (affiliate.DaysChanged), and until the sums are made again
// reports read the rows.
type Roller struct {
	db   *db.Handle
	now  clock.Clock
	zone func() *time.Location
}

// NewRoller works on the site's database.
func NewRoller(h *db.Handle, now clock.Clock, zone func() *time.Location) *Roller {
	return &Roller{db: h, now: now, zone: zone}
}

// rollAfter is how long after its end a day gets its sums: visits of it that come
// later say so, those that come in time do not (tracking).
const rollAfter = time.Hour

// rollsAtOnce is how many months Work makes before it returns.
const rollsAtOnce = 50

// Work makes sums that are missing; more tells that there may be others.
func (r *Roller) Work(ctx context.Context) (more bool, err error) {
	today := affiliate.DayOf(r.now().Add(-rollAfter), r.zone())
	months, err := affiliate.UnfinishedRolls(ctx, r.db, today, rollsAtOnce)
	if err != nil {
		return false, err
	}
	for _, m := range months {
		err := r.db.Tx(ctx, func(tx *db.Tx) error { return roll(ctx, tx, m.Partner, m.Day, today) })
		if err != nil {
			return false, err
		}
	}
	if len(months) > 0 {
		return len(months) == rollsAtOnce, nil
	}
	// Last, so that whatever was under way when a month got its roll is over when
	// its sums are made by the next call.
	return false, affiliate.BeginRolls(ctx, r.db, today)
}

// roll makes the sums of a partner's month, as far as it is over. The lock lets
// whoever changes a row of it say so only afterwards.
func roll(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, month, today affiliate.Day) error {
	now, ok, err := affiliate.LockRoll(ctx, q, partner, month)
	end := earlier(month.NextMonth(), today)
	if err != nil || !ok || !now.Until.Before(end) {
		return err
	}
	if err := dropSums(ctx, q, partner, month, now.Until); err != nil {
		return err
	}
	for _, shown := range []bool{false, true} {
		of := scope{[]affiliate.PartnerID{partner}, affiliate.Range{From: now.Until, To: end}, !shown}
		if err := rollDays(ctx, q, of); err != nil {
			return err
		}
		if end == month.NextMonth() {
			if err := rollMonth(ctx, q, of, month); err != nil {
				return err
			}
		}
	}
	return affiliate.Rolled(ctx, q, partner, month, end)
}

// dropSums takes away the sums of a month from a day on, and that of the month.
func dropSums(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, month, from affiliate.Day) error {
	parts := []string{}
	for _, by := range keptDimensions {
		parts = append(parts, by.part)
	}
	query, args, err := db.In(`/* reports.dropSums */ DELETE FROM {wp}partner_center_day_sums
		WHERE partner_id = ? AND part IN (?) AND shown IN (0, 1)
		AND (span = 'd' AND start >= ? AND start < ? OR span = 'm' AND start = ?)`, partner, parts, from,
		month.NextMonth(), month)
	if err == nil {
		_, err = q.Exec(ctx, query, args...)
	}
	return err
}

// rollDays makes the sums of days.
func rollDays(ctx context.Context, q db.Queryer, of scope) error {
	for _, by := range keptDimensions {
		found, err := rawTally[string](ctx, q, by.eachDay(), of)
		if err != nil {
			return err
		}
		byDayOf := map[affiliate.Day]map[string]*Figures{}
		for key, f := range found {
			day, err := affiliate.ParseDay(key[:len("2006-01-02")])
			if err != nil {
				return err
			}
			if byDayOf[day] == nil {
				byDayOf[day] = map[string]*Figures{}
			}
			byDayOf[day][key[len("2006-01-02"):]] = f
		}
		rows := [][]any{}
		for day, sources := range byDayOf {
			kept, err := largest(by, sources, maxDaySources)
			if err != nil {
				return err
			}
			rows = append(rows, sumRows(of, by.part, "d", day, kept)...)
		}
		if err := insertSums(ctx, q, rows); err != nil {
			return err
		}
	}
	return nil
}

// eachDay is the dimension with the day in front of its key, as text.
func (d dimension) eachDay() dimension {
	if d.part == byDay.part {
		d.click, d.lead, d.commission = "''", "''", "''"
	}
	if d.click != "" {
		d.click = "CONCAT(v.day, " + d.click + ")"
		d.lead = "CONCAT(f.day, " + d.lead + ")"
	}
	d.commission = "CONCAT(c.day, " + d.commission + ")"
	return d
}

// Strangers choose SubIDs and pages, and a robot can make millions of them: of a day
// and of a month only so many sources have sums of their own, those that earned first.
const (
	maxDaySources   = 300
	maxMonthSources = 500
)

// largest are the figures of the most important SubIDs or pages, and of all others
// together. Other sources are no strangers'.
func largest(by dimension, of map[string]*Figures, most int) (map[string]*Figures, error) {
	if len(of) <= most || !by.strangers {
		return of, nil
	}
	sources, rest := make([]string, 0, len(of)), &Figures{Money: map[money.Currency]Earned{}}
	kept := map[string]*Figures{}
	for source := range of {
		switch source {
		case allOthers:
			if err := rest.add(of[source]); err != nil {
				return nil, err
			}
		case level2Source: // no stranger's
			kept[source] = of[source]
		default:
			sources = append(sources, source)
		}
	}
	slices.SortFunc(sources, func(a, b string) int { return moreImportant(a, of[a], b, of[b]) })
	for i, source := range sources {
		if i < most {
			kept[source] = of[source]
		} else if err := rest.add(of[source]); err != nil {
			return nil, err
		}
	}
	kept[allOthers] = rest
	return kept, nil
}

// moreImportant orders sources: clicks, which cost nothing, push out none that
// earned something.
func moreImportant(a string, of *Figures, b string, other *Figures) int {
	return cmp.Or(cmp.Compare(other.Sales, of.Sales), cmp.Compare(len(other.Money), len(of.Money)),
		cmp.Compare(other.Leads, of.Leads), cmp.Compare(other.Unique, of.Unique),
		cmp.Compare(other.Clicks, of.Clicks), cmp.Compare(a, b))
}

// rollMonth sums up the days of a month.
func rollMonth(ctx context.Context, q db.Queryer, of scope, month affiliate.Day) error {
	of.days = affiliate.Range{From: month, To: month.NextMonth()}
	for _, by := range keptDimensions {
		if by.part == byDay.part {
			continue // a month tells no days
		}
		kept := tallies[string]{}
		err := kept.addKept(ctx, q, by, of, `s.span = 'd' AND s.start >= ? AND s.start < ?`,
			of.days.From, of.days.To)
		if err != nil {
			return err
		}
		sources, err := largest(by, kept, maxMonthSources)
		if err != nil {
			return err
		}
		if err := insertSums(ctx, q, sumRows(of, by.part, "m", month, sources)); err != nil {
			return err
		}
	}
	return nil
}

// sumRows are rows of day_sums.
func sumRows(of scope, part, span string, start affiliate.Day, sources map[string]*Figures) (rows [][]any) {
	for source, f := range sources {
		for cur, s := range f.kept() {
			rows = append(rows, []any{of.partners[0], part, !of.withPending, span, start, source, string(cur), s.Clicks,
				s.Uniques, s.Leads, s.Orders, s.Refunds, s.Sales, s.Commission, s.Refunded})
		}
	}
	return rows
}

// kept are figures as rows of day_sums hold them, by currency. An order has one
// currency, yet the figures count those of all together: they stand in the row of none.
func (t *Figures) kept() map[money.Currency]sums {
	rows := map[money.Currency]sums{"": {Clicks: t.Clicks, Uniques: t.Unique, Leads: t.Leads, Orders: t.Sales,
		Refunds: t.Refunds}}
	for cur, e := range t.Money {
		rows[cur] = sums{Sales: e.Sales, Commission: e.Commission, Refunded: e.Refunded}
	}
	return rows
}

func insertSums(ctx context.Context, q db.Queryer, rows [][]any) error {
	for part := range slices.Chunk(rows, db.RowsAtOnce) {
		err := db.Insert(ctx, q, `/* reports.insertSums */ INSERT INTO {wp}partner_center_day_sums
			(partner_id, part, shown, span, start, source, currency, clicks, uniques, leads, orders, refunds, sales,
			commission, refunded) VALUES `, part, "")
		if err != nil {
			return err
		}
	}
	return nil
}
