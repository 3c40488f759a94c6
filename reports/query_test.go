package reports

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Spec: S117
func TestPresetsEndToday(t *testing.T) {
	for _, test := range []struct {
		today    string
		preset   Preset
		from, to string // the last day, included
	}{
		{"2026-05-04", Today, "2026-05-04", "2026-05-04"},
		{"2026-03-01", Last7, "2026-02-23", "2026-03-01"},
		{"2026-05-04", Last30, "2026-04-05", "2026-05-04"},
		{"2026-05-04", ThisMonth, "2026-05-01", "2026-05-04"},
		{"2026-03-31", LastMonth, "2026-02-01", "2026-02-28"},
		{"2026-01-15", LastMonth, "2025-12-01", "2025-12-31"},
		{"2026-01-01", ThisYear, "2026-01-01", "2026-01-01"},
		{"2026-05-04", AllTime, "", ""},
	} {
		got, ok := test.preset.Range(day(t, test.today))
		last := ""
		if !got.To.IsZero() {
			last = got.To.AddDays(-1).String()
		}
		if !ok || got.From.String() != test.from || last != test.to {
			t.Errorf("%s on %s is %s to %s, %v", test.preset, test.today, got.From, last, ok)
		}
	}
	for _, p := range Presets {
		if _, ok := p.Preset.Range(day(t, "2026-05-04")); !ok || p.Name.IsZero() {
			t.Errorf("the menu offers %q", p.Preset)
		}
	}
}

func TestWeeksBeginOnMonday(t *testing.T) {
	for d, monday := range map[string]string{"2026-05-04": "2026-05-04", "2026-05-10": "2026-05-04",
		"2026-05-03": "2026-04-27", "2026-01-01": "2025-12-29"} {
		if got := ByWeek.start(day(t, d)); got.String() != monday {
			t.Errorf("the week of %s begins on %s", d, got)
		}
	}
}

func TestQueryOfAURLAndBack(t *testing.T) {
	today := day(t, "2026-05-04")
	text := "after=2026-05-01.7&by=week&currency=JPY&from=2026-01-01&program=3&q=a%26b&status=paid&to=2026-03-31&tool=5"
	values, err := url.ParseQuery(text + "&partner=9")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseQuery(values, today)
	want := Query{Partner: 9, Range: affiliate.Range{From: day(t, "2026-01-01"), To: day(t, "2026-04-01")}, By: ByWeek,
		Status: "paid", Program: 3, Tool: 5, Currency: "JPY", Search: "a&b", After: "2026-05-01.7"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s, %v", diff, err)
	}
	if back := got.Values().Encode(); back != text {
		t.Errorf("back in a URL it is %s", back)
	}
	if got, err := ParseQuery(url.Values{"range": {"month"}}, today); err != nil ||
		got.Range != (affiliate.Range{From: day(t, "2026-05-01"), To: day(t, "2026-05-05")}) {
		t.Errorf("this month is %v, %v", got.Range, err)
	}
	if got, err := ParseQuery(url.Values{}, today); err != nil || got != (Query{}) || len(got.Values()) != 0 {
		t.Errorf("nothing is %+v, %v", got, err)
	}
}

func TestQueryNamesTheWrongField(t *testing.T) {
	for field, value := range map[string]string{"from": "yesterday", "to": "2026-02-30", "range": "fortnight",
		"by": "year", "program": "x", "tool": "-1",
		"partner": "0", "currency": "XXQ", "q": strings.Repeat("ä", 101)} {
		_, err := ParseQuery(url.Values{field: {value}}, day(t, "2026-05-04"))
		e, ok := err.(*affiliate.Error)
		if !ok || e.Kind != affiliate.KindInvalid || e.Fields[field].IsZero() {
			t.Errorf("%s=%.20s: %v", field, value, err)
		}
	}
	_, err := ParseQuery(url.Values{"from": {"2026-05-02"}, "to": {"2026-05-01"}}, day(t, "2026-05-04"))
	if affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("a range that ends before it begins: %v", err)
	}
}

// What a table was narrowed to stands above it, in words.
// Spec: S117, S43
func TestFiltersAreShownInWords(t *testing.T) {
	s, mine, other := twoPartners(t)
	tools := []affiliate.ToolID{}
	if err := s.h.Select(t.Context(), &tools, `SELECT id FROM {wp}partner_center_tools ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		report *Report
		q      Query
		want   []Shown
	}{
		{commissionsReport, Query{Partner: mine, Status: "paid", Currency: "JPY", Search: "a", Tool: tools[0]},
			[]Shown{{locale.T("Status"), locale.T("Paid")}, {locale.T("Currency"), locale.Data("JPY")},
				{locale.T("Search"), locale.Data("a")}, {locale.T("Promo tool"), locale.Data("tool mine")}}},
		{commissionsReport, Query{Partner: mine, Tool: tools[2]}, nil}, // of the other program
		{pendingReport, Query{Partner: other, Program: 1, Tool: tools[2]},
			[]Shown{{locale.T("Partner"), locale.Data("Partner other Partner <" + s.email(other) + ">")},
				{locale.T("Program"), locale.Data("Program 1")}, {locale.T("Promo tool"), locale.Data("tool other")}}},
		{pendingReport, Query{Partner: 4711}, nil},
	} {
		page, err := s.reader.Page(t.Context(), test.report, test.q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, page.Table.Filters); diff != "" {
			t.Errorf("%+v: %s", test.q, diff)
		}
	}
}

func (s *site) email(p affiliate.PartnerID) (email string) {
	s.t.Helper()
	if err := s.h.Get(s.t.Context(), &email,
		`SELECT k.email FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
			WHERE p.id = ?`, p); err != nil {
		s.t.Fatal(err)
	}
	return email
}
