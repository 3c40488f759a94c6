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
	part       string   // of day_sums; "" where no sums are kept by it
	visits     []string // tables and columns of clicks, which add up
	click      string   // of visits v
	lead       string   // of forms f
	commission string   // of commissions c
	kept       string   // its key in day_sums s
	level2     bool     // of commissions, those of level 2 alone: the sales of partners whom they recruited
	strangers  bool     // whoever clicks chooses the keys: a robot can make millions of them
	args       []any    // of each of the three
}

// scope says which figures are summed up. Pending commissions and the sales
// they stand for are excluded unless withPending.
type scope struct {
	partners    []affiliate.PartnerID
	days        affiliate.Range
	withPending bool
}

// scope is what the query asks for of the partner.
func (s source) scope(q Query) scope {
	return scope{[]affiliate.PartnerID{s.view.partner}, q.days(), s.view.ShowPending}
}

// Where no sums are kept (tally), days and partners come from the daily roll-up of
// visits, which is exact; tools and SubIDs from the visits' index alone, landing pages from
// the visits, and from the sums of old ones. SubID, page and tool are of whoever made the sale, so that level-2
// commissions stand under none of the recruiter's, but in a row of their own.
var (
	byDay = dimension{part: "d", visits: []string{rollUp}, click: "v.day", lead: "f.day", commission: "c.day",
		kept: "s.start"}
	byPartner = dimension{visits: []string{rollUp}, click: "v.partner_id", lead: "f.lead_partner_id",
		commission: "c.partner_id"}
	byTool = dimension{part: "t", visits: []string{visits, oldVisits}, click: "v.tool_id",
		lead: "COALESCE(f.lead_tool_id, 0)", commission: "IF(c.level = 1, COALESCE(c.tool_id, 0), -2)",
		kept: "CAST(s.source AS SIGNED)"}
	bySubID = dimension{part: "s", visits: []string{visits, oldVisits}, click: "v.subid", lead: "f.lead_subid",
		commission: "IF(c.level = 1, c.subid, '" + level2Source + "')", kept: "s.source", strangers: true}
	byPage = dimension{part: "l", visits: []string{visits, oldPages}, click: "v.page", lead: "f.lead_page",
		commission: "IF(c.level = 1, c.page, '" + level2Source + "')", kept: "s.source", strangers: true}
	byProduct = dimension{part: "p", commission: "c.product_id", kept: "CAST(s.source AS SIGNED)"}
	bySeller  = dimension{part: "2", commission: sellerOf, kept: "CAST(s.source AS SIGNED)", level2: true}
	level2Day = dimension{part: "2", commission: "c.day", kept: "s.start", level2: true}
)

// What was earned by the sales of recruited partners, among promo tools and among what
// allOthers is no key of.
const (
	level2Tool   affiliate.ToolID = -2
	level2Source                  = "*2"
)

// throughRecruits names the row of it.
var throughRecruits = Sentence(locale.T("Level 2: partners you recruited"))

// keptDimensions are those that Roller keeps sums by.
var keptDimensions = []dimension{byDay, byTool, bySubID, byPage, byProduct, bySeller}

// sellerOf is who made the sale of a commission c of level 2, 0 where it isn't known.
const sellerOf = `COALESCE((SELECT d.partner_id FROM {wp}partner_center_decisions d
	WHERE d.order_id = c.order_id AND d.decision_version = c.decision_version), 0)`

const (
	rollUp    = `SUM(v.clicks) AS clicks, SUM(v.uniques) AS uniques FROM {wp}partner_center_visit_days v`
	oldVisits = `SUM(v.clicks) AS clicks, SUM(v.uniques) AS uniques FROM {wp}partner_center_visit_sums v`
	oldPages  = `SUM(v.clicks) AS clicks, SUM(v.uniques) AS uniques FROM {wp}partner_center_visit_pages v`

	visits = `COUNT(*) AS clicks, SUM(v.is_unique) AS uniques FROM {wp}partner_center_visits v`
)

