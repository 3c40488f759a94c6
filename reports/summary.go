package reports

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// summaryReport sums up a partner's figures by day, week or month (S117).
var summaryReport = &Report{
	Name: "summary", Title: locale.T("Summary"), For: ForPartner,
	Help:    locale.T("Visits, leads, sales and commission by the day of the sale; refunds change past days."),
	Filters: []Filter{FilterRange, FilterStep},
	forward: true,
	table:   summaryTable,
}

func summaryTable(ctx context.Context, s source, q Query) (*Table, error) {
	asked := q.Range
	before, compared := s.earlier(q)
	if compared {
		asked.From = before.From
	}
	points, err := series(ctx, s, asked)
	if err != nil {
		return nil, err
	}
	now, earlier := points, []Point{}
	if compared {
		now, earlier = within(points, q.Range), within(points, before)
	}
	step := or(q.By, ByDay)
	steps, sum, err := sumUp(now, step)
	if err != nil {
		return nil, err
	}
	_, sumBefore, err := sumUp(earlier, step)
	if err != nil {
		return nil, err
	}
	spans := spansOf(steps, q.Range.To)
	rows := make([]ownRow[affiliate.Range], len(steps))
	for i, p := range steps {
		rows[i] = ownRow[affiliate.Range]{spans[i], ownFigures{now: &p.Figures, sum: &sum}}
		spans[i] = EarlierOf(q.Range, s.today).Of(spans[i])
	}
	then, err := sumSpans(earlier, spans)
	for i := range then {
		rows[i].before = &then[i]
	}
	if err != nil {
		return nil, err
	}
	total := ownFigures{&sum, &sumBefore, &sum}
	curs, err := s.orHome(ctx, currencies(map[int]*Figures{0: &sum, 1: &sumBefore}))
	if err != nil {
		return nil, err
	}
	return summaryRows(q, rows, total, ownColumns(curs, compared))
}

// summaryRows is the table of a summary, the latest first.
func summaryRows(q Query, steps []ownRow[affiliate.Range], total ownFigures,
	numbers fields[ownFigures]) (*Table, error) {
	step := or(q.By, ByDay)
	heading := map[Step]locale.Text{ByDay: locale.T("Day"), ByWeek: locale.T("Week starting"),
		ByMonth: locale.T("Month starting")}[step]
	numbers = slices.DeleteFunc(numbers, func(f field[ownFigures]) bool { return f.BaseKey() == "share" })
	for i := range numbers { // of a single day it says little
		numbers[i].FileOnly = numbers[i].FileOnly || numbers[i].Kind == KindChange && step == ByDay
	}
	fs := append(fields[ownRow[affiliate.Range]]{{Column: Column{Key: "day", Name: heading, Kind: KindDate},
		Value: func(r *ownRow[affiliate.Range]) Cell { return Date(r.key.From) }}},
		lift(numbers, func(r *ownRow[affiliate.Range]) *ownFigures { return &r.ownFigures })...)
	var rows []Row
	for _, r := range slices.Backward(steps) {
		row := Row{Cells: fs.cells(&r), After: q.cursor(placed{r.key.From.String()}, 0)}
		if len(r.now.Money) > 0 {
			row.Behind = &Query{Range: r.key}
		}
		rows = append(rows, row)
	}
	count := int64(len(rows))
	rows, err := behind(rows, q)
	return &Table{Columns: fs.columns(), Totals: []Row{fs.total(&ownRow[affiliate.Range]{ownFigures: total})},
		Rows: all(rows), Chart: true, Count: count}, err
}

// spansOf are the days of steps, the last of which reaches to end, or to its own last
// day where that is open.
func spansOf(steps []Point, end affiliate.Day) []affiliate.Range {
	spans := make([]affiliate.Range, len(steps))
	for i, p := range steps {
		spans[i] = affiliate.Range{From: p.Day, To: end}
		if i+1 < len(steps) {
			spans[i].To = steps[i+1].Day
		}
	}
	return spans
}

// sumSpans sums days up to spans; both are in the order of time.
func sumSpans(points []Point, spans []affiliate.Range) ([]Figures, error) {
	sums := make([]Figures, len(spans))
	for i, span := range spans {
		sums[i].Money = map[money.Currency]Earned{}
		for ; len(points) > 0 && points[0].Day.Before(span.To); points = points[1:] {
			if err := sums[i].add(&points[0].Figures); err != nil {
				return nil, err
			}
		}
	}
	return sums, nil
}

// within are the points of a range.
func within(points []Point, r affiliate.Range) (found []Point) {
	for _, p := range points {
		if r.Contains(p.Day) {
			found = append(found, p)
		}
	}
	return found
}

// sumUp adds days to steps, oldest first, and to a grand total. A step begins
// on its first day within the range; days about which nothing is known make no row.
func sumUp(points []Point, step Step) ([]Point, Figures, error) {
	var steps []Point
	var began affiliate.Day
	sum := Figures{Money: map[money.Currency]Earned{}}
	for _, p := range points {
		if !p.Known {
			continue
		}
		if start := step.start(p.Day); len(steps) == 0 || start != began {
			began = start
			steps = append(steps, Point{Day: p.Day, Known: true, Figures: Figures{Money: map[money.Currency]Earned{}}})
		}
		last := &steps[len(steps)-1]
		if err := last.add(&p.Figures); err != nil {
			return nil, sum, err
		}
		last.Unfinished = last.Unfinished || p.Unfinished
		if err := sum.add(&p.Figures); err != nil {
			return nil, sum, err
		}
	}
	return steps, sum, nil
}

// behind are the rows after the one whose cursor is q.After.
func behind(rows []Row, q Query) ([]Row, error) {
	if q.After == "" {
		return rows, nil
	}
	for i, row := range rows {
		if row.After == q.After {
			return rows[i+1:], nil
		}
	}
	return nil, errCursor
}
