package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// A claim is what one click, or one network on one day, says about contacts by
// its forms. More distinct addresses than the limit are to be checked by an
// admin: until then nobody is credited by them, and nothing is lost (D41).

// ClaimID is the row of a claim.
type ClaimID = affiliate.ID[Claim]

// ClaimKind is what the forms of a claim have in common.
type ClaimKind string

// The kinds of claims.
const (
	ByClick   ClaimKind = "click"
	ByNetwork ClaimKind = "network"
)

// claimed are the claims that a form belongs to; 0 for none.
type claimed struct{ click, network ClaimID }

// always is before every form: all forms of a click are to be checked.
var always = time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)

// isClaim tells whether a form counts against the limits: one that carries a
// click and that nothing but its sender stands behind.
func isClaim(f Touchpoint, touch Touch) bool {
	return f.Origin == affiliate.ByForm && f.Kind != Order && touch.State == Valid && !f.LoggedIn && !f.Confirmed
}

// limits are what a form is measured by.
type limits struct {
	click, network int
	own            affiliate.PartnerID // the partner, when the limit is their own
}

func limitsOf(ctx context.Context, q db.Queryer, f Touchpoint, partner affiliate.PartnerID) (limits, error) {
	settings, err := affiliate.SettingsAt(ctx, q, f.At)
	if err != nil {
		return limits{}, err
	}
	p, err := affiliate.LoadPartner(ctx, q, partner)
	if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
		return limits{}, err
	}
	var l limits
	l.click, l.network = settings.AddressLimits(p.AddressLimit)
	if p.AddressLimit > 0 {
		l.own = partner
	}
	return l, nil
}

// claim finds or makes the claims of a form, and locks them until the end of the
// transaction: forms of one click, and of one network, follow one another.
func (t *Tracker) claim(ctx context.Context, q db.Queryer, f Touchpoint, touch Touch, l limits) (c claimed, err error) {
	if c.click, err = t.lockClaim(ctx, q, ByClick, touch.VisitID.String(), touch.PartnerID); err != nil ||
		f.Network == "" {
		return c, err
	}
	day := affiliate.DayOf(f.At, t.zone()).String()
	ref, err := t.hashed(ctx, q, "network", day, f.Network, l.own.String())
	if err != nil || ref == "" {
		return c, err
	}
	c.network, err = t.lockClaim(ctx, q, ByNetwork, ref, l.own)
	return c, err
}

func (t *Tracker) lockClaim(ctx context.Context, q db.Queryer, kind ClaimKind, ref string,
	partner affiliate.PartnerID) (ClaimID, error) {
	res, err := q.Exec(ctx, `/* tracking.lockClaim */
		INSERT INTO {wp}partner_center_claims (kind, ref, partner_id, made_at) VALUES (?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`, kind, []byte(ref), partner, t.now())
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	return ClaimID(id), err
}

// weigh looks whether the claims of a form that has just been stored exceed
// their limits. Forms of a network count from the first address beyond it on, by
// the time when they were submitted, so that the order of arrival does not matter.
func (c claimed) weigh(ctx context.Context, q db.Queryer, l limits) error {
	_, over, err := beyond(ctx, q, "click_claim_id", c.click, l.click)
	if err != nil {
		return err
	}
	if over {
		if err := exceeded(ctx, q, c.click, always); err != nil {
			return err
		}
	}
	if c.network == 0 {
		return nil
	}
	first, over, err := beyond(ctx, q, "network_claim_id", c.network, l.network)
	if err != nil || !over {
		return err
	}
	return exceeded(ctx, q, c.network, first)
}

// beyond is when the first address beyond the limit was named.
func beyond(ctx context.Context, q db.Queryer, column string, id ClaimID, limit int) (first time.Time, over bool,
	err error) {
	err = q.Get(ctx, &first, `/* tracking.beyond */
		SELECT MIN(occurred_at) AS first FROM {wp}partner_center_touchpoints WHERE `+column+
		` = ? GROUP BY contact_id ORDER BY first LIMIT 1 OFFSET ?`, id, limit)
	if db.NoRows(err) {
		return first, false, nil
	}
	return first, err == nil, err
}

// exceeded notes from when on the claim's forms are to be checked; the contacts
// that it named before have to be folded again.
func exceeded(ctx context.Context, q db.Queryer, id ClaimID, from time.Time) error {
	_, err := q.Exec(ctx, `/* tracking.exceeded */
		UPDATE {wp}partner_center_claims SET over_at = ?, refold = refold + 1 WHERE id = ?
		AND (over_at IS NULL OR over_at <> ?)`, from, id, from)
	return err
}
