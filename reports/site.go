package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

// siteScope says which figures of all partners are summed up. It is the same
// arithmetic as a partner's own figures (figures.go), over all of them, with
// pending commissions.
type siteScope struct {
	days    affiliate.Range
	partner affiliate.PartnerID
	program affiliate.ProgramID
	tool    affiliate.ToolID
	tools   []affiliate.ToolID // of the program, where one is chosen
	zone    *time.Location
	among   among // of sales
}

// among narrows sales to those of some partners or promo tools.
type among struct {
	condition string // with IN (?)
	ids       []int64
}

func (s source) siteScope(ctx context.Context, q Query) (siteScope, error) {
	of := siteScope{days: q.days(), partner: q.Partner, program: q.Program, tool: q.Tool, zone: s.zone}
	if of.program == 0 {
		return of, nil
	}
	of.tools = []affiliate.ToolID{0} // which no click has
	err := s.q.Select(ctx, &of.tools, `/* reports.siteScope */ SELECT id FROM {wp}partner_center_tools
		WHERE program_id = ?`, of.program)
	return of, err
}

// clicks narrows clicks or leads, whose tool and partner stand in these columns.
func (of siteScope) clicks(w *where, alias, partner, tool string) {
	addIf(w, alias+"."+partner+" = ?", of.partner)
	addIf(w, alias+"."+tool+" = ?", of.tool)
	if of.program != 0 {
		w.add(alias+"."+tool+" IN (?)", append([]affiliate.ToolID{0}, of.tools...))
		w.add(alias + "." + tool + " <> 0")
	}
	w.days(alias+".day", of.days)
}

// siteDimension is what figures of all partners are summed by, in each table they
// come from. One without tool or SubID reads clicks from the sums of days.
type siteDimension struct {
	click, lead, commission string
	rollUp                  bool
	old                     string // sums of old visits; "" for oldVisits
	args                    []any  // of each of the three
}

// Commissions of the second level stand under no tool and SubID, as in the
// recruiter's own reports.
var (
	siteByDay     = siteDimension{click: "v.day", lead: "f.day", commission: "c.day", rollUp: true}
	siteByPartner = siteDimension{click: "v.partner_id", lead: "f.lead_partner_id", commission: "c.partner_id",
		rollUp: true}
	siteByTool = siteDimension{click: "v.tool_id", lead: "COALESCE(f.lead_tool_id, 0)",
		commission: "IF(c.level = 1, COALESCE(c.tool_id, 0), 0)"}
	siteBySubID = siteDimension{click: "v.subid", lead: "f.lead_subid", commission: "IF(c.level = 1, c.subid, '')"}
	siteByPage  = siteDimension{click: "v.page", lead: "f.lead_page", commission: "IF(c.level = 1, c.page, '')",
		old: oldPages}
	siteByProduct = siteDimension{commission: "c.product_id"}
	siteByProgram = siteDimension{commission: "c.program_id"}
)

