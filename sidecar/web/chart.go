package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
)

// Bar is one bar of a chart: what happened on some days. Values are whole
// numbers of one unit: visits, or 1/10,000 of a currency.
type Bar struct {
	Days       affiliate.Range
	Value      int64
	Known      bool   // false is a place without a bar, which is not 0
	Unfinished bool   // today is among the days
	URL        string // of the page that tells more, "" for none
}

// Bars sum up consecutive days to a bar for each span; see reports.Spans. A
// span is known where any of its days is.
func Bars(points []reports.Point, spans []affiliate.Range, value func(reports.Point) int64) []Bar {
	bars := make([]Bar, len(spans))
	for i, span := range spans {
		bars[i].Days = span
		for len(points) > 0 && points[0].Day.Before(span.To) {
			if p := points[0]; span.Contains(p.Day) && p.Known {
				bars[i].Value += value(p)
				bars[i].Known, bars[i].Unfinished = true, bars[i].Unfinished || p.Unfinished
			}
			points = points[1:]
		}
	}
	return bars
}

// Axis is what the values of a chart are.
type Axis struct {
	Title  locale.Text
	Unit   func(int64) string // prints a value
	Least  int64              // the smallest step worth a label: 1, or a currency's minor unit
	Before locale.Text        // what the line is: "the 30 days before"
	Gap    locale.Text        // why there is no bar, where it is not that of partners
}

// CountAxis is that of a number of visits or sales.
func CountAxis(view View, title, before locale.Text) Axis {
	return Axis{Title: title, Unit: view.Number, Least: 1, Before: before}
}

// MoneyAxis is that of amounts in one currency.
func MoneyAxis(view View, title locale.Text, cur money.Currency, before locale.Text) Axis {
	a := Axis{Title: title, Least: 10_000, Before: before,
		Unit: func(units int64) string { return view.Money(money.FromUnits(units), cur) }}
	for range cur.Digits() {
		a.Least /= 10
	}
	return a
}

// Chart is a series of bars with the time before as a line, for the template
// "chart". Places are in percent of the plot from its top left corner, so that
// it fits every width and its text keeps its size.
type Chart struct {
	Axis
	Step    reports.Step
	Ticks   []Tick
	Zero    string // where 0 lies
	Bars    []DrawnBar
	Lines   []string // the time before, as points of a square of 1000; a gap ends a line
	Dates   []DateMark
	Days    affiliate.Range
	Today   bool       // the last bar is not over yet
	Gaps    bool       // there are places without a bar
	Cut     bool       // there are bars that are higher than the plot
	Rows    []ChartRow // the same as a table, newest first
	Highest locale.Text
}

// Tick is a label of the value axis.
type Tick struct{ Y, Label string }

// DrawnBar is a Bar in its place.
type DrawnBar struct {
	X, X2, Width   string // of its place, which is what reacts to the pointer
	BarX, BarWidth string
	Y, Height      string // "" without a bar: 0, or nothing known
	Today          bool
	Cut            string // its value, where it is higher than the plot
	Middle         string
	TipX, Anchor   string // of its label, which stays inside the plot
	Label          locale.Text
	URL            string
}

// DateMark is a label of the time axis.
type DateMark struct {
	X, Anchor string
	Label     locale.Text
}

// ChartRow is a bar as a row of a table.
type ChartRow struct {
	Days          locale.Text
	Value, Before string
	Unfinished    bool
}

// NewChart draws bars and, as a line, as many bars of the time before them.
func NewChart(a Axis, step reports.Step, bars, before []Bar) Chart {
	scale := newScale(a.Least, bars, before)
	c := Chart{Axis: a, Step: step, Zero: Percent(scale.y(0)), Lines: scale.lines(before, len(bars)),
		Rows: chartRows(a, bars, before), Cut: scale.cut, Highest: highest(a, bars)}
	for tick := scale.top; tick >= scale.bottom; tick -= scale.step {
		c.Ticks = append(c.Ticks, Tick{Percent(scale.y(tick)), a.Unit(tick)})
	}
	for i, b := range bars {
		c.Bars = append(c.Bars, scale.draw(a, b, i, len(bars)))
		c.Gaps = c.Gaps || !b.Known
	}
	if n := len(bars); n > 0 {
		c.Days = affiliate.Range{From: bars[0].Days.From, To: bars[n-1].Days.To}
		c.Today, c.Dates = bars[n-1].Unfinished, dateMarks(step, bars)
	}
	return c
}

// Span is what the days of the chart are called.
func (c Chart) Span() locale.Text { return DayRange(c.Days) }

