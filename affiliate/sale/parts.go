package sale

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/db"
)

// Parts are what a line consists of, and of each part what was given back.
type Parts struct {
	Net              money.Amount `db:"net"` // after discounts, without tax and shipping
	NetRefunded      money.Amount `db:"net_refunded"`
	Discount         money.Amount `db:"discount"`
	DiscountRefunded money.Amount `db:"discount_refunded"`
	Tax              money.Amount `db:"tax"`
	TaxRefunded      money.Amount `db:"tax_refunded"`
	Shipping         money.Amount `db:"shipping"` // its share of the order's
	ShippingRefunded money.Amount `db:"shipping_refunded"`
}

// LineParts are the lines of the state with their parts and spread refunds.
// Discount, tax and shipping go back as far as the line itself does, tax and
// shipping at least as far as was given back of them by themselves: a line that
// is refunded in full keeps nothing, of whatever percentages are taken.
func (s OrderState) LineParts() ([]Line, error) {
	spread, err := s.spread()
	if err != nil {
		return nil, err
	}
	shipping, err := s.shippingShares()
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(s.Lines))
	for i, l := range s.Lines {
		lines[i].Spread = spread[i]
		lines[i].Parts = Parts{Net: l.Base, Discount: l.Discount, Tax: l.Tax, Shipping: shipping[i]}
		if lines[i].NetRefunded, err = l.Refunded.Add(spread[i]); err != nil {
			return nil, err
		}
	}
	if err := s.giveBack(lines); err != nil {
		return nil, err
	}
	for i := range lines { // whatever a program chooses can be added up
		if _, err := lines[i].Parts.Sums(affiliate.Base{BeforeDiscount: true, WithTax: true,
			WithShipping: true}); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// shippingShares are each line's share of the order's shipping, by largest
// remainder over what the lines cost with tax; nobody's when all were free.
func (s OrderState) shippingShares() ([]money.Amount, error) {
	shares, gross := make([]money.Amount, len(s.Lines)), make([]money.Amount, len(s.Lines))
	free := true
	for i, l := range s.Lines {
		var err error
		if gross[i], err = l.Base.Add(l.Tax); err != nil {
			return nil, err
		}
		free = free && gross[i].IsZero()
	}
	if free || s.Shipping.IsZero() {
		return shares, nil
	}
	return money.Allocate(s.Shipping, gross, s.Currency)
}

// giveBack fills in what of discount, tax and shipping was given back.
func (s OrderState) giveBack(lines []Line) error {
	whole, left, err := netOf(lines)
	if err == nil && whole.IsZero() {
		whole, left, err = s.beside()
	}
	if err != nil {
		return err
	}
	discounts, taxes, shippings := make([]money.Amount, len(lines)), make([]money.Amount,
		len(lines)), make([]money.Amount, len(lines))
	for i, l := range lines {
		of, rest := l.Net, money.Max(money.Amount{}, minus(l.Net, l.NetRefunded))
		if of.IsZero() { // a free line goes back with the rest of its order
			of, rest = whole, left
		}
		for _, part := range []struct {
			whole money.Amount
			left  *money.Amount
		}{{l.Discount, &discounts[i]}, {l.Tax, &taxes[i]}, {l.Shipping, &shippings[i]}} {
			if *part.left, err = inProportion(part.whole, rest, of, s.Currency); err != nil {
				return err
			}
		}
	}
	if err := capAt(taxes, s.Tax, s.Refund.Tax, s.Currency); err != nil {
		return err
	}
	if err := capAt(shippings, s.Shipping, s.Refund.Shipping, s.Currency); err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		l.DiscountRefunded, l.TaxRefunded, l.ShippingRefunded = minus(l.Discount, discounts[i]), minus(l.Tax,
			taxes[i]), minus(l.Shipping, shippings[i])
	}
	return nil
}

// netOf is what all lines come to, and what is left of that.
func netOf(lines []Line) (whole, left money.Amount, err error) {
	nets, lefts := []money.Amount{}, []money.Amount{}
	for _, l := range lines {
		nets, lefts = append(nets, l.Net), append(lefts, money.Max(money.Amount{}, minus(l.Net, l.NetRefunded)))
	}
	if whole, err = money.Sum(nets...); err != nil {
		return whole, left, err
	}
	left, err = money.Sum(lefts...)
	return whole, left, err
}

