package money

import (
	"database/sql/driver"
	"fmt"
	"strconv"
)

// Rate is a share in parts per million: 75,000 is 7.5 %.
type Rate int64

// million is the Rate of 100 %.
const million = 1_000_000

// ParsePercent reads a percentage with at most four decimals, without a
// percent sign: "7.5" → 75,000. It does not check the range, [Rate.Validate]
// does. Errors are those of [Parse].
func ParsePercent(text string) (Rate, error) {
	// A ten-thousandth of a percent is one part per million: the scales agree.
	units, err := parseExact(text)
	return Rate(units), err
}

// String returns the percentage that [ParsePercent] reads: 75,000 → "7.5".
func (r Rate) String() string { return decimalText(int64(r), 0) }

// Validate fails with [ErrInvalid] unless r is from 0 to 100 %.
func (r Rate) Validate() error {
	if r < 0 || r > million {
		return fmt.Errorf("%w %s %%: a rate is from 0 to 100 %%", ErrInvalid, r)
	}
	return nil
}

// Of returns the share r of base, rounded once, half away from zero, to the
// minor unit of cur: 10 % of 99.99 USD is 10.00 (S28). It fails with
// [ErrInvalid] for an unknown currency, with [ErrOverflow] when the share is
// too large (never for a valid rate of a rounded base).
func (r Rate) Of(base Amount, cur Currency) (Amount, error) {
	step, err := cur.step()
	if err != nil {
		return Amount{}, err
	}
	return mulDiv(base.units, int64(r), million, step)
}

// Scan reads a BIGINT column of parts per million. NULL is an error: read it
// into sql.Null[Rate].
func (r *Rate) Scan(src any) error {
	if n, ok := src.(int64); ok {
		*r = Rate(n)
		return nil
	}
	text, err := columnText(src)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%w %.40q: select a BIGINT column of parts per million", ErrInvalid, text)
	}
	*r = Rate(n)
	return nil
}

// Value writes parts per million.
func (r Rate) Value() (driver.Value, error) { return int64(r), nil }

// MarshalJSON writes the percentage as a JSON string: 75,000 → "7.5".
func (r Rate) MarshalJSON() ([]byte, error) { return []byte(`"` + r.String() + `"`), nil }

// UnmarshalJSON reads a JSON string as [ParsePercent] does; a JSON number or
// null is [ErrInvalid].
func (r *Rate) UnmarshalJSON(data []byte) error {
	text, err := jsonText(data)
	if err != nil {
		return err
	}
	*r, err = ParsePercent(text)
	return err
}
