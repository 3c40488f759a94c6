package contacts

import (
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

type contactsPage struct {
	web.ReportPage
	Tabs []web.Tab
	None bool // there are no contacts at all
}

// Contacts lists the people known by e-mail, the latest first (S72).
func (p *Pages) Contacts(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "contacts")
	if err != nil {
		return err
	}
	page := contactsPage{}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: parts.Contacts,
		Files: parts.Reports + "/contacts", Filters: []reports.Filter{reports.FilterSearch}, Links: parts.Links,
		Primary: "contact"})
	if err != nil {
		return err
	}
	page.None = !page.Filtered && page.First && page.Shown != nil && len(page.Shown.Rows) == 0
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Contacts); err != nil {
		return err
	}
	return page.Answer(r, pages, "contacts.html", locale.T("Contacts"), page)
}
