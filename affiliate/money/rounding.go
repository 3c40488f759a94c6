package money

import (
	"fmt"
	"math/big"
	"math/bits"
)

// mulDiv returns x × y / den, rounded once, half away from zero, to a multiple
// of step: the units in one minor unit of the currency, a power of ten. den
// must not be 0.
func mulDiv(x, y, den int64, step uint64) (Amount, error) {
	d := absolute(den)
	hi, lo := bits.Mul64(absolute(x), absolute(y))
	if hi >= d {
		return Amount{}, ErrOverflow // the quotient needs more than 64 bits
	}
	quotient, rest := bits.Div64(hi, lo, d)
	rounded, carry := roundTo(quotient, step, rest >= d-rest)
	if carry {
		return Amount{}, ErrOverflow
	}
	negative := (x < 0) != (y < 0) != (den < 0)
	units, err := signed(negative, rounded)
	return Amount{units}, err
}

// mulMulDiv returns x × y × z / (dens[0] × dens[1]), rounded as mulDiv does.
// Three factors need more than 128 bits.
func mulMulDiv(x, y, z int64, dens [2]int64, step uint64) (Amount, error) {
	num := new(big.Int).Mul(big.NewInt(x), big.NewInt(y))
	num.Mul(num, big.NewInt(z))
	// Half of a step is added to the magnitude before the fraction is cut off.
	den := new(big.Int).Mul(big.NewInt(dens[0]), big.NewInt(dens[1]))
	den.Mul(den, new(big.Int).SetUint64(step))
	negative := num.Sign()*den.Sign() < 0
	num.Abs(num).Lsh(num, 1)
	den.Abs(den)
	num.Add(num, den).Quo(num, den.Lsh(den, 1))
	num.Mul(num, new(big.Int).SetUint64(step))
	if !num.IsUint64() {
		return Amount{}, ErrOverflow
	}
	units, err := signed(negative, num.Uint64())
	return Amount{units}, err
}

// roundTo rounds a magnitude, of which half tells whether what division cut
// off was at least one half, to a multiple of step. The cut-off part matters
// only when step is 1: otherwise step/2 is whole, and less than one unit
// cannot lift the remainder up to it.
func roundTo(magnitude, step uint64, half bool) (rounded uint64, carry bool) {
	remainder := magnitude % step
	up := half
	if step > 1 {
		up = remainder >= step/2
	}
	if !up {
		return magnitude - remainder, false
	}
	rounded, carryBit := bits.Add64(magnitude-remainder, step, 0)
	return rounded, carryBit != 0
}

// Round returns a rounded half away from zero to the minor unit of cur:
// 0.125 USD → 0.13, -2.5 JPY → -3. It fails with [ErrInvalid] for an unknown
// currency and with [ErrOverflow] beyond the largest amount.
func Round(a Amount, cur Currency) (Amount, error) {
	return MulDiv(a, Amount{one}, Amount{one}, cur)
}

// MulDiv returns a × num / den, exact until it is rounded once to the minor
// unit of cur. It scales a flat commission by remaining base / base after a
// partial refund (D25). It fails with [ErrInvalid] for a den of 0 or an
// unknown currency, with [ErrOverflow] when the result is too large.
func MulDiv(a, num, den Amount, cur Currency) (Amount, error) {
	if den.IsZero() {
		return Amount{}, fmt.Errorf("%w 0: nothing can be divided by it", ErrInvalid)
	}
	step, err := cur.step()
	if err != nil {
		return Amount{}, err
	}
	return mulDiv(a.units, num.units, den.units, step)
}
