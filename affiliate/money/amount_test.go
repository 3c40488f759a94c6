package money

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64 // in 1/10,000
		err  error
	}{
		{"0", 0, nil},
		{"-0", 0, nil},
		{"12.34", 12_3400, nil},
		{"+12.3400", 12_3400, nil},
		{"-0.0001", -1, nil},
		{"007", 7_0000, nil},
		{"922337203685477.5807", largest.units, nil},
		{"-922337203685477.5807", smallest.units, nil},
		{"922337203685477.5808", 0, ErrOverflow},
		{"-922337203685477.5808", 0, ErrOverflow},
		{"999999999999999.9999", 0, ErrOverflow}, // the largest DECIMAL(19,4)
		{"9223372036854775807", 0, ErrOverflow},
		{"99999999999999999999999999", 0, ErrOverflow},
		{"1.00000", 0, ErrInvalid},
		{"1.23456", 0, ErrInvalid},
		{"", 0, ErrInvalid},
		{"-", 0, ErrInvalid},
		{".", 0, ErrInvalid},
		{".5", 0, ErrInvalid},
		{"5.", 0, ErrInvalid},
		{"--5", 0, ErrInvalid},
		{"1.-5", 0, ErrInvalid},
		{"1.2.3", 0, ErrInvalid},
		{"12,50", 0, ErrInvalid},
		{"1,234.50", 0, ErrInvalid},
		{" 1", 0, ErrInvalid},
		{"1 ", 0, ErrInvalid},
		{"1e3", 0, ErrInvalid},
		{"0x10", 0, ErrInvalid},
		{"1_000", 0, ErrInvalid},
		{"NaN", 0, ErrInvalid},
		{"Inf", 0, ErrInvalid},
		{"$5", 0, ErrInvalid},
		{"٣", 0, ErrInvalid},
	} {
		got, err := Parse(c.text)
		if got.units != c.want || !errors.Is(err, c.err) {
			t.Errorf("Parse(%q) = %d, %v; want %d, %v", c.text, got.units, err, c.want, c.err)
		}
	}
}

// A wrong amount is answered by what to write, without the whole of a long input.
func TestParseErrorTellsWhatToWrite(t *testing.T) {
	_, err := Parse("12,50")
	if want := `invalid value "12,50": write digits with a point for the decimals, such as 1234.50`; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	_, err = Parse(strings.Repeat("x", 100_000))
	if len(err.Error()) > 200 {
		t.Errorf("the message has %d bytes", len(err.Error()))
	}
}

// Spec: D26.1 D26.2
func TestParseRounded(t *testing.T) {
	for _, c := range []struct {
		text, want string
		err        error
	}{
		{"99.99", "99.99", nil},
		{"33.333333", "33.3333", nil},
		{"8.264463", "8.2645", nil},
		{"0.00005", "0.0001", nil},
		{"-0.00005", "-0.0001", nil},
		{"0.00004999999999999999999999", "0", nil},
		{"-0.00004", "0", nil},
		{"1.99995", "2", nil},
		{"7.105427357601E-15", "0", nil},
		{"-8.0E-5", "-0.0001", nil},
		{"5e-5", "0.0001", nil},
		{"1.5E+3", "1500", nil},
		{"12345e-2", "123.45", nil},
		{"0e999", "0", nil},
		{"0.0000000000000000000000000001e30", "100", nil},
		{"922337203685477.58074", "922337203685477.5807", nil},
		{"922337203685477.58075", "0", ErrOverflow},
		{"-922337203685477.58075", "0", ErrOverflow},
		{"1E+25", "0", ErrOverflow},
		{"1e999", "0", ErrOverflow},
		{"1e1000", "0", ErrInvalid},
		{"1e99999999999999999999", "0", ErrInvalid},
		{"1e", "0", ErrInvalid},
		{"e5", "0", ErrInvalid},
		{"1e5e5", "0", ErrInvalid},
		{"1e0.5", "0", ErrInvalid},
		{"1,5", "0", ErrInvalid},
		{"", "0", ErrInvalid},
	} {
		got, err := ParseRounded(c.text)
		if got.String() != c.want || !errors.Is(err, c.err) {
			t.Errorf("ParseRounded(%q) = %v, %v; want %v, %v", c.text, got, err, c.want, c.err)
		}
	}
}

