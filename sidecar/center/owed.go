package center

import (
	"fmt"

	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// owed is a balance with the rule by which it is paid, in words.
type owed struct{ reports.Balance }

// Rule says when the partner is paid (S6, S121).
func (o owed) Rule(v web.View) string {
	show := func(b reports.Balance) (payable, threshold, missing string) {
		return v.Money(b.Payable, b.Currency), v.Money(b.Threshold, b.Currency), v.Money(b.Missing, b.Currency)
	}
	payable, threshold, missing := show(o.Balance)
	switch {
	case o.Payable.Sign() < 0:
		return fmt.Sprintf("Refunds or corrections of what you earned left %s: it is taken off your next commissions.", payable)
	case o.Threshold.IsZero() && o.Payable.IsZero():
		return "Every approved commission is paid with the next payment, however small it is."
	case o.Missing.Sign() > 0:
		return fmt.Sprintf("You are paid when %s are approved; %s to go.", threshold, missing)
	case o.Threshold.IsZero():
		return fmt.Sprintf("%s are approved and go out with the next payment.", payable)
	}
	return fmt.Sprintf("The %s for a payment are reached: %s go out with the next one.", threshold, payable)
}

// The progress line: its whole length is the threshold, or all that is there
// where that is more.
const progressLength = 1000

// Approved is the length of the approved part of the progress line.
func (o owed) Approved() int64 { return o.length(o.Payable.Units()) }

// Coming is the length of the pending part, behind the approved one.
func (o owed) Coming() int64 {
	return min(o.length(o.Pending.Units()), progressLength-o.Approved())
}

func (o owed) length(units int64) int64 {
	whole := max(o.Threshold.Units(), max(o.Payable.Units(), 0)+max(o.Pending.Units(), 0))
	if units <= 0 || whole <= 0 {
		return 0
	}
	return share(min(units, whole), whole, progressLength)
}
