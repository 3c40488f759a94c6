package sale

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

// OrderRefund is what was given back of an order beside the refunds that its
// lines name, all states added up.
type OrderRefund struct {
	// Amount names neither line nor tax nor shipping: it is spread over what
	// is left of all of them, in proportion (D25).
	Amount   money.Amount `json:"amount"`
	Tax      money.Amount `json:"tax"`
	Shipping money.Amount `json:"shipping"`
	Fees     money.Amount `json:"fees"`
}

func (r OrderRefund) validate(p affiliate.Problems) {
	p.Check(r.Amount.Sign() >= 0 && r.Tax.Sign() >= 0 && r.Shipping.Sign() >= 0 && r.Fees.Sign() >= 0,
		"refund", "Send refunds as positive amounts.")
}

// parts are what an amount-only refund is spread over: what is left of each
// line, then of tax, shipping and fees. due is what the buyer paid for them;
// a gift card, which is a negative fee, paid the rest.
func (s OrderState) parts() (parts []money.Amount, gross, due money.Amount, err error) {
	whole, back := []money.Amount{}, []money.Amount{}
	for _, l := range s.Lines {
		whole, back = append(whole, l.Base), append(back, l.Refunded)
	}
	whole = append(whole, s.Tax, s.Shipping, s.Fees)
	back = append(back, s.Refund.Tax, s.Refund.Shipping, s.Refund.Fees)
	for i := range whole {
		left, err := whole[i].Sub(back[i])
		if err != nil {
			return nil, gross, due, err
		}
		parts = append(parts, money.Max(left, money.Amount{}))
	}
	if gross, err = money.Sum(parts...); err != nil {
		return nil, gross, due, err
	}
	due, err = gross.Add(money.Min(s.Fees, money.Amount{}))
	return parts, gross, money.Max(due, money.Amount{}), err
}

// spread is each line's share of the refund that names no line, by largest
// remainder; a refund of all that is due takes all that is left of each (D25).
func (s OrderState) spread() ([]money.Amount, error) {
	shares := make([]money.Amount, len(s.Lines))
	parts, gross, due, err := s.parts()
	if err != nil || s.Refund.Amount.IsZero() || gross.IsZero() {
		return shares, err
	}
	if s.Refund.Amount.Cmp(due) >= 0 {
		copy(shares, parts)
		return shares, nil
	}
	amount, err := money.MulDiv(s.Refund.Amount, gross, due, s.Currency)
	if err != nil {
		return nil, err
	}
	spread, err := money.Allocate(amount, parts, s.Currency)
	for i := range shares {
		if err == nil { // the last fraction of a minor unit is not there to be given back
			shares[i] = money.Min(spread[i], parts[i])
		}
	}
	return shares, err
}

// refundAbove tells whether more was given back than the order cost.
func (s OrderState) refundAbove() (bool, error) {
	_, _, due, err := s.parts()
	return s.Refund.Amount.Cmp(due) > 0 || s.Refund.Tax.Cmp(s.Tax) > 0 || s.Refund.Shipping.Cmp(s.Shipping) > 0 ||
		s.Refund.Fees.Cmp(money.Max(s.Fees, money.Amount{})) > 0, err
}

// change is why a journal of this kind follows from the state of a paid order.
func (s OrderState) change(kind ledger.Kind) reason.Code {
	back, whole := s.Refund.Amount.Sign() > 0, true
	for _, l := range s.Lines {
		back, whole = back || l.Refunded.Sign() > 0, whole && l.Refunded.Cmp(l.Base) >= 0
	}
	if _, _, due, err := s.parts(); err == nil && s.Refund.Amount.Sign() > 0 {
		whole = whole || s.Refund.Amount.Cmp(due) >= 0
	}
	switch {
	case kind == ledger.Restore:
		return reason.RefundUndone
	case kind != ledger.Refund || !back:
		return reason.OrderChanged
	case whole:
		return reason.OrderRefunded
	}
	return reason.OrderRefundedPart
}
