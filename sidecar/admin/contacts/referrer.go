package contacts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// assignPage names a contact's first or last referrer by an admin's hand (S65).
type assignPage struct {
	Contact  affiliate.Contact
	Slot     tracking.FormKind
	Now      affiliate.PartnerID // who it is
	People   parts.People
	Who      string // "partner" or "nobody"
	Partner  string // code or address, as typed
	Reason   string
	Problems affiliate.Problems
}

// First tells whether it is about the first referrer.
func (a assignPage) First() bool { return a.Slot == tracking.SetFirst }

// slots are the referrers by their names in addresses.
var slots = map[string]tracking.FormKind{"first": tracking.SetFirst, "last": tracking.SetLast}

// assigned is the page of the path, as far as the path says.
func (p *Pages) assigned(r *web.Request) (page assignPage, err error) {
	slot, known := slots[r.Param("slot")]
	if !known {
		return page, affiliate.Missing("This page isn't available right now.")
	}
	page.Slot = slot
	if page.Contact, err = parts.Living(r, p.Registry); err != nil {
		return page, err
	}
	page.Now = page.Contact.Last.PartnerID
	if page.First() {
		page.Now = page.Contact.First.PartnerID
	}
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, page.Now)
	return page, err
}

// AskReferrer asks who is to be the contact's first or last referrer.
func (p *Pages) AskReferrer(r *web.Request) error {
	page, err := p.assigned(r)
	if err != nil {
		return err
	}
	page.Who = "partner"
	return p.showAssign(r, page, r.Form())
}

func (p *Pages) showAssign(r *web.Request, page assignPage, form *web.Form) error {
	title := locale.T("Last referrer of %s", page.Contact.Name())
	if page.First() {
		title = locale.T("First referrer of %s", page.Contact.Name())
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "contact_referrer.html", title, page)
	}
	return r.Page(pages, "contact_referrer.html", title, page)
}

// AssignReferrer names the referrer. Where the contact has orders, it goes on to
// what a re-run of them would change: by itself no order changes.
func (p *Pages) AssignReferrer(r *web.Request) error {
	page, err := p.assigned(r)
	if err != nil {
		return err
	}
	form := r.Form()
	page.Who, page.Partner = form.Raw("who"), form.Raw("partner")
	page.Reason = form.Raw("reason")
	partner, err := p.chosen(r, form, page)
	if err != nil {
		return err
	}
	if form.Err() == nil && partner == page.Now {
		return r.Done(web.Flash{Text: locale.T("Nothing was changed.")}, parts.ContactPath(page.Contact.ID, ""))
	}
	if err = form.Err(); err == nil && form.Raw("seen") != page.Now.String() {
		err = affiliate.Conflict("The referrer changed while you were looking at it. Review who it is now.")
	}
	if err == nil {
		_, err = p.Tracker.AssignReferrer(r.Ctx(), r.Who.Actor(), page.Contact.ID, page.Slot, partner, page.Reason)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showAssign(r, page, form)
	}
	orders, err := p.Sales.OrdersOf(r.Ctx(), page.Contact.ID, affiliate.Page{Limit: 1})
	if err != nil {
		return err
	}
	text := locale.T("The referrer is set. Orders from now on follow it.")
	if len(orders) == 0 || partner == 0 {
		return r.Done(web.Flash{Text: text}, parts.ContactPath(page.Contact.ID, ""))
	}
	choice := "last"
	if page.First() {
		choice = "first"
	}
	text = locale.Join(text,
		locale.T("Below is what a re-run of the orders so far would change. You can leave it at that."))
	return r.Done(web.Flash{Text: text}, parts.Rerun, "contact", page.Contact.ID.String(), "choice", choice,
		"preview", "1")
}

// chosen is the partner that the form names; 0 for nobody.
func (p *Pages) chosen(r *web.Request, form *web.Form, page assignPage) (affiliate.PartnerID, error) {
	switch page.Who {
	case "nobody":
		return 0, nil
	case "partner":
	default:
		form.Problems.Add("who", "Please choose one from the list.")
		return 0, nil
	}
	partner, err := parts.PartnerNamed(r.Ctx(), p.Registry, page.Partner)
	if kind := affiliate.KindOf(err); kind == affiliate.KindNotFound || kind == affiliate.KindInvalid {
		form.Problems.Add("partner", "No partner has this code or email address.")
		return 0, nil
	}
	return partner.ID, err
}
