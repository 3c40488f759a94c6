package partners

import (
	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// notesShown is how many notes a partner's page has.
const notesShown = 20

// fillNotes reads what admins noted about the partner.
func (p *Pages) fillNotes(r *web.Request, page *partnerPage) (err error) {
	page.Notes, err = p.Registry.Notes(r.Ctx(), page.Partner.ID, notesShown)
	return err
}

// AddNote notes something about a partner, for admins alone.
func (p *Pages) AddNote(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	form := r.Form()
	err = p.Registry.AddNote(r.Ctx(), r.Who.Actor(), id, form.Raw("note"), form.Raw("form_id"))
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showPartner(r, "", form.Problems)
	}
	return r.Done(web.Flash{Text: locale.T("Noted. The partner doesn't see it.")}, parts.PartnerPath(id))
}

// DeleteNote takes a note away.
func (p *Pages) DeleteNote(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	note, err := affiliate.ParseID[affiliate.Note](r.Param("note"))
	if err != nil {
		return err
	}
	if err := p.Registry.DeleteNote(r.Ctx(), r.Who.Actor(), id, note); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The note is deleted.")}, parts.PartnerPath(id))
}
