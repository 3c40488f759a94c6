package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
)

// untilDecided is the end of a hold that only a person ends.
var untilDecided = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// notBefore is until when a commission earned at that time is on hold, nil for
// no hold (S76).
func (d Decision) notBefore(earned time.Time) *time.Time {
	switch {
	case d.Auto == AutoDecide:
		return &untilDecided
	case d.HoldDays > 0:
		end := earned.AddDate(0, 0, d.HoldDays)
		return &end
	}
	return nil
}

// approveAt is when a commission earned at that time is approved by itself, nil
// for never.
func (d Decision) approveAt(earned time.Time) *time.Time {
	if d.Auto != AutoApprove {
		return nil
	}
	at := earned.AddDate(0, 0, d.HoldDays)
	return &at
}

// OnHold tells whether the commission waits for a date, or for a person to
// decide, before it may be approved (S76).
func (c Commission) OnHold(now time.Time) bool { return c.NotBefore != nil && now.Before(*c.NotBefore) }

// UntilDecided tells whether only a person ends its hold.
func (c Commission) UntilDecided() bool { return c.NotBefore != nil && c.NotBefore.Equal(untilDecided) }

// ApproveEarly approves commissions that are on hold, too, for a reason that is
// kept with each of them.
//
// Errors: KindInvalid by the field reason.
func (l *Ledger) ApproveEarly(ctx context.Context, actor affiliate.Actor, picks []Pick, reason string) (Report, error) {
	reason, err := affiliate.CheckReason(reason)
	if err != nil {
		return Report{}, err
	}
	return l.act(ctx, actor, picks, action{name: "approve early", reason: reason, kind: Approve, from: pending, to: payable,
		refuse: func(c Commission) Reason { return refuseUnless(c, Pending) }})
}

// ApproveDue approves what the rules of its program approve by itself, once its
// hold is over (S133). Orders that a person must look at wait for him. The
// sidecar calls it from time to time; several may do so at once.
func (l *Ledger) ApproveDue(ctx context.Context) (Report, error) {
	var all Report
	for after := CommissionID(0); ; {
		due := []Pick{}
		err := l.db.Select(ctx, &due, `/* ledger.ApproveDue */
			SELECT c.id, c.journals AS seen FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id AND o.review = ''
			WHERE c.status = 'pending' AND c.approve_at <= ? AND c.id > ? ORDER BY c.id LIMIT ?`, l.now(), int64(after), pickAtOnce)
		if err != nil || len(due) == 0 {
			return all, err
		}
		r, err := l.act(ctx, affiliate.System, due, approval(l.now(), ApprovedByRule))
		if err != nil {
			return all, err
		}
		all.Done, all.Skipped = append(all.Done, r.Done...), append(all.Skipped, r.Skipped...)
		after = due[len(due)-1].ID
	}
}

// approval makes pending commissions payable, but for those on hold.
func approval(now time.Time, why Reason) action {
	return action{name: "approve", reason: string(why), kind: Approve, from: pending, to: payable,
		refuse: func(c Commission) Reason {
			if c.Status == Pending && c.OnHold(now) {
				return SkipOnHold
			}
			return refuseUnless(c, Pending)
		}}
}
