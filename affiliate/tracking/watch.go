package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// RecentClick is a click of a partner that was counted.
type RecentClick struct {
	ID     affiliate.VisitID `db:"id"`
	ToolID affiliate.ToolID  `db:"tool_id"`
	SubID  string            `db:"subid"` // as stored; see SubIDText
	Unique bool              `db:"is_unique"`
}

// At is when it was clicked.
func (c RecentClick) At() time.Time { return VisitTime(c.ID) }

// RecentClicks are the latest counted clicks of a partner, the latest first.
func (t *Tracker) RecentClicks(ctx context.Context, partner affiliate.PartnerID, limit int) ([]RecentClick, error) {
	clicks := []RecentClick{}
	err := t.db.Select(ctx, &clicks, `/* tracking.RecentClicks */
		SELECT id, tool_id, subid, is_unique FROM {wp}partner_center_visits WHERE partner_id = ?
		ORDER BY day DESC, id DESC LIMIT ?`, partner, limit)
	return clicks, err
}

// Uncounted is how many clicks were redirected, but not counted, for a reason (D30).
type Uncounted struct {
	Reason Reason `db:"reason"`
	Clicks int64  `db:"clicks"`
}

// Uncounted are the clicks on tools since a day that did not count, by reason,
// the most frequent first.
func (t *Tracker) Uncounted(ctx context.Context, since affiliate.Day, tools ...affiliate.ToolID) ([]Uncounted, error) {
	all := []Uncounted{}
	if len(tools) == 0 {
		return all, nil
	}
	query, args, err := db.In(`/* tracking.Uncounted */
		SELECT reason, SUM(clicks) AS clicks FROM {wp}partner_center_click_rejects
		WHERE day >= ? AND tool_id IN (?) GROUP BY reason ORDER BY clicks DESC, reason`, since, tools)
	if err != nil {
		return nil, err
	}
	return all, t.db.Select(ctx, &all, query, args...)
}
