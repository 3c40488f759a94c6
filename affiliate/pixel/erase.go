package pixel

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson takes a buyer out of the sales that carts elsewhere reported (D37).
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	calls, args := t.Mentioned("query", "page", "error")
	_, err := q.Exec(ctx, `/* pixel.ErasePerson */ DELETE FROM {wp}partner_center_pixel_calls
		WHERE state <> 'waiting' AND `+calls, args...)
	return err
}
