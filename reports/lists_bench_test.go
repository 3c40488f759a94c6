package reports

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// BenchmarkAdminLists reads pages of the admin's lists among 100,000 partners and
// a million commissions, a tenth of them pending. Seeding takes 80 s with
// PARTNER_CENTER_TEST_SERVER=--innodb-buffer-pool-size=1G, which holds them.
//
// On a quiet machine with two cores, in November 2026, a page took, in ms: commissions
// 5 to 15, partners 7 to 10, orders 3, contacts 2 to 3, payments 2, history 1.5, commissions
// to pay 2, searches 2 to 40. Slower are, with 40 as the goal: commissions by hold 46 to 65,
// the last page of those by sale 98, payments due that are ready 168, contacts searched for
// a part of a word in all of them 522, and commissions to pay by amount 850, which are
// sorted whole. The first view of a minute counts and adds up besides, which takes mostly 4
// to 60, and with the rows of every state 500. By rows read, whatever the load: a page of
// pending commissions some 3,000, of orders 1,100, of partners 1,700.
func BenchmarkAdminLists(b *testing.B) {
	s := newSite(b)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2025-05-01")
	s.crowded(100_000, 1_000_000)
	for _, v := range adminViews(p) {
		s.viewed(b, v.name, func() error {
			_, err := s.reader.Page(b.Context(), v.report, v.query)
			return err
		})
	}
	for _, v := range endViews() {
		s.viewed(b, v.name, s.end(b, v))
	}
	month := Query{Range: affiliate.Range{From: day(b, "2026-03-26"), To: day(b, "2026-04-25")}}
	s.viewed(b, "overview, who and what earned most", func() error {
		_, _, err := s.reader.SiteTop(b.Context(), month, 5)
		return err
	})
	s.viewed(b, "overview, figures of a month", func() error {
		_, err := s.reader.SiteDays(b.Context(), month, month.Range)
		return err
	})
	s.viewed(b, "counts of states", func() error {
		_, err := s.reader.CommissionCounts(b.Context())
		return err
	})
}

// viewed tells what a view takes while no figures of it are kept, and what it takes again.
func (s *site) viewed(b *testing.B, name string, view func() error) {
	b.Run(name, func(b *testing.B) {
		var spent [2]time.Duration
		for b.Loop() {
			s.reader.kept = &kept{}
			for i := range spent {
				began := time.Now()
				if err := view(); err != nil {
					b.Fatal(err)
				}
				spent[i] += time.Since(began)
			}
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(spent[0].Microseconds())/1000/float64(b.N), "first-ms")
		b.ReportMetric(float64(spent[1].Microseconds())/1000/float64(b.N), "later-ms")
	})
}

// listView is a page of a list.
type listView struct {
	name   string
	report *Report
	query  Query
}

// sortsOf are the columns that the admins' lists are sorted by.
var sortsOf = map[*Report][]string{pendingReport: {"day", "amount", "base", "not_before"},
	partnersReport: {"partner", "signup"}, ordersReport: {"day"},
	contactsReport: {"contact", "email", "since", "company", "id"}, accountingReport: {}, dueReport: {}, payableReport: {"day", "payable"},
	historyReport: {"day"}}

// adminViews are first pages of the admins' lists: narrowed, searched, and sorted in
// each way.
func adminViews(p affiliate.PartnerID) (views []listView) {
	views = []listView{
		{"pending ready", pendingReport, Query{Status: Waiting}},
		{"pending of a partner", pendingReport, Query{Partner: p}},
		{"pending searched by order", pendingReport, Query{Search: "N77777"}},
		{"paid", pendingReport, Query{Status: "paid"}}, {"all", pendingReport, Query{Status: AllStates}},
		{"all by amount", pendingReport, Query{Status: AllStates, Sort: "-amount"}},
		{"partners searched", partnersReport, Query{Search: "p4711@"}},
		{"orders of a state", ordersReport, Query{Status: "completed"}},
		{"orders searched", ordersReport, Query{Search: "p4711@"}},
		{"orders of nobody", ordersReport, Query{Status: orderUncredited}},
		{"contacts searched", contactsReport, Query{Search: "Last4711"}},
		{"payments searched", accountingReport, Query{Search: "Last4711"}},
		{"due searched", dueReport, Query{Search: "Last4711"}}, {"due, ready", dueReport, Query{Status: string(Ready)}},
		{"history searched", historyReport, Query{Search: "Last4711"}},
		{"contacts of nothing known in all", contactsReport, Query{Search: "qqqq", Whole: true}},
	}
	for r, sorts := range sortsOf {
		views = append(views, listView{r.Name, r, Query{}}, listView{r.Name + " of nothing known", r, Query{Search: "qqqq"}})
		for _, sort := range sorts {
			views = append(views, listView{r.Name + " by " + sort, r, Query{Sort: sort}},
				listView{r.Name + " by -" + sort, r, Query{Sort: "-" + sort}})
		}
	}
	slices.SortStableFunc(views, func(a, b listView) int { return cmp.Compare(a.report.Name, b.report.Name) })
	for i := range views {
		views[i].query.Limit = 50
	}
	return views
}

