package sale_test

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/locale"
)

// parted is a paid order of two books for 60 and 40 after discounts of 20 and
// 0, with 12 and 8 tax, and 10 shipping.
func (s *site) parted(cookie string) sale.OrderState {
	o := s.Sale("bob@example.com", cookie)
	o.Lines = []sale.LineState{s.Line("1", s.Book, "60"), s.Line("2", s.Book, "40")}
	o.Lines[0].Discount, o.Lines[0].Tax, o.Lines[1].Tax = shoptest.USD("20"), shoptest.USD("12"), shoptest.USD("8")
	o.Tax, o.Shipping, o.Total = shoptest.USD("20"), shoptest.USD("10"), shoptest.USD("130")
	return o
}

// Spec: S30.1 D8.1 D8.2 D8.3 B2
func TestAProgramChoosesWhatPercentagesAreTakenOf(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	before := s.Place(s.parted(s.Click(p)))
	for _, test := range []struct {
		base          affiliate.Base
		first, second string // commission of 10 % of each line
		trace         string
	}{
		{affiliate.Base{}, "6", "4", ""},
		{affiliate.Base{BeforeDiscount: true}, "8", "4",
			"is of $80.00: $60.00 after discounts, plus $20.00 of discounts, $0.00 of tax and $0.00 of shipping"},
		{affiliate.Base{WithTax: true}, "7.2", "4.8",
			"of $72.00: $60.00 after discounts, plus $0.00 of discounts, $12.00 of tax"},
		{affiliate.Base{WithShipping: true}, "6.6", "4.4", "$6.00 of shipping"},
		{affiliate.Base{BeforeDiscount: true, WithTax: true, WithShipping: true}, "9.8", "5.2", "of $98.00"},
	} {
		s.Clock.Advance(time.Hour)
		s.Policy(func(p *affiliate.Policy) { p.Base = test.base })
		o := s.parted(s.Click(p))
		r := s.Place(o)
		s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, test.first),
			shoptest.Earned(1, p.ID, ledger.Pending, test.second))
		d := s.View(r.OrderID).Decisions[0]
		if said := locale.Join(d.Trace.AdminLines(affiliate.PartnerID.String)...).String(); !strings.Contains(said,
			test.trace) || (test.trace == "") == strings.Contains(said, "the percentage is of") {
			t.Errorf("%+v: the trace says %s", test.base, said)
		}
		half := shoptest.Next(o, func(o *sale.OrderState) { o.Lines[0].Refunded = shoptest.USD("30") })
		s.Place(half)
		if got := s.View(r.OrderID).Commissions[0].Amount; shoptest.Must(money.Sum(got,
			got))(t) != shoptest.USD(test.first) {
			t.Errorf("%+v: half a line earns %s, the whole one %s", test.base, got, test.first)
		}
		s.Place(shoptest.Next(half, func(o *sale.OrderState) {
			o.Lines[0].Refunded, o.Lines[1].Refunded = shoptest.USD("60"), shoptest.USD("40")
		}))
		s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
			shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	}
	s.WantEarned(before.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"),
		shoptest.Earned(1, p.ID, ledger.Pending, "4")) // past sales never move
	s.WantClean()
}

// A later state calculates by the base of its time, and a re-run by that of the
// program that the sale goes to.
//
// Spec: S30 D8.2 D24
func TestALinesBaseFollowsItsDecision(t *testing.T) {
	s := newSite(t)
	other := s.NewProgram("Other", 1)
	s.Terms(other, s.Book, shoptest.Percent("10", "0"))
	a, b := s.Partner("a"), s.PartnerIn(other, "b")
	s.Policy(func(p *affiliate.Policy) { p.Base.WithTax = true })
	s.Clock.Advance(time.Hour)
	o := s.parted(s.Click(a))
	r := s.Place(o)
	s.Clock.Advance(time.Hour)
	s.Policy(func(p *affiliate.Policy) { p.Base.WithTax = false })
	s.Place(shoptest.Next(o, func(o *sale.OrderState) { o.Note = "sent" }))
	s.WantEarned(r.OrderID, shoptest.Earned(1, a.ID, ledger.Pending, "7.2"),
		shoptest.Earned(1, a.ID, ledger.Pending, "4.8"))
	s.again(r.OrderID, to(b))
	s.WantBalance(b, "10", "0", "0")
	s.WantClean()
	s.again(r.OrderID, to(a))
	s.WantBalance(a, "12", "0", "0")
	s.WantClean()
}

// Spec: D8, D25
func TestTaxAndShippingGivenBackByThemselvesEarnNothing(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.Policy(func(p *affiliate.Policy) { p.Base.WithTax, p.Base.WithShipping = true, true })
	s.Clock.Advance(time.Second)
	o := s.parted(s.Click(p))
	r := s.Place(o)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "7.8"),
		shoptest.Earned(1, p.ID, ledger.Pending, "5.2"))
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Refund.Tax, o.Refund.Shipping = shoptest.USD("20"),
			shoptest.USD("5")
	}))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6.3"),
		shoptest.Earned(1, p.ID, ledger.Pending, "4.2"))
	s.WantClean()
}

// Spec: D8.2 D27
func TestALineMadeFreeEarnsOnItsPriceWhereDiscountsCount(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.Policy(func(p *affiliate.Policy) { p.Base.BeforeDiscount = true })
	s.Clock.Advance(time.Second)
	o := s.parted(s.Click(p))
	o.Lines[1].Base, o.Lines[1].Discount, o.Lines[1].Tax = shoptest.USD("0"), shoptest.USD("40"), shoptest.USD("0")
	o.Tax, o.Total = shoptest.USD("12"), shoptest.USD("82")
	r := s.Place(o)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "8"),
		shoptest.Earned(1, p.ID, ledger.Pending, "4"))
	// all that was paid for
	s.Place(shoptest.Next(o, func(o *sale.OrderState) { o.Lines[0].Refunded = shoptest.USD("60") }))
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Canceled, "0"),
		shoptest.Earned(1, p.ID, ledger.Canceled, "0"))
	s.WantClean()
}
