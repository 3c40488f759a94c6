package sale

import (
	"context"
	"errors"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// errPreview undoes the transaction of a preview.
var errPreview = errors.New("preview")

// Preview tells what Converge would do with a state, and does nothing.
func (sv *Service) Preview(ctx context.Context, s OrderState) (r Result, err error) {
	s = s.cut()
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		if r, err = sv.TakeOrder(ctx, tx, s); err != nil {
			return err
		}
		return errPreview
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return r, err
}

// Amend changes the latest state of an order and converges to the result, which
// needs a version of its own: for sources that report a change alone.
//
// Errors: KindNotFound for an order that is not known, and those of change and
// Converge.
func (sv *Service) Amend(ctx context.Context, source, externalID string, change func(*OrderState) error) (r Result,
	err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := latestState(ctx, tx, source, externalID)
		if err != nil {
			return err
		}
		if err := lockSubscription(ctx, tx, before); err != nil {
			return err
		}
		order, err := sv.lockOrder(ctx, tx, before, affiliate.System)
		if err != nil {
			return err
		}
		s, err := loadState(ctx, tx, order.Order) // perhaps a later one came meanwhile
		if err != nil {
			return err
		}
		if err := change(&s); err != nil {
			return err
		}
		if s = s.cut(); s.validate() != nil {
			return s.validate()
		}
		r, err = sv.converge(ctx, tx, order, s)
		return err
	})
	return r, err
}

// latestState is the state that an order stands at, not locked.
func latestState(ctx context.Context, q db.Queryer, source, externalID string) (OrderState, error) {
	known, err := findOrder(ctx, q, OrderState{Source: source, ExternalID: externalID}, "")
	if db.NoRows(err) {
		return OrderState{}, affiliate.Missing("There is no such order.")
	}
	if err != nil {
		return OrderState{}, err
	}
	return loadState(ctx, q, known)
}
