package programs

import (
	"maps"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

var toolKinds = []tracking.ToolKind{tracking.StandardLink, tracking.DirectLink, tracking.Banner, tracking.Lightbox,
	tracking.EmailCopy}

type toolsPage struct {
	programTop
	web.ReportPage
	Kinds     []tracking.ToolKind  // that can be made
	Uncounted []tracking.Uncounted // in the last 30 days, on the shown tools
	Offered   toolChoices
	None      bool // there are no promo tools at all
	Archived  bool
	// NeedCenter: there are some that partners get in the partner center alone (S56).
	NeedCenter bool
}

// toolChoices are what the list can be narrowed to (S53).
type toolChoices struct{ Kinds, Groups, Campaigns, Ads []web.Option }

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

// toolsSpec is the list with what whoever asks may do there.
func toolsSpec(r *web.Request, top programTop) (web.ReportSpec, error) {
	report, err := reports.Find(reports.ForAdmin, "promo-tools")
	links := maps.Clone(parts.Links)
	links[reports.RefTool] = top.Tab + "/%d"
	bulk := web.BulkAction{Name: "archive", Label: locale.T("Archive")}
	if r.Query("status") == "archived" {
		bulk = web.BulkAction{Name: "unarchive", Label: locale.T("Back into the list")}
	}
	return web.ReportSpec{Report: report, Path: top.Tab, Files: parts.Reports + "/promo-tools",
		Program: top.Program.ID, Links: links, Primary: "tool",
		Filters: []reports.Filter{reports.FilterKind, reports.FilterGroup, reports.FilterCampaign, reports.FilterAd,
			reports.FilterSearch},
		BulkPath: top.Tab + "/bulk", Bulk: []web.BulkAction{bulk}}, err
}

// Tools lists a program's promo tools (S43, S46, S53) with what they brought.
func (p *Pages) Tools(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	return p.showTools(r, top, nil)
}

func (p *Pages) showTools(r *web.Request, top programTop, problems affiliate.Problems) error {
	spec, err := toolsSpec(r, top)
	if err != nil {
		return err
	}
	page := toolsPage{programTop: top, Kinds: toolKinds, Archived: r.Query("status") == "archived"}
	if page.ReportPage, err = r.ReportPage(p.Reports, spec); err != nil {
		return err
	}
	page.Add(problems)
	if page.Tabs, err = p.toolTabs(r, top, page.Archived); err != nil {
		return err
	}
	page.None = page.Tabs[0].Count+page.Tabs[1].Count == 0
	all, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: top.Program.ID, Archived: page.Archived})
	if err != nil {
		return err
	}
	page.NeedCenter = slices.ContainsFunc(all, func(t tracking.Tool) bool { return t.Kind.NeedsCenter() })
	groups, err := p.Tracker.Groups(r.Ctx())
	if err != nil {
		return err
	}
	page.Offered = newToolChoices(r, all, groups)
	if page.Uncounted, err = p.Tracker.Uncounted(r.Ctx(), toolsSince(r), shownTools(page.Shown)...); err != nil {
		return err
	}
	return page.Answer(r, pages, "tools.html", locale.Data(top.Program.Name), page)
}

// toolTabs are the two shelves of a program's promo tools.
func (p *Pages) toolTabs(r *web.Request, top programTop, archived bool) ([]web.Tab, error) {
	const without = "without_script"
	used, old, err := p.Tracker.ToolCounts(r.Ctx(), top.Program.ID)
	if err != nil {
		return nil, err
	}
	shown := r.Query("status")
	tabs := []web.Tab{{Name: locale.T("In use"), Path: top.Tab, Count: used, Current: shown == ""},
		{Name: locale.T("Archived"), Path: top.Tab, Query: []string{"status", "archived"}, Count: old,
			Current: archived}}
	lacking, err := p.Tracker.PagesWithoutScript(r.Ctx())
	for _, l := range lacking {
		if l.ProgramID == top.Program.ID {
			tabs = append(tabs, web.Tab{Name: reports.Word(without), Path: top.Tab, Query: []string{"status", without},
				Count: l.Count, Current: shown == without})
		}
	}
	return tabs, err
}

