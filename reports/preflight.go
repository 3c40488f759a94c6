package reports

import (
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/locale"
)

// Skipped is a partner whom a PayPal file leaves out.
type Skipped struct {
	Due
	Reason locale.Text
}

// Preflight says who can be paid by a PayPal file that one admin downloads, and
// why the others cannot, so that no one wonders at a file without rows (S85,
// S136). The rule is payout's; twoPeople is the setting of that name. A
// payment's id is the partner's code.
func Preflight(due []Due, twoPeople bool, note string) ([]paypal.Payment, []Skipped) {
	var payments []paypal.Payment
	var skipped []Skipped
	for _, d := range due {
		if out := d.claim().RefuseInFile(twoPeople); out != nil {
			skipped = append(skipped, Skipped{d, out.Sentence()})
			continue
		}
		payments = append(payments, paypal.Payment{ID: d.PartnerCode, Email: d.PayPalEmail, Amount: d.Payable,
			Currency: d.Currency, Note: note})
	}
	return payments, skipped
}

// claim is the row as payout judges it.
func (d Due) claim() payout.Claim {
	return payout.Claim{PartnerID: d.PartnerID, State: d.State, Currency: d.Currency, Amount: d.Payable,
		InPayout: d.InPayout, Threshold: d.Threshold, Method: d.Method, PayPalEmail: d.PayPalEmail,
		Unconfirmed: d.Unconfirmed, Unclaimed: d.Unclaimed}
}