// plotSize is the length of both sides of the plot, a hundredth of a percent.
const plotSize = 10_000

// Percent is a length of the plot as SVG takes it.
func Percent(n int64) string { return fmt.Sprintf("%d.%02d%%", n/100, n%100) }

// slot is where the i-th of n bars lies.
func slot(i, n int) (left, right int64) {
	return int64(i) * plotSize / int64(n), int64(i+1) * plotSize / int64(n)
}

// chartRows are the bars as a table.
func chartRows(a Axis, bars, before []Bar) (rows []ChartRow) {
	for i, b := range slices.Backward(bars) {
		row := ChartRow{Days: named(b.Days), Value: valueOf(a, b), Unfinished: b.Unfinished}
		if i < len(before) {
			row.Before = valueOf(a, before[i])
		}
		rows = append(rows, row)
	}
	return rows
}

func valueOf(a Axis, b Bar) string {
	if !b.Known {
		return "–"
	}
	return a.Unit(b.Value)
}

// highest is what a reader of the chart would say about it.
func highest(a Axis, bars []Bar) locale.Text {
	best := Bar{}
	for _, b := range bars {
		if b.Known && b.Value > best.Value {
			best = b
		}
	}
	if !best.Known {
		return locale.Text{}
	}
	return locale.T("The highest value is %s (%s).", a.Unit(best.Value), named(best.Days))
}

// named is what people call some days: a day, a month, a year, or the first and
// the last one.
func named(r affiliate.Range) locale.Text {
	first, last := r.From, r.To.AddDays(-1)
	switch {
	case first == last:
		return locale.Layout("%s", first)
	case first.Day == 1 && r.To == first.AddMonths(1):
		return locale.Layout("%s", monthName(first))
	case first.Day == 1 && first.Month == 1 && r.To == first.AddMonths(12):
		return locale.Layout("%d", first.Year)
	}
	return locale.Layout("%s – %s", first, last)
}

// monthName and shortDay are days that are shown by their month, and without the year.
type (
	monthName affiliate.Day
	shortDay  affiliate.Day
)

func (m monthName) String() string { return m.Show(locale.English) }

func (m monthName) Show(l *locale.Language) string { return l.Month(affiliate.Day(m).Noon()) }
func (s shortDay) String() string                  { return s.Show(locale.English) }

func (s shortDay) Show(l *locale.Language) string { return l.ShortDate(affiliate.Day(s).Noon()) }

// DayRange is what people call the days of a range.
func DayRange(r affiliate.Range) locale.Text {
	if first, last := r.From, r.To.AddDays(-1); first != last && first.Year == last.Year &&
		(first.Day != 1 || r.To.Day != 1) {
		return locale.Layout("%s – %s", shortDay(first), last)
	}
	return named(r)
}

// maxDates is how many dates find room below a chart.
const maxDates = 5

// dateMarks are the dates below the plot, the first and the last one among them, at
// equal distances. A narrow page shows every other one.
func dateMarks(step reports.Step, bars []Bar) (marks []DateMark) {
	n := len(bars)
	count := min(n, maxDates)
	year := 0
	for k := range count {
		i := 0
		if count > 1 {
			i = (k*(n-1) + (count-1)/2) / (count - 1)
		}
		left, right := slot(i, n)
		mark := DateMark{X: Percent((left + right) / 2), Anchor: "middle", Label: dated(step, bars[i], year)}
		if year = bars[i].Days.From.Year; n > maxDates {
			switch {
			case k == 0:
				mark.X, mark.Anchor = "0%", "start"
			case k == count-1:
				mark.X, mark.Anchor = "100%", "end"
			}
		}
		marks = append(marks, mark)
	}
	return marks
}

// dated is the date below a bar; the year stands where it is another one than
// that of the date before, but not at the first date, which is below the heading.
func dated(step reports.Step, b Bar, year int) locale.Text {
	from := b.Days.From
	switch {
	case b.Unfinished && step == reports.ByDay:
		return locale.T("Today")
	case step == reports.ByYear:
		return locale.Layout("%d", from.Year)
	case step == reports.ByMonth:
		return locale.Layout("%s", monthName(from))
	case year != 0 && year != from.Year:
		return locale.Layout("%s", from)
	}
	return locale.Layout("%s", shortDay(from))
}

// scale is the value axis: from bottom to top in equal steps, 0 among them.
type scale struct {
	bottom, top, step int64
	cut               bool // values above top are drawn as cut bars
}