// endViews are the last pages of lists, by the cursor before them, and those before.
func endViews() (views []listView) {
	for r, sorts := range sortsOf {
		for _, sort := range sorts {
			views = append(views, listView{r.Name + " by " + sort + ", last page", r, Query{Sort: sort, After: "end"}},
				listView{r.Name + " by " + sort + ", before it", r, Query{Sort: sort, Before: "end"}})
		}
	}
	for r, cursor := range map[*Report]string{pendingReport: "10000050.10000050", partnersReport: "10000050",
		ordersReport: "2025-05-01.10000050", contactsReport: "10000050", accountingReport: "10000050"} {
		views = append(views, listView{r.Name + ", last page", r, Query{After: cursor}},
			listView{r.Name + ", before it", r, Query{Before: cursor}})
	}
	slices.SortStableFunc(views, func(a, b listView) int { return cmp.Compare(a.name, b.name) })
	return views
}

// end reads such a page. Where it begins tells the first page of the opposite order.
func (s *site) end(b *testing.B, v listView) func() error {
	v.query.Limit = 50
	if v.query.After+v.query.Before == "end" {
		opposite, err := s.reader.Page(b.Context(), v.report, Query{Sort: "-" + v.query.Sort, Limit: 50})
		if err != nil {
			b.Fatal(err)
		}
		for _, cursor := range []*string{&v.query.After, &v.query.Before} {
			if *cursor != "" {
				*cursor = opposite.Next
			}
		}
	}
	return func() error {
		_, err := s.reader.Page(b.Context(), v.report, v.query)
		return err
	}
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
		`INSERT INTO {wp}partner_center_contacts (id, email, first_name, last_name, listed_as, origin, created_at,
			updated_at) SELECT %[1]d + n, CONCAT('p', n, '@mail.test'), CONCAT('Pia', n %% 977), CONCAT('Last', n),
			CONCAT('Pia', n %% 977, ' Last', n), 'form',
			'2025-05-01' + INTERVAL n SECOND, '2025-05-01' FROM` + numbers,
		`INSERT INTO {wp}partner_center_partners (id, code, contact_id, listed_as, listed_at, state, payment_method,
			created_at, updated_at) SELECT %[1]d + n, CONCAT('c', n), %[1]d + n, CONCAT('Pia', n %% 977, ' Last', n),
			'2025-05-01' + INTERVAL n MINUTE, 'active', 'paypal', '2025-05-01', '2025-05-01' FROM` + numbers + few,
		`INSERT INTO {wp}partner_center_memberships (partner_id, program_id, signup_at, started_at)
			SELECT %[1]d + n, 1, '2025-05-01' + INTERVAL n MINUTE, '2025-05-01' FROM` + numbers + few,
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
			'approved', 'canceled', 'paid'), 'pending', 0, IF(n %% 10 = 0, n %% 997, 0),
			IF(n %% 10 IN (6, 7), n %% 997, 0), 0, IF(n %% 10 IN (1, 2, 3, 4, 5, 9), n %% 997, 0),
			'2025-05-01' + INTERVAL n * 31 SECOND, DATE('2025-05-01' + INTERVAL n * 31 SECOND), '2026-01-01' FROM` +
			numbers,
		`INSERT INTO {wp}partner_center_balances (partner_id, currency, pending, payable, paid)
			SELECT partner_id, currency, SUM(pending), SUM(payable), SUM(paid) FROM {wp}partner_center_commissions
			WHERE partner_id > %[1]d GROUP BY partner_id, currency`,
		`INSERT INTO {wp}partner_center_journals (id, partner_id, currency, commission_id, seq, kind, occurred_at, day,
			recorded_at, actor) SELECT id, partner_id, currency, id, 1, 'approve', occurred_at, day, occurred_at, 'anna'
			FROM {wp}partner_center_commissions WHERE id > %[1]d`,
		`INSERT INTO {wp}partner_center_entries (journal_id, account, amount)
			SELECT id, 'payable', amount FROM {wp}partner_center_commissions WHERE id > %[1]d`,
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
		{wp}partner_center_order_lines, {wp}partner_center_visit_days, {wp}partner_center_payout_lines,
		{wp}partner_center_balances, {wp}partner_center_journals, {wp}partner_center_entries`)
}
