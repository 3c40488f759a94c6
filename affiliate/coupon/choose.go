package coupon

import (
	"context"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// The length of a code that a partner wishes for, in characters.
const (
	minCode = 4
	maxCode = 24
)

// changesADay is how often a partner may choose another code within a day: each
// one that they give up stays theirs.
const changesADay = 3

// notCodes are what no code may say: words that offend, and such as people would
// take for the shop's own offers. It is not meant to be complete: an admin sees
// every code and can choose another.
var notCodes = struct{ within, whole []string }{
	within: []string{"FUCK", "SHIT", "CUNT", "NIGG", "WHORE", "BITCH", "RAPE", "NAZI", "HITLER", "FOTZE", "HURE",
		"FICK", "ARSCH", "SCHEISS", "PORN", "PENIS", "VAGINA", "FAGGOT"},
	whole: []string{"ADMIN", "TEST", "NULL", "FREE", "FREESHIPPING", "SALE", "DISCOUNT", "COUPON", "GIFT", "REFUND",
		"STAFF", "EMPLOYEE", "WELCOME", "NEWSLETTER", "BLACKFRIDAY"},
}

func rude(code string) bool {
	plain := strings.NewReplacer("-", "", "0", "O", "1", "I", "3", "E", "4", "A", "5", "S").Replace(code)
	return slices.ContainsFunc(notCodes.within, func(word string) bool { return strings.Contains(plain, word) })
}

// CheckCode is a code as it is kept, when somebody may wish for it; otherwise
// KindInvalid by the field code.
func CheckCode(wish string) (string, error) {
	code, p := Fold(wish), affiliate.Problems{}
	p.Check(code != "", "code", "Please enter a code.")
	p.Check(code == letters(code), "code", "Use letters A to Z, digits and hyphens only.")
	p.Check(len(code) >= minCode && len(code) <= maxCode, "code", "Use %d to %d characters.", minCode, maxCode)
	p.Check(!strings.HasPrefix(code, "-") && !strings.HasSuffix(code, "-"), "code",
		"A code cannot begin or end with a hyphen.")
	p.Check(strings.ContainsFunc(code, func(r rune) bool { return r >= 'A' && r <= 'Z' }), "code",
		"Use at least one letter.")
	p.Check(!rude(code) && !slices.Contains(notCodes.whole, code), "code", "Please choose another code.")
	return code, p.Err()
}

// Choose makes a code the partner's own in the shop of their program, in place of
// the one that they had: that one stops working. byPartner: the partner wishes for
// it, and their program must let them. A code that was another partner's is never
// theirs, so that what was published once credits nobody else.
//
// Errors: KindInvalid by the field code, KindConflict where there are no coupons.
func (s *Service) Choose(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID, wish string,
	byPartner bool) (c Coupon, err error) {
	code, err := CheckCode(wish)
	if err != nil {
		return c, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		t, err := s.mayChoose(ctx, tx, partner, byPartner)
		if err != nil {
			return err
		}
		before, has, err := mainOf(ctx, tx, partner, t.Shop)
		if err != nil || has && before.Code == code {
			c = before
			return err
		}
		now := s.now()
		if has {
			if err := giveWay(ctx, tx, before, now); err != nil {
				return err
			}
		}
		c = Coupon{PartnerID: partner, Shop: t.Shop, Code: code, Made: true, StartsAt: now, NextAt: now}
		if err := unlessTaken(ctx, tx, &c, true); err != nil {
			return err
		}
		return changed(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "choose", Object: "coupon",
			ObjectID: int64(c.ID), Before: before, After: c})
	})
	return c, err
}

// mayChoose is the template that the partner's code would follow.
func (s *Service) mayChoose(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, byPartner bool) (t Template,
	err error) {
	p, err := affiliate.LockPartner(ctx, q, partner)
	if err != nil {
		return t, err
	}
	m, running, err := affiliate.RunningMembership(ctx, q, partner)
	if err != nil {
		return t, err
	}
	found := false
	if running {
		t, found, err = loadTemplate(ctx, q, m.ProgramID, "")
	}
	switch {
	case err != nil:
		return t, err
	case !found || !t.Active:
		return t, affiliate.Conflict("This program has no coupons right now.")
	case p.State != affiliate.Active:
		return t, affiliate.Conflict("Only active partners can have a coupon.")
	case !byPartner:
		return t, nil
	case !t.PartnersChoose:
		return t, affiliate.Conflict("Codes are chosen by the site's owner in this program.")
	}
	var recent int
	err = q.Get(ctx, &recent, `/* coupon.mayChoose */
		SELECT COUNT(*) FROM {wp}partner_center_coupons WHERE partner_id = ? AND made = 1 AND starts_at > ?`, partner,
		s.now().Add(-24*time.Hour))
	if err == nil && recent > changesADay {
		err = affiliate.Invalid("code", "You have changed your code several times today. Try again tomorrow.")
	}
	return t, err
}

