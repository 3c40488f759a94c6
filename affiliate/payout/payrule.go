package payout

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Excluded is a partner whom a payout does not pay, and why.
type Excluded struct {
	PartnerID affiliate.PartnerID `json:"partner_id"`
	Amount    money.Amount        `json:"amount"` // what would have been paid
	Reason    reason.Code         `json:"reason"`
	Facts     map[string]string   `json:"facts,omitempty"` // of the reason's sentence
}

// Sentence is the reason for people.
func (o Excluded) Sentence() string { return o.Reason.ForAdmin(o.Facts) }

// payRules are what payments of some partners are judged by.
type payRules struct {
	settings affiliate.Settings
	waiting  map[affiliate.PartnerID]affiliate.PayPalChange
}

func (sv *Service) payRules(ctx context.Context, q db.Queryer, partners ...affiliate.PartnerID) (payRules, error) {
	settings, err := affiliate.LoadSettings(ctx, q)
	if err != nil {
		return payRules{}, err
	}
	waiting, err := affiliate.WaitingPayPalChanges(ctx, q, sv.now(), partners...)
	return payRules{settings, waiting}, err
}

// address fills in how and where the partner is paid at present (S5, S136).
func (r payRules) address(line *PayoutLine, p affiliate.Partner) {
	line.Method, line.PayPalEmail, line.Payee, line.Address = r.settings.MethodOf(p), "", "", ""
	if line.Method == affiliate.Check {
		line.Payee, line.Address = p.Payee, p.Address
	} else {
		line.PayPalEmail = p.PayPalEmail
	}
}

// refuse is why a batch cannot pay a line, nil when it can.
func (r payRules) refuse(line PayoutLine, p affiliate.Partner) *Excluded {
	if out := r.refuseByHand(line, p); out != nil {
		return out
	}
	out := &Excluded{PartnerID: line.PartnerID, Amount: line.Amount}
	switch {
	case line.Method == affiliate.Check && (line.Payee == "" || line.Address == ""):
		out.Reason = reason.NoPayee
	case line.Method == affiliate.PayPal && line.PayPalEmail == "":
		out.Reason = reason.NoPayPalAddress
	case line.Method == affiliate.PayPal:
		why := payment(line).Reject()
		if why == "" {
			return nil
		}
		out.Reason, out.Facts = reason.PayPalRefuses, map[string]string{"why": why}
	default:
		return nil
	}
	return out
}

// refuseByHand is why not even an admin may mark a line as paid: where he has
// sent the money to is his own matter (S84).
func (r payRules) refuseByHand(line PayoutLine, p affiliate.Partner) *Excluded {
	cur, threshold := line.Currency, r.settings.Threshold(line.Currency)
	out := &Excluded{PartnerID: line.PartnerID, Amount: line.Amount, Facts: map[string]string{
		"amount": money.Decimal(line.Amount, cur) + " " + string(cur), "threshold": money.Decimal(threshold,
			cur) + " " + string(cur), "state": string(p.State)}}
	_, unconfirmed := r.waiting[p.ID]
	switch {
	case line.Amount.Sign() <= 0:
		out.Reason = reason.NothingToPay
	case line.Amount.Cmp(threshold) < 0 && line.Exception == "":
		out.Reason = reason.BelowThreshold
	case !p.State.MayBePaid():
		out.Reason = reason.PartnerNotPaid
	case unconfirmed && r.settings.MethodOf(p) == affiliate.PayPal:
		out.Reason = reason.PayPalUnconfirmed
	default:
		return nil
	}
	return out
}

// paymentNote is what PayPal shows to the recipients.
const paymentNote = "Partner commission"

// payment is the line as PayPal gets it.
func payment(l PayoutLine) paypal.Payment {
	return paypal.Payment{ID: "PL" + l.ID.String(), Email: l.PayPalEmail, Amount: l.Amount, Currency: l.Currency,
		Note: paymentNote}
}
