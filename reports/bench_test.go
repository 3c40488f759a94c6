package reports

import (
	"fmt"
	"io"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// many is a table of n rows of ten cells, made as they are read.
func many(t testing.TB, n int) *Table {
	table := mixed(t)
	table.Totals = nil
	at := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	first, price, names := day(t, "2026-03-29"), amount("123.45"), make([]string, 100)
	for i := range names {
		names[i] = fmt.Sprintf("Partner %d", i)
	}
	table.Rows = func(yield func(Row, error) bool) {
		for i := range n {
			at = at.Add(time.Minute)
			if !yield(Row{Cells: []Cell{Date(first), Time(&at), Text(names[i%100]), Money(price, "USD"),
				Money(price, "USD"),
				Status("approved"), Number(int64(i)), Percent(12_345), Money(price, "USD")}}, nil) {
				return
			}
		}
	}
	return table
}

func BenchmarkCSV100kRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteCSV(io.Discard, many(b, 100_000), CSVOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkXLSX100kRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteXLSX(io.Discard, many(b, 100_000), b.TempDir()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeavyPartner reads the reports of a partner with 100,000 sales and 1.1
// million visits within a year, by 300 SubIDs: first from the rows, then from the
// sums that are kept.
func BenchmarkHeavyPartner(b *testing.B) {
	s := newSite(b)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2025-05-01")
	s.heavy(p)
	year := affiliate.Range{From: day(b, "2025-05-05"), To: day(b, "2026-05-05")}
	figures := func(how string) {
		b.Run("summary of a month"+how, func(b *testing.B) {
			s.benchmark(b, summaryReport,
				Query{Partner: p, Range: affiliate.Range{From: day(b, "2026-03-01"), To: day(b, "2026-04-01")}})
		})
		b.Run("summary of all"+how,
			func(b *testing.B) { s.benchmark(b, summaryReport, Query{Partner: p, By: ByMonth}) })
		b.Run("tools of a year"+how, func(b *testing.B) { s.benchmark(b, toolsReport, Query{Partner: p, Range: year}) })
		for _, r := range []*Report{campaignsReport, adsReport, soldProductsReport, customersReport, level2Report} {
			b.Run(r.Name+" of a year"+how,
				func(b *testing.B) { s.benchmark(b, r, Query{Partner: p, Range: year, Limit: 50}) })
		}
		b.Run("summary of a year by week, compared"+how, func(b *testing.B) {
			s.benchmark(b, summaryReport, Query{Partner: p, By: ByWeek, Limit: 50,
				Range: affiliate.Range{From: day(b, "2025-11-05"), To: day(b, "2026-05-05")}})
		})
		b.Run("SubIDs of a year"+how,
			func(b *testing.B) { s.benchmark(b, subidsReport, Query{Partner: p, Range: year}) })
		b.Run("landing pages of a year"+how,
			func(b *testing.B) { s.benchmark(b, pagesReport, Query{Partner: p, Range: year}) })
		month := affiliate.Range{From: day(b, "2026-04-05"), To: day(b, "2026-05-05")} // today is the last day
		for _, r := range []*Report{summaryReport, toolsReport, subidsReport, pagesReport} {
			b.Run(r.Name+" of 30 days"+how, func(b *testing.B) { s.benchmark(b, r, Query{Partner: p, Range: month}) })
		}
		b.Run("SubIDs of all"+how, func(b *testing.B) { s.benchmark(b, subidsReport, Query{Partner: p}) })
	}
	if !testing.Short() {
		figures(", rows")
	}
	s.roll(b)
	figures("")
	b.Run("page of commissions", func(b *testing.B) { s.benchmark(b, commissionsReport, Query{Partner: p, Limit: 50}) })
	b.Run("page of purchases", func(b *testing.B) { s.benchmark(b, purchasesReport, Query{Partner: p, Limit: 50}) })
	b.Run("further page of purchases", func(b *testing.B) {
		s.benchmark(b, purchasesReport, Query{Partner: p, Limit: 50, After: "2026-01-02.1000500"})
	})
	b.Run("page of purchases of a year", func(b *testing.B) {
		s.benchmark(b, purchasesReport, Query{Partner: p, Limit: 50, Range: year})
	})
	// All customers bought again within the last 75 days; none stands behind them.
	for _, day := range []string{"2026-05-03", "2026-04-10", "2026-03-05", "2026-02-20", "2026-01-02"} {
		b.Run("customers from "+day, func(b *testing.B) {
			s.benchmark(b, customersReport, Query{Partner: p, Limit: 50, After: day + ".1000500"})
		})
		b.Run("customers up to "+day, func(b *testing.B) {
			s.benchmark(b, customersReport, Query{Partner: p, Limit: 50, Before: day + ".1000500"})
		})
	}
	b.Run("chart of a year", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.reader.Series(b.Context(), p, year); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("file of commissions", func(b *testing.B) { s.benchmark(b, commissionsReport, Query{Partner: p}) })
	b.Run("balances", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.reader.Balances(b.Context(), p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func (s *site) benchmark(b *testing.B, r *Report, q Query) {
	for b.Loop() {
		if q.Limit > 0 {
			if _, err := s.reader.Page(b.Context(), r, q); err != nil {
				b.Fatal(err)
			}
			continue
		}
		err := s.reader.Read(b.Context(), r, q, func(t *Table) error { return WriteCSV(io.Discard, t, CSVOptions{}) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (s *site) heavy(p affiliate.PartnerID) {
	var orders, lines, commissions, decisions, visits []string
	for i := range 100_000 {
		id, d := 1_000_000+i, day(s.t, "2025-05-04").AddDays(i%365)
		orders = append(orders, fmt.Sprintf("(%d, 'x', '%d', 'N%d', 1, 'paid', 'USD', 100, %d, '%s', '%s', '%s', '%s')",
			id, id, id, 1_000_000+i%20_000, d, d, d, d))
		lines = append(lines, fmt.Sprintf("(%d, %d, '1', 1, 'Course', 1, 100)", id, id))
		level := 1 + i%20/19
		commissions = append(commissions,
			fmt.Sprintf("(%d, %d, %d, %d, 1, 1, %d, 1, %d, 1, 's%d', 'shop.example/page-%d', 'USD', 100, 10, "+
				"'paid', 'paid', 10, 0, 0, 0, 10, "+
				"'%s', '%s', '%s')", id, id, id, level, p, 1+i%40, i%300, i%200, d, d, d))
		seller := int(p)
		if level == 2 {
			seller = 900 + i%50
		}
		decisions = append(decisions, fmt.Sprintf("(%d, 1, '', %d, 0, '%s', 'test', '{}')", id, seller, d))
		if i%5 == 0 {
			visits = append(visits, fmt.Sprintf("(%d, %d, 1, 's%d', 'shop.example/page-%d', 'v', '%s', 1)", id, p,
				i%300, i%200, d))
		}
	}
	s.load("orders (id, source, external_id, number, version, status, currency, total, contact_id, placed_at, day, "+
		"created_at, updated_at)", orders)
	s.load("order_lines (id, order_id, line, product_id, name, quantity, base)", lines)
	s.load(`commissions (id, order_id, line_id, level, decision_version, sequence, partner_id, program_id, product_id, tool_id, subid, page, currency, base, amount,
		status, stage, granted, pending, payable, in_payout, paid, occurred_at, day, updated_at)`, commissions)
	s.load(`decisions (order_id, decision_version, reason, partner_id, settings_version, decided_at, actor, trace)`,
		decisions)
	s.exec(`INSERT INTO {wp}partner_center_contacts (id, email, first_name, last_name, origin, created_at, updated_at)
		SELECT 1000000 + seq, CONCAT('b', seq, '@buyer.example'), 'Bea', CONCAT('Buyer', seq), 'form', '2025-05-01',
			'2025-05-01' FROM seq_0_to_19999`)
	s.exec(`INSERT INTO {wp}partner_center_balances (partner_id, currency, expense, paid)
		VALUES (?, 'USD', -1000000, 1000000)`, p)
	s.load("visits (id, partner_id, tool_id, subid, page, visitor, day, is_unique)", visits)
	s.exec(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, page, visitor, day, is_unique)
		SELECT 10000000 + seq, ?, 1 + seq % 7, CONCAT('s', seq % 300),
			CONCAT('shop.example/page-', seq % 200), 'v', '2025-05-04' + INTERVAL seq % 365 DAY, seq % 3 = 0
		FROM seq_1_to_1080000`, p)
	s.exec(`INSERT INTO {wp}partner_center_visit_days SELECT partner_id, day, 0, COUNT(*), SUM(is_unique)
		FROM {wp}partner_center_visits GROUP BY partner_id, day`)
	s.exec(`ANALYZE TABLE {wp}partner_center_visits, {wp}partner_center_commissions,
		{wp}partner_center_orders, {wp}partner_center_decisions`)
}

// roll makes the sums of all that is over.
func (s *site) roll(b testing.TB) {
	roller := NewRoller(s.h, s.clock.Now, s.reader.zone)
	for range 3 {
		if _, err := roller.Work(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