func mainOf(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, shop Shop) (Coupon, bool, error) {
	var c Coupon
	err := q.Get(ctx, &c, `/* coupon.mainOf */ SELECT `+columns+` FROM {wp}partner_center_coupons c
		WHERE c.partner_id = ? AND c.shop = ? AND c.main = 1 FOR UPDATE`, partner, shop)
	if db.NoRows(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// end takes a code from its partner, and off in the shop where we made it.
func end(ctx context.Context, q db.Queryer, id ID, now time.Time) error {
	_, err := q.Exec(ctx, `/* coupon.end */ UPDATE {wp}partner_center_coupons SET active = NULL, main = NULL,
		ends_at = GREATEST(?, starts_at), problem = '', error = '', attempts = 0, next_at = ? WHERE id = ?`, now,
		now, id)
	return err
}

// giveWay makes room for another code of the partner's own. What an admin assigned
// to them stays theirs.
func giveWay(ctx context.Context, q db.Queryer, c Coupon, now time.Time) error {
	if c.Made {
		return end(ctx, q, c.ID, now)
	}
	_, err := q.Exec(ctx, `/* coupon.giveWay */ UPDATE {wp}partner_center_coupons SET main = NULL WHERE id = ?`, c.ID)
	return err
}

// insert makes the coupon; a duplicate is the database's error.
func insert(ctx context.Context, q db.Queryer, c *Coupon, main bool) error {
	var isMain *int
	if one := 1; main {
		isMain = &one
	}
	res, err := q.Exec(ctx, `/* coupon.insert */
		INSERT INTO {wp}partner_center_coupons (partner_id, shop, code, made, main, active, starts_at, next_at)
		VALUES (?, ?, ?, ?, ?, 1, ?, ?)`, c.PartnerID, c.Shop, c.Code, c.Made, isMain, c.StartsAt, c.NextAt)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	c.ID = ID(id)
	return err
}

// unlessTaken makes the coupon, unless its code is, or was, another partner's.
func unlessTaken(ctx context.Context, q db.Queryer, c *Coupon, main bool) error {
	taken, err := wasAnothers(ctx, q, *c)
	if err == nil && !taken {
		err = insert(ctx, q, c, main)
		taken = db.Duplicate(err)
	}
	if taken {
		return affiliate.Invalid("code", "The code %s is taken. Please choose another.", c.Code)
	}
	return err
}

func wasAnothers(ctx context.Context, q db.Queryer, c Coupon) (was bool, err error) {
	err = q.Get(ctx, &was, `/* coupon.wasAnothers */ SELECT EXISTS (
		SELECT 1 FROM {wp}partner_center_coupons WHERE code = ? AND shop = ? AND partner_id <> ?)`, c.Code, c.Shop,
		c.PartnerID)
	return was, err
}

// changed audits, and tells the sidecars.
func changed(ctx context.Context, q db.Queryer, now time.Time, entry affiliate.AuditEntry) error {
	if err := affiliate.Audit(ctx, q, now, entry); err != nil {
		return err
	}
	return affiliate.Changed(ctx, q, "coupons")
}

// Assign makes an existing coupon of a shop a partner's, from now on: orders that
// use it credit them. The shop's coupon itself stays as it is, whatever becomes of
// the partner.
//
// Errors: KindInvalid by the fields code and shop, KindNotFound for the partner.
func (s *Service) Assign(ctx context.Context, actor affiliate.Actor, partner affiliate.PartnerID, shop Shop,
	code string) (c Coupon, err error) {
	now := s.now()
	c = Coupon{PartnerID: partner, Shop: shop, Code: Fold(affiliate.Line(code)), StartsAt: now, NextAt: now}
	p := affiliate.Problems{}
	p.Check(c.Code != "" && len([]rune(c.Code)) <= 190, "code", "Please enter the coupon's code.")
	p.Check(shop == WooCommerce || shop == EDD || shop == AnyShop, "shop", "Please choose the shop.")
	if err := p.Err(); err != nil {
		return c, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := affiliate.LockPartner(ctx, tx, partner); err != nil {
			return err
		}
		own, has, err := mainOf(ctx, tx, partner, shop)
		if err != nil {
			return err
		}
		inPlace := has && own.Code == c.Code && own.Problem == Taken // the shop had it before us
		if inPlace {
			if err := end(ctx, tx, own.ID, now); err != nil {
				return err
			}
		}
		err = insert(ctx, tx, &c, inPlace)
		if db.Duplicate(err) {
			return affiliate.Invalid("code", "The code %s belongs to a partner already.", c.Code)
		}
		if err != nil {
			return err
		}
		return changed(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "assign", Object: "coupon",
			ObjectID: int64(c.ID), After: c})
	})
	return c, err
}

// Release takes an assigned coupon from its partner, from now on. Orders that used
// it before stay as they are.
//
// Errors: KindConflict for a code that a template made: it is the partner's own.
func (s *Service) Release(ctx context.Context, actor affiliate.Actor, id ID) (c Coupon, err error) {
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if c, err = load(ctx, tx, id, " FOR UPDATE"); err != nil {
			return err
		}
		if c.Made {
			return affiliate.Conflict("This code follows the program's coupons. Choose another code for the partner, " +
				"or switch the coupons off.")
		}
		if c.EndsAt != nil {
			return nil
		}
		now := s.now()
		if err := end(ctx, tx, id, now); err != nil {
			return err
		}
		return changed(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "release", Object: "coupon",
			ObjectID: int64(id), Before: c})
	})
	return c, err
}
