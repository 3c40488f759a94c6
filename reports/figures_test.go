package reports

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// figures are the rows of the summary, the oldest first, without what is calculated of
// the others.
func (s *site) figures(q Query) [][]string {
	rows := s.csv("summary", q)
	kept := []int{}
	for _, name := range []string{"Day", "Unique visits", "Clicks", "Leads", "Sales"} {
		kept = append(kept, slices.Index(rows[0], name))
	}
	for _, cur := range []string{"JPY", "USD"} {
		for _, name := range []string{"Total sales", "Commission"} {
			if i := slices.Index(rows[0], name+" ("+cur+")"); i >= 0 {
				kept = append(kept, i)
			}
		}
	}
	slices.Reverse(rows[1:])
	for i := range rows {
		rows[i] = choose(rows[i], kept)
	}
	return rows
}

// Every figure by its definition, on one day: five clicks of one visitor are
// one unique visit, an order of two lines is one sale, level 2 earns but is no
// sale, a canceled commission is neither, currencies stand apart.
// Spec: S34.1 S35.1 S36.1 S36.2 S37.1 S37.2 S117 D3.3 D12.2
func TestSummaryCountsByTheDefinitions(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, true)
	p := s.partner(program, "Pia", "2026-05-01")
	s.clicks(p, 0, "", "2026-05-02", 5)
	s.clicks(p, 0, "", "2026-05-02", 1) // another visitor
	for range 3 {
		s.lead(p, 0, "", "2026-05-02")
	}
	two := s.sale(p, sale{day: "2026-05-02", base: "100", amount: "10", status: "approved"})
	s.orderLine(p, two.order, sale{day: "2026-05-02", base: "50.5", amount: "5.05", status: "approved"})
	s.sale(p, sale{day: "2026-05-02", base: "1000", amount: "100", currency: "JPY", status: "paid"})
	s.sale(p, sale{day: "2026-05-02", base: "80", amount: "4", level: 2})
	s.sale(p, sale{day: "2026-05-02", base: "70", amount: "7", status: "canceled"})
	want := [][]string{
		{"Day", "Unique visits", "Clicks", "Leads", "Sales", "Total sales (JPY)", "Commission (JPY)",
			"Total sales (USD)", "Commission (USD)"},
		{"2026-05-01", "0", "0", "0", "0", "0", "0", "0.00", "0.00"},
		{"2026-05-02", "2", "6", "3", "2", "1000", "100", "150.50", "19.05"},
		{"2026-05-03", "0", "0", "0", "0", "0", "0", "0.00", "0.00"},
		{"2026-05-04", "0", "0", "0", "0", "0", "0", "0.00", "0.00"},
	}
	if diff := cmp.Diff(want, s.figures(Query{Partner: p})); diff != "" {
		t.Error(diff)
	}
	if got := s.column("summary", Query{Partner: p}, "Conversion (%)"); !cmp.Equal(got, []string{"", "", "100", ""}) {
		t.Errorf("conversion: %v", got)
	}
}

// A refund before payment takes its part of the sale out, one after payment
// leaves it.
// Spec: S36.3 S37.3
func TestRefundsTakeOutOnlyUnpaidSales(t *testing.T) {
	for _, test := range []struct {
		before, account, taken, after string // the commission's status, what a refund takes from where
		sales, total, commission      string
	}{
		{"approved", "payable", "10", "canceled", "0", "0.00", "0.00"},
		{"approved", "payable", "4", "approved", "1", "60.00", "6.00"},
		{"paid", "payable", "10", "paid", "1", "100.00", "0.00"},
		{"paid", "payable", "4", "paid", "1", "100.00", "6.00"},
	} {
		s := newSite(t)
		p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-04")
		e := s.sale(p, sale{day: "2026-05-04", status: test.before})
		s.refund(e, test.account, test.taken)
		s.exec(`UPDATE {wp}partner_center_commissions SET base = 100 - 10 * ? WHERE id = ?`, amount(test.taken), e.id)
		s.status(e, test.after)
		want := []string{"2026-05-04", "0", "0", "0", test.sales, test.total, test.commission}
		if got := s.figures(Query{Partner: p}); !cmp.Equal(got[1], want) {
			t.Errorf("%+v: got %v", test, got[1])
		}
	}
}

