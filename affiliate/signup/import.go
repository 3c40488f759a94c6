package signup

import (
	"context"
	"errors"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// errTried takes back what was only tried.
var errTried = errors.New("signup: only tried")

// TryAdd tells what Add would do, and does nothing: its errors and outcomes are
// those of Add at this moment.
func (d *Service) TryAdd(ctx context.Context, actor affiliate.Actor, a Addition) (r Result, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		if r, err = d.add(ctx, tx, actor, a); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return r, err
}
