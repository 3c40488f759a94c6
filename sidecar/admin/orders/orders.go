package orders

import (
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// ordersPage is the list of all orders.
type ordersPage struct {
	web.ReportPage
	Name string // of the partner that the list is narrowed to
}

// Orders lists all orders with state, review reason and who got credit.
func (p *Pages) Orders(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "orders")
	if err != nil {
		return err
	}
	page := ordersPage{}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: parts.Orders, Primary: "order",
		Files: parts.Reports + "/" + report.Name, Links: parts.Links})
	if err != nil {
		return err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, page.Only)
	if err != nil {
		return err
	}
	page.Name = people.Name(page.Only)
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "orders.html", locale.T("Orders"), page)
}
