package sale_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate/sale"
)

// How fast orders converge beside many commissions that are there already.
func BenchmarkConvergeAmong(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("commissions=%d", n), func(b *testing.B) {
			s := newSite(b)
			recruiter := s.Partner("recruiter")
			cookies := []string{}
			for i := range 50 {
				cookies = append(cookies, s.Click(s.Partner(fmt.Sprint("seller", i), recruiter)))
			}
			s.load(n, 50)
			for _, workers := range []int{1, 16} {
				b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) { s.benchConverge(b, workers, cookies) })
			}
		})
	}
}

func (s *site) benchConverge(b *testing.B, workers int, cookies []string) {
	states := make([]sale.OrderState, b.N)
	for i := range states {
		states[i] = s.Sale(fmt.Sprintf("buyer%d@example.com", s.Orders), cookies[i%len(cookies)])
	}
	work := make(chan sale.OrderState)
	var wait sync.WaitGroup
	b.ResetTimer()
	started := time.Now()
	for range workers {
		wait.Go(func() {
			for o := range work {
				if _, err := s.Converge(b.Context(), o); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, o := range states {
		work <- o
	}
	close(work)
	wait.Wait()
	b.ReportMetric(float64(b.N)/time.Since(started).Seconds(), "orders/s")
}

// load fills the books with n orders of one commission each, spread over the
// last partners to have come: written in bulk, but such that Verify is content
// with its journals and balances. It needs MariaDB's sequences.
func (s *site) load(n, partners int) {
	seq := fmt.Sprintf("seq_1_to_%d", n)
	first := s.Number(`SELECT MAX(id) FROM {wp}partner_center_partners`) - partners + 1
	earner := fmt.Sprintf("%d + seq %% %d", first, partners)
	at := "'2026-01-01 00:00:00' + INTERVAL seq SECOND"
	for _, query := range []string{
		`{wp}partner_center_orders (id, source, external_id, number, version, status, currency,
			total, contact_id, placed_at, day, paid_at, created_at, updated_at)
			SELECT 1000000 + seq, 'bulk', seq, seq, 1, 'paid', 'USD', 100, 1000000 + seq DIV 3, ` + at + `, DATE(` +
			at + `), ` + at + `, ` + at + `, ` + at,
		`{wp}partner_center_order_lines (id, order_id, line, product_id, name, quantity, base)
			SELECT 1000000 + seq, 1000000 + seq, '1', ` + s.Book.ID.String() + `, 'Book', 1, 100`,
		`{wp}partner_center_decisions (order_id, decision_version, reason, via, partner_id, program_id,
			settings_version, decided_at, actor, trace)
			SELECT 1000000 + seq, 1, 'CREDITED', 'link', ` + earner + `, ` + s.Program.ID.String() + `, 1, ` + at +
			`, 'system', CONCAT('{"version":1,"x":"', REPEAT('x', 600), '"}')`,
		`{wp}partner_center_order_states (order_id, version, received_at, outcome, payload)
			SELECT 1000000 + seq, 1, ` + at + `, 'applied', REPEAT('x', 600)`,
		`{wp}partner_center_commissions (id, order_id, line_id, level, decision_version, sequence,
			partner_id, program_id, product_id, currency, base, amount, status,
			occurred_at, day, journals, updated_at, stage, granted, pending, payable, in_payout, paid)
			SELECT 1000000 + seq, 1000000 + seq, 1000000 + seq, 1, 1, 1, ` + earner + `, ` + s.Program.ID.String() +
			`, ` + s.Book.ID.String() + `, 'USD', 100, 10, 'pending',
			` + at + `, DATE(` + at + `), 1, ` + at + `, 'pending', 10, 10, 0, 0, 0`,
		`{wp}partner_center_journals (id, partner_id, currency, commission_id, seq, kind, occurred_at,
			day, recorded_at, actor, reason)
			SELECT 1000000 + seq, ` + earner + `, 'USD', 1000000 + seq, 1, 'earn', ` + at + `, DATE(` + at + `), ` +
			at + `, 'system', 'EARNED'`,
		`{wp}partner_center_entries (journal_id, account, amount) SELECT 1000000 + seq, 'pending', 10`,
		`{wp}partner_center_entries (journal_id, account, amount) SELECT 1000000 + seq, 'expense', -10`,
	} {
		s.Exec(`INSERT INTO ` + query + ` FROM ` + seq)
	}
	s.Exec(`INSERT INTO {wp}partner_center_balances (partner_id, currency, expense, pending)
		SELECT partner_id, currency, -SUM(amount), SUM(amount) FROM {wp}partner_center_commissions
		GROUP BY partner_id, currency`)
}
