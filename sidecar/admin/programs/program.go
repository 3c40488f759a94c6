package programs

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// programTop is what the tabs of a program's page share (S22).
type programTop struct {
	Program  affiliate.Program
	Tab      string // path of the one that is shown
	Sections []web.Tab
}

var programTabs = []web.Tab{{Path: "", Name: locale.T("Settings")}, {Path: "rules", Name: locale.T("Rules")},
	{Path: "products", Name: locale.T("Products")},
	{Path: "tools", Name: locale.T("Promo tools")}, {Path: "coupons", Name: locale.T("Coupons")},
	{Path: "signup", Name: locale.T("Sign-up form")}, {Path: "messages", Name: locale.T("Messages")},
	{Path: "milestones", Name: locale.T("Milestones")}}

// program loads the program that the path names, for one of its tabs.
func (p *Pages) program(r *web.Request, tab string) (programTop, error) {
	id, err := affiliate.ParseID[affiliate.Program](r.Param("program"))
	if err != nil {
		return programTop{}, err
	}
	program, err := p.Registry.Program(r.Ctx(), id)
	top := programTop{Program: program, Tab: parts.ProgramPath(id, tab)}
	for _, section := range programTabs {
		section.Path = parts.ProgramPath(id, section.Path)
		top.Sections = append(top.Sections, section)
	}
	web.MarkTab(top.Sections, top.Tab)
	return top, err
}

type programPage struct {
	programTop
	programForm
}

// Program shows the settings of a program.
func (p *Pages) Program(r *web.Request) error {
	top, err := p.program(r, "")
	if err != nil {
		return err
	}
	form := newProgramForm(top.Program)
	form.Tools, err = p.welcomeTools(r, top.Program.ID)
	if err != nil {
		return err
	}
	return r.Page(pages, "program.html", locale.Data(top.Program.Name), programPage{top, form})
}

// welcomeTools are the tools whose link a welcome mail may hold (S105).
func (p *Pages) welcomeTools(r *web.Request, program affiliate.ProgramID) ([]web.Option, error) {
	tools, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{ProgramID: program})
	options := []web.Option{{Value: "0", Label: locale.T("The first link of the program")}}
	for _, tool := range tools {
		options = append(options, web.Option{Value: tool.ID.String(), Label: locale.Data(tool.Name)})
	}
	return options, err
}

// SaveProgram changes the settings of a program.
func (p *Pages) SaveProgram(r *web.Request) error {
	top, err := p.program(r, "")
	if err != nil {
		return err
	}
	form := r.Form()
	page, program := postedProgram(form, top.Program)
	page.ID, program.WelcomeToolID = program.ID, 0
	if page.WelcomeTool != "0" {
		program.WelcomeToolID = web.FormID[affiliate.ToolID](form, "welcome_tool_id")
	}
	page.Seen = web.Seen(top.Program.UpdatedAt)
	if err = form.Err(); err == nil && program != top.Program {
		err = form.Current(top.Program.UpdatedAt)
	}
	if err == nil {
		_, err = p.Registry.EditProgram(r.Ctx(), r.Who.Actor(), program)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		if page.Tools, err = p.welcomeTools(r, program.ID); err != nil {
			return err
		}
		return r.Invalid(pages, "program.html", locale.Data(top.Program.Name), programPage{top, page})
	}
	return r.Done(web.Flash{Text: locale.T("The program is saved.")}, parts.ProgramPath(program.ID, ""))
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
	undo := parts.ProgramPath(top.Program.ID, "unarchive")
	return r.Done(web.Flash{Text: locale.T("%s is archived.", top.Program.Name), Undo: undo}, parts.Programs)
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
	return r.Done(web.Flash{Text: locale.T("%s is open again.", top.Program.Name)},
		parts.ProgramPath(top.Program.ID, ""))
}
