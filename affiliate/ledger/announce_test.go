package ledger

import (
	"context"
	"errors"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S20, S108, D10
func TestEachEarningIsToldOnce(t *testing.T) {
	s := newSite(t)
	var told []Earning
	s.OnEarned(func(_ context.Context, _ db.Queryer, e Earning) error {
		e.Program = affiliate.Program{ID: e.Program.ID}
		told = append(told, e)
		return nil
	})
	rob := s.partner("rob")
	ann := s.partner("ann", rob)
	s.converge(s.sale("off@example.com", s.click(ann)))
	if len(told) != 0 {
		t.Errorf("the switch is off, yet %+v", told)
	}
	s.program.NotifyEarned = true
	must(s.registry.EditProgram(t.Context(), anna, s.program))(s)

	o := s.sale("bob@example.com", s.click(ann))
	o.Lines, o.Total = append(o.Lines, s.line("2", s.book, "50")), usd("150")
	unpaid := o
	unpaid.Status, unpaid.PaidAt = OrderUnpaid, nil
	s.converge(unpaid)
	if len(told) != 0 {
		t.Errorf("nothing is earned before payment: %+v", told)
	}
	o.Version = 2
	r := s.converge(o)
	s.converge(o)
	s.converge(o.next(func(o *OrderState) { o.Lines[0].Base, o.Total = usd("200"), usd("250") }))
	want := []Earning{
		{PartnerID: ann.ID, OrderID: r.OrderID, Level: 1, Amount: usd("15"), Currency: "USD", Program: affiliate.Program{ID: s.program.ID}},
		{PartnerID: rob.ID, OrderID: r.OrderID, Level: 2, Amount: usd("7.5"), Currency: "USD", Program: affiliate.Program{ID: s.program.ID}},
	}
	if len(told) != 2 || told[0] != want[0] || told[1] != want[1] {
		t.Errorf("told %+v, want %+v", told, want)
	}
	told = nil
	s.policy(func(p *affiliate.Policy) {
		p.Rules = []affiliate.AutoRule{{When: affiliate.EverySale, Then: affiliate.DeclineSale, Reason: "No."}}
	})
	s.clock.Advance(time.Second)
	s.converge(s.sale("max@example.com", s.click(ann)))
	s.simulate(Scenario{Rules: &[]affiliate.AutoRule{}})
	s.again(r.OrderID, to(s.partner("zoe")))
	if len(told) != 0 {
		t.Errorf("told of what was declined, simulated or run again: %+v", told)
	}
}

// Spec: S20
func TestWhatCannotBeToldIsNotBooked(t *testing.T) {
	s := newSite(t)
	s.program.NotifyEarned = true
	must(s.registry.EditProgram(t.Context(), anna, s.program))(s)
	failing := errors.New("no outbox")
	s.OnEarned(func(context.Context, db.Queryer, Earning) error { return failing })
	if _, err := s.Converge(t.Context(), s.sale("bob@example.com", s.click(s.partner("ann")))); !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_orders`) + s.number(`SELECT COUNT(*) FROM {wp}partner_center_journals`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
