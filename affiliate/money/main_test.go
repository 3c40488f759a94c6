package money

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestMain raises the number of checks of every property; -rapid.checks on the
// command line still decides.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "10000"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Ends of the range.
var (
	largest  = Amount{math.MaxInt64}
	smallest = Amount{-math.MaxInt64}
)

// anyUnits draws everyday cents, the whole range, and both ends of it.
func anyUnits() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Map(rapid.Int64Range(-100_000, 100_000), func(cents int64) int64 { return cents * 100 }),
		rapid.Int64Range(-1_000_000, 1_000_000),
		rapid.Int64Range(-math.MaxInt64, math.MaxInt64),
		rapid.Int64Range(math.MaxInt64-20_000, math.MaxInt64),
		rapid.Int64Range(-math.MaxInt64, -math.MaxInt64+20_000),
	)
}

func anyAmount() *rapid.Generator[Amount] {
	return rapid.Map(anyUnits(), func(n int64) Amount { return Amount{n} })
}

// anyCurrency has one for each number of minor-unit digits there is.
func anyCurrency() *rapid.Generator[Currency] {
	return rapid.SampledFrom([]Currency{"JPY", "USD", "KWD", "CLF"})
}

// exact is the mathematical value of a.
func exact(a Amount) *big.Rat { return big.NewRat(a.units, one) }

// reference rounds x half away from zero to digits decimals with math/big, and
// tells whether an Amount can hold the result.
func reference(x *big.Rat, digits int) (Amount, bool) {
	power := func(n int) *big.Rat {
		return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
	}
	steps := new(big.Rat).Mul(new(big.Rat).Abs(x), power(digits))
	steps.Add(steps, big.NewRat(1, 2))
	units := new(big.Int).Quo(steps.Num(), steps.Denom())
	units.Mul(units, power(scale-digits).Num())
	if x.Sign() < 0 {
		units.Neg(units)
	}
	if units.CmpAbs(big.NewInt(math.MaxInt64)) > 0 {
		return Amount{}, false
	}
	return Amount{units.Int64()}, true
}

// agree fails unless got and err are what the reference says for x.
func agree(t *rapid.T, got Amount, err error, x *big.Rat, digits int) {
	t.Helper()
	want, fits := reference(x, digits)
	switch {
	case fits && (err != nil || got != want):
		t.Fatalf("got %v, %v; math/big says %v", got, err, want)
	case !fits && err != ErrOverflow:
		t.Fatalf("got %v, %v; math/big says it overflows", got, err)
	}
}
