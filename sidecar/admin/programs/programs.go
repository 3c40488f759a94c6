package programs

import (
	"net/http"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type programsPage struct {
	Programs      []affiliate.Program
	SettingsSaved bool
}

// Programs lists the programs (S11, S12, S21).
func (p *Pages) Programs(r *web.Request) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	programs, err := p.Registry.Programs(r.Ctx())
	if err != nil {
		return err
	}
	return r.Page(pages, "programs.html", locale.T("Programs"), programsPage{programs, settings.Version > 0})
}

// programForm is a program's form with its fields as typed (S11-S14, S17-S20, S89).
type programForm struct {
	ID           affiliate.ProgramID // 0: a new one
	Name         string
	Tiers        string
	Visibility   string
	Signup       string
	ShowPending  bool
	ShowDeclined bool
	ShowHistory  bool
	NotifyEarned bool
	ConfirmFirst bool
	SubIDs       bool
	Seen         string // which version it shows, of a program that is there
	WelcomeTool  string
	TierChoices  []web.Option
	Visibilities []affiliate.Visibility
	Signups      []affiliate.SignupMode
	Tools        []web.Option // of an existing program, for the welcome mail
	Problems     affiliate.Problems
}

func newProgramForm(p affiliate.Program) programForm {
	form := programForm{
		ID: p.ID, Name: p.Name, Tiers: tierValue(p.Tiers), Visibility: string(p.Visibility), Signup: string(p.Signup),
		ShowPending: p.ShowPending, ShowDeclined: p.ShowDeclined, ShowHistory: p.ShowHistory,
		NotifyEarned: p.NotifyEarned, ConfirmFirst: p.ConfirmFirst, SubIDs: !p.NoSubIDs,
		Seen:        web.Seen(p.UpdatedAt),
		WelcomeTool: p.WelcomeToolID.String(),
	}
	return form.withChoices()
}

func (f programForm) withChoices() programForm {
	f.TierChoices = []web.Option{{Value: "1", Label: locale.T("1 Tier: the partner earns")},
		{Value: "2", Label: locale.T("2 Tier: the partner's recruiter earns as well")}}
	f.Visibilities = []affiliate.Visibility{affiliate.SeeNameAndEmail, affiliate.SeeName, affiliate.SeeFirstName,
		affiliate.SeeNobody}
	f.Signups = []affiliate.SignupMode{affiliate.SignupOpen, affiliate.SignupApproval, affiliate.SignupClosed}
	return f
}

func tierValue(tiers int) string {
	if tiers == 2 {
		return "2"
	}
	return "1"
}

// afterSettings sends whoever wants to make a program before the settings were
// saved to the list, which says what to do first, with a link (S2).
func (p *Pages) afterSettings(r *web.Request) (saved bool, err error) {
	settings, err := p.Registry.Settings(r.Ctx())
	if err == nil && settings.Version == 0 {
		r.Redirect(http.StatusSeeOther, r.Surface.URL(parts.Programs))
	}
	return settings.Version > 0, err
}

// NewProgram shows the form of a new program.
func (p *Pages) NewProgram(r *web.Request) error {
	if saved, err := p.afterSettings(r); !saved || err != nil {
		return err
	}
	blank := affiliate.Program{Tiers: 1, Visibility: affiliate.SeeFirstName, Signup: affiliate.SignupOpen,
		ShowPending: true}
	return r.Page(pages, "program_new.html", locale.T("New program"), newProgramForm(blank))
}

// CreateProgram makes the program that was posted (S11).
func (p *Pages) CreateProgram(r *web.Request) error {
	if saved, err := p.afterSettings(r); !saved || err != nil {
		return err
	}
	form := r.Form()
	page, program := postedProgram(form, affiliate.Program{})
	err := form.Err()
	if err == nil {
		program, err = p.Registry.CreateProgram(r.Ctx(), r.Who.Actor(), program)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return r.Invalid(pages, "program_new.html", locale.T("New program"), page)
	}
	return r.Done(web.Flash{Text: locale.T("The program is there. Now add what partners can earn on.")},
		parts.ProgramPath(program.ID, "products"))
}

// postedProgram reads the form: as typed, and as what it makes of a program,
// whose other fields stay.
func postedProgram(f *web.Form, program affiliate.Program) (programForm, affiliate.Program) {
	page := programForm{
		Name: f.Text("name", 190), Tiers: f.Raw("tiers"), Visibility: f.Raw("visibility"), Signup: f.Raw("signup"),
		ShowPending:  f.Ticked("show_pending", program.ShowPending),
		ShowDeclined: f.Ticked("show_declined", program.ShowDeclined),
		ShowHistory:  f.Ticked("show_history", program.ShowHistory),
		NotifyEarned: f.Ticked("notify_earned", program.NotifyEarned),
		ConfirmFirst: f.Ticked("confirm_first", program.ConfirmFirst),
		SubIDs:       f.Ticked("subids", !program.NoSubIDs), WelcomeTool: f.Raw("welcome_tool_id"),
	}
	program.Name, program.Visibility, program.Signup = page.Name, affiliate.Visibility(page.Visibility),
		affiliate.SignupMode(page.Signup)
	program.ShowPending, program.ShowDeclined, program.ShowHistory = page.ShowPending, page.ShowDeclined,
		page.ShowHistory
	program.NotifyEarned, program.ConfirmFirst, program.Tiers = page.NotifyEarned, page.ConfirmFirst, 0
	program.NoSubIDs = !page.SubIDs
	switch page.Tiers {
	case "1":
		program.Tiers = 1
	case "2":
		program.Tiers = 2
	}
	return page.withChoices(), program
}
