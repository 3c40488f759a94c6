package partners

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type recruiterPage struct {
	top
	Program affiliate.Program
	Present affiliate.PartnerID // 0: nobody
	Name    string              // of the present one
	Search  string
	Found   []affiliate.PartnerID
	People  parts.People
	Choice  string // as typed
	Reason  string
}

// AskRecruiter searches for who earns the second level of a partner's sales
// from now on (D5).
func (p *Pages) AskRecruiter(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	return p.showRecruiter(r, t, r.Query("q"), r.Form())
}

// mostFound is how many partners a search offers.
const mostFound = 20

func (p *Pages) showRecruiter(r *web.Request, t top, search string, form *web.Form) error {
	t.Problems = form.Problems
	page := recruiterPage{top: t, Search: affiliate.Line(search), Choice: form.Raw("recruiter"),
		Reason: form.Raw("reason")}
	stay, err := p.present(r, t)
	if err != nil {
		return err
	}
	page.Present = stay.RecruiterID
	if page.Program, err = p.Registry.Program(r.Ctx(), stay.ProgramID); err != nil {
		return err
	}
	ids := []affiliate.PartnerID{page.Present}
	if chosen, err := affiliate.ParseID[affiliate.Partner](page.Choice); err == nil {
		page.Found = append(page.Found, chosen)
	}
	found, err := p.findPartners(r, page.Search)
	if err != nil {
		return err
	}
	for _, id := range found {
		if id != t.Partner.ID && id != page.Present && id.String() != page.Choice {
			page.Found = append(page.Found, id)
		}
	}
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, append(ids, page.Found...)...)
	if err != nil {
		return err
	}
	page.Name = page.People.Name(page.Present)
	return t.show(r, "recruiter.html", locale.T("Change the recruiter of %s", t.Contact.Name()), page)
}

// present is the partner's stay in the program that they are in.
func (p *Pages) present(r *web.Request, t top) (affiliate.Membership, error) {
	stays, err := p.Registry.Memberships(r.Ctx(), t.Partner.ID)
	if err == nil && (len(stays) == 0 || stays[0].EndedAt != nil) {
		err = affiliate.Conflict("This partner is in no program.")
	}
	if err != nil {
		return affiliate.Membership{}, err
	}
	return stays[0], nil
}

// findPartners are partners by name, address, company or code.
func (p *Pages) findPartners(r *web.Request, search string) (found []affiliate.PartnerID, err error) {
	if search == "" {
		return nil, nil
	}
	report, err := reports.Find(reports.ForAdmin, "partners")
	if err != nil {
		return nil, err
	}
	shown, err := p.Reports.Page(r.Ctx(), report, reports.Query{Search: affiliate.Cut(search, 100), Limit: mostFound})
	if err != nil {
		return nil, err
	}
	for _, row := range shown.Rows {
		found = append(found, affiliate.PartnerID(row.Ref.ID))
	}
	return found, nil
}

// ChangeRecruiter sets the recruiter from now on; "0" is nobody.
func (p *Pages) ChangeRecruiter(r *web.Request) error {
	t, err := p.loadTop(r)
	if err != nil {
		return err
	}
	form := r.Form()
	recruiter := affiliate.PartnerID(0)
	if form.Raw("recruiter") != "0" {
		recruiter = web.FormID[affiliate.PartnerID](form, "recruiter")
		form.Problems.Check(recruiter != 0, "recruiter", "Please choose one from the list.")
	}
	stay, err := p.present(r, t)
	if err != nil {
		return err
	}
	if err = form.Err(); err == nil && recruiter != stay.RecruiterID {
		err = form.Still(stay.RecruiterID.String())
	}
	if err == nil {
		_, err = p.Registry.ChangeRecruiter(r.Ctx(), r.Who.Actor(), t.Partner.ID, recruiter, form.Raw("reason"))
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showRecruiter(r, t, form.Raw("q"), form)
	}
	text := locale.T("From now on no one earns level 2 on the sales of %s.", t.Contact.Name())
	if recruiter != 0 {
		people, err := parts.PeopleOf(r.Ctx(), p.Registry, recruiter)
		if err != nil {
			return err
		}
		text = locale.T("From now on %s earns level 2 on the sales of %s.", people.Name(recruiter), t.Contact.Name())
	}
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(t.Partner.ID))
}
