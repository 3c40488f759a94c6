package inbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/db"
)

// orderFact is an order as its cart has it, in layout 1. Amounts are texts: the
// cart's own, with as many decimals as it keeps.
type orderFact struct {
	Number   string       `json:"number"`
	Status   string       `json:"status"`
	Currency string       `json:"currency"`
	Lines    []lineFact   `json:"lines"`
	Shipping amount       `json:"shipping"`
	Fees     []amount     `json:"fees"`
	Tax      amount       `json:"tax"`
	Total    amount       `json:"total"`
	Refunds  []refundFact `json:"refunds"`
	Coupons  []string     `json:"coupons"`
	// when each came into the basket; may be missing
	CouponsAt    map[string]time.Time `json:"coupons_at"`
	Buyer        sale.Buyer           `json:"buyer"`
	Payer        string               `json:"payer"`
	PlacedAt     time.Time            `json:"placed_at"`
	PaidAt       string               `json:"paid_at"` // "": not paid
	Subscription string               `json:"subscription"`
	Renewal      bool                 `json:"renewal"`
	Past         bool                 `json:"past"`
}

// lineFact is a line: Subtotal before discounts, Total after them, without tax.
type lineFact struct {
	Line        string `json:"line"`
	Product     string `json:"product"`
	Variation   string `json:"variation"`
	ProductName string `json:"product_name"`
	Name        string `json:"name"`
	Quantity    string `json:"quantity"`
	Subtotal    amount `json:"subtotal"`
	Total       amount `json:"total"`
	Tax         amount `json:"tax"`
}

// refundFact is one refund. What its amount has beside its parts was given back
// for nothing in particular.
type refundFact struct {
	Amount amount `json:"amount"`
	Lines  []struct {
		Line  string `json:"line"`
		Total amount `json:"total"`
		Tax   amount `json:"tax"`
	} `json:"lines"`
	Shipping amount   `json:"shipping"`
	Fees     []amount `json:"fees"`
	Tax      amount   `json:"tax"` // of lines, shipping and fees
}

// amount is an amount of a cart, rounded once to our precision (D26).
type amount struct{ money.Amount }

// UnmarshalJSON reads a text; a number would have gone through a float.
func (a *amount) UnmarshalJSON(text []byte) (err error) {
	if len(text) < 2 || text[0] != '"' {
		return fmt.Errorf("the amount %s is no text", text)
	}
	a.Amount, err = money.ParseRounded(string(text[1 : len(text)-1]))
	return err
}

// order is an order of a cart. A state that a later one has overtaken says
// nothing that the later one does not.
func (d *Drainer) order(ctx context.Context, tx *db.Tx, f fact) error {
	if old, err := f.superseded(ctx, tx); err != nil || old {
		return err
	}
	var in orderFact
	if err := f.read(1, &in); err != nil {
		return err
	}
	state, err := in.state(f)
	if err != nil {
		return err
	}
	if err := d.nameProducts(ctx, tx, in, &state); err != nil {
		return err
	}
	_, err = d.sales.TakeOrder(ctx, tx, state)
	return err
}

// state is the order as sale wants it, but for its products.
func (in orderFact) state(f fact) (sale.OrderState, error) {
	s := sale.OrderState{
		Source: f.Source, ExternalID: f.ExternalID, Number: affiliate.Cut(in.Number, 64), Version: f.Seq,
		At:     f.OccurredAt,
		Status: sale.OrderStatus(in.Status), Currency: money.Currency(in.Currency),
		Tax: in.Tax.Amount, Shipping: in.Shipping.Amount, Total: in.Total.Amount, Coupons: in.Coupons,
		CouponsAt: in.CouponsAt,
		Buyer:     in.Buyer, Payer: in.Payer, Click: f.Click, PlacedAt: in.PlacedAt,
		SubscriptionID: in.Subscription, Renewal: in.Renewal, Past: in.Past,
	}
	if in.PaidAt != "" {
		paid, err := time.Parse(time.RFC3339Nano, in.PaidAt)
		if err != nil {
			return s, fmt.Errorf("the time of payment cannot be read: %w", err)
		}
		if paid.Before(in.PlacedAt) { // carts cut times to seconds
			paid = in.PlacedAt
		}
		s.PaidAt = &paid
	}
	var err error
	if s.Fees, err = sum(in.Fees); err != nil {
		return s, err
	}
	for _, l := range in.Lines {
		line, err := l.state()
		if err != nil {
			return s, fmt.Errorf("line %s: %w", l.Line, err)
		}
		s.Lines = append(s.Lines, line)
	}
	return s, in.giveBack(&s)
}

