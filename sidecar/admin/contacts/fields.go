package contacts

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

var fieldsTitle = locale.T("Own fields")

// fieldsPage lists the site's own fields of contacts (S32), with the form of a new one.
type fieldsPage struct {
	Tabs   []web.Tab
	Fields []affiliate.ContactField
	Full   bool // there can't be more
	fieldForm
}

// fieldForm is a field as typed.
type fieldForm struct {
	Field    affiliate.ContactField
	Seen     string // its UpdatedAt as it was shown
	Uses     int64  // contacts with a value in it
	Kinds    []affiliate.FieldKind
	Problems affiliate.Problems
}

// Fields lists the site's own fields.
func (p *Pages) Fields(r *web.Request) error {
	return p.showFields(r, fieldForm{Field: affiliate.ContactField{Kind: affiliate.FieldText}})
}

func (p *Pages) showFields(r *web.Request, form fieldForm) (err error) {
	page := fieldsPage{fieldForm: form}
	page.Kinds = affiliate.FieldKinds
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Fields); err != nil {
		return err
	}
	if page.Fields, err = p.Registry.ContactFields(r.Ctx()); err != nil {
		return err
	}
	page.Full = len(page.Fields) >= affiliate.MostContactFields
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "fields.html", fieldsTitle, page)
	}
	return r.Page(pages, "fields.html", fieldsTitle, page)
}

// fieldOf is the field of the form, as typed; now is as it was.
func fieldOf(form *web.Form, now affiliate.ContactField) affiliate.ContactField {
	return affiliate.ContactField{Name: form.Raw("name"), Kind: affiliate.FieldKind(form.Raw("kind")),
		Choices: form.Raw("choices"), InProfile: form.Ticked("in_profile", now.InProfile),
		OnSignup: form.Ticked("on_signup", now.OnSignup), Required: form.Ticked("required", now.Required)}
}

// AddField adds a field.
func (p *Pages) AddField(r *web.Request) error {
	form := r.Form()
	page := fieldForm{Field: fieldOf(form, affiliate.ContactField{})}
	f, err := p.Registry.AddContactField(r.Ctx(), r.Who.Actor(), page.Field)
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		return p.showFields(r, page)
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is added. Contacts, partners and the files of their lists have it.",
		f.Name)}, parts.Fields)
}

// fieldForm is the form of the field that the path names.
func (p *Pages) fieldForm(r *web.Request) (form fieldForm, err error) {
	id, err := affiliate.ParseID[affiliate.ContactField](r.Param("field"))
	if err != nil {
		return form, err
	}
	if form.Field, err = p.Registry.ContactField(r.Ctx(), id); err != nil {
		return form, err
	}
	form.Seen, form.Kinds = form.Field.UpdatedAt.Format(time.RFC3339Nano), affiliate.FieldKinds
	form.Uses, err = p.Registry.FieldUses(r.Ctx(), id)
	return form, err
}

func showField(r *web.Request, page fieldForm) error {
	title := locale.T("Own field")
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "field.html", title, page)
	}
	return r.Page(pages, "field.html", title, page)
}

// Field shows the form of a field.
func (p *Pages) Field(r *web.Request) error {
	page, err := p.fieldForm(r)
	if err != nil {
		return err
	}
	return showField(r, page)
}

// SaveField changes a field.
func (p *Pages) SaveField(r *web.Request) error {
	page, err := p.fieldForm(r)
	if err != nil {
		return err
	}
	form := r.Form()
	typed := fieldOf(form, page.Field)
	typed.ID = page.Field.ID
	seen, err := time.Parse(time.RFC3339Nano, form.Raw("seen"))
	form.Problems.Check(err == nil, "", "Please open the form again.")
	if err = form.Err(); err == nil {
		err = p.Registry.EditContactField(r.Ctx(), r.Who.Actor(), seen, typed)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Field, page.Problems = typed, form.Problems
		return showField(r, page)
	}
	return r.Done(web.Flash{Text: locale.T("Saved.")}, parts.Fields)
}

// RaiseField moves a field up in forms and lists.
func (p *Pages) RaiseField(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.ContactField](r.Param("field"))
	if err == nil {
		err = p.Registry.RaiseContactField(r.Ctx(), r.Who.Actor(), id)
	}
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The order is saved.")}, parts.Fields)
}

// DeleteField deletes a field with what contacts have in it.
func (p *Pages) DeleteField(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.ContactField](r.Param("field"))
	if err == nil {
		err = p.Registry.DeleteContactField(r.Ctx(), r.Who.Actor(), id)
	}
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("The field is deleted, with what contacts had in it.")}, parts.Fields)
}
