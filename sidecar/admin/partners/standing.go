package partners

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// step is something an admin does to where a partner stands (S141), after a page
// that says what it means for their money and how it is taken back.
type step struct {
	Name    string // the last part of its path
	Title   func(name string) locale.Text
	Button  locale.Text
	From    []affiliate.PartnerState // in which it is offered
	Effects []locale.Text
	Back    locale.Text // the way back
	Harmful bool
	Joins   bool // asks for a program instead of a reason
	done    func(name string) locale.Text
	do      func(p *Pages, r *web.Request, t top, form *web.Form) error
}

// steps are those of S141, in the order of their danger. The answers to an
// application are not among them: they stand on the partner's page.
var steps = []step{
	{
		Name: "reactivate", From: []affiliate.PartnerState{affiliate.Suspended},
		Title:  func(name string) locale.Text { return locale.T("Reactivate %s", name) },
		Button: locale.T("Reactivate"),
		Effects: []locale.Text{
			locale.T("From now on their links count again, and new sales and renewals earn commission."),
			locale.T("Sales from the time of the suspension stay without commission."),
			locale.T("What they are owed goes out with the next payment.")},
		Back: locale.T("You can suspend them again at any time."),
		done: func(name string) locale.Text { return locale.T("%s is active again and earns from now on.", name) },
		do: func(p *Pages, r *web.Request, t top, form *web.Form) error {
			_, err := p.Registry.ReactivatePartner(r.Ctx(), r.Who.Actor(), t.Partner.ID, form.Raw("reason"))
			return err
		},
	},
	{
		Name: "add", From: []affiliate.PartnerState{affiliate.Removed, affiliate.Rejected}, Joins: true,
		Title:  func(name string) locale.Text { return locale.T("Add %s again", name) },
		Button: locale.T("Add to the program"),
		Effects: []locale.Text{
			locale.T("They are active from now on and keep their code, so their old links work again."),
			locale.T("Sales from the time they were in no program stay without commission."),
			locale.T("Their signup date is today: this is a new stay.")},
		Back: locale.T("You can remove them again at any time."),
		done: func(name string) locale.Text { return locale.T("%s is a partner again.", name) },
		do:   (*Pages).addAgain,
	},
	{
		Name: "suspend", From: []affiliate.PartnerState{affiliate.Active}, Harmful: true,
		Title:  func(name string) locale.Text { return locale.T("Suspend %s", name) },
		Button: locale.T("Suspend"),
		Effects: []locale.Text{
			locale.T("Their links still lead to your site, but clicks don't count and new sales and renewals earn " +
				"nothing."),
			locale.T("What they are owed stays theirs but isn't paid until you reactivate them."),
			locale.T("Pending commissions stay; you can approve or cancel them as usual."),
			locale.T("They can still log in and see their figures. We don't send them an email.")},
		Back: locale.T("You can reactivate them at any time. What they miss until then doesn't come back."),
		done: func(name string) locale.Text {
			return locale.T("%s is suspended. You can reactivate them on this page.", name)
		},
		do: func(p *Pages, r *web.Request, t top, form *web.Form) error {
			_, err := p.Registry.SuspendPartner(r.Ctx(), r.Who.Actor(), t.Partner.ID, form.Raw("reason"))
			return err
		},
	},
	{
		Name: "remove", From: []affiliate.PartnerState{affiliate.Active, affiliate.Suspended}, Harmful: true,
		Title:  func(name string) locale.Text { return locale.T("Remove %s from the program", name) },
		Button: locale.T("Remove"),
		Effects: []locale.Text{
			locale.T("Sales and renewals from now on earn nothing, also where a customer came by their link before."),
			locale.T("What they are owed is still paid, and so are pending commissions once you approve them."),
			locale.T("They can no longer log in to the partner center."),
			locale.T("Partners they recruited stay, but no longer earn them anything.")},
		Back: locale.T("You can add them again later. They keep their code and their history, but get a new " +
			"signup date."),
		done: func(name string) locale.Text {
			return locale.T("%s is removed. Nothing was deleted: you can add them again on this page.", name)
		},
		do: func(p *Pages, r *web.Request, t top, form *web.Form) error {
			_, err := p.Registry.RemovePartner(r.Ctx(), r.Who.Actor(), t.Partner.ID, form.Raw("reason"))
			return err
		},
	},
	{
		Name: "delete", From: []affiliate.PartnerState{affiliate.Active, affiliate.Suspended, affiliate.Rejected,
			affiliate.Removed, affiliate.Applied}, Harmful: true,
		Title:  func(name string) locale.Text { return locale.T("Delete %s", name) },
		Button: locale.T("Delete for good"),
		Effects: []locale.Text{
			locale.T("The contact's record is deleted and their email address becomes free. They leave the program, " +
				"and later " +
				"sales earn nothing."),
			locale.T("The books stay: orders, commissions, payments and statements keep the name. What they are owed " +
				"can still be paid, and so can pending commissions once you approve them."),
			locale.T("Whoever comes back with the same address is a new contact without history."),
			locale.T("The WordPress account stays. Delete it in WordPress if you want to.")},
		Back: locale.T("This can't be undone. To only stop someone from earning, remove or suspend them instead."),
		done: func(name string) locale.Text {
			return locale.T("The record of %s is deleted. Their books are kept.", name)
		},
		do: func(p *Pages, r *web.Request, t top, form *web.Form) error {
			return p.Registry.DeleteContact(r.Ctx(), r.Who.Actor(), t.Partner.ContactID, form.Raw("reason"))
		},
	},
}

