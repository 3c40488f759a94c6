package center

import (
	"cmp"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// chartCard is how the days of a report went, beside the range before them (S117).
type chartCard struct {
	Range    affiliate.Range
	Compared affiliate.Range // zero while nothing is known of those days
	Figures  []figure        // of the whole range
	Charts   []web.Tab
	Chart    *web.Chart
}

// Title names the days, and Before those that they are compared with.
func (card *chartCard) Title() locale.Text  { return web.DayRange(card.Range) }
func (card *chartCard) Before() locale.Text { return web.DayRange(card.Compared) }

// mostBars is how many bars a chart can have and still be read.
const mostBars = 400

// chartCard is that of the shown report; nil where no day is known of.
func (p *Pages) chartCard(r *web.Request, list *listPage) (*chartCard, error) {
	asked := list.Shown.Table.Range
	whole, before := asked, affiliate.Range{}
	earlier := reports.EarlierOf(asked, p.Reports.Today())
	if !asked.From.IsZero() && !asked.To.IsZero() {
		before = earlier.Of(asked)
		whole.From = before.From
	}
	points, err := p.Reports.SeriesOf(r.Ctx(), list.Report, r.Who.Partner.ID, whole)
	if err != nil || len(points) == 0 {
		return nil, err
	}
	card := &chartCard{Range: affiliate.Range{From: points[0].Day, To: points[len(points)-1].Day.Next()}}
	if !before.From.IsZero() {
		card.Range = asked
	}
	d := daysShown{view: web.View{Request: r}, now: within(points, card.Range), currencies: currenciesIn(points, nil),
		salesOnly: slices.Contains(withoutClicks, list.Report.Name)}
	if then := within(points, before); len(then) > 0 && then[0].Known {
		card.Compared, d.before = before, then
	}
	if !slices.ContainsFunc(d.now, func(p reports.Point) bool { return p.Known }) {
		return nil, nil
	}
	if len(d.currencies) == 0 { // nothing was earned, which is told in the site's currency
		settings, err := p.Registry.Settings(r.Ctx())
		if err != nil {
			return nil, err
		}
		d.currencies = []money.Currency{settings.Currency}
	}
	if card.Figures, err = d.figures(); err != nil || d.nothing() {
		return nil, err
	}
	card.draw(d, list, earlier)
	return card, nil
}

// nothing tells whether there is nothing to draw, of neither range.
func (d daysShown) nothing() bool {
	return !slices.ContainsFunc(slices.Concat(d.now, d.before), func(p reports.Point) bool {
		return p.Sales > 0 || len(p.Money) > 0 || !d.salesOnly && p.Clicks+p.Leads > 0
	})
}

// withoutClicks are reports of what no click has.
var withoutClicks = []string{"sold", "customers", "level-2"}

// draw fills in the chart of the measure and by the step that the URL names.
func (card *chartCard) draw(d daysShown, list *listPage, earlier reports.Earlier) {
	measures := d.measures(beforeInWords(earlier))
	chosen := max(0, slices.IndexFunc(measures, func(m measure) bool { return m.key == d.view.Query("chart") }))
	for i, m := range measures {
		card.Charts = append(card.Charts, web.Tab{Name: m.axis.Title, Path: list.Path, Current: i == chosen,
			Query: append(slices.Clone(list.Query), "chart", m.key)})
	}
	step := cmp.Or(reports.Step(d.view.Query("by")), reports.StepFor(card.Range))
	spans := reports.Spans(card.Range, step)
	if len(spans) > mostBars {
		step = reports.StepFor(card.Range)
		spans = reports.Spans(card.Range, step)
	}
	card.Chart = d.chart(measures[chosen], step, spans, earlier)
}

// chart draws a measure by spans, beside the days before where those are known.
func (d daysShown) chart(m measure, step reports.Step, spans []affiliate.Range, earlier reports.Earlier) *web.Chart {
	bars := web.Bars(d.now, spans, m.value)
	for i, b := range bars {
		path, last := "reports/summary", b.Days.To.AddDays(-1)
		if slices.Contains(d.currencies, money.Currency(m.key)) {
			path = "earnings/commissions"
		}
		bars[i].URL = d.view.URL(path, "from", b.Days.From.String(), "to", last.String())
	}
	var before []web.Bar
	if d.before != nil {
		then := make([]affiliate.Range, len(spans))
		for i := range spans {
			then[i] = earlier.Of(spans[i])
		}
		before = web.Bars(d.before, then, m.value)
	}
	drawn := web.NewChart(m.axis, step, bars, before)
	return &drawn
}
