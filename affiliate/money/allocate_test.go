package money

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func amounts(texts string) []Amount {
	var all []Amount
	for text := range strings.FieldsSeq(texts) {
		all = append(all, MustParse(text))
	}
	return all
}

// Spec: D25.2
func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		name, total string
		weights     string
		cur         Currency
		want        string
	}{
		{"even", "10", "1 1", "USD", "5 5"},
		{"ties go to the lower index", "10", "1 1 1", "USD", "3.34 3.33 3.33"},
		{"two cents left", "0.05", "1 1 1", "USD", "0.02 0.02 0.01"},
		{"negative", "-10", "1 1 1", "USD", "-3.34 -3.33 -3.33"},
		{"by weight", "10", "29.99 59.98 10.03", "USD", "3 6 1"},
		{"largest remainder, not first", "1", "1 2", "USD", "0.33 0.67"},
		{"zero weight gets nothing", "0.05", "0 1 0 1", "USD", "0 0.03 0 0.02"},
		{"one weight", "9.99", "0.0001", "USD", "9.99"},
		{"nothing to split", "0", "1 2", "USD", "0 0"},
		{"whole yen", "100", "1 1 1", "JPY", "34 33 33"},
		{"fils", "1", "1 1 1", "KWD", "0.334 0.333 0.333"},
		{"finer than a cent", "0.001", "1 1 1", "USD", "0.0004 0.0003 0.0003"},
		{"smaller than the parts", "0.01", "1 1 1", "USD", "0.01 0 0"},
		{"largest", "922337203685477.5807", "922337203685477.5806 0.0001", "CLF", "922337203685477.5806 0.0001"},
	} {
		got, err := Allocate(MustParse(c.total), amounts(c.weights), c.cur)
		if want := fmt.Sprint(amounts(c.want)); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, want)
		}
	}
}

// Of lines that weigh the same, an earlier one never gets less, however many
// there are: the same refund must split the same way each time.
func TestAllocateTiesOfManyLines(t *testing.T) {
	weights := amounts(strings.Repeat("1 3 2 ", 30))
	parts, err := Allocate(MustParse("1.07"), weights, "USD")
	if err != nil {
		t.Fatal(err)
	}
	for i := 3; i < len(parts); i++ {
		if parts[i-3].Cmp(parts[i]) < 0 {
			t.Errorf("part %d is %v, part %d of the same weight is %v", i-3, parts[i-3], i, parts[i])
		}
	}
}

func TestAllocateErrors(t *testing.T) {
	for _, c := range []struct {
		name    string
		weights []Amount
		cur     Currency
		want    error
	}{
		{"no weights", nil, "USD", ErrInvalid},
		{"all weights 0", amounts("0 0"), "USD", ErrInvalid},
		{"a negative weight", amounts("5 -1"), "USD", ErrInvalid},
		{"unknown currency", amounts("1 1"), "XYZ", ErrInvalid},
		{"weights too large", []Amount{largest, largest}, "USD", ErrOverflow},
	} {
		if got, err := Allocate(MustParse("10"), c.weights, c.cur); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// Spec: D25.2
func TestAllocateIsExactAndFair(t *testing.T) {
	weight := rapid.Map(rapid.OneOf(rapid.Int64Range(0, 1_000_000), rapid.Int64Range(0, 1<<59)),
		func(n int64) Amount { return Amount{n} })
	rapid.Check(t, func(t *rapid.T) {
		total, cur := anyAmount().Draw(t, "total"), anyCurrency().Draw(t, "currency")
		weights := append(rapid.SliceOfN(weight, 0, 8).Draw(t, "weights"), Amount{1})
		parts, err := Allocate(total, weights, cur)
		if err != nil || len(parts) != len(weights) {
			t.Fatalf("%v, %v", parts, err)
		}
		if sum, err := Sum(parts...); err != nil || sum != total {
			t.Fatalf("the parts %v add up to %v, %v", parts, sum, err)
		}
		step := big.NewRat(1, one)
		if total.IsRounded(cur) {
			step = big.NewRat(int64(stepOf(cur.Digits())), one)
		}
		for i, part := range parts {
			if total.IsRounded(cur) && !part.IsRounded(cur) {
				t.Fatalf("%v is not in minor units of %s", part, cur)
			}
			if off := offQuota(part, total, weights[i], weights); off.Cmp(step) >= 0 {
				t.Fatalf("part %d, %v, is %v away from its quota", i, part, off)
			}
		}
	})
}

// offQuota is how far part is from total × weight / sum of weights.
func offQuota(part, total, weight Amount, weights []Amount) *big.Rat {
	sum := new(big.Rat)
	for _, w := range weights {
		sum.Add(sum, exact(w))
	}
	quota := new(big.Rat).Mul(exact(total), exact(weight))
	quota.Quo(quota, sum)
	return quota.Abs(quota.Sub(exact(part), quota))
}
