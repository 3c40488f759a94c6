package money

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestRound(t *testing.T) {
	for _, c := range []struct {
		amount string
		cur    Currency
		want   string
	}{
		{"0.1249", "USD", "0.12"},
		{"0.125", "USD", "0.13"},
		{"-0.125", "USD", "-0.13"},
		{"-0.1249", "USD", "-0.12"},
		{"-0.0049", "USD", "0"},
		{"2.5", "JPY", "3"},
		{"-2.5", "JPY", "-3"},
		{"2.4999", "JPY", "2"},
		{"1.0005", "KWD", "1.001"},
		{"1.0004", "KWD", "1"},
		{"1.2345", "CLF", "1.2345"},
		{"922337203685477.5807", "CLF", "922337203685477.5807"},
		{"922337203685477.5807", "USD", "922337203685477.58"},
		{"-922337203685477.4999", "JPY", "-922337203685477"},
	} {
		got, err := Round(MustParse(c.amount), c.cur)
		if got.String() != c.want || err != nil {
			t.Errorf("Round(%s, %s) = %v, %v; want %s", c.amount, c.cur, got, err, c.want)
		}
		if !got.IsRounded(c.cur) {
			t.Errorf("%v %s does not count as rounded", got, c.cur)
		}
	}
}

func TestRoundOverTheEnds(t *testing.T) {
	for _, a := range []Amount{largest, smallest} {
		if got, err := Round(a, "JPY"); err != ErrOverflow {
			t.Errorf("Round(%v, JPY) = %v, %v; want ErrOverflow", a, got, err)
		}
	}
}

func TestIsRounded(t *testing.T) {
	for _, c := range []struct {
		amount string
		cur    Currency
		want   bool
	}{
		{"0", "JPY", true},
		{"10", "JPY", true},
		{"10.5", "JPY", false},
		{"-9.99", "USD", true},
		{"-9.999", "USD", false},
		{"9.999", "KWD", true},
		{"9.9999", "KWD", false},
		{"9.9999", "CLF", true},
		{"9.9999", "XYZ", true},
	} {
		if got := MustParse(c.amount).IsRounded(c.cur); got != c.want {
			t.Errorf("%s %s: %t, want %t", c.amount, c.cur, got, c.want)
		}
	}
}

// Spec: D9.1
func TestTimes(t *testing.T) {
	for _, c := range []struct {
		flat, quantity string
		cur            Currency
		want           string
	}{
		{"5", "1", "USD", "5"},
		{"5", "3", "USD", "15"},
		{"5", "1.5", "USD", "7.5"},
		{"5", "0", "USD", "0"},
		{"5", "-2", "USD", "-10"},
		{"0.33", "0.5", "USD", "0.17"},
		{"-0.33", "0.5", "USD", "-0.17"},
		{"101", "0.5", "JPY", "51"},
		{"1.001", "0.5", "KWD", "0.501"},
	} {
		quantity, err := ParseQuantity(c.quantity)
		if err != nil {
			t.Fatal(err)
		}
		got, err := MustParse(c.flat).Times(quantity, c.cur)
		if got.String() != c.want || err != nil {
			t.Errorf("%s %s × %s = %v, %v; want %s", c.flat, c.cur, c.quantity, got, err, c.want)
		}
	}
}

// Spec: D25.3
func TestMulDivScalesAFlatCommission(t *testing.T) {
	for _, c := range []struct{ flat, remaining, base, want string }{
		{"5", "100", "100", "5"},
		{"5", "50", "100", "2.5"},
		{"5", "33.33", "99.99", "1.67"},
		{"5", "66.66", "99.99", "3.33"},
		{"5", "0", "99.99", "0"}, // all refunded: exactly nothing is left
		{"5", "99.99", "-99.99", "-5"},
		{"922337203685477.58", "99.99", "99.99", "922337203685477.58"},
	} {
		got, err := MulDiv(MustParse(c.flat), MustParse(c.remaining), MustParse(c.base), "USD")
		if got.String() != c.want || err != nil {
			t.Errorf("%s × %s / %s = %v, %v; want %s", c.flat, c.remaining, c.base, got, err, c.want)
		}
	}
}

func TestMulDivErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		a, num Amount
		den    Amount
		cur    Currency
		want   error
	}{
		{"denominator 0", largest, largest, Amount{}, "USD", ErrInvalid},
		{"unknown currency", largest, largest, largest, "XYZ", ErrInvalid},
		{"no currency", largest, largest, largest, "", ErrInvalid},
		{"quotient of more than 64 bits", largest, largest, Amount{1}, "USD", ErrOverflow},
		{"quotient of 64 bits", largest, Amount{2}, Amount{1}, "CLF", ErrOverflow},
		{"rounded up out of 64 bits", largest, Amount{20_000}, Amount{one}, "JPY", ErrOverflow},
	} {
		if got, err := MulDiv(c.a, c.num, c.den, c.cur); !errors.Is(err, c.want) || !got.IsZero() {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

func TestProductsAgreeWithBigRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, num, den := anyAmount().Draw(t, "a"), anyAmount().Draw(t, "num"), anyAmount().Draw(t, "den")
		cur := anyCurrency().Draw(t, "currency")
		product := new(big.Rat).Mul(exact(a), exact(num))

		times, err := a.Times(Quantity(num), cur)
		agree(t, times, err, product, cur.Digits())
		rounded, err := Round(a, cur)
		agree(t, rounded, err, exact(a), cur.Digits())
		if a.IsRounded(cur) != (err == nil && rounded == a) {
			t.Fatalf("IsRounded = %t, yet Round gives %v", a.IsRounded(cur), rounded)
		}
		if !den.IsZero() {
			scaled, err := MulDiv(a, num, den, cur)
			agree(t, scaled, err, new(big.Rat).Quo(product, exact(den)), cur.Digits())
		}
	})
}

// Results exactly on the half and one part beside it, where a rounding rule shows.
func TestHalvesAgreeWithBigRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := anyCurrency().Draw(t, "currency")
		step := int64(stepOf(cur.Digits()))
		den := rapid.Int64Range(1, 1_000_000).Draw(t, "den")
		halves := rapid.Int64Range(-1_000_001, 1_000_001).Draw(t, "halves")
		beside := rapid.Int64Range(-1, 1).Draw(t, "beside")
		// (halves × step × den + beside) / 2den lies on or next to a half step.
		a := Amount{halves*step*den + beside}
		got, err := MulDiv(a, Amount{1}, Amount{2 * den}, cur)
		agree(t, got, err, new(big.Rat).Quo(exact(a), big.NewRat(2*den, 1)), cur.Digits())
	})
}
