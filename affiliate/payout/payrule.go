package payout

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
	"partnercenter/locale"
)

// Claim is what one partner is owed in one currency, with all that says whether
// it can be paid now. The two rules below are the only ones there are: a batch's,
// and that of marking as paid by hand.
type Claim struct {
	PartnerID   affiliate.PartnerID
	State       affiliate.PartnerState
	Currency    money.Currency
	Amount      money.Amount // to be paid: approved and unpaid, clawbacks taken off
	InPayout    money.Amount // under way already
	Threshold   money.Amount
	Exception   string                  // why it is paid below the threshold, "" for not at all (S143)
	Method      affiliate.PaymentPolicy // PayPal or Check
	PayPalEmail string
	Payee       string // of a check, and where it goes
	Address     string
	Unconfirmed bool // a changed PayPal address waits for its confirmation (S145)
	Unclaimed   bool // the PayPal address came by a form that was not logged in (D42)
}

// Excluded is a partner whom a payout does not pay, and why.
type Excluded struct {
	PartnerID affiliate.PartnerID `json:"partner_id"`
	Amount    money.Amount        `json:"amount"` // what would have been paid
	Reason    reason.Code         `json:"reason"`
	Facts     reason.Facts        `json:"-"` // of the reason's sentence
}

// Sentence is the reason for people.
func (o Excluded) Sentence() locale.Text { return o.Reason.ForAdmin(o.Facts) }

// RefuseByHand is why not even an admin may mark the claim as paid, nil when
// they may: where they have sent the money to is their own matter (S84).
// twoPeople is the setting of that name: then nobody pays alone (B16).
func (c Claim) RefuseByHand(twoPeople bool) *Excluded {
	if twoPeople {
		return c.excluded(reason.TwoPeople)
	}
	return c.excluded(c.refuse())
}

// RefuseInBatch is why a batch cannot pay the claim, nil when it can.
func (c Claim) RefuseInBatch() *Excluded {
	why := c.refuse()
	switch {
	case why != "":
	case c.Method == affiliate.Check && (c.Payee == "" || c.Address == ""):
		why = reason.NoPayee
	case c.Method == affiliate.PayPal && c.PayPalEmail == "":
		why = reason.NoPayPalAddress
	case c.Method == affiliate.PayPal && !c.payPalRefuses().IsZero():
		why = reason.PayPalRefuses
	}
	return c.excluded(why)
}

// refuse is what all rules have in common.
func (c Claim) refuse() reason.Code {
	switch {
	case c.Amount.IsZero() && c.InPayout.Sign() > 0:
		return reason.AllInPayout
	case c.Amount.Sign() <= 0:
		return reason.NothingToPay
	case c.Amount.Cmp(c.Threshold) < 0 && c.Exception == "":
		return reason.BelowThreshold
	case !c.State.MayBePaid():
		return reason.PartnerNotPaid
	case c.Unclaimed && c.Method == affiliate.PayPal:
		return reason.PaymentUnconfirmed
	case c.Unconfirmed && c.Method == affiliate.PayPal:
		return reason.PayPalUnconfirmed
	}
	return ""
}

// payPalRefuses is why PayPal's file cannot hold the payment, none when it can.
func (c Claim) payPalRefuses() locale.Text {
	return payment(PayoutLine{PayPalEmail: c.PayPalEmail, Amount: c.Amount, Currency: c.Currency}).Reject()
}

func (c Claim) excluded(why reason.Code) *Excluded {
	out := &Excluded{PartnerID: c.PartnerID, Amount: c.Amount, Reason: why}
	switch why {
	case "":
		return nil
	case reason.NothingToPay, reason.BelowThreshold:
		out.Facts = reason.Facts{"amount": money.Text(c.Amount, c.Currency),
			"threshold": money.Text(c.Threshold, c.Currency)}
	case reason.PartnerNotPaid:
		out.Facts = reason.Stored(map[string]string{"state": string(c.State)})
	case reason.PayPalRefuses:
		out.Facts = reason.Facts{"why": c.payPalRefuses()}
	}
	return out
}

// payees are some partners with what payments to them are judged by.
type payees struct {
	settings affiliate.Settings
	partners map[affiliate.PartnerID]affiliate.Partner
	waiting  map[affiliate.PartnerID]affiliate.PayPalChange
}

func (sv *Service) payees(ctx context.Context, q db.Queryer, ids ...affiliate.PartnerID) (p payees, err error) {
	if p.settings, err = affiliate.LoadSettings(ctx, q); err != nil {
		return p, err
	}
	if p.partners, err = affiliate.LoadPartners(ctx, q, ids...); err != nil {
		return p, err
	}
	p.waiting, err = affiliate.WaitingPayPalChanges(ctx, q, sv.now(), ids...)
	return p, err
}

// claim fills in how and where the line's partner is paid at present (S5,
// S136), and is the claim that it pays.
func (p payees) claim(line *PayoutLine) Claim {
	partner := p.partners[line.PartnerID]
	line.Method, line.PayPalEmail, line.Payee, line.Address = p.settings.MethodOf(partner), "", "", ""
	if line.Method == affiliate.Check {
		line.Payee, line.Address = partner.Payee, partner.Address
	} else {
		line.PayPalEmail = partner.PayPalEmail
	}
	_, unconfirmed := p.waiting[partner.ID]
	return Claim{PartnerID: line.PartnerID, State: partner.State, Currency: line.Currency, Amount: line.Amount,
		Threshold: p.settings.Threshold(line.Currency), Exception: line.Exception, Method: line.Method,
		PayPalEmail: line.PayPalEmail, Payee: line.Payee, Address: line.Address, Unconfirmed: unconfirmed,
		Unclaimed: partner.PaymentUnconfirmed}
}

// paymentNote is what PayPal shows to the recipients.
const paymentNote = "Partner commission"

// payment is the line as PayPal gets it.
func payment(l PayoutLine) paypal.Payment {
	return paypal.Payment{ID: "PL" + l.ID.String(), Email: l.PayPalEmail, Amount: l.Amount, Currency: l.Currency,
		Note: paymentNote}
}
