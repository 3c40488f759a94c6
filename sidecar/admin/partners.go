package admin

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/sidecar/web"
)

// listTab is one part of a list, or one page of several that belong together.
type listTab struct {
	Name    string
	Path    string
	Query   []string
	Count   int64 // 0: not shown
	Current bool
}

type partnersPage struct {
	listing
	Tabs     []listTab
	Programs []web.Option
	None     bool // there are no partners at all
}

const partnersPath = "admin/partners"

// Partners lists the partners with their figures (S32-S39).
func (p *Pages) Partners(r *web.Request) error {
	list, err := p.listing(r, "partners", partnersPath, "partner", "email", "program", "state", "signup", "owed", "unique", "leads", "sales")
	if err != nil {
		return err
	}
	counts, err := p.Registry.PartnerCounts(r.Ctx())
	if err != nil {
		return err
	}
	page := partnersPage{listing: list, Tabs: partnerTabs(counts, list.Status), None: len(counts) == 0}
	if page.Programs, err = p.programOptions(r, "All programs"); err != nil {
		return err
	}
	page.Programs = web.Options(page.Programs, list.Program)
	return list.answer(r, "partners.html", "Partners", page)
}

// partnerTabs are the states that partners are in, and the one shown.
func partnerTabs(counts map[affiliate.PartnerState]int, shown string) []listTab {
	all := listTab{Name: "All", Path: partnersPath, Current: shown == ""}
	tabs := []listTab{}
	for _, state := range []affiliate.PartnerState{affiliate.Applied, affiliate.Active, affiliate.Suspended, affiliate.Rejected, affiliate.Removed} {
		all.Count += int64(counts[state])
		if counts[state] > 0 || shown == string(state) {
			tabs = append(tabs, listTab{Name: web.Label(state).String(), Path: partnersPath, Query: []string{"status", string(state)},
				Count: int64(counts[state]), Current: shown == string(state)})
		}
	}
	return append([]listTab{all}, tabs...)
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
	return r.Page(pages, "partner_new.html", "Add partner", form)
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
			form.Programs = append(form.Programs, web.Option{Value: program.ID.String(), Label: program.Name})
		}
	}
	return form, err
}

// AddPartner makes somebody a partner. Somebody who is one already stays as he
// is, so that sending the form twice adds one.
func (p *Pages) AddPartner(r *web.Request) error {
	form := r.Form()
	page := partnerForm{Email: form.Text("email", 190), FirstName: form.Text("first_name", 100), LastName: form.Text("last_name", 100),
		Program: form.Raw("program"), PayPalEmail: form.Text("paypal_email", 190), Method: form.Raw("payment_method")}
	program := web.FormID[affiliate.ProgramID](form, "program")
	form.Problems.Check(program != 0, "program", "Please choose a program.")
	err := form.Err()
	var result signup.Result
	if err == nil {
		result, err = p.Service.Add(r.Ctx(), r.Who.Actor(), signup.Addition{ProgramID: program, PayPalEmail: page.PayPalEmail,
			Method: affiliate.PaymentPolicy(page.Method), Person: affiliate.Person{Email: page.Email, FirstName: page.FirstName, LastName: page.LastName}})
	}
	if again, err := refused(form, err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page, err = p.withPartnerChoices(r, page); err != nil {
			return err
		}
		return r.Invalid(pages, "partner_new.html", "Add partner", page)
	}
	text := page.Email + " is a partner now. WordPress makes the account, then the welcome mail is sent."
	if result.Outcome == signup.Already {
		text = page.Email + " is in the program " + result.Program.Name + " already. Nothing was changed."
	}
	return r.Done(web.Flash{Text: text}, partnerPath(result.Partner.ID))
}

func partnerPath(id affiliate.PartnerID) string { return partnersPath + "/" + id.String() }
