package partners

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type partnersPage struct {
	web.ReportPage
	Tabs []web.Tab
	None bool // there are no partners at all
}

// Partners lists the partners with their figures (S32-S39).
func (p *Pages) Partners(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "partners")
	if err != nil {
		return err
	}
	page := partnersPage{}
	page.ReportPage, err = r.ReportPage(p.Reports, partnersSpec(r, report))
	if err != nil {
		return err
	}
	counts, err := p.Registry.PartnerCounts(r.Ctx())
	if err != nil {
		return err
	}
	page.Tabs, page.None = partnerTabs(counts, r.Query("status")), len(counts) == 0
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, r.Query("program")); err != nil {
		return err
	}
	return page.Answer(r, pages, "partners.html", locale.T("Partners"), page)
}

func partnersSpec(r *web.Request, report *reports.Report) web.ReportSpec {
	s := web.ReportSpec{Report: report, Path: parts.Partners, Files: parts.Reports + "/partners",
		Filters: []reports.Filter{reports.FilterProgram, reports.FilterSearch}, Links: parts.Links, Primary: "partner"}
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath, s.Bulk = parts.Partners+"/bulk", []web.BulkAction{parts.EmailAction}
	}
	return s
}

// Bulk goes on to write to chosen partners.
func (p *Pages) Bulk(r *web.Request) error {
	report, err := reports.Find(reports.ForAdmin, "partners")
	if err != nil {
		return err
	}
	form := r.Form()
	asked, err := r.Bulk(form, p.Reports, partnersSpec(r, report))
	if err != nil {
		return err
	}
	return parts.Email(r, "partners", asked, form, parts.Partners)
}

// partnerTabs are the states that partners are in, and the one shown.
func partnerTabs(counts map[affiliate.PartnerState]int, shown string) []web.Tab {
	all := web.Tab{Name: locale.T("All"), Path: parts.Partners, Current: shown == ""}
	tabs := []web.Tab{}
	for _, state := range []affiliate.PartnerState{affiliate.Applied, affiliate.Active, affiliate.Suspended,
		affiliate.Rejected, affiliate.Removed} {
		all.Count += int64(counts[state])
		if counts[state] > 0 || shown == string(state) {
			tabs = append(tabs, web.Tab{Name: web.Label(state), Path: parts.Partners,
				Query: []string{"status", string(state)},
				Count: int64(counts[state]), Current: shown == string(state)})
		}
	}
	return append([]web.Tab{all}, tabs...)
}

// partnerForm adds a partner by hand (S142), with its fields as typed.
type partnerForm struct {
	Email, FirstName, LastName string
	Program                    string
	PayPalEmail                string
	Method                     string
	Programs                   []web.Option
	Methods                    []affiliate.PaymentPolicy // empty: the settings leave no choice
	Problems                   affiliate.Problems
}

// NewPartner shows the form that adds a partner by hand.
func (p *Pages) NewPartner(r *web.Request) error {
	form, err := p.withPartnerChoices(r, partnerForm{Program: r.Query("program"), Method: string(affiliate.PayPal)})
	if err != nil {
		return err
	}
	return r.Page(pages, "partner_new.html", locale.T("Add partner"), form)
}

func (p *Pages) withPartnerChoices(r *web.Request, form partnerForm) (partnerForm, error) {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return form, err
	}
	if settings.PaymentMethod == affiliate.Choice {
		form.Methods = []affiliate.PaymentPolicy{affiliate.PayPal, affiliate.Check}
	}
	programs, err := p.Registry.Programs(r.Ctx())
	for _, program := range programs {
		if !program.Archived() {
			form.Programs = append(form.Programs,
				web.Option{Value: program.ID.String(), Label: locale.Data(program.Name)})
		}
	}
	return form, err
}

// AddPartner makes somebody a partner. Somebody who is one already stays as they
// is, so that sending the form twice adds one.
func (p *Pages) AddPartner(r *web.Request) error {
	form := r.Form()
	page := partnerForm{Email: form.Text("email", 190), FirstName: form.Text("first_name", 100),
		LastName: form.Text("last_name", 100),
		Program:  form.Raw("program"), PayPalEmail: form.Text("paypal_email", 190), Method: form.Raw("payment_method")}
	program := web.FormID[affiliate.ProgramID](form, "program")
	form.Problems.Check(program != 0, "program", "Please choose a program.")
	err := form.Err()
	var result signup.Result
	if err == nil {
		result, err = p.Signups.Add(r.Ctx(), r.Who.Actor(),
			signup.Addition{ProgramID: program, PayPalEmail: page.PayPalEmail,
				Method: affiliate.PaymentPolicy(page.Method), Person: affiliate.Person{Email: page.Email,
					FirstName: page.FirstName,
					LastName:  page.LastName}})
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page, err = p.withPartnerChoices(r, page); err != nil {
			return err
		}
		return r.Invalid(pages, "partner_new.html", locale.T("Add partner"), page)
	}
	text := locale.T("%s is a partner now. WordPress creates the account, then we send the welcome email.", page.Email)
	if result.Outcome == signup.Already {
		text = locale.T("%s is already in the program %s. Nothing was changed.", page.Email, result.Program.Name)
	}
	return r.Done(web.Flash{Text: text}, parts.PartnerPath(result.Partner.ID))
}
