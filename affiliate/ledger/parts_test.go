package ledger

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// parted is a paid order of two books for 60 and 40 after discounts of 20 and
// 0, with 12 and 8 tax, and 10 shipping.
func (s *site) parted(cookie string) OrderState {
	o := s.sale("bob@example.com", cookie)
	o.Lines = []LineState{s.line("1", s.book, "60"), s.line("2", s.book, "40")}
	o.Lines[0].Discount, o.Lines[0].Tax, o.Lines[1].Tax = usd("20"), usd("12"), usd("8")
	o.Tax, o.Shipping, o.Total = usd("20"), usd("10"), usd("130")
	return o
}

// Spec: D8, S30, B2
func TestAProgramChoosesWhatPercentagesAreTakenOf(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	before := s.converge(s.parted(s.click(p)))
	for _, test := range []struct {
		base          affiliate.Base
		first, second string // commission of 10 % of each line
		trace         string
	}{
		{affiliate.Base{}, "6", "4", ""},
		{affiliate.Base{BeforeDiscount: true}, "8", "4", "percentages are taken of 80.00: 60.00 after discounts, and of discounts 20.00, tax 0.00, shipping 0.00"},
		{affiliate.Base{WithTax: true}, "7.2", "4.8", "of 72.00: 60.00 after discounts, and of discounts 0.00, tax 12.00"},
		{affiliate.Base{WithShipping: true}, "6.6", "4.4", "shipping 6.00"},
		{affiliate.Base{BeforeDiscount: true, WithTax: true, WithShipping: true}, "9.8", "5.2", "of 98.00"},
	} {
		s.clock.Advance(time.Hour)
		s.policy(func(p *affiliate.Policy) { p.Base = test.base })
		o := s.parted(s.click(p))
		r := s.converge(o)
		s.wantEarned(r.OrderID, earned(1, p.ID, Pending, test.first), earned(1, p.ID, Pending, test.second))
		d := s.order(r.OrderID).Decisions[0]
		if said := strings.Join(d.Trace.AdminLines(affiliate.PartnerID.String), "\n"); !strings.Contains(said, test.trace) || (test.trace == "") == strings.Contains(said, "percentages are taken of") {
			t.Errorf("%+v: the trace says %s", test.base, said)
		}
		half := o.next(func(o *OrderState) { o.Lines[0].Refunded = usd("30") })
		s.converge(half)
		if got := s.order(r.OrderID).Commissions[0].Amount; mustSum(t, got, got) != usd(test.first) {
			t.Errorf("%+v: half a line earns %s, the whole one %s", test.base, got, test.first)
		}
		s.converge(half.next(func(o *OrderState) { o.Lines[0].Refunded, o.Lines[1].Refunded = usd("60"), usd("40") }))
		s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Canceled, "0"))
	}
	s.wantEarned(before.OrderID, earned(1, p.ID, Pending, "6"), earned(1, p.ID, Pending, "4")) // past sales never move
	s.wantClean()
}

// A later state calculates by the base of its time, and a re-run by that of the
// program that the sale goes to.
//
// Spec: D8, S30, D24
func TestALinesBaseFollowsItsDecision(t *testing.T) {
	s := newSite(t)
	other := s.newProgram("Other", 1)
	s.terms(other, s.book, percent("10", "0"))
	a, b := s.partner("a"), s.partnerIn(other, "b")
	s.policy(func(p *affiliate.Policy) { p.Base.WithTax = true })
	s.clock.Advance(time.Hour)
	o := s.parted(s.click(a))
	r := s.converge(o)
	s.clock.Advance(time.Hour)
	s.policy(func(p *affiliate.Policy) { p.Base.WithTax = false })
	s.converge(o.next(func(o *OrderState) { o.Note = "sent" }))
	s.wantEarned(r.OrderID, earned(1, a.ID, Pending, "7.2"), earned(1, a.ID, Pending, "4.8"))
	s.again(r.OrderID, to(b))
	s.wantBalance(b, "10", "0", "0")
	s.wantClean()
	s.again(r.OrderID, to(a))
	s.wantBalance(a, "12", "0", "0")
	s.wantClean()
}

