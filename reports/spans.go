package reports

import (
	"time"

	"partnercenter/affiliate"
)

// ByYear is a step of charts only: no report has it.
const ByYear Step = "year"

// StepFor is the step by which a chart of these days stays readable: at most
// some hundred bars, whatever the range.
func StepFor(r affiliate.Range) Step {
	switch days := r.Days(); {
	case days <= 93:
		return ByDay
	case days <= 2*366:
		return ByWeek
	case days <= 10*366:
		return ByMonth
	}
	return ByYear
}

// Spans cut the days of r into steps, oldest first. The first and the last one
// may be shorter than a whole step.
func Spans(r affiliate.Range, step Step) (spans []affiliate.Range) {
	for from := r.From; from.Before(r.To); {
		to := step.next(from)
		if r.To.Before(to) {
			to = r.To
		}
		spans, from = append(spans, affiliate.Range{From: from, To: to}), to
	}
	return spans
}

// next is the first day of the step after the one that d lies in.
func (s Step) next(d affiliate.Day) affiliate.Day {
	switch s {
	case ByWeek:
		return s.start(d).AddDays(7)
	case ByMonth:
		return affiliate.Day{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(1)
	case ByYear:
		return affiliate.Day{Year: d.Year + 1, Month: time.January, Day: 1}
	}
	return d.Next()
}

// Earlier is how far back the days lie that a range is compared with.
type Earlier struct{ Days, Months int }

// Earlier is the comparison that people expect: months with the same days of
// the month before, a year with those of the year before, all else with as many
// days before.
func (p Preset) Earlier(r affiliate.Range) Earlier {
	switch p {
	case ThisMonth, LastMonth:
		return Earlier{Months: 1}
	case ThisYear:
		return Earlier{Months: 12}
	}
	return Earlier{Days: r.Days()}
}

// EarlierOf is the comparison that people expect of a range that has no name: months
// and years that are over, and those up to today, as the presets; all else with as many
// days before.
func EarlierOf(r affiliate.Range, today affiliate.Day) Earlier {
	month, year := r.From.FirstOfMonth(), affiliate.Day{Year: r.From.Year, Month: time.January, Day: 1}
	tillToday := r.To == today.Next()
	switch {
	case r.From == month && (r.To == month.NextMonth() || tillToday && r.To.AddDays(-1).FirstOfMonth() == month):
		return Earlier{Months: 1}
	case r.From == year && (r.To == year.AddMonths(12) || tillToday && today.Year == year.Year):
		return Earlier{Months: 12}
	}
	return Earlier{Days: r.Days()}
}

// Of moves a range back. Days that the earlier month does not have are cut off,
// so that the whole of a long month is compared with the whole of a short one.
func (e Earlier) Of(r affiliate.Range) affiliate.Range {
	move := func(d affiliate.Day) affiliate.Day { return d.AddMonths(-e.Months).AddDays(-e.Days) }
	return affiliate.Range{From: move(r.From), To: move(r.To)}
}
