package admin

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/sidecar/web"
)

const contactsPath = "admin/contacts"

type contactsPage struct {
	Search   string
	Contacts []affiliate.Contact
	People   people // behind the referrers
	Next     int    // offset of the next page, 0: none
}

// Contacts lists the people known by e-mail, the latest first.
func (p *Pages) Contacts(r *web.Request) (err error) {
	page := contactsPage{Search: affiliate.Cut(strings.TrimSpace(r.Query("q")), 100)}
	page.Contacts, err = p.Registry.Contacts(r.Ctx(), page.Search, affiliate.Page{Offset: r.Offset(), Limit: rowsShown + 1})
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
	if page.People, err = p.people(r, ids...); err != nil {
		return err
	}
	return r.Page(pages, "contacts.html", "Contacts", page)
}

// people are those behind partners, by partner.
type people map[affiliate.PartnerID]affiliate.Contact

// Name is what a partner is called; "" for no partner.
func (p people) Name(id affiliate.PartnerID) string {
	if id == 0 {
		return ""
	}
	c, known := p[id]
	if !known {
		return "partner " + id.String()
	}
	return c.Name()
}

func (p *Pages) people(r *web.Request, ids ...affiliate.PartnerID) (people, error) {
	return p.Registry.PartnerContacts(r.Ctx(), ids)
}
