package sale_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// Currencies without and with three decimals, rates of 0 and 100 %, and the
// smallest amounts: through orders, refunds and payment.
//
// Spec: S28.1 D12 D25.1 D27
func TestCurrenciesAndRatesAtTheEdge(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia", s.Partner("recruiter"))
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
		s.Clock.Advance(time.Second)
		s.Terms(s.Program, s.Book, shoptest.Percent(test.rate, "0"))
		o := s.Sale(fmt.Sprintf("buyer%d@example.com", s.Orders), s.Click(p))
		o.Currency, o.Total, o.Lines[0].Base = test.currency, shoptest.USD(test.base), shoptest.USD(test.base)
		r := s.Place(o)
		sum := func() money.Amount {
			a, err := ledger.SumOf(pointers(s.View(r.OrderID).Commissions))
			s.OK(err)
			return a
		}
		if got := sum(); got != shoptest.USD(test.want) {
			t.Errorf("%s %% of %s %s earns %s, want %s", test.rate, test.base, test.currency, got, test.want)
		}
		s.Place(shoptest.Refunded(o, test.refund))
		if got := sum(); got != shoptest.USD(test.left) {
			t.Errorf("%s %% of %s %s less %s earns %s, want %s", test.rate, test.base, test.currency, test.refund, got,
				test.left)
		}
		s.Place(shoptest.Next(shoptest.Next(o, func(*sale.OrderState) {}),
			func(o *sale.OrderState) { o.Lines[0].Refunded = o.Lines[0].Base }))
		if got := sum(); !got.IsZero() {
			t.Errorf("%s is left of %s %s", got, test.base, test.currency)
		}
	}
	s.WantClean()
}

func pointers(commissions []ledger.Commission) []*ledger.Commission {
	all := []*ledger.Commission{}
	for i := range commissions {
		all = append(all, &commissions[i])
	}
	return all
}

// Spec: S25.1
func TestFiveThousandProductsInOneProgram(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	products, terms := [][]any{}, [][]any{}
	for i := range 5000 {
		products = append(products, []any{10_000 + i, "shop", fmt.Sprint("sku", i), fmt.Sprint("Product ", i),
			s.Clock.Now()})
		terms = append(terms, []any{s.Program.ID, 10_000 + i, "percent", 10_000 * (i%100 + 1), s.Clock.Now()})
	}
	for at := 0; at < 5000; at += db.RowsAtOnce {
		s.OK(db.Insert(t.Context(), s.DB,
			`INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at) VALUES `,
			products[at:at+db.RowsAtOnce], ""))
		s.OK(db.Insert(t.Context(), s.DB,
			`INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, valid_from) VALUES `,
			terms[at:at+db.RowsAtOnce], ""))
	}
	o := s.Sale("bob@example.com", s.Click(p))
	o.Lines, o.Total = nil, shoptest.USD("30")
	for i, sku := range []string{"sku0", "sku2500", "sku4999"} {
		o.Lines = append(o.Lines, sale.LineState{Line: fmt.Sprint(i), Product: sale.ProductRef{ExternalID: sku},
			Quantity: shoptest.Quantity("1"), Base: shoptest.USD("10")})
	}
	r := s.Place(o)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "0.1"),
		shoptest.Earned(1, p.ID, ledger.Pending, "0.1"), shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	rows, err := s.DB.Query(t.Context(),
		`EXPLAIN SELECT * FROM {wp}partner_center_terms WHERE program_id = ? AND product_id IN (10000, 12500, 14999)`,
		s.Program.ID)
	s.OK(err)
	defer rows.Close()
	for rows.Next() {
		row := map[string]any{}
		s.OK(rows.MapScan(row))
		if rows := fmt.Sprintf("%s", row["rows"]); len(rows) > 2 {
			t.Errorf("the terms are found by reading %s rows", rows)
		}
	}
	s.WantClean()
}

