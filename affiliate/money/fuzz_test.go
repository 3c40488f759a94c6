package money

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"testing"
)

// Seeds for whatever reads a number: right, almost right, at the ends, hostile.
var numberSeeds = []string{
	"0", "-0", "12.34", "+12.3400", "-0.0001", "007", "922337203685477.5807", "922337203685477.5808",
	"-922337203685477.5808", "9223372036854775808", "1.00000", "", "-", ".", ".5", "5.", "12,50", " 1", "1e3",
	"7.105427357601E-15", "1e999", "0e-999", "0x1p4", "NaN", "Inf", "٣", "\x00", "1\n", "99999999999999999999999999",
}

var strictNumber = regexp.MustCompile(`\A[+-]?[0-9]+(\.[0-9]{1,4})?\z`)

// checkParsed fails unless units and err are what math/big says of text, whose
// grammar is strict.
func checkParsed(t *testing.T, text string, units int64, err error) {
	t.Helper()
	if !strictNumber.MatchString(text) {
		if !errors.Is(err, ErrInvalid) {
			t.Fatalf("%q: %d, %v; want ErrInvalid", text, units, err)
		}
		return
	}
	x, _ := new(big.Rat).SetString(text)
	want, fits := reference(x, scale)
	if fits && (err != nil || units != want.units) || !fits && err != ErrOverflow {
		t.Fatalf("%q: %d, %v; math/big says %d, fits %t", text, units, err, want.units, fits)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range numberSeeds {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		checkParsed(t, text, a.units, err)
		// Whatever the strict reader takes, the lenient one takes for the same.
		if rounded, err2 := ParseRounded(text); err == nil && (err2 != nil || rounded != a) {
			t.Fatalf("ParseRounded(%q) = %v, %v; Parse says %v", text, rounded, err2, a)
		}
	})
}

func FuzzParsePercent(f *testing.F) {
	for _, text := range append(numberSeeds, "7.5", "100", "100.0001", "7.5%") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rate, err := ParsePercent(text)
		checkParsed(t, text, int64(rate), err)
	})
}

func FuzzAmountScan(f *testing.F) {
	for _, text := range numberSeeds {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, column []byte) {
		var a Amount
		err := a.Scan(column)
		checkParsed(t, string(column), a.units, err)
	})
}

func FuzzAmountJSON(f *testing.F) {
	for _, text := range numberSeeds {
		quoted, _ := json.Marshal(text)
		f.Add(quoted)
		f.Add([]byte(text))
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`"\u0031"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Amount
		if a.UnmarshalJSON(data) != nil {
			return
		}
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			t.Fatalf("%q was read as %v, and is no JSON string", data, a)
		}
		checkParsed(t, text, a.units, nil)
	})
}
