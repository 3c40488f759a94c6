package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

// ReportPage is one page of a report for the templates "report-presets",
// "report-filters", "report" and "report-foot".
type ReportPage struct {
	ReportSpec
	Shown      *reports.Page // nil while the filters are wrong
	Query      []string      // of the shown rows, for links
	From, To   string        // these and Search: as typed
	Search     string
	Only       affiliate.PartnerID // whom an admin has narrowed it to, 0 all
	Presets    []Tab
	By         []Option
	Statuses   []Option
	Programs   []Option // for the area to fill in, which knows them
	Currencies []Option
	Kept       []Hidden       // filters in force that have no field
	Filtered   bool           // by anything but the usual range
	First      bool           // the first page of the list
	Screen     []ScreenOption // columns to choose from; none where the list can't be set up
	Rows       int            // per page
	Problems   affiliate.Problems
	Tabs       []Tab // the states, with counts; for the area to fill in
	Chosen     bool  // the columns are the user's choice
	Native     bool  // shown as wp-admin shows lists
	At         int   // how many rows stand before the shown ones
	Sort       string
	All        bool // all rows that match are ticked, not only the shown ones

	language *locale.Language
}

// ReportPage reads what the request's filters ask for of a report, in the
// columns that have room on a page. Filters that make no sense become Problems.
func (r *Request) ReportPage(reader *reports.Reader, spec ReportSpec) (ReportPage, error) {
	values := spec.values(r)
	page := ReportPage{ReportSpec: spec, language: r.Language(), From: values.Get("from"), To: values.Get("to"),
		Search: values.Get("q"), Native: r.Surface.Admin(), Sort: values.Get("sort"), All: values.Get("all") == "1"}
	page.At, _ = strconv.Atoi(values.Get("at"))
	q, err := spec.query(values, reader)
	page.describe(q, values, reader.Today())
	statuses, failed := reader.Statuses(r.Ctx(), spec.Report, spec.Partner)
	if failed != nil {
		return page, failed
	}
	page.Statuses = Options(statuses, values.Get("status"))
	screen, failed := r.screen(spec.Report)
	if failed != nil {
		return page, failed
	}
	page.Rows = cmp.Or(screen.Rows, rowsShown)
	if err == nil {
		q.Limit = page.Rows
		page.Shown, err = reader.Page(r.Ctx(), spec.Report, q)
	}
	form := r.Form()
	if _, err = form.Refused(err); err != nil {
		return page, err
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		page.Shown = nil
		return page, nil
	}
	page.Currencies = currencyOptions(page.Shown, string(q.Currency))
	page.Chosen = len(screen.Columns) > 0
	page.Screen = screenOptions(page.Shown.Table.Columns, screen.Columns)
	page.Shown.Keep(func(c reports.Column, holds bool) bool {
		if len(screen.Columns) > 0 {
			return slices.Contains(screen.Columns, c.BaseKey())
		}
		if spec.Usual != nil {
			return slices.Contains(spec.Usual, c.BaseKey())
		}
		return !c.FileOnly && (holds || len(page.Shown.Rows) == 0)
	})
	page.arrange()
	return page, nil
}

// ReportExcerpt is the beginning of a report on a page about something else, in
// the columns of these keys, without the totals, which are those of all rows.
func (r *Request) ReportExcerpt(reader *reports.Reader, spec ReportSpec, q reports.Query, keys ...string) (ReportPage,
	error) {
	shown, err := reader.Page(r.Ctx(), spec.Report, q)
	if err != nil {
		return ReportPage{}, err
	}
	shown.Table.Totals = nil
	shown.Keep(func(c reports.Column, holds bool) bool {
		return slices.Contains(keys, c.Key) && (holds || len(shown.Rows) == 0)
	})
	return ReportPage{ReportSpec: spec, Shown: shown}, nil
}

// Answer shows the page that holds this report, as one to be corrected where
// its filters make no sense. data is the area's own struct around it.
func (p ReportPage) Answer(r *Request, pages Pages, template string, title locale.Text, data any) error {
	if len(p.Problems) > 0 {
		return r.Invalid(pages, template, title, data)
	}
	return r.Page(pages, template, title, data)
}

