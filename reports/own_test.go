package reports

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// ownBreakdowns are the reports that break a partner's figures down, with what each
// leaves out of what the summary has.
var ownBreakdowns = map[*Report][]string{
	toolsReport: nil, subidsReport: nil, pagesReport: nil, campaignsReport: nil, adsReport: nil,
	soldProductsReport: {"clicks", "unique", "leads", "sales"}, // an order is a sale of each product
}

// awkwardRanges are days on which clocks change, a year's end, nothing, ten years, all.
func awkwardRanges(t testing.TB) []affiliate.Range {
	r := func(from, to string) affiliate.Range { return affiliate.Range{From: day(t, from), To: day(t, to)} }
	return []affiliate.Range{{}, r("2026-03-29", "2026-03-30"), r("2025-10-26", "2025-10-27"),
		r("2025-12-30", "2026-01-03"), r("2026-04-02", "2026-05-03"), r("2031-01-01", "2031-02-01"),
		r("2017-01-01", "2027-01-01"), r("2026-05-01", "2026-05-05"), {From: day(t, "2026-04-15")},
		{To: day(t, "2026-05-01")}}
}

// Whatever a partner breaks their figures down by, they sum up to the summary's, in any
// range; customers and level 2 together are all of the commission; and behind each row
// stand the commissions that it sums up.
//
// Spec: S117 S122
func TestOwnReportsAgreeInAnyRange(t *testing.T) {
	for seed := range uint64(3) {
		s, partners, programs := crowd(t, seed)
		s.awkwardDays(partners[0], programs[0])
		for _, days := range awkwardRanges(t) {
			for _, p := range partners {
				q := Query{Partner: p, Range: days}
				want := s.summed(summaryReport, q)
				for _, by := range []Step{ByWeek, ByMonth} {
					if got := s.summed(summaryReport, Query{Partner: p, Range: days, By: by}); !maps.Equal(got, want) {
						t.Errorf("seed %d, %v, by %s: %v, by day: %v", seed, days, by, got, want)
					}
				}
				for r, without := range ownBreakdowns {
					got := s.summed(r, q)
					for _, key := range without {
						delete(got, key)
						if want[key] != 0 {
							got[key] = want[key]
						}
					}
					if diff := cmp.Diff(noZeros(want), noZeros(got)); diff != "" {
						t.Errorf("seed %d, %v, %s: %s", seed, days, r.Name, diff)
					}
				}
				s.agreesByPerson(q)
				s.agreesBehind(q)
			}
		}
	}
}

// awkwardDays are a sale and clicks on each day that is not like others.
func (s *site) awkwardDays(p affiliate.PartnerID, program affiliate.ProgramID) {
	for _, d := range []string{"2026-03-29", "2025-10-26", "2025-12-31", "2026-01-01"} {
		buyer := s.contact("Bo", "Buyer", d+"@buyer.example")
		s.clicks(p, 0, "day", d, 2)
		s.sale(p, sale{day: d, program: program, customer: buyer, status: "approved"})
		s.sale(p, sale{day: d, program: program, customer: buyer, status: "paid", currency: "EUR"})
		e := s.sale(p, sale{day: d, program: program, level: 2, amount: "3", status: "approved"})
		s.decide(e.order, 1, p+100)
	}
}

func noZeros(sums map[string]float64) map[string]float64 {
	maps.DeleteFunc(sums, func(_ string, n float64) bool { return n == 0 })
	return sums
}

// agreesByPerson compares the partner's customers and level 2 with their summary.
func (s *site) agreesByPerson(q Query) {
	s.t.Helper()
	earned := map[money.Currency]money.Amount{}
	add := func(r *Report) {
		page, err := s.reader.Page(s.t.Context(), r, q)
		if err != nil {
			s.t.Fatal(r.Name, err)
		}
		for _, row := range page.Rows {
			for i, c := range row.Cells {
				if page.Table.Columns[i].BaseKey() == "commission" && c.Kind == KindMoney {
					earned[c.Currency], _ = earned[c.Currency].Add(c.Amount)
				}
			}
		}
	}
	add(customersReport)
	add(level2Report)
	whole, err := s.reader.Page(s.t.Context(), summaryReport, q)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, c := range whole.Table.Totals[0].Cells {
		if whole.Table.Columns[i].BaseKey() == "commission" && earned[c.Currency] != c.Amount {
			s.t.Errorf("%+v: customers and level 2 are %s %s, the summary says %s", q, earned[c.Currency], c.Currency,
				c.Amount)
		}
	}
}

