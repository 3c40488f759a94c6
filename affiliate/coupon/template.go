package coupon

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Template is what the codes of a program's partners give (B17). A change of it is
// followed by all of them.
type Template struct {
	ProgramID affiliate.ProgramID `db:"program_id" json:"-"`
	Revision  int                 `db:"revision" json:"-"`    // 0: never saved
	Active    bool                `db:"active" json:"active"` // false: the codes are off in the shop
	Shop      Shop                `db:"shop" json:"shop"`
	// Pattern makes a new partner's code: {name} is the first name, {amount} what it
	// gives, {code} the partner's code in links.
	Pattern        string         `db:"pattern" json:"pattern"`
	Kind           Kind           `db:"kind" json:"kind"`
	Amount         money.Amount   `db:"amount" json:"amount"`   // percent, or in the shop's currency
	Minimum        money.Amount   `db:"minimum" json:"minimum"` // that the basket must cost; 0: any
	Currency       money.Currency `db:"currency" json:"currency"`
	ExpiresOn      affiliate.Day  `db:"expires_on" json:"expires_on,omitzero"` // last day in the site's zone
	Once           bool           `db:"once" json:"once"`                      // for each customer
	Alone          bool           `db:"alone" json:"alone"`                    // with no other coupon
	PartnersChoose bool           `db:"partners_choose" json:"partners_choose"`
	UpdatedAt      time.Time      `db:"updated_at" json:"-"`
}

// Kind is what a coupon takes off.
type Kind string

// The kinds.
const (
	Percent Kind = "percent" // of the basket
	Fixed   Kind = "fixed"   // an amount off the basket
)

const templateColumns = `t.program_id, t.revision, t.active, t.shop, t.pattern, t.kind, t.amount, t.minimum, t.currency,
	t.expires_on, t.once, t.alone, t.partners_choose, t.updated_at`

// DefaultTemplate is what the form of a program without coupons begins with.
func DefaultTemplate(program affiliate.ProgramID, currency money.Currency) Template {
	return Template{ProgramID: program, Shop: WooCommerce, Pattern: "{name}{amount}", Kind: Percent,
		Amount: money.MustParse("10"), Currency: currency, PartnersChoose: true}
}

// Template is the program's; false while it has none.
func (s *Service) Template(ctx context.Context, program affiliate.ProgramID) (Template, bool, error) {
	return loadTemplate(ctx, s.db, program, "")
}

func loadTemplate(ctx context.Context, q db.Queryer, program affiliate.ProgramID, lock string) (Template, bool, error) {
	var t Template
	err := q.Get(ctx, &t, `/* coupon.loadTemplate */
		SELECT `+templateColumns+` FROM {wp}partner_center_coupon_templates t WHERE t.program_id = ?`+lock, program)
	if db.NoRows(err) {
		return t, false, nil
	}
	return t, err == nil, err
}

var placeholder = regexp.MustCompile(`\{[a-z]*\}`)

func (t Template) validate() error {
	p := affiliate.Problems{}
	p.Check(t.Shop == WooCommerce || t.Shop == EDD, "shop", "Please choose the shop.")
	p.Check(t.Kind == Percent || t.Kind == Fixed, "kind", "Please choose what the coupon takes off.")
	p.Check(t.Amount.Sign() > 0, "amount", "Please enter an amount above 0.")
	if t.Kind == Percent {
		p.Check(t.Amount.Cmp(money.MustParse("100")) <= 0, "amount", "Please enter at most 100 percent.")
	}
	p.Check(t.Minimum.Sign() >= 0, "minimum", "The minimum must be 0 or more.")
	_, err := money.ParseCurrency(string(t.Currency))
	p.Check(err == nil, "currency", "Please choose a currency.")
	p.Check(len(t.Pattern) <= 64, "pattern", "Please use at most 64 characters.")
	p.Check(strings.Contains(t.Pattern, "{name}") || strings.Contains(t.Pattern, "{code}"), "pattern",
		"Use {name} or {code}, so that partners get codes of their own.")
	rest := t.Pattern
	for _, known := range []string{"{name}", "{code}", "{amount}"} {
		rest = strings.ReplaceAll(rest, known, "")
	}
	p.Check(!placeholder.MatchString(rest) && letters(rest) == Fold(rest), "pattern",
		"Use letters, digits and hyphens, and of the placeholders {name}, {amount} and {code}.")
	return p.Err()
}

// letters is text as far as it can be part of a code: capitals without accents,
// digits and hyphens.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToUpper(r)
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, norm.NFD.String(strings.NewReplacer("ß", "ss", "ä", "ae", "ö", "oe", "ü", "ue").Replace(text)))
}

// code is what the pattern makes of a partner.
func (t Template) code(firstName, partnerCode string) string {
	name := letters(firstName)
	if name == "" || rude(name) {
		name = letters(partnerCode)
	}
	if len(name) > 20 {
		name = name[:20]
	}
	amount, _, _ := strings.Cut(t.Amount.String(), ".")
	return Fold(strings.NewReplacer("{name}", name, "{code}", letters(partnerCode), "{amount}",
		amount).Replace(t.Pattern))
}

// SaveTemplate puts a program's template in force: codes follow it by themselves.
// t.Revision is the one that the admin saw.
//
// Errors: KindInvalid by field, KindConflict when another was saved meanwhile.
func (s *Service) SaveTemplate(ctx context.Context, actor affiliate.Actor, t Template) (Template, error) {
	if err := t.validate(); err != nil {
		return t, err
	}
	saved := t
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		before, found, err := loadTemplate(ctx, tx, t.ProgramID, " FOR UPDATE")
		if err != nil {
			return err
		}
		if before.Revision != t.Revision {
			return affiliate.Conflict("Someone else changed these settings while you were editing. " +
				"Review the current values and save again.")
		}
		saved.Revision, saved.UpdatedAt = t.Revision+1, s.now()
		entry := affiliate.AuditEntry{Actor: actor, Action: "save", Object: "coupon template",
			ObjectID: int64(t.ProgramID), After: saved}
		if found {
			entry.Before = before
		}
		if err := writeTemplate(ctx, tx, saved); err != nil {
			return err
		}
		if err := retryFailed(ctx, tx, saved.UpdatedAt); err != nil {
			return err
		}
		if err := affiliate.Audit(ctx, tx, saved.UpdatedAt, entry); err != nil {
			return err
		}
		return affiliate.Changed(ctx, tx, "coupons")
	})
	return saved, err
}

func writeTemplate(ctx context.Context, q db.Queryer, t Template) error {
	var expires *affiliate.Day
	if !t.ExpiresOn.IsZero() {
		expires = &t.ExpiresOn
	}
	_, err := q.Exec(ctx, `/* coupon.SaveTemplate */
		REPLACE INTO {wp}partner_center_coupon_templates (program_id, revision, active, shop, pattern, kind, amount,
		minimum, currency, expires_on, once, alone, partners_choose, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.ProgramID, t.Revision, t.Active, t.Shop, t.Pattern,
		t.Kind,
		t.Amount, t.Minimum, t.Currency, expires, t.Once, t.Alone, t.PartnersChoose, t.UpdatedAt)
	return err
}

// retryFailed has the shop asked at once for what it did not take before.
func retryFailed(ctx context.Context, q db.Queryer, now time.Time) error {
	_, err := q.Exec(ctx, `/* coupon.retryFailed */
		UPDATE {wp}partner_center_coupons SET next_at = ?, attempts = 0 WHERE problem <> '' AND next_at > ?`, now, now)
	return err
}
