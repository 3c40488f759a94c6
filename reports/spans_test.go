package reports

import (
	"fmt"
	"testing"

	"partnercenter/affiliate"
)

func rangeOf(t *testing.T, from, to string) affiliate.Range {
	t.Helper()
	first, err := affiliate.ParseDay(from)
	if err != nil {
		t.Fatal(err)
	}
	last, err := affiliate.ParseDay(to)
	if err != nil {
		t.Fatal(err)
	}
	return affiliate.Range{From: first, To: last}
}

func TestSpans(t *testing.T) {
	for _, c := range []struct {
		from, to string
		step     Step
		spans    int
		first    string
		last     string
	}{
		{"2026-03-23", "2026-03-30", ByDay, 7, "2026-03-23…2026-03-24", "2026-03-29…2026-03-30"}, // clocks go forward
		{"2026-12-20", "2027-01-11", ByDay, 22, "2026-12-20…2026-12-21", "2027-01-10…2027-01-11"},
		{"2026-01-01", "2026-11-22", ByWeek, 47, "2026-01-01…2026-01-05", "2026-11-16…2026-11-22"},
		{"2017-02-10", "2026-11-22", ByMonth, 118, "2017-02-10…2017-03-01", "2026-11-01…2026-11-22"},
		{"1926-01-01", "2026-11-22", ByYear, 101, "1926-01-01…1927-01-01", "2026-01-01…2026-11-22"},
		{"2026-01-01", "2026-01-01", ByDay, 0, "", ""},
	} {
		r := rangeOf(t, c.from, c.to)
		if got := StepFor(r); got != c.step {
			t.Errorf("%v: by %s, want %s", r, got, c.step)
		}
		spans := Spans(r, c.step)
		if len(spans) != c.spans {
			t.Fatalf("%v: %d spans, want %d", r, len(spans), c.spans)
		}
		text := func(r affiliate.Range) string { return fmt.Sprintf("%s…%s", r.From, r.To) }
		if len(spans) > 0 && (text(spans[0]) != c.first || text(spans[len(spans)-1]) != c.last) {
			t.Errorf("%v: from %s to %s", r, text(spans[0]), text(spans[len(spans)-1]))
		}
	}
}

func TestRangesAreComparedWithThoseBefore(t *testing.T) {
	for _, c := range []struct {
		preset                Preset
		from, to, first, last string
	}{
		{Last7, "2026-11-15", "2026-11-22", "2026-11-08", "2026-11-15"},
		{ThisMonth, "2026-03-01", "2026-03-22", "2026-02-01", "2026-02-22"},
		{ThisMonth, "2026-03-01", "2026-03-31", "2026-02-01", "2026-03-01"}, // 29 and 30 February
		{LastMonth, "2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01"},
		{LastMonth, "2026-01-01", "2026-02-01", "2025-12-01", "2026-01-01"},
		{ThisYear, "2028-01-01", "2028-03-01", "2027-01-01", "2027-03-01"},
		{ThisYear, "2028-02-29", "2028-03-01", "2027-03-01", "2027-03-01"},
		{"", "2026-12-25", "2027-01-05", "2026-12-14", "2026-12-25"},
	} {
		r := rangeOf(t, c.from, c.to)
		if got, want := c.preset.Earlier(r).Of(r), rangeOf(t, c.first, c.last); got != want {
			t.Errorf("%s %v: %v, want %v", c.preset, r, got, want)
		}
	}
}
