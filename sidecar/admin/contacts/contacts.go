package contacts

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

type contactsPage struct {
	web.ReportPage
	Tabs    []web.Tab
	Origins []web.Option
	Name    string // of the partner that the list is narrowed to
	None    bool   // there are no contacts at all
}

// What can be done with chosen contacts.
const (
	bulkReferrer = "referrer"
	bulkRerun    = "rerun"
	bulkDelete   = "delete"
)

// contactsSpec is the list with what whoever asks may do there.
func contactsSpec(r *web.Request) (web.ReportSpec, error) {
	report, err := reports.Find(reports.ForAdmin, "contacts")
	s := web.ReportSpec{Report: report, Path: parts.Contacts, Files: parts.Reports + "/contacts", Links: parts.Links,
		Primary: "contact", Filters: []reports.Filter{reports.FilterRange, reports.FilterStatus, reports.FilterProgram,
			reports.FilterKind, reports.FilterSearch}}
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath, s.Bulk = parts.Contacts+"/bulk", []web.BulkAction{
			{Name: bulkReferrer, Label: locale.T("Assign a referrer…")},
			{Name: bulkRerun, Label: locale.T("Re-run their orders…")}, {Name: bulkDelete, Label: locale.T("Delete…")}}
	}
	return s, err
}

// Contacts lists the people known by e-mail, the latest first (S72).
func (p *Pages) Contacts(r *web.Request) error { return p.showContacts(r, nil) }

func (p *Pages) showContacts(r *web.Request, problems affiliate.Problems) error {
	s, err := contactsSpec(r)
	if err != nil {
		return err
	}
	page := contactsPage{}
	if page.ReportPage, err = r.ReportPage(p.Reports, s); err != nil {
		return err
	}
	page.None = !page.Filtered && page.First && page.Shown != nil && len(page.Shown.Rows) == 0
	page.Add(problems)
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Contacts); err != nil {
		return err
	}
	for _, origin := range reports.Origins {
		page.Origins = append(page.Origins, web.Option{Value: string(origin), Label: reports.OriginWords(origin)})
	}
	page.Origins = web.Options(page.Origins, r.Query("kind"))
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, page.Only)
	if err != nil {
		return err
	}
	page.Name = people.Name(page.Only)
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "contacts.html", locale.T("Contacts"), page)
}
