package programs

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type groupsPage struct {
	Groups   []tracking.CountedGroup
	Name     string // of a new one, as typed
	Renamed  tracking.GroupID
	As       string // its new name, as typed
	Problems affiliate.Problems
}

var groupsTitle = locale.T("Product groups")

// Groups lists the product groups of promo tools, to name, empty and delete them (S46).
func (p *Pages) Groups(r *web.Request) error { return p.showGroups(r, groupsPage{}) }

func (p *Pages) showGroups(r *web.Request, page groupsPage) (err error) {
	if page.Groups, err = p.Tracker.CountedGroups(r.Ctx()); err != nil {
		return err
	}
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "groups.html", groupsTitle, page)
	}
	return r.Page(pages, "groups.html", groupsTitle, page)
}

// AddGroup makes a group; one of that name may be there already.
func (p *Pages) AddGroup(r *web.Request) error {
	form := r.Form()
	page := groupsPage{Name: form.Raw("name")}
	group, err := p.Tracker.EnsureGroup(r.Ctx(), r.Who.Actor(), page.Name)
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showGroups(r, page)
	}
	return r.Done(web.Flash{Text: locale.T("The group “%s” is there. Choose it on a promo tool.", group.Name)},
		parts.Groups)
}

// RenameGroup gives a group another name.
func (p *Pages) RenameGroup(r *web.Request) error {
	id, err := affiliate.ParseID[tracking.Group](r.Param("group"))
	if err != nil {
		return err
	}
	form := r.Form()
	page := groupsPage{Renamed: id, As: form.Raw("as")}
	_, err = p.Tracker.RenameGroup(r.Ctx(), r.Who.Actor(), id, page.As)
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = affiliate.Problems{"as": form.Problems["name"]}
		return p.showGroups(r, page)
	}
	return r.Done(web.Flash{Text: locale.T("The group has its new name everywhere.")}, parts.Groups)
}

// EmptyGroup takes all promo tools out of a group.
func (p *Pages) EmptyGroup(r *web.Request) error {
	id, err := affiliate.ParseID[tracking.Group](r.Param("group"))
	if err != nil {
		return err
	}
	was, err := p.Tracker.EmptyGroup(r.Ctx(), r.Who.Actor(), id)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The group “%s” is empty.", was.Name)}, parts.Groups)
}

// DeleteGroup deletes a group; its promo tools are in none from then on. Of one
// that is gone already nothing is left to do.
func (p *Pages) DeleteGroup(r *web.Request) error {
	id, err := affiliate.ParseID[tracking.Group](r.Param("group"))
	if err != nil {
		return err
	}
	was, err := p.Tracker.DeleteGroup(r.Ctx(), r.Who.Actor(), id)
	text := locale.T("The group “%s” is deleted. Its promo tools stay.", was.Name)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		text, err = locale.T("Someone else deleted that group before you."), nil
	}
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: text}, parts.Groups)
}
