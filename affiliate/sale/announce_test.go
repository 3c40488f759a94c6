package sale_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// Spec: S20.1 S20.3 S20.4 S108 D10.1
func TestEachEarningIsToldOnce(t *testing.T) {
	s := newSite(t)
	var told []sale.Earning
	s.OnEarned(func(_ context.Context, _ db.Queryer, e sale.Earning) error {
		e.Program = affiliate.Program{ID: e.Program.ID}
		told = append(told, e)
		return nil
	})
	rob := s.Partner("rob")
	ann := s.Partner("ann", rob)
	s.Place(s.Sale("off@example.com", s.Click(ann)))
	if len(told) != 0 {
		t.Errorf("the switch is off, yet %+v", told)
	}
	s.Program.NotifyEarned = true
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)

	o := s.Sale("bob@example.com", s.Click(ann))
	o.Lines, o.Total = append(o.Lines, s.Line("2", s.Book, "50")), shoptest.USD("150")
	unpaid := o
	unpaid.Status, unpaid.PaidAt = sale.OrderUnpaid, nil
	s.Place(unpaid)
	if len(told) != 0 {
		t.Errorf("nothing is earned before payment: %+v", told)
	}
	o.Version = 2
	r := s.Place(o)
	s.Place(o)
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Base, o.Total = shoptest.USD("200"),
			shoptest.USD("250")
	}))
	want := []sale.Earning{
		{PartnerID: ann.ID, OrderID: r.OrderID, Level: 1, SellerID: ann.ID, Amount: shoptest.USD("15"), Currency: "USD",
			Program: affiliate.Program{ID: s.Program.ID}},
		{PartnerID: rob.ID, OrderID: r.OrderID, Level: 2, SellerID: ann.ID, Amount: shoptest.USD("7.5"),
			Currency: "USD",
			Program:  affiliate.Program{ID: s.Program.ID}},
	}
	if len(told) != 2 || told[0] != want[0] || told[1] != want[1] {
		t.Errorf("told %+v, want %+v", told, want)
	}
	told = nil
	s.Policy(func(p *affiliate.Policy) {
		p.Rules = []affiliate.AutoRule{{When: affiliate.EverySale, Then: affiliate.DeclineSale, Reason: "No."}}
	})
	s.Clock.Advance(time.Second)
	s.Place(s.Sale("max@example.com", s.Click(ann)))
	s.simulate(sale.Scenario{Rules: &[]affiliate.AutoRule{}})
	s.again(r.OrderID, to(s.Partner("zoe")))
	if len(told) != 0 {
		t.Errorf("told of what was declined, simulated or run again: %+v", told)
	}
}

// Spec: S20
func TestWhatCannotBeToldIsNotBooked(t *testing.T) {
	s := newSite(t)
	s.Program.NotifyEarned = true
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	failing := errors.New("no outbox")
	s.OnEarned(func(context.Context, db.Queryer, sale.Earning) error { return failing })
	if _, err := s.Converge(t.Context(), s.Sale("bob@example.com", s.Click(s.Partner("ann")))); !errors.Is(err,
		failing) {
		t.Errorf("%v", err)
	}
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_orders`) + s.Number(
		`SELECT COUNT(*) FROM {wp}partner_center_journals`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