// beside is what was paid of an order whose lines are all free, such as shipping,
// and what is left of that: with it the lines go back.
func (s OrderState) beside() (whole, left money.Amount, err error) {
	_, gross, due, err := s.parts()
	if err != nil {
		return whole, left, err
	}
	if whole, err = money.Sum(s.Tax, s.Shipping, money.Max(s.Fees, money.Amount{})); err != nil {
		return whole, left, err
	}
	switch {
	case s.Refund.Amount.IsZero():
		return whole, gross, nil
	case s.Refund.Amount.Cmp(due) >= 0:
		return whole, money.Amount{}, nil
	}
	left, err = money.MulDiv(gross, minus(due, s.Refund.Amount), due, s.Currency)
	return whole, left, err
}

// minus is a - b of amounts that are not negative: it cannot overflow.
func minus(a, b money.Amount) money.Amount {
	return money.FromUnits(a.Units() - b.Units())
}

// inProportion is the part of an amount that is left when rest is left of whole.
func inProportion(amount, rest, whole money.Amount, cur money.Currency) (money.Amount, error) {
	if rest == whole { // also of a whole of 0; nothing is rounded
		return amount, nil
	}
	left, err := money.MulDiv(amount, rest, whole, cur)
	return money.Min(left, amount), err
}

// capAt lowers what is left on the lines to what is left of the order's amount,
// where some of it was given back by itself.
func capAt(lefts []money.Amount, amount, back money.Amount, cur money.Currency) error {
	sum, err := money.Sum(lefts...)
	most := money.Max(money.Amount{}, minus(amount, back))
	if err != nil || back.IsZero() || sum.Cmp(most) <= 0 {
		return err
	}
	shares, err := money.Allocate(most, lefts, cur)
	for i := range shares {
		lefts[i] = money.Min(shares[i], lefts[i])
	}
	return err
}

// sums are base and refunded by a program's choice of parts.
type sums struct{ Base, Refunded money.Amount }

func (p Parts) Sums(of affiliate.Base) (sums, error) {
	base, refunded := []money.Amount{p.Net}, []money.Amount{p.NetRefunded}
	for _, part := range []struct {
		counts      bool
		whole, back money.Amount
	}{{of.BeforeDiscount, p.Discount, p.DiscountRefunded}, {of.WithTax, p.Tax, p.TaxRefunded}, {of.WithShipping,
		p.Shipping, p.ShippingRefunded}} {
		if part.counts {
			base, refunded = append(base, part.whole), append(refunded, part.back)
		}
	}
	whole, err := money.Sum(base...)
	if err != nil {
		return sums{}, err
	}
	back, err := money.Sum(refunded...)
	return sums{whole, back}, err
}

// takeBases makes Base and Refunded of the lines the sums of those parts, and
// tells whether that changed any.
func takeBases(lines []Line, of affiliate.Base) (changed bool, err error) {
	for i := range lines {
		l := &lines[i]
		s, err := l.Parts.Sums(of)
		if err != nil {
			return changed, err
		}
		changed = changed || s != sums{l.Base, l.Refunded}
		l.Base, l.Refunded = s.Base, s.Refunded
	}
	return changed, nil
}

// saveBases stores the bases of a settlement's lines, where they changed.
func saveBases(ctx context.Context, q db.Queryer, t *reconciliation) error {
	if !t.rebased {
		return nil
	}
	b := t.decision.Base
	_, err := q.Exec(ctx, `/* sale.saveBases */ UPDATE {wp}partner_center_order_lines SET
			base = net + IF(?, discount, 0) + IF(?, tax, 0) + IF(?, shipping, 0),
			refunded = net_refunded + IF(?, discount_refunded, 0) + IF(?, tax_refunded, 0) + IF(?, shipping_refunded, 0)
		WHERE order_id = ?`,
		b.BeforeDiscount, b.WithTax, b.WithShipping, b.BeforeDiscount, b.WithTax, b.WithShipping, t.order.ID)
	return err
}

// showBase names the parts that the base sums up, where that is more than the net line.
func (t *LineTrace) showBase(p Parts, of affiliate.Base) {
	if of == (affiliate.Base{}) {
		return
	}
	t.Net = p.Net
	if of.BeforeDiscount {
		t.Discount = p.Discount
	}
	if of.WithTax {
		t.Tax = p.Tax
	}
	if of.WithShipping {
		t.Shipping = p.Shipping
	}
}

// baseFacts are the parts of a line's base, as its trace has them.
func (t Trace) baseFacts(l LineTrace) reason.Facts {
	facts := reason.Facts{}
	for name, amount := range map[string]money.Amount{"base": l.Base, "net": l.Net, "discount": l.Discount,
		"tax": l.Tax, "shipping": l.Shipping} {
		facts[name] = money.Text(amount, t.Currency)
	}
	return facts
}

// parted tells whether the trace names parts of the base.
func (l LineTrace) parted() bool {
	return !l.Net.IsZero() || !l.Discount.IsZero() || !l.Tax.IsZero() || !l.Shipping.IsZero()
}
