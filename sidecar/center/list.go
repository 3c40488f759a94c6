package center

import (
	"slices"
	"strings"

	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// area is a page of the navigation whose tabs are reports of the registry.
type area struct {
	path   string // "earnings"
	title  locale.Text
	names  []string       // of its reports; the first is the page's own
	preset reports.Preset // the range where the URL names none
}

var (
	earnings = area{"earnings", locale.T("Earnings"), []string{"commissions", "purchases", "refunds", "adjustments",
		"payments", "statements"}, reports.AllTime}
	figures = area{"reports", locale.T("Reports"), []string{"summary", "tools", "subids", "pages", "campaigns", "ads",
		"sold", "customers", "level-2"}, reports.Last30}
)

// listPage is one report of an area with the tabs to the others.
type listPage struct {
	web.ReportPage
	Areas []web.Tab
	Ask   string // path of the page to ask for a missing sale, "" for none
	Chart *chartCard
	Of    reports.Shown // what the rows have in common, where another report led here
	Sums  bool          // each row sums up commissions
	Hint  *subIDHint    // how to use SubIDs, on their report

	Statement *statementDays // on it alone

	mostShare int64  // of the shown rows
	named     string // base key of the column that a line is called by; "" for the usual one
}

// OpenFilters tells whether the filters need a look.
func (p listPage) OpenFilters() bool { return len(p.Problems) > 0 }

// FilterText says what is set: "Last 30 days · pending".
func (p listPage) FilterText(v web.View) string {
	said := []string{}
	for _, preset := range p.Presets {
		if preset.Current {
			said = append(said, v.Say(preset.Name))
		}
	}
	if p.Statement != nil && !p.Statement.Chosen().IsZero() {
		said = []string{v.Say(p.Statement.Chosen())}
	}
	if len(said) == 0 && (p.From != "" || p.To != "") {
		said = append(said, p.From+" – "+p.To)
	}
	for _, options := range [][]web.Option{p.By, p.Statuses, p.Currencies} {
		for _, o := range options {
			if o.Chosen {
				said = append(said, v.Say(o.Label))
			}
		}
	}
	if p.Search != "" {
		said = append(said, v.Say(locale.T("containing “%s”", p.Search)))
	}
	return strings.Join(said, " · ")
}

// Earnings lists commissions, purchases, refunds, adjustments and payments (S116, S140).
func (p *Pages) Earnings(r *web.Request) error { return p.list(r, earnings) }

// Figures shows reports by date range (S117).
func (p *Pages) Figures(r *web.Request) error { return p.list(r, figures) }

// list answers with the page of a report, or with its file where the path ends
// in .csv or .xlsx: both come from the same Table.
func (p *Pages) list(r *web.Request, a area) error {
	a, err := p.offered(r, a)
	if err != nil {
		return err
	}
	report, format, err := a.report(r.Param("name"))
	if err != nil {
		return err
	}
	path := a.path + "/" + report.Name
	spec := web.ReportSpec{Report: report, Path: path, Files: path, Partner: r.Who.Partner.ID, Preset: a.preset}
	spec.Links = web.Links{reports.RefPayment: payment, reports.RefCommission: why}
	switch report.Name {
	case "commissions", "refunds":
		spec.Explain = why
	case "payments":
		spec.Explain = payment
	case "statements":
		spec.Preset = reports.ThisYear
	}
	if format != "" {
		return r.ReportFile(p.Reports, spec, format)
	}
	page, err := r.ReportPage(p.Reports, spec)
	if err != nil {
		return err
	}
	list := listPage{ReportPage: page, Areas: a.tabs(report), Sums: a.path == figures.path}
	if a.path == earnings.path {
		list.Ask = missing
	}
	if err := p.fillList(r, &list); err != nil {
		return err
	}
	return page.Answer(r, pages, "list.html", report.Title, list)
}

// fillList adds what stands around the rows, where the filters make sense.
func (p *Pages) fillList(r *web.Request, list *listPage) (err error) {
	if list.Shown == nil {
		return nil
	}
	if list.Report.Name == "subids" {
		if list.Hint, err = p.subIDHint(r); err != nil {
			return err
		}
	}
	if list.Report.Name == "statements" {
		if list.Statement, err = p.statementDays(r, list); err != nil {
			return err
		}
	}
	if shown := list.Shown.Table.Filters; r.Query("of") != "" && len(shown) > 0 {
		list.Of = shown[len(shown)-1]
	}
	if !list.Sums {
		return nil
	}
	list.mostShare = largestShare(list.Shown)
	list.keepChart(r)
	list.Chart, err = p.chartCard(r, list)
	return err
}

// keepChart keeps what the chart shows when another range is chosen.
func (p *listPage) keepChart(r *web.Request) {
	chart := given(r, "chart")
	if len(chart) == 0 {
		return
	}
	for i := range p.Presets {
		p.Presets[i].Query = append(p.Presets[i].Query, chart...)
	}
	p.Kept = append(p.Kept, hidden(chart)...)
}

// Shop is whose list it is, for paper, which shows no bar above the page.
func (p listPage) Shop(v web.View) string { return v.Site.Handover().Look.Name }

// WithoutOf is the query of this list without what the rows have in common.
func (p listPage) WithoutOf() (query []string) {
	for i := 0; i+1 < len(p.Query); i += 2 {
		if p.Query[i] != "of" {
			query = append(query, p.Query[i], p.Query[i+1])
		}
	}
	return query
}

// report is the one that the last part of a path names, and the file's format,
// "" for the page.
func (a area) report(name string) (report *reports.Report, format string, err error) {
	name, format, _ = strings.Cut(name, ".")
	if name == "" {
		name = a.names[0]
	}
	if !slices.Contains(a.names, name) {
		name = "" // a report of the other area
	}
	report, err = reports.Find(reports.ForPartner, name)
	return report, format, err
}

func (a area) tabs(current *reports.Report) (tabs []web.Tab) {
	for _, name := range a.names {
		report, _ := reports.Find(reports.ForPartner, name) // the names are our own
		tabs = append(tabs, web.Tab{Name: report.Title, Path: a.path + "/" + name, Current: report == current})
	}
	return tabs
}
