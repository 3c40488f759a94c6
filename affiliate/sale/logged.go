package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// manual is the source of orders that an admin enters.
const manual = "manual"

// LogOrder records a sale that no cart reports (S75): s needs a buyer, a
// currency and lines. ExternalID names the form it came from, so that sending
// the form twice logs one sale; the same id with another content is a new state
// of that sale. Status is paid unless given; times default to now.
func (sv *Service) LogOrder(ctx context.Context, actor affiliate.Actor, s OrderState) (Result, error) {
	s.Source, s.Version = manual, 1
	if s.Status == "" {
		s.Status = OrderPaid
	}
	p := affiliate.Problems{}
	p.Check(s.email() != "", "email", "Please enter the buyer's email address.")
	p.Check(len(s.Lines) > 0, "lines", "Please enter at least one product.")
	if err := p.Err(); err != nil {
		return Result{}, err
	}
	var r Result
	err := sv.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		r, err = sv.logOrder(ctx, tx, actor, s)
		return err
	})
	return r, err
}

func (sv *Service) logOrder(ctx context.Context, q db.Queryer, actor affiliate.Actor, s OrderState) (Result, error) {
	if err := lockSubscription(ctx, q, s); err != nil {
		return Result{}, err
	}
	known, err := findOrder(ctx, q, s, "")
	if err != nil && !db.NoRows(err) {
		return Result{}, err
	}
	if s, err = s.completed(known, sv.now()); err != nil {
		return Result{}, err
	}
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	order, err := sv.lockOrder(ctx, q, s, actor)
	if err != nil {
		return Result{}, err
	}
	if order.Version > 0 {
		last, err := loadState(ctx, q, order.Order)
		if err != nil || s.sameAs(last) {
			return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
		}
	}
	s.Version = order.Version + 1
	r, err := sv.converge(ctx, q, order, s)
	if err != nil {
		return r, err
	}
	return r, affiliate.Audit(ctx, q, sv.now(), affiliate.AuditEntry{Actor: actor, Action: "log", Object: "order",
		ObjectID: int64(r.OrderID), After: s})
}

// completed fills in what an admin need not enter.
func (s OrderState) completed(known Order, now time.Time) (OrderState, error) {
	s.At = now
	if s.PlacedAt.IsZero() {
		s.PlacedAt = now
		if known.ID != 0 { // the form sent again
			s.PlacedAt = known.PlacedAt
		}
	}
	amounts := []money.Amount{s.Tax, s.Shipping, s.Fees}
	for _, line := range s.Lines {
		amounts = append(amounts, line.Base)
	}
	var err error
	s.Total, err = money.Sum(amounts...)
	return s.cut(), err
}
