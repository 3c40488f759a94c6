package inbox_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/shoptest"
	"partnercenter/sidecar/inbox"
)

// How many orders a second go from the inbox into the books, in a program of two
// tiers: each of another buyer, or with so many orders by each.
func BenchmarkDrain(b *testing.B) {
	for _, each := range []int{1, 5} {
		b.Run(fmt.Sprintf("orders_by_buyer=%d", each), func(b *testing.B) { benchDrain(b, each) })
	}
}

func benchDrain(b *testing.B, each int) {
	s := shoptest.New(b)
	d := inbox.New(s.DB, s.Clock.Now, slog.New(slog.DiscardHandler), s.Tracker, s.Sales)
	s.Exec(`UPDATE {wp}partner_center_products SET source = 'shop', external_id = 'book' WHERE id = ?`, s.Book.ID)
	recruiter := s.Partner("recruiter")
	sellers := []affiliate.Partner{}
	for i := range 50 {
		sellers = append(sellers, s.Partner(fmt.Sprint("seller", i), recruiter))
	}
	cookie := ""
	for i := range b.N {
		if i%each == 0 { // a buyer's orders carry the buyer's click
			cookie = s.Click(sellers[i/each%50])
		}
		s.Clock.Advance(time.Second)
		at := s.Clock.Now()
		text := shoptest.Must(json.Marshal(map[string]any{"number": fmt.Sprint(i), "status": "paid", "currency": "USD",
			"shipping": "0", "tax": "0", "total": "100", "buyer": map[string]any{
				"email": fmt.Sprintf("buyer%d@example.com", i/each), "first_name": "Eva", "user_id": 0},
			"placed_at": at.Format(time.RFC3339), "paid_at": at.Format(time.RFC3339),
			"lines": []map[string]any{{"line": "1", "product": "book", "product_name": "Book", "name": "Book",
				"quantity": "1", "subtotal": "100", "total": "100", "tax": "0"}}}))(b)
		s.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, seq, occurred_at, click, payload,
			created_at) VALUES ('order', 'shop', ?, 1, ?, ?, ?, ?)`, fmt.Sprint(i), at, cookie, text, at)
	}
	b.ResetTimer()
	for more := true; more; {
		more = shoptest.Must(d.Drain(b.Context()))(b)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
	b.StopTimer()
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_commissions`); n != 2*b.N {
		b.Errorf("%d commissions for %d orders", n, b.N)
	}
}
