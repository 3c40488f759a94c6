package sale

import (
	"testing"

	"partnercenter/affiliate"
)

// Of an order whose lines are all discounted to nothing only shipping and tax
// were paid: as far as these go back, so do the lines, and a full refund leaves
// nothing of percentages taken before discounts.
//
// Spec: D8 D11.2
func TestAFreeOrderGoesBackWithWhatWasPaid(t *testing.T) {
	for _, test := range []struct {
		name   string
		refund OrderRefund
		left   string // of a discounted line of 40
	}{
		{"nothing given back", OrderRefund{}, "40"},
		{"half of it, naming nothing", OrderRefund{Amount: usd("6")}, "20"},
		{"all of it, naming nothing", OrderRefund{Amount: usd("12")}, "0"},
		{"all of it, by name", OrderRefund{Tax: usd("2"), Shipping: usd("10")}, "0"},
		{"all of it, partly by name", OrderRefund{Amount: usd("2"), Shipping: usd("10")}, "0"},
		{"shipping by name", OrderRefund{Shipping: usd("9")}, "10"},
	} {
		s := OrderState{Currency: "USD", Tax: usd("2"), Shipping: usd("10"), Total: usd("12"), Refund: test.refund,
			Lines: []LineState{{Line: "1", Discount: usd("40")}, {Line: "2", Discount: usd("40")}}}
		lines, err := s.LineParts()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			sums, err := l.Sums(affiliate.Base{BeforeDiscount: true})
			if err != nil || sums.Base != usd("40") || minus(sums.Base, sums.Refunded) != usd(test.left) {
				t.Errorf("%s: %s of %s went back, %v; %s should be left", test.name, sums.Refunded, sums.Base, err,
					test.left)
			}
		}
	}
}
