package money

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestParsePercent(t *testing.T) {
	for _, c := range []struct {
		text string
		want Rate // parts per million
		err  error
	}{
		{"0", 0, nil},
		{"7.5", 75_000, nil},
		{"10", 100_000, nil},
		{"100", 1_000_000, nil},
		{"0.0001", 1, nil},
		{"33.3333", 333_333, nil},
		{"0.00001", 0, ErrInvalid},
		{"7,5", 0, ErrInvalid},
		{"7.5%", 0, ErrInvalid},
		{"", 0, ErrInvalid},
		{"1000000000000000", 0, ErrOverflow},
	} {
		got, err := ParsePercent(c.text)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("ParsePercent(%q) = %d, %v; want %d, %v", c.text, got, err, c.want, c.err)
		}
	}
}

func TestValidate(t *testing.T) {
	for rate, want := range map[Rate]error{
		-1: ErrInvalid, 0: nil, 75_000: nil, million: nil, million + 1: ErrInvalid, math.MinInt64: ErrInvalid,
	} {
		if err := rate.Validate(); !errors.Is(err, want) {
			t.Errorf("%d ppm: %v, want %v", rate, err, want)
		}
	}
	if got, want := Rate(1_200_000).Validate().Error(), "invalid value 120 %: a rate is from 0 to 100 %"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Spec: S28.1
func TestOf(t *testing.T) {
	for _, c := range []struct {
		percent, base string
		cur           Currency
		want          string
	}{
		{"10", "99.99", "USD", "10"},
		{"10", "-99.99", "USD", "-10"},
		{"10", "0.05", "USD", "0.01"}, // half a cent
		{"10", "-0.05", "USD", "-0.01"},
		{"10", "0.0499", "USD", "0"},
		{"7.5", "0.6", "USD", "0.05"}, // 0.045, which a float takes for less
		{"0", "99.99", "USD", "0"},
		{"100", "99.99", "USD", "99.99"},
		{"33.3333", "3", "USD", "1"},
		{"10", "99.99", "JPY", "10"},
		{"10", "5", "JPY", "1"},
		{"10", "4.9999", "JPY", "0"},
		{"10", "9.995", "KWD", "1"},
		{"10", "9.994", "KWD", "0.999"},
		{"12.5", "0.1234", "CLF", "0.0154"},
		{"100", "922337203685477.5807", "CLF", "922337203685477.5807"},
		{"100", "-922337203685477.58", "USD", "-922337203685477.58"},
	} {
		rate, err := ParsePercent(c.percent)
		if err != nil {
			t.Fatal(err)
		}
		got, err := rate.Of(MustParse(c.base), c.cur)
		if got.String() != c.want || err != nil {
			t.Errorf("%s %% of %s %s = %v, %v; want %s", c.percent, c.base, c.cur, got, err, c.want)
		}
	}
}

func TestOfErrors(t *testing.T) {
	if _, err := Rate(million).Of(largest, "JPY"); err != ErrOverflow {
		t.Errorf("100 %% of what rounds up over the largest: %v", err)
	}
	if _, err := Rate(million).Of(MustParse("1"), ""); !errors.Is(err, ErrInvalid) {
		t.Errorf("no currency: %v", err)
	}
}

// Spec: S28.1
func TestOfAgreesWithBigRat(t *testing.T) {
	rates := rapid.OneOf(rapid.Int64Range(0, million), rapid.Int64())
	rapid.Check(t, func(t *rapid.T) {
		rate, base := rates.Draw(t, "ppm"), anyAmount().Draw(t, "base")
		cur := anyCurrency().Draw(t, "currency")
		got, err := Rate(rate).Of(base, cur)
		agree(t, got, err, new(big.Rat).Mul(big.NewRat(rate, million), exact(base)), cur.Digits())
	})
}

// Spec: D11.2
func TestPartialRefundsEndAtExactlyZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate(rapid.Int64Range(0, million).Draw(t, "ppm"))
		cur := anyCurrency().Draw(t, "currency")
		base := rapid.Int64Range(0, 1_000_000_0000).Draw(t, "base")
		earned, err := rate.Of(Amount{base}, cur)
		if err != nil {
			t.Fatal(err)
		}
		for remaining := base; remaining > 0; {
			remaining -= rapid.Int64Range(1, remaining).Draw(t, "refund")
			target, err := rate.Of(Amount{remaining}, cur)
			if err != nil || target.Cmp(earned) > 0 || target.Sign() < 0 {
				t.Fatalf("after a refund %v is earned, before it %v (%v)", target, earned, err)
			}
			earned = target
		}
		if base > 0 && !earned.IsZero() {
			t.Fatalf("%v is left of a fully refunded line", earned)
		}
	})
}

func TestRateSurvivesTextColumnAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate(anyUnits().Draw(t, "ppm"))
		if got, err := ParsePercent(rate.String()); err != nil || got != rate {
			t.Fatalf("ParsePercent(%q) = %d, %v", rate, got, err)
		}
		var scanned, decoded Rate
		column, _ := rate.Value()
		if err := scanned.Scan(column); err != nil || scanned != rate {
			t.Fatalf("Scan(%v) = %d, %v", column, scanned, err)
		}
		data, _ := json.Marshal(rate)
		if err := json.Unmarshal(data, &decoded); err != nil || decoded != rate {
			t.Fatalf("Unmarshal(%s) = %d, %v", data, decoded, err)
		}
	})
}

func TestRateColumn(t *testing.T) {
	for _, src := range []any{int64(75_000), []byte("75000"), "75000"} {
		var r Rate
		if err := r.Scan(src); err != nil || r != 75_000 {
			t.Errorf("Scan(%T) = %d, %v", src, r, err)
		}
	}
	for _, src := range []any{nil, 7.5, "7.5", "", []byte("9223372036854775808")} {
		var r Rate
		if err := r.Scan(src); !errors.Is(err, ErrInvalid) {
			t.Errorf("Scan(%#v) = %d, %v; want ErrInvalid", src, r, err)
		}
	}
	var nullable sql.Null[Rate]
	if err := nullable.Scan(nil); err != nil || nullable.Valid {
		t.Errorf("NULL: %+v, %v", nullable, err)
	}
}

func TestRateJSON(t *testing.T) {
	if data, err := json.Marshal(Rate(75_000)); string(data) != `"7.5"` || err != nil {
		t.Errorf("got %s, %v", data, err)
	}
	for _, text := range []string{`7.5`, `null`, `"7.5%"`} {
		r := Rate(1)
		if err := json.Unmarshal([]byte(text), &r); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s gives %d, %v; want ErrInvalid", text, r, err)
		}
	}
}
