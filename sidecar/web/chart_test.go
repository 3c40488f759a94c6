package web

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
)

func barsOf(values ...int64) (bars []Bar) {
	d := affiliate.Day{Year: 2026, Month: 1, Day: 1}
	for _, v := range values {
		bars = append(bars, Bar{Days: affiliate.Range{From: d, To: d.Next()}, Value: v, Known: true})
		d = d.Next()
	}
	return bars
}

func plain(least int64) Axis {
	return Axis{Title: locale.T("Visits"), Least: least, Unit: func(n int64) string { return strconv.FormatInt(n, 10) }}
}

func ticks(c Chart) string {
	labels := []string{}
	for _, t := range c.Ticks {
		labels = append(labels, t.Label)
	}
	return strings.Join(labels, " ")
}

func TestChartScale(t *testing.T) {
	for _, c := range []struct {
		least  int64
		values []int64
		ticks  string
	}{
		{1, []int64{0, 0}, "1 0"},
		{1, []int64{1}, "1 0"},
		{1, []int64{3}, "3 2 1 0"},
		{1, []int64{14, 7}, "15 10 5 0"},
		{1, []int64{73}, "80 60 40 20 0"},
		{100, []int64{50}, "100 0"}, // nothing below the minor unit
		{1, []int64{-30, 70}, "100 50 0 -50"},
	} {
		if got := ticks(NewChart(plain(c.least), reports.ByDay, barsOf(c.values...), nil)); got != c.ticks {
			t.Errorf("%v: ticks %s, want %s", c.values, got, c.ticks)
		}
	}
}

func TestChartBarsStandOnZero(t *testing.T) {
	c := NewChart(plain(1), reports.ByDay, barsOf(40, -20, 0), barsOf(0, 20))
	if c.Zero != "66.67%" {
		t.Errorf("zero lies at %s", c.Zero)
	}
	var got [][2]string
	for _, b := range c.Bars {
		got = append(got, [2]string{b.Y, b.Height})
	}
	if diff := cmp.Diff([][2]string{{"0.00%", "66.67%"}, {"66.67%", "33.33%"}, {"", ""}}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"166,666 499,333"}, c.Lines); diff != "" {
		t.Error(diff)
	}
}

func TestChartLineEndsAtGaps(t *testing.T) {
	before := barsOf(1, 1, 1, 1, 1)
	before[2].Known = false
	c := NewChart(plain(1), reports.ByDay, barsOf(1, 1, 1, 1, 1), before)
	if len(c.Lines) != 2 || c.Rows[2].Before != "–" {
		t.Errorf("lines %q, row %+v", c.Lines, c.Rows[2])
	}
}

// One day that sold a hundred times as much as all others does not flatten them:
// its bar is cut, and says its value.
func TestChartCutsOutliers(t *testing.T) {
	for _, c := range []struct {
		values []int64
		ticks  string
		cut    int
	}{
		{[]int64{5, 9, 900, 0, 7, 6, 8, 3}, "10 8 6 4 2 0", 1},
		{[]int64{5, 9, 900, 1000, 7, 6, 8, 3}, "10 8 6 4 2 0", 2},
		{[]int64{5, 9, 27, 0, 7, 6, 8, 3}, "30 20 10 0", 0},                          // three times is no outlier yet
		{[]int64{5, 900, 7}, "1000 800 600 400 200 0", 0},                            // too few others
		{[]int64{900, 901, 902, 903, 7, 6, 8, 3, 2, 4}, "1000 800 600 400 200 0", 0}, // too many
	} {
		chart := NewChart(plain(1), reports.ByDay, barsOf(c.values...), nil)
		cut := 0
		for i, b := range chart.Bars {
			if b.Cut != "" {
				cut++
				if b.Cut != strconv.FormatInt(c.values[i], 10) || b.Y != "0.00%" || b.Height != "100.00%" {
					t.Errorf("%v: bar %+v", c.values, b)
				}
			}
		}
		if got := ticks(chart); got != c.ticks || cut != c.cut || chart.Cut != (cut > 0) {
			t.Errorf("%v: ticks %s, %d cut; want %s, %d", c.values, got, cut, c.ticks, c.cut)
		}
	}
}

