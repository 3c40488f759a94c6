package apikey

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson deletes kept answers and calls that name a person (D37). A call that
// is sent again within the day it is kept for is then carried out as a new one.
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	answers, args := t.Mentioned("body")
	_, err := q.Exec(ctx, `/* apikey.ErasePerson */ DELETE FROM {wp}partner_center_api_answers WHERE `+answers, args...)
	if err != nil {
		return err
	}
	calls, args := t.Mentioned("path", "outcome")
	_, err = q.Exec(ctx, `/* apikey.ErasePerson */ DELETE FROM {wp}partner_center_api_calls WHERE `+calls, args...)
	return err
}
