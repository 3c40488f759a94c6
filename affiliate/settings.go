package affiliate

import (
	"time"

	"partnercenter/affiliate/money"
)

// Settings are the global settings (S1-S10): they apply to every program.
// They are saved as a whole, each save is a new version, and decisions name
// the version they were made under.
type Settings struct {
	Version       int           `json:"-"` // 0: never saved (S2)
	PaymentMethod PaymentPolicy `json:"payment_method"`
	// Thresholds is the commission that must be owed before a partner is paid,
	// for each currency (S6, D12); a currency without one has threshold 0.
	Thresholds   map[money.Currency]money.Amount `json:"thresholds"`
	Currency     money.Currency                  `json:"currency"` // what new amounts are entered in
	Credit       Credit                          `json:"credit"`
	CookieDays   int                             `json:"cookie_days"`   // 1-400 (D35)
	LegacyParams bool                            `json:"legacy_params"` // accept ref and mr_aff in links
	SavedAt      time.Time                       `json:"-"`
}

// PaymentPolicy is how partners are paid (S5).
type PaymentPolicy string

// The three choices of S5.
const (
	PayPal PaymentPolicy = "paypal"
	Check  PaymentPolicy = "check"
	Choice PaymentPolicy = "choice" // each partner picks one of the two
)

// Credit says which of a contact's referrers earns (S7).
type Credit string

// The two referrers of S7.
const (
	FirstReferrer Credit = "first"
	LastReferrer  Credit = "last"
)
