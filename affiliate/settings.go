package affiliate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Settings are the global settings (S1-S10): they apply to every program.
// They are saved as a whole, each save is a new version, and decisions name
// the version they were made under.
type Settings struct {
	Version       int           `json:"-"` // 0: never saved (S2)
	PaymentMethod PaymentPolicy `json:"payment_method"`
	// Thresholds is the commission that must be owed before a partner is paid,
	// for each currency (S6, D12); a currency without one has threshold 0.
	Thresholds map[money.Currency]money.Amount `json:"thresholds"`
	// TwoPeople: whoever made a batch of payments may not release it (B16).
	TwoPeople bool `json:"two_people"`
	// PayDay is the day of the month on which partners are paid, 0 for none; in
	// a shorter month it is the last day (S143).
	PayDay       int            `json:"pay_day"`
	PayPalComma  bool           `json:"paypal_comma"` // amounts in PayPal files as "100,50"
	Currency     money.Currency `json:"currency"`     // what new amounts are entered in
	Credit       Credit         `json:"credit"`
	CookieDays   int            `json:"cookie_days"`   // 1-400 (D35)
	LegacyParams bool           `json:"legacy_params"` // accept ref and mr_aff in links
	// Coupons says who is credited when an order used one partner's coupon and
	// another partner referred its buyer (D45); "": ClickWins.
	Coupons    CouponPriority `json:"coupons"`
	LinkDomain string         `json:"link_domain"` // host of standard links (S49); "" is the site's own
	// ClickAddresses and NetworkAddresses are how many distinct addresses the forms
	// of one click, and of one network on one day, may name before they are to be
	// checked (D41); 0: as by default.
	ClickAddresses   int       `json:"click_addresses"`
	NetworkAddresses int       `json:"network_addresses"`
	Limits           Limits    `json:"limits"`
	SavedAt          time.Time `json:"-"`
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

// CouponPriority says which of two partners is credited: whose coupon an order
// used, or who referred its buyer (D45). Where only one of them may earn, that one
// is, whatever it says.
type CouponPriority string

// The choices of D45.
const (
	ClickWins  CouponPriority = "click"
	CouponWins CouponPriority = "coupon"
	NewestWins CouponPriority = "newest" // the later of the click, and of when the code came into the basket
)

// valid also takes "", which is ClickWins.
func (c CouponPriority) valid() bool {
	return c == "" || c == ClickWins || c == CouponWins || c == NewestWins
}

// The limits of D41 unless an admin says otherwise: a family or a small office
// stays below, a list of bought addresses does not.
const (
	defaultClickAddresses   = 5
	defaultNetworkAddresses = 20
	maxAddresses            = 100_000
)

// AddressLimits are how many addresses one click, and one network on a day, may
// name; own is the limit that an admin granted the partner, 0 for none.
func (s Settings) AddressLimits(own int) (click, network int) {
	return cmp.Or(own, s.ClickAddresses, defaultClickAddresses),
		cmp.Or(own, s.NetworkAddresses, defaultNetworkAddresses)
}

// maxCookieDays is how long browsers keep a cookie at most (D35).
const maxCookieDays = 400

// DefaultSettings are what the settings page shows before the first save, and
// what holds for a setting that a saved version does not know yet.
func DefaultSettings() Settings {
	return Settings{
		PaymentMethod: PayPal,
		Thresholds:    map[money.Currency]money.Amount{},
		Currency:      "USD",
		Credit:        LastReferrer,
		CookieDays:    90,
		Coupons:       ClickWins,

		ClickAddresses:   defaultClickAddresses,
		NetworkAddresses: defaultNetworkAddresses,
		Limits:           DefaultLimits(),
	}
}

// Threshold is what must be owed in cur before a partner is paid (S6).
func (s Settings) Threshold(cur money.Currency) money.Amount { return s.Thresholds[cur] }

// NextPayment is the next pay day from today on, the zero Day without a
// schedule (S143).
func (s Settings) NextPayment(today Day) Day {
	if s.PayDay == 0 {
		return Day{}
	}
	next := payDayOf(today.Year, today.Month, s.PayDay)
	if next.Before(today) {
		next = payDayOf(today.Year, today.Month+1, s.PayDay)
	}
	return next
}

// payDayOf is that day of the month, or its last one. Months above 12 are of
// the next year.
func payDayOf(year int, month time.Month, day int) Day {
	last := time.Date(year, month+1, 0, 12, 0, 0, 0, time.UTC)
	return Day{last.Year(), last.Month(), min(day, last.Day())}
}

// MethodOf is how p is paid, PayPal or Check: their own choice counts only while
// the policy leaves it to partners (S5).
func (s Settings) MethodOf(p Partner) PaymentPolicy {
	if s.PaymentMethod != Choice {
		return s.PaymentMethod
	}
	return p.PaymentMethod
}

// domainPattern is a host name of several labels, in lower case.
var domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

func (s Settings) validate() error {
	p := Problems{}
	switch s.PaymentMethod {
	case PayPal, Check, Choice:
	default:
		p.Add("payment_method", "Please choose PayPal, check, or the partner's choice.")
	}
	p.Check(s.Credit == FirstReferrer || s.Credit == LastReferrer, "credit",
		"Please choose the first or the last referrer.")
	p.Check(s.Coupons.valid(), "coupons", "Please choose what wins.")
	p.Check(1 <= s.CookieDays && s.CookieDays <= maxCookieDays, "cookie_days",
		"Please enter 1 to %d days: browsers keep no cookie longer.", maxCookieDays)
	p.Check(0 <= s.ClickAddresses && s.ClickAddresses <= maxAddresses, "click_addresses",
		"Please enter 1 to %d addresses.", maxAddresses)
	p.Check(0 <= s.NetworkAddresses && s.NetworkAddresses <= maxAddresses, "network_addresses",
		"Please enter 1 to %d addresses.", maxAddresses)
	p.Check(s.LinkDomain == "" || domainPattern.MatchString(s.LinkDomain) && len(s.LinkDomain) <= 190, "link_domain",
		"Please enter a domain like go.example.com, without https:// and without a path.")
	s.Limits.check(p)
	p.Check(0 <= s.PayDay && s.PayDay <= 31, "pay_day", "Please enter a day of the month, 1 to 31, or 0 for none.")
	_, err := money.ParseCurrency(string(s.Currency))
	p.Check(err == nil, "currency", "Please choose a currency.")
	for cur, amount := range s.Thresholds {
		if _, err := money.ParseCurrency(string(cur)); err != nil {
			p.Add("thresholds", "%.40q is no currency: use a code such as USD or EUR.", string(cur))
		}
		p.Check(amount.Sign() >= 0, "thresholds", "The threshold for %s must be 0 or more.", cur)
		p.Check(amount.IsRounded(cur), "thresholds", "The threshold for %s has too many decimals: %s can have %d.", cur,
			cur, cur.Digits())
	}
	return p.Err()
}

// Settings are the settings in force, or the defaults with Version 0.
func (r *Registry) Settings(ctx context.Context) (Settings, error) { return LoadSettings(ctx, r.db) }

// LoadSettings is Settings as a step of a transaction.
func LoadSettings(ctx context.Context, q db.Queryer) (Settings, error) {
	l, err := settingsWhere(ctx, q, `WHERE version = (SELECT MAX(version) FROM {wp}partner_center_settings)`)
	return l.latest(), err
}

// SettingsAt are the settings that were in force at that time: what happened
// then is judged by them, whenever it is processed. Before the first save they
// are the defaults.
func SettingsAt(ctx context.Context, q db.Queryer, at time.Time) (Settings, error) {
	l, err := SettingsBetween(ctx, q, at, at)
	return l.At(at), err
}

// SettingsBetween are those in force in [from, to], for what happened then.
func SettingsBetween(ctx context.Context, q db.Queryer, from, to time.Time) (Timeline[Settings], error) {
	return settingsWhere(ctx, q, `WHERE saved_at <= ? AND version >= COALESCE(
		(SELECT MAX(version) FROM {wp}partner_center_settings WHERE saved_at <= ?), 0)`, to, from)
}

// SettingsEver are the settings of all times.
func SettingsEver(ctx context.Context, q db.Queryer) (Timeline[Settings], error) {
	return settingsWhere(ctx, q, "")
}

func settingsWhere(ctx context.Context, q db.Queryer, where string, args ...any) (Timeline[Settings], error) {
	rows := []struct {
		Version int       `db:"version"`
		Data    []byte    `db:"data"`
		SavedAt time.Time `db:"saved_at"`
	}{}
	l := Timeline[Settings]{before: DefaultSettings()}
	err := q.Select(ctx, &rows, `/* affiliate.Settings */
		SELECT version, data, saved_at FROM {wp}partner_center_settings `+where+` ORDER BY version`, args...)
	for _, row := range rows {
		s := DefaultSettings()
		if err := json.Unmarshal(row.Data, &s); err != nil {
			return l, fmt.Errorf("settings version %d cannot be read: %w", row.Version, err)
		}
		s.Version, s.SavedAt = row.Version, row.SavedAt
		s.Limits.fill()
		l.saves = append(l.saves, save[Settings]{row.SavedAt, s})
	}
	return l, err
}

// SaveSettings puts s in force as a new version. s.Version is the one that the
// admin saw: when another has been saved meanwhile, it is a Conflict, so that
// nobody undoes a change unseen.
func (r *Registry) SaveSettings(ctx context.Context, actor Actor, s Settings) (Settings, error) {
	if err := s.validate(); err != nil {
		return Settings{}, err
	}
	saved := s
	err := r.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := LoadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != s.Version {
			return errSettingsChanged
		}
		saved.Version, saved.SavedAt = s.Version+1, r.now()
		return insertSettings(ctx, tx, actor, before, saved)
	})
	return saved, err
}

var errSettingsChanged = Conflict(
	"Someone else changed these settings while you were editing. Review the current values and save again.")

// insertSettings relies on the key of versions to stop the second of two saves.
func insertSettings(ctx context.Context, q db.Queryer, actor Actor, before, s Settings) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* affiliate.SaveSettings */
		INSERT INTO {wp}partner_center_settings (version, data, saved_at, actor) VALUES (?, ?, ?, ?)`,
		s.Version, data, s.SavedAt, actor)
	if db.Duplicate(err) {
		return errSettingsChanged
	}
	if err != nil {
		return err
	}
	entry := AuditEntry{Actor: actor, Action: "save", Object: "settings", After: s}
	if before.Version > 0 {
		entry.Before = before
	}
	if err := Audit(ctx, q, s.SavedAt, entry); err != nil {
		return err
	}
	return Changed(ctx, q, "settings")
}
