package admin

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/web"
)

// programTop is what the tabs of a program's page share (S22).
type programTop struct {
	Program affiliate.Program
	Tab     string
	Tabs    []programTab
}

type programTab struct{ Path, Name string }

// program loads the program that the path names, for one of its tabs.
func (p *Pages) program(r *web.Request, tab string) (programTop, error) {
	id, err := affiliate.ParseID[affiliate.Program](r.Param("program"))
	if err != nil {
		return programTop{}, err
	}
	program, err := p.Registry.Program(r.Ctx(), id)
	top := programTop{Program: program, Tab: tab}
	for _, section := range []programTab{{Name: "Settings"}, {Path: "products", Name: "Products"}, {Path: "tools", Name: "Promo tools"}, {Path: "signup", Name: "Sign-up form"}} {
		top.Tabs = append(top.Tabs, programTab{Path: programPath(id, section.Path), Name: section.Name})
	}
	return top, err
}

type programPage struct {
	programTop
	programForm
}

// Program shows the settings of a program.
func (p *Pages) Program(r *web.Request) error {
	top, err := p.program(r, "Settings")
	if err != nil {
		return err
	}
	form := newProgramForm(top.Program)
	form.Tools, err = p.welcomeTools(r, top.Program.ID)
	if err != nil {
		return err
	}
	return r.Page(pages, "program.html", top.Program.Name, programPage{top, form})
}

// welcomeTools are the tools whose link a welcome mail may hold (S105).
func (p *Pages) welcomeTools(r *web.Request, program affiliate.ProgramID) ([]web.Option, error) {
	tools, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program})
	options := []web.Option{{Value: "0", Label: "The first link of the program"}}
	for _, tool := range tools {
		options = append(options, web.Option{Value: tool.ID.String(), Label: tool.Name})
	}
	return options, err
}

// SaveProgram changes the settings of a program.
func (p *Pages) SaveProgram(r *web.Request) error {
	top, err := p.program(r, "Settings")
	if err != nil {
		return err
	}
	form := r.Form()
	page, program := postedProgram(form, top.Program)
	page.ID, program.WelcomeToolID = program.ID, 0
	if page.WelcomeTool != "0" {
		program.WelcomeToolID = web.FormID[affiliate.ToolID](form, "welcome_tool_id")
	}
	err = form.Err()
	if err == nil {
		_, err = p.Registry.EditProgram(r.Ctx(), r.Who.Actor(), program)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page.Tools, err = p.welcomeTools(r, program.ID); err != nil {
			return err
		}
		return r.Invalid(pages, "program.html", top.Program.Name, programPage{top, page})
	}
	return r.Done(web.Flash{Text: "The program is saved."}, programPath(program.ID, ""))
}

// ArchiveProgram keeps a program for history only; UnarchiveProgram takes that back (S147).
func (p *Pages) ArchiveProgram(r *web.Request) error {
	top, err := p.program(r, "")
	if err != nil {
		return err
	}
	if _, err := p.Registry.ArchiveProgram(r.Ctx(), r.Who.Actor(), top.Program.ID); err != nil {
		return err
	}
	undo := programPath(top.Program.ID, "unarchive")
	return r.Done(web.Flash{Text: top.Program.Name + " is archived.", Undo: undo}, "admin/programs")
}

// UnarchiveProgram opens an archived program again.
func (p *Pages) UnarchiveProgram(r *web.Request) error {
	top, err := p.program(r, "")
	if err != nil {
		return err
	}
	if _, err := p.Registry.UnarchiveProgram(r.Ctx(), r.Who.Actor(), top.Program.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: top.Program.Name + " is open again."}, programPath(top.Program.ID, ""))
}

type signupFormPage struct {
	programTop
	URL string // of the program's own sign-up form (S4)
}

// ProgramSignup shows where the program's sign-up form is (S4).
func (p *Pages) ProgramSignup(r *web.Request) error {
	top, err := p.program(r, "Sign-up form")
	if err != nil {
		return err
	}
	return r.Page(pages, "program_signup.html", top.Program.Name, signupFormPage{top, r.Site.Handover().PublicURL + "/signup/" + top.Program.Code})
}
