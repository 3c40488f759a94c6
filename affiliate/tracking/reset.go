package tracking

import (
	"context"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Reset takes the right to earn from the referrers of some contacts, without
// deleting any of them: for orders placed from At on, a referrer earns only if
// they were clicked after it (S130, S132, D28).
type Reset struct {
	ID       ResetID         `db:"id"`
	At       time.Time       `db:"made_at"`
	Actor    affiliate.Actor `db:"actor"`
	Reason   string          `db:"reason"`
	Contacts int             `db:"contacts"` // how many
	UndoneAt *time.Time      `db:"undone_at"`
	UndoneBy affiliate.Actor `db:"undone_by"`
}

// ResetID is the row of a reset.
type ResetID = affiliate.ID[Reset]

const resetColumns = `r.id, r.made_at, r.actor, r.reason, r.contacts, r.undone_at, r.undone_by`

// Segment names contacts by what they have in common; contacts without any
// referrer are in none. The zero Segment is all others.
type Segment struct {
	Contacts   []affiliate.ContactID // only these; nil: any
	PartnerID  affiliate.PartnerID   // whose first or last referrer they are
	ProgramID  affiliate.ProgramID   // whose last referrer is in it now
	QuietSince *time.Time            // who has submitted no form with a click since then
}

// where is the segment as a condition on contacts k.
func (s Segment) where() (string, []any, error) {
	conditions := []string{`k.deleted_at IS NULL AND (k.first_partner_id IS NOT NULL OR k.last_partner_id IS NOT NULL)`}
	args := []any{}
	add := func(condition string, more ...any) {
		conditions, args = append(conditions, condition), append(args, more...)
	}
	if s.Contacts != nil {
		if len(s.Contacts) == 0 {
			add(`1 = 0`)
		} else {
			add(`k.id IN (?)`, s.Contacts)
		}
	}
	if s.PartnerID != 0 {
		add(`(k.first_partner_id = ? OR k.last_partner_id = ?)`, s.PartnerID, s.PartnerID)
	}
	if s.ProgramID != 0 {
		add(`EXISTS (SELECT 1 FROM {wp}partner_center_memberships m WHERE m.partner_id = k.last_partner_id
			AND m.active = 1 AND m.program_id = ?)`, s.ProgramID)
	}
	if s.QuietSince != nil {
		add(`NOT EXISTS (SELECT 1 FROM {wp}partner_center_touchpoints f WHERE f.contact_id = k.id AND f.cookie = 'valid'
			AND f.occurred_at >= ?)`, *s.QuietSince)
	}
	return db.In(strings.Join(conditions, " AND "), args...)
}

// ResetPreview is what a reset would do.
type ResetPreview struct {
	Contacts int                   // how many
	Sample   []affiliate.ContactID // some of them, the latest first
	Earned   []ResetStake          // by currency
}

// ResetStake is what the orders of a segment's contacts have earned their partners
// in StakeDays: what a reset puts at stake from now on.
type ResetStake struct {
	Currency money.Currency `db:"currency"`
	Amount   money.Amount   `db:"amount"`
}

// StakeDays is how many days ResetStake looks back.
const StakeDays = 90

// PreviewReset counts the contacts of a segment; it changes nothing.
func (t *Tracker) PreviewReset(ctx context.Context, s Segment) (p ResetPreview, err error) {
	where, args, err := s.where()
	if err != nil {
		return p, err
	}
	p.Sample = []affiliate.ContactID{}
	if err := t.db.Get(ctx, &p.Contacts,
		`/* tracking.PreviewReset */ SELECT COUNT(*) FROM {wp}partner_center_contacts k WHERE `+where,
		args...); err != nil {
		return p, err
	}
	p.Earned = []ResetStake{}
	if err := t.db.Select(ctx, &p.Earned, `/* tracking.PreviewReset */
		SELECT c.currency, SUM(c.amount) AS amount FROM {wp}partner_center_orders o
		JOIN {wp}partner_center_contacts k ON k.id = o.contact_id
		JOIN {wp}partner_center_commissions c ON c.order_id = o.id
		WHERE o.placed_at >= ? AND `+where+` GROUP BY c.currency HAVING SUM(c.amount) <> 0 ORDER BY c.currency`,
		append([]any{t.now().AddDate(0, 0, -StakeDays)}, args...)...); err != nil {
		return p, err
	}
	return p, t.db.Select(ctx, &p.Sample, `/* tracking.PreviewReset */
		SELECT k.id FROM {wp}partner_center_contacts k WHERE `+where+` ORDER BY k.id DESC LIMIT 20`, args...)
}

// ResetReferrals resets the referral right of a segment's contacts of now
// (S132). seen is the number that its preview showed: it is a Conflict when the
// segment has other numbers by now. after is the latest reset that the preview
// knew, 0 for none: of all forms that name it, one makes a reset.
//
// Errors: KindInvalid by the field reason; KindConflict.
func (t *Tracker) ResetReferrals(ctx context.Context, actor affiliate.Actor, s Segment, seen int, after ResetID,
	reason string) (r Reset, err error) {
	if reason, err = affiliate.CheckReason(reason); err != nil {
		return r, err
	}
	where, args, err := s.where()
	if err != nil {
		return r, err
	}
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		r = Reset{At: t.now(), Actor: actor, Reason: reason, Contacts: seen}
		if err := insertReset(ctx, tx, &r, after); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, `/* tracking.ResetReferrals */
			INSERT INTO {wp}partner_center_reset_contacts (contact_id, reset_id) SELECT k.id, ?
			FROM {wp}partner_center_contacts k WHERE `+where,
			append([]any{r.ID}, args...)...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if int(n) != seen {
			return affiliate.Conflict("These are %d contacts now, not %d: please look at the list again.", n, seen)
		}
		return affiliate.Audit(ctx, tx, r.At, affiliate.AuditEntry{Actor: actor, Action: "reset referrals",
			Object: "reset", ObjectID: int64(r.ID),
			After: struct {
				Segment  Segment
				Contacts int
			}{s, seen}, Reason: reason})
	})
	return r, err
}

