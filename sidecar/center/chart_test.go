package center

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

func days(values ...int64) (bars []bar) {
	d := affiliate.Day{Year: 2026, Month: 1, Day: 1}
	for _, v := range values {
		bars = append(bars, bar{Day: d, Value: v, Known: true})
		d = d.Next()
	}
	return bars
}

func count(least int64) axis {
	return axis{title: locale.T("Visits"), least: least, unit: func(n int64) string { return strconv.FormatInt(n, 10) }}
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
		chart := newChart(count(c.least), days(c.values...), nil)
		if got := strings.Join(chart.Ticks, " "); got != c.ticks {
			t.Errorf("%v: ticks %s, want %s", c.values, got, c.ticks)
		}
	}
}

func TestChartBarsStandOnZero(t *testing.T) {
	c := newChart(count(1), days(40, -20, 0), days(0, 20))
	if c.Zero != 200 {
		t.Errorf("zero lies at %d", c.Zero)
	}
	var got [][2]int64
	for _, b := range c.Bars {
		got = append(got, [2]int64{b.Y, b.Height})
	}
	if diff := cmp.Diff([][2]int64{{0, 200}, {200, 100}, {200, 0}}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"166,200 499,100"}, c.Before); diff != "" {
		t.Error(diff)
	}
}

func TestChartLineEndsAtGaps(t *testing.T) {
	before := days(1, 1, 1, 1, 1)
	before[2].Known = false
	if c := newChart(count(1), days(1, 1, 1, 1, 1), before); len(c.Before) != 2 || c.Rows[2].Before != "–" {
		t.Errorf("lines %q, row %+v", c.Before, c.Rows[2])
	}
}

// Whatever the values, bars stay inside the picture and no step overflows.
func TestChartStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.Just(int64(math.MaxInt64)),
			rapid.Just(int64(-math.MaxInt64)))
		c := newChart(count(1), days(rapid.SliceOfN(value, 1, 40).Draw(t, "days")...), nil)
		if len(c.Ticks) < 2 || len(c.Ticks) > 9 {
			t.Fatalf("ticks %v", c.Ticks)
		}
		for _, b := range c.Bars {
			if b.X < 0 || b.X+b.Width > chartWidth || b.Width <= 0 || b.Y < 0 || b.Height < 0 ||
				b.Y+b.Height > chartHeight {
				t.Fatalf("bar %+v", b)
			}
		}
	})
}