// An order that grows after approval is still one sale; what it grew by counts on
// the day of its supplement.
// Spec: S36.1 S37 D22
func TestSupplementIsNoSecondSale(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-03")
	e := s.sale(p, sale{day: "2026-05-03", status: "approved"})
	s.commission(p, e.order, e.line, sale{day: "2026-05-04", base: "50", amount: "5", sequence: 2})
	got := s.figures(Query{Partner: p})[1:]
	want := [][]string{{"2026-05-03", "0", "0", "0", "1", "100.00", "10.00"},
		{"2026-05-04", "0", "0", "0", "0", "50.00", "5.00"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An order whose first commission was canceled is still a sale while a
// supplement of it stands, and one only, whichever lines and days that has.
// Spec: S36, S37, D22
func TestASupplementStandsForACanceledCommission(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-03")
	e := s.sale(p, sale{day: "2026-05-03", status: "canceled", base: "150"})
	s.commission(p, e.order, e.line, sale{day: "2026-05-04", base: "150", amount: "5", sequence: 2, status: "paid"})
	s.commission(p, e.order, e.line, sale{day: "2026-05-04", base: "0", amount: "1", sequence: 3})
	got := s.figures(Query{Partner: p})[1:]
	want := [][]string{{"2026-05-03", "0", "0", "0", "0", "0.00", "0.00"}, {"2026-05-04", "0", "0", "0", "1", "150.00",
		"6.00"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.orderLine(p, e.order, sale{day: "2026-05-03", base: "20", amount: "2"})
	got = s.figures(Query{Partner: p})[1:]
	want = [][]string{{"2026-05-03", "0", "0", "0", "1", "20.00", "2.00"}, {"2026-05-04", "0", "0", "0", "0", "150.00",
		"6.00"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Spec: S117
func TestSummaryStepsAndRanges(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2025-12-20")
	for _, d := range []string{"2025-12-28", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-04", "2026-01-05",
		"2026-03-29", "2026-03-30"} {
		s.clicks(p, 0, "", d, 1)
	}
	year := affiliate.Range{From: day(t, "2025-12-28"), To: day(t, "2026-01-06")}
	spring := affiliate.Range{From: day(t, "2026-03-29"), To: day(t, "2026-03-30")} // a day of 23 hours
	for _, test := range []struct {
		q            Query
		days, unique []string
	}{
		{Query{Range: year, By: ByWeek}, []string{"2026-01-05", "2025-12-29", "2025-12-28"}, []string{"1", "4", "1"}},
		{Query{Range: year, By: ByMonth}, []string{"2026-01-01", "2025-12-28"}, []string{"3", "3"}},
		{Query{Range: spring}, []string{"2026-03-29"}, []string{"1"}},
		{Query{Range: affiliate.Range{From: day(t, "2027-01-01"), To: day(t, "2037-01-01")}}, []string{}, []string{}},
	} {
		test.q.Partner = p
		heading := map[Step]string{ByWeek: "Week starting", ByMonth: "Month starting"}[test.q.By]
		if got := s.column("summary", test.q, or(heading, "Day")); !cmp.Equal(got, test.days) {
			t.Errorf("%+v has the days %v, want %v", test.q, got, test.days)
		}
		if got := s.column("summary", test.q, "Unique visits"); !cmp.Equal(got, test.unique) {
			t.Errorf("%+v has %v visits, want %v", test.q, got, test.unique)
		}
	}
}

// SubIDs are compared byte by byte, and each has its own numbers; level-2
// commissions have none, since the SubID is the selling partner's.
// Spec: S122.1 S122.2 D31.2
func TestSubIDsAreCaseSensitive(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
	s.clicks(p, 0, "News", "2026-05-02", 3)
	s.clicks(p, 0, "news", "2026-05-02", 2)
	s.clicks(p, 0, "news", "2026-05-03", 1)
	s.lead(p, 0, "News", "2026-05-02")
	s.sale(p, sale{day: "2026-05-02", subid: "news"})
	s.sale(p, sale{day: "2026-05-02", subid: "News", level: 2, amount: "1"})
	s.sale(p, sale{day: "2026-05-02", subid: "=1+1"})
	want := [][]string{
		{"SubID", "Length", "Commission (USD)", "Share (%)", "Sales", "Leads", "Unique visits", "Clicks",
			"Conversion (%)", "Per click (USD)", "Total sales (USD)"},
		{"news", "", "10.00", "47.6", "1", "0", "2", "3", "50", "3.33", "100.00"},
		{"'=1+1", "", "10.00", "47.6", "1", "0", "0", "0", "", "", "100.00"},
		{"News", "", "0.00", "0", "0", "1", "1", "3", "0", "0.00", "0.00"},
		{"Level 2: partners you recruited", "", "1.00", "4.8", "0", "0", "0", "0", "", "", "0.00"},
	}
	if diff := cmp.Diff(want, s.csv("subids", Query{Partner: p})); diff != "" {
		t.Error(diff)
	}
}

// Spec: S53.3
func TestToolsAreNamedWithCampaignAndAd(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, true)
	p, tool := s.partner(program, "Pia", "2026-05-01"), s.tool(program, "Banner")
	s.clicks(p, tool, "", "2026-05-02", 2)
	s.sale(p, sale{day: "2026-05-02", tool: tool})
	s.sale(p, sale{day: "2026-05-02"})
	s.sale(p, sale{day: "2026-05-02", tool: tool, level: 2, amount: "3"}) // by the seller's tool, not by theirs
	want := [][]string{
		{"Banner", "Spring", "A", "10.00", "43.5", "1", "0", "1", "2", "100", "5.00", "100.00"},
		{"(none)", "", "", "10.00", "43.5", "1", "0", "0", "0", "", "", "100.00"},
		{"Level 2: partners you recruited", "", "", "3.00", "13", "0", "0", "0", "0", "", "", "0.00"},
	}
	if diff := cmp.Diff(want, s.csv("tools", Query{Partner: p})[1:]); diff != "" {
		t.Error(diff)
	}
}

// Visits that were summed up because they are old count as before.
// Spec: S33 S122
func TestOldVisitsCountAsBefore(t *testing.T) {
	s, mine, _ := twoPartners(t)
	all := func() (files [][][]string) {
		for _, name := range []string{"summary", "tools", "subids", "pages", "campaigns", "ads"} {
			files = append(files, s.csv(name, Query{Partner: mine}))
		}
		return files
	}
	before := all()
	s.exec(`INSERT INTO {wp}partner_center_visit_sums (partner_id, day, tool_id, subid, clicks, uniques)
		SELECT partner_id, day, tool_id, subid, COUNT(*), SUM(is_unique) FROM {wp}partner_center_visits
		WHERE MOD(id, 2) = 0 GROUP BY partner_id, day, tool_id, subid`)
	s.exec(`INSERT INTO {wp}partner_center_visit_pages (partner_id, day, tool_id, page, clicks, uniques)
		SELECT partner_id, day, tool_id, page, COUNT(*), SUM(is_unique) FROM {wp}partner_center_visits
		WHERE MOD(id, 2) = 0 GROUP BY partner_id, day, tool_id, page`)
	s.exec(`DELETE FROM {wp}partner_center_visits WHERE MOD(id, 2) = 0`)
	if diff := cmp.Diff(before, all()); diff != "" {
		t.Error(diff)
	}
}

// A visit counts the same in the daily figures, by tool, by SubID and in the
// admin's list of partners; so do leads, sales and money.
// Spec: S33 S98 D3.2
func TestReportsAgreeWithEachOther(t *testing.T) {
	s, mine, _ := twoPartners(t)
	sum := func(name, heading string) (n float64) {
		for _, text := range s.column(name, Query{Partner: mine}, heading) {
			f, err := strconv.ParseFloat(text, 64) // small test figures
			if err != nil {
				t.Fatal(err)
			}
			n += f
		}
		return n
	}
	partners := s.csv("partners", Query{})
	row := partners[slices.IndexFunc(partners, func(row []string) bool { return slices.Contains(row, "Partner mine Partner") })]
	for i, heading := range partners[0] {
		switch heading {
		case "Visits", "Clicks", "Leads", "# Sales", "Total Sales (USD)", "Commission (JPY)", "Commission (KWD)":
			listed, _ := strconv.ParseFloat(row[i], 64)
			as := map[string]string{"Visits": "Unique visits", "# Sales": "Sales",
				"Total Sales (USD)": "Total sales (USD)"}
			if name, has := as[heading]; has { // as reports say
				heading = name
			}
			for _, name := range []string{"summary", "tools", "subids", "pages"} {
				if got := sum(name, heading); got != listed || got == 0 {
					t.Errorf("%s: %v in %s, %v in the list of partners", heading, got, name, listed)
				}
			}
		}
	}
}

// Days without anything are 0 only while the partner was in a program; before,
// after and in the future they are gaps.
func TestSeriesHasGapsOutsideTheMembership(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-02")
	s.clicks(p, 0, "", "2026-05-04", 2)
	points, err := s.reader.Series(t.Context(), p, affiliate.Range{From: day(t, "2026-05-01"),
		To: day(t, "2026-05-06")})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, point := range points {
		text := point.Day.String()
		if point.Known {
			text += " " + strconv.FormatInt(point.Clicks, 10)
		}
		if point.Unfinished {
			text += " today"
		}
		got = append(got, text)
	}
	want := []string{"2026-05-01", "2026-05-02 0", "2026-05-03 0", "2026-05-04 2 today", "2026-05-05"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.exec(`UPDATE {wp}partner_center_memberships SET active = NULL, ended_at = ? WHERE partner_id = ?`,
		s.at("2026-05-02"), p)
	points, err = s.reader.Series(t.Context(), p, affiliate.Range{From: day(t, "2026-05-02"), To: day(t, "2026-05-05")})
	if err != nil || !points[0].Known || points[1].Known || !points[2].Known {
		t.Errorf("after leaving: %+v, %v", points, err)
	}
}
