// Package money holds the numbers the program pays by: amounts, quantities,
// rates and currencies, and the one rounding rule between them.
//
// An [Amount] counts ten-thousandths of a currency's major unit, the scale of
// a DECIMAL(19,4) column, and does not know its currency: the row or struct
// that holds it names that once, and amounts of different currencies are never
// added (D12). Products are exact in 128 bits and rounded once, half away from
// zero, to the currency's minor unit; MariaDB's and PHP's ROUND do the same.
// What does not fit is [ErrOverflow], never a wrong number, and no floating
// point comes near an amount.
package money

import "errors"

// ErrInvalid is the kind of every error about a text or column that is not the
// number, rate or currency it should be. The message tells people what to write.
var ErrInvalid = errors.New("invalid value")

// ErrOverflow says that a result is beyond ±922,337,203,685,477.5807.
var ErrOverflow = errors.New("number beyond ±922,337,203,685,477.5807, the largest that can be kept")
