// Package coupon holds the coupon codes that belong to partners (B17): what a
// program's codes give (template.go), who has which (coupon.go, choose.go), and what
// the shop is to be told (follow.go). Who is credited for an order that used one is
// decided in package sale.
//
// Tables of this package: coupon_templates, coupons.
package coupon

import (
	"context"
	"strings"
	"sync"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// ID is the row of a coupon.
type ID = affiliate.ID[Coupon]

// Coupon is a code that belongs, or belonged, to a partner. Its code and partner
// never change: another code is another coupon.
type Coupon struct {
	ID             ID                  `db:"id"`
	PartnerID      affiliate.PartnerID `db:"partner_id"`
	Shop           Shop                `db:"shop"`
	Code           string              `db:"code"` // in capitals
	Made           bool                `db:"made"` // by a template; false: the shop's own, assigned by an admin
	StartsAt       time.Time           `db:"starts_at"`
	EndsAt         *time.Time          `db:"ends_at"` // nil: it is the partner's now
	PushedProgram  affiliate.ProgramID `db:"pushed_program"`
	PushedRevision int                 `db:"pushed_revision"`
	PushedOn       *int                `db:"pushed_on"` // see the table
	Problem        Problem             `db:"problem"`   // why the shop did not take it; "" = nothing
	Error          string              `db:"error"`     // with it, in the shop's words
	Attempts       int                 `db:"attempts"`
	NextAt         time.Time           `db:"next_at"`
}

// Shop is the cart that knows a code, as in orders' source.
type Shop string

// The shops. Codes of AnyShop count in orders of any source: such a cart makes no
// codes for us, and reports what its orders used (docs/carts.md).
const (
	WooCommerce Shop = "woocommerce"
	EDD         Shop = "edd"
	AnyShop     Shop = "any"
)

// Problem is why the shop did not take a coupon.
type Problem string

// The problems.
const (
	Taken  Problem = "taken"   // the shop has a coupon of that code that is not ours
	NoShop Problem = "no_shop" // its plugin is not active
	Failed Problem = "failed"  // anything else: it is tried again
)

// Works tells whether the code is known to work in the shop.
func (c Coupon) Works() bool { return !c.Made || c.PushedOn != nil && *c.PushedOn == 1 }

const columns = `c.id, c.partner_id, c.shop, c.code, c.made, c.starts_at, c.ends_at, c.pushed_program,
	c.pushed_revision, c.pushed_on, c.problem, c.error, c.attempts, c.next_at`

// Service keeps the coupons, on the site's database. It is safe for concurrent
// use, also by several sidecars.
type Service struct {
	db  *db.Handle
	now clock.Clock

	mu    sync.Mutex
	known map[string]int64 // versions under which nothing was left to do
	rest  time.Time        // until then, unless a version changes
}

// New works with the given clock.
func New(h *db.Handle, now clock.Clock) *Service { return &Service{db: h, now: now} }

// Fold is a code as it is known: shops do not tell capitals from small letters.
func Fold(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// Used is a partner's coupon that an order used.
type Used struct {
	CouponID  ID                  `db:"coupon_id"`
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Code      string              `db:"code"`
	UsedAt    time.Time           `db:"used_at"`
}

// OwnersAt are the coupons among an order's codes that were a partner's when it was
// placed, in the order of the codes; source is the order's. UsedAt is left open.
func OwnersAt(ctx context.Context, q db.Queryer, source string, codes []string, placed time.Time) ([]Used, error) {
	folded := []string{}
	for _, code := range codes {
		folded = append(folded, Fold(code))
	}
	if len(folded) == 0 {
		return nil, nil
	}
	query, args, err := db.In(`/* coupon.OwnersAt */
		SELECT id AS coupon_id, partner_id, code FROM {wp}partner_center_coupons
		WHERE code IN (?) AND shop IN (?, 'any') AND starts_at <= ? AND (ends_at IS NULL OR ends_at > ?)
		ORDER BY shop = 'any', id`, folded, source, placed, placed)
	if err != nil {
		return nil, err
	}
	found := []Used{}
	if err := q.Select(ctx, &found, query, args...); err != nil {
		return nil, err
	}
	used, seen := []Used{}, map[string]bool{}
	for _, code := range folded {
		for _, u := range found {
			if u.Code == code && !seen[code] {
				seen[code] = true
				used = append(used, u)
			}
		}
	}
	return used, nil
}

// Of are the coupons that a partner has now, the one that their template made first.
func (s *Service) Of(ctx context.Context, partner affiliate.PartnerID) ([]Coupon, error) {
	all := []Coupon{}
	err := s.db.Select(ctx, &all, `/* coupon.Of */
		SELECT `+columns+` FROM {wp}partner_center_coupons c WHERE c.partner_id = ? AND c.active = 1
		ORDER BY c.made DESC, c.id`, partner)
	return all, err
}

func load(ctx context.Context, q db.Queryer, id ID, lock string) (Coupon, error) {
	var c Coupon
	err := q.Get(ctx, &c, `/* coupon.load */ SELECT `+columns+
		` FROM {wp}partner_center_coupons c WHERE c.id = ?`+lock, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such coupon.")
	}
	return c, err
}
