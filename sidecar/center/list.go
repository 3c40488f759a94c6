package center

import (
	"net/url"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

// area is a page of the navigation whose tabs are reports of the registry.
type area struct {
	path   string // "earnings"
	title  string
	names  []string       // of its reports; the first is the page's own
	preset reports.Preset // the range where the URL names none
}

var (
	earnings = area{"earnings", "Earnings", []string{"commissions", "purchases", "refunds", "adjustments", "payments"}, reports.AllTime}
	figures  = area{"reports", "Reports", []string{"summary", "tools", "subids"}, reports.Last30}
)

// listPage is one report on a page: tabs, filters, totals and rows, and the
// files of the same rows.
type listPage struct {
	Path       string // of the page, below the base path
	Tabs       []tab
	Report     *reports.Report
	Presets    []tab
	From, To   string // as typed
	By         []web.Option
	Statuses   []web.Option
	Currencies []web.Option
	Search     string
	Filtered   bool
	Shown      *reports.Page // nil while the filters are wrong
	Query      []string      // of the shown rows, for links
	First      bool          // the first page of the list
	Problems   affiliate.Problems
}

type tab struct {
	Name    string
	Path    string
	Query   []string
	Current bool
}

// Earnings lists commissions, purchases, refunds, adjustments and payments (S116, S140).
func (p *Pages) Earnings(r *web.Request) error { return p.list(r, earnings) }

// Figures shows reports by date range (S117).
func (p *Pages) Figures(r *web.Request) error { return p.list(r, figures) }

// list answers with the page of a report, or with its file where the path ends
// in .csv or .xlsx: both come from the same Table.
func (p *Pages) list(r *web.Request, a area) error {
	report, format, err := a.report(r.Param("name"))
	if err != nil {
		return err
	}
	values := a.filters(r.Context.Request.URL.Query())
	q, err := reports.ParseQuery(values, p.Reports.Today())
	q.Partner = r.Who.Partner.ID // never another's: the URL has no say
	if format == "" {
		return p.page(r, a, newListPage(a, report, values, q, p.Reports.Today()), q, err)
	}
	if err != nil {
		return err
	}
	q.After = ""
	return r.Files(func() error {
		return p.Reports.Read(r.Ctx(), report, q, func(t *reports.Table) error { return r.Download(t, format) })
	})
}

// page shows the rows that q asks for, or what is wrong with it.
func (p *Pages) page(r *web.Request, a area, page listPage, q reports.Query, err error) error {
	statuses, failed := p.Reports.Statuses(r.Ctx(), page.Report, q.Partner)
	if failed != nil {
		return failed
	}
	page.Statuses = web.Options(statuses, q.Status)
	if err == nil {
		q.Limit = rowsShown
		page.Shown, err = p.Reports.Page(r.Ctx(), page.Report, q)
	}
	form := r.Form()
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Shown, page.Problems = nil, form.Problems
		return r.Invalid(pages, "list.html", a.title, page)
	}
	page.Currencies = currenciesOf(page.Shown, string(q.Currency))
	narrow(page.Shown)
	return r.Page(pages, "list.html", a.title, page)
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

// filters are those of a URL, with the area's own range where it says nothing
// of days. Empty days, as the form sends them, are all days.
func (a area) filters(values url.Values) url.Values {
	if !values.Has("range") && !values.Has("from") && !values.Has("to") {
		values.Set("range", string(a.preset))
	}
	return values
}

func newListPage(a area, report *reports.Report, values url.Values, q reports.Query, today affiliate.Day) listPage {
	page := listPage{Path: a.path + "/" + report.Name, Report: report, Search: values.Get("q"),
		From: values.Get("from"), To: values.Get("to"), First: q.After == ""}
	for _, name := range a.names {
		other, _ := reports.Find(reports.ForPartner, name) // the names are our own
		page.Tabs = append(page.Tabs, tab{Name: other.Title, Path: a.path + "/" + name, Current: name == report.Name})
	}
	shown := q.Values()
	shown.Del("after")
	if page.From == "" && page.To == "" {
		page.From, page.To = shown.Get("from"), shown.Get("to") // of a preset
	}
	if q.Range == (affiliate.Range{}) {
		shown.Set("range", string(reports.AllTime)) // else it would be the area's own
	}
	page.Query = web.Flat(shown)
	page.Presets = presets(page.Path, shown, q.Range, today)
	if report.Has(reports.FilterStep) {
		page.By = web.Options([]reports.Step{reports.ByDay, reports.ByWeek, reports.ByMonth}, values.Get("by"))
	}
	usual, _ := a.preset.Range(today)
	page.Filtered = q.Range != usual || q.Status != "" || q.Currency != "" || q.Search != "" || q.Tool != 0
	return page
}

// presets are the ranges one click away, with the other filters kept.
func presets(path string, shown url.Values, current affiliate.Range, today affiliate.Day) (tabs []tab) {
	for _, preset := range reports.Presets {
		r, _ := preset.Preset.Range(today)
		query := url.Values{}
		for name, values := range shown {
			if name != "from" && name != "to" {
				query[name] = values
			}
		}
		query.Set("range", string(preset.Preset))
		tabs = append(tabs, tab{Name: preset.Name, Path: path, Query: web.Flat(query), Current: r == current})
	}
	return tabs
}

// onlyInFiles are columns that would make a page too wide; the page of a
// commission says what they say. Rows without such a page have a column "why".
var onlyInFiles = []string{"at", "level", "reason"}

// narrow takes columns off the page: those, and the ones without any value.
func narrow(page *reports.Page) {
	keepColumns(page, func(i int, c reports.Column) bool {
		return !slices.Contains(onlyInFiles, c.Key) && (len(page.Rows) == 0 || slices.ContainsFunc(page.Rows, func(r reports.Row) bool { return r.Cells[i].Kind != reports.KindEmpty }))
	})
}

func keepColumns(page *reports.Page, keep func(int, reports.Column) bool) {
	var columns []reports.Column
	kept := map[int]bool{}
	for i, c := range page.Table.Columns {
		if kept[i] = keep(i, c); kept[i] {
			columns = append(columns, c)
		}
	}
	for _, rows := range [][]reports.Row{page.Rows, page.Table.Totals} {
		for n := range rows {
			var cells []reports.Cell
			for i, c := range rows[n].Cells {
				if kept[i] {
					cells = append(cells, c)
				}
			}
			rows[n].Cells = cells
		}
	}
	page.Table.Columns = columns
}

// currenciesOf are the currencies to choose from: those of the totals, when
// there are several or one has been chosen.
func currenciesOf(page *reports.Page, chosen string) (options []web.Option) {
	for _, total := range page.Table.Totals {
		for _, cell := range total.Cells {
			if cell.Kind == reports.KindMoney {
				cur := string(cell.Currency)
				options = append(options, web.Option{Value: cur, Label: cur, Chosen: cur == chosen})
				break
			}
		}
	}
	if len(options) < 2 && chosen == "" {
		return nil
	}
	return options
}
