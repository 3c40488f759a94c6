package reports

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// shown are the reports over all partners, in the order of their tabs; the first
// is that of the section itself.
var shown = []string{"by-period", "by-partner", "by-program", "by-tool", "by-campaign", "by-ad", "by-product",
	"by-subid", "by-page"}

type reportPage struct {
	web.ReportPage
	Tabs     []web.Tab
	Figures  *parts.SiteFigures // nil while the filters are wrong, or on a further page
	Narrowed []narrowed
}

// narrowed is a filter in force that the form has no field for.
type narrowed struct {
	Name, Value locale.Text
	Without     []string // the query without it
}

// Report shows one of the reports over all partners, or gives any report of
// admins as a file.
func (p *Pages) Report(r *web.Request) error {
	file := r.Param("file")
	if strings.Contains(file, ".") {
		return (&web.ReportFiles{Reports: p.Reports}).AdminReport(r)
	}
	name, path := file, parts.Reports+"/"+file
	if name == "" {
		name, path = shown[0], parts.Reports
	}
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil || !strings.HasPrefix(name, "by-") {
		return affiliate.Missing("There is no report %q.", name)
	}
	spec := web.ReportSpec{Report: report, Path: path, Files: parts.Reports + "/" + name, Links: parts.Links,
		Preset:  reports.Last30,
		Filters: []reports.Filter{reports.FilterRange, reports.FilterProgram, reports.FilterStep}}
	page := reportPage{}
	if page.ReportPage, err = r.ReportPage(p.Reports, spec); err != nil {
		return err
	}
	if err := p.fill(r, &page, name); err != nil {
		return err
	}
	return page.Answer(r, pages, "report.html", locale.T("Reports: %s", report.Title), page)
}

// fill adds what stands around the table.
func (p *Pages) fill(r *web.Request, page *reportPage, name string) (err error) {
	page.keepMeasure(r.Query("measure"))
	page.tabs(name)
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	if len(page.Problems) > 0 || page.Shown == nil {
		return nil
	}
	q, err := reports.ParseQuery(page.values(), p.Reports.Today())
	if err != nil {
		return err
	}
	if err := p.narrow(r, page, q); err != nil || !page.First {
		return err
	}
	figures, err := parts.SiteFiguresOf(r, p.Reports, page.Path, q, page.preset(q, p.Reports.Today()))
	page.Figures = &figures
	return err
}

// keepMeasure keeps what the chart shows while ranges and filters change.
func (page *reportPage) keepMeasure(measure string) {
	if measure == "" {
		return
	}
	for i := range page.Presets {
		page.Presets[i].Query = append(page.Presets[i].Query, "measure", measure)
	}
	page.Kept = append(page.Kept, web.Hidden{Name: "measure", Value: measure})
}

// tabs are the other reports, with the filters in force.
func (page *reportPage) tabs(current string) {
	for i, name := range shown {
		report, err := reports.Find(reports.ForAdmin, name)
		if err != nil {
			panic(err) // the list above
		}
		path := parts.Reports + "/" + name
		if i == 0 {
			path = parts.Reports
		}
		page.Tabs = append(page.Tabs, web.Tab{Name: report.Title, Path: path, Query: page.Query,
			Current: name == current})
	}
}

// preset is the name of the range, "" where it has none.
func (page *reportPage) preset(q reports.Query, today affiliate.Day) reports.Preset {
	for _, preset := range reports.Presets {
		if r, _ := preset.Preset.Range(today); r == q.Range {
			return preset.Preset
		}
	}
	return ""
}

// narrow names the partner and the promo tool that the rows are of.
func (p *Pages) narrow(r *web.Request, page *reportPage, q reports.Query) error {
	add := func(filter string, name, value locale.Text) {
		values := page.values()
		values.Del(filter)
		page.Narrowed = append(page.Narrowed, narrowed{name, value, web.Flat(values)})
	}
	if q.Partner != 0 {
		people, err := parts.PeopleOf(r.Ctx(), p.Registry, q.Partner)
		if err != nil {
			return err
		}
		add("partner", locale.T("Partner"), locale.Data(people.Name(q.Partner)))
	}
	if q.Tool != 0 {
		tool, err := p.Tracker.Tool(r.Ctx(), q.Tool)
		if err != nil {
			return err
		}
		add("tool", locale.T("Promo tool"), locale.Data(tool.Name))
	}
	return nil
}
