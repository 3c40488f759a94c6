package messages

import (
	"context"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// MilestoneID is the row of a milestone.
type MilestoneID = affiliate.ID[Milestone]

// Milestone is a value of a program that partners are congratulated on: Total Sales
// minus Total Refunds in a currency, or without one a number of sales (S109, D32).
type Milestone struct {
	ID         MilestoneID         `db:"id"`
	ProgramID  affiliate.ProgramID `db:"program_id"`
	Currency   money.Currency      `db:"-"`        // "": Amount is a number of sales
	Code       string              `db:"currency"` // of Currency, as it is stored
	Amount     money.Amount        `db:"amount"`
	CreatedAt  time.Time           `db:"created_at"`
	ArchivedAt *time.Time          `db:"archived_at"`
	Reached    int                 `db:"reached"` // by how many partners, with or without a mail
}

// unit is 1 in the units of an Amount.
const unit = 10_000

// Count is the number of sales of a milestone without a currency.
func (m Milestone) Count() int { return int(m.Amount.Units() / unit) }

// Standing is the occasion of looking whether a partner has reached a milestone. It
// is no mail itself.
const Standing Occasion = "standing"

// Milestones are those of a program, by currency and value.
func (l *Library) Milestones(ctx context.Context, program affiliate.ProgramID) ([]Milestone, error) {
	all := []Milestone{}
	err := l.db.Select(ctx, &all, `/* messages.Milestones */
		SELECT m.id, m.program_id, m.currency, m.amount, m.created_at, m.archived_at,
			(SELECT COUNT(*) FROM {wp}partner_center_milestone_passes p WHERE p.milestone_id = m.id) AS reached
		FROM {wp}partner_center_milestones m WHERE m.program_id = ? AND m.archived_at IS NULL
		ORDER BY m.currency, m.amount`, program)
	for i, m := range all {
		all[i].Currency = money.Currency(m.Code)
	}
	return all, err
}

// AddMilestone makes a milestone. Partners who have reached it already pass it
// without a mail (D32). One that was taken away is brought back. Errors are of
// KindInvalid by the fields currency and amount.
func (l *Library) AddMilestone(ctx context.Context, actor affiliate.Actor, m Milestone) error {
	p := affiliate.Problems{}
	p.Check(m.Amount.Sign() > 0, "amount", "Please enter a value above 0.")
	p.Check(m.Currency != "" || m.Amount.Units()%unit == 0, "amount", "Please enter a whole number of sales.")
	if err := p.Err(); err != nil {
		return err
	}
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		now := l.now()
		_, err := tx.Exec(ctx, `/* messages.AddMilestone */
			INSERT INTO {wp}partner_center_milestones (program_id, currency, amount, created_at) VALUES (?, ?, ?, ?)
			ON DUPLICATE KEY UPDATE archived_at = NULL`, m.ProgramID, string(m.Currency), m.Amount, now)
		if err != nil {
			return err
		}
		if err := tx.Get(ctx, &m.ID, `/* messages.AddMilestone */ SELECT id FROM {wp}partner_center_milestones
			WHERE program_id = ? AND currency = ? AND amount = ?`, m.ProgramID, string(m.Currency),
			m.Amount); err != nil {
			return err
		}
		if err := passed(ctx, tx, m, now); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "create", Object: "milestone",
			ObjectID: int64(m.ID), After: m})
	})
}

// passed notes all partners who have reached a milestone already.
func passed(ctx context.Context, q db.Queryer, m Milestone, now time.Time) error {
	value, only := `SUM(c.base)`, ` AND c.currency = ?`
	args := []any{m.ID, now, m.ProgramID, string(m.Currency), m.Amount}
	if m.Currency == "" {
		value, only = `COUNT(DISTINCT c.order_id)`, ``
		args = []any{m.ID, now, m.ProgramID, m.Amount}
	}
	_, err := q.Exec(ctx, `/* messages.passed */
		INSERT IGNORE INTO {wp}partner_center_milestone_passes (milestone_id, contact_id, partner_id, mailed, passed_at)
		SELECT ?, pa.contact_id, pa.id, 0, ? FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_partners pa ON pa.id = c.partner_id
		WHERE c.program_id = ?`+only+` AND `+sells+`
		GROUP BY pa.id, pa.contact_id HAVING `+value+` >= ?`, args...)
	return err
}

// RemoveMilestone takes a milestone away. Who has passed it is kept.
func (l *Library) RemoveMilestone(ctx context.Context, actor affiliate.Actor, program affiliate.ProgramID,
	id MilestoneID) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		now := l.now()
		res, err := tx.Exec(ctx, `/* messages.RemoveMilestone */
			UPDATE {wp}partner_center_milestones SET archived_at = ? WHERE id = ? AND program_id = ?
			AND archived_at IS NULL`,
			now, id, program)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "remove", Object: "milestone",
			ObjectID: int64(id)})
	})
}

