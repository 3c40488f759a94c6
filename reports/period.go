package reports

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Preset is a range of days by name, as the range menu offers it.
type Preset string

// The presets, in the order of the menu.
const (
	Today     Preset = "today"
	Last7     Preset = "7d" // the last 7 days, today included
	Last30    Preset = "30d"
	Last90    Preset = "90d"
	ThisMonth Preset = "month"
	LastMonth Preset = "last-month"
	ThisYear  Preset = "year"
	AllTime   Preset = "all"
)

// Presets are the presets with their names for people, in order.
var Presets = []struct {
	Preset Preset
	Name   locale.Text
}{
	{Today, locale.T("Today")}, {Last7, locale.T("Last 7 days")}, {Last30, locale.T("Last 30 days")},
	{Last90, locale.T("Last 90 days")},
	{ThisMonth, locale.T("This month")},
	{LastMonth, locale.T("Last month")}, {ThisYear, locale.T("This year")}, {AllTime, locale.T("All time")},
}

// Range is the preset's days as of today; those that reach to the present end
// with today. ok is false for another name.
func (p Preset) Range(today affiliate.Day) (r affiliate.Range, ok bool) {
	tomorrow := today.Next()
	first := affiliate.Day{Year: today.Year, Month: today.Month, Day: 1}
	switch p {
	case Today:
		return affiliate.Range{From: today, To: tomorrow}, true
	case Last7:
		return affiliate.Range{From: tomorrow.AddDays(-7), To: tomorrow}, true
	case Last30:
		return affiliate.Range{From: tomorrow.AddDays(-30), To: tomorrow}, true
	case Last90:
		return affiliate.Range{From: tomorrow.AddDays(-90), To: tomorrow}, true
	case ThisMonth:
		return affiliate.Range{From: first, To: tomorrow}, true
	case LastMonth:
		return affiliate.Range{From: ByMonth.start(first.AddDays(-1)), To: first}, true
	case ThisYear:
		return affiliate.Range{From: affiliate.Day{Year: today.Year, Month: time.January, Day: 1}, To: tomorrow}, true
	case AllTime:
		return affiliate.Range{}, true
	}
	return affiliate.Range{}, false
}

// Step is what a summary sums up to one row.
type Step string

// The steps.
const (
	ByDay   Step = "day"
	ByWeek  Step = "week" // from Monday (ISO 8601)
	ByMonth Step = "month"
)

func (s Step) valid() bool { return s == ByDay || s == ByWeek || s == ByMonth }

// start is the first day of the step that d lies in.
func (s Step) start(d affiliate.Day) affiliate.Day {
	switch s {
	case ByWeek:
		weekday := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
		return d.AddDays(-(int(weekday) + 6) % 7)
	case ByMonth:
		return affiliate.Day{Year: d.Year, Month: d.Month, Day: 1}
	}
	return d
}
