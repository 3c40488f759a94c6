package money

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"math"
	"math/bits"
)

// Amount is a sum of money in 1/10,000 of its currency's major unit. The zero
// value is 0. The range is symmetric, ±922,337,203,685,477.5807, so that every
// amount has its negative. Amounts may be compared with == and used as keys;
// there is no way to add them but the checked ones.
type Amount struct{ units int64 }

// Parse reads a decimal number with at most four decimals and a point:
// "1234.50", "-0.0001", "+7". Anything else, such as a fifth decimal, a comma,
// a space or an exponent, is [ErrInvalid]; too large a number is [ErrOverflow].
func Parse(text string) (Amount, error) {
	units, err := parseExact(text)
	return Amount{units}, err
}

// ParseRounded reads an amount as carts write it, with any number of decimals
// or an exponent, rounded once to four decimals, half away from zero (D26).
// Use it where another program's number enters, and [Parse] everywhere else.
func ParseRounded(text string) (Amount, error) {
	units, err := parseRounded(text)
	return Amount{units}, err
}

// MustParse is [Parse] for amounts written in the source; it panics on an error.
func MustParse(text string) Amount {
	a, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return a
}

// String returns the shortest exact text: "12.34", "-0.5", "7". [Parse] reads
// it back; equal amounts have equal texts. People see [Format], files [Decimal].
func (a Amount) String() string { return decimalText(a.units, 0) }

// Units returns the amount in 1/10,000 of the major unit, for drawing a chart
// or hashing; calculate with the methods, which check for overflow.
func (a Amount) Units() int64 { return a.units }

// FromUnits is the amount of so many 1/10,000 of the major unit, the other way
// round: for labels of a chart's axis.
func FromUnits(units int64) Amount { return Amount{max(units, -math.MaxInt64)} }

// Add returns a + b, or [ErrOverflow].
func (a Amount) Add(b Amount) (Amount, error) { return Sum(a, b) }

// Sub returns a - b, or [ErrOverflow].
func (a Amount) Sub(b Amount) (Amount, error) { return Sum(a, b.Neg()) }

// Min is the lesser of two amounts.
func Min(a, b Amount) Amount {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

// Max is the greater of two amounts.
func Max(a, b Amount) Amount {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

// Sum adds any number of amounts; none give 0. Only the result has to fit, so
// the order does not matter; else it is [ErrOverflow].
func Sum(amounts ...Amount) (Amount, error) {
	var hi, lo, carry uint64 // a 128-bit two's complement
	for _, a := range amounts {
		lo, carry = bits.Add64(lo, uint64(a.units), 0)
		hi, _ = bits.Add64(hi, uint64(a.units>>63), carry)
	}
	negative := int64(hi) < 0
	if negative {
		lo, carry = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, carry)
	}
	if hi != 0 {
		return Amount{}, ErrOverflow
	}
	units, err := signed(negative, lo)
	return Amount{units}, err
}

// Neg returns -a. It cannot overflow.
func (a Amount) Neg() Amount { return Amount{-a.units} }

// Cmp returns -1, 0 or +1 as a is less than, equal to or more than b.
func (a Amount) Cmp(b Amount) int { return cmp.Compare(a.units, b.units) }

// Equal tells whether a and b are the same amount, as == does; go-cmp asks for it.
func (a Amount) Equal(b Amount) bool { return a == b }

// Sign returns -1, 0 or +1 as a is negative, 0 or positive.
func (a Amount) Sign() int { return cmp.Compare(a.units, 0) }

// IsZero tells whether a is 0.
func (a Amount) IsZero() bool { return a.units == 0 }

// Times returns a × q, rounded once to the minor unit of cur: a flat rate for
// a line of several units (D9). Errors are those of [MulDiv].
func (a Amount) Times(q Quantity, cur Currency) (Amount, error) {
	return MulDiv(a, Amount(q), Amount{one}, cur)
}

// TimesPart returns a × q × part / whole, exact until it is rounded once to the
// minor unit of cur: a flat rate of what is left of a line (D48). Errors are
// those of [MulDiv].
func (a Amount) TimesPart(q Quantity, part, whole Amount, cur Currency) (Amount, error) {
	if whole.IsZero() {
		return Amount{}, fmt.Errorf("%w 0: nothing can be divided by it", ErrInvalid)
	}
	step, err := cur.step()
	if err != nil {
		return Amount{}, err
	}
	return mulMulDiv(a.units, q.units, part.units, [2]int64{one, whole.units}, step)
}

// IsRounded tells whether a is a whole number of minor units of cur, so that
// it can be paid out. Every amount is for a currency that is not known.
func (a Amount) IsRounded(cur Currency) bool {
	return absolute(a.units)%stepOf(cur.Digits()) == 0
}

// Scan reads a DECIMAL(19,4) column, as text. NULL is an error: read it into
// sql.Null[Amount].
func (a *Amount) Scan(src any) error {
	text, err := columnText(src)
	if err != nil {
		return err
	}
	*a, err = Parse(text)
	return err
}

// Value writes the text of a DECIMAL(19,4), always with four decimals.
func (a Amount) Value() (driver.Value, error) { return decimalText(a.units, scale), nil }

// MarshalJSON writes the text of [Amount.String] as a JSON string.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(`"` + a.String() + `"`), nil }

// UnmarshalJSON reads a JSON string as [Parse] does; a JSON number or null is
// [ErrInvalid]. An amount that may be missing is a *Amount.
func (a *Amount) UnmarshalJSON(data []byte) error {
	text, err := jsonText(data)
	if err != nil {
		return err
	}
	*a, err = Parse(text)
	return err
}
