package tracking

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// TestClick is the latest click of a partner on a link of their own, by which
// they try it out: it never counts (S63).
type TestClick struct {
	ToolID affiliate.ToolID `db:"tool_id"` // 0 where the link named none
	At     time.Time        `db:"clicked_at"`
}

// TestClick is the partner's latest one; false while there is none.
func (t *Tracker) TestClick(ctx context.Context, partner affiliate.PartnerID) (TestClick, bool, error) {
	var c TestClick
	err := t.db.Get(ctx, &c, `/* tracking.TestClick */ SELECT tool_id, clicked_at
		FROM {wp}partner_center_own_clicks WHERE partner_id = ?`, partner)
	if db.NoRows(err) {
		return c, false, nil
	}
	return c, err == nil, err
}

// noteOwnClick keeps the latest own click of each partner.
func (t *Tracker) noteOwnClick(ctx context.Context, partner affiliate.PartnerID, tool affiliate.ToolID,
	at time.Time) error {
	_, err := t.db.Exec(ctx, `/* tracking.noteOwnClick */
		INSERT INTO {wp}partner_center_own_clicks (partner_id, tool_id, clicked_at) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE tool_id = IF(VALUES(clicked_at) >= clicked_at, VALUES(tool_id), tool_id),
			clicked_at = GREATEST(clicked_at, VALUES(clicked_at))`, partner, tool, at)
	return err
}
