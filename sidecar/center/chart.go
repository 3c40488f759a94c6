package center

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// bar is a day of a chart. Values are whole numbers of one unit: visits, or
// 1/10,000 of a currency.
type bar struct {
	Day        affiliate.Day
	Value      int64
	Known      bool // false makes a gap, which is not 0
	Unfinished bool // today
}

// chart is a series of days with the days before as a line, for the template
// "chart". Lengths are in units of its view box; labels stand beside the SVG,
// so that they keep their size on every screen.
type chart struct {
	Title  locale.Text
	Text   locale.Text // what is to be seen, in words
	Ticks  []string    // labels of the value axis, top down, at equal distances
	Lines  []int64     // where they lie
	Zero   int64       // where 0 lies
	Bars   []drawn
	Before []string // the days before, as points of lines; a gap ends a line
	First  affiliate.Day
	Last   affiliate.Day
	Today  bool
	Gaps   bool       // there are days of which nothing is known
	Rows   []chartRow // the same as a table
}

type drawn struct {
	X, Y, Width, Height int64
	Class               string
	Label               locale.Text
}

type chartRow struct {
	Day           affiliate.Day
	Value, Before string
	Unfinished    bool
}

// The view box.
const (
	chartWidth  = 1000
	chartHeight = 300
)

// axis is what the values of a chart are.
type axis struct {
	title locale.Text
	unit  func(int64) string // prints a value
	least int64              // the smallest step worth a label: 1, or a currency's minor unit
}

// newChart draws days and, as a line, as many days before them.
func newChart(a axis, days, before []bar) chart {
	last, scale := days[len(days)-1], newScale(a.least, days, before)
	c := chart{Title: a.title, Text: inWords(days, a.unit), First: days[0].Day, Last: last.Day, Today: last.Unfinished,
		Zero: scale.y(0), Before: scale.lines(before, len(days)), Rows: rows(days, before, a.unit)}
	for tick := scale.top; tick >= scale.bottom; tick -= scale.step {
		c.Ticks, c.Lines = append(c.Ticks, a.unit(tick)), append(c.Lines, scale.y(tick))
	}
	for i, day := range days {
		left, right := slot(i, len(days))
		c.Bars = append(c.Bars, scale.bar(day, left, right, a.unit))
		c.Gaps = c.Gaps || !day.Known
	}
	return c
}

// slot is where the i-th of n days lies.
func slot(i, n int) (left, right int64) {
	return int64(i) * chartWidth / int64(n), int64(i+1) * chartWidth / int64(n)
}

// rows are the days as a table.
func rows(days, before []bar, unit func(int64) string) (rows []chartRow) {
	for i, d := range days {
		row := chartRow{Day: d.Day, Value: valueOf(d, unit), Unfinished: d.Unfinished}
		if i < len(before) {
			row.Before = valueOf(before[i], unit)
		}
		rows = append(rows, row)
	}
	return rows
}

func valueOf(b bar, unit func(int64) string) string {
	if !b.Known {
		return "–"
	}
	return unit(b.Value)
}

// inWords is what a reader of the chart would say about it.
func inWords(days []bar, unit func(int64) string) locale.Text {
	text := locale.T("One bar for each day from %s to %s; the line shows the days before.", days[0].Day,
		days[len(days)-1].Day)
	best := bar{}
	for _, d := range days {
		if d.Known && d.Value > best.Value {
			best = d
		}
	}
	if best.Known {
		text = locale.Join(text, locale.T("The highest value is %s on %s.", unit(best.Value), best.Day))
	}
	if days[len(days)-1].Unfinished {
		text = locale.Join(text, locale.T("Today isn't over yet."))
	}
	return text
}

// scale is the value axis: from bottom to top in equal steps, 0 among them.
type scale struct{ bottom, top, step int64 }

// newScale makes a few steps of 1, 2 or 5 times a power of ten. least is such a power.
func newScale(least int64, series ...[]bar) scale {
	var low, high int64
	for _, days := range series {
		for _, d := range days {
			low, high = min(low, d.Value), max(high, d.Value)
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
	return s
}

func roundUp(n, step int64) int64 { return (n + step - 1) / step * step }

// y is where a value lies, counted from the top.
func (s scale) y(value int64) int64 {
	value = max(s.bottom, min(s.top, value))
	return chartHeight - share(value-s.bottom, s.top-s.bottom, chartHeight)
}

// lines join days in the slots of n; each gap ends one line.
func (s scale) lines(days []bar, n int) (lines []string) {
	var points []string
	for i, d := range append(slices.Clip(days), bar{}) { // the last one ends the last line
		if d.Known {
			left, right := slot(i, n)
			points = append(points, fmt.Sprintf("%d,%d", (left+right)/2, s.y(d.Value)))
		} else if points != nil {
			lines, points = append(lines, strings.Join(points, " ")), nil
		}
	}
	return lines
}

func (s scale) bar(d bar, left, right int64, unit func(int64) string) drawn {
	gap := (right - left) / 5
	b := drawn{X: left + gap/2, Width: right - left - gap, Class: "pc-bar-value",
		Label: locale.Layout("%s: %s", d.Day, valueOf(d, unit))}
	switch {
	case !d.Known:
		b.Class, b.Height, b.Label = "pc-bar-gap", chartHeight, locale.T("%s: no data", d.Day)
		return b
	case d.Unfinished:
		b.Class, b.Label = "pc-bar-value pc-bar-today", locale.T("%s: %s so far", d.Day, valueOf(d, unit))
	}
	value, zero := s.y(d.Value), s.y(0)
	b.Y, b.Height = min(value, zero), max(value, zero)-min(value, zero)
	return b
}

// share is part of whole on a length, for whole > 0, without overflow.
func share(part, whole, length int64) int64 {
	for whole > math.MaxInt64/length {
		part, whole = part/2, whole/2
	}
	return part * length / whole
}
