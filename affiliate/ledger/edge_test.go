package ledger

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Currencies without and with three decimals, rates of 0 and 100 %, and the
// smallest amounts: through orders, refunds and payment.
//
// Spec: D12, S28, D25, D27
func TestCurrenciesAndRatesAtTheEdge(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia", s.partner("recruiter"))
	for _, test := range []struct {
		currency                       money.Currency
		rate, base, want, refund, left string
	}{
		{"JPY", "7.5", "1005", "75", "502", "38"},
		{"JPY", "10", "4", "0", "2", "0"},
		{"KWD", "7.5", "10.005", "0.75", "5.005", "0.375"},
		{"KWD", "100", "0.001", "0.001", "0.0005", "0.001"}, // half of it is rounded up
		{"USD", "100", "99.99", "99.99", "49.99", "50"},
		{"USD", "0", "99.99", "0", "50", "0"},
		{"USD", "0.0001", "1000000", "1", "500000", "0.5"},
	} {
		s.clock.Advance(time.Second)
		s.terms(s.program, s.book, percent(test.rate, "0"))
		o := s.sale(fmt.Sprintf("buyer%d@example.com", s.orders), s.click(p))
		o.Currency, o.Total, o.Lines[0].Base = test.currency, usd(test.base), usd(test.base)
		r := s.converge(o)
		sum := func() money.Amount {
			a, err := sumOf(pointers(s.order(r.OrderID).Commissions))
			s.ok(err)
			return a
		}
		if got := sum(); got != usd(test.want) {
			t.Errorf("%s %% of %s %s earns %s, want %s", test.rate, test.base, test.currency, got, test.want)
		}
		s.converge(o.refunded(test.refund))
		if got := sum(); got != usd(test.left) {
			t.Errorf("%s %% of %s %s less %s earns %s, want %s", test.rate, test.base, test.currency, test.refund, got, test.left)
		}
		s.converge(o.next(func(*OrderState) {}).next(func(o *OrderState) { o.Lines[0].Refunded = o.Lines[0].Base }))
		if got := sum(); !got.IsZero() {
			t.Errorf("%s is left of %s %s", got, test.base, test.currency)
		}
	}
	s.wantClean()
}

func pointers(commissions []Commission) []*Commission {
	all := []*Commission{}
	for i := range commissions {
		all = append(all, &commissions[i])
	}
	return all
}

// Spec: S25
func TestFiveThousandProductsInOneProgram(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	products, terms := [][]any{}, [][]any{}
	for i := range 5000 {
		products = append(products, []any{10_000 + i, "shop", fmt.Sprint("sku", i), fmt.Sprint("Product ", i), s.clock.Now()})
		terms = append(terms, []any{s.program.ID, 10_000 + i, "percent", 10_000 * (i%100 + 1), s.clock.Now()})
	}
	for at := 0; at < 5000; at += rowsAtOnce {
		s.ok(insert(t.Context(), s.db, `INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at) VALUES `, products[at:at+rowsAtOnce], ""))
		s.ok(insert(t.Context(), s.db, `INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, valid_from) VALUES `, terms[at:at+rowsAtOnce], ""))
	}
	o := s.sale("bob@example.com", s.click(p))
	o.Lines, o.Total = nil, usd("30")
	for i, sku := range []string{"sku0", "sku2500", "sku4999"} {
		o.Lines = append(o.Lines, LineState{Line: fmt.Sprint(i), Product: ProductRef{ExternalID: sku}, Quantity: quantity("1"), Base: usd("10")})
	}
	r := s.converge(o)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "0.1"), earned(1, p.ID, Pending, "0.1"), earned(1, p.ID, Pending, "10"))
	rows, err := s.db.Query(t.Context(), `EXPLAIN SELECT * FROM {wp}partner_center_terms WHERE program_id = ? AND product_id IN (10000, 12500, 14999)`, s.program.ID)
	s.ok(err)
	defer rows.Close()
	for rows.Next() {
		row := map[string]any{}
		s.ok(rows.MapScan(row))
		if rows := fmt.Sprintf("%s", row["rows"]); len(rows) > 2 {
			t.Errorf("the terms are found by reading %s rows", rows)
		}
	}
	s.wantClean()
}

