package reports

import (
	"context"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
)

// ToolFigures are what promo tools have brought all partners together since a day:
// clicks, leads, and sales with what they earn, level 2 left out. Tools that brought
// nothing are not in the map. Clicks are read one by one, so ask for weeks, not years.
func (rd *Reader) ToolFigures(ctx context.Context, since affiliate.Day,
	tools ...affiliate.ToolID) (found map[affiliate.ToolID]*Figures, err error) {
	err = rd.db.ReadOnly(ctx, func(tx *db.Tx) (err error) {
		found, err = toolFigures(ctx, tx, since, rd.zone(), tools)
		return err
	})
	return found, err
}

// toolFigures is Reader.ToolFigures on an open transaction.
func toolFigures(ctx context.Context, q db.Queryer, since affiliate.Day, zone *time.Location,
	tools []affiliate.ToolID) (tallies[affiliate.ToolID], error) {
	t := tallies[affiliate.ToolID]{}
	for part := range slices.Chunk(tools, namesAtOnce) {
		if err := t.toolClicks(ctx, q, tracking.FirstVisitID(since.Start(zone)), part); err != nil {
			return nil, err
		}
		if err := t.toolLeads(ctx, q, since, part); err != nil {
			return nil, err
		}
		if err := t.toolSales(ctx, q, since, part); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t tallies[K]) toolClicks(ctx context.Context, q db.Queryer, from affiliate.VisitID,
	tools []affiliate.ToolID) error {
	var found []struct {
		Tool    K     `db:"tool_id"`
		Clicks  int64 `db:"clicks"`
		Uniques int64 `db:"uniques"`
	}
	err := selectIn(ctx, q, &found, `/* reports.toolClicks */
		SELECT v.tool_id, COUNT(*) AS clicks, SUM(v.is_unique) AS uniques FROM {wp}partner_center_visits v
		WHERE v.id >= ? AND v.tool_id IN (?) GROUP BY v.tool_id`, from, tools)
	for _, f := range found {
		t.of(f.Tool).Clicks, t.of(f.Tool).Unique = f.Clicks, f.Uniques
	}
	return err
}

func (t tallies[K]) toolLeads(ctx context.Context, q db.Queryer, since affiliate.Day, tools []affiliate.ToolID) error {
	var found []struct {
		Tool  K     `db:"tool_id"`
		Leads int64 `db:"leads"`
	}
	err := selectIn(ctx, q, &found, `/* reports.toolLeads */
		SELECT f.lead_tool_id AS tool_id, COUNT(*) AS leads FROM {wp}partner_center_touchpoints f
		WHERE f.lead_tool_id IN (?) AND f.day >= ? AND f.lead_partner_id IS NOT NULL GROUP BY f.lead_tool_id`,
		tools, since)
	for _, f := range found {
		t.of(f.Tool).Leads = f.Leads
	}
	return err
}

func (t tallies[K]) toolSales(ctx context.Context, q db.Queryer, since affiliate.Day, tools []affiliate.ToolID) error {
	var found []struct {
		Tool       K              `db:"tool_id"`
		Currency   money.Currency `db:"currency"`
		Orders     int64          `db:"orders"`
		Sales      money.Amount   `db:"sales"`
		Commission money.Amount   `db:"commission"`
	}
	err := selectIn(ctx, q, &found, `/* reports.toolSales */
		SELECT c.tool_id, c.currency, COUNT(DISTINCT IF(`+leads("")+`, c.order_id, NULL)) AS orders,
			SUM(`+soldBase+`) AS sales, SUM(c.amount) AS commission
		FROM {wp}partner_center_commissions c
		WHERE c.tool_id IN (?) AND c.day >= ? AND c.level = 1 GROUP BY c.tool_id, c.currency`, tools, since)
	for _, f := range found {
		t.of(f.Tool).Sales += f.Orders
		t.of(f.Tool).Money[f.Currency] = Earned{Sales: f.Sales, Commission: f.Commission}
	}
	return err
}
