package reports

import (
	"fmt"
	"testing"

	"partnercenter/affiliate"
)

// BenchmarkAdminLists reads pages of the admin's lists among 100,000 partners and
// a million commissions, a tenth of them pending. Seeding takes 80 s with
// PARTNER_CENTER_TEST_SERVER=--innodb-buffer-pool-size=1G, which holds them.
//
// Nothing is known of a quiet machine yet. In November 2026, on two cores with a load
// of 17 before and of 15 to 28 after, pages were read by ids first and words looked up
// by indexes; a first page then took, in ms: a number among the pending 14,400 before
// and 10 after, a customer among them 3,700 and 18, a number among the orders 56,900
// and 4. Searches for what nothing begins with read the newest rows only since. The
// ranking of the overview took 2.8 s by the rows of a month, and 0.1 s by the index that
// holds all it adds up, at a load of 15. By rows read, whatever the load: a
// page of pending commissions some 3,000, of orders 1,100, of partners 1,700. Counting
// and adding up the 100,000 pending reads each once, in the index, once a minute.
func BenchmarkAdminLists(b *testing.B) {
	s := newSite(b)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2025-05-01")
	s.crowded(100_000, 1_000_000)
	pages := []struct {
		name   string
		report *Report
		query  Query
	}{
		{"pending", pendingReport, Query{}}, {"pending by amount", pendingReport, Query{Sort: "-amount"}},
		{"pending ready", pendingReport, Query{Status: Waiting}},
		{"pending of a partner", pendingReport, Query{Partner: p}},
		{"pending searched by order", pendingReport, Query{Search: "N77777"}},
		{"paid", pendingReport, Query{Status: "paid"}}, {"all", pendingReport, Query{Status: AllStates}},
		{"partners", partnersReport, Query{}}, {"partners by name", partnersReport, Query{Sort: "partner"}},
		{"partners by sign-up", partnersReport, Query{Sort: "-signup"}},
		{"partners searched", partnersReport, Query{Search: "p4711@"}},
		{"orders", ordersReport, Query{}}, {"orders of a state", ordersReport, Query{Status: "completed"}},
		{"orders searched", ordersReport, Query{Search: "p4711@"}}, {"contacts", contactsReport, Query{}},
		{"contacts searched", contactsReport, Query{Search: "Last4711"}}, {"payments", accountingReport, Query{}},
		{"pending by day", pendingReport, Query{Sort: "day"}}, {"pending by sale", pendingReport, Query{Sort: "-base"}},
		{"orders by day", ordersReport, Query{Sort: "day"}}, {"contacts by email", contactsReport, Query{Sort: "email"}},
		{"orders of nobody", ordersReport, Query{Status: orderUncredited}},
		{"pending of nothing known", pendingReport, Query{Search: "qqqq"}},
		{"partners of nothing known", partnersReport, Query{Search: "qqqq"}},
		{"orders of nothing known", ordersReport, Query{Search: "qqqq"}},
		{"contacts of nothing known", contactsReport, Query{Search: "qqqq"}},
		{"contacts of nothing known in all", contactsReport, Query{Search: "qqqq", Whole: true}},
	}
	for _, page := range pages {
		page.query.Limit = 50
		b.Run(page.name, func(b *testing.B) { s.benchmark(b, page.report, page.query) })
	}
	for _, report := range []*Report{pendingReport, partnersReport, ordersReport, contactsReport} {
		b.Run(report.Name+", second page", func(b *testing.B) {
			first, err := s.reader.Page(b.Context(), report, Query{Limit: 50})
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			s.benchmark(b, report, Query{Limit: 50, After: first.Next})
		})
	}
	month := Query{Range: affiliate.Range{From: day(b, "2026-03-26"), To: day(b, "2026-04-25")}}
	b.Run("overview, who and what earned most", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.reader.SiteTop(b.Context(), month, 5); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("overview, figures of a month", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.reader.SiteDays(b.Context(), month, month.Range); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("counts of states", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.reader.CommissionCounts(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// crowded adds partners, and commissions of all of them, each of an order with a
// line, a decision and a customer; each partner has clicks on ten days.
func (s *site) crowded(partners, commissions int) {
	const from = 10_000_000
	numbers := fmt.Sprintf(` (WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
		SELECT a.n * 1000 + b.n - 1000 AS n FROM n a, n b WHERE a.n <= %d / 1000) x`, commissions)
	few := fmt.Sprintf(" WHERE n <= %d", partners)
	for _, query := range []string{
		`INSERT INTO {wp}partner_center_tools (id, code, program_id, kind, name, target_url, created_at, updated_at)
			SELECT %[1]d + n, CONCAT('t', n), 1, 'standard', CONCAT('Banner ', n), 'https://example.com/', '2025-05-01',
			'2025-05-01' FROM` + numbers + ` WHERE n <= 200`,
		`INSERT INTO {wp}partner_center_contacts (id, email, first_name, last_name, origin, created_at, updated_at)
			SELECT %[1]d + n, CONCAT('p', n, '@mail.test'), CONCAT('Pia', n %% 977), CONCAT('Last', n), 'form',
			'2025-05-01' + INTERVAL n SECOND, '2025-05-01' FROM` + numbers,
		`INSERT INTO {wp}partner_center_partners (id, code, contact_id, state, payment_method, created_at, updated_at)
			SELECT %[1]d + n, CONCAT('c', n), %[1]d + n, 'active', 'paypal', '2025-05-01',
			'2025-05-01' FROM` + numbers + few,
		`INSERT INTO {wp}partner_center_memberships (partner_id, program_id, signup_at, started_at)
			SELECT %[1]d + n, 1, '2025-05-01' + INTERVAL n MINUTE, '2025-05-01' FROM` + numbers + few,
		`INSERT INTO {wp}partner_center_balances (partner_id, currency, pending) SELECT %[1]d + n, 'USD', n FROM` +
			numbers + few,
		`INSERT INTO {wp}partner_center_orders (id, source, external_id, number, version, status, currency, total,
			contact_id, placed_at, day, created_at, updated_at)
			SELECT %[1]d + n, 'x', n, CONCAT('N', n), 1, 'paid', 'USD', 100, %[1]d + n,
			'2025-05-01' + INTERVAL n * 31 SECOND, DATE('2025-05-01' + INTERVAL n * 31 SECOND), '2026-01-01', '2026-01-01'
			FROM` + numbers,
		`INSERT INTO {wp}partner_center_order_lines (id, order_id, line, product_id, name, quantity, base)
			SELECT %[1]d + n, %[1]d + n, '1', 1, CONCAT('Course ', n %% 50), 1, 100 FROM` + numbers,
		`INSERT INTO {wp}partner_center_decisions (id, order_id, decision_version, reason, partner_id, program_id,
			settings_version, decided_at, actor, trace)
			SELECT %[1]d + n, %[1]d + n, 1, 'credited', %[1]d + 1 + n DIV 10 %% %[2]d, 1, 1, '2026-01-01', 'x', '[]'
			FROM` + numbers,
		`INSERT INTO {wp}partner_center_commissions (id, order_id, line_id, level, decision_version, sequence,
			partner_id, program_id, product_id, tool_id, subid, currency, base, amount, status, stage, granted, pending,
			payable, in_payout, paid, occurred_at, day, updated_at)
			SELECT %[1]d + n, %[1]d + n, %[1]d + n, 1, 1, 1, %[1]d + 1 + n DIV 10 %% %[2]d, 1, 1, %[1]d + 1 + n %% 200,
			'', 'USD', 100, n %% 997, ELT(1 + n %% 10, 'pending', 'paid', 'paid', 'paid', 'paid', 'paid', 'approved',
			'approved', 'canceled', 'paid'), 'pending', 0, 0, 0, 0, 0, '2025-05-01' + INTERVAL n * 31 SECOND,
			DATE('2025-05-01' + INTERVAL n * 31 SECOND), '2026-01-01' FROM` + numbers,
		`INSERT INTO {wp}partner_center_visit_days (partner_id, day, instance, clicks, uniques)
			SELECT %[1]d + 1 + n DIV 10 %% %[2]d, '2026-05-04' - INTERVAL (n %% 10 * 36 + n DIV 10 %% 36) DAY, 0, 10, 5
			FROM` + numbers,
		`INSERT INTO {wp}partner_center_payout_lines (payout_id, partner_id, currency, amount, method, state, updated_at,
			settled_at, day) SELECT %[1]d + n %% 12, %[1]d + n, 'USD', n, 'paypal', 'settled', '2026-01-01', '2026-01-01',
			'2026-01-01' FROM` + numbers + few,
	} {
		s.exec(fmt.Sprintf(query, from, partners))
	}
	s.exec(`ANALYZE TABLE {wp}partner_center_commissions, {wp}partner_center_orders, {wp}partner_center_contacts,
		{wp}partner_center_partners, {wp}partner_center_memberships, {wp}partner_center_decisions,
		{wp}partner_center_order_lines, {wp}partner_center_visit_days, {wp}partner_center_payout_lines`)
}
