package verify_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"
)

var verifyOrdersFlag = flag.Int("verify.orders", 20_000, "how many orders BenchmarkVerify proves, at least 1,000")

// crowd multiplies the orders of the site, with all that hangs on them, until
// there are n: copies with further ids, and balances as often as large.
func (s *site) crowd(n int) {
	s.Helper()
	existing := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders`)
	for ; existing < n; existing *= 2 {
		for _, table := range []struct {
			name, key string
			moved     []string
		}{
			{"orders", "id", []string{"id", "external_id"}}, {"order_states", "order_id", []string{"order_id"}},
			{"order_lines", "id", []string{"id", "order_id"}}, {"decisions", "id", []string{"id", "order_id"}},
			{"commissions", "id", []string{"id", "order_id", "line_id"}}, {"journals", "id",
				[]string{"id", "commission_id"}},
			{"entries", "journal_id", []string{"journal_id"}},
		} {
			s.double(table.name, table.moved)
		}
	}
	factor := existing / s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders WHERE id <= ?`, 1_000_000)
	s.Exec(fmt.Sprintf(`UPDATE {wp}partner_center_balances SET expense = expense * %[1]d, pending = pending * %[1]d,
		payable = payable * %[1]d, in_payout = in_payout * %[1]d, paid = paid * %[1]d`, factor))
}

// double copies the rows of a table; ids are moved by a million times the round.
func (s *site) double(table string, moved []string) {
	s.Helper()
	columns := []string{}
	s.OK(s.DB.Select(s.Context(), &columns, `SELECT column_name FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
		s.DB.Text("{wp}partner_center_"+table)))
	shift := s.Number(`SELECT COALESCE(MAX(` + moved[0] + `), 0) DIV 1000000 + 1 FROM {wp}partner_center_` + table)
	values := []string{}
	for _, c := range columns {
		value := c
		for _, m := range moved {
			if c == m {
				value = fmt.Sprintf("%s + %d", c, shift*1_000_000)
			}
		}
		values = append(values, value)
	}
	s.Exec(`INSERT INTO {wp}partner_center_` + table + ` (` + strings.Join(columns,
		", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM {wp}partner_center_` + table)
}

// How long verify takes for each order; with -verify.orders=1000000 as many as
// a large site has.
func BenchmarkVerify(b *testing.B) {
	s := newSite(b)
	p := s.Partner("pia", s.Partner("recruiter"))
	cookie := s.Click(p)
	for i := range 1000 {
		r := s.Place(s.Sale(fmt.Sprintf("buyer%d@example.com", i%200), cookie))
		if i%2 == 0 {
			s.ApproveAll(r.Commissions...)
		}
	}
	s.crowd(*verifyOrdersFlag)
	n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders`)
	b.ResetTimer()
	started := time.Now()
	for range b.N {
		s.WantClean()
	}
	b.ReportMetric(float64(time.Since(started).Milliseconds())/float64(b.N)/1000, "s/verify")
	b.ReportMetric(float64(n*b.N)/time.Since(started).Seconds(), "orders/s")
}
