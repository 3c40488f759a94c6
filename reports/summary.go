package reports

import (
	"context"

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
	points, err := series(ctx, s, q.Range)
	if err != nil {
		return nil, err
	}
	step := q.By
	if step == "" {
		step = ByDay
	}
	steps, sum, err := sumUp(points, step)
	if err != nil {
		return nil, err
	}
	curs := currencies(map[int]*Figures{0: &sum})
	heading := map[Step]locale.Text{ByDay: locale.T("Day"), ByWeek: locale.T("Week starting"),
		ByMonth: locale.T("Month starting")}[step]
	fs := append(fields[Point]{{Column: Column{Key: "day", Name: heading, Kind: KindDate},
		Value: func(p *Point) Cell { return Date(p.Day) }}},
		lift(figureFields(curs), func(p *Point) *Figures { return &p.Figures })...)
	var rows []Row
	for _, p := range steps {
		rows = append(rows, Row{Cells: fs.cells(&p), After: q.cursor(placed{p.Day.String()}, 0)})
	}
	rows, err = behind(rows, q)
	return &Table{Columns: fs.columns(), Totals: []Row{fs.total(&Point{Figures: sum})}, Rows: all(rows)}, err
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
