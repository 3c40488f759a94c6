package outbox

import (
	"context"
	"errors"

	"partnercenter/affiliate/coupon"
	"partnercenter/wpbridge"
)

// problems are what the plugin says of a coupon, by its error codes.
var problems = map[string]coupon.Problem{"partner_center_coupon_taken": coupon.Taken,
	"partner_center_no_shop": coupon.NoShop}

// nextCoupons has the shop take on some codes that are not as they should be there.
func (w *Worker) nextCoupons(ctx context.Context, client *wpbridge.Client) (bool, error) {
	due, err := w.coupons.Due(ctx)
	if err != nil {
		return false, err
	}
	for _, p := range due {
		if w.probeAt.IsZero() {
			err = w.push(ctx, client, p)
		} else {
			err = w.coupons.Waits(ctx, p)
		}
		if err != nil {
			return true, err
		}
	}
	return len(due) > 0 && w.probeAt.IsZero(), nil
}

// push has the shop take on one code.
func (w *Worker) push(ctx context.Context, client *wpbridge.Client, p coupon.Push) error {
	in := map[string]any{"shop": p.Shop, "id": int64(p.ID), "code": p.Code, "on": p.On}
	if t := p.Template; p.On {
		in["kind"], in["amount"], in["once"], in["alone"] = t.Kind, t.Amount.String(), t.Once, t.Alone
		in["minimum"], in["until"] = "", ""
		if !t.Minimum.IsZero() {
			in["minimum"] = t.Minimum.String()
		}
		if !t.ExpiresOn.IsZero() {
			in["until"] = t.ExpiresOn.Next().String()
		}
	}
	cause := client.Call(ctx, "coupon", in, nil)
	w.heed(cause)
	if cause == nil {
		return w.coupons.Pushed(ctx, p)
	}
	w.log.Warn("the shop did not take a coupon", "coupon", p.ID, "attempt", p.Attempts+1, "why", cause)
	if away(cause) {
		return w.coupons.Waits(ctx, p)
	}
	problem, why := coupon.Failed, cause.Error()
	var refused *wpbridge.RefusedError
	if errors.As(cause, &refused) {
		why = refused.Message
		if known := problems[refused.Code]; known != "" {
			problem = known
		}
	}
	return w.coupons.Refused(ctx, p, problem, why)
}

// HasCoupon tells whether a shop has a working coupon of a code, whoever made it.
func (w *Worker) HasCoupon(ctx context.Context, shop coupon.Shop, code string) (bool, error) {
	client, err := w.wordpress.Client()
	if err != nil {
		return false, err
	}
	var out struct {
		Found bool `json:"found"`
	}
	err = client.Call(ctx, "coupon-find", map[string]any{"shop": shop, "code": code}, &out)
	return out.Found, err
}