// siteTally sums up the figures of all partners by a dimension.
func siteTally[K comparable](ctx context.Context, q db.Queryer, by siteDimension, of siteScope) (tallies[K], error) {
	t := tallies[K]{}
	for _, add := range []func(context.Context, db.Queryer, siteDimension, siteScope) error{t.addSiteClicks,
		t.addSiteLeads, t.addSiteSales} {
		if err := add(ctx, q, by, of); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t tallies[K]) addSiteClicks(ctx context.Context, q db.Queryer, by siteDimension, of siteScope) error {
	if by.click == "" {
		return nil
	}
	sources := []string{visits, or(by.old, oldVisits)}
	if by.rollUp && of.tool == 0 && of.program == 0 {
		sources = []string{rollUp}
	}
	for _, from := range sources {
		w := where{}
		of.clicks(&w, "v", "partner_id", "tool_id")
		if from == visits && of.partner == 0 {
			of.visitIDs(&w)
		}
		var found []struct {
			Key     K     `db:"k"`
			Clicks  int64 `db:"clicks"`
			Uniques int64 `db:"uniques"`
		}
		err := selectIn(ctx, q, &found, `/* reports.siteClicks */ SELECT `+by.click+` AS k, `+from+w.sql()+
			` GROUP BY k`, slices.Concat(by.args, w.args)...)
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

// visitIDs narrows visits by their ids, which grow with time, so that only those
// of about these days are read. Two days are more than zones and clocks differ.
func (of siteScope) visitIDs(w *where) {
	const slack = 48 * time.Hour
	const first, last = 2021, 2150 // years in which ids are made
	if from := of.days.From; from.Year >= first && from.Year < last {
		w.add("v.id >= ?", tracking.FirstVisitID(from.Start(of.zone).Add(-slack)))
	}
	if to := of.days.To; to.Year >= first && to.Year < last {
		w.add("v.id < ?", tracking.FirstVisitID(to.Start(of.zone).Add(slack)))
	}
}

func (t tallies[K]) addSiteLeads(ctx context.Context, q db.Queryer, by siteDimension, of siteScope) error {
	if by.lead == "" {
		return nil
	}
	w := where{}
	w.add("f.lead_partner_id IS NOT NULL")
	of.clicks(&w, "f", "lead_partner_id", "lead_tool_id")
	var found []struct {
		Key   K     `db:"k"`
		Leads int64 `db:"leads"`
	}
	err := selectIn(ctx, q, &found, `/* reports.siteLeads */ SELECT `+by.lead+` AS k, COUNT(*) AS leads
		FROM {wp}partner_center_touchpoints f`+w.sql()+` GROUP BY k`, slices.Concat(by.args, w.args)...)
	for _, f := range found {
		t.of(f.Key).Leads += f.Leads
	}
	return err
}

// sales narrows commissions.
func (of siteScope) sales() (w where) {
	addIf(&w, "c.partner_id = ?", of.partner)
	addIf(&w, "c.program_id = ?", of.program)
	if of.tool != 0 {
		w.add("c.level = 1 AND c.tool_id = ?", of.tool)
	}
	w.days("c.day", of.days)
	if of.among.condition != "" {
		w.add(of.among.condition, of.among.ids)
	}
	return w
}

func (t tallies[K]) addSiteSales(ctx context.Context, q db.Queryer, by siteDimension, of siteScope) error {
	w := of.sales()
	var found []struct {
		Key        K              `db:"k"`
		Currency   money.Currency `db:"currency"`
		Orders     int64          `db:"orders"`
		Sales      money.Amount   `db:"sales"`
		Commission money.Amount   `db:"commission"`
		Refunds    int64          `db:"refunds"`
		Refunded   money.Amount   `db:"refunded"`
	}
	// An order is a sale of each partner who is credited with it, which is one but
	// where it was paid to somebody before it was credited to somebody else.
	sale := func(condition string) string {
		return fmt.Sprintf(`COUNT(DISTINCT CASE WHEN %s THEN c.order_id END, c.partner_id)`, condition)
	}
	err := selectIn(ctx, q, &found, `/* reports.siteSales */ SELECT `+by.commission+` AS k, c.currency,
			`+sale(leads(""))+` AS orders, SUM(`+soldBase+`) AS sales, SUM(c.amount) AS commission,
			`+sale(refundedBase+" > 0")+` AS refunds, SUM(`+refundedBase+`) AS refunded
		FROM {wp}partner_center_commissions c`+w.sql()+` GROUP BY k, c.currency`, slices.Concat(by.args, w.args)...)
	for _, f := range found {
		one := Figures{Sales: f.Orders, Refunds: f.Refunds,
			Money: map[money.Currency]Earned{f.Currency: {f.Sales, f.Commission, f.Refunded}}}
		if err := t.of(f.Key).add(&one); err != nil {
			return err
		}
	}
	return err
}

// SiteDays are the figures of all partners on each day of r, narrowed by the
// partner, program and tool of q, for charts. Open ends are those of everything
// known. Days before the first program are not known. Of very many clicks and sales the
// figures are those of a moment ago.
func (rd *Reader) SiteDays(ctx context.Context, q Query, r affiliate.Range) (points []Point, err error) {
	q.Range = r
	key := fmt.Sprintf("SiteDays %+v %v", q, rd.Today())
	points, err = keep(rd.kept, key, rd.now(), false, func() (points []Point, rows int64, err error) {
		err = rd.db.ReadOnly(ctx, func(tx *db.Tx) (err error) {
			s := source{q: tx, now: rd.now(), today: rd.Today(), zone: rd.zone(), mask: rd.mask, kept: rd.kept}
			points, err = siteDays(ctx, s, q)
			return err
		})
		for _, p := range points {
			rows += p.Clicks + p.Sales
		}
		return points, rows, err
	})
	points = slices.Clone(points)
	for i := range points { // which whoever asked may add to
		points[i].Money = maps.Clone(points[i].Money)
	}
	return points, err
}

func siteDays(ctx context.Context, s source, q Query) (points []Point, err error) {
	of, err := s.siteScope(ctx, q)
	if err != nil {
		return nil, err
	}
	days, err := siteTally[affiliate.Day](ctx, s.q, siteByDay, of)
	if err != nil {
		return nil, err
	}
	var first *time.Time
	if err := s.q.Get(ctx, &first, `/* reports.siteDays */ SELECT MIN(created_at) FROM
		{wp}partner_center_programs`); err != nil {
		return nil, err
	}
	if first != nil {
		s.view.member.From = affiliate.DayOf(*first, s.zone)
	}
	for d := range days {
		if d.Before(s.view.member.From) {
			s.view.member.From = d // of a migration
		}
	}
	r := s.ends(q.Range, days)
	for d := r.From; d.Before(r.To) && len(points) < maxPoints; d = d.Next() {
		p := Point{Day: d, Unfinished: d == s.today, Known: s.known(d)}
		if t := days[d]; t != nil {
			p.Figures, p.Known = *t, true
		} else {
			p.Money = map[money.Currency]Earned{}
		}
		points = append(points, p)
	}
	return points, nil
}

// siteFields are the columns of figures over all partners.
func siteFields(currencies []money.Currency) fields[Figures] {
	fs := figureFields(currencies)
	for i := range fs {
		switch fs[i].Key {
		case "leads":
			fs[i].Help = locale.T("Forms submitted by the people whom partners referred.")
		case "sales":
			fs[i].Help = locale.T("Orders that a partner gets credit for.")
		}
	}
	return fs
}

// siteTable is a table of figures by a key, what earned most first. Keys in last
// stand behind all others.
func siteTable[K cmp.Ordered](q Query, found map[K]*Figures, names fields[K], figures []string, last ...K) (*Table,
	error) {
	sum := Figures{Money: map[money.Currency]Earned{}}
	for _, f := range found {
		if err := sum.add(f); err != nil {
			return nil, err
		}
	}
	curs := currencies(found)
	rank := func(key K) int { return slices.Index(last, key) }
	keys := slices.SortedFunc(maps.Keys(found), func(a, b K) int {
		order := cmp.Compare(rank(a), rank(b))
		for _, cur := range curs {
			order = cmp.Or(order, found[b].Money[cur].Commission.Cmp(found[a].Money[cur].Commission))
		}
		return cmp.Or(order, cmp.Compare(found[b].Sales, found[a].Sales),
			cmp.Compare(found[b].Unique, found[a].Unique), cmp.Compare(found[b].Clicks, found[a].Clicks),
			cmp.Compare(a, b))
	})
	numbers := slices.DeleteFunc(siteFields(curs), func(f field[Figures]) bool {
		return f.Currency == "" && figures != nil && !slices.Contains(figures, f.Key)
	})
	fs := append(lift(names, func(k *keyed[K]) *K { return &k.key }),
		lift(numbers, func(k *keyed[K]) *Figures { return k.figures })...)
	var rows []Row
	for _, key := range keys {
		rows = append(rows, Row{Cells: fs.cells(&keyed[K]{key, found[key]}), After: fmt.Sprintf("=%v", key)})
	}
	rows, err := behind(rows, q)
	return &Table{Columns: fs.columns(), Totals: []Row{fs.total(&keyed[K]{figures: &sum})}, Rows: all(rows)}, err
}

// regroup sums figures by tool up to those of what the tools have in common.
func regroup[K comparable](found map[affiliate.ToolID]*Figures, of func(affiliate.ToolID) K) (tallies[K], error) {
	t := tallies[K]{}
	for id, f := range found {
		if err := t.of(of(id)).add(f); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// SiteTop is one who, or what, brought most sales in some days.
type SiteTop struct {
	ID      int64 // of the partner or promo tool; 0: sales without one
	Name    string
	Figures Figures
}

// SiteTop are the partners and the promo tools that earned most in the days of q,
// at most n of each, those that sold nothing left out: of very many sales, as it was a
// moment ago.
func (rd *Reader) SiteTop(ctx context.Context, q Query, n int) (partners, tools []SiteTop, err error) {
	key := fmt.Sprintf("SiteTop %+v %d", q, n)
	top, err := keep(rd.kept, key, rd.now(), false, func() ([2][]SiteTop, int64, error) {
		partners, tools, sales, err := rd.siteTops(ctx, q, n)
		return [2][]SiteTop{partners, tools}, sales, err
	})
	return top[0], top[1], err
}

// siteTops are those of SiteTop, as they are now, and of how many commissions.
func (rd *Reader) siteTops(ctx context.Context, q Query, n int) (partners, tools []SiteTop, sales int64, err error) {
	err = rd.db.ReadOnly(ctx, func(tx *db.Tx) error {
		s := source{q: tx, now: rd.now(), today: rd.Today(), zone: rd.zone(), mask: rd.mask}
		of, err := s.siteScope(ctx, q)
		if err != nil {
			return err
		}
		partners, sales, err = siteTop[affiliate.PartnerID](ctx, s.q, siteByPartner, "c.partner_id IN (?)", of, n)
		if err != nil {
			return err
		}
		tools, _, err = siteTop[affiliate.ToolID](ctx, s.q, siteByTool, "c.level = 1 AND c.tool_id IN (?)", of, n)
		if err != nil {
			return err
		}
		names, err := s.partnerNames(ctx, idsOf[affiliate.PartnerID](partners))
		if err != nil {
			return err
		}
		named, err := s.tools(ctx, idsOf[affiliate.ToolID](tools))
		for i := range partners {
			partners[i].Name = names[affiliate.PartnerID(partners[i].ID)]
		}
		for i := range tools {
			tools[i].Name = named[affiliate.ToolID(tools[i].ID)].Name
		}
		return err
	})
	return partners, tools, sales, err
}

// everyStatus lets the databases add up commissions of some days in the index that
// begins with the status and has all that is asked, without their rows.
const everyStatus = "c.status IN ('pending', 'approved', 'in_payout', 'paid', 'canceled')"

// siteTop ranks by what was earned, which is added up quickly, and looks only at those
// in front for what they sold, which is not. sales are the commissions that were added up.
func siteTop[K ~int64](ctx context.Context, q db.Queryer, by siteDimension, in string, of siteScope, n int) (
	top []SiteTop, sales int64, err error) {
	w := of.sales()
	w.add(everyStatus)
	var sums []struct {
		Key      int64          `db:"k"`
		Currency money.Currency `db:"currency"`
		Earned   money.Amount   `db:"earned"`
		Sales    int64          `db:"sales"`
	}
	err = q.Select(ctx, &sums, `/* reports.siteTop */ SELECT `+by.commission+` AS k, c.currency,
		SUM(c.amount) AS earned, COUNT(*) AS sales FROM {wp}partner_center_commissions c`+w.sql()+`
		GROUP BY k, c.currency`, w.args...)
	if err != nil {
		return nil, 0, err
	}
	earned, curs := map[int64]map[money.Currency]money.Amount{}, map[money.Currency]bool{}
	for _, sum := range sums {
		sales += sum.Sales
		if earned[sum.Key] == nil {
			earned[sum.Key] = map[money.Currency]money.Amount{}
		}
		earned[sum.Key][sum.Currency], curs[sum.Currency] = sum.Earned, true
	}
	delete(earned, 0) // of no tool
	ranked := slices.SortedFunc(maps.Keys(earned), func(a, b int64) int {
		order := 0
		for _, cur := range slices.Sorted(maps.Keys(curs)) {
			order = cmp.Or(order, earned[b][cur].Cmp(earned[a][cur]))
		}
		return cmp.Or(order, cmp.Compare(a, b))
	})
	for part := range slices.Chunk(ranked, 10*n) {
		of.among = among{in, part}
		found := tallies[K]{}
		if err := found.addSiteSales(ctx, q, by, of); err != nil {
			return nil, 0, err
		}
		if top = append(top, topOf(found, n)...); len(top) >= n {
			break
		}
	}
	return top[:min(n, len(top))], sales, nil
}

// topOf are those that earned most in the first currency, then in the next ones.
func topOf[K ~int64](found tallies[K], n int) (top []SiteTop) {
	curs := currencies(found)
	for id, f := range found {
		if f.Sales > 0 {
			top = append(top, SiteTop{ID: int64(id), Figures: *f})
		}
	}
	slices.SortFunc(top, func(a, b SiteTop) int {
		order := 0
		for _, cur := range curs {
			order = cmp.Or(order, b.Figures.Money[cur].Commission.Cmp(a.Figures.Money[cur].Commission))
		}
		return cmp.Or(order, cmp.Compare(a.ID, b.ID))
	})
	return top[:min(n, len(top))]
}

func idsOf[K ~int64](top []SiteTop) (ids []K) {
	for _, t := range top {
		ids = append(ids, K(t.ID))
	}
	return ids
}
