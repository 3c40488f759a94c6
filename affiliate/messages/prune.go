package messages

import (
	"context"
	"time"

	"partnercenter/db"
)

// kept is how long the log shows what was sent.
const kept = 400 * 24 * time.Hour

// pruneStep is how many rows are taken away at once: few, for letters are written
// meanwhile.
const pruneStep = 1000

// Prune takes mails away that were sent or dropped long ago, and events that nobody
// can tell again. Of what could be told again, such as that a commission was earned, the row
// stays: its key is what keeps the mail from being sent twice.
func (d *Desk) Prune(ctx context.Context) error {
	before := d.now().Add(-kept)
	return deleteSome(ctx, d.db, []string{`/* messages.Desk.Prune */
		DELETE FROM {wp}partner_center_mails WHERE state = 'done' AND next_at < ? AND sent_at < ? LIMIT ?`,
		`/* messages.Desk.Prune */
		DELETE FROM {wp}partner_center_mails WHERE state = 'dropped' AND next_at < ? AND created_at < ? LIMIT ?`,
		`/* messages.Desk.Prune */ DELETE FROM {wp}partner_center_message_events WHERE done_at < ? AND created_at < ?
		AND state = 'done' AND occasion IN ('standing', 'list', 'summary', 'week', 'due', 'trouble') LIMIT ?`}, before)
}

func deleteSome(ctx context.Context, h *db.Handle, queries []string, before time.Time) error {
	for _, query := range queries {
		for {
			res, err := h.Exec(ctx, query, before, before, pruneStep)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n < pruneStep {
				if err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}
