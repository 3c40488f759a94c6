package center

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// profileFields are the site's own fields that partners see in their profile (S32).
func (p *Pages) profileFields(r *web.Request) ([]affiliate.ContactField, error) {
	fields, err := p.Registry.ContactFields(r.Ctx())
	return slices.DeleteFunc(fields, func(f affiliate.ContactField) bool { return !f.InProfile }), err
}

func (p *Pages) fillOwn(r *web.Request, page *profilePage, form *web.Form) error {
	fields, err := p.profileFields(r)
	if err != nil || len(fields) == 0 {
		return err
	}
	values, err := p.Registry.FieldValues(r.Ctx(), r.Who.Partner.ContactID)
	page.Own = r.OwnFields(fields, values, form)
	return err
}

// SaveDetails changes what the partner has in the site's own fields.
func (p *Pages) SaveDetails(r *web.Request) error {
	fields, err := p.profileFields(r)
	if err != nil {
		return err
	}
	form := r.Form()
	typed := form.OwnValues(fields)
	if err = form.Err(); err == nil {
		err = p.Registry.UpdateFields(r.Ctx(), r.Who.Actor(), r.Who.Partner.ContactID, fields, typed, true)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page, err := p.profilePage(r)
		if err == nil {
			err = p.fillOwn(r, &page, form)
		}
		if err != nil {
			return err
		}
		return r.Invalid(pages, "profile.html", profileTitle, page)
	}
	return r.Done(web.Flash{Text: locale.T("Saved.")}, "profile")
}
