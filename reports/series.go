package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Point is a day of a partner's chart.
type Point struct {
	Day affiliate.Day
	// Known tells that the figures are true: a 0 of a day on which the partner
	// was in no program, or that is still to come, is no 0 but a gap.
	Known      bool
	Unfinished bool // today
	Figures
}

// Series are a partner's figures for each day of r, for charts. Open ends are
// those of their membership and today.
func (rd *Reader) Series(ctx context.Context, partner affiliate.PartnerID, r affiliate.Range) ([]Point, error) {
	return rd.SeriesOf(ctx, summaryReport, partner, r)
}

// SeriesOf are the figures that a partner's report breaks down, for each day of r.
func (rd *Reader) SeriesOf(ctx context.Context, report *Report, partner affiliate.PartnerID,
	r affiliate.Range) (points []Point, err error) {
	err = rd.db.ReadOnly(ctx, func(tx *db.Tx) error {
		v, err := viewOf(ctx, tx, partner, rd.zone())
		if err != nil {
			return err
		}
		s := source{q: tx, today: rd.Today(), view: v}
		switch report {
		case level2Report:
			points, err = seriesBy(ctx, s, level2Day, r)
		case customersReport:
			points, err = ownSeries(ctx, s, r)
		default:
			points, err = series(ctx, s, r)
		}
		return err
	})
	return points, err
}

// ownSeries leaves level 2 out.
func ownSeries(ctx context.Context, s source, r affiliate.Range) ([]Point, error) {
	points, err := series(ctx, s, r)
	if err != nil {
		return nil, err
	}
	level2, err := tally[affiliate.Day](ctx, s.q, level2Day, s.scope(Query{Range: r}))
	for _, p := range points {
		for cur, e := range orNothing(level2[p.Day]).Money {
			own := p.Money[cur]
			left, err := own.Commission.Sub(e.Commission)
			if err != nil {
				return nil, err
			}
			own.Commission = left
			p.Money[cur] = own
		}
	}
	return points, err
}

// maxPoints bounds what a range typed into a form can cost: a hundred years.
const maxPoints = 36_525

func series(ctx context.Context, s source, r affiliate.Range) ([]Point, error) {
	return seriesBy(ctx, s, byDay, r)
}

func seriesBy(ctx context.Context, s source, by dimension, r affiliate.Range) ([]Point, error) {
	days, err := tally[affiliate.Day](ctx, s.q, by, s.scope(Query{Range: r}))
	if err != nil {
		return nil, err
	}
	r = s.ends(r, days)
	var points []Point
	for d := r.From; d.Before(r.To) && len(points) < maxPoints; d = d.Next() {
		p := Point{Day: d, Unfinished: d == s.today, Known: s.known(d)}
		if t := days[d]; t != nil {
			p.Figures, p.Known = *t, true
		} else {
			p.Money = map[money.Currency]Earned{}
		}
		points = append(points, p)
	}
	return points, nil
}

// known tells whether nothing on that day would mean 0.
func (s source) known(d affiliate.Day) bool {
	m := s.view.member
	return !m.From.IsZero() && !d.Before(m.From) && (m.To.IsZero() || d.Before(m.To)) && !s.today.Before(d)
}

// ends closes the open ends of a range around everything known.
func (s source) ends(r affiliate.Range, days map[affiliate.Day]*Figures) affiliate.Range {
	first, next := s.view.member.From, s.today.Next()
	for d := range days {
		if first.IsZero() || d.Before(first) {
			first = d
		}
		if !d.Before(next) {
			next = d.Next()
		}
	}
	if r.From.IsZero() {
		r.From = first
	}
	if r.To.IsZero() {
		r.To = next
	}
	if r.From.IsZero() {
		r.From = r.To // never in a program, and nothing happened
	}
	return r
}
