package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Claim is a group of forms that named more addresses than one click, or one
// network on a day, is expected to (D41).
type Claim struct {
	ID   ClaimID   `db:"id"`
	Kind ClaimKind `db:"kind"`
	// whose click it was; of a network 0, or who has a limit of their own
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Verdict   Review              `db:"verdict"` // "" while it is open
	DecidedAt *time.Time          `db:"decided_at"`
	Actor     affiliate.Actor     `db:"actor"`
	Reason    string              `db:"reason"`
	Addresses int                 `db:"addresses"` // distinct ones that are to be checked, or were
	First     time.Time           `db:"first_form"`
	Last      time.Time           `db:"last_form"`
}

// of is the column that ties a form to a claim of this kind.
func (k ClaimKind) of() string {
	if k == ByClick {
		return "click_claim_id"
	}
	return "network_claim_id"
}

const claimQuery = `SELECT c.id, c.kind, c.partner_id, c.verdict, c.decided_at, c.actor, c.reason,
		COUNT(DISTINCT f.contact_id) AS addresses, MIN(f.occurred_at) AS first_form, MAX(f.occurred_at) AS last_form
	FROM {wp}partner_center_claims c
	JOIN {wp}partner_center_touchpoints f
	ON (c.kind = 'click' AND f.click_claim_id = c.id OR c.kind = 'network' AND f.network_claim_id = c.id)
		AND f.occurred_at >= c.over_at
	WHERE c.over_at IS NOT NULL AND `

const claimGroup = `GROUP BY c.id, c.kind, c.partner_id, c.verdict, c.decided_at, c.actor, c.reason`

// Claims are the groups to be checked, those that wait first, then the latest.
func (t *Tracker) Claims(ctx context.Context, page affiliate.Page) ([]Claim, error) {
	claims := []Claim{}
	err := t.db.Select(ctx, &claims, `/* tracking.Claims */ `+claimQuery+`1 = 1 `+claimGroup+
		` ORDER BY c.verdict <> '', c.id DESC LIMIT ? OFFSET ?`, page.Limit, page.Offset)
	return claims, err
}

// OpenClaims is how many groups wait to be checked.
func (t *Tracker) OpenClaims(ctx context.Context) (n int, err error) {
	err = t.db.Get(ctx, &n,
		`/* tracking.OpenClaims */ SELECT COUNT(*) FROM {wp}partner_center_claims WHERE verdict = ''
			AND over_at IS NOT NULL`)
	return n, err
}

// Claim is one group with the contacts that it names, at most limit of them.
func (t *Tracker) Claim(ctx context.Context, id ClaimID, limit int) (c Claim, contacts []affiliate.ContactID,
	err error) {
	if c, err = oneClaim(ctx, t.db, id); err != nil {
		return c, nil, err
	}
	err = t.db.Select(ctx, &contacts, `/* tracking.Claim */
		SELECT DISTINCT contact_id FROM {wp}partner_center_touchpoints f JOIN {wp}partner_center_claims c
		ON c.id = f.`+c.Kind.of()+`
		WHERE c.id = ? AND f.occurred_at >= c.over_at ORDER BY contact_id LIMIT ?`, id, limit)
	return c, contacts, err
}

func oneClaim(ctx context.Context, q db.Queryer, id ClaimID) (Claim, error) {
	var c Claim
	err := q.Get(ctx, &c, `/* tracking.Claim */ `+claimQuery+`c.id = ? `+claimGroup, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such group of forms.")
	}
	return c, err
}

// DecideClaim says of a whole group whether these are people: their forms count
// as an admin's word then, or for nothing. It can be re-decided at any time,
// since no form is lost; the contacts follow a moment later (see Refold).
//
// Errors: KindInvalid by the fields verdict and reason; KindNotFound.
func (t *Tracker) DecideClaim(ctx context.Context, actor affiliate.Actor, id ClaimID, verdict Review,
	reason string) (c Claim, err error) {
	if reason, err = affiliate.CheckReason(reason); err != nil {
		return c, err
	}
	if verdict != ReviewConfirmed && verdict != ReviewDismissed {
		return c, affiliate.Invalid("verdict", "Please confirm or dismiss the group.")
	}
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := oneClaim(ctx, tx, id)
		if c = before; err != nil {
			return err
		}
		at := t.now()
		c.Verdict, c.DecidedAt, c.Actor, c.Reason = verdict, &at, actor, reason
		_, err = tx.Exec(ctx, `/* tracking.DecideClaim */
			UPDATE {wp}partner_center_claims SET verdict = ?, decided_at = ?, actor = ?, reason = ?, refold = refold + 1
			WHERE id = ?`,
			verdict, at, actor, reason, id)
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at, affiliate.AuditEntry{Actor: actor, Action: "check forms", Object: "claim",
			ObjectID: int64(id),
			Before:   before, After: c, Reason: reason})
	})
	return c, err
}

// Refold folds the contacts of groups again whose limit was exceeded, or that
// were decided on, each in a transaction of its own; then is called in it, with
// the time from which the contact's orders may be credited otherwise. What a
// sidecar leaves undone the next one does.
func (t *Tracker) Refold(ctx context.Context, then func(ctx context.Context, tx *db.Tx, contact affiliate.ContactID,
	since time.Time) error) error {
	waiting := []struct {
		ID     ClaimID   `db:"id"`
		Kind   ClaimKind `db:"kind"`
		Refold int       `db:"refold"`
	}{}
	err := t.db.Select(ctx, &waiting,
		`/* tracking.Refold */ SELECT id, kind, refold FROM {wp}partner_center_claims WHERE refold > 0 ORDER BY id
			LIMIT 20`)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if err := t.refoldClaim(ctx, c.ID, c.Kind, then); err != nil {
			return err
		}
		// Who exceeds it again meanwhile has counted up.
		if _, err := t.db.Exec(ctx,
			`/* tracking.Refold */ UPDATE {wp}partner_center_claims SET refold = 0 WHERE id = ? AND refold = ?`, c.ID,
			c.Refold); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tracker) refoldClaim(ctx context.Context, id ClaimID, kind ClaimKind,
	then func(context.Context, *db.Tx, affiliate.ContactID, time.Time) error) error {
	named := []struct {
		Contact affiliate.ContactID `db:"contact_id"`
		Since   time.Time           `db:"since"`
	}{}
	err := t.db.Select(ctx, &named, `/* tracking.refoldClaim */
		SELECT contact_id, MIN(occurred_at) AS since FROM {wp}partner_center_touchpoints WHERE `+kind.of()+
		` = ? GROUP BY contact_id ORDER BY contact_id`, id)
	if err != nil {
		return err
	}
	for _, n := range named {
		err := t.db.Tx(ctx, func(tx *db.Tx) error {
			c, err := lockContact(ctx, tx, n.Contact)
			if err != nil {
				return err
			}
			if _, _, err := t.store(ctx, tx, c); err != nil {
				return err
			}
			return then(ctx, tx, n.Contact, n.Since)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
