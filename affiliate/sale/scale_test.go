package sale_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
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

// load fills the books with n orders of one commission each, spread over the last
// partners to have come.
func (s *site) load(n, partners int) {
	first := s.Number(`SELECT MAX(id) FROM {wp}partner_center_partners`) - partners + 1
	shoptest.Crowd{Commissions: n, Partners: partners, First: affiliate.PartnerID(first), Program: s.Program.ID,
		Product: s.Book.ID}.Load(s, s.DB)
}

// How fast long lists are approved, made pending again and canceled: of many partners,
// among whom the commissions of a transaction are spread.
func BenchmarkBulk(b *testing.B) {
	const n = 50_000
	s := newSite(b)
	shoptest.Crowd{Commissions: n, Partners: 1_000, First: s.Partner("seller").ID, Program: s.Program.ID,
		Product: s.Book.ID}.Load(b, s.DB)
	picks := make([]ledger.Pick, n)
	for i := range picks {
		picks[i].ID = ledger.CommissionID(shoptest.CrowdFrom + 1 + i)
	}
	for b.Loop() {
		for _, act := range []struct {
			name string
			do   func() (ledger.Report, error)
		}{
			{"approved", func() (ledger.Report, error) { return s.Approve(b.Context(), shoptest.Anna, picks) }},
			{"unapproved", func() (ledger.Report, error) { return s.Unapprove(b.Context(), shoptest.Anna, picks) }},
			{"canceled", func() (ledger.Report, error) { return s.Cancel(b.Context(), shoptest.Anna, picks, "x") }},
		} {
			started := time.Now()
			r := shoptest.Must(act.do())(b)
			b.ReportMetric(float64(len(r.Done))/time.Since(started).Seconds(), act.name+"/s")
		}
	}
}
