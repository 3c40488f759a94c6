package center

import (
	"errors"
	"net/url"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// daysCard is how a range of days went, beside the range before it (S117).
type daysCard struct {
	Any      bool // anything has ever come
	Range    affiliate.Range
	Compared affiliate.Range // zero while nothing is known of those days
	Presets  []web.Tab
	Own      bool // the range is neither of the presets
	From, To string
	Kept     []web.Hidden // what the form of an own range keeps
	Problems affiliate.Problems
	Figures  []figure
	Charts   []web.Tab
	Chart    *web.Chart
}

// figure is a number of a range beside that of the range before.
type figure struct {
	Name    locale.Text
	Value   string
	Before  string // "" while nothing is known of those days
	Trend   int    // of the two: -1, 0 or 1
	Percent int64  // by which it rose or fell; 0 where that says nothing
}

// Title names the range, and Before the one that it is compared with.
func (card *daysCard) Title() locale.Text  { return web.DayRange(card.Range) }
func (card *daysCard) Before() locale.Text { return web.DayRange(card.Compared) }

// dayRanges are the ranges one click away.
var dayRanges = []struct {
	preset reports.Preset
	name   locale.Text
}{
	{reports.Last7, locale.T("7 days")}, {reports.Last30, locale.T("30 days")}, {reports.Last90, locale.T("90 days")},
	{reports.ThisMonth, locale.T("This month")}, {reports.LastMonth, locale.T("Last month")},
	{reports.ThisYear, locale.T("This year")},
}

// daysCard reads the range of the URL and the one before it at once.
func (p *Pages) daysCard(r *web.Request, currencies []money.Currency) (*daysCard, error) {
	card := &daysCard{}
	preset := card.choose(r, p.Reports.Today())
	earlier := preset.Earlier(card.Range)
	before := earlier.Of(card.Range)
	points, err := p.Reports.Series(r.Ctx(), r.Who.Partner.ID, affiliate.Range{From: before.From, To: card.Range.To})
	if err != nil {
		return nil, err
	}
	d := daysShown{view: web.View{Request: r}, now: within(points, card.Range), before: within(points, before),
		currencies: currenciesIn(points, currencies)}
	// A range that began before they joined is no measure for one that did not.
	if len(d.before) > 0 && d.before[0].Known {
		card.Compared = before
	} else {
		d.before = nil
	}
	if card.Figures, err = d.figures(); err != nil {
		return nil, err
	}
	card.draw(d, earlier)
	card.Any = slices.ContainsFunc(points, func(p reports.Point) bool { return p.Clicks+p.Leads+p.Sales > 0 })
	if !card.Any {
		if _, card.Any, err = p.Reports.FirstClick(r.Ctx(), r.Who.Partner.ID); err != nil {
			return nil, err
		}
	}
	card.Any = card.Any || len(card.Problems) > 0 || r.Query("range")+r.Query("from") != ""
	return card, nil
}

// choose reads the range of the URL; what makes no sense is said, and the last
// 30 days are shown.
func (card *daysCard) choose(r *web.Request, today affiliate.Day) reports.Preset {
	preset := reports.Preset(r.Query("range"))
	card.From, card.To = r.Query("from"), r.Query("to")
	if own := card.From+card.To != ""; own && preset == "" {
		card.Own = true
		card.chooseOwn(today)
	}
	if r, ok := preset.Range(today); ok && preset != reports.AllTime {
		card.Range = r
	} else if card.Range == (affiliate.Range{}) {
		preset = reports.Last30
		card.Range, _ = preset.Range(today)
	}
	query := append(linkQuery(r), given(r, "chart")...)
	card.Kept = hidden(query)
	for _, known := range dayRanges {
		card.Presets = append(card.Presets, web.Tab{Name: known.name, Current: !card.Own && known.preset == preset,
			Query: append(slices.Clone(query), "range", string(known.preset))})
	}
	if card.From == "" && card.To == "" {
		card.From, card.To = card.Range.From.String(), card.Range.To.AddDays(-1).String()
	}
	return preset
}

// longest bounds what an own range can cost.
const longest = 100 * 366

// chooseOwn reads an own range, which ends today at the latest.
func (card *daysCard) chooseOwn(today affiliate.Day) {
	q, err := reports.ParseQuery(url.Values{"from": {card.From}, "to": {card.To}}, today)
	var refused *affiliate.Error
	if errors.As(err, &refused) {
		card.Problems = refused.Fields
		return
	}
	r := q.Range
	if r.To.IsZero() || today.Before(r.To) {
		r.To = today.Next()
	}
	if earliest := r.To.AddDays(-longest); r.From.Before(earliest) {
		r.From = earliest
	}
	if !r.From.Before(r.To) {
		card.Problems = affiliate.Problems{}
		card.Problems.Add("from", "These days are still to come.")
		return
	}
	card.Range = r
}

// daysShown are the days of a range and of the one before, and how to write them.
type daysShown struct {
	view        web.View
	now, before []reports.Point // before: nil while nothing is known of them
	currencies  []money.Currency
	salesOnly   bool // no clicks and leads
}

// measure is one of the figures that can be drawn.
type measure struct {
	key   string // in the URL
	axis  web.Axis
	value func(reports.Point) int64
}

// measures are what can be drawn, money first.
func (d daysShown) measures(before locale.Text) (all []measure) {
	for _, cur := range d.currencies {
		name := locale.T("Commission")
		if len(d.currencies) > 1 {
			name = locale.T("Commission in %s", string(cur))
		}
		all = append(all, measure{string(cur), web.MoneyAxis(d.view, name, cur, before),
			func(p reports.Point) int64 { return p.Money[cur].Commission.Units() }})
	}
	count := func(key string, name locale.Text, value func(reports.Point) int64) {
		all = append(all, measure{key, web.CountAxis(d.view, name, before), value})
	}
	count("sales", locale.T("Sales"), func(p reports.Point) int64 { return p.Sales })
	if d.salesOnly {
		return all
	}
	count("leads", locale.T("Leads"), func(p reports.Point) int64 { return p.Leads })
	count("visits", locale.T("Unique visits"), func(p reports.Point) int64 { return p.Unique })
	return all
}

// figures sums the days up, exactly.
func (d daysShown) figures() (figures []figure, err error) {
	for _, m := range d.measures(locale.Text{}) {
		now, err := total(d.now, m.value)
		if err != nil {
			return nil, err
		}
		f := figure{Name: m.axis.Title, Value: m.axis.Unit(now.Units())}
		if d.before != nil {
			before, err := total(d.before, m.value)
			if err != nil {
				return nil, err
			}
			f.Before, f.Trend = m.axis.Unit(before.Units()), now.Cmp(before)
			f.Percent = max(reports.RoseBy(now.Units(), before.Units()), -reports.RoseBy(now.Units(), before.Units()))
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// total is the sum of a measure; numbers count as units, so that both are added
// without overflow.
func total(points []reports.Point, value func(reports.Point) int64) (money.Amount, error) {
	amounts := []money.Amount{}
	for _, p := range points {
		amounts = append(amounts, money.FromUnits(value(p)))
	}
	return money.Sum(amounts...)
}

// draw fills in the chart of the measure that the URL names.
func (card *daysCard) draw(d daysShown, earlier reports.Earlier) {
	measures := d.measures(beforeInWords(earlier))
	chosen := max(0, slices.IndexFunc(measures, func(m measure) bool { return m.key == d.view.Query("chart") }))
	query := append(linkQuery(d.view.Request), given(d.view.Request, "range", "from", "to")...)
	for i, m := range measures {
		card.Charts = append(card.Charts, web.Tab{Name: m.axis.Title, Current: i == chosen,
			Query: append(slices.Clone(query), "chart", m.key)})
	}
	step := reports.StepFor(card.Range)
	spans := reports.Spans(card.Range, step)
	card.Chart = d.chart(measures[chosen], step, spans, earlier)
}

// beforeInWords names the range that another is compared with.
func beforeInWords(e reports.Earlier) locale.Text {
	switch e {
	case reports.Earlier{Months: 1}:
		return locale.T("The month before")
	case reports.Earlier{Months: 12}:
		return locale.T("The year before")
	}
	return locale.N("The %d day before", "The %d days before", e.Days)
}

// within are the points of a range.
func within(points []reports.Point, r affiliate.Range) (found []reports.Point) {
	for _, p := range points {
		if r.Contains(p.Day) {
			found = append(found, p)
		}
	}
	return found
}

// currenciesIn are those of the balances and of what was earned.
func currenciesIn(points []reports.Point, found []money.Currency) []money.Currency {
	found = slices.Clone(found)
	for _, p := range points {
		for cur := range p.Money {
			if !slices.Contains(found, cur) {
				found = append(found, cur)
			}
		}
	}
	slices.Sort(found)
	return found
}
