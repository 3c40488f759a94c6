package reports

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	orders "partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// shop is a real site whose reports are read.
type shop struct {
	*shoptest.Site
	reader  *Reader
	partner affiliate.Partner
}

func newShop(t testing.TB) *shop {
	s := &shop{Site: shoptest.New(t)}
	s.reader = NewReader(s.DB, s.Clock.Now, func() *time.Location { return s.Zone }, NewMask([32]byte{7}))
	s.partner = s.Partner("pia")
	return s
}

// want checks the partner's sales, Total Sales, refunds and Total Refunds, and
// proves the books.
func (s *shop) want(when string, sales int64, sold string, refunds int64, refunded string) {
	s.Helper()
	all, err := tally[affiliate.PartnerID](s.Context(), s.DB, byPartner,
		scope{partners: []affiliate.PartnerID{s.partner.ID}, days: Query{}.days(), withPending: true})
	s.OK(err)
	got := Figures{Money: map[money.Currency]Earned{}}
	if all[s.partner.ID] != nil {
		got = *all[s.partner.ID]
	}
	usd := got.Money["USD"]
	if got.Sales != sales || usd.Sales != shoptest.USD(sold) || got.Refunds != refunds ||
		usd.Refunded != shoptest.USD(refunded) {
		s.Errorf("%s: %d sales of %s, %d refunds of %s; want %d of %s, %d of %s", when, got.Sales, usd.Sales,
			got.Refunds,
			usd.Refunded, sales, sold, refunds, refunded)
	}
	s.WantClean()
}

// pay approves what is pending and pays all that the partner is owed.
func (s *shop) pay() affiliate.PayoutLineID {
	s.Helper()
	order := affiliate.OrderID(s.Number(`SELECT MAX(id) FROM {wp}partner_center_orders`))
	for _, c := range s.View(order).Commissions {
		s.ApproveAll(s.Now(c)...)
	}
	line, err := s.PayPartner(s.Context(), shoptest.Anna, s.partner.ID, "USD", s.owed())
	s.OK(err)
	return line.ID
}

func (s *shop) owed() money.Amount {
	s.Helper()
	balances := shoptest.Must(s.Balances(s.Context(), s.partner.ID))(s)
	return balances[0].Payable
}

// costs is a later state in which the first line costs so much.
func costs(o orders.OrderState, amount string) orders.OrderState {
	return shoptest.Next(o, func(o *orders.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD(amount),
			shoptest.USD(amount)
	})
}

// What an order grows by after its payout is sold as well, and what is refunded
// of that is refunded.
//
// Spec: S37.3 S41.1 D22.3
func TestTotalSalesFollowGrowthAfterPayment(t *testing.T) {
	s := newShop(t)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	s.Place(o)
	s.pay()
	o = costs(o, "150")
	s.Place(o)
	s.want("grown", 1, "150", 0, "0")
	s.pay()
	s.want("grown and paid", 1, "150", 0, "0")
	o = shoptest.Refunded(o, "150")
	s.Place(o)
	s.want("refunded", 1, "150", 1, "150")
	s.Place(shoptest.Refunded(o, "0"))
	s.want("taken back", 1, "150", 0, "0")
}

// A sale whose payment came back is paid again on what is left of it then; what
// its refund gives back later counts again.
//
// Spec: S37 S41.1 D21.3 D22
func TestTotalSalesFollowWhatARefundGivesBack(t *testing.T) {
	s := newShop(t)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	s.Place(o)
	line := s.pay()
	o = shoptest.Refunded(o, "40")
	s.Place(o)
	s.want("refunded after payment", 1, "100", 1, "40")
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, line, "Account closed"))(s)
	s.want("the payment came back", 1, "60", 0, "0")
	s.pay()
	s.want("paid again", 1, "60", 0, "0")
	o = shoptest.Refunded(o, "0")
	s.Place(o)
	s.want("refund taken back", 1, "100", 0, "0")
	s.Place(shoptest.Refunded(o, "30"))
	s.want("refunded once more", 1, "100", 1, "30")
}

// A refund that takes less than a cent from the commission is a refund in both
// columns.
//
// Spec: S40.2 S41.1
func TestRefundsAreCountedWhereTheyAreSummed(t *testing.T) {
	s := newShop(t)
	s.Terms(s.Program, s.Book, shoptest.Percent("0.5", "0"))
	s.Clock.Advance(1)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	s.Place(o)
	s.pay()
	s.Place(shoptest.Refunded(o, "0.5"))
	s.want("half a dollar back", 1, "100", 1, "0.5")
}

// While its payment is under way a refund takes the sale out; once that is
// settled, the partner was paid for a sale that is refunded.
//
// Spec: S36.3 S40.1 S149.3 D20
func TestARefundOfWhatIsFiledIsOneBeforePayment(t *testing.T) {
	s := newShop(t)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	s.ApproveAll(s.Place(o).Commissions...)
	s.ByPayPal(s.partner)
	b := s.FileBatch(s.Draft())
	s.Place(shoptest.Refunded(o, "40"))
	s.want("partly refunded while filed", 1, "60", 0, "0")
	s.Place(shoptest.Refunded(shoptest.Refunded(o, "40"), "100"))
	s.want("refunded while filed", 0, "0", 0, "0")
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s)
	s.want("settled all the same", 1, "100", 1, "100")
}

// A sale that was refunded in full after payment, credited to another partner
// and then un-refunded, is that partner's alone.
//
// Spec: S36, S97, D24
func TestARefundedSaleIsOfOnePartnerAfterARerun(t *testing.T) {
	s := newShop(t)
	other := s.Partner("other")
	o := s.Sale("bob@example.com", s.Click(s.partner))
	r := s.Place(o)
	s.pay()
	o = shoptest.Refunded(o, "100")
	s.Place(o)
	s.want("refunded", 1, "100", 1, "100")
	shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, []orders.RerunPick{{OrderID: r.OrderID}},
		orders.Rerun{Choice: orders.AnyPartner, PartnerID: other.ID, Reason: "x"}))(s)
	s.Place(shoptest.Refunded(o, "0"))
	s.want("another's", 0, "0", 0, "0")
	s.partner = other
	s.want("of the other", 1, "100", 0, "0")
}
