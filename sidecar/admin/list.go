package admin

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

// links are the pages that cells of reports lead to.
var links = web.Links{
	reports.RefPartner:    "admin/partners/%d",
	reports.RefContact:    "admin/contacts/%d",
	reports.RefOrder:      "admin/commissions/orders/%d",
	reports.RefCommission: "admin/commissions/%d",
}

// listing is one page of an admin's report; its files hold all rows and columns.
type listing struct {
	Path     string // of the page
	Report   *reports.Report
	Shown    *reports.Page // nil while the filters are wrong
	Query    []string      // of the shown rows, for links
	Search   string        // this and Status: as typed
	Status   string
	Program  string
	Partner  affiliate.PartnerID // the one it is narrowed to, 0 all
	Filtered bool
	First    bool // the first page of the list
	Links    web.Links
	Problems affiliate.Problems
}

// listing reads what the request's filters ask for of a report, narrowed to the
// named columns. Filters that make no sense become Problems.
func (p *Pages) listing(r *web.Request, name, path string, columns ...string) (listing, error) {
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil {
		return listing{}, err
	}
	values := r.Context.Request.URL.Query()
	l := listing{Path: path, Report: report, Links: links, Search: values.Get("q"), Status: values.Get("status"), Program: values.Get("program")}
	q, err := reports.ParseQuery(values, p.Reports.Today())
	if err == nil {
		l.Query, l.First, l.Partner = flatQuery(q), q.After == "", q.Partner
		l.Filtered = len(l.Query) > 0
		q.Limit = rowsShown
		l.Shown, err = p.Reports.Page(r.Ctx(), report, q)
	}
	form := r.Form()
	if _, err = form.Refused(err); err != nil {
		return l, err
	}
	if l.Problems = form.Problems; len(l.Problems) > 0 {
		l.Shown = nil
		return l, nil
	}
	narrow(l.Shown, columns)
	return l, nil
}

// answer shows the page of a listing, as one to be corrected where its filters
// make no sense.
func (l listing) answer(r *web.Request, template, title string, data any) error {
	if len(l.Problems) > 0 {
		return r.Invalid(pages, template, title, data)
	}
	return r.Page(pages, template, title, data)
}

// flatQuery is the query, without its place in the list, as View.Link takes it.
func flatQuery(q reports.Query) (pairs []string) {
	values := q.Values()
	values.Del("after")
	if q.Partner != 0 {
		values.Set("partner", q.Partner.String())
	}
	return flat(values)
}

func flat(values url.Values) (pairs []string) {
	for name := range values {
		pairs = append(pairs, name, values.Get(name))
	}
	return pairs
}

// narrow leaves only some columns of a page, and of them those that hold
// anything: a screen has less room than a spreadsheet. A column of each
// currency is named without its currency.
func narrow(page *reports.Page, keys []string) {
	kept := []int{}
	for i, column := range page.Table.Columns {
		key, _, _ := strings.Cut(column.Key, "_"+string(column.Currency))
		if slices.Contains(keys, key) && (len(page.Rows) == 0 || holdsAnything(page, i)) {
			kept = append(kept, i)
		}
	}
	page.Table.Columns = pick(page.Table.Columns, kept)
	for i, row := range page.Table.Totals {
		page.Table.Totals[i].Cells = pick(row.Cells, kept)
	}
	for i, row := range page.Rows {
		page.Rows[i].Cells = pick(row.Cells, kept)
	}
}

func holdsAnything(page *reports.Page, column int) bool {
	return slices.ContainsFunc(page.Rows, func(r reports.Row) bool { return r.Cells[column].Kind != reports.KindEmpty })
}

func pick[T any](list []T, places []int) []T {
	picked := make([]T, 0, len(places))
	for _, i := range places {
		picked = append(picked, list[i])
	}
	return picked
}

// Download answers with a report as a file: all rows that the filters find.
func (p *Pages) Download(r *web.Request) error {
	name, format, _ := strings.Cut(r.Param("file"), ".")
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil {
		return err
	}
	q, err := reports.ParseQuery(r.Context.Request.URL.Query(), p.Reports.Today())
	if err != nil {
		return err
	}
	q.After = ""
	return r.Files(func() error {
		return p.Reports.Read(r.Ctx(), report, q, func(t *reports.Table) error { return r.Download(t, format) })
	})
}

// refused is Form.Refused, which also shows the form again, or the list as it
// is now, when somebody else has been quicker.
func refused(form *web.Form, err error) (again bool, rest error) {
	if affiliate.KindOf(err) == affiliate.KindConflict {
		form.Problems.Say("", affiliate.SentenceOf(err))
		return true, nil
	}
	return form.Refused(err)
}

// programOptions are the programs to choose from, after a first choice of none.
func (p *Pages) programOptions(r *web.Request, none string) ([]web.Option, error) {
	programs, err := p.Registry.Programs(r.Ctx())
	options := []web.Option{{Value: "", Label: none}}
	for _, program := range programs {
		options = append(options, web.Option{Value: program.ID.String(), Label: program.Name})
	}
	return options, err
}
