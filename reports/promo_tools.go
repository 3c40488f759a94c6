package reports

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// promoToolsReport lists promo tools with what they brought lately (S43, S46, S53).
var promoToolsReport = &Report{
	Name: "promo-tools", Title: locale.T("Promo tools"), For: ForAdmin,
	Help: locale.T("Promo tools with what they brought in the last 30 days, all partners together."),
	Filters: []Filter{FilterProgram, FilterStatus, FilterKind, FilterGroup, FilterCampaign, FilterAd,
		FilterSearch},
	Finds:    locale.T("Search name or target address"),
	Statuses: []string{toolsArchived, toolsWithoutScript},
	named:    true,
	table:    promoToolsTable,
}

// What promo tools can be narrowed to beside those in use.
const (
	toolsArchived      = "archived"
	toolsWithoutScript = "without_script" // their page of this site (D13)
)

// toolDays is how far back the figures of promo tools go.
const toolDays = 30

// listedTool is a promo tool as the list shows it.
type listedTool struct {
	ID       affiliate.ToolID  `db:"id"`
	Code     string            `db:"code"`
	Kind     tracking.ToolKind `db:"kind"`
	Name     string            `db:"name"`
	Target   string            `db:"target_url"`
	Campaign string            `db:"campaign"`
	Ad       string            `db:"ad"`
	Group    string            `db:"group_name"`
	Figures  *Figures          `db:"-"`
	placed
}

// toolKinds are what the kinds of promo tools are called.
var toolKinds = map[tracking.ToolKind]locale.Text{tracking.StandardLink: locale.T("Standard link"),
	tracking.DirectLink: locale.T("Direct link"), tracking.Banner: locale.T("Banner"),
	tracking.Lightbox: locale.T("Lightbox"), tracking.EmailCopy: locale.T("Email message")}

// listedTools name promo tools; sort is by what they are, not by what they brought, and
// what is blank is sorted by a space, since a cursor holds no empty text.
var listedTools = fields[listedTool]{
	{Column: Column{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText},
		Value: func(t *listedTool) Cell {
			return Text(t.Name).To(RefTool, int64(t.ID)).noted(locale.Data(t.Target))
		}, Sort: "t.name"},
	{Column: Column{Key: "kind", Name: locale.T("Kind"), Kind: KindText},
		Value: func(t *listedTool) Cell { return Sentence(toolKinds[t.Kind]) }, Sort: "t.kind"},
	{Column: Column{Key: "group", Name: locale.T("Product group"), Kind: KindText},
		Value: func(t *listedTool) Cell { return Text(t.Group) }, Sort: "COALESCE(g.name, ' ')"},
	{Column: Column{Key: "campaign", Name: locale.T("Campaign"), Kind: KindText},
		Value: func(t *listedTool) Cell { return Text(t.Campaign) }, Sort: "COALESCE(NULLIF(t.campaign, ''), ' ')"},
	{Column: Column{Key: "ad", Name: locale.T("Ad"), Kind: KindText},
		Value: func(t *listedTool) Cell { return Text(t.Ad) }, Sort: "COALESCE(NULLIF(t.ad, ''), ' ')"},
	{Column: Column{Key: "target", Name: locale.T("Target address"), Kind: KindText, FileOnly: true},
		Value: func(t *listedTool) Cell { return Text(t.Target) }},
	{Column: Column{Key: "code", Name: locale.T("Code in links"), Kind: KindText, FileOnly: true},
		Value: func(t *listedTool) Cell { return Text(t.Code) }},
}

func promoToolsTable(ctx context.Context, s source, q Query) (*Table, error) {
	w := where{}
	switch q.Status {
	case toolsArchived:
		w.add("t.archived_at IS NOT NULL")
	case toolsWithoutScript:
		w.add("t.archived_at IS NULL AND t.page_lacks_script = 1")
	default:
		w.add("t.archived_at IS NULL")
	}
	addIf(&w, "t.program_id = ?", q.Program)
	addIf(&w, "CAST(t.kind AS CHAR CHARACTER SET utf8mb4) = ?", q.Kind) // an ASCII column: what is none fails
	addIf(&w, "t.group_id = ?", q.Group)
	addIf(&w, "t.campaign = ?", q.Campaign)
	addIf(&w, "t.ad = ?", q.Ad)
	w.search(q.Search, "t.name", "t.target_url")
	o, err := listedTools.order(q, order{expr: "t.name", kind: KindText, id: "t.id", up: true})
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	const from = ` FROM {wp}partner_center_tools t LEFT JOIN {wp}partner_center_tool_groups g ON g.id = t.group_id`
	var found []listedTool
	err = s.q.Select(ctx, &found, `/* reports.promoTools */ SELECT t.id, t.code, t.kind, t.name, t.target_url, t.campaign,
			t.ad, COALESCE(g.name, '') AS group_name, `+o.place()+from+paged.sql()+tail, paged.args...)
	if err != nil {
		return nil, err
	}
	t, err := s.promoTools(ctx, q, found)
	if err != nil {
		return nil, err
	}
	return s.count(ctx, t, q, `/* reports.promoToolCount */`, from, w)
}

// toolFigureFields are what promo tools brought; money only in the currencies in which
// one sold anything.
func toolFigureFields(curs []money.Currency) fields[listedTool] {
	fs := lift(siteFields(curs), func(t *listedTool) *Figures { return t.Figures })
	for i, f := range fs {
		switch {
		case f.Key == "unique" || f.Key == "conversion":
			fs[i].FileOnly = true // pages have no room for them
		case f.Currency != "":
			fs[i].Value = func(t *listedTool) Cell {
				if _, sold := t.Figures.Money[f.Currency]; !sold {
					return Cell{}
				}
				return f.Value(t)
			}
		}
	}
	return fs
}

// promoTools is the table of these promo tools, with their figures.
func (s source) promoTools(ctx context.Context, q Query, found []listedTool) (*Table, error) {
	ids := make([]affiliate.ToolID, len(found))
	for i, t := range found {
		ids[i] = t.ID
	}
	figures, err := toolFigures(ctx, s.q, s.today.AddDays(1-toolDays), s.zone, ids)
	if err != nil {
		return nil, err
	}
	curs, err := s.partnerCurrencies(ctx)
	if err != nil {
		return nil, err
	}
	fs := slices.Concat(listedTools, toolFigureFields(curs))
	rows := make([]Row, len(found))
	for i := range found {
		t := &found[i]
		t.Figures = figures.of(t.ID)
		rows[i] = Row{Ref: Ref{Kind: RefTool, ID: int64(t.ID)}, Cells: fs.cells(t),
			After: q.cursor(t.placed, int64(t.ID))}
	}
	return &Table{Columns: fs.columns(), Rows: all(rows)}, nil
}
