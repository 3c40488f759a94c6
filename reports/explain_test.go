package reports

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// explainer asks the database how it would run each query before running it.
type explainer struct {
	db.Queryer
	t      testing.TB
	report string
	asked  int
}

func (e *explainer) Get(ctx context.Context, dest any, query string, args ...any) error {
	e.explain(ctx, query, args)
	return e.Queryer.Get(ctx, dest, query, args...)
}

func (e *explainer) Select(ctx context.Context, dest any, query string, args ...any) error {
	e.explain(ctx, query, args)
	return e.Queryer.Select(ctx, dest, query, args...)
}

func (e *explainer) Query(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	e.explain(ctx, query, args)
	return e.Queryer.Query(ctx, query, args...)
}

// big finds the aliases of the tables that grow with visits and sales.
var big = regexp.MustCompile(
	`\{wp\}partner_center_(contacts|manuals|visits|visit_days|touchpoints|commissions|journals|entries|orders|order_lines|payout_lines|payout_items|mails) (\w+)`)

func (e *explainer) explain(ctx context.Context, query string, args []any) {
	e.t.Helper()
	if strings.HasSuffix(query, ") counted") {
		return // stops after MostCounted rows
	}
	type step struct{ table, access, key string }
	var plan []step
	rows, err := e.Queryer.Query(ctx, "EXPLAIN "+query, args...)
	if err != nil {
		e.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		found := map[string]any{}
		if err := rows.MapScan(found); err != nil {
			e.t.Fatal(err)
		}
		plan = append(plan, step{text(found["table"]), text(found["type"]), text(found["key"])})
	}
	for _, name := range big.FindAllStringSubmatch(query, -1) {
		for _, step := range plan {
			if step.table != name[2] {
				continue
			}
			e.asked++
			// A page may walk along an index: it stops after its rows.
			walks := step.access == "index" && strings.Contains(query, " LIMIT ")
			if step.access == "ALL" || step.access == "index" && !walks {
				e.t.Errorf("%s reads all of %s (%s, key %q):\n%s", e.report, name[1], step.access, step.key, query)
			}
		}
	}
}

func text(v any) string {
	b, _ := v.([]byte)
	return string(b)
}

// No report reads a whole table that grows with visits and sales; a new one is
// covered by being in the registry.
// Spec: B7.2
func TestEveryReportFindsItsRowsByAnIndex(t *testing.T) {
	s, mine, _ := twoPartners(t)
	s.crowd()
	s.exec(`ANALYZE TABLE {wp}partner_center_visits, {wp}partner_center_visit_days, {wp}partner_center_touchpoints,
		{wp}partner_center_commissions, {wp}partner_center_journals, {wp}partner_center_entries,
		{wp}partner_center_orders, {wp}partner_center_order_lines, {wp}partner_center_manuals,
		{wp}partner_center_payout_lines, {wp}partner_center_payout_items, {wp}partner_center_balances,
		{wp}partner_center_partners, {wp}partner_center_contacts, {wp}partner_center_mails`)
	april := affiliate.Range{From: day(t, "2026-04-01"), To: day(t, "2026-05-01")}
	for _, r := range All {
		queries := []Query{{Limit: 50}, {}}
		switch r.Name {
		case "history", "orders", "mails":
			queries = queries[:1] // all of it is all of it
		case "accounting", "booked", "years":
			queries = nil // they sum all payments, of which there are few, and what was booked ever
		}
		switch {
		case r == contactsReport:
			queries = []Query{{Limit: 50}, {Limit: 50, Range: april}, {Limit: 50, Kind: "import"},
				{Limit: 50, Status: contactUnreferred}, {Limit: 50, Program: 1}, {Limit: 50, Sort: "contact"},
				{Limit: 50, Sort: "-since"}, {Limit: 50, Sort: "company"}, {Limit: 50, Search: "crowd"}, {}}
		case slices.Contains(siteReports, r): // of all partners and days is all of it
			queries = []Query{{Range: affiliate.Range{From: day(t, "2026-04-01"), To: day(t, "2026-04-04")}}}
		case r.Has(FilterRange):
			queries = append(queries, Query{Range: april}, Query{Range: april, Limit: 50})
		}
		asked := 0
		for _, q := range queries {
			q.Partner = query(r, mine).Partner
			if r.Name == "statement" { // of everybody, all of it is all of it
				q.Partner = mine
			}
			err := s.h.ReadOnly(t.Context(), func(tx *db.Tx) error {
				e := &explainer{Queryer: tx, t: t, report: r.Name}
				table, err := s.reader.table(t.Context(), e, r, q)
				if err != nil {
					return err
				}
				for _, err := range table.Rows {
					if err != nil {
						return err
					}
				}
				asked += e.asked
				return nil
			})
			if err != nil {
				t.Fatalf("%s: %v", r.Name, err)
			}
		}
		if asked == 0 && r.Name != "products" && r.Name != "program-products" { // which reads no table that grows
			t.Errorf("%s: nothing was checked", r.Name)
		}
	}
}

