package reports

import (
	"fmt"
	"testing"

	"partnercenter/affiliate"
)

// BenchmarkAdminLists reads pages of the admin's lists among 100,000 partners and
// a million commissions, a tenth of them pending.
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
	}
	for _, page := range pages {
		page.query.Limit = 50
		b.Run(page.name, func(b *testing.B) { s.benchmark(b, page.report, page.query) })
	}
	b.Run("counts of states", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.reader.CommissionCounts(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// crowded adds partners, and commissions of all of them, each of an order with a
// line, a decision and a customer, ten sales of each partner. A partner has clicks
// on a tenth as many days as there are partners.
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
