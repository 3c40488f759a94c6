package reports

import (
	"context"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// Figures are the figures of a day, a promo tool, a SubID or a partner.
type Figures struct {
	Clicks int64
	Unique int64 // unique visits (daily): once for each partner, visitor and day (S34, D3)
	Leads  int64 // forms that referred contacts submitted (S35)
	Sales  int64 // orders with an uncanceled level-1 commission (S36)
	// Refunds are those of Sales that were refunded after the partner was paid,
	// while that payment stands (S40, D21).
	Refunds int64
	Money   map[money.Currency]Earned
}

// Earned are the amounts of a Figures in one currency.
type Earned struct {
	Sales      money.Amount // the bases of what the orders of Figures.Sales sold (S37, D8)
	Commission money.Amount // of both levels
	Refunded   money.Amount // of Sales, after the partner was paid (S41)
}

// dimension is what figures are summed by: an expression of each table they
// come from, scanned into the same type.
type dimension struct {
	visits     string // table and columns of clicks
	click      string // of visits v
	lead       string // of forms f
	commission string // of commissions c
}

// Days and partners come from the daily roll-up, which is exact; tools and
// SubIDs from the visits' index alone. SubID and tool are of whoever made the
// sale, so that level-2 commissions stand under none of the recruiter's.
var (
	byDay     = dimension{rollUp, "v.day", "f.day", "c.day"}
	byPartner = dimension{rollUp, "v.partner_id", "f.lead_partner_id", "c.partner_id"}
	byTool    = dimension{visits, "v.tool_id", "COALESCE(f.lead_tool_id, 0)", "IF(c.level = 1, COALESCE(c.tool_id, 0), 0)"}
	bySubID   = dimension{visits, "v.subid", "f.lead_subid", "IF(c.level = 1, c.subid, '')"}
)

const (
	rollUp = `SUM(v.clicks) AS clicks, SUM(v.uniques) AS uniques FROM {wp}partner_center_visit_days v`
	visits = `COUNT(*) AS clicks, SUM(v.is_unique) AS uniques FROM {wp}partner_center_visits v`
)

// tally sums the figures of partners in a range of days. Pending commissions
// and the sales they stand for are excluded unless withPending.
func tally[K comparable](ctx context.Context, q db.Queryer, by dimension, partners []affiliate.PartnerID, r affiliate.Range, withPending bool) (map[K]*Figures, error) {
	t := tallies[K]{}
	for _, part := range []func() error{
		func() error { return t.addClicks(ctx, q, by, partners, r) },
		func() error { return t.addLeads(ctx, q, by, partners, r) },
		func() error { return t.addSales(ctx, q, by, partners, r, withPending) },
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

type tallies[K comparable] map[K]*Figures

func (t tallies[K]) of(key K) *Figures {
	if t[key] == nil {
		t[key] = &Figures{Money: map[money.Currency]Earned{}}
	}
	return t[key]
}

func (t tallies[K]) addClicks(ctx context.Context, q db.Queryer, by dimension, partners []affiliate.PartnerID, r affiliate.Range) error {
	var found []struct {
		Key     K     `db:"k"`
		Clicks  int64 `db:"clicks"`
		Uniques int64 `db:"uniques"`
	}
	err := selectIn(ctx, q, &found, `/* reports.clicks */ SELECT `+by.click+` AS k, `+by.visits+`
		WHERE v.partner_id IN (?) AND v.day >= ? AND v.day < ? GROUP BY k`, partners, r.From, r.To)
	for _, f := range found {
		t.of(f.Key).Clicks, t.of(f.Key).Unique = f.Clicks, f.Uniques
	}
	return err
}

func (t tallies[K]) addLeads(ctx context.Context, q db.Queryer, by dimension, partners []affiliate.PartnerID, r affiliate.Range) error {
	var found []struct {
		Key   K     `db:"k"`
		Leads int64 `db:"leads"`
	}
	err := selectIn(ctx, q, &found, `/* reports.leads */ SELECT `+by.lead+` AS k, COUNT(*) AS leads FROM {wp}partner_center_touchpoints f
		WHERE f.lead_partner_id IN (?) AND f.day >= ? AND f.day < ? GROUP BY k`, partners, r.From, r.To)
	for _, f := range found {
		t.of(f.Key).Leads = f.Leads
	}
	return err
}

// leads is whether a commission c stands for its line, or its order: the first
// of them that the partner sees and that is not canceled. Supplements repeat the
// line, and may be of a later day; one whose predecessor an admin canceled
// stands for it (S36).
func leads(of, hidden string) string {
	return `(c.level = 1 AND c.status <> 'canceled' AND (c.sequence = 1 OR NOT EXISTS (
		SELECT 1 FROM {wp}partner_center_commissions s WHERE s.` + of + ` = c.` + of + ` AND s.partner_id = c.partner_id AND s.level = 1
			AND s.sequence < c.sequence AND s.status <> 'canceled'` + strings.ReplaceAll(hidden, "c.", "s.") + `)))`
}

// addSales counts a line by the commission that leads it. Of the
// line's base, refunds take away what they took before payment (S36, S37);
// what they took since is counted as refunded (S40, S41).
func (t tallies[K]) addSales(ctx context.Context, q db.Queryer, by dimension, partners []affiliate.PartnerID, r affiliate.Range, withPending bool) error {
	var found []struct {
		Key        K              `db:"k"`
		Currency   money.Currency `db:"currency"`
		Orders     int64          `db:"orders"`
		Sales      money.Amount   `db:"sales"`
		Commission money.Amount   `db:"commission"`
		Refunds    int64          `db:"refunds"`
		Refunded   money.Amount   `db:"refunded"`
	}
	hidden := ""
	if !withPending {
		hidden = " AND c.status <> 'pending'"
	}
	err := selectIn(ctx, q, &found, `/* reports.sales */ SELECT `+by.commission+` AS k, c.currency,
			COUNT(DISTINCT IF(`+leads("order_id", hidden)+`, c.order_id, NULL)) AS orders,
			SUM(IF(`+leads("line_id", hidden)+`,
				IF(c.status IN ('in_payout', 'paid'), COALESCE(c.paid_base, l.base), GREATEST(l.base - l.refunded, 0)), 0)) AS sales,
			SUM(c.amount) AS commission,
			COUNT(DISTINCT IF(c.level = 1 AND c.status = 'paid' AND c.clawback > 0, c.order_id, NULL)) AS refunds,
			SUM(IF(c.status = 'paid' AND `+leads("line_id", hidden)+`,
				GREATEST(COALESCE(c.paid_base, l.base) - GREATEST(l.base - l.refunded, 0), 0), 0)) AS refunded
		FROM {wp}partner_center_commissions c LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
		WHERE c.partner_id IN (?) AND c.day >= ? AND c.day < ?`+hidden+`
		GROUP BY k, c.currency`, partners, r.From, r.To)
	for _, f := range found {
		t.of(f.Key).Sales += f.Orders // an order has one currency: counts may be added, amounts not
		t.of(f.Key).Refunds += f.Refunds
		t.of(f.Key).Money[f.Currency] = Earned{Sales: f.Sales, Commission: f.Commission, Refunded: f.Refunded}
	}
	return err
}

func selectIn(ctx context.Context, q db.Queryer, dest any, query string, args ...any) error {
	query, args, err := db.In(query, args...)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
}

// add sums another tally into t.
func (t *Figures) add(o *Figures) error {
	t.Clicks, t.Unique, t.Leads = t.Clicks+o.Clicks, t.Unique+o.Unique, t.Leads+o.Leads
	t.Sales, t.Refunds = t.Sales+o.Sales, t.Refunds+o.Refunds
	for cur, e := range o.Money {
		sales, err := t.Money[cur].Sales.Add(e.Sales)
		if err != nil {
			return err
		}
		commission, err := t.Money[cur].Commission.Add(e.Commission)
		if err != nil {
			return err
		}
		refunded, err := t.Money[cur].Refunded.Add(e.Refunded)
		if err != nil {
			return err
		}
		t.Money[cur] = Earned{sales, commission, refunded}
	}
	return nil
}

// currencies are those in which anything was earned, in order.
func currencies[K comparable](all map[K]*Figures) []money.Currency {
	var found []money.Currency
	for _, t := range all {
		for cur := range t.Money {
			if !slices.Contains(found, cur) {
				found = append(found, cur)
			}
		}
	}
	slices.Sort(found)
	return found
}

// tallyColumns are the headings of figures: each currency has its own amounts, since
// they are never added (D12).
func tallyColumns(currencies []money.Currency) []Column {
	columns := []Column{
		{Key: "unique", Name: locale.T("Unique visits"), Kind: KindNumber, Help: locale.T("Each visitor counts once a day, no matter how often they click.")},
		{Key: "clicks", Name: locale.T("Clicks"), Kind: KindNumber},
		{Key: "leads", Name: locale.T("Leads"), Kind: KindNumber, Help: locale.T("Forms submitted by the people you referred.")},
		{Key: "sales", Name: locale.T("Sales"), Kind: KindNumber, Help: locale.T("Orders of the people you referred.")},
		{Key: "conversion", Name: locale.T("Conversion"), Kind: KindPercent, Help: locale.T("Sales for each unique visit.")},
	}
	for _, cur := range currencies {
		columns = append(columns,
			Column{Key: "total_" + string(cur), Name: locale.T("Total sales"), Kind: KindMoney, Currency: cur},
			Column{Key: "commission_" + string(cur), Name: locale.T("Commission"), Kind: KindMoney, Currency: cur})
	}
	return columns
}

// cells stand under tallyColumns.
func (t *Figures) cells(currencies []money.Currency) []Cell {
	cells := []Cell{Number(t.Unique), Number(t.Clicks), Number(t.Leads), Number(t.Sales), share(t.Sales, t.Unique)}
	for _, cur := range currencies {
		cells = append(cells, Money(t.Money[cur].Sales, cur), Money(t.Money[cur].Commission, cur))
	}
	return cells
}
