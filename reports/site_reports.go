package reports

import (
	"context"
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/locale"
)

// The reports over all partners.
var (
	siteFilters = []Filter{FilterRange, FilterPartner, FilterProgram, FilterTool}

	siteSummaryReport = &Report{
		Name: "by-period", Title: locale.T("By period"), For: ForAdmin,
		Help: locale.T("Visits, leads, sales and commission by the day of the sale, for all partners; refunds change " +
			"past days."),
		Filters: append(slices.Clone(siteFilters), FilterStep), forward: true, table: siteSummaryTable,
	}
	sitePartnersReport = &Report{
		Name: "by-partner", Title: locale.T("By partner"), For: ForAdmin,
		Help: locale.T("What each partner brought."), Filters: siteFilters, forward: true, table: sitePartnersTable,
	}
	siteProgramsReport = &Report{
		Name: "by-program", Title: locale.T("By program"), For: ForAdmin,
		Help: locale.T(
			"What each program brought: clicks and leads of its promo tools, and the sales of its partners."),
		Filters: siteFilters, forward: true, table: siteProgramsTable,
	}
	siteToolsReport = &Report{
		Name: "by-tool", Title: locale.T("By promo tool"), For: ForAdmin,
		Help: locale.T("What each promo tool brought. Sales by coupon or without a link, and commissions of the " +
			"second " +
			"level, have no promo tool."),
		Filters: siteFilters, forward: true, table: siteToolsTable,
	}
	siteCampaignsReport = &Report{
		Name: "by-campaign", Title: locale.T("By campaign"), For: ForAdmin,
		Help: locale.T("What the promo tools of each campaign brought."), Filters: siteFilters, forward: true,
		table: siteByLabel("campaign", locale.T("Campaign"), func(t tool) string { return t.Campaign }),
	}
	siteAdsReport = &Report{
		Name: "by-ad", Title: locale.T("By ad"), For: ForAdmin,
		Help: locale.T("What the promo tools of each ad brought."), Filters: siteFilters, forward: true,
		table: siteByLabel("ad", locale.T("Ad"), func(t tool) string { return t.Ad }),
	}
	siteProductsReport = &Report{
		Name: "by-product", Title: locale.T("By product"), For: ForAdmin,
		Help: locale.T("What was sold of each product, and what partners earned by it. An order with several " +
			"products " +
			"is a sale of each."),
		Filters: siteFilters, forward: true, table: siteProductsTable,
	}
	siteSubIDsReport = &Report{
		Name: "by-subid", Title: locale.T("By SubID"), For: ForAdmin,
		Help:    locale.T("What links with each SubID brought, whichever partner used it."),
		Filters: siteFilters, forward: true, table: siteSubIDsTable,
	}
	sitePagesReport = &Report{
		Name: "by-page", Title: locale.T("By landing page"), For: ForAdmin,
		Help: locale.T("What the visitors brought who arrived on each page, whichever partner sent them. Addresses " +
			"that differ only after a ? are one page."),
		Filters: siteFilters, forward: true, table: sitePagesTable,
	}
)

func siteSummaryTable(ctx context.Context, s source, q Query) (*Table, error) {
	points, err := siteDays(ctx, s, q)
	if err != nil {
		return nil, err
	}
	step := q.By
	if step == "" {
		step = ByDay
	}
	steps, sum, err := sumUp(points, step)
	if err != nil {
		return nil, err
	}
	slices.Reverse(steps) // the latest first, as in all lists of admins
	heading := map[Step]locale.Text{ByDay: locale.T("Day"), ByWeek: locale.T("Week starting"),
		ByMonth: locale.T("Month starting")}[step]
	fs := append(fields[Point]{{Column: Column{Key: "day", Name: heading, Kind: KindDate},
		Value: func(p *Point) Cell { return Date(p.Day) }}},
		lift(siteFields(currencies(map[int]*Figures{0: &sum})), func(p *Point) *Figures { return &p.Figures })...)
	var rows []Row
	for _, p := range steps {
		rows = append(rows, Row{Cells: fs.cells(&p), After: q.cursor(placed{p.Day.String()}, 0)})
	}
	rows, err = behind(rows, q)
	return &Table{Columns: fs.columns(), Totals: []Row{fs.total(&Point{Figures: sum})}, Rows: all(rows)}, err
}

// siteBy is the tally of a query by a dimension.
func siteBy[K comparable](ctx context.Context, s source, q Query, by siteDimension) (tallies[K], error) {
	of, err := s.siteScope(ctx, q)
	if err != nil {
		return nil, err
	}
	return siteTally[K](ctx, s.q, by, of)
}

func sitePartnersTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := siteBy[affiliate.PartnerID](ctx, s, q, siteByPartner)
	if err != nil {
		return nil, err
	}
	names, err := s.partnerNames(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	return siteTable(q, found, fields[affiliate.PartnerID]{
		{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
			Value: func(id *affiliate.PartnerID) Cell { return Text(names[*id]).To(RefPartner, int64(*id)) }},
	}, nil)
}

// namesAtOnce bounds the lists of ids in one query.
const namesAtOnce = 5000

// partnerNames are those of partners, by their contacts.
func (s source) partnerNames(ctx context.Context, ids []affiliate.PartnerID) (map[affiliate.PartnerID]string, error) {
	names := map[affiliate.PartnerID]string{}
	for part := range slices.Chunk(ids, namesAtOnce) {
		var found []struct {
			ID   affiliate.PartnerID `db:"id"`
			Name string              `db:"name"`
		}
		err := selectIn(ctx, s.q, &found, `/* reports.partnerNames */ SELECT p.id,
				COALESCE(NULLIF(TRIM(CONCAT(k.first_name, ' ', k.last_name)), ''), NULLIF(`+ownEmail+`, ''),
					p.code) AS name
			FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
			WHERE p.id IN (?)`, part)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			names[f.ID] = affiliate.Line(f.Name)
		}
	}
	return names, nil
}

func siteToolsTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := siteBy[affiliate.ToolID](ctx, s, q, siteByTool)
	if err != nil {
		return nil, err
	}
	tools, err := s.tools(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	return siteTable(q, found, toolFields(tools), nil, 0)
}

// siteByLabel sums up by what a promo tool is labelled with.
func siteByLabel(key string, name locale.Text, label func(tool) string) func(context.Context, source, Query) (*Table,
	error) {
	return func(ctx context.Context, s source, q Query) (*Table, error) {
		byTool, err := siteBy[affiliate.ToolID](ctx, s, q, siteByTool)
		if err != nil {
			return nil, err
		}
		tools, err := s.tools(ctx, slices.Collect(maps.Keys(byTool)))
		if err != nil {
			return nil, err
		}
		found, err := regroup(byTool, func(id affiliate.ToolID) string { return label(tools[id]) })
		if err != nil {
			return nil, err
		}
		return siteTable(q, found, fields[string]{{Column: Column{Key: key, Name: name, Kind: KindText},
			Value: func(text *string) Cell {
				if *text == "" {
					return none
				}
				return Text(*text)
			}}}, nil, "")
	}
}

func siteProgramsTable(ctx context.Context, s source, q Query) (*Table, error) {
	of, err := s.siteScope(ctx, q)
	if err != nil {
		return nil, err
	}
	byTool := tallies[affiliate.ToolID]{}
	if err := byTool.addSiteClicks(ctx, s.q, siteByTool, of); err != nil {
		return nil, err
	}
	if err := byTool.addSiteLeads(ctx, s.q, siteByTool, of); err != nil {
		return nil, err
	}
	programs, names, err := s.programsOfTools(ctx)
	if err != nil {
		return nil, err
	}
	found, err := regroup(byTool, func(id affiliate.ToolID) affiliate.ProgramID { return programs[id] })
	if err != nil {
		return nil, err
	}
	if err := found.addSiteSales(ctx, s.q, siteByProgram, of); err != nil {
		return nil, err
	}
	return siteTable(q, found, fields[affiliate.ProgramID]{
		{Column: Column{Key: "program", Name: locale.T("Program"), Kind: KindText},
			Value: func(id *affiliate.ProgramID) Cell {
				if *id == 0 {
					return none
				}
				return Text(names[*id]).To(RefProgram, int64(*id))
			}},
	}, nil, 0)
}

// programsOfTools are the programs of all promo tools, and the names of programs.
func (s source) programsOfTools(ctx context.Context) (map[affiliate.ToolID]affiliate.ProgramID,
	map[affiliate.ProgramID]string, error) {
	var tools []struct {
		ID      affiliate.ToolID    `db:"id"`
		Program affiliate.ProgramID `db:"program_id"`
	}
	if err := s.q.Select(ctx, &tools, `/* reports.programsOfTools */ SELECT id, program_id FROM
		{wp}partner_center_tools`); err != nil {
		return nil, nil, err
	}
	var programs []struct {
		ID   affiliate.ProgramID `db:"id"`
		Name string              `db:"name"`
	}
	if err := s.q.Select(ctx, &programs, `/* reports.programsOfTools */ SELECT id, name FROM
		{wp}partner_center_programs`); err != nil {
		return nil, nil, err
	}
	of, names := map[affiliate.ToolID]affiliate.ProgramID{}, map[affiliate.ProgramID]string{}
	for _, t := range tools {
		of[t.ID] = t.Program
	}
	for _, p := range programs {
		names[p.ID] = p.Name
	}
	return of, names, nil
}

