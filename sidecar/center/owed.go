package center

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// owed is a balance with when and by which rule it is paid, in words.
type owed struct {
	reports.Balance
	Next affiliate.Day // of payment, zero without a schedule (S143)
	Last reports.Event // the latest payment; its Day is zero while there was none
}

// When says when the partner is paid, or was last.
func (o owed) When() locale.Text {
	switch {
	case !o.Next.IsZero() && o.Payable.Sign() > 0 && o.Missing.IsZero():
		return locale.T("Next payment: about %s", o.Next)
	case !o.Next.IsZero():
		return locale.T("Next pay day: about %s", o.Next)
	case !o.Last.Day.IsZero():
		return locale.T("The last payment was %s on %s.", money.Text(o.Last.Amount, o.Currency), o.Last.Day)
	}
	return locale.Text{}
}

// Rule says what of it is paid (S6, S121).
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
	case !o.Next.IsZero():
		return locale.T("%s is ready, and whatever is approved by then comes with it.", show(o.Payable))
	}
	return locale.T("%s is ready for your next payment.", show(o.Payable))
}

// progressLength is the length of the progress line: all that is approved and
// pending, or the threshold where that is more.
const progressLength = 10_000

// Approved is the length of the approved part of the progress line.
func (o owed) Approved() string { return web.Percent(o.approved()) }

// Coming is the length of the pending part, behind the approved one.
func (o owed) Coming() string {
	return web.Percent(min(o.length(o.Pending.Units()), progressLength-o.approved()))
}

// Mark is where the threshold lies on the progress line; "" without one. It
// stays inside the picture.
func (o owed) Mark() string {
	if o.Threshold.Sign() <= 0 {
		return ""
	}
	return web.Percent(max(30, min(o.length(o.Threshold.Units()), progressLength-30)))
}

func (o owed) approved() int64 { return o.length(o.Payable.Units()) }

func (o owed) length(units int64) int64 {
	whole := max(o.Threshold.Units(), max(o.Payable.Units(), 0)+max(o.Pending.Units(), 0))
	if units <= 0 || whole <= 0 {
		return 0
	}
	return web.ShareOf(min(units, whole), whole, progressLength)
}
