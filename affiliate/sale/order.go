package sale

import (
	"encoding/json"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

// OrderState is the full state of an order as its source sees it at one moment.
// A source sends it as often as it likes, in any order (B3).
type OrderState struct {
	Source     string         `json:"source"`      // "woocommerce", "manual"; at most 32 ASCII characters
	ExternalID string         `json:"external_id"` // its id there, at most 190 bytes
	Number     string         `json:"number"`      // what people call it; "" = ExternalID
	Version    int64          `json:"version"`     // strictly increasing for each order (D17)
	At         time.Time      `json:"at"`          // when the order came into this state (D15)
	Status     OrderStatus    `json:"status"`
	Currency   money.Currency `json:"currency"`
	Lines      []LineState    `json:"lines"`
	Tax        money.Amount   `json:"tax"`
	Shipping   money.Amount   `json:"shipping"`
	Fees       money.Amount   `json:"fees"`  // negative: gift cards
	Total      money.Amount   `json:"total"` // before refunds
	Coupons    []string       `json:"coupons,omitempty"`
	// when each code came into the basket; without one, when the order was placed
	CouponsAt map[string]time.Time `json:"coupons_at,omitempty"`
	Refund    OrderRefund          `json:"refund,omitzero"`
	Buyer     Buyer                `json:"buyer"`
	Payer     string               `json:"payer,omitempty"` // the payment's e-mail, where it is another
	Click     string               `json:"click,omitempty"` // the raw click cookie of the checkout
	PlacedAt  time.Time            `json:"placed_at"`
	PaidAt    *time.Time           `json:"paid_at,omitempty"`
	// or instalment plan: what its payments share
	SubscriptionID string `json:"subscription_id,omitempty"`
	// made by the cart: a later payment of the subscription
	Renewal    bool   `json:"renewal,omitempty"`
	Past       bool   `json:"past,omitempty"` // placed before the program began: nobody earns by it
	Note       string `json:"note,omitempty"`
	Unverified bool   `json:"unverified,omitempty"` // anybody could have reported it: a person decides (S126)
}

// LineState is one line of an OrderState. Base is for the whole quantity, after
// discounts, without tax and shipping (D8); Refunded is the part of it given back.
type LineState struct {
	Line     string         `json:"line"` // the line's id in its order, at most 64 bytes
	Product  ProductRef     `json:"product"`
	Name     string         `json:"name"`
	Quantity money.Quantity `json:"quantity"`
	Base     money.Amount   `json:"base"`
	Refunded money.Amount   `json:"refunded"`
	Discount money.Amount   `json:"discount,omitzero"` // already taken off Base
	Tax      money.Amount   `json:"tax,omitzero"`      // of this line, part of the order's
}

// ProductRef names a product by our id or by the id its source gave it.
type ProductRef struct {
	ID         affiliate.ProductID `json:"id,omitempty"`
	ExternalID string              `json:"external_id,omitempty"` // of the order's source
}

// Buyer is who placed an order.
type Buyer struct {
	Email     string           `json:"email"`
	FirstName string           `json:"first_name,omitempty"`
	LastName  string           `json:"last_name,omitempty"`
	UserID    affiliate.UserID `json:"user_id,omitempty"`
}

// OrderStatus is what the states of carts come down to (D15).
type OrderStatus string

// The statuses. Only paid orders earn; failed ones are declined charges (S18).
const (
	OrderUnpaid OrderStatus = "unpaid"
	OrderPaid   OrderStatus = "paid"
	OrderFailed OrderStatus = "failed"
	OrderVoid   OrderStatus = "void" // canceled, trashed, charged back in full
)

// maxCoupons is how many codes an order can have used.
const maxCoupons = 100

// Order is an order as it stands: the state of its highest version.
type Order struct {
	ID             affiliate.OrderID   `db:"id"`
	Source         string              `db:"source"`
	ExternalID     string              `db:"external_id"`
	Number         string              `db:"number"`
	Version        int64               `db:"version"`
	Status         OrderStatus         `db:"status"`
	Currency       money.Currency      `db:"currency"`
	Total          money.Amount        `db:"total"`
	ContactID      affiliate.ContactID `db:"contact_id"` // 0: no usable e-mail
	SubscriptionID string              `db:"subscription_id"`
	PlacedAt       time.Time           `db:"placed_at"`
	PaidAt         *time.Time          `db:"paid_at"`
	Note           string              `db:"note"`
	Review         reason.Code         `db:"review"` // why a person must look at it; "" = nothing
}

// Line is a line of an order as it stands. A line that left its order stays,
// with a base of 0. Base and Refunded are the sums of its parts that percentages
// are taken of (D8).
type Line struct {
	ID        affiliate.LineID    `db:"id"`
	Line      string              `db:"line"`
	ProductID affiliate.ProductID `db:"product_id"` // 0: not known here
	Name      string              `db:"name"`
	Quantity  money.Quantity      `db:"quantity"`
	Base      money.Amount        `db:"base"`
	Refunded  money.Amount        `db:"refunded"`
	Spread    money.Amount        `db:"spread"` // the part of NetRefunded that named no line (D25)
	Parts
}

// validate refuses what cannot be calculated with; what merely looks odd is
// stored and goes to review.
func (s OrderState) validate() error {
	p := affiliate.Problems{}
	p.Check(s.Source != "" && len(s.Source) <= 32, "source",
		"Name the system the order comes from, in at most 32 characters.")
	p.Check(s.ExternalID != "" && len(s.ExternalID) <= 190, "external_id",
		"Give the order's id in its system, in at most 190 bytes.")
	p.Check(len(s.Number) <= 64, "number", "Please use at most 64 bytes.")
	p.Check(s.Version > 0, "version", "Give each state of the order a version above that of the one before, from 1.")
	p.Check(!s.At.IsZero() && !s.PlacedAt.IsZero(), "placed_at",
		"Say when the order was placed and came into this state.")
	p.Check(len(s.Note) <= 500, "note", "Please use at most 500 bytes.")
	p.Check(len(s.Coupons) <= maxCoupons, "coupons", "Please send at most %d coupons.", maxCoupons)
	p.Check(len(s.SubscriptionID) <= 190, "subscription_id", "Please use at most 190 bytes.")
	switch s.Status {
	case OrderUnpaid, OrderPaid, OrderFailed, OrderVoid:
	default:
		p.Add("status", "%q is no status: use unpaid, paid, failed or void.", s.Status)
	}
	if _, err := money.ParseCurrency(string(s.Currency)); err != nil {
		p.Add("currency", "%v", err)
	}
	s.validateLines(p)
	s.Refund.validate(p)
	if p.Err() == nil {
		_, err := s.totalMatches()
		_, apart := s.LineParts()
		p.Check(err == nil && apart == nil, "total", "The amounts are too large to be added up.")
	}
	return p.Err()
}

func (s OrderState) validateLines(p affiliate.Problems) {
	p.Check(s.Tax.Sign() >= 0 && s.Shipping.Sign() >= 0, "tax", "Tax and shipping cannot be negative.")
	p.Check(len(s.Payer) <= 254, "payer", "Please use at most 254 bytes.")
	seen := map[string]bool{}
	for _, l := range s.Lines {
		p.Check(l.Line != "" && len(l.Line) <= 64 && !seen[l.Line], "lines",
			"Each line needs an id of its own, of at most 64 bytes; %q is not.", l.Line)
		p.Check(!negative(l.Quantity), "lines", "Line %q has a negative quantity: send refunds as refunded amounts.",
			l.Line)
		p.Check(l.Base.Sign() >= 0 && l.Refunded.Sign() >= 0 && l.Discount.Sign() >= 0 && l.Tax.Sign() >= 0, "lines",
			"Line %q has a negative amount: send discounts as a lower base and refunds as refunded amounts.", l.Line)
		seen[l.Line] = true
	}
}

func negative(q money.Quantity) bool { return q.String()[0] == '-' }

// review is the first reason why a person must look at the state, or "".
func (s OrderState) review() (reason.Code, error) {
	for _, l := range s.Lines {
		if l.Product == (ProductRef{}) {
			return reason.ReviewNoProduct, nil
		}
		if l.Refunded.Cmp(l.Base) > 0 {
			return reason.ReviewRefund, nil
		}
	}
	if above, err := s.refundAbove(); err != nil || above {
		return reason.ReviewRefundOrder, err
	}
	if ok, err := s.totalMatches(); err != nil || !ok {
		return reason.ReviewTotal, err
	}
	if s.email() == "" {
		return reason.ReviewBuyer, nil
	}
	return "", nil
}

// totalMatches tolerates one minor unit for each line (D26), because carts
// round taxes and discounts in ways of their own.
func (s OrderState) totalMatches() (bool, error) {
	parts := []money.Amount{s.Tax, s.Shipping, s.Fees, s.Total.Neg()}
	minor, err := minorUnit(s.Currency)
	if err != nil {
		return false, err
	}
	tolerance := minor
	for _, l := range s.Lines {
		parts = append(parts, l.Base)
		if tolerance, err = tolerance.Add(minor); err != nil {
			return false, err
		}
	}
	off, err := money.Sum(parts...)
	if err != nil {
		return false, err
	}
	return off.Cmp(tolerance) <= 0 && off.Cmp(tolerance.Neg()) >= 0, nil
}

// minorUnit is the smallest amount of a currency: 0.01 USD.
func minorUnit(cur money.Currency) (money.Amount, error) {
	unit := money.MustParse("1")
	for range cur.Digits() {
		var err error
		if unit, err = money.MulDiv(unit, money.MustParse("1"), money.MustParse("10"), cur); err != nil {
			return money.Amount{}, err
		}
	}
	return unit, nil
}

// email is the buyer's address, or "" when it could not be a contact's.
func (s OrderState) email() string {
	email, err := affiliate.FoldEmail(s.Buyer.Email)
	if err != nil {
		return ""
	}
	return email
}

func (s OrderState) number() string {
	if s.Number == "" {
		return s.ExternalID[:min(len(s.ExternalID), 64)]
	}
	return s.Number
}

// earnedAt is when a paid order's commissions are earned: at payment, never at
// processing (D15).
func (s OrderState) earnedAt() time.Time {
	if s.PaidAt != nil {
		return *s.PaidAt
	}
	return s.PlacedAt
}

// sameAs tells whether two states say the same, whenever and as whichever
// version they were sent.
func (s OrderState) sameAs(other OrderState) bool {
	return s.content() == other.content()
}

func (s OrderState) content() string {
	s.Version, s.At = 0, time.Time{}
	data, err := json.Marshal(s)
	if err != nil {
		return "" // no field of a state can fail to marshal
	}
	return string(data)
}
