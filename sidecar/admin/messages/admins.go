package messages

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type adminsPage struct {
	Tabs []web.Tab
	Uses parts.UsesForm
}

// Admins shows which mails the site's admins get.
func (p *Pages) Admins(r *web.Request) error {
	chosen, err := p.Library.Uses(r.Ctx(), 0)
	if err != nil {
		return err
	}
	return r.Page(pages, "admins.html", locale.T("Emails to you"), adminsPage{tabs(r, parts.AdminMails),
		parts.NewUsesForm(chosen)})
}

// SaveAdmins keeps which of them go out, and with which text.
func (p *Pages) SaveAdmins(r *web.Request) error {
	chosen, err := p.Library.Uses(r.Ctx(), 0)
	if err != nil {
		return err
	}
	f := r.Form()
	form, wanted := parts.PostedUses(f, chosen)
	if err = f.Err(); err == nil {
		err = p.Library.Choose(r.Ctx(), r.Who.Actor(), affiliate.ProgramID(0), wanted)
	}
	if again, err := f.Refused(err); err != nil {
		return err
	} else if again {
		form.Problems = f.Problems
		return r.Invalid(pages, "admins.html", locale.T("Emails to you"), adminsPage{tabs(r, parts.AdminMails), form})
	}
	return r.Done(web.Flash{Text: locale.T("Saved. From now on you get these emails.")}, parts.AdminMails)
}
