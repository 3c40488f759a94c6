package affiliate

import (
	"time"

	"partnercenter/affiliate/money"
)

// Product is something that can be sold, whichever system sells it.
type Product struct {
	ID         ProductID       `db:"id"`
	Source     string          `db:"source"`      // "own", or the cart: "woocommerce"
	ExternalID string          `db:"external_id"` // its id there; a code of ours for own products
	Name       string          `db:"name"`
	Price      *money.Amount   `db:"price"` // what the form suggests; orders carry their own amounts
	Currency   *money.Currency `db:"currency"`
	CreatedAt  time.Time       `db:"created_at"`
	ArchivedAt *time.Time      `db:"archived_at"`
}

// Terms are what a product earns in a program (S23-S30), for sales placed in
// [ValidFrom, ValidTo). An edit ends these and begins new ones, so that past
// commissions never move (S30).
type Terms struct {
	ID        TermsID        `db:"id"`
	ProgramID ProgramID      `db:"program_id"`
	ProductID ProductID      `db:"product_id"`
	Kind      CommissionKind `db:"kind"`
	Level1    money.Rate     `db:"level1_ppm"` // of percentages
	Level2    money.Rate     `db:"level2_ppm"`
	Flats     []Flat         `db:"-"` // of flat rates, one for each currency
	ValidFrom time.Time      `db:"valid_from"`
	ValidTo   *time.Time     `db:"valid_to"`
}

// CommissionKind is how a commission is reckoned (S28).
type CommissionKind string

// The kinds of S28.
const (
	Percent    CommissionKind = "percent"
	FlatAmount CommissionKind = "flat" // for each unit sold (D9)
)

// Flat is a flat commission in one currency; never converted (D27).
type Flat struct {
	Currency money.Currency `db:"currency"`
	Level1   money.Amount   `db:"level1"`
	Level2   money.Amount   `db:"level2"`
}
