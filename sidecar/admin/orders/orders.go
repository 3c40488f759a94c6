package orders

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// ordersPage is the list of all orders.
type ordersPage struct {
	web.ReportPage
	Tabs []web.Tab
	Name string // of the partner that the list is narrowed to
}

// ordersSpec is the list with what whoever asks may do there.
func ordersSpec(r *web.Request) (web.ReportSpec, error) {
	report, err := reports.Find(reports.ForAdmin, "orders")
	s := web.ReportSpec{Report: report, Path: parts.Orders, Files: parts.Reports + "/orders", Links: parts.Links,
		Filters: []reports.Filter{reports.FilterRange, reports.FilterProgram, reports.FilterSearch}, Primary: "order",
		Value: "total"}
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath, s.Bulk = parts.Orders+"/bulk", []web.BulkAction{{Name: "rerun", Label: locale.T("Re-run…")}}
	}
	return s, err
}

// Orders lists all orders with state, review reason and who got credit.
func (p *Pages) Orders(r *web.Request) error { return p.showOrders(r, nil) }

func (p *Pages) showOrders(r *web.Request, problems affiliate.Problems) error {
	s, err := ordersSpec(r)
	if err != nil {
		return err
	}
	page := ordersPage{}
	if page.ReportPage, err = r.ReportPage(p.Reports, s); err != nil {
		return err
	}
	page.Tabs = []web.Tab{{Name: locale.T("All"), Path: parts.Orders, Current: r.Query("status") == ""}}
	for _, status := range s.Report.Statuses {
		page.Tabs = append(page.Tabs, web.Tab{Name: reports.Word(status), Path: parts.Orders,
			Query: []string{"status", status}, Current: r.Query("status") == status})
	}
	page.Add(problems)
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

// Bulk asks who gets the credit of the ticked orders, or of all that match.
func (p *Pages) Bulk(r *web.Request) error {
	s, err := ordersSpec(r)
	if err != nil {
		return err
	}
	form := r.Form()
	asked, err := r.Bulk(form, p.Reports, s)
	if err != nil {
		return err
	}
	if form.Err() != nil {
		return p.showOrders(r, form.Problems)
	}
	ids, cut := asked.Picks, false
	if asked.All {
		if ids, cut, err = p.allThatMatch(r, s, asked.Query); err != nil {
			return err
		}
	}
	orders, err := affiliate.ParseIDs[affiliate.OrderNoun](ids)
	if err != nil {
		return err
	}
	return p.AskRerunOf(r, orders, cut)
}

// allThatMatch are the orders that a query finds, as many as one re-run takes;
// cut tells that there are more.
func (p *Pages) allThatMatch(r *web.Request, s web.ReportSpec, q reports.Query) (ids []string, cut bool, err error) {
	err = p.Reports.Read(r.Ctx(), s.Report, q, func(t *reports.Table) error {
		for row, err := range t.Rows {
			if err != nil {
				return err
			}
			if cut = len(ids) == parts.RerunAtOnce; cut {
				return nil
			}
			ids = append(ids, affiliate.OrderID(row.Ref.ID).String())
		}
		return nil
	})
	return ids, cut, err
}
