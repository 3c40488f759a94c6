package programs

import (
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type messagesPage struct {
	programTop
	Uses parts.UsesForm
}

// chosenMails are the choices of a program. Whether a commission is told of as it
// is earned is the program's own switch (S20).
func (p *Pages) chosenMails(r *web.Request, top programTop) ([]messages.Chosen, error) {
	chosen, err := p.Library.Uses(r.Ctx(), top.Program.ID)
	for i := range chosen {
		if chosen[i].Occasion == messages.CommissionEarned {
			chosen[i].On = top.Program.NotifyEarned
		}
	}
	return chosen, err
}

// Messages shows which mails the program sends, and with which text.
func (p *Pages) Messages(r *web.Request) error {
	top, err := p.program(r, "messages")
	if err != nil {
		return err
	}
	chosen, err := p.chosenMails(r, top)
	if err != nil {
		return err
	}
	return r.Page(pages, "messages.html", locale.Data(top.Program.Name), messagesPage{top, parts.NewUsesForm(chosen)})
}

// SaveMessages keeps it.
func (p *Pages) SaveMessages(r *web.Request) error {
	top, err := p.program(r, "messages")
	if err != nil {
		return err
	}
	chosen, err := p.chosenMails(r, top)
	if err != nil {
		return err
	}
	f := r.Form()
	form, wanted := parts.PostedUses(f, chosen)
	if err = f.Err(); err == nil {
		err = p.Library.Choose(r.Ctx(), r.Who.Actor(), top.Program.ID, wanted)
	}
	if again, err := f.Refused(err); err != nil {
		return err
	} else if again {
		form.Problems = f.Problems
		return r.Invalid(pages, "messages.html", locale.Data(top.Program.Name), messagesPage{top, form})
	}
	if on := wanted[messages.CommissionEarned].On; on != top.Program.NotifyEarned {
		top.Program.NotifyEarned = on
		if _, err := p.Registry.EditProgram(r.Ctx(), r.Who.Actor(), top.Program); err != nil {
			return err
		}
	}
	return r.Done(web.Flash{Text: locale.T("Saved. From now on partners of %s get these emails.", top.Program.Name)},
		parts.ProgramPath(top.Program.ID, "messages"))
}
