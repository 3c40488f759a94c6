package affiliate_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/db/dbtest"
)

func day(t testing.TB, text string) affiliate.Day {
	t.Helper()
	d, err := affiliate.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Days begin and end with the clocks of the site, also where daylight saving
// time takes midnight away or brings it twice.
// Spec: D3
func TestDayStartsWithTheSitesClock(t *testing.T) {
	for _, test := range []struct {
		zone, day, start string
		hours            int
	}{
		{"UTC", "2026-01-31", "2026-01-31T00:00:00Z", 24},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25},
		{"America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", 23},
		{"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z", 24}, // UTC+14
		{"Etc/GMT+12", "2026-01-01", "2026-01-01T12:00:00Z", 24},         // UTC-12
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23},  // 00:00 became 01:00
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25},  // 24:00 became 23:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25},     // 01:00 became 00:00
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0}, // excluded
	} {
		d, z := day(t, test.day), zone(t, test.zone)
		start, end := affiliate.Range{From: d, To: d.Next()}.Times(z)
		if got := start.Format(time.RFC3339); got != test.start ||
			end.Sub(start) != time.Duration(test.hours)*time.Hour {
			t.Errorf("%s %s starts at %s and lasts %v, want %s, %d h", test.zone, test.day, got, end.Sub(start),
				test.start, test.hours)
		}
	}
}

// Every instant belongs to the day between whose bounds it lies.
func TestDayOfAgreesWithStart(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/Sao_Paulo"),
		zone(t, "America/Havana"),
		zone(t, "Asia/Beirut"), zone(t, "Australia/Lord_Howe"), zone(t, "Pacific/Apia"),
		time.FixedZone("UTC+5:45", 20700)}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		// 2000 to 2050, often near a full hour, where clocks change.
		at := time.Unix(rapid.Int64Range(263_000, 701_000).Draw(t, "hour")*3600+rapid.Int64Range(-1, 1).Draw(t,
			"second"), 0)
		d := affiliate.DayOf(at, z)
		if at.Before(d.Start(z)) || !at.Before(d.Next().Start(z)) {
			t.Fatalf("%v is on %v, which lasts from %v to %v", at.In(z), d, d.Start(z), d.Next().Start(z))
		}
	})
}

func TestDayCountsOnTheCalendar(t *testing.T) {
	d := day(t, "2024-02-28")
	if d.Next().String() != "2024-02-29" || d.AddDays(2).String() != "2024-03-01" ||
		d.AddDays(-59).String() != "2023-12-31" {
		t.Errorf("after and before %v: %v, %v, %v", d, d.Next(), d.AddDays(2), d.AddDays(-59))
	}
	week := affiliate.Range{From: d, To: d.AddDays(7)}
	if !week.Contains(d) || !week.Contains(d.AddDays(6)) || week.Contains(d.AddDays(7)) ||
		week.Contains(d.AddDays(-1)) {
		t.Error("a range has its first day and not its end")
	}
	if !(affiliate.Day{}).Before(d) || d.Before(d) || d.Next().Before(d) {
		t.Error("days are not in order")
	}
}

func TestParseDayRefusesOtherThings(t *testing.T) {
	for _, text := range []string{"", "2026-02-29", "2026-1-1", "01.02.2026", "2026-01-01T00:00:00Z", "tomorrow"} {
		if d, err := affiliate.ParseDay(text); affiliate.KindOf(err) != affiliate.KindInvalid {
			t.Errorf("%q became %v, %v", text, d, err)
		}
	}
}

func TestDaySurvivesTheDatabaseAndJSON(t *testing.T) {
	h := dbtest.New(t)
	for _, want := range []affiliate.Day{day(t, "2026-03-29"), {}} {
		var fromDate, fromText, fromJSON affiliate.Day
		if err := h.Get(t.Context(), &fromDate, `SELECT CAST(? AS DATE)`, want); err != nil || fromDate != want {
			t.Errorf("DATE gives %v, %v; want %v", fromDate, err, want)
		}
		if err := h.Get(t.Context(), &fromText, `SELECT CAST(? AS CHAR)`, want); err != nil || fromText != want {
			t.Errorf("text gives %v, %v; want %v", fromText, err, want)
		}
		data, _ := json.Marshal(want)
		if err := json.Unmarshal(data, &fromJSON); err != nil || fromJSON != want {
			t.Errorf("JSON %s gives %v, %v; want %v", data, fromJSON, err, want)
		}
	}
}
