package signup

import (
	"context"
	"crypto/sha256"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Sign-ups are bounded by rows, so that a restart, or a second server, forgets
// nothing. A slot is ten minutes.
const (
	slotSeconds  = 600
	slotsOfHour  = 6
	slotsOfDay   = 24 * slotsOfHour
	slotsOfMonth = 30 * slotsOfDay
)

// How many mails somebody who asked for none can get by forms in their name, in a
// day and in 30.
const (
	mailsOfDay   = 3
	mailsOfMonth = 10
)

// bound is at most so many times in so many slots.
type bound struct{ slots, times int }

// within tells whether one more time of something, by whom, is within all bounds, and
// counts it if so. The row of this slot is locked until the transaction ends, so that
// of those that come at once not one too many passes.
func within(ctx context.Context, q db.Queryer, at time.Time, what, whose string, bounds ...bound) (bool, error) {
	sum := sha256.Sum256([]byte(what + "\n" + whose))
	who, slot := sum[:16], at.Unix()/slotSeconds
	const add = `/* signup.within */ INSERT INTO {wp}partner_center_signup_tries (who, slot, times) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE times = times + VALUES(times)`
	if _, err := q.Exec(ctx, add, who, slot, 0); err != nil {
		return false, err
	}
	for _, b := range bounds {
		var times int
		err := q.Get(ctx, &times, `/* signup.within */ SELECT COALESCE(SUM(times), 0)
			FROM {wp}partner_center_signup_tries WHERE who = ? AND slot > ?`, who, slot-int64(b.slots))
		if err != nil || times >= b.times {
			return false, err
		}
	}
	_, err := q.Exec(ctx, add, who, slot, 1)
	return err == nil, err
}

// checkNetwork bounds the forms of a visitor's network.
func (a Application) checkNetwork(ctx context.Context, q db.Queryer, s affiliate.Settings, at time.Time) error {
	ok, err := within(ctx, q, at, "network", a.Network, bound{slotsOfHour, s.Limits.Signups})
	if err == nil && !ok {
		err = affiliate.Invalid("", "We received many forms from your network. Please try again in an hour.")
	}
	return err
}

// pruneStep is how many rows a transaction takes away.
const pruneStep = 1000

// keepUnconfirmed is how long a form that nobody confirmed is kept once its link has
// expired, for questions about it.
const keepUnconfirmed = 30 * 24 * time.Hour

// Prune forgets counts that no bound asks for, and forms that nobody has confirmed:
// they may be about people who never heard of us.
func (d *Service) Prune(ctx context.Context) error {
	_, err := d.db.Exec(ctx, `/* signup.Prune */ DELETE FROM {wp}partner_center_signup_tries WHERE slot < ?
		LIMIT 10000`, d.now().Unix()/slotSeconds-slotsOfMonth)
	if err != nil {
		return err
	}
	for {
		n := 0
		err := d.db.Tx(ctx, func(tx *db.Tx) error {
			n, err = pruneForms(ctx, tx, d.now().Add(-keepUnconfirmed))
			return err
		})
		if err != nil || n < pruneStep {
			return err
		}
	}
}

func pruneForms(ctx context.Context, q db.Queryer, before time.Time) (int, error) {
	forms := []string{}
	err := q.Select(ctx, &forms, `/* signup.Prune */ SELECT form_id FROM {wp}partner_center_applications
		WHERE waiting = 1 AND expires_at < ? LIMIT ? FOR UPDATE`, before, pruneStep)
	if err != nil || len(forms) == 0 {
		return 0, err
	}
	for _, query := range []string{
		`/* signup.Prune */ DELETE FROM {wp}partner_center_signup_answers WHERE partner_id IS NULL AND form_id IN (?)`,
		`/* signup.Prune */ DELETE FROM {wp}partner_center_applications WHERE form_id IN (?)`} {
		query, args, err := db.In(query, forms)
		if err != nil {
			return 0, err
		}
		if _, err := q.Exec(ctx, query, args...); err != nil {
			return 0, err
		}
	}
	return len(forms), nil
}