// What cannot be an order is refused as a whole; what merely looks odd is kept
// as a whole, earns what it plainly earns, and says why a person must look.
//
// Spec: D17 D26.3 D27
func TestBadOrdersAreRefusedOrReviewed(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	cookie := s.Click(p)
	for _, test := range []struct {
		name   string
		change func(*sale.OrderState)
		field  string      // refused
		review reason.Code // or kept
		earns  string
	}{
		{"unknown currency", func(o *sale.OrderState) { o.Currency = "XYZ" }, "currency", "", ""},
		{"no currency", func(o *sale.OrderState) { o.Currency = "" }, "currency", "", ""},
		{"negative quantity", func(o *sale.OrderState) { o.Lines[0].Quantity = shoptest.Quantity("-1") }, "lines", "",
			""},
		{"negative base", func(o *sale.OrderState) { o.Lines[0].Base = shoptest.USD("-1") }, "lines", "", ""},
		{"negative refund", func(o *sale.OrderState) { o.Refund.Amount = shoptest.USD("-1") }, "refund", "", ""},
		{"negative tax", func(o *sale.OrderState) { o.Tax = shoptest.USD("-1") }, "tax", "", ""},
		{"amounts beyond the type", func(o *sale.OrderState) {
			o.Lines[0].Base, o.Tax = shoptest.USD("922337203685477.5807"), shoptest.USD("922337203685477.5807")
		}, "total", "", ""},
		{"no version", func(o *sale.OrderState) { o.Version = 0 }, "version", "", ""},
		{"refund above the line", func(o *sale.OrderState) { o.Lines[0].Refunded = shoptest.USD("100.01") }, "",
			reason.ReviewRefund, "0"},
		{"refund above the order", func(o *sale.OrderState) { o.Refund.Amount = shoptest.USD("100.01") }, "",
			reason.ReviewRefundOrder, "0"},
		{"line without product", func(o *sale.OrderState) { o.Lines[0].Product = sale.ProductRef{} }, "",
			reason.ReviewNoProduct, "0"},
		{"total off its lines", func(o *sale.OrderState) { o.Total = shoptest.USD("100.03") }, "", reason.ReviewTotal,
			"10"},
		{"total within a cent a line", func(o *sale.OrderState) { o.Total = shoptest.USD("100.02") }, "", "", "10"},
		{"no buyer", func(o *sale.OrderState) { o.Buyer.Email = "nobody" }, "", reason.ReviewBuyer, "0"},
		{"cookie of another site", func(o *sale.OrderState) { o.Click = "1.1.5.9999999999.AAAAAAAAAAAAAAAAAAAAAA" }, "",
			"", "0"},
	} {
		o := s.Sale(strings.ReplaceAll(test.name, " ", ".")+"@example.com", cookie)
		test.change(&o)
		before := s.Number(
			`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*)
				FROM {wp}partner_center_touchpoints) + (SELECT COUNT(*) FROM {wp}partner_center_order_states)`)
		r, err := s.Converge(t.Context(), o)
		if test.field != "" {
			e, ok := err.(*affiliate.Error)
			after := s.Number(
				`SELECT (SELECT COUNT(*) FROM {wp}partner_center_orders) + (SELECT COUNT(*)
					FROM {wp}partner_center_touchpoints) + (SELECT COUNT(*) FROM {wp}partner_center_order_states)`)
			if !ok || e.Fields[test.field].IsZero() || before != after {
				t.Errorf("%s: %v, %d rows were kept", test.name, err, after-before)
			}
			continue
		}
		s.OK(err)
		v := s.View(r.OrderID)
		sum, err := ledger.SumOf(pointers(v.Commissions))
		if v.Order.Review != test.review || sum != shoptest.USD(test.earns) || err != nil || len(v.Lines) != 1 ||
			len(v.Decisions) != 1 {
			t.Errorf("%s: review %q, earns %s; want %q and %s", test.name, v.Order.Review, sum, test.review, test.earns)
		}
		if test.review != "" && test.review.ForAdmin(nil).IsZero() {
			t.Errorf("%s: %s has no sentence", test.name, test.review)
		}
	}
	s.WantClean()
}
