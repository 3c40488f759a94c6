package money

import (
	"database/sql/driver"
	"fmt"

	"github.com/bojanz/currency"
)

// Currency is an ISO 4217 code: "USD". The codes and their minor units are
// those of ISO 4217, not the fewer digits CLDR shows for some, so that nothing
// a cart can charge is rounded away. A code from outside the program comes in
// through [ParseCurrency] or JSON, which know the list; a code in the database
// is only checked for its form, because history must stay readable after its
// currency has left the list.
type Currency string

// ParseCurrency returns the currency of a code of three capital letters, or
// [ErrInvalid] when there is none.
func ParseCurrency(code string) (Currency, error) {
	if _, err := Currency(code).step(); err != nil {
		return "", err
	}
	return Currency(code), nil
}

// Digits returns how many decimals the minor unit has: JPY 0, USD 2, KWD 3,
// CLF 4. It is 4 for an unknown code, so that such an amount loses nothing.
func (c Currency) Digits() int {
	if digits, ok := currency.GetDigits(string(c)); ok {
		return int(digits)
	}
	return scale
}

// step returns the minor unit of c in units of 1/10,000. An unknown currency
// has none: nothing can be rounded to it.
func (c Currency) step() (uint64, error) {
	digits, ok := currency.GetDigits(string(c))
	if !ok {
		return 0, fmt.Errorf("%w %.40q: use an ISO 4217 currency code, such as USD or EUR", ErrInvalid, string(c))
	}
	return stepOf(int(digits)), nil
}

// stepOf returns the units of 1/10,000 in one step of the last of digits decimals.
func stepOf(digits int) uint64 {
	step := uint64(1)
	for range scale - digits {
		step *= 10
	}
	return step
}

// checkForm accepts any three capital letters.
func (c Currency) checkForm() error {
	if len(c) == 3 {
		capital := func(b byte) bool { return 'A' <= b && b <= 'Z' }
		if capital(c[0]) && capital(c[1]) && capital(c[2]) {
			return nil
		}
	}
	return fmt.Errorf("%w %.40q: a currency code has three capital letters", ErrInvalid, string(c))
}

// Scan reads a CHAR(3) column of three capital letters. NULL is an error: read
// it into sql.Null[Currency].
func (c *Currency) Scan(src any) error {
	text, err := columnText(src)
	if err != nil {
		return err
	}
	*c = Currency(text)
	return c.checkForm()
}

// Value writes the code; anything but three capital letters is [ErrInvalid].
func (c Currency) Value() (driver.Value, error) { return string(c), c.checkForm() }

// UnmarshalJSON reads a JSON string as [ParseCurrency] does.
func (c *Currency) UnmarshalJSON(data []byte) error {
	text, err := jsonText(data)
	if err != nil {
		return err
	}
	*c, err = ParseCurrency(text)
	return err
}
