package sale

import (
	"context"
	"errors"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Logged tells whether an admin entered the order: only such ones are corrected
// here, all others where they come from (S155).
func (o Order) Logged() bool { return o.Source == manual }

// LoggedChange is a correction of an order that an admin logged (S155). It makes
// a new state of the order, with all that follows (D15, D16, D22).
type LoggedChange struct {
	OrderID affiliate.OrderID
	Seen    int64  // the order's version when it was shown: one that changed since is a Conflict
	Reason  string // for the audit
	// To changes the state. Times and the buyer stay as they are.
	To func(*OrderState) error
}

// State is the order as it stands, with all that its source said of it.
func (sv *Service) State(ctx context.Context, id affiliate.OrderID) (s OrderState, err error) {
	err = sv.db.ReadOnly(ctx, func(tx *db.Tx) error {
		o, err := orderByID(ctx, tx, id)
		if err == nil {
			s, err = loadState(ctx, tx, o)
		}
		return err
	})
	return s, err
}

// FindLogged is the order that a form was logged as; Missing when it was not.
func (sv *Service) FindLogged(ctx context.Context, form string) (affiliate.OrderID, error) {
	return sv.Find(ctx, manual, form)
}

func orderByID(ctx context.Context, q db.Queryer, id affiliate.OrderID) (Order, error) {
	var o Order
	err := q.Get(ctx, &o, `/* sale.orderByID */ SELECT `+OrderColumns+
		` FROM {wp}partner_center_orders WHERE id = ? AND version > 0`, id)
	return o, affiliate.MissingRow(err, "order")
}

// ChangeLogged corrects an order that an admin logged, audited with its states
// before and after. A change to what it is already changes nothing.
//
// Errors: KindNotFound; KindConflict for an order of a cart and for one that
// changed since it was shown; KindInvalid by the fields of OrderState and reason.
func (sv *Service) ChangeLogged(ctx context.Context, actor affiliate.Actor, c LoggedChange) (r Result, err error) {
	if c.Reason, err = affiliate.CheckReason(c.Reason); err != nil {
		return r, err
	}
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = sv.changeLogged(ctx, tx, actor, c)
		return err
	})
	return r, err
}

// PreviewLogged tells what ChangeLogged would do, and does nothing. It asks for
// no reason yet.
func (sv *Service) PreviewLogged(ctx context.Context, actor affiliate.Actor, c LoggedChange) (r Result, err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		if r, err = sv.changeLogged(ctx, tx, actor, c); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return r, err
}

func (sv *Service) changeLogged(ctx context.Context, q db.Queryer, actor affiliate.Actor, c LoggedChange) (Result,
	error) {
	known, err := orderByID(ctx, q, c.OrderID)
	if err != nil {
		return Result{}, err
	}
	if !known.Logged() {
		return Result{}, affiliate.Conflict("This order comes from a cart. Please change it there.")
	}
	before, err := loadState(ctx, q, known)
	if err != nil {
		return Result{}, err
	}
	if err := lockSubscription(ctx, q, before); err != nil {
		return Result{}, err
	}
	order, err := sv.lockOrder(ctx, q, before, actor)
	if err != nil {
		return Result{}, err
	}
	if order.Version != c.Seen || known.Version != c.Seen {
		return Result{}, affiliate.Conflict(
			"This order changed while you were looking at it. Review it as it is now and try again.")
	}
	after, err := before.changed(c.To)
	if err != nil || after.sameAs(before) {
		return Result{OrderID: order.ID, Outcome: Repeated, Review: order.Review}, err
	}
	after.Version, after.At = order.Version+1, sv.now()
	if after.Status == OrderPaid && after.PaidAt == nil {
		after.PaidAt = &after.At
	}
	if after = after.cut(); after.validate() != nil {
		return Result{}, after.validate()
	}
	r, err := sv.converge(ctx, q, order, after)
	if err != nil {
		return r, err
	}
	return r, affiliate.Audit(ctx, q, sv.now(), affiliate.AuditEntry{Actor: actor, Action: "edit", Object: "order",
		ObjectID: int64(order.ID), Before: before, After: after, Reason: c.Reason})
}

// changed is the state after a change, with the total of its parts.
func (s OrderState) changed(to func(*OrderState) error) (OrderState, error) {
	after := s
	after.Lines = append([]LineState{}, s.Lines...)
	if err := to(&after); err != nil {
		return s, err
	}
	amounts := []money.Amount{after.Tax, after.Shipping, after.Fees}
	for _, line := range after.Lines {
		amounts = append(amounts, line.Base)
	}
	var err error
	after.Total, err = money.Sum(amounts...)
	return after, err
}

// The changes that need no form.

// Void makes nothing of the order earn.
func Void(s *OrderState) error {
	if s.Status == OrderVoid {
		return affiliate.Conflict("This order is void already.")
	}
	s.Status = OrderVoid
	return nil
}

// Restore takes Void back.
func Restore(s *OrderState) error {
	if s.Status != OrderVoid {
		return affiliate.Conflict("This order isn't void, so there is nothing to restore.")
	}
	s.Status = OrderUnpaid
	if s.PaidAt != nil {
		s.Status = OrderPaid
	}
	return nil
}

// RefundAll gives back all that is left of the order.
func RefundAll(s *OrderState) error {
	for i := range s.Lines {
		s.Lines[i].Refunded = money.Max(s.Lines[i].Refunded, s.Lines[i].Base)
	}
	s.Refund.Amount = money.Amount{}
	s.Refund.Tax, s.Refund.Shipping = s.Tax, s.Shipping
	s.Refund.Fees = money.Max(s.Fees, money.Amount{})
	return nil
}

// TakeRefundsBack makes all refunds of the order undone (D22).
func TakeRefundsBack(s *OrderState) error {
	for i := range s.Lines {
		s.Lines[i].Refunded = money.Amount{}
	}
	s.Refund = OrderRefund{}
	return nil
}
