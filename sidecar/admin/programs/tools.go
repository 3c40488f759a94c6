package programs

import (
	"maps"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

var toolKinds = []tracking.ToolKind{tracking.StandardLink, tracking.DirectLink, tracking.Banner, tracking.Lightbox,
	tracking.EmailCopy}

type toolsPage struct {
	programTop
	Rows      []toolRow
	Kinds     []tracking.ToolKind  // that can be made
	Uncounted []tracking.Uncounted // in the last 30 days, on the shown tools
	Filters   toolFilters
	Shelves   []web.Tab // in use, archived
	Filtered  bool
	Archived  bool
	// NeedCenter: there are some that partners get in the partner center alone (S56).
	NeedCenter bool
}

// toolFilters are what the list is narrowed to, with what there is to choose (S53).
type toolFilters struct {
	Search, Kind, Group, Campaign, Ad string // as in the URL
	Kinds, Groups, Campaigns, Ads     []web.Option
}

// toolRow is a promo tool with what it brought in the last days.
type toolRow struct {
	tracking.Tool
	Group   string
	Figures reports.Figures
}

// Earned are the amounts of the row by currency.
func (t toolRow) Earned() (all []toolMoney) { return moneyOf(t.Figures) }

type toolMoney struct {
	Currency money.Currency
	reports.Earned
}

func moneyOf(f reports.Figures) (all []toolMoney) {
	for _, cur := range slices.Sorted(maps.Keys(f.Money)) {
		all = append(all, toolMoney{cur, f.Money[cur]})
	}
	return all
}

// toolDays is how far back the figures of promo tools go.
const toolDays = 30

// toolsSince is the first day of the figures.
func toolsSince(r *web.Request) affiliate.Day {
	return affiliate.DayOf(r.Site.Now(), r.Site.Zone()).AddDays(1 - toolDays)
}

// Tools lists a program's promo tools (S43, S46, S53) with what they brought.
func (p *Pages) Tools(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	page := toolsPage{programTop: top, Kinds: toolKinds, Archived: r.Query("archived") != ""}
	all, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: top.Program.ID, Archived: page.Archived})
	if err != nil {
		return err
	}
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return err
	}
	page.NeedCenter = slices.ContainsFunc(all, func(t tracking.Tool) bool { return t.Kind.NeedsCenter() })
	page.Filters = newToolFilters(r, all, groups)
	shown := narrowed(r, all)
	page.Filtered = len(shown) < len(all)
	if page.Rows, page.Uncounted, err = p.toolRows(r, shown, groups); err != nil {
		return err
	}
	page.Shelves = []web.Tab{{Name: locale.T("In use"), Path: top.Tab, Current: !page.Archived},
		{Name: locale.T("Archived"), Path: top.Tab, Query: []string{"archived", "1"}, Current: page.Archived}}
	return r.Page(pages, "tools.html", locale.Data(top.Program.Name), page)
}

// narrowed are the tools that the filters of the URL let through.
func narrowed(r *web.Request, all []tracking.Tool) (shown []tracking.Tool) {
	wants := func(name, is string) bool { return r.Query(name) == "" || r.Query(name) == is }
	search := strings.ToLower(strings.TrimSpace(r.Query("q")))
	for _, t := range all {
		if wants("kind", string(t.Kind)) && wants("group", t.GroupID.String()) && wants("campaign", t.Campaign) &&
			wants("ad", t.Ad) && strings.Contains(strings.ToLower(t.Name+"\n"+t.TargetURL), search) {
			shown = append(shown, t)
		}
	}
	return shown
}

// newToolFilters offers what the tools have.
func newToolFilters(r *web.Request, all []tracking.Tool, groups []tracking.Group) toolFilters {
	f := toolFilters{Search: r.Query("q"), Kind: r.Query("kind"), Group: r.Query("group"),
		Campaign: r.Query("campaign"), Ad: r.Query("ad")}
	kinds, used, campaigns, ads := map[tracking.ToolKind]bool{}, map[tracking.GroupID]bool{}, map[string]bool{},
		map[string]bool{}
	for _, t := range all {
		kinds[t.Kind], used[t.GroupID], campaigns[t.Campaign], ads[t.Ad] = true, true, true, true
	}
	for _, kind := range toolKinds {
		if kinds[kind] {
			f.Kinds = append(f.Kinds, web.Option{Value: string(kind), Label: web.Label(kind)})
		}
	}
	for _, g := range groups {
		if used[g.ID] {
			f.Groups = append(f.Groups, web.Option{Value: g.ID.String(), Label: locale.Data(g.Name)})
		}
	}
	named := func(names map[string]bool) (options []web.Option) {
		delete(names, "")
		for _, name := range slices.Sorted(maps.Keys(names)) {
			options = append(options, web.Option{Value: name, Label: locale.Data(name)})
		}
		return options
	}
	f.Campaigns, f.Ads = named(campaigns), named(ads)
	return f
}

// toolRows adds to tools their group and what they brought in the last days, and
// tells of the clicks that did not count.
func (p *Pages) toolRows(r *web.Request, tools []tracking.Tool, groups []tracking.Group) (rows []toolRow,
	uncounted []tracking.Uncounted, err error) {
	names, ids := map[tracking.GroupID]string{}, []affiliate.ToolID{}
	for _, g := range groups {
		names[g.ID] = g.Name
	}
	for _, t := range tools {
		ids = append(ids, t.ID)
	}
	figures, err := p.Reports.ToolFigures(r.Ctx(), toolsSince(r), ids...)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range tools {
		row := toolRow{Tool: t, Group: names[t.GroupID]}
		if f := figures[t.ID]; f != nil {
			row.Figures = *f
		}
		rows = append(rows, row)
	}
	uncounted, err = p.Tracker.Uncounted(r.Ctx(), toolsSince(r), ids...)
	return rows, uncounted, err
}