// hasMilestones tells which programs have any.
func hasMilestones(ctx context.Context, q db.Queryer) (map[affiliate.ProgramID]bool, error) {
	ids, has := []affiliate.ProgramID{}, map[affiliate.ProgramID]bool{}
	err := q.Select(ctx, &ids, `/* messages.hasMilestones */
		SELECT DISTINCT program_id FROM {wp}partner_center_milestones WHERE archived_at IS NULL`)
	for _, id := range ids {
		has[id] = true
	}
	return has, err
}

// look compares what a partner has sold in a program with what they had when it was
// looked at last, and tells of the highest milestone in between (D4, S112). Those
// below it are passed without a mail.
func (d *Desk) look(ctx context.Context, q db.Queryer, e Event) error {
	partner, err := affiliate.LockPartner(ctx, q, e.PartnerID)
	if err != nil {
		return ignoreMissing(err)
	}
	m, is, err := affiliate.RunningMembership(ctx, q, partner.ID)
	if err != nil {
		return err
	}
	enrolled := is && m.ProgramID == e.ProgramID && partner.State == affiliate.Active
	now, err := soldBy(ctx, q, e, time.Time{})
	if err != nil {
		return err
	}
	before, err := standings(ctx, q, e)
	if err != nil {
		return err
	}
	if len(before) == 0 && enrolled { // the first look: what was sold before they joined is no news
		if before, err = soldBy(ctx, q, e, m.StartedAt); err != nil {
			return err
		}
	}
	for currency, sold := range now {
		if enrolled {
			if err := d.reached(ctx, q, e, partner.ContactID, currency, before[currency], sold); err != nil {
				return err
			}
		}
		if _, err := q.Exec(ctx, `/* messages.look */
			INSERT INTO {wp}partner_center_milestone_standings (partner_id, program_id, currency, amount, updated_at)
			VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE amount = VALUES(amount), updated_at = VALUES(updated_at)`,
			e.PartnerID, e.ProgramID, string(currency), sold, d.now()); err != nil {
			return err
		}
	}
	return nil
}

// soldBy is what the partner has sold in the program, before a time or until now,
// by currency; "" is the number of sales.
func soldBy(ctx context.Context, q db.Queryer, e Event, before time.Time) (map[money.Currency]money.Amount, error) {
	rows := []Sold{}
	until, args := "", []any{e.PartnerID, e.ProgramID}
	if !before.IsZero() {
		until, args = " AND c.occurred_at < ?", append(args, before)
	}
	err := q.Select(ctx, &rows, `/* messages.soldBy */
		SELECT c.currency, SUM(c.base) AS amount, COUNT(DISTINCT c.order_id) AS n FROM {wp}partner_center_commissions c
		WHERE c.partner_id = ? AND c.program_id = ? AND `+sells+until+` GROUP BY c.currency`, args...)
	sold, count := map[money.Currency]money.Amount{}, 0
	for _, r := range rows {
		sold[r.Currency], count = r.Amount, count+r.Count
	}
	if err == nil {
		sold[""], err = money.Parse(fmt.Sprint(count))
	}
	return sold, err
}

func standings(ctx context.Context, q db.Queryer, e Event) (map[money.Currency]money.Amount, error) {
	rows := []struct {
		Currency string       `db:"currency"`
		Amount   money.Amount `db:"amount"`
	}{}
	err := q.Select(ctx, &rows, `/* messages.standings */ SELECT currency, amount
		FROM {wp}partner_center_milestone_standings WHERE partner_id = ? AND program_id = ? FOR UPDATE`, e.PartnerID,
		e.ProgramID)
	before := map[money.Currency]money.Amount{}
	for _, r := range rows {
		before[money.Currency(r.Currency)] = r.Amount
	}
	return before, err
}

// reached passes the milestones that lie between, and tells of the highest.
func (d *Desk) reached(ctx context.Context, q db.Queryer, e Event, contact affiliate.ContactID,
	currency money.Currency, before, now money.Amount) error {
	between := []Milestone{}
	err := q.Select(ctx, &between, `/* messages.reached */
		SELECT m.id, m.amount FROM {wp}partner_center_milestones m
		WHERE m.program_id = ? AND m.currency = ? AND m.amount > ? AND m.amount <= ? AND m.archived_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_milestone_passes p
				WHERE p.milestone_id = m.id AND p.contact_id = ?)
		ORDER BY m.amount DESC`, e.ProgramID, string(currency), before, now, contact)
	if err != nil {
		return err
	}
	for i, m := range between {
		if _, err := q.Exec(ctx, `/* messages.reached */
			INSERT IGNORE INTO {wp}partner_center_milestone_passes (milestone_id, contact_id, partner_id,
			mailed, passed_at)
			VALUES (?, ?, ?, ?, ?)`, m.ID, contact, e.PartnerID, i == 0, d.now()); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if err := d.Tell(ctx, q, Event{Key: fmt.Sprintf("milestone-%d-%d", m.ID, contact), Occasion: MilestoneReached,
			ProgramID: e.ProgramID, PartnerID: e.PartnerID,
			Facts: Facts{Amount: m.Amount, Currency: currency}}); err != nil {
			return err
		}
	}
	return nil
}