// What cannot be an order is refused as a whole; what merely looks odd is kept
// as a whole, earns what it plainly earns, and says why a person must look.
//
// Spec: D26, D27, D17
func TestBadOrdersAreRefusedOrReviewed(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	cookie := s.click(p)
	for _, test := range []struct {
		name   string
		change func(*OrderState)
		field  string // refused
		review Reason // or kept
		earns  string
	}{
		{"unknown currency", func(o *OrderState) { o.Currency = "XYZ" }, "currency", "", ""},
		{"no currency", func(o *OrderState) { o.Currency = "" }, "currency", "", ""},
		{"negative quantity", func(o *OrderState) { o.Lines[0].Quantity = quantity("-1") }, "lines", "", ""},
		{"negative base", func(o *OrderState) { o.Lines[0].Base = usd("-1") }, "lines", "", ""},
		{"negative refund", func(o *OrderState) { o.Refund.Amount = usd("-1") }, "refund", "", ""},
		{"negative tax", func(o *OrderState) { o.Tax = usd("-1") }, "tax", "", ""},
		{"amounts beyond the type", func(o *OrderState) {
			o.Lines[0].Base, o.Tax = usd("922337203685477.5807"), usd("922337203685477.5807")
		}, "total", "", ""},
		{"no version", func(o *OrderState) { o.Version = 0 }, "version", "", ""},
		{"refund above the line", func(o *OrderState) { o.Lines[0].Refunded = usd("100.01") }, "", ReviewRefund, "0"},
		{"refund above the order", func(o *OrderState) { o.Refund.Amount = usd("100.01") }, "", ReviewRefundOrder, "0"},
		{"line without product", func(o *OrderState) { o.Lines[0].Product = ProductRef{} }, "", ReviewNoProduct, "0"},
		{"total off its lines", func(o *OrderState) { o.Total = usd("100.03") }, "", ReviewTotal, "10"},
		{"total within a cent a line", func(o *OrderState) { o.Total = usd("100.02") }, "", "", "10"},
		{"no buyer", func(o *OrderState) { o.Buyer.Email = "nobody" }, "", ReviewBuyer, "0"},
		{"cookie of another site", func(o *OrderState) { o.Click = "1.1.5.9999999999.AAAAAAAAAAAAAAAAAAAAAA" }, "", "", "0"},
	} {
		o := s.sale(strings.ReplaceAll(test.name, " ", ".")+"@example.com", cookie)
		test.change(&o)
		before := s.number(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*) FROM {wp}partner_center_touchpoints) + (SELECT COUNT(*) FROM {wp}partner_center_order_states)`)
		r, err := s.Converge(t.Context(), o)
		if test.field != "" {
			e, ok := err.(*affiliate.Error)
			after := s.number(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*) FROM {wp}partner_center_touchpoints) + (SELECT COUNT(*) FROM {wp}partner_center_order_states)`)
			if !ok || e.Fields[test.field].IsZero() || before != after {
				t.Errorf("%s: %v, %d rows were kept", test.name, err, after-before)
			}
			continue
		}
		s.ok(err)
		v := s.order(r.OrderID)
		sum, err := sumOf(pointers(v.Commissions))
		if v.Order.Review != test.review || sum != usd(test.earns) || err != nil || len(v.Lines) != 1 || len(v.Decisions) != 1 {
			t.Errorf("%s: review %q, earns %s; want %q and %s", test.name, v.Order.Review, sum, test.review, test.earns)
		}
		if test.review != "" && test.review.ForAdmin(nil) == "" {
			t.Errorf("%s: %s has no sentence", test.name, test.review)
		}
	}
	s.wantClean()
}
