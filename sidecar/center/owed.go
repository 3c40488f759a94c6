package center

import (
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// owed is a balance with the rule by which it is paid, in words.
type owed struct{ reports.Balance }

// Rule says when the partner is paid (S6, S121).
func (o owed) Rule() locale.Text {
	show := func(a money.Amount) locale.Text { return money.Text(a, o.Currency) }
	switch {
	case o.Payable.Sign() < 0:
		return locale.T("Refunds and corrections left a balance of %s. We take it off your next commissions.",
			show(o.Payable))
	case o.Threshold.IsZero() && o.Payable.IsZero():
		return locale.T("We pay every approved commission with the next payment, however small.")
	case o.Missing.Sign() > 0:
		return locale.T("Payouts start at %s of approved commissions; %s to go.", show(o.Threshold), show(o.Missing))
	}
	return locale.T("%s is ready for your next payment.", show(o.Payable))
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
	return web.ShareOf(min(units, whole), whole, progressLength)
}