// shownTools are the promo tools of a page of the list.
func shownTools(shown *reports.Page) (ids []affiliate.ToolID) {
	if shown == nil {
		return nil
	}
	for _, row := range shown.Rows {
		ids = append(ids, affiliate.ToolID(row.Ref.ID))
	}
	return ids
}

// newToolChoices offers what the tools have.
func newToolChoices(r *web.Request, all []tracking.Tool, groups []tracking.Group) (c toolChoices) {
	kinds, used, campaigns, ads := map[tracking.ToolKind]bool{}, map[tracking.GroupID]bool{}, map[string]bool{},
		map[string]bool{}
	for _, t := range all {
		kinds[t.Kind], used[t.GroupID], campaigns[t.Campaign], ads[t.Ad] = true, true, true, true
	}
	for _, kind := range toolKinds {
		if kinds[kind] {
			c.Kinds = append(c.Kinds, web.Option{Value: string(kind), Label: web.Label(kind)})
		}
	}
	for _, g := range groups {
		if used[g.ID] {
			c.Groups = append(c.Groups, web.Option{Value: g.ID.String(), Label: locale.Data(g.Name)})
		}
	}
	named := func(names map[string]bool, chosen string) (options []web.Option) {
		delete(names, "")
		for _, name := range slices.Sorted(maps.Keys(names)) {
			options = append(options, web.Option{Value: name, Label: locale.Data(name)})
		}
		return web.Options(options, chosen)
	}
	c.Kinds, c.Groups = web.Options(c.Kinds, r.Query("kind")), web.Options(c.Groups, r.Query("group"))
	c.Campaigns, c.Ads = named(campaigns, r.Query("campaign")), named(ads, r.Query("ad"))
	return c
}

// BulkTools archives the ticked promo tools, or all that match, or takes them back.
func (p *Pages) BulkTools(r *web.Request) error {
	top, err := p.program(r, "tools")
	if err != nil {
		return err
	}
	spec, err := toolsSpec(r, top)
	if err != nil {
		return err
	}
	form := r.Form()
	asked, ids, err := picked[affiliate.ToolID](r, form, p.Reports, spec)
	if err != nil {
		return err
	}
	if form.Err() != nil {
		return p.showTools(r, top, form.Problems)
	}
	change, done := p.Tracker.ArchiveTool, archivedTools
	if asked.Action == "unarchive" {
		change, done = p.Tracker.UnarchiveTool, backTools
	}
	for _, id := range ids {
		tool, err := p.Tracker.Tool(r.Ctx(), id)
		if err == nil && tool.ProgramID != top.Program.ID {
			err = affiliate.Missing("This program has no such promo tool.")
		}
		if err == nil {
			err = change(r.Ctx(), r.Who.Actor(), id)
		}
		if err != nil {
			return err
		}
	}
	return r.Done(web.Flash{Text: done(len(ids))}, top.Tab, asked.Values...)
}

func archivedTools(n int) locale.Text {
	return locale.N("%d promo tool is archived. Links already published keep working.",
		"%d promo tools are archived. Links already published keep working.", n)
}

func backTools(n int) locale.Text {
	return locale.N("%d promo tool is back in the list.", "%d promo tools are back in the list.", n)
}

// picked are the things that the form of a list is about: the ticked ones, or all
// that match.
func picked[I ~int64](r *web.Request, form *web.Form, reader *reports.Reader, spec web.ReportSpec) (asked web.Bulk,
	ids []I, err error) {
	if asked, err = r.Bulk(form, reader, spec); err != nil || form.Err() != nil {
		return asked, nil, err
	}
	for _, pick := range asked.Picks {
		id, err := affiliate.ParseID[affiliate.Product](pick)
		if err != nil {
			return asked, nil, err
		}
		ids = append(ids, I(id))
	}
	if !asked.All {
		return asked, ids, nil
	}
	ids = nil
	err = reader.Read(r.Ctx(), spec.Report, asked.Query, func(t *reports.Table) error {
		for row, err := range t.Rows {
			if err != nil {
				return err
			}
			ids = append(ids, I(row.Ref.ID))
		}
		return nil
	})
	return asked, ids, err
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
