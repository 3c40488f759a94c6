package tracking

import (
	"context"

	"partnercenter/affiliate"
)

// Jump is a partner whose clicks have jumped while no lead came of them. It may be
// a robot, bought traffic, a new page, or a form that does not work: a hint to
// look, not a verdict.
type Jump struct {
	PartnerID affiliate.PartnerID `db:"partner_id"`
	Clicks    int64               `db:"recent"` // in the last 7 days
	Usual     int64               `db:"usual"`  // in 7 days of the four weeks before
}

// What makes a jump: that many clicks in a week, that many times the usual.
const (
	jumpClicks = 200
	jumpTimes  = 5
	jumpWeeks  = 4 // before, of which the usual is taken
)

// Jumps are the partners whose clicks of the last 7 days jumped and brought no
// lead, most clicks first, at most limit; of one partner, unless it is 0.
func (t *Tracker) Jumps(ctx context.Context, today affiliate.Day, partner affiliate.PartnerID, limit int) ([]Jump,
	error) {
	tomorrow := today.Next()
	since := tomorrow.AddDays(-7)
	jumps := []Jump{}
	err := t.db.Select(ctx, &jumps, `/* tracking.Jumps */
		SELECT j.partner_id, j.recent, j.usual FROM (
			SELECT v.partner_id, SUM(IF(v.day >= ?, v.clicks, 0)) AS recent,
				CAST(SUM(IF(v.day < ?, v.clicks, 0)) / ? AS SIGNED) AS usual
			FROM {wp}partner_center_visit_days v
			WHERE v.day >= ? AND v.day < ? AND (? = 0 OR v.partner_id = ?) GROUP BY v.partner_id) j
		WHERE j.recent >= ? AND j.recent > ? * j.usual AND NOT EXISTS (
			SELECT 1 FROM {wp}partner_center_touchpoints f
			WHERE f.lead_partner_id = j.partner_id AND f.day >= ? AND f.day < ?)
		ORDER BY j.recent DESC, j.partner_id LIMIT ?`, since, since, jumpWeeks, since.AddDays(-7*jumpWeeks), tomorrow,
		int64(partner), partner, jumpClicks, jumpTimes, since, tomorrow, limit)
	return jumps, err
}

// LeadsToCheck is how many forms of a partner's visitors came from a click or
// network that named many addresses, and wait for somebody to decide (D41).
func (t *Tracker) LeadsToCheck(ctx context.Context, partner affiliate.PartnerID) (n int64, err error) {
	err = t.db.Get(ctx, &n, `/* tracking.LeadsToCheck */ SELECT COUNT(*) FROM {wp}partner_center_touchpoints
		WHERE check_partner_id = ?`, partner)
	return n, err
}
