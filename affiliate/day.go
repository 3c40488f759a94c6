package affiliate

import (
	"database/sql/driver"
	"fmt"
	"sort"
	"time"

	"partnercenter/locale"
)

// Day is a date of the calendar without a zone, like a DATE column. Facts keep
// the day they happened on by the site's clock, so that a later change of the
// site's zone moves no history. The zero Day is "none" and is NULL in the
// database. Days may be compared with == and used as keys.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf is the day that the clocks of zone show at t.
func DayOf(t time.Time, zone *time.Location) Day {
	year, month, day := t.In(zone).Date()
	return Day{year, month, day}
}

const dayFormat = "2006-01-02"

// ParseDay reads "2006-01-02"; anything else is an Error of KindInvalid.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(dayFormat, text)
	if err != nil {
		return Day{}, newError(KindInvalid, locale.T("%q isn't a date. Write it like 2026-01-31.", text))
	}
	return DayOf(t, time.UTC), nil
}

// String is the day as "2006-01-02", and "" for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Noon().Format(dayFormat)
}

// IsZero tells whether d is "none".
func (d Day) IsZero() bool { return d == Day{} }

// Noon stands for the day where only the calendar matters, in UTC.
func (d Day) Noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// Before tells whether d is earlier than other; the zero Day is before all others.
func (d Day) Before(other Day) bool { return d.Noon().Before(other.Noon()) }

// AddDays is the day n days later, or earlier when n is negative.
func (d Day) AddDays(n int) Day { return DayOf(d.Noon().AddDate(0, 0, n), time.UTC) }

// AddMonths is the same day of the month n months later, or earlier when n is
// negative; where that month has no such day, the first one after it.
func (d Day) AddMonths(n int) Day {
	month := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := month.AddDate(0, 1, -1).Day()
	return DayOf(month.AddDate(0, 0, min(d.Day-1, last)), time.UTC)
}

// Next is the following day.
func (d Day) Next() Day { return d.AddDays(1) }

// Start is the first instant of the day in zone, in UTC. It is searched for
// because midnight may be skipped by daylight saving time, or come twice. A
// day that the zone excluded altogether starts with the next one.
func (d Day) Start(zone *time.Location) time.Time {
	// No zone was ever further from UTC than 16 hours.
	const reach = 16 * 60 * 60
	earliest := d.Noon().Add(-(12*60*60 + reach) * time.Second)
	seconds := sort.Search(2*reach, func(s int) bool {
		return !DayOf(earliest.Add(time.Duration(s)*time.Second), zone).Before(d)
	})
	return earliest.Add(time.Duration(seconds) * time.Second)
}

// Show writes the day for people in their language.
func (d Day) Show(l *locale.Language) string {
	if d.IsZero() {
		return ""
	}
	return l.Date(d.Noon())
}

// Value writes a DATE.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a DATE; NULL is the zero Day.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Day{}
	case time.Time:
		*d = DayOf(v, time.UTC)
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("day: cannot be read from %T", src)
	}
	return nil
}

// MarshalText writes the form of String, for JSON and forms.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	day, err := ParseDay(string(text))
	if err == nil {
		*d = day
	}
	return err
}

// Range is the days from From up to, but without, To.
type Range struct{ From, To Day }

// Contains tells whether d is one of the range's days.
func (r Range) Contains(d Day) bool { return !d.Before(r.From) && d.Before(r.To) }

// Days are how many days the range has.
func (r Range) Days() int { return max(0, int(r.To.Noon().Sub(r.From.Noon())/(24*time.Hour))) }

// Times are the instants of zone between which the range lies: from ≤ t < to.
func (r Range) Times(zone *time.Location) (from, to time.Time) {
	return r.From.Start(zone), r.To.Start(zone)
}