// newScale makes a few steps of 1, 2 or 5 times a power of ten. least is such a
// power. Single values that would flatten all others do not count.
func newScale(least int64, series ...[]Bar) scale {
	usual, cut := withoutOutliers(series[0])
	var low, high int64
	for _, bars := range append([][]Bar{usual}, series[1:]...) {
		if cut {
			bars, _ = withoutOutliers(bars)
		}
		for _, b := range bars {
			low, high = min(low, b.Value), max(high, b.Value)
		}
	}
	// Beyond a quarter of its range int64 overflows below, and bars end at the edge.
	low, high = max(low, -math.MaxInt64/4), min(high, math.MaxInt64/4)
	step := least
	for factor := 0; (high-low)/step > 4 && step < math.MaxInt64/8; factor++ {
		step = step / []int64{1, 2, 5}[factor%3] * []int64{2, 5, 10}[factor%3]
	}
	s := scale{bottom: -roundUp(-low, step), top: roundUp(high, step), step: step}
	if s.top == s.bottom {
		s.top = step
	}
	s.cut = cut && slices.ContainsFunc(series[0], func(b Bar) bool { return b.Value > s.top })
	return s
}

// What makes a value an outlier: it is more than outlier times the next one, it
// is one of few, and enough others are left that could be read better without it.
const (
	outlier     = 3
	maxOutliers = 3
	minUsual    = 5
)

// withoutOutliers are the bars whose values are near each other, and whether
// there were others.
func withoutOutliers(bars []Bar) (usual []Bar, found bool) {
	sorted := slices.DeleteFunc(slices.Clone(bars), func(b Bar) bool { return b.Value <= 0 })
	slices.SortFunc(sorted, func(a, b Bar) int { return cmp.Compare(b.Value, a.Value) })
	for n := min(maxOutliers, len(sorted)-minUsual); n > 0; n-- {
		if limit := sorted[n].Value; sorted[n-1].Value/outlier > limit {
			return slices.DeleteFunc(slices.Clone(bars), func(b Bar) bool { return b.Value > limit }), true
		}
	}
	return bars, false
}

func roundUp(n, step int64) int64 { return (n + step - 1) / step * step }

// y is where a value lies, counted from the top.
func (s scale) y(value int64) int64 {
	value = max(s.bottom, min(s.top, value))
	return plotSize - ShareOf(value-s.bottom, s.top-s.bottom, plotSize)
}

// lines join bars in the slots of n; each gap ends one line.
func (s scale) lines(bars []Bar, n int) (lines []string) {
	var points []string
	for i, b := range append(slices.Clip(bars), Bar{}) { // the last one ends the last line
		if b.Known {
			left, right := slot(i, n)
			points = append(points, fmt.Sprintf("%d,%d", (left+right)/20, s.y(b.Value)/10))
		} else if points != nil {
			lines, points = append(lines, strings.Join(points, " ")), nil
		}
	}
	return lines
}

// draw puts the i-th of n bars into its place.
func (s scale) draw(a Axis, b Bar, i, n int) DrawnBar {
	left, right := slot(i, n)
	gap := (right - left) / 5
	d := DrawnBar{X: Percent(left), X2: Percent(right), Width: Percent(right - left), BarX: Percent(left + gap/2),
		BarWidth: Percent(right - left - gap), Middle: Percent((left + right) / 2), Today: b.Unfinished, URL: b.URL,
		TipX: Percent((left + right) / 2), Anchor: "middle", Label: locale.Layout("%s: %s", named(b.Days),
			valueOf(a, b))}
	switch middle := (left + right) / 2; {
	case middle < plotSize/4:
		d.TipX, d.Anchor = Percent(left), "start"
	case middle > plotSize*3/4:
		d.TipX, d.Anchor = Percent(right), "end"
	}
	if !b.Known {
		d.Label, d.URL = locale.T("%s: no data", named(b.Days)), ""
		return d
	}
	if b.Unfinished {
		d.Label = locale.T("%s: %s so far", named(b.Days), valueOf(a, b))
	}
	if value, zero := s.y(b.Value), s.y(0); value != zero {
		d.Y, d.Height = Percent(min(value, zero)), Percent(max(value, zero)-min(value, zero))
	}
	if s.cut && b.Value > s.top {
		d.Cut = a.Unit(b.Value)
	}
	return d
}

// ShareOf is part of whole on a length, for whole > 0, without overflow.
func ShareOf(part, whole, length int64) int64 {
	for whole > math.MaxInt64/length {
		part, whole = part/2, whole/2
	}
	return part * length / whole
}
