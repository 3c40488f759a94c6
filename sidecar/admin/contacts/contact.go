package contacts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// contactTop is what the tabs of a contact's page share.
type contactTop struct {
	Contact affiliate.Contact
	Tabs    []web.Tab
}

// contact loads the contact that the path names, for one of its tabs.
func (p *Pages) contact(r *web.Request, tab string) (contactTop, error) {
	id, err := affiliate.ParseID[affiliate.Contact](r.Param("contact"))
	if err != nil {
		return contactTop{}, err
	}
	top := contactTop{}
	if top.Contact, err = p.Registry.Contact(r.Ctx(), id); err != nil {
		return top, err
	}
	top.Tabs = []web.Tab{{Name: locale.T("Referral Info"), Path: parts.ContactPath(id, "")},
		{Name: locale.T("History"), Path: parts.ContactPath(id, "history")},
		{Name: locale.T("Orders"), Path: parts.ContactPath(id, "orders")}}
	top.Tabs = web.MarkTab(top.Tabs, parts.ContactPath(id, tab))
	return top, nil
}

// referralPage is the tab of S72.
type referralPage struct {
	contactTop
	Referrers []referrer
	Partner   affiliate.Partner // ID 0: the contact is no partner
	Program   string            // of the partner, "" for none
	Own       []web.OwnShown    // the site's own fields that hold something
}

// referrer is one of the two slots of a contact, with the click that filled it.
type referrer struct {
	Slot  string // in addresses
	Title locale.Text
	None  locale.Text // said where there is none
	affiliate.Referrer
	Contact affiliate.Contact // behind the partner
	Tool    string
	SubID   string
}

// Contact shows who brought the contact (S72).
func (p *Pages) Contact(r *web.Request) error {
	top, err := p.contact(r, "")
	if err != nil {
		return err
	}
	page := referralPage{contactTop: top}
	for _, slot := range []referrer{
		{Slot: "first", Title: locale.T("First referrer"), Referrer: top.Contact.First,
			None: locale.T("None. It is set only when " +
				"the contact is first known, by the form of a visitor who used a partner's link.")},
		{Slot: "last", Title: locale.T("Last referrer"), Referrer: top.Contact.Last,
			None: locale.T("None. It is set by a form " +
				"sent after a click on a partner's link.")},
	} {
		if slot, err = p.fillReferrer(r, slot); err != nil {
			return err
		}
		page.Referrers = append(page.Referrers, slot)
	}
	if err := p.fillPartner(r, &page); err != nil {
		return err
	}
	fields, values, err := p.ownOf(r, top.Contact.ID)
	if err != nil {
		return err
	}
	page.Own = r.OwnShown(fields, values)
	return r.Page(pages, "contact.html", locale.Data(top.Contact.Name()), page)
}

func (p *Pages) fillReferrer(r *web.Request, slot referrer) (referrer, error) {
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, slot.PartnerID)
	if err != nil {
		return slot, err
	}
	slot.Contact, slot.SubID = people[slot.PartnerID], tracking.SubIDText(slot.Referrer.SubID)
	tools, err := p.Tracker.ToolNames(r.Ctx(), slot.ToolID)
	slot.Tool = tools[slot.ToolID]
	return slot, err
}

func (p *Pages) fillPartner(r *web.Request, page *referralPage) error {
	partner, err := p.Registry.PartnerByContact(r.Ctx(), page.Contact.ID)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	program, _, err := p.Registry.ProgramOf(r.Ctx(), partner.ID)
	page.Partner, page.Program = partner, program.Name
	return err
}

type historyPage struct {
	contactTop
	Forms  []tracking.TouchpointRecord
	People parts.People
	Tools  map[affiliate.ToolID]string
	Next   int // offset of the next page, 0: none
}

// ContactHistory lists the forms of a contact with the clicks they carried
// (S35, S59).
func (p *Pages) ContactHistory(r *web.Request) error {
	top, err := p.contact(r, "history")
	if err != nil {
		return err
	}
	page := historyPage{contactTop: top}
	page.Forms, err = p.Tracker.Touchpoints(r.Ctx(), top.Contact.ID,
		affiliate.Page{Offset: r.Offset(), Limit: rowsShown + 1})
	if err != nil {
		return err
	}
	if len(page.Forms) > rowsShown {
		page.Forms, page.Next = page.Forms[:rowsShown], r.Offset()+rowsShown
	}
	partners, tools := []affiliate.PartnerID{}, []affiliate.ToolID{}
	for _, f := range page.Forms {
		partners, tools = append(partners, f.PartnerID, f.LeadPartner), append(tools, f.ToolID)
	}
	if page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, partners...); err != nil {
		return err
	}
	if page.Tools, err = p.Tracker.ToolNames(r.Ctx(), tools...); err != nil {
		return err
	}
	return r.Page(pages, "contact_history.html", locale.Data(top.Contact.Name()), page)
}

type contactOrdersPage struct {
	contactTop
	Orders []parts.Explained
	Next   int // offset of the next page, 0: none
}

// ordersShown is less than of other lists: each order comes with its reasoning.
const ordersShown = 20

// ContactOrders lists the orders of a contact with what was decided, and why.
func (p *Pages) ContactOrders(r *web.Request) error {
	top, err := p.contact(r, "orders")
	if err != nil {
		return err
	}
	page := contactOrdersPage{contactTop: top}
	views, err := p.Sales.OrdersOf(r.Ctx(), top.Contact.ID, affiliate.Page{Offset: r.Offset(), Limit: ordersShown + 1})
	if err != nil {
		return err
	}
	if len(views) > ordersShown {
		views, page.Next = views[:ordersShown], r.Offset()+ordersShown
	}
	if page.Orders, err = parts.Explain(r, p.Registry, views...); err != nil {
		return err
	}
	return r.Page(pages, "contact_orders.html", locale.Data(top.Contact.Name()), page)
}
