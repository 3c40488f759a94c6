package sale

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

// refundedOrder is an order of two lines, 60 and 40, with tax 19 and shipping 6.
func refundedOrder(r OrderRefund) OrderState {
	return OrderState{Currency: "USD", Tax: usd("19"), Shipping: usd("6"), Total: usd("125"), Refund: r,
		Lines: []LineState{
			{Line: "1", Product: ProductRef{ID: 3}, Quantity: quantity("1"), Base: usd("60")},
			{Line: "2", Product: ProductRef{ID: 3}, Quantity: quantity("1"), Base: usd("40")}}}
}

// Spec: D25.2
func TestARefundThatNamesNoLineIsSpread(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*OrderState)
		want   []string
		review reason.Code
	}{
		{"none", func(*OrderState) {}, []string{"0", "0"}, ""},
		{"in proportion to gross", func(s *OrderState) { s.Refund.Amount = usd("12.5") }, []string{"6", "4"}, ""},
		{"all", func(s *OrderState) { s.Refund.Amount = usd("125") }, []string{"60", "40"}, ""},
		{"the largest remainder gets the last cent", func(s *OrderState) { s.Refund.Amount = usd("0.01") },
			[]string{"0.01", "0"}, ""},
		{"over the lines that remain", func(s *OrderState) {
			s.Lines[0].Refunded, s.Refund.Amount = usd("60"),
				usd("6.5")
		}, []string{"0", "4"}, ""},
		{"beside refunds of tax and shipping", func(s *OrderState) {
			s.Refund = OrderRefund{Amount: usd("50"), Tax: usd("19"), Shipping: usd("6")}
		}, []string{"30", "20"}, ""},
		{"fees are given back too", func(s *OrderState) {
			s.Fees, s.Refund.Amount, s.Total = usd("25"), usd("75"),
				usd("150")
		}, []string{"30", "20"}, ""},
		{"half of what was paid beside a gift card", func(s *OrderState) {
			s.Fees, s.Refund.Amount,
				s.Total = usd("-25"), usd("50"), usd("100")
		}, []string{"30", "20"}, ""},
		{"all of what was paid beside a gift card", func(s *OrderState) {
			s.Fees, s.Refund.Amount, s.Total = usd("-25"),
				usd("100"), usd("100")
		}, []string{"60", "40"}, ""},
		{"more than the order cost", func(s *OrderState) { s.Refund.Amount = usd("125.01") }, []string{"60", "40"},
			reason.ReviewRefundOrder},
		{"more tax than there was", func(s *OrderState) { s.Refund.Tax = usd("19.01") }, []string{"0", "0"},
			reason.ReviewRefundOrder},
	} {
		s := refundedOrder(OrderRefund{})
		s.Buyer.Email = "b@example.com"
		test.change(&s)
		shares, err := s.spread()
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, a := range shares {
			got = append(got, a.String())
		}
		review, err := s.review()
		if !slices.Equal(got, test.want) || review != test.review || err != nil {
			t.Errorf("%s: %v, review %q, %v; want %v and %q", test.name, got, review, err, test.want, test.review)
		}
	}
}

// However much is refunded, no line gives back more than it has; of all that
// was paid, each gives back everything.
//
// Spec: D11.2 D25.2
func TestSpreadsStayWithinTheirLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := func(name string, most int64) money.Amount {
			return money.MustParse(itoa(rapid.Int64Range(0, most).Draw(t, name)))
		}
		s := OrderState{Currency: rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency"),
			Tax: cents("tax", 50), Fees: cents("fees", 9)}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			base := cents("base", 1000)
			s.Lines = append(s.Lines, LineState{Base: base, Refunded: money.Min(base, cents("refunded", 500))})
		}
		_, _, due, err := s.parts()
		if err != nil {
			t.Fatal(err)
		}
		s.Refund.Amount = money.Min(due, cents("refund", 7000))
		shares, err := s.spread()
		if err != nil {
			t.Fatal(err)
		}
		for i, share := range shares {
			given := mustSum(t, share, s.Lines[i].Refunded)
			if share.Sign() < 0 || given.Cmp(s.Lines[i].Base) > 0 || s.Refund.Amount == due &&
				given != s.Lines[i].Base {
				t.Fatalf("line %d of %s gives back %s of %s", i, s.Lines[i].Base, given, s.Refund.Amount)
			}
		}
	})
}