// crowd adds 1,500 partners with 4 sales and 6 clicks each, over a year.
func (s *site) crowd() {
	const partners, sales, clicks = 1500, 4, 6
	rows := map[string][]string{}
	add := func(table string, format string, args ...any) {
		rows[table] = append(rows[table], "("+fmt.Sprintf(format, args...)+")")
	}
	for p := range partners {
		partner := 100_000 + p
		add("partners (id, code, contact_id, state, payment_method, created_at, updated_at)",
			"%d, 'x%d', %d, 'active', 'paypal', '2026-01-01', '2026-01-01'", partner, partner, partner)
		add("contacts (id, email, origin, created_at, updated_at)",
			"%d, '%d@crowd.example', 'form', '2026-01-01', '2026-01-01'", partner, partner)
		add("manuals (partner_id, currency, kind, amount, reason, occurred_at, day, actor, created_at, updated_at, "+
			"journals, status, stage, pending, payable, in_payout, paid)",
			"%d, 'USD', 'adjustment', 1, 'bonus', '2026-04-01', '%s', 'anna', '2026-04-01', '2026-04-01', 1, "+
				"'approved', 'approved', 0, 1, 0, 0",
			partner, day(s.t, "2025-06-01").AddDays(p%365))
		for i := range sales {
			add("mails (event, recipient, partner_id, kind, subject, body_text, body_html, state, next_at, created_at)",
				"'crowd-%d-%d', '%d@crowd.example', %d, 'earned', 'Sold', 'x', 'x', 'done', '2026-04-01', '2026-04-01'",
				p, i, partner, partner)
		}
		add("balances (partner_id, currency, payable)", "%d, 'USD', %d", partner, p)
		for i := range clicks {
			d := day(s.t, "2025-06-01").AddDays((p + i*60) % 365)
			add("visits (id, partner_id, tool_id, subid, visitor, day, is_unique)", "%d, %d, 1, 's%d', 'v', '%s', 1",
				10_000_000+p*clicks+i, partner, i%5, d)
			add("visit_days (partner_id, day, instance, clicks, uniques)", "%d, '%s', 0, 1, 1", partner, d)
			add("touchpoints (contact_id, kind, source, external_id, origin, occurred_at, day, recorded_at, cookie, "+
				"lead_partner_id)",
				"1, 'optin', 'crowd', '%d', 'form', '%s', '%s', '%s', 'valid', %d", p*clicks+i, d, d, d, partner)
		}
		for i := range sales {
			id := 1_000_000 + p*sales + i
			d := day(s.t, "2025-06-01").AddDays((p + i*90) % 365)
			status := []string{"pending", "approved", "paid", "paid", "paid", "paid", "paid", "paid", "canceled",
				"paid"}[(p+i)%10]
			add("orders (id, source, external_id, number, version, status, currency, total, contact_id, placed_at, "+
				"day, created_at, updated_at)",
				"%d, 'crowd', '%d', '%d', 1, 'paid', 'USD', 100, 1, '%s', '%s', '%s', '%s'", id, id, id, d, d, d, d)
			add("order_lines (id, order_id, line, product_id, name, quantity, base)",
				"%d, %d, '1', 1, 'Course', 1, 100", id, id)
			add(`commissions (id, order_id, line_id, level, decision_version, sequence, partner_id, program_id, product_id, tool_id, currency, base, amount, status,
				stage, granted, pending, payable, in_payout, paid, occurred_at, day, updated_at)`,
				"%d, %d, %d, 1, 1, 1, %d, 1, 1, 1, 'USD', 100, 10, '%s', '%s', 10, 0, %d, 0, 10, '%s', '%s', '%s'", id,
				id, id, partner, status, status, (p+i)%2, d, d, d)
			for seq, kind := range []string{"earn", "approve", "payout", "settle"} {
				journal := 10_000_000 + (p*sales+i)*4 + seq
				add("journals (id, partner_id, currency, commission_id, seq, kind, occurred_at, day, "+
					"recorded_at, actor)",
					"%d, %d, 'USD', %d, %d, '%s', '%s', '%s', '%s', 'anna'", journal, partner, id, seq+1, kind, d, d, d)
				add("entries (journal_id, account, amount)", "%d, 'expense', -10), (%d, 'pending', 10", journal,
					journal)
			}
			add("payout_lines (id, payout_id, partner_id, currency, amount, method, state, updated_at, "+
				"settled_at, day)",
				"%d, %d, %d, 'USD', 10, 'paypal', 'settled', '%s', '%s', '%s'", id, id, partner, d, d, d)
			add("payout_items (line_id, commission_id, amount)", "%d, %d, 10", id, id)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		if !strings.HasPrefix(table, "entries") {
			s.load(table, rows[table])
		}
	}
	s.load("entries (journal_id, account, amount)", rows["entries (journal_id, account, amount)"])
}

func (s *site) load(table string, rows []string) {
	s.t.Helper()
	for part := range slices.Chunk(rows, 1000) {
		s.exec("INSERT INTO {wp}partner_center_" + table + " VALUES " + strings.Join(part, ", "))
	}
}