// Days before the partner joined have neither bar nor line, and are no 0.
func TestUnknownDaysHaveNoBar(t *testing.T) {
	points := []reports.Point{}
	for i := range 10 {
		day := affiliate.Day{Year: 2025, Month: 12, Day: 27}.AddDays(i)
		points = append(points, reports.Point{Day: day, Known: i > 3, Unfinished: i == 9,
			Figures: reports.Figures{Clicks: int64(i)}})
	}
	days := affiliate.Range{From: points[0].Day, To: points[9].Day.Next()}
	bars := Bars(points, reports.Spans(days, reports.ByDay), func(p reports.Point) int64 { return p.Clicks })
	c := NewChart(plain(1), reports.ByDay, bars, bars)
	if !c.Gaps || c.Bars[3].Height != "" || c.Bars[3].Label.String() != "30 Dec 2025: no data" ||
		c.Bars[4].Height == "" || c.Rows[9].Value != "–" || len(c.Lines) != 1 ||
		!strings.HasPrefix(c.Lines[0], "450,") {
		t.Errorf("%+v", c)
	}
	if !c.Today || c.Bars[9].Label.String() != "5 Jan 2026: 9 so far" {
		t.Errorf("today is %s", c.Bars[9].Label)
	}
	var dates []string
	for _, d := range c.Dates {
		dates = append(dates, d.Label.String())
	}
	if got := strings.Join(dates, ", "); got != "27 Dec, 29 Dec, 1 Jan 2026, 3 Jan, Today" {
		t.Errorf("dates: %s", got)
	}
}

// A range of any length has dates that can be read.
func TestChartOfTenYears(t *testing.T) {
	days := affiliate.Range{From: affiliate.Day{Year: 2017, Month: 3, Day: 5},
		To: affiliate.Day{Year: 2026, Month: 11, Day: 22}}
	points := []reports.Point{}
	for d := days.From; d.Before(days.To); d = d.Next() {
		points = append(points, reports.Point{Day: d, Known: true, Figures: reports.Figures{Clicks: 1}})
	}
	step := reports.StepFor(days)
	bars := Bars(points, reports.Spans(days, step), func(p reports.Point) int64 { return p.Clicks })
	c := NewChart(plain(1), step, bars, nil)
	if len(c.Bars) != 117 || c.Bars[1].Label.String() != "Apr 2017: 30" ||
		c.Bars[0].Label.String() != "5 Mar 2017 – 31 Mar 2017: 27" || len(c.Dates) > maxDates+1 {
		t.Errorf("%d bars, %s, %s, %d dates", len(c.Bars), c.Bars[0].Label, c.Bars[1].Label, len(c.Dates))
	}
}

// Whatever the values, bars stay inside the picture and no step overflows.
func TestChartStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.Just(int64(math.MaxInt64)),
			rapid.Just(int64(-math.MaxInt64)))
		values := rapid.SliceOfN(value, 0, 40).Draw(t, "days")
		c := NewChart(plain(1), reports.ByDay, barsOf(values...), nil)
		if len(c.Ticks) < 2 || len(c.Ticks) > 9 {
			t.Fatalf("ticks %v", c.Ticks)
		}
		inside := func(texts ...string) {
			for _, text := range texts {
				n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
				if text != "" && (err != nil || n < 0 || n > 100) {
					t.Fatalf("%q lies outside", text)
				}
			}
		}
		for _, b := range c.Bars {
			inside(b.X, b.X2, b.Width, b.BarX, b.BarWidth, b.Y, b.Height, b.Middle, b.TipX)
		}
		for _, d := range c.Dates {
			inside(d.X)
		}
	})
}
