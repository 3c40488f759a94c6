package money

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Amounts, quantities and percentages all have four fraction digits.
const (
	scale = 4
	one   = 10_000 // units in 1.0000
)

// parseExact reads a decimal number as units of 1/10,000. A fifth fraction
// digit is an error even when it is 0: whoever writes it means another format.
func parseExact(text string) (int64, error) {
	negative, whole, fraction, ok := split(text)
	if !ok {
		return 0, fmt.Errorf("%w %.40q: write digits with a point for the decimals, such as 1234.50", ErrInvalid, text)
	}
	if len(fraction) > scale {
		return 0, fmt.Errorf("%w %.40q: write at most %d decimals", ErrInvalid, text, scale)
	}
	return fromDigits(negative, whole+fraction, len(whole))
}

// parseRounded reads a decimal number of any length, also with an exponent, as
// units of 1/10,000, rounded half away from zero. Carts keep totals as PHP
// floats, so rests of a discount arrive as "7.105427357601E-15".
func parseRounded(text string) (int64, error) {
	mantissa, exponent := text, 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		var err error
		mantissa = text[:at]
		exponent, err = strconv.Atoi(text[at+1:])
		if err != nil || exponent < -999 || exponent > 999 {
			return 0, fmt.Errorf("%w %.40q: write a power of ten between E-999 and E999, or none", ErrInvalid, text)
		}
	}
	negative, whole, fraction, ok := split(mantissa)
	if !ok {
		return 0, fmt.Errorf("%w %.40q: write digits with a point for the decimals, such as 1234.50", ErrInvalid, text)
	}
	return fromDigits(negative, whole+fraction, len(whole)+exponent)
}

// split takes a number without exponent apart; ok is false unless there are
// digits before the point and, when there is a point, after it.
func split(text string) (negative bool, whole, fraction string, ok bool) {
	if text != "" && (text[0] == '-' || text[0] == '+') {
		negative, text = text[0] == '-', text[1:]
	}
	whole, fraction, pointed := strings.Cut(text, ".")
	return negative, whole, fraction, allDigits(whole) && (!pointed || allDigits(fraction))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// fromDigits gives the units of a number whose decimal point stands after the
// first point digits; the point may lie to either side of them.
func fromDigits(negative bool, digits string, point int) (int64, error) {
	significant := strings.TrimLeft(digits, "0")
	if significant == "" {
		return 0, nil // before the loop below follows an exponent for nothing
	}
	end := point - (len(digits) - len(significant)) + scale // the first digit too many
	var magnitude uint64
	for i := range max(end, 0) {
		if magnitude > math.MaxInt64/10 {
			return 0, ErrOverflow
		}
		magnitude *= 10
		if i < len(significant) {
			magnitude += uint64(significant[i] - '0')
		}
	}
	if end >= 0 && end < len(significant) && significant[end] >= '5' {
		magnitude++
	}
	return signed(negative, magnitude)
}

// signed puts the sign back. The range is symmetric, so that negation can
// never overflow: math.MinInt64 is not a number of this package.
func signed(negative bool, magnitude uint64) (int64, error) {
	if magnitude > math.MaxInt64 {
		return 0, ErrOverflow
	}
	if negative {
		return -int64(magnitude), nil
	}
	return int64(magnitude), nil
}

func absolute(units int64) uint64 {
	if units < 0 {
		return uint64(-units)
	}
	return uint64(units)
}

// decimalText writes units exactly, with at least minPlaces fraction digits
// and no further trailing zeros.
func decimalText(units int64, minPlaces int) string {
	var buffer [24]byte
	b := buffer[:0]
	if units < 0 {
		b = append(b, '-')
	}
	magnitude := absolute(units)
	b = strconv.AppendUint(b, magnitude/one, 10)
	shortest := len(b)
	if minPlaces > 0 {
		shortest += 1 + minPlaces
	}
	b = append(b, '.')
	for digit := uint64(one / 10); digit > 0; digit /= 10 {
		b = append(b, byte('0'+magnitude/digit%10))
	}
	for len(b) > shortest && (b[len(b)-1] == '0' || b[len(b)-1] == '.') {
		b = b[:len(b)-1]
	}
	return string(b)
}

// columnText accepts what the driver gives for a text or DECIMAL column. A
// float or an integer means that the query does not select such a column.
func columnText(src any) (string, error) {
	switch v := src.(type) {
	case []byte:
		return string(v), nil
	case string:
		return v, nil
	case nil:
		return "", fmt.Errorf("%w NULL: read a column that may be NULL into sql.Null", ErrInvalid)
	default:
		return "", fmt.Errorf("%w of type %T: select a text or DECIMAL(19,4) column", ErrInvalid, src)
	}
}

// jsonText accepts a JSON string only: a JSON number has usually been through
// a float, and null is no number (use a pointer for an optional one).
func jsonText(data []byte) (string, error) {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil || text == nil {
		return "", fmt.Errorf("%w %.40s: write a string in quotes, such as \"12.34\"", ErrInvalid, data)
	}
	return *text, nil
}