// agreesBehind compares each row with the commissions that it leads to.
func (s *site) agreesBehind(q Query) {
	s.t.Helper()
	for _, r := range All {
		if r.For != ForPartner || !r.Has(FilterRange) {
			continue
		}
		page, err := s.reader.Page(s.t.Context(), r, q)
		if err != nil {
			s.t.Fatal(r.Name, err)
		}
		for _, row := range page.Rows {
			if row.Behind == nil {
				continue
			}
			behind := *row.Behind
			behind.Partner = q.Partner
			list, err := s.reader.Page(s.t.Context(), commissionsReport, behind)
			if err != nil {
				s.t.Fatal(r.Name, err)
			}
			found := map[money.Currency]money.Amount{}
			for _, c := range list.Rows {
				cell := list.Cell(c, "amount")
				found[cell.Currency], _ = found[cell.Currency].Add(cell.Amount)
			}
			for i, c := range row.Cells {
				if page.Table.Columns[i].BaseKey() == "commission" && found[c.Currency] != c.Amount {
					s.t.Errorf("%s of %+v: behind %+v are %s %s, the row says %s", r.Name, q, *row.Behind,
						found[c.Currency], c.Currency, c.Amount)
				}
			}
		}
	}
}

// A range is compared with the days before it, row by row, and what brings nothing any
// more is still told; where the partner was not there yet, there is no comparison.
func TestRangesAreComparedWithTheOneBefore(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-03-01")
	s.sale(p, sale{day: "2026-04-02", subid: "a", amount: "10"})
	s.sale(p, sale{day: "2026-04-03", subid: "gone", amount: "5"})
	s.sale(p, sale{day: "2026-05-02", subid: "a", amount: "12"})
	s.sale(p, sale{day: "2026-05-02", subid: "new", amount: "7"})
	may := affiliate.Range{From: day(t, "2026-05-01"), To: day(t, "2026-05-05")} // up to today: compared with 1–4 April
	q := Query{Partner: p, Range: may}
	names := []string{"SubID", "Commission (USD)", "Commission before (USD)", "Compared (%)"}
	want := [][]string{names, {"a", "12.00", "10.00", "20"}, {"new", "7.00", "0.00", ""},
		{"gone", "0.00", "5.00", "-100"}}
	if diff := cmp.Diff(want, s.columns("subids", q, names...)); diff != "" {
		t.Error(diff)
	}
	names[0] = "Day"
	got := s.columns("summary", q, names...)
	want = [][]string{names, {"2026-05-04", "0.00", "0.00", "0"}, {"2026-05-03", "0.00", "5.00", "-100"},
		{"2026-05-02", "19.00", "10.00", "90"}, {"2026-05-01", "0.00", "0.00", "0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	q.Range = affiliate.Range{From: day(t, "2026-03-02"), To: day(t, "2026-05-05")}
	if heads := s.csv("subids", q)[0]; slices.Contains(heads, "Compared (%)") {
		t.Errorf("days before the partner joined are compared: %v", heads)
	}
}

// columns are those of a report's file with these headings.
func (s *site) columns(name string, q Query, headings ...string) [][]string {
	s.t.Helper()
	rows, places := s.csv(name, q), []int{}
	for _, heading := range headings {
		places = append(places, slices.Index(rows[0], heading))
	}
	for i := range rows {
		rows[i] = choose(rows[i], places)
	}
	return rows
}

// What an address says of a customer tells two partners nothing, and works for nobody
// else; level 2 tells of the seller's sales how much, and no more.
//
// Spec: S17 D44
func TestCustomersInAddressesAreOfOnePartner(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNobody, true)
	pia, rob := s.partner(program, "Pia", "2026-03-01"), s.partner(program, "Rob", "2026-03-01")
	buyer := s.contact("Bea", "Buyer", "bea@buyer.example")
	for _, p := range []affiliate.PartnerID{pia, rob} {
		s.sale(p, sale{customer: buyer, program: program})
	}
	of := func(p affiliate.PartnerID) string {
		page, err := s.reader.Page(t.Context(), customersReport, Query{Partner: p})
		if err != nil || len(page.Rows) != 1 || !strings.HasPrefix(page.Rows[0].Cells[0].Text, "Customer ") {
			t.Fatalf("%+v, %v", page, err)
		}
		return page.Rows[0].Behind.Of
	}
	if of(pia) == of(rob) {
		t.Error("two partners see that they share a customer")
	}
	for _, wrong := range []string{of(rob), "customer:" + strings.Repeat("0", 32), "customer:1", "customer:", "x:1",
		"tool:x", "x"} {
		_, err := s.reader.Page(t.Context(), commissionsReport, Query{Partner: pia, Of: wrong})
		if affiliate.KindOf(err) != affiliate.KindInvalid {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	err := s.reader.Read(t.Context(), commissionsReport, Query{Partner: pia, Of: of(pia)}, func(table *Table) error {
		if len(table.Filters) != 1 || !strings.HasPrefix(table.Filters[0].Value.String(), "Customer ") {
			t.Errorf("%+v", table.Filters)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Products and customers of commissions that a partner never saw are not told (S89).
//
// Spec: S89
func TestReportsHideWhatIsHidden(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, false)
	p := s.partner(program, "Pia", "2026-03-01")
	buyer := s.contact("Bea", "Buyer", "bea@buyer.example")
	for _, status := range []string{"pending", "canceled"} {
		s.sale(p, sale{customer: buyer, program: program, status: status})
		e := s.sale(p, sale{customer: buyer, program: program, status: status, level: 2})
		s.decide(e.order, 1, p)
	}
	for _, r := range []*Report{soldProductsReport, customersReport, level2Report, toolsReport, subidsReport,
		pagesReport} {
		page, err := s.reader.Page(t.Context(), r, Query{Partner: p})
		if err != nil || len(page.Rows) > 0 {
			t.Errorf("%s: %+v, %v", r.Name, page.Rows, err)
		}
	}
}

// However many customers there are, the first page is that of all.
func TestCustomersOfAHeavyPartner(t *testing.T) {
	defer func(n int) { mostSummed = n }(mostSummed)
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	p := s.partner(program, "Pia", "2026-03-01")
	for i := range 60 {
		buyer := s.contact("Bea", "Buyer", string(rune('a'+i%17))+string(rune('a'+i/17))+"@buyer.example")
		for j := range 1 + i%3 {
			s.sale(p, sale{customer: buyer, program: program,
				day:      day(t, "2026-03-01").AddDays((i*7 + j*11) % 60).String(),
				currency: []money.Currency{"USD", "EUR"}[j%2], status: []string{"approved", "canceled"}[i%11/10],
				level: 1 + i%13/12})
		}
		if i%4 == 0 { // many bought last on the same day
			s.sale(p, sale{customer: buyer, program: program, day: "2026-04-15", currency: "USD", status: "approved"})
		}
	}
	s.samePages(p, customersReport)
}

// So are the purchases, whichever page is asked for, forth and back.
//
// Spec: S121
func TestPurchasesOfAHeavyPartner(t *testing.T) {
	defer func(n int) { mostSummed = n }(mostSummed)
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	p, other := s.partner(program, "Pia", "2026-03-01"), s.partner(program, "Quin", "2026-03-01")
	s.exec(`UPDATE {wp}partner_center_programs SET show_declined = 1, show_history = 1`)
	buyer := s.contact("Bea", "Buyer", "bea@buyer.example")
	s.refer("last", buyer, p, "2026-03-01")
	for i := range 60 {
		d := day(t, "2026-03-01").AddDays(i * 7 % 60)
		o := sale{customer: buyer, program: program, day: d.String(), currency: []money.Currency{"USD", "EUR"}[i%2],
			status: []string{"approved", "canceled", "paid"}[i%3]}
		order := s.order(map[bool]affiliate.PartnerID{true: p, false: other}[i%5 > 0],
			[]string{"paid", "failed"}[i%11/10], o)
		o.day = d.AddDays(i % 4 * 9).String() // paid later than it was placed
		s.orderLine(p, order, o)
		if i%7 == 0 {
			s.orderLine(p, order, o)
		}
	}
	s.samePages(p, purchasesReport)
}

// samePages compares the pages of a partner with many sales with those of the same one
// if they had few.
func (s *site) samePages(p affiliate.PartnerID, r *Report) {
	s.t.Helper()
	read := func(q Query, many bool) *Page {
		mostSummed = map[bool]int{false: 1000, true: 1}[many]
		page, err := s.reader.Page(s.t.Context(), r, q)
		if err != nil {
			s.t.Fatal(err)
		}
		return page
	}
	for _, limit := range []int{1, 2, 3, 5, 20} {
		for _, days := range []affiliate.Range{{}, {From: day(s.t, "2026-03-10"), To: day(s.t, "2026-04-20")}} {
			for _, cur := range []money.Currency{"", "EUR"} {
				q := Query{Partner: p, Limit: limit, Range: days}
				if r.Has(FilterCurrency) {
					q.Currency = cur
				}
				everything := q
				everything.Limit = 1000
				all, walked := read(everything, false).Rows, []Row{}
				for n := 0; n < 100; n++ {
					want, got := read(q, false), read(q, true)
					if diff := cmp.Diff(want.Rows, got.Rows); diff != "" || got.Next != want.Next ||
						got.Prev != want.Prev {
						s.t.Fatalf("%s %+v: %s, next %q, want %q", r.Name, q, diff, got.Next, want.Next)
					}
					walked = append(walked, got.Rows...)
					if want.Prev != "" {
						back := q
						back.After, back.Before = "", want.Prev
						if diff := cmp.Diff(read(back, false).Rows, read(back, true).Rows); diff != "" {
							s.t.Fatalf("%s %+v: %s", r.Name, back, diff)
						}
					}
					if q.After = want.Next; q.After == "" {
						break
					}
				}
				if diff := cmp.Diff(all, walked); diff != "" || len(all) < 15 {
					s.t.Fatalf("%s %+v: the pages are not all %d rows, each once: %s", r.Name, q, len(all), diff)
				}
			}
		}
	}
}