func (l lineFact) state() (sale.LineState, error) {
	quantity, err := money.ParseQuantity(l.Quantity)
	if err != nil {
		return sale.LineState{}, err
	}
	discount, err := l.Subtotal.Sub(l.Total.Amount)
	if discount.Sign() < 0 { // an admin raised the price in the order
		discount = money.Amount{}
	}
	return sale.LineState{Line: l.Line, Name: l.Name, Quantity: quantity, Base: l.Total.Amount, Discount: discount,
		Tax: l.Tax.Amount}, err
}

// giveBack adds up the refunds: of each line, of tax, shipping and fees, and
// what names none of them.
func (in orderFact) giveBack(s *sale.OrderState) error {
	for _, refund := range in.Refunds {
		named := []amount{refund.Shipping, refund.Tax}
		named = append(named, refund.Fees...)
		for _, part := range refund.Lines {
			named = append(named, part.Total)
			i := slices.IndexFunc(s.Lines, func(l sale.LineState) bool { return l.Line == part.Line })
			if i < 0 { // the line has left the order: its part is of no line
				named = named[:len(named)-1]
				continue
			}
			if err := add(&s.Lines[i].Refunded, part.Total.Amount); err != nil {
				return err
			}
		}
		fees, err := sum(refund.Fees)
		if err != nil {
			return err
		}
		rest, err := refund.rest(named, s.Currency)
		if err != nil {
			return err
		}
		for _, part := range []struct {
			of   *money.Amount
			more money.Amount
		}{{&s.Refund.Amount, rest}, {&s.Refund.Tax, refund.Tax.Amount}, {&s.Refund.Shipping, refund.Shipping.Amount},
			{&s.Refund.Fees, fees}} {
			if err := add(part.of, part.more); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest is what of the refund names no part. Carts round the parts and the whole
// in ways of their own: less than a minor unit for each part is nothing.
func (r refundFact) rest(named []amount, currency money.Currency) (money.Amount, error) {
	parts, err := sum(named)
	if err != nil {
		return money.Amount{}, err
	}
	rest, err := r.Amount.Sub(parts)
	if err != nil {
		return money.Amount{}, err
	}
	minor := int64(10_000) // of 1/10,000
	for range currency.Digits() {
		minor /= 10
	}
	if tolerance := money.FromUnits(minor * int64(len(named))); rest.Sign() < 0 || parts.Sign() > 0 &&
		rest.Cmp(tolerance) < 0 {
		return money.Amount{}, nil
	}
	return rest, nil
}

func sum(amounts []amount) (money.Amount, error) {
	var total money.Amount
	for _, a := range amounts {
		if err := add(&total, a.Amount); err != nil {
			return total, err
		}
	}
	return total, nil
}

func add(to *money.Amount, more money.Amount) (err error) {
	*to, err = to.Add(more)
	return err
}

// nameProducts gives the lines our products.
func (d *Drainer) nameProducts(ctx context.Context, tx *db.Tx, in orderFact, s *sale.OrderState) error {
	sold := []affiliate.Sold{}
	for _, l := range in.Lines {
		sold = append(sold, affiliate.Sold{Product: l.Product, Name: l.ProductName, Variation: l.Variation,
			VariationName: l.Name})
	}
	ids, err := affiliate.SoldAs(ctx, tx, s.Source, sold, s.PlacedAt, d.now())
	if err != nil {
		return err
	}
	for i := range s.Lines {
		s.Lines[i].Product = sale.ProductRef{ID: ids[i], ExternalID: in.Lines[i].Product}
	}
	return nil
}
