package reports

import (
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	orders "partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// What was booked in a period stays as it is when the period is over, though an
// order is refunded later and a state of it comes late; what was paid elsewhere
// stands apart.
//
// Spec: S140 D47.1 D47.2
func TestWhatWasBookedNeverChanges(t *testing.T) {
	s := newShop(t)
	first := affiliate.DayOf(s.Clock.Now(), time.UTC)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	s.Place(o)
	s.pay()
	shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(s.partner, "40", "Before"), ledger.Paid))(s)
	period := Query{Range: affiliate.Range{From: first, To: first.Next()}}
	before := s.file("booked", period)
	if !strings.Contains(before, "USD,10.00,0.00,40.00,50.00,10.00,40.00") {
		t.Errorf("booked:\n%s", before)
	}
	sales := s.file("partners", Query{})
	s.Clock.Advance(48 * time.Hour)
	late := shoptest.Refunded(o, "60") // said to have happened on the first day
	late.At = o.At.Add(time.Minute)
	s.Place(late)
	if after := s.file("booked", period); after != before {
		t.Errorf("it changed to\n%s", after)
	}
	if s.file("partners", Query{}) == sales {
		t.Error("the report by sale does not follow refunds")
	}
	third := affiliate.DayOf(s.Clock.Now(), time.UTC)
	if after := s.file("booked", Query{Range: affiliate.Range{From: third, To: third.Next()}}); !strings.Contains(after,
		"USD,0.00,-6.00,0.00,-6.00,0.00,0.00") {
		t.Errorf("booked later:\n%s", after)
	}
	page, err := s.reader.Page(t.Context(), bookedReport, Query{Limit: 1})
	if err != nil || len(page.Rows) != 1 || page.Next != "" {
		t.Errorf("a page of one: %+v, %v", page, err)
	}
}

// A commission whose first payment came back names both payouts; one that was
// canceled after it was paid says what is still to be taken back.
//
// Spec: D21, D24, S86
func TestACommissionNamesItsPayoutsAndWhatIsOpen(t *testing.T) {
	s := newShop(t)
	o := s.Sale("bob@example.com", s.Click(s.partner))
	r := s.Place(o)
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, s.pay(), "Account closed"))(s)
	s.pay()
	codes := []string{}
	s.OK(s.DB.Select(t.Context(), &codes, `SELECT code FROM {wp}partner_center_payouts ORDER BY id`))
	if file := s.file("commissions", Query{Partner: s.partner.ID}); len(codes) != 2 ||
		!strings.Contains(file, codes[0]+", "+codes[1]) {
		t.Errorf("of the payouts %v the file says:\n%s", codes, file)
	}
	shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, []orders.RerunPick{{OrderID: r.OrderID}},
		orders.Rerun{Choice: orders.AnyPartner, PartnerID: s.Partner("other").ID, Reason: "x"}))(s)
	if file := s.file("commissions", Query{Partner: s.partner.ID}); !strings.Contains(file, "-10.00") {
		t.Errorf("what is open is not told:\n%s", file)
	}
}
