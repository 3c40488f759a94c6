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
		if r, err = sv.convergeIn(ctx, tx, s); err != nil {
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
func (sv *Service) Amend(ctx context.Context, source, externalID string, change func(*OrderState) error) (r Result, err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		known, err := findOrder(ctx, tx, OrderState{Source: source, ExternalID: externalID})
		if db.NoRows(err) {
			return affiliate.Missing("There is no such order.")
		}
		if err != nil {
			return err
		}
		s, err := loadState(ctx, tx, known)
		if err != nil {
			return err
		}
		if err := change(&s); err != nil {
			return err
		}
		s = s.cut()
		if err := s.validate(); err != nil {
			return err
		}
		r, err = sv.convergeIn(ctx, tx, s)
		return err
	})
	return r, err
}
