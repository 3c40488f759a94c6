package reports

import (
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
)

// Skipped is a partner whom a PayPal file leaves out.
type Skipped struct {
	Due
	Reason string // a sentence for people
}

// Preflight says who can be paid by a PayPal file, and why the others cannot,
// so that nobody wonders at a file without rows (S85, S136). A payment's id is
// the partner's code.
func Preflight(due []Due, note string) ([]paypal.Payment, []Skipped) {
	var payments []paypal.Payment
	var skipped []Skipped
	for _, d := range due {
		p := paypal.Payment{ID: d.PartnerCode, Email: d.PayPalEmail, Amount: d.Payable, Currency: d.Currency, Note: note}
		reason := d.skip()
		if reason == "" {
			reason = p.Reject()
		}
		if reason != "" {
			skipped = append(skipped, Skipped{d, reason})
			continue
		}
		payments = append(payments, p)
	}
	return payments, skipped
}

// skip says why a partner is not paid by PayPal now, "" when he can be.
func (d Due) skip() string {
	switch {
	case d.Standing == Negative:
		return "Refunds are more than what was earned since."
	case d.Standing == UnderWay:
		return "What is owed is in a payout already."
	case d.Standing == BelowThreshold:
		return fmt.Sprintf("Below the threshold: %s %s is missing.", money.Decimal(d.Missing, d.Currency), d.Currency)
	case !d.State.MayBePaid():
		return fmt.Sprintf("The partner is %s.", d.State)
	case d.Method == affiliate.Check:
		return "Is paid by check."
	case d.Unconfirmed:
		return "Has changed the PayPal address and not confirmed it yet."
	case d.PayPalEmail == "":
		return "Has not given a PayPal address."
	}
	return ""
}
