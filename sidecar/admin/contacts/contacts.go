package contacts

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// rowsShown is how many rows a page of a list has.
const rowsShown = 50

type contactsPage struct {
	Tabs     []web.Tab
	Search   string
	Contacts []affiliate.Contact
	People   parts.People // behind the referrers
	Next     int          // offset of the next page, 0: none
}

// Contacts lists the people known by e-mail, the latest first.
func (p *Pages) Contacts(r *web.Request) (err error) {
	page := contactsPage{Search: affiliate.Cut(strings.TrimSpace(r.Query("q")), 100)}
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Contacts); err != nil {
		return err
	}
	page.Contacts, err = p.Registry.Contacts(r.Ctx(), page.Search,
		affiliate.Page{Offset: r.Offset(), Limit: rowsShown + 1})
	if err != nil {
		return err
	}
	if len(page.Contacts) > rowsShown {
		page.Contacts, page.Next = page.Contacts[:rowsShown], r.Offset()+rowsShown
	}
	ids := []affiliate.PartnerID{}
	for _, c := range page.Contacts {
		ids = append(ids, c.First.PartnerID, c.Last.PartnerID)
	}
	if page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...); err != nil {
		return err
	}
	return r.Page(pages, "contacts.html", locale.T("Contacts"), page)
}