// rawTally sums up the figures of a scope by a dimension, from the rows of visits,
// forms and commissions themselves.
func rawTally[K comparable](ctx context.Context, q db.Queryer, by dimension, of scope) (map[K]*Figures, error) {
	t := tallies[K]{}
	for _, add := range []func(context.Context, db.Queryer, dimension, scope) error{t.addClicks, t.addLeads,
		t.addSales} {
		if err := add(ctx, q, by, of); err != nil {
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

// with are the arguments of a query that begins with the dimension.
func (d dimension) with(of scope) []any {
	return append(slices.Clone(d.args), of.partners, of.days.From, of.days.To)
}

func (t tallies[K]) addClicks(ctx context.Context, q db.Queryer, by dimension, of scope) error {
	if by.click == "" {
		return nil
	}
	var found []struct {
		Key     K     `db:"k"`
		Clicks  int64 `db:"clicks"`
		Uniques int64 `db:"uniques"`
	}
	for _, visits := range by.visits {
		found = found[:0]
		err := selectIn(ctx, q, &found, `/* reports.clicks */ SELECT `+by.click+` AS k, `+visits+`
			WHERE v.partner_id IN (?) AND v.day >= ? AND v.day < ? GROUP BY k`, by.with(of)...)
		if err != nil {
			return err
		}
		for _, f := range found {
			t.of(f.Key).Clicks += f.Clicks
			t.of(f.Key).Unique += f.Uniques
		}
	}
	return nil
}

func (t tallies[K]) addLeads(ctx context.Context, q db.Queryer, by dimension, of scope) error {
	if by.lead == "" {
		return nil
	}
	var found []struct {
		Key   K     `db:"k"`
		Leads int64 `db:"leads"`
	}
	err := selectIn(ctx, q, &found, `/* reports.leads */ SELECT `+by.lead+` AS k, COUNT(*) AS leads
		FROM {wp}partner_center_touchpoints f
		WHERE f.lead_partner_id IN (?) AND f.day >= ? AND f.day < ? GROUP BY k`, by.with(of)...)
	for _, f := range found {
		t.of(f.Key).Leads = f.Leads
	}
	return err
}

// sells is whether a commission c stands for a sale: one of level 1 that is not
// canceled. A refund takes the sale out as long as no payment of it is settled
// (S36); where nothing is left of it and the order was re-decided since, it is
// the sale of whom that credits.
const sells = `(c.level = 1 AND c.status <> 'canceled' AND NOT (c.amount = 0 AND (c.status = 'in_payout'
	OR EXISTS (SELECT 1 FROM {wp}partner_center_decisions d
		WHERE d.order_id = c.order_id AND d.decision_version > c.decision_version))))`

// leads is whether a commission c stands for its order: the first of them that
// the partner sees and that stands for a sale. Supplements may be of a later
// day; one whose predecessor an admin canceled stands for it (S36).
func leads(hidden string) string {
	of := func(table, text string) string { return strings.ReplaceAll(text, "c.", table+".") }
	return `(` + sells + ` AND (c.sequence = 1 OR NOT EXISTS (
		SELECT 1 FROM {wp}partner_center_commissions s WHERE s.order_id = c.order_id AND s.partner_id = c.partner_id
			AND s.sequence < c.sequence AND ` + of("s", sells+hidden) + `)))`
}

// soldBase and refundedBase are what a commission c adds to Total Sales and to
// Total Refunds: commissions share the base of their line, so that they may be
// summed. Refunds before payment lower the first; what was taken back since the
// payment that stands was settled is the second (S37, S41, D21).
const (
	soldBase = `IF(` + sells + `, IF(c.status = 'paid', GREATEST(COALESCE(c.paid_base, c.base), c.base), c.base),
		0)`
	refundedBase = `IF(c.status = 'paid' AND ` + sells + `, GREATEST(COALESCE(c.paid_base, c.base) - c.base, 0), 0)`
)

// addSales counts sales, and as refunds those of them of which Total Refunds
// holds anything (S40, S41).
func (t tallies[K]) addSales(ctx context.Context, q db.Queryer, by dimension, of scope) error {
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
	if !of.withPending {
		hidden = " AND c.status <> 'pending'"
	}
	measures := `COUNT(DISTINCT IF(` + leads(hidden) + `, c.order_id, NULL)) AS orders, SUM(` + soldBase + `) AS sales,
			SUM(c.amount) AS commission, COUNT(DISTINCT IF(` + refundedBase + ` > 0, c.order_id, NULL)) AS refunds,
			SUM(` + refundedBase + `) AS refunded`
	if by.level2 {
		measures = strings.ReplaceAll(measures, ".level = 1", ".level = 2")
		hidden += " AND c.level = 2"
	}
	err := selectIn(ctx, q, &found, `/* reports.sales */ SELECT `+by.commission+` AS k, c.currency, `+measures+`
		FROM {wp}partner_center_commissions c
		WHERE c.partner_id IN (?) AND c.day >= ? AND c.day < ?`+hidden+`
		GROUP BY k, c.currency`, by.with(of)...)
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

// Currencies are those in which anything was earned, in order.
func (t *Figures) Currencies() []money.Currency { return currencies(map[int]*Figures{0: t}) }

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

// figureFields are the columns of figures: each currency has its own amounts,
// since they are never added (D12).
func figureFields(currencies []money.Currency) fields[Figures] {
	fs := fields[Figures]{
		{Column: Column{Key: "unique", Name: locale.T("Unique visits"), Kind: KindNumber,
			Help: locale.T("Counted once per visitor and day.")},
			Value: func(f *Figures) Cell { return Number(f.Unique) }},
		{Column: Column{Key: "clicks", Name: locale.T("Clicks"), Kind: KindNumber},
			Value: func(f *Figures) Cell { return Number(f.Clicks) }},
		{Column: Column{Key: "leads", Name: locale.T("Leads"), Kind: KindNumber,
			Help: locale.T("Forms submitted by the people you referred.")},
			Value: func(f *Figures) Cell { return Number(f.Leads) }},
		{Column: Column{Key: "sales", Name: locale.T("Sales"), Kind: KindNumber,
			Help: locale.T("Orders of the people you referred.")},
			Value: func(f *Figures) Cell { return Number(f.Sales) }},
		{Column: Column{Key: "conversion", Name: locale.T("Conversion"), Kind: KindPercent,
			Help: locale.T("Sales for each unique visit.")},
			Value: func(f *Figures) Cell { return share(f.Sales, f.Unique) }},
	}
	for _, cur := range currencies {
		fs = append(fs,
			moneyField("total", locale.T("Total sales"), cur,
				func(f *Figures) money.Amount { return f.Money[cur].Sales }),
			moneyField("commission", locale.T("Commission"), cur,
				func(f *Figures) money.Amount { return f.Money[cur].Commission }))
	}
	for i := range fs {
		fs[i].Summed = true
	}
	return fs
}

// moneyField is a column of amounts in one currency, which its key ends in.
func moneyField[T any](key string, name locale.Text, cur money.Currency, amount func(*T) money.Amount) field[T] {
	return field[T]{Column: Column{Key: key + "_" + string(cur), Name: name, Kind: KindMoney, Currency: cur},
		Value: func(t *T) Cell { return Money(amount(t), cur) }}
}