// Steps are those that can be done to the partner as they stand.
func (t top) Steps() (can []step) {
	for _, s := range steps {
		if !t.Gone() && slices.Contains(s.From, t.Partner.State) {
			can = append(can, s)
		}
	}
	return can
}

// addAgain makes somebody who had left a partner again, paid as before.
func (p *Pages) addAgain(r *web.Request, t top, form *web.Form) error {
	program := web.FormID[affiliate.ProgramID](form, "program")
	form.Problems.Check(program != 0, "program", "Please choose a program.")
	if err := form.Err(); err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	_, err = p.Signups.Add(r.Ctx(), r.Who.Actor(), signup.Addition{ProgramID: program,
		Method: settings.MethodOf(t.Partner), Person: affiliate.Person{Email: t.Contact.Email}})
	return err
}

type standingPage struct {
	top
	Step     step
	Reason   string // as typed
	Program  string
	Programs []web.Option
	Late     bool // it can't be done as the partner stands now
}

// AskStanding says what a step means before it is done.
func (p *Pages) AskStanding(r *web.Request) error {
	t, s, err := p.stepOf(r)
	if err != nil {
		return err
	}
	return p.showStanding(r, t, s, r.Form())
}

func (p *Pages) stepOf(r *web.Request) (top, step, error) {
	t, err := p.loadTop(r)
	if err != nil {
		return t, step{}, err
	}
	i := slices.IndexFunc(steps, func(s step) bool { return s.Name == r.Param("step") })
	if i < 0 {
		return t, step{}, affiliate.Missing("This page isn't available right now.")
	}
	return t, steps[i], nil
}

func (p *Pages) showStanding(r *web.Request, t top, s step, form *web.Form) (err error) {
	t.Problems = form.Problems
	page := standingPage{top: t, Step: s, Reason: form.Raw("reason"), Program: form.Raw("program"),
		Late: t.Gone() || !slices.Contains(s.From, t.Partner.State)}
	if s.Joins {
		if page.Programs, err = p.openPrograms(r); err != nil {
			return err
		}
	}
	return t.show(r, "standing.html", s.Title(t.Contact.Name()), page)
}

// openPrograms are those that partners can join.
func (p *Pages) openPrograms(r *web.Request) (open []web.Option, err error) {
	programs, err := p.Registry.Programs(r.Ctx())
	for _, program := range programs {
		if !program.Archived() {
			open = append(open, web.Option{Value: program.ID.String(), Label: locale.Data(program.Name)})
		}
	}
	return open, err
}

// ChangeStanding does the step. Where somebody was quicker, the page says how
// the partner stands now.
func (p *Pages) ChangeStanding(r *web.Request) error {
	t, s, err := p.stepOf(r)
	if err != nil {
		return err
	}
	form := r.Form()
	err = s.do(p, r, t, form)
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showStanding(r, t, s, form)
	}
	return r.Done(web.Flash{Text: s.done(t.Contact.Name())}, parts.PartnerPath(t.Partner.ID))
}
