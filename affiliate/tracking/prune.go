package tracking

import (
	"cmp"
	"context"
	"errors"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// keepVisits is how long visits are kept one by one: longer than any cookie names
// them, and than a form that was noted waits in the inbox.
const keepVisits = VisitorLife + 30*24*time.Hour

// pruneStep is how many rows a transaction takes away: few, for clicks wait for it.
const pruneStep = 2000

// prune takes away what has had its time. Reports keep their numbers.
func (c *Clicks) prune(ctx context.Context) error {
	return errors.Join(c.pruneSeen(ctx), c.pruneTokens(ctx), c.pruneFloods(ctx), c.pruneVisits(ctx))
}

// pruneVisits sums old visits up by tool and SubID, and by tool and page, and deletes
// them.
func (c *Clicks) pruneVisits(ctx context.Context) error {
	before := FirstVisitID(c.now().Add(-keepVisits))
	for {
		n := 0
		err := c.db.Tx(ctx, func(tx *db.Tx) (err error) {
			n, err = foldVisits(ctx, tx, before)
			return err
		})
		if err != nil || n < pruneStep {
			return err
		}
	}
}

// oldVisit is what visits are summed up by: SubIDs and pages apart, since together
// they are as many as the visits.
type oldVisit struct {
	Partner affiliate.PartnerID `db:"partner_id"`
	Day     affiliate.Day       `db:"day"`
	Tool    affiliate.ToolID    `db:"tool_id"`
	Source  string              `db:"-"` // SubID or page
}

func foldVisits(ctx context.Context, tx *db.Tx, before affiliate.VisitID) (n int, err error) {
	var rows []struct {
		ID affiliate.VisitID `db:"id"`
		oldVisit
		SubID  string `db:"subid"`
		Page   string `db:"page"`
		Unique int    `db:"is_unique"`
	}
	err = tx.Select(ctx, &rows, `/* tracking.foldVisits */
		SELECT id, partner_id, day, tool_id, subid, page, is_unique FROM {wp}partner_center_visits
		WHERE id < ? ORDER BY id LIMIT ? FOR UPDATE`, before, pruneStep)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	bySubID, byPage, ids := oldVisits{}, oldVisits{}, make([]any, 0, len(rows))
	for _, r := range rows {
		bySubID.add(r.oldVisit, r.SubID, r.Unique)
		byPage.add(r.oldVisit, r.Page, r.Unique)
		ids = append(ids, r.ID)
	}
	res, err := tx.Exec(ctx, rowsOf(`/* tracking.foldVisits */ DELETE FROM {wp}partner_center_visits WHERE id IN (`,
		"?", len(ids), ")"), ids...)
	if err != nil {
		return 0, err
	}
	// On an engine that locks no rows, another sidecar may have taken some.
	if gone, err := res.RowsAffected(); err != nil || int(gone) != len(ids) {
		return 0, cmp.Or(err, errTaken)
	}
	if err := bySubID.save(ctx, tx, `/* tracking.foldVisits */
		INSERT INTO {wp}partner_center_visit_sums (partner_id, day, tool_id, subid, clicks, uniques) VALUES`); err != nil {
		return 0, err
	}
	return len(rows), byPage.save(ctx, tx, `/* tracking.foldVisits */
		INSERT INTO {wp}partner_center_visit_pages (partner_id, day, tool_id, page, clicks, uniques) VALUES`)
}

// oldVisits are numbers of clicks and of unique visits.
type oldVisits map[oldVisit][2]int

func (sums oldVisits) add(v oldVisit, source string, unique int) {
	v.Source = source
	sums[v] = [2]int{sums[v][0] + 1, sums[v][1] + unique}
}

var errTaken = errors.New("tracking: another sidecar prunes the same visits")

func (sums oldVisits) save(ctx context.Context, tx *db.Tx, insert string) error {
	args := make([]any, 0, 6*len(sums))
	for _, k := range sortedKeys(sums, func(a, b oldVisit) int {
		return cmp.Or(cmp.Compare(a.Partner, b.Partner), compareDays(a.Day, b.Day), cmp.Compare(a.Tool, b.Tool),
			cmp.Compare(a.Source, b.Source))
	}) {
		args = append(args, k.Partner, k.Day, int64(k.Tool), k.Source, sums[k][0], sums[k][1])
	}
	_, err := tx.Exec(ctx, rowsOf(insert, "(?,?,?,?,?,?)", len(sums),
		`ON DUPLICATE KEY UPDATE clicks = clicks + VALUES(clicks), uniques = uniques + VALUES(uniques)`), args...)
	return err
}

// tooMany are the names under which PHP counts what it did not take in.
var tooMany = map[[16]byte]Reason{{15: 1}: FormFlood, {15: 2}: Flood}

// pruneFloods takes over what PHP has counted, and forgets who did how much.
func (c *Clicks) pruneFloods(ctx context.Context) error {
	minute := c.now().Unix() / 60
	err := c.db.Tx(ctx, func(tx *db.Tx) error {
		for name, reason := range tooMany {
			if err := c.takeFlood(ctx, tx, name, reason, minute); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = c.db.Exec(ctx,
		`/* tracking.pruneFloods */ DELETE FROM {wp}partner_center_floods WHERE minute < ?`, minute-60)
	return err
}

func (c *Clicks) takeFlood(ctx context.Context, tx *db.Tx, name [16]byte, reason Reason, now int64) error {
	var rows []struct {
		Minute int64 `db:"minute"`
		Times  int   `db:"times"`
	}
	err := tx.Select(ctx, &rows, `/* tracking.takeFlood */
		SELECT minute, times FROM {wp}partner_center_floods WHERE who = ? AND minute < ? FOR UPDATE`, name[:], now)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, r := range rows {
		day := affiliate.DayOf(time.Unix(60*r.Minute, 0), c.zone())
		_, err := tx.Exec(ctx, `/* tracking.takeFlood */
			INSERT INTO {wp}partner_center_click_rejects (day, tool_id, reason, instance, clicks) VALUES (?, 0, ?, ?, ?)
			ON DUPLICATE KEY UPDATE clicks = clicks + VALUES(clicks)`, day, reason, phpInstance, r.Times)
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `/* tracking.takeFlood */
		DELETE FROM {wp}partner_center_floods WHERE who = ? AND minute < ?`, name[:], now)
	return err
}
