package money

import (
	"errors"
	"math"
	"testing"
)

// Three factors are multiplied exactly and rounded once, also where two of them
// are more than an amount can hold.
//
// Spec: D9.1 D25.3 D48.1
func TestTimesPartRoundsOnce(t *testing.T) {
	for _, test := range []struct {
		each, quantity, part, whole string
		cur                         Currency
		want                        string
	}{
		{"1.01", "0.5", "5", "10", "USD", "0.25"}, // 0.2525; rounded twice it would be 0.26
		{"1.01", "0.5", "10", "10", "USD", "0.51"},
		{"-1.01", "0.5", "10", "10", "USD", "-0.51"},
		{"0.05", "1", "1", "10", "USD", "0.01"}, // half a cent
		{"5", "3", "1", "3", "JPY", "5"},
		{"1", "1", "1", "3", "KWD", "0.333"},
		{"900000000", "900000", "1", "900000", "USD", "900000000"},
		{"0", "3", "1", "3", "USD", "0"},
	} {
		q, err := ParseQuantity(test.quantity)
		if err != nil {
			t.Fatal(err)
		}
		got, err := MustParse(test.each).TimesPart(q, MustParse(test.part), MustParse(test.whole), test.cur)
		if err != nil || got != MustParse(test.want) {
			t.Errorf("%+v: %s, %v", test, got, err)
		}
	}
	most := FromUnits(math.MaxInt64)
	if _, err := most.TimesPart(Quantity(most), most, MustParse("1"), "USD"); !errors.Is(err, ErrOverflow) {
		t.Errorf("too large: %v", err)
	}
	if _, err := most.TimesPart(Quantity(most), most, Amount{}, "USD"); !errors.Is(err, ErrInvalid) {
		t.Errorf("of nothing: %v", err)
	}
}
