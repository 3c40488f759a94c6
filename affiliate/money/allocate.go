package money

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// Allocate splits total in proportion to weights by the largest remainder: the
// refund that names only an amount over the lines of its order (D25). There is
// one part per weight, in the same order, and the parts add up to total
// exactly. They are whole minor units of cur when total is, else units of
// 1/10,000. Of equal remainders the lower index comes first, a weight of 0 gets
// 0, and the parts of a negative total are the negatives of those of -total.
// A negative weight, or none above 0, is [ErrInvalid], like an unknown
// currency; weights whose sum is too large are [ErrOverflow].
func Allocate(total Amount, weights []Amount, cur Currency) ([]Amount, error) {
	step, err := cur.step()
	if err != nil {
		return nil, err
	}
	if !total.IsRounded(cur) {
		step = 1
	}
	weight, err := sumOfWeights(weights)
	if err != nil {
		return nil, err
	}
	shares := allocate(absolute(total.units)/step, weights, weight)
	parts := make([]Amount, len(shares))
	for i, share := range shares {
		parts[i].units = int64(share * step)
		if total.units < 0 {
			parts[i] = parts[i].Neg()
		}
	}
	return parts, nil
}

func sumOfWeights(weights []Amount) (uint64, error) {
	for _, w := range weights {
		if w.Sign() < 0 {
			return 0, fmt.Errorf("%w %s: an amount cannot be split over a negative weight", ErrInvalid, w)
		}
	}
	sum, err := Sum(weights...)
	if err == nil && sum.IsZero() {
		err = fmt.Errorf("%w 0: an amount cannot be split without a weight above 0", ErrInvalid)
	}
	return absolute(sum.units), err
}

// allocate splits count indivisible pieces over weights that add up to sum.
// Rounding down leaves fewer pieces than there are weights with a remainder,
// so that one more for each of the largest remainders places them all.
func allocate(count uint64, weights []Amount, sum uint64) []uint64 {
	shares := make([]uint64, len(weights))
	remainders := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := count
	for i, w := range weights {
		hi, lo := bits.Mul64(count, absolute(w.units))
		shares[i], remainders[i] = bits.Div64(hi, lo, sum)
		order[i] = i
		left -= shares[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(remainders[j], remainders[i]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}
