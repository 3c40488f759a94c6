package sale

import (
	"testing"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Whatever percentages are taken of: shares of shipping sum to the order's, no
// part gives back more than it is, the commission is the rate of what remains,
// and a full refund leaves nothing.
//
// Spec: D8 D11.2 D25.2
func TestRefundsAreExactOnEveryBase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := func(name string, most int64) money.Amount {
			return money.MustParse(itoa(rapid.Int64Range(0, most).Draw(t, name)))
		}
		s := OrderState{Currency: rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency"),
			Shipping: units("shipping", 99)}
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			l := LineState{Base: units("base", 500), Discount: units("discount", 90), Tax: units("tax", 90)}
			l.Refunded, s.Tax = money.Min(l.Base, units("refunded", 500)), mustSum(t, s.Tax, l.Tax)
			s.Lines = append(s.Lines, l)
		}
		s.Refund.Amount, s.Refund.Tax, s.Refund.Shipping = units("refund", 300), money.Min(s.Tax,
			units("tax back", 90)), money.Min(s.Shipping, units("shipping back", 99))
		full := rapid.Bool().Draw(t, "full")
		for i := range s.Lines {
			if full {
				s.Lines[i].Refunded = s.Lines[i].Base
			}
		}
		of := affiliate.Base{BeforeDiscount: rapid.Bool().Draw(t, "before discount"),
			WithTax: rapid.Bool().Draw(t, "tax"), WithShipping: rapid.Bool().Draw(t, "shipping")}
		lines, err := s.LineParts()
		if err == nil {
			_, err = takeBases(lines, of)
		}
		if err != nil {
			t.Fatal(err)
		}
		paid, shipping := money.Amount{}, money.Amount{}
		for _, l := range lines {
			paid, shipping = mustSum(t, paid, l.Net), mustSum(t, shipping, l.Shipping)
			for _, part := range [][2]money.Amount{{l.Discount, l.DiscountRefunded}, {l.Tax, l.TaxRefunded},
				{l.Shipping, l.ShippingRefunded}} {
				if part[1].Sign() < 0 || part[1].Cmp(part[0]) > 0 {
					t.Fatalf("%s of %s is given back: %+v", part[1], part[0], l.Parts)
				}
			}
			l.ID, l.ProductID, l.Quantity = 1, 3, one
			e, left, err := earnLine(l, Decision{PartnerID: 1}, percent("33.3333", "0"), s.Currency)
			if err != nil {
				t.Fatal(err)
			}
			if want, _ := percent("33.3333", "0").Level1.Of(left, s.Currency); e[0].Amount != want ||
				mustSum(t, left, l.Refunded) != l.Base {
				t.Fatalf("%s earned on %s of %s - %s, want %s", e[0].Amount, left, l.Base, l.Refunded, want)
			}
			if gone := !l.Net.IsZero() && l.NetRefunded == l.Net; gone && !e[0].Amount.IsZero() {
				t.Fatalf("%s is left of a line refunded in full: %+v", e[0].Amount, l)
			}
		}
		if !shipping.IsZero() && shipping != s.Shipping {
			t.Fatalf("%s of %s shipping is shared out", shipping, s.Shipping)
		}
		if full && !paid.IsZero() {
			for _, l := range lines {
				if l.Base != l.Refunded {
					t.Fatalf("%s of %s is given back of an order refunded in full", l.Refunded, l.Base)
				}
			}
		}
	})
}
