package orders

import (
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// event is something that happened to an order.
type event struct {
	At      time.Time
	Text    locale.Text
	Actor   affiliate.Actor
	Reason  string // of what somebody did by hand
	Verdict bool   // it says who gets credit
}

// statesTold is how many states of an order its story tells at most.
const statesTold = 50

// story tells what happened to an order and its credit, the first first.
func (p *Pages) story(r *web.Request, o parts.Explained) ([]event, error) {
	states, err := p.Sales.States(r.Ctx(), o.Order.ID, statesTold)
	if err != nil {
		return nil, err
	}
	edits, err := p.Registry.History(r.Ctx(), "order", int64(o.Order.ID), 0, statesTold)
	if err != nil {
		return nil, err
	}
	edits = slices.DeleteFunc(edits, func(a affiliate.AuditRecord) bool { return a.Action != "edit" })
	slices.Reverse(edits)
	story, before := []event{}, (*sale.OrderState)(nil)
	for _, s := range states {
		if s.Outcome != sale.Recorded {
			continue
		}
		e := event{At: s.Received, Actor: affiliate.System}
		if before == nil {
			e.At = s.At
		}
		if e.Text, err = told(before, s.OrderState); err != nil {
			return nil, err
		}
		if before != nil {
			edits = e.byHand(edits)
		}
		state := s.OrderState
		story, before = append(story, e), &state
	}
	for i, d := range o.Decisions {
		story = append(story, event{At: d.DecidedAt, Text: o.Past[i], Actor: d.Actor, Verdict: true})
	}
	slices.SortStableFunc(story, func(a, b event) int { return a.At.Compare(b.At) })
	return story, nil
}

// byHandWithin is how long after a state, at most, its change by hand is written down.
const byHandWithin = 10 * time.Second

// byHand adds who made the change, and why, of the first of the edits that belongs to it,
// and leaves the others.
func (e *event) byHand(edits []affiliate.AuditRecord) []affiliate.AuditRecord {
	for i, edit := range edits {
		if !edit.At.Before(e.At) && edit.At.Before(e.At.Add(byHandWithin)) {
			e.Actor, e.Reason = edit.Actor, edit.Reason
			return edits[i+1:]
		}
	}
	return edits
}

// told says what a state changed; before is nil for the first one.
func told(before *sale.OrderState, s sale.OrderState) (locale.Text, error) {
	total := money.Text(s.Total, s.Currency)
	back, err := refunded(s)
	if err != nil {
		return locale.Text{}, err
	}
	if before == nil {
		return locale.T("The order came in: %s, %s.", total, status(s.Status)), nil
	}
	was, err := refunded(*before)
	all := []locale.Text{}
	if before.Status != s.Status {
		all = append(all, locale.T("New status: %s.", status(s.Status)))
	}
	if before.Total != s.Total {
		all = append(all, locale.T("Its total changed from %s to %s.", money.Text(before.Total, before.Currency),
			total))
	}
	if was != back {
		all = append(all, locale.T("Refunds come to %s in all.", money.Text(back, s.Currency)))
	}
	if len(all) == 0 {
		all = append(all, locale.T("Its details changed."))
	}
	return locale.Join(all...), err
}

// refunded is all that a state says was given back.
func refunded(s sale.OrderState) (money.Amount, error) {
	all := []money.Amount{s.Refund.Amount, s.Refund.Tax, s.Refund.Shipping, s.Refund.Fees}
	for _, l := range s.Lines {
		all = append(all, l.Refunded)
	}
	return money.Sum(all...)
}

// status is what people call the state of an order: completed where a commission
// is paid.
func status(s sale.OrderStatus) locale.Text {
	switch s {
	case sale.OrderPaid:
		return reports.Word("completed")
	case sale.OrderFailed:
		return reports.Word("declined")
	}
	return reports.Word(s)
}

// State is the state of the order in words.
func (p orderPage) StateText() locale.Text { return status(p.Order.Status) }
