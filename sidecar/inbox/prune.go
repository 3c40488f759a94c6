package inbox

import (
	"context"
	"time"

	"partnercenter/db"
)

// keepDone is how long a fact is kept after it was applied: for whoever asks what
// WordPress reported.
const keepDone = 30 * 24 * time.Hour

// pruneStep is how many rows a transaction takes away: few, for PHP appends meanwhile.
const pruneStep = 1000

// Prune takes facts away that were applied long ago. Of a thing that can be
// reported again, such as an order, the row of its latest state stays, emptied:
// its number tells later states from earlier ones.
func (d *Drainer) Prune(ctx context.Context) error {
	for {
		n := 0
		err := d.db.Tx(ctx, func(tx *db.Tx) (err error) {
			n, err = d.pruneSome(ctx, tx)
			return err
		})
		if err != nil || n < pruneStep {
			return err
		}
	}
}

func (d *Drainer) pruneSome(ctx context.Context, tx *db.Tx) (int, error) {
	var rows []struct {
		ID   int64 `db:"id"`
		Gone bool  `db:"gone"`
	}
	err := tx.Select(ctx, &rows, `/* inbox.pruneSome */
		SELECT id, gone FROM (SELECT i.id, i.payload, i.kind IN ('form', 'click', 'coupon') OR EXISTS (
				SELECT 1 FROM {wp}partner_center_inbox l WHERE l.source = i.source AND l.kind = i.kind
				AND l.external_id = i.external_id AND l.seq > i.seq) AS gone
			FROM {wp}partner_center_inbox i WHERE i.done_at < ?) old
		WHERE gone OR payload <> '{}' LIMIT ?`, d.now().Add(-keepDone), pruneStep)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	gone, emptied := []int64{0}, []int64{0} // no row has the number 0, and no list may be empty
	for _, r := range rows {
		if r.Gone {
			gone = append(gone, r.ID)
		} else {
			emptied = append(emptied, r.ID)
		}
	}
	for query, ids := range map[string][]int64{
		`/* inbox.pruneSome */ DELETE FROM {wp}partner_center_inbox WHERE id IN (?)`:                           gone,
		`/* inbox.pruneSome */ UPDATE {wp}partner_center_inbox SET payload = '{}', click = '' WHERE id IN (?)`: emptied,
	} {
		query, args, err := db.In(query, ids)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
