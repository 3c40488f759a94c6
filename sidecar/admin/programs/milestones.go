package programs

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type milestonesPage struct {
	programTop
	Milestones []messages.Milestone
	Kind       string // as typed, as Amount and Currency
	Kinds      []web.Option
	Amount     string
	Currency   string
	On         bool // the mail goes out
	Problems   affiliate.Problems
}

// readySteps are the milestones of a click.
var readySteps = []string{"1000", "5000", "10000"}

func (p *Pages) milestonesPage(r *web.Request) (page milestonesPage, err error) {
	if page.programTop, err = p.program(r, "milestones"); err != nil {
		return page, err
	}
	if page.Milestones, err = p.Library.Milestones(r.Ctx(), page.Program.ID); err != nil {
		return page, err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return page, err
	}
	page.Currency, page.Kind = string(settings.Currency), "money"
	chosen, err := p.Library.Uses(r.Ctx(), page.Program.ID)
	for _, c := range chosen {
		page.On = page.On || c.Occasion == messages.MilestoneReached && c.On
	}
	page.offer()
	return page, err
}

func (m *milestonesPage) offer() {
	m.Kinds = web.Options([]web.Option{{Value: "money", Label: locale.T("Total sales, minus refunds")},
		{Value: "sales", Label: locale.T("Number of sales")}}, m.Kind)
}

// Milestones lists what partners of the program are congratulated on (S109).
func (p *Pages) Milestones(r *web.Request) error {
	page, err := p.milestonesPage(r)
	if err != nil {
		return err
	}
	return r.Page(pages, "milestones.html", locale.Data(page.Program.Name), page)
}

// AddMilestone adds one, or the ready-made three.
func (p *Pages) AddMilestone(r *web.Request) error {
	page, err := p.milestonesPage(r)
	if err != nil {
		return err
	}
	f := r.Form()
	wanted := []messages.Milestone{}
	if f.Bool("ready") {
		for _, step := range readySteps {
			wanted = append(wanted, messages.Milestone{ProgramID: page.Program.ID,
				Currency: money.Currency(page.Currency),
				Amount:   money.MustParse(step)})
		}
	} else {
		page.Kind, page.Amount = f.Raw("kind"), f.Raw("amount")
		page.offer()
		m := messages.Milestone{ProgramID: page.Program.ID, Amount: f.Amount("amount")}
		if page.Kind != "sales" {
			page.Currency = f.Raw("currency")
			cur, err := money.ParseCurrency(page.Currency)
			f.Problems.Check(err == nil, "currency", "Please enter three letters, such as USD.")
			m.Currency = cur
		}
		wanted = append(wanted, m)
	}
	if err = f.Err(); err == nil {
		for _, m := range wanted {
			if err = p.Library.AddMilestone(r.Ctx(), r.Who.Actor(), m); err != nil {
				break
			}
		}
	}
	if again, err := f.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = f.Problems
		return r.Invalid(pages, "milestones.html", locale.Data(page.Program.Name), page)
	}
	return r.Done(web.Flash{Text: locale.T("Saved. Partners who are beyond it already get no email.")},
		parts.ProgramPath(page.Program.ID, "milestones"))
}

// RemoveMilestone takes one away.
func (p *Pages) RemoveMilestone(r *web.Request) error {
	top, err := p.program(r, "milestones")
	if err != nil {
		return err
	}
	id, err := affiliate.ParseID[messages.Milestone](r.Param("milestone"))
	if err != nil {
		return err
	}
	if err := p.Library.RemoveMilestone(r.Ctx(), r.Who.Actor(), top.Program.ID, id); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The milestone is removed. Who has reached it is kept.")},
		parts.ProgramPath(top.Program.ID, "milestones"))
}
