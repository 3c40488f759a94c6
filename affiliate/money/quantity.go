package money

import "database/sql/driver"

// Quantity is how much of a product an order line has, in 1/10,000: carts sell
// 1.5 kg, and refund -1 piece. Its range is that of [Amount].
type Quantity struct{ units int64 }

// ParseQuantity reads a quantity as carts write it: like [ParseRounded], with
// any number of decimals or an exponent, rounded to four decimals.
func ParseQuantity(text string) (Quantity, error) {
	units, err := parseRounded(text)
	return Quantity{units}, err
}

// String returns the shortest exact text: "3", "1.5".
func (q Quantity) String() string { return decimalText(q.units, 0) }

// IsZero tells whether q is 0.
func (q Quantity) IsZero() bool { return q.units == 0 }

// Equal tells whether q and r are the same quantity, as == does; go-cmp asks for it.
func (q Quantity) Equal(r Quantity) bool { return q == r }

// Scan reads a DECIMAL(19,4) column, as [Amount.Scan] does.
func (q *Quantity) Scan(src any) error {
	var a Amount
	err := a.Scan(src)
	*q = Quantity(a)
	return err
}

// Value writes the text of a DECIMAL(19,4), always with four decimals.
func (q Quantity) Value() (driver.Value, error) { return Amount(q).Value() }

// MarshalJSON writes the text of [Quantity.String] as a JSON string.
func (q Quantity) MarshalJSON() ([]byte, error) { return Amount(q).MarshalJSON() }

// UnmarshalJSON reads a JSON string as [ParseQuantity] does; a JSON number or
// null is [ErrInvalid].
func (q *Quantity) UnmarshalJSON(data []byte) error {
	text, err := jsonText(data)
	if err != nil {
		return err
	}
	*q, err = ParseQuantity(text)
	return err
}
