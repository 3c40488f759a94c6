package sale

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
)

// Facts about buyers enter by this file, whatever brings them: the inbox, the
// tracking script, a sign-up, an admin, a cart. Each is applied together with
// what it means for orders that are known already (D18).

// TakeTouchpoint applies a form (tracking.ApplyTouchpoint). Where it happened
// before others that are known, the orders that its contact placed since are
// decided once more: what nobody has acted on yet is credited by all that is
// known now, the rest goes to review (D18). It is a step of the caller's
// transaction, whose locks it begins with those of subscriptions and the contact.
//
// Errors: those of tracking.ApplyTouchpoint.
func (sv *Service) TakeTouchpoint(ctx context.Context, q db.Queryer, f tracking.Touchpoint) (tracking.Effect, error) {
	if err := lockSubscriptionsOf(ctx, q, f.Email); err != nil {
		return tracking.Effect{}, err
	}
	applied, err := sv.tracker.ApplyTouchpoint(ctx, q, f)
	if err != nil {
		return applied, err
	}
	if applied.Late {
		_, err = sv.Reconsider(ctx, q, applied.Contact.ID, clock.Cut(f.At))
		return applied, err
	}
	return applied, sv.ReconsiderHeld(ctx, q, applied.Contact.ID)
}

// Converge takes an order's full state and posts what its commissions differ
// from it (B3). It may be called with any state, any number of times, in any
// order: the highest version counts. All of it is one transaction.
//
// Errors: affiliate.KindInvalid for a state that cannot be calculated with,
// KindConflict for one in another currency than its commissions.
func (sv *Service) Converge(ctx context.Context, s OrderState) (r Result, err error) {
	err = sv.db.Tx(ctx, func(tx *db.Tx) error {
		r, err = sv.TakeOrder(ctx, tx, s)
		return err
	})
	return r, err
}

// TakeOrder is Converge as a step of the caller's transaction.
func (sv *Service) TakeOrder(ctx context.Context, q db.Queryer, s OrderState) (Result, error) {
	s = s.cut()
	if err := s.validate(); err != nil {
		return Result{}, err
	}
	if err := lockSubscription(ctx, q, s); err != nil {
		return Result{}, err
	}
	order, err := sv.lockOrder(ctx, q, s, affiliate.System)
	if err != nil {
		return Result{}, err
	}
	return sv.converge(ctx, q, order, s)
}

// applyOrderForm records that the buyer placed an order: the order's own cookie
// is applied to the contact before the credit is decided (S66).
func (sv *Service) applyOrderForm(ctx context.Context, q db.Queryer, s OrderState) (tracking.Effect, error) {
	if s.email() == "" {
		return tracking.Effect{}, nil
	}
	return sv.tracker.ApplyTouchpoint(ctx, q, tracking.Touchpoint{
		Kind: tracking.Order, Source: s.Source, ExternalID: s.ExternalID,
		Email: s.email(), FirstName: s.Buyer.FirstName, LastName: s.Buyer.LastName, UserID: s.Buyer.UserID,
		Click: s.Click, At: s.PlacedAt, Origin: s.origin(),
	})
}

// recallOrderForm is what applyOrderForm did when the order came. It locks no
// contact, for the order is locked by now: whoever brings a fact that matters to
// the order waits for it, and has it decided once more.
func (sv *Service) recallOrderForm(ctx context.Context, q db.Queryer, s OrderState) (tracking.Effect, error) {
	if s.email() == "" {
		return tracking.Effect{}, nil
	}
	applied, known, err := tracking.Recall(ctx, q, tracking.Touchpoint{Kind: tracking.Order, Source: s.Source,
		ExternalID: s.ExternalID})
	if err != nil || known {
		return applied, err
	}
	return sv.applyOrderForm(ctx, q, s)
}

// origin tells orders that a visitor placed from those that an admin entered or
// the cart made by itself: these are no forms of the visitor, and no leads.
func (s OrderState) origin() affiliate.Origin {
	if s.Source == manual || s.Renewal {
		return affiliate.ByAdmin
	}
	return affiliate.ByOrder
}

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
