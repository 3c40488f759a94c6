package ledger

import (
	"context"

	"partnercenter/db"
)

// linkJournals finds, for commissions that come in the place of others, the last
// journal of these: the reversal that was just posted, or the cancellation that
// is reinstated (S82, S97).
func linkJournals(ctx context.Context, q db.Queryer, linked []Posting) error {
	if len(linked) == 0 {
		return nil
	}
	keys := []any{}
	for _, p := range linked {
		keys = append(keys, p.Follows.ID, p.Follows.Journals)
	}
	last := []struct {
		Commission CommissionID `db:"commission_id"`
		ID         JournalID    `db:"id"`
	}{}
	err := q.Select(ctx, &last, `/* ledger.linkJournals */
		SELECT commission_id, id FROM {wp}partner_center_journals WHERE (commission_id, seq) IN (`+db.Pairs(
		len(linked))+`)`, keys...)
	for i := range linked {
		for _, j := range last {
			if j.Commission == linked[i].Follows.ID {
				linked[i].related = j.ID
			}
		}
	}
	return err
}