// Spec: D26.2
func TestParseRoundedAgreesWithBigRat(t *testing.T) {
	shape := rapid.StringMatching(`[+-]?[0-9]{1,18}(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		text := shape.Draw(t, "text")
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("math/big does not read %q", text)
		}
		got, err := ParseRounded(text)
		agree(t, got, err, x, scale)
	})
}

// Whatever an amount is, its text, its column and its JSON give it back.
func TestAmountSurvivesTextColumnAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAmount().Draw(t, "amount")
		if got, err := Parse(a.String()); err != nil || got != a {
			t.Fatalf("Parse(%q) = %v, %v", a, got, err)
		}
		var scanned, decoded Amount
		column, _ := a.Value()
		if err := scanned.Scan(column); err != nil || scanned != a {
			t.Fatalf("Scan(%q) = %v, %v", column, scanned, err)
		}
		data, _ := json.Marshal(a)
		if err := json.Unmarshal(data, &decoded); err != nil || decoded != a {
			t.Fatalf("Unmarshal(%s) = %v, %v", data, decoded, err)
		}
	})
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ text, canonical, column string }{
		{"12.3400", "12.34", "12.3400"},
		{"-0.5", "-0.5", "-0.5000"},
		{"100", "100", "100.0000"},
		{"0", "0", "0.0000"},
		{"-0.0001", "-0.0001", "-0.0001"},
		{"-922337203685477.5807", "-922337203685477.5807", "-922337203685477.5807"},
	} {
		a := MustParse(c.text)
		if a.String() != c.canonical {
			t.Errorf("%s: String is %q, want %q", c.text, a, c.canonical)
		}
		if v, err := a.Value(); v != c.column || err != nil {
			t.Errorf("%s: Value is %q, %v, want %q", c.text, v, err, c.column)
		}
	}
}

func TestUnits(t *testing.T) {
	if got := MustParse("-12.34").Units(); got != -12_3400 {
		t.Errorf("-12.34 has %d units of 1/10,000", got)
	}
	if got := FromUnits(-12_3400); got != MustParse("-12.34") {
		t.Errorf("-123,400 units are %s", got)
	}
	if got := FromUnits(-1 << 63); got.Neg().Neg() != got || got.Sign() >= 0 {
		t.Errorf("the least amount has no negative: %s", got)
	}
}

func TestScan(t *testing.T) {
	for _, src := range []any{[]byte("12.3400"), "12.3400"} {
		var a Amount
		if err := a.Scan(src); err != nil || a != MustParse("12.34") {
			t.Errorf("Scan(%T) = %v, %v", src, a, err)
		}
	}
	for _, src := range []any{nil, 12.34, int64(12), true, "12.34000", []byte("")} {
		var a Amount
		if err := a.Scan(src); !errors.Is(err, ErrInvalid) {
			t.Errorf("Scan(%#v) = %v, %v; want ErrInvalid", src, a, err)
		}
	}
	var a Amount
	if err := a.Scan("999999999999999.9999"); err != ErrOverflow {
		t.Errorf("the largest DECIMAL(19,4): %v, want ErrOverflow", err)
	}
}

func TestScanOfNullable(t *testing.T) {
	var a sql.Null[Amount]
	if err := a.Scan(nil); err != nil || a.Valid {
		t.Errorf("NULL: %+v, %v", a, err)
	}
	if err := a.Scan([]byte("1.5000")); err != nil || !a.Valid || a.V != MustParse("1.5") {
		t.Errorf("1.5: %+v, %v", a, err)
	}
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(map[string]Amount{"owed": MustParse("-12.30")})
	if want := `{"owed":"-12.3"}`; string(data) != want || err != nil {
		t.Errorf("got %s, %v; want %s", data, err, want)
	}
	for _, text := range []string{`12.3`, `12`, `null`, `""`, `"1e3"`, `"1.00000"`, `true`, `{}`} {
		var a struct{ Owed Amount }
		if err := json.Unmarshal([]byte(`{"Owed":`+text+`}`), &a); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s gives %v, %v; want ErrInvalid", text, a.Owed, err)
		}
	}
	var optional struct{ Owed *Amount }
	if err := json.Unmarshal([]byte(`{"Owed":null}`), &optional); err != nil || optional.Owed != nil {
		t.Errorf("null into *Amount gives %v, %v", optional.Owed, err)
	}
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("MustParse of a wrong text returned")
		}
	}()
	MustParse("ten")
}

func TestSumAtTheEnds(t *testing.T) {
	cent := MustParse("0.0001")
	for _, c := range []struct {
		name    string
		amounts []Amount
		want    Amount
		err     error
	}{
		{"nothing", nil, Amount{}, nil},
		{"up to the largest", []Amount{{largest.units - 1}, cent}, largest, nil},
		{"over the largest", []Amount{largest, cent}, Amount{}, ErrOverflow},
		{"under the smallest", []Amount{smallest, cent.Neg()}, Amount{}, ErrOverflow},
		{"over 64 bits", []Amount{largest, largest, largest}, Amount{}, ErrOverflow},
		{"under 64 bits", []Amount{smallest, smallest, smallest}, Amount{}, ErrOverflow},
		{"there and back", []Amount{largest, largest, largest.Neg(), cent.Neg()}, Amount{largest.units - 1}, nil},
		{"negative there and back", []Amount{smallest, smallest, largest}, smallest, nil},
		{"both ends", []Amount{largest, smallest}, Amount{}, nil},
	} {
		if got, err := Sum(c.amounts...); got != c.want || err != c.err {
			t.Errorf("%s: %v, %v; want %v, %v", c.name, got, err, c.want, c.err)
		}
	}
}

func TestArithmeticAgreesWithBigRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAmount().Draw(t, "a"), anyAmount().Draw(t, "b")
		sum, err := a.Add(b)
		agree(t, sum, err, new(big.Rat).Add(exact(a), exact(b)), scale)
		difference, err := a.Sub(b)
		agree(t, difference, err, new(big.Rat).Sub(exact(a), exact(b)), scale)
		agree(t, a.Neg(), nil, new(big.Rat).Neg(exact(a)), scale)
		if got, want := a.Cmp(b), exact(a).Cmp(exact(b)); got != want || a.Equal(b) != (want == 0) {
			t.Fatalf("Cmp = %d, Equal = %t; math/big says %d", got, a.Equal(b), want)
		}
		if got, want := a.Sign(), exact(a).Sign(); got != want || a.IsZero() != (want == 0) {
			t.Fatalf("Sign = %d, IsZero = %t; math/big says %d", got, a.IsZero(), want)
		}
	})
}
