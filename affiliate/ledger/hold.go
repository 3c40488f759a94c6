package ledger

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
)

// HeldUntilDecided is the end of a hold that only a person ends.
var HeldUntilDecided = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// OnHold tells whether the commission waits for a date, or for a person to
// decide, before it may be approved (S76).
func (c Commission) OnHold(now time.Time) bool { return c.NotBefore != nil && now.Before(*c.NotBefore) }

// UntilDecided tells whether only a person ends its hold.
func (c Commission) UntilDecided() bool {
	return c.NotBefore != nil && c.NotBefore.Equal(HeldUntilDecided)
}

// ApproveEarly approves commissions that are on hold, too, for a reason that is
// kept with each of them.
//
// Errors: KindInvalid by the field reason.
func (l *Ledger) ApproveEarly(ctx context.Context, actor affiliate.Actor, picks []Pick, why string) (Report, error) {
	why, err := affiliate.CheckReason(why)
	if err != nil {
		return Report{}, err
	}
	return l.act(ctx, actor, picks, action{name: "approve early", reason: why, kind: Approve, from: AccountPending,
		to:     AccountPayable,
		refuse: func(c Commission) reason.Code { return refuseUnless(c, Pending) }})
}

// ApproveDue approves what the rules of its program approve by itself, once its
// hold is over (S133). Orders that a person must look at wait for one. The
// sidecar calls it from time to time; several may do so at once.
func (l *Ledger) ApproveDue(ctx context.Context) (Report, error) {
	var all Report
	for after := CommissionID(0); ; {
		due := []Pick{}
		err := l.db.Select(ctx, &due, `/* ledger.ApproveDue */
			SELECT c.id, c.journals AS seen FROM {wp}partner_center_commissions c JOIN {wp}partner_center_orders o
			ON o.id = c.order_id AND o.review = ''
			WHERE c.status = 'pending' AND c.approve_at <= ? AND c.id > ? ORDER BY c.id LIMIT ?`, l.now(), int64(after),
			pickAtOnce)
		if err != nil || len(due) == 0 {
			return all, err
		}
		r, err := l.act(ctx, affiliate.System, due, approval(l.now(), reason.ApprovedByRule))
		if err != nil {
			return all, err
		}
		all.Done, all.Skipped = append(all.Done, r.Done...), append(all.Skipped, r.Skipped...)
		after = due[len(due)-1].ID
	}
}

// approval makes pending commissions payable, but for those on hold.
func approval(now time.Time, by reason.Code) action {
	return action{name: "approve", reason: string(by), kind: Approve, from: AccountPending, to: AccountPayable,
		refuse: func(c Commission) reason.Code {
			if c.Status == Pending && c.OnHold(now) {
				return reason.SkipOnHold
			}
			return refuseUnless(c, Pending)
		}}
}
