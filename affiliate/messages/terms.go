package messages

import (
	"context"
	"encoding/json"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// NewTerms tells, as a step of the transaction that saves them, that a program has
// new terms from a day on: all who are active in it then are written, once for each
// version (S148). Their letters come of this one row, so that a program of many
// thousands is saved as fast as one of three.
func (d *Desk) NewTerms(ctx context.Context, q db.Queryer, program affiliate.ProgramID, version int,
	from affiliate.Day) error {
	return d.Tell(ctx, q, Event{Key: fmt.Sprintf("terms-%d-%d", program, version), Occasion: TermsChanged,
		ProgramID: program, Facts: Facts{From: from}})
}

// spread makes an event that is about all partners of a program one of each.
func (d *Desk) spread(ctx context.Context, q db.Queryer, e Event) error {
	facts, err := json.Marshal(e.Facts)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Key, err)
	}
	now := d.now()
	_, err = q.Exec(ctx, `/* messages.Desk.spread */
		INSERT INTO {wp}partner_center_message_events (once_key, occasion, program_id, partner_id, facts, state,
		next_at, created_at)
		SELECT CONCAT(?, '-', m.partner_id), ?, m.program_id, m.partner_id, ?, 'queued', ?, ?
		FROM {wp}partner_center_memberships m
		JOIN {wp}partner_center_partners pa ON pa.id = m.partner_id AND pa.state = 'active'
		WHERE m.program_id = ? AND m.active = 1
		ON DUPLICATE KEY UPDATE {wp}partner_center_message_events.id = {wp}partner_center_message_events.id`,
		e.Key, e.Occasion, string(facts), now, now, int64(e.ProgramID))
	return err
}

// ofAll tells whether an event is about everybody in its program.
func (e Event) ofAll() bool { return e.Occasion == TermsChanged && e.PartnerID == 0 }