// Spec: D8, D25
func TestTaxAndShippingGivenBackByThemselvesEarnNothing(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.policy(func(p *affiliate.Policy) { p.Base.WithTax, p.Base.WithShipping = true, true })
	s.clock.Advance(time.Second)
	o := s.parted(s.click(p))
	r := s.converge(o)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "7.8"), earned(1, p.ID, Pending, "5.2"))
	s.converge(o.next(func(o *OrderState) { o.Refund.Tax, o.Refund.Shipping = usd("20"), usd("5") }))
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "6.3"), earned(1, p.ID, Pending, "4.2"))
	s.wantClean()
}

// Spec: D8, D27
func TestALineMadeFreeEarnsOnItsPriceWhereDiscountsCount(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.policy(func(p *affiliate.Policy) { p.Base.BeforeDiscount = true })
	s.clock.Advance(time.Second)
	o := s.parted(s.click(p))
	o.Lines[1].Base, o.Lines[1].Discount, o.Lines[1].Tax = usd("0"), usd("40"), usd("0")
	o.Tax, o.Total = usd("12"), usd("82")
	r := s.converge(o)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "8"), earned(1, p.ID, Pending, "4"))
	s.converge(o.next(func(o *OrderState) { o.Lines[0].Refunded = usd("60") })) // all that was paid for
	s.wantEarned(r.OrderID, earned(1, p.ID, Canceled, "0"), earned(1, p.ID, Canceled, "0"))
	s.wantClean()
}

// Whatever percentages are taken of: shares of shipping sum to the order's, no
// part gives back more than it is, the commission is the rate of what remains,
// and a full refund leaves nothing.
//
// Spec: D8, D11, D25
func TestRefundsAreExactOnEveryBase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units := func(name string, most int64) money.Amount {
			return money.MustParse(itoa(rapid.Int64Range(0, most).Draw(t, name)))
		}
		s := OrderState{Currency: rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency"), Shipping: units("shipping", 99)}
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
			l := LineState{Base: units("base", 500), Discount: units("discount", 90), Tax: units("tax", 90)}
			l.Refunded, s.Tax = smaller(l.Base, units("refunded", 500)), mustSum(t, s.Tax, l.Tax)
			s.Lines = append(s.Lines, l)
		}
		s.Refund.Amount, s.Refund.Tax, s.Refund.Shipping = units("refund", 300), smaller(s.Tax, units("tax back", 90)), smaller(s.Shipping, units("shipping back", 99))
		full := rapid.Bool().Draw(t, "full")
		for i := range s.Lines {
			if full {
				s.Lines[i].Refunded = s.Lines[i].Base
			}
		}
		of := affiliate.Base{BeforeDiscount: rapid.Bool().Draw(t, "before discount"), WithTax: rapid.Bool().Draw(t, "tax"), WithShipping: rapid.Bool().Draw(t, "shipping")}
		lines, err := s.lineParts()
		if err == nil {
			_, err = takeBases(lines, of)
		}
		if err != nil {
			t.Fatal(err)
		}
		paid, shipping := money.Amount{}, money.Amount{}
		for _, l := range lines {
			paid, shipping = mustSum(t, paid, l.Net), mustSum(t, shipping, l.Shipping)
			for _, part := range [][2]money.Amount{{l.Discount, l.DiscountRefunded}, {l.Tax, l.TaxRefunded}, {l.Shipping, l.ShippingRefunded}} {
				if part[1].Sign() < 0 || part[1].Cmp(part[0]) > 0 {
					t.Fatalf("%s of %s is given back: %+v", part[1], part[0], l.Parts)
				}
			}
			l.ID, l.ProductID, l.Quantity = 1, 3, one
			e, left, err := earnLine(l, Decision{PartnerID: 1}, percent("33.3333", "0"), s.Currency)
			if err != nil {
				t.Fatal(err)
			}
			if want, _ := percent("33.3333", "0").Level1.Of(left, s.Currency); e[0].Amount != want || mustSum(t, left, l.Refunded) != l.Base {
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
