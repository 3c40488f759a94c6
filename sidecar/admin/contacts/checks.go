package contacts

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// contactsShown is how many contacts of a group its page names.
const contactsShown = 200

// listTabs are the lists of contacts: all, the groups to check (D41), the
// resets (S132), and the site's own fields (S32).
func (p *Pages) listTabs(ctx context.Context, current string) ([]web.Tab, error) {
	open, err := p.Tracker.OpenClaims(ctx)
	return web.MarkTab([]web.Tab{{Name: locale.T("All contacts"), Path: parts.Contacts},
		{Name: locale.T("To check"), Path: parts.Checks, Count: int64(open)},
		{Name: locale.T("Resets"), Path: parts.Resets}, {Name: fieldsTitle, Path: parts.Fields}}, current), err
}

type checksPage struct {
	Tabs   []web.Tab
	Groups []tracking.Claim
	People parts.People
	Next   int // offset of the next page, 0: none
}

// Checks lists the groups of many addresses that one click, or one network on a
// day, has named (D41).
func (p *Pages) Checks(r *web.Request) (err error) {
	page := checksPage{}
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Checks); err != nil {
		return err
	}
	shown := affiliate.Page{Offset: r.Offset(), Limit: rowsShown + 1}
	if page.Groups, err = p.Tracker.Claims(r.Ctx(), shown); err != nil {
		return err
	}
	if len(page.Groups) > rowsShown {
		page.Groups, page.Next = page.Groups[:rowsShown], r.Offset()+rowsShown
	}
	ids := []affiliate.PartnerID{}
	for _, g := range page.Groups {
		ids = append(ids, g.PartnerID)
	}
	if page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...); err != nil {
		return err
	}
	return r.Page(pages, "checks.html", locale.T("Addresses to check"), page)
}

type checkPage struct {
	Tabs     []web.Tab
	Group    tracking.Claim
	Contacts []affiliate.Contact // at most contactsShown
	More     int                 // how many more there are
	People   parts.People
	Reason   string
	Problems affiliate.Problems
}

// Check shows one group with the contacts that it names.
func (p *Pages) Check(r *web.Request) error { return p.showCheck(r, r.Form()) }

func (p *Pages) showCheck(r *web.Request, form *web.Form) error {
	id, err := affiliate.ParseID[tracking.Claim](r.Param("group"))
	if err != nil {
		return err
	}
	page := checkPage{Reason: form.Raw("reason"), Problems: form.Problems}
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Checks); err != nil {
		return err
	}
	group, ids, err := p.Tracker.Claim(r.Ctx(), id, contactsShown)
	if err != nil {
		return err
	}
	page.Group, page.More = group, max(0, group.Addresses-len(ids))
	if page.Contacts, err = p.Registry.ContactsOf(r.Ctx(), ids); err != nil {
		return err
	}
	partners := []affiliate.PartnerID{group.PartnerID}
	for _, c := range page.Contacts {
		partners = append(partners, c.First.PartnerID, c.Last.PartnerID)
	}
	if page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, partners...); err != nil {
		return err
	}
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "check.html", locale.T("Addresses to check"), page)
	}
	return r.Page(pages, "check.html", locale.T("Addresses to check"), page)
}

// DecideCheck accepts a group as people, or throws it out; the other way round
// stays possible at any time.
func (p *Pages) DecideCheck(r *web.Request) error {
	id, err := affiliate.ParseID[tracking.Claim](r.Param("group"))
	if err != nil {
		return err
	}
	form := r.Form()
	verdict := tracking.Review(form.Raw("verdict"))
	group, err := p.Tracker.DecideClaim(r.Ctx(), r.Who.Actor(), id, verdict, form.Raw("reason"))
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showCheck(r, form)
	}
	text := locale.N("Accepted: %d address counts as a person.",
		"Accepted: %d addresses count as people.", group.Addresses)
	if group.Verdict == tracking.ReviewDismissed {
		text = locale.N("Thrown out: the forms of %d address no longer count for any partner.",
			"Thrown out: the forms of %d addresses no longer count for any partner.", group.Addresses)
	}
	text = locale.Join(text, locale.T("Referrers, leads and waiting sales follow within a minute."),
		locale.T("You can change this decision below."))
	return r.Done(web.Flash{Text: text}, parts.CheckPath(id))
}
