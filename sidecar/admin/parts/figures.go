package parts

import (
	"context"
	"math"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// SiteFigures are money and traffic of all partners in some days, beside those of
// the days before, and a chart of one of them; the template "site-figures" prints
// them.
type SiteFigures struct {
	Path     string
	Query    []string // the filters in force
	Figures  []SiteFigure
	Compared locale.Text // the days before, as people call them; none without
	Chart    *web.Chart  // nil while there is nothing to draw
	None     bool        // nothing happened in these days, nor before
}

// SiteFigure is one number, which the chart can show.
type SiteFigure struct {
	Key, Value string
	Name       locale.Text
	Before     string      // "" while nothing is known of those days
	Change     locale.Text // "+12%"
	Trend      int         // of the two: -1, 0 or 1
	Current    bool        // the chart shows it
}

// measure is what a figure counts.
type measure struct {
	key  string
	name locale.Text
	cur  money.Currency // of amounts
	of   func(reports.Point) int64
}

// SiteFiguresOf reads the figures of what the query asks for; preset is the
// range's name where it has one, which says what it is compared with.
func SiteFiguresOf(r *web.Request, reader *reports.Reader, path string, q reports.Query, preset reports.Preset) (
	SiteFigures, error) {
	now, before, err := sitePoints(r.Ctx(), reader, q, preset)
	page := SiteFigures{Path: path}
	if err != nil || len(now) == 0 {
		page.None = true
		return page, err
	}
	values := q.Values()
	values.Del("after")
	if q.Partner != 0 {
		values.Set("partner", q.Partner.String())
	}
	page.Query = web.Flat(values)
	if len(before) > 0 {
		page.Compared = web.DayRange(daysOf(before))
	}
	all := measures(append(slices.Clone(before), now...))
	chosen := all[0]
	for _, m := range all {
		if m.key == r.Query("measure") {
			chosen = m
		}
	}
	view := web.View{Request: r}
	for _, m := range all {
		page.Figures = append(page.Figures, figureOf(view, m, now, before, m.key == chosen.key))
	}
	happened := func(p reports.Point) bool { return p.Clicks+p.Leads+p.Sales > 0 || len(p.Money) > 0 }
	page.None = !slices.ContainsFunc(now, happened) && !slices.ContainsFunc(before, happened)
	if !page.None {
		chart := chartOf(view, chosen, now, before)
		page.Chart = &chart
	}
	return page, nil
}

// sitePoints are the days asked for, and those that they are compared with.
func sitePoints(ctx context.Context, reader *reports.Reader, q reports.Query, preset reports.Preset) (now,
	before []reports.Point, err error) {
	asked := q.Range
	if asked.From.IsZero() || asked.To.IsZero() {
		now, err = reader.SiteDays(ctx, q, asked)
		return now, nil, err
	}
	earlier := preset.Earlier(asked).Of(asked)
	points, err := reader.SiteDays(ctx, q, affiliate.Range{From: earlier.From, To: asked.To})
	for _, p := range points {
		if !p.Day.Before(asked.From) {
			now = append(now, p)
		} else if p.Day.Before(earlier.To) {
			before = append(before, p)
		}
	}
	if !slices.ContainsFunc(before, func(p reports.Point) bool { return p.Known }) {
		before = nil
	}
	return now, before, err
}

func daysOf(points []reports.Point) affiliate.Range {
	return affiliate.Range{From: points[0].Day, To: points[len(points)-1].Day.Next()}
}

// measures are what can be counted of these days, commissions first.
func measures(points []reports.Point) (all []measure) {
	var currencies []money.Currency
	for _, p := range points {
		for cur := range p.Money {
			if !slices.Contains(currencies, cur) {
				currencies = append(currencies, cur)
			}
		}
	}
	slices.Sort(currencies)
	named := func(name locale.Text, cur money.Currency) locale.Text {
		if len(currencies) > 1 {
			return locale.Layout("%s (%s)", name, string(cur))
		}
		return name
	}
	for _, cur := range currencies {
		all = append(all,
			measure{"commission_" + string(cur), named(locale.T("Commission"), cur), cur,
				func(p reports.Point) int64 { return p.Money[cur].Commission.Units() }},
			measure{"sales_" + string(cur), named(locale.T("Total sales"), cur), cur,
				func(p reports.Point) int64 { return p.Money[cur].Sales.Units() }})
	}
	return append(all,
		measure{"orders", locale.T("Orders"), "", func(p reports.Point) int64 { return p.Sales }},
		measure{"visits", locale.T("Unique visits"), "", func(p reports.Point) int64 { return p.Unique }},
		measure{"leads", locale.T("Leads"), "", func(p reports.Point) int64 { return p.Leads }})
}

func figureOf(view web.View, m measure, now, before []reports.Point, current bool) SiteFigure {
	a, b := sumOf(now, m), sumOf(before, m)
	f := SiteFigure{Key: m.key, Name: m.name, Value: m.print(view, a), Current: current}
	if before == nil {
		return f
	}
	f.Before = m.print(view, b)
	switch {
	case a > b:
		f.Trend = 1
	case a < b:
		f.Trend = -1
	}
	if b > 0 && a >= 0 && a < math.MaxInt64/1000 {
		if by := max(a-b, b-a); by*200/b > 0 {
			f.Change = locale.T("%s%%", view.Number((by*200+b)/(2*b)))
		}
	}
	return f
}

func (m measure) print(view web.View, n int64) string {
	if m.cur != "" {
		return view.Money(money.FromUnits(n), m.cur)
	}
	return view.Number(n)
}

// sumOf does not overflow: a site's money in units is far below the limit, and
// amounts that are not were refused when they were added up for the table.
func sumOf(points []reports.Point, m measure) (sum int64) {
	for _, p := range points {
		sum += m.of(p)
	}
	return sum
}

func chartOf(view web.View, m measure, now, before []reports.Point) web.Chart {
	days := daysOf(now)
	step := reports.StepFor(days)
	name := locale.Text{}
	if before != nil {
		name = web.DayRange(daysOf(before))
	}
	axis := web.CountAxis(view, m.name, name)
	if m.cur != "" {
		axis = web.MoneyAxis(view, m.name, m.cur, name)
	}
	axis.Gap = locale.T("Empty: no program yet")
	bars := web.Bars(now, reports.Spans(days, step), m.of)
	var earlier []web.Bar
	if before != nil {
		earlier = web.Bars(before, reports.Spans(daysOf(before), step), m.of)
		earlier = earlier[:min(len(earlier), len(bars))]
	}
	return web.NewChart(axis, step, bars, earlier)
}