func insertReset(ctx context.Context, q db.Queryer, r *Reset, after ResetID) error {
	latest := []ResetID{}
	if err := q.Select(ctx, &latest, `/* tracking.insertReset */
		SELECT id FROM {wp}partner_center_resets WHERE id > ? LIMIT 1`, int64(after)); err != nil {
		return err
	}
	if len(latest) > 0 {
		return errResetSince
	}
	res, err := q.Exec(ctx, `/* tracking.insertReset */
		INSERT INTO {wp}partner_center_resets (made_at, actor, reason, contacts, after_id) VALUES (?, ?, ?, ?, ?)`,
		r.At, r.Actor, r.Reason, r.Contacts, int64(after))
	if db.Duplicate(err) {
		return errResetSince
	}
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	r.ID = ResetID(id)
	return err
}

var errResetSince = affiliate.Conflict(
	"Another reset was made since this preview. Look at the list below before you reset again.")

// UndoReset gives the referrers their right back, for orders placed from now
// on. Undoing twice changes nothing.
func (t *Tracker) UndoReset(ctx context.Context, actor affiliate.Actor, id ResetID) (r Reset, err error) {
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockReset(ctx, tx, id)
		if r = before; err != nil || r.UndoneAt != nil {
			return err
		}
		at := t.now()
		r.UndoneAt, r.UndoneBy = &at, actor
		if _, err := tx.Exec(ctx,
			`/* tracking.UndoReset */ UPDATE {wp}partner_center_resets SET undone_at = ?, undone_by = ? WHERE id = ?`,
			at, actor, id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, at, affiliate.AuditEntry{Actor: actor, Action: "undo reset", Object: "reset",
			ObjectID: int64(id), Before: before, After: r})
	})
	return r, err
}

func lockReset(ctx context.Context, q db.Queryer, id ResetID) (Reset, error) {
	var r Reset
	err := q.Get(ctx, &r, `/* tracking.lockReset */ SELECT `+resetColumns+
		` FROM {wp}partner_center_resets r WHERE r.id = ? FOR UPDATE`, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such reset.")
	}
	return r, err
}

// Resets are all resets, the latest first.
func (t *Tracker) Resets(ctx context.Context, page affiliate.Page) ([]Reset, error) {
	resets := []Reset{}
	err := t.db.Select(ctx, &resets, `/* tracking.Resets */
		SELECT `+resetColumns+` FROM {wp}partner_center_resets r ORDER BY r.id DESC LIMIT ? OFFSET ?`, page.Limit,
		page.Offset)
	return resets, err
}

// Resets are those of one contact, latest first.
type Resets []Reset

// At is the latest reset that an order of the contact placed at that time is
// judged by; nil without one.
func (all Resets) At(at time.Time) *Reset {
	for i, r := range all {
		if !r.At.After(at) && (r.UndoneAt == nil || r.UndoneAt.After(at)) {
			return &all[i]
		}
	}
	return nil
}

// ResetsOf are the resets of contacts; those without any are not in the map.
func ResetsOf(ctx context.Context, q db.Queryer, contacts []affiliate.ContactID) (map[affiliate.ContactID]Resets,
	error) {
	rows, of := []struct {
		Contact affiliate.ContactID `db:"contact_id"`
		Reset
	}{}, map[affiliate.ContactID]Resets{}
	if len(contacts) == 0 {
		return of, nil
	}
	err := db.SelectIn(ctx, q, &rows, `/* tracking.ResetsOf */
		SELECT c.contact_id, `+resetColumns+
		` FROM {wp}partner_center_resets r JOIN {wp}partner_center_reset_contacts c ON c.reset_id = r.id
		WHERE c.contact_id IN (?) ORDER BY r.made_at DESC, r.id DESC`, contacts)
	for _, r := range rows {
		of[r.Contact] = append(of[r.Contact], r.Reset)
	}
	return of, err
}

// joinResets lets the resets of both contacts hold for the one who stays.
func (t *Tracker) joinResets(ctx context.Context, q db.Queryer, keep, gone affiliate.ContactID) error {
	_, err := q.Exec(ctx, `/* tracking.joinResets */
		INSERT INTO {wp}partner_center_reset_contacts (contact_id, reset_id)
		SELECT ?, reset_id FROM {wp}partner_center_reset_contacts c WHERE c.contact_id = ?
		ON DUPLICATE KEY UPDATE reset_id = VALUES(reset_id)`, keep, gone)
	return err
}
