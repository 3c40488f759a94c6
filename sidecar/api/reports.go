package api

import (
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
)

// reportName is a report that can be asked for.
type reportName struct {
	Name    string           `json:"name"`
	Title   string           `json:"title"`
	Help    string           `json:"help"`
	Filters []reports.Filter `json:"filters"`
}

type reportNames struct {
	Items []reportName `json:"items"`
}

// report is a part of a report. Each row has a value for each column: money and
// percentages are texts, counts are numbers, what is not known is null.
type report struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	From    string   `json:"from,omitempty"`
	To      string   `json:"to,omitempty"`
	Zone    string   `json:"zone"`
	Columns []column `json:"columns"`
	Rows    []row    `json:"rows"`
	Totals  []row    `json:"totals"`
	Next    string   `json:"next,omitempty"`
}

type column struct {
	Key  string       `json:"key"`
	Name string       `json:"name"`
	Kind reports.Kind `json:"kind"`
}

type row struct {
	Currency money.Currency `json:"currency,omitempty"`
	Values   []any          `json:"values"`
}

var reportQuery = []parameter{
	{"from", "The first day, as 2026-01-31, in the site's time zone.", "date"},
	{"to", "The last day.", "date"},
	{"range", "A named range instead of days, such as this_month.", "string"},
	{"by", "How sums are divided: day, week, month or year.", "string"},
	{"status", "Only this status.", "string"},
	{"program", "Only the program with this id.", "integer"},
	{"tool", "Only the promo tool with this id.", "integer"},
	{"currency", "Only this currency.", "string"},
	{"q", "Only rows that have this text.", "string"},
	afterParameter, limitParameter,
}

func namesFor(audience reports.Audience) reportNames {
	out := reportNames{Items: []reportName{}}
	for _, r := range reports.All {
		if r.For == audience {
			out.Items = append(out.Items, reportName{r.Name, r.Title.String(), r.Help.String(),
				append([]reports.Filter{}, r.Filters...)})
		}
	}
	return out
}

func listReports(*call) (reportNames, error) { return namesFor(reports.ForAdmin), nil }

func oneReport(c *call) (report, error) { return c.report(reports.ForAdmin, 0) }

func (c *call) report(audience reports.Audience, partner affiliate.PartnerID) (report, error) {
	found, err := reports.Find(audience, c.Param("name"))
	if err != nil {
		return report{}, err
	}
	q, err := reports.ParseQuery(c.Context.Request.URL.Query(), c.api.Reports.Today())
	if err != nil {
		return report{}, err
	}
	if partner != 0 {
		q.Partner = partner
	}
	if q.Limit, err = c.limit(); err != nil {
		return report{}, err
	}
	p, err := c.api.Reports.Page(c.Ctx(), found, q)
	if err != nil {
		return report{}, err
	}
	return reportOf(p), nil
}

func reportOf(p *reports.Page) report {
	out := report{Name: p.Table.Name, Title: p.Table.Title.String(), Zone: p.Table.Zone.String(), Next: p.Next,
		Columns: []column{}, Rows: []row{}, Totals: []row{}}
	if from := p.Table.Range.From; !from.IsZero() {
		out.From = from.String()
	}
	if to := p.Table.Range.To; !to.IsZero() {
		out.To = to.AddDays(-1).String()
	}
	for _, c := range p.Table.Columns {
		out.Columns = append(out.Columns, column{c.Key, c.Name.String(), c.Kind})
	}
	for _, r := range p.Rows {
		out.Rows = append(out.Rows, rowOf(r, p.Table.Zone))
	}
	for _, r := range p.Table.Totals {
		out.Totals = append(out.Totals, rowOf(r, p.Table.Zone))
	}
	return out
}

func rowOf(r reports.Row, zone *time.Location) row {
	out := row{Values: []any{}}
	for _, c := range r.Cells {
		if c.Kind == reports.KindMoney && out.Currency == "" {
			out.Currency = c.Currency
		}
		out.Values = append(out.Values, valueOf(c, zone))
	}
	return out
}

func valueOf(c reports.Cell, zone *time.Location) any {
	switch c.Kind {
	case reports.KindEmpty:
		return nil
	case reports.KindNumber:
		return c.Number
	}
	if c.Kind == reports.KindStatus {
		return c.Text // programs compare it
	}
	return fmt.Sprint(c.File(zone, locale.English))
}
