package partners

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// figure is a number of the partner's since they began, as the list has it.
type figure struct {
	Name, Help locale.Text
	Cell       reports.Cell
}

// figuresShown are the columns of the list that the page shows, but for the money
// that stands in the balances.
var figuresShown = map[string]bool{"unique": true, "leads": true, "sales": true, "total": true,
	"refunds": true, "refunded": true}

// fillFigures reads the partner's row of the list (S33-S41).
func (p *Pages) fillFigures(r *web.Request, page *partnerPage) error {
	report, err := reports.Find(reports.ForAdmin, "partners")
	if err != nil {
		return err
	}
	shown, err := p.Reports.Page(r.Ctx(), report, reports.Query{Partner: page.Partner.ID, Limit: 1})
	if err != nil || len(shown.Rows) == 0 {
		return err
	}
	page.Held = map[money.Currency]money.Amount{}
	for i, column := range shown.Table.Columns {
		cell, key := shown.Rows[0].Cells[i], column.BaseKey()
		switch {
		case key == "on_hold":
			page.Held[column.Currency] = cell.Amount
		case figuresShown[key] && (column.Currency == "" || !cell.Amount.IsZero()):
			page.Figures = append(page.Figures, figure{column.Name, column.Help, cell})
		}
	}
	return nil
}

// monthsShown is how far back the figures over time go.
const monthsShown = 6

// fillMonths reads the partner's figures by month.
func (p *Pages) fillMonths(r *web.Request, page *partnerPage) error {
	report, err := reports.Find(reports.ForPartner, "summary")
	if err != nil {
		return err
	}
	first := monthOf(p.Reports.Today())
	for range monthsShown - 1 {
		first = monthOf(first.AddDays(-1))
	}
	days := affiliate.Range{From: first, To: p.Reports.Today().Next()}
	shown, err := p.Reports.Page(r.Ctx(), report, reports.Query{Partner: page.Partner.ID, Range: days,
		By: reports.ByMonth})
	if err != nil {
		return err
	}
	shown.Table.Totals = nil
	shown.Keep(func(c reports.Column, holds bool) bool {
		return holds && c.Key != "clicks" && c.Key != "conversion"
	})
	page.Months = web.ReportPage{ReportSpec: web.ReportSpec{Report: report}, Shown: shown}
	return nil
}

// fillPayments reads the latest payments.
func (p *Pages) fillPayments(r *web.Request, page *partnerPage) (err error) {
	page.Payments, err = p.latestOf(r, "accounting", page.Partner.ID, "", "day", "amount", "status", "method",
		"reference", "payment")
	return err
}

// recruitsShown is how many recruited partners the page names.
const recruitsShown = 20

// fillRecruits reads whom the partner recruited.
func (p *Pages) fillRecruits(r *web.Request, page *partnerPage) (err error) {
	var ids []affiliate.PartnerID
	if ids, page.RecruitCount, err = p.Registry.Recruits(r.Ctx(), page.Partner.ID, recruitsShown); err != nil {
		return err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	for _, id := range ids {
		page.Recruits = append(page.Recruits, recruit{id, people.Name(id)})
	}
	return err
}

// recruit is a partner whom this one recruited.
type recruit struct {
	ID   affiliate.PartnerID
	Name string
}

// chartMonths is how many months the chart has.
const chartMonths = 12

// fillChart draws unique visits by month, or the commission in the chosen currency.
func (p *Pages) fillChart(r *web.Request, page *partnerPage) error {
	today := p.Reports.Today()
	first := monthOf(today)
	for range chartMonths - 1 {
		first = monthOf(first.AddDays(-1))
	}
	days := affiliate.Range{From: first, To: today.Next()}
	points, err := p.Reports.Series(r.Ctx(), page.Partner.ID, days)
	if err != nil || !slices.ContainsFunc(points, func(d reports.Point) bool { return d.Clicks+d.Leads+d.Sales > 0 }) {
		return err
	}
	view := web.View{Request: r}
	shown := web.CountAxis(view, locale.T("Unique visits"), locale.Text{})
	value := func(d reports.Point) int64 { return d.Unique }
	path := parts.PartnerPath(page.Partner.ID)
	page.Charts = []web.Tab{{Name: shown.Title, Path: path, Current: true}}
	for _, b := range page.Balances {
		tab := web.Tab{Name: locale.T("Commission in %s", string(b.Currency)), Path: path,
			Query: []string{"chart", string(b.Currency)}, Current: r.Query("chart") == string(b.Currency)}
		page.Charts = append(page.Charts, tab)
		if tab.Current {
			page.Charts[0].Current = false
			shown = web.MoneyAxis(view, tab.Name, b.Currency, locale.Text{})
			value = func(d reports.Point) int64 { return d.Money[b.Currency].Commission.Units() }
		}
	}
	shown.Gap = locale.T("Empty: not in a program")
	chart := web.NewChart(shown, reports.ByMonth, web.Bars(points, reports.Spans(days, reports.ByMonth), value), nil)
	page.Chart = &chart
	return nil
}

// lead is a form that counted for the partner, with who sent it.
type lead struct {
	tracking.PartnerLead
	Name string
}

// fillLeads reads the latest leads.
func (p *Pages) fillLeads(r *web.Request, page *partnerPage) error {
	leads, err := p.Tracker.PartnerLeads(r.Ctx(), page.Partner.ID, parts.Latest)
	if err != nil {
		return err
	}
	ids := []affiliate.ContactID{}
	for _, l := range leads {
		ids = append(ids, l.ContactID)
	}
	contacts, err := p.Registry.ContactsOf(r.Ctx(), ids)
	for _, l := range leads {
		name := "#" + l.ContactID.String()
		for _, c := range contacts {
			if c.ID == l.ContactID {
				name = c.Name()
			}
		}
		page.Leads = append(page.Leads, lead{l, name})
	}
	return err
}