// describe fills in what page and links say of the query.
func (p *ReportPage) describe(q reports.Query, values url.Values, today affiliate.Day) {
	shown := q.Values()
	shown.Del("after")
	shown.Del("before")
	if p.Report.For == reports.ForAdmin && q.Partner != 0 {
		p.Only = q.Partner
		shown.Set("partner", q.Partner.String())
	}
	if p.From == "" && p.To == "" {
		p.From, p.To = shown.Get("from"), shown.Get("to") // of a preset
	}
	usual := affiliate.Range{}
	if p.Preset != "" {
		usual, _ = p.Preset.Range(today)
		p.Presets = presetTabs(p.Path, shown, q.Range, today)
		if q.Range == (affiliate.Range{}) {
			shown.Set("range", string(reports.AllTime)) // else it would be the page's own
		}
	}
	p.Query, p.First = Flat(shown), q.After == "" && q.Before == ""
	p.Kept = p.keptFilters(shown)
	// What the list is of doesn't narrow it.
	if p.Program != 0 {
		q.Program = 0
	}
	if p.Report.For == reports.ForPartner {
		q.Partner = 0
	}
	p.Filtered = q.Filtered(usual)
	if p.Offers(reports.FilterStep) {
		p.By = Options([]reports.Step{reports.ByDay, reports.ByWeek, reports.ByMonth}, values.Get("by"))
	}
}

// AllRows is the query of a link to the page without any filter.
func (p ReportPage) AllRows() []string {
	if p.Preset == "" {
		return nil
	}
	return []string{"range", string(reports.AllTime)}
}

// DayField is the field of one end of the range; label is a sentence of the catalogue.
func (p ReportPage) DayField(name, label string) Field {
	f := newField(p.language, name, label, p.From, p.Problems)
	if name == "to" {
		f.Value = p.To
	}
	return f
}

// ChoiceField is a field to choose a filter's value; all is what no value is
// called, "" where one has to be chosen. Both are sentences of the catalogue.
func (p ReportPage) ChoiceField(name, label, all string, options []Option) Field {
	f := newField(p.language, name, label, "", p.Problems)
	f.Help = wording(p.language, all)
	f.Options = said(p.language, options)
	return f
}

// keptFilters are filters in force that the form has no field for, as hidden
// fields of it.
func (s ReportSpec) keptFilters(shown url.Values) (kept []Hidden) {
	for _, f := range s.Report.Filters {
		if value := shown.Get(string(f)); value != "" && f != reports.FilterRange && !s.Offers(f) {
			kept = append(kept, Hidden{string(f), value})
		}
	}
	return kept
}

// presetTabs are the ranges one click away, with the other filters kept.
func presetTabs(path string, shown url.Values, current affiliate.Range, today affiliate.Day) (tabs []Tab) {
	for _, preset := range reports.Presets {
		r, _ := preset.Preset.Range(today)
		query := url.Values{}
		for name, values := range shown {
			if name != "from" && name != "to" {
				query[name] = values
			}
		}
		query.Set("range", string(preset.Preset))
		tabs = append(tabs, Tab{Name: preset.Name, Path: path, Query: Flat(query), Current: r == current})
	}
	return tabs
}

// currencyOptions are the currencies to choose from: those of the totals, when
// there are several or one has been chosen.
func currencyOptions(page *reports.Page, chosen string) (options []Option) {
	for _, cur := range page.Currencies() {
		options = append(options, Option{Value: string(cur), Label: locale.Data(string(cur)),
			Chosen: string(cur) == chosen})
	}
	if len(options) < 2 && chosen == "" {
		return nil
	}
	return options
}

// TotalCurrencies are those that the shown rows are summed up in.
func (p ReportPage) TotalCurrencies() []money.Currency {
	if p.Shown == nil {
		return nil
	}
	return p.Shown.Currencies()
}