func siteProductsTable(ctx context.Context, s source, q Query) (*Table, error) {
	found, err := siteBy[affiliate.ProductID](ctx, s, q, siteByProduct)
	if err != nil {
		return nil, err
	}
	names, err := s.productNames(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return nil, err
	}
	t, err := siteTable(q, found, fields[affiliate.ProductID]{
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
			Value: func(id *affiliate.ProductID) Cell { return Text(names[*id]) }},
	}, []string{"sales"})
	if err == nil { // an order with two products would be two sales
		t.Totals[0].Cells[slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == "sales" })] = Cell{}
	}
	return t, err
}

func siteSubIDsTable(ctx context.Context, s source, q Query) (*Table, error) {
	return siteStrangersTable(ctx, s, q, siteBySubID, fields[string]{{Column: Column{Key: "subid",
		Name: locale.T("SubID"), Kind: KindText}, Value: func(subid *string) Cell { return subidCell(*subid) }}})
}

func sitePagesTable(ctx context.Context, s source, q Query) (*Table, error) {
	return siteStrangersTable(ctx, s, q, siteByPage, pageFields)
}

// siteStrangersTable breaks down by what strangers choose.
func siteStrangersTable(ctx context.Context, s source, q Query, by siteDimension, names fields[string]) (*Table,
	error) {
	of, err := s.siteScope(ctx, q)
	if err != nil {
		return nil, err
	}
	top, err := siteTopStrangers(ctx, s.q, by, of)
	if err != nil {
		return nil, err
	}
	found, err := siteTally[string](ctx, s.q, by.among(top), of)
	if err != nil {
		return nil, err
	}
	return siteTable(q, found, names, nil, allOthers, "")
}

// siteTopStrangers are the keys, at most maxStrangers, that have rows of their own:
// those that brought most sales, then leads, then visits. Clicks cost nothing, so
// they push out none that earned something.
func siteTopStrangers(ctx context.Context, q db.Queryer, by siteDimension, of siteScope) (top []string, err error) {
	var sales, leads, clicks where
	addIf(&sales, "c.partner_id = ?", of.partner)
	addIf(&sales, "c.program_id = ?", of.program)
	addIf(&sales, "c.tool_id = ?", of.tool)
	sales.days("c.day", of.days)
	of.clicks(&leads, "f", "lead_partner_id", "lead_tool_id")
	of.clicks(&clicks, "v", "partner_id", "tool_id")
	if of.partner == 0 {
		of.visitIDs(&clicks)
	}
	for _, from := range []struct {
		query string
		where
		order string
	}{
		{by.commission + ` AS k FROM {wp}partner_center_commissions c`, sales.with("c.level = 1"),
			`k ORDER BY COUNT(*) DESC`},
		{by.lead + ` AS k FROM {wp}partner_center_touchpoints f`, leads.with("f.lead_partner_id IS NOT NULL"),
			`k ORDER BY COUNT(*) DESC`},
		{by.click + ` AS k FROM {wp}partner_center_visits v`, clicks,
			`k ORDER BY SUM(v.is_unique) DESC, COUNT(*) DESC`},
	} {
		var found []string
		err := selectIn(ctx, q, &found, `/* reports.siteTopStrangers */ SELECT `+from.query+from.sql()+
			` GROUP BY `+from.order+` LIMIT ?`, append(from.args, maxStrangers)...)
		if err != nil {
			return nil, err
		}
		for _, key := range found {
			if len(top) < maxStrangers && !slices.Contains(top, key) {
				top = append(top, key)
			}
		}
	}
	return append(top, ""), nil
}

// among is the dimension with all but some keys taken together.
func (d siteDimension) among(keys []string) siteDimension {
	only := func(expression string) string {
		return "CASE WHEN " + expression + " IN (?) THEN " + expression + " ELSE ? END"
	}
	d.click, d.lead, d.commission = only(d.click), only(d.lead), only(d.commission)
	d.args = []any{keys, allOthers}
	return d
}
