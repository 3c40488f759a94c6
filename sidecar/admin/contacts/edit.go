package contacts

import (
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// editPage is the form of a contact, with its fields as typed.
type editPage struct {
	Contact  affiliate.Contact // ID 0: a new one
	Seen     string            // the contact's UpdatedAt as it was shown
	Person   affiliate.Person
	Own      []web.Field // the site's own fields (S32)
	Problems affiliate.Problems
}

// NewContact shows the empty form of a contact.
func (p *Pages) NewContact(r *web.Request) error { return p.showEdit(r, editPage{}, r.Form()) }

// EditContact shows the form of a contact.
func (p *Pages) EditContact(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	return p.showEdit(r, editPage{Contact: c, Seen: c.UpdatedAt.Format(time.RFC3339Nano),
		Person: affiliate.Person{Email: c.Email, FirstName: c.FirstName, LastName: c.LastName, Company: c.Company}},
		r.Form())
}

func (p *Pages) showEdit(r *web.Request, page editPage, form *web.Form) error {
	fields, values, err := p.ownOf(r, page.Contact.ID)
	if err != nil {
		return err
	}
	page.Own = r.OwnFields(fields, values, form)
	title := locale.T("Add contact")
	if page.Contact.ID != 0 {
		title = locale.T("Edit %s", page.Contact.Name())
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "contact_edit.html", title, page)
	}
	return r.Page(pages, "contact_edit.html", title, page)
}

// personOf is the person of the form, as typed.
func personOf(form *web.Form) affiliate.Person {
	return affiliate.Person{Email: form.Raw("email"), FirstName: form.Raw("first_name"),
		LastName: form.Raw("last_name"), Company: form.Raw("company")}
}

// ownOf are the site's own fields with what a contact has in them; a new one has nothing.
func (p *Pages) ownOf(r *web.Request, id affiliate.ContactID) (fields []affiliate.ContactField,
	values affiliate.FieldValues, err error) {
	if fields, err = p.Registry.ContactFields(r.Ctx()); err == nil && id != 0 {
		values, err = p.Registry.FieldValues(r.Ctx(), id)
	}
	return fields, values, err
}

// AddContact makes a contact by hand. It has no first referrer, for good (S69).
func (p *Pages) AddContact(r *web.Request) error {
	form := r.Form()
	page := editPage{Person: personOf(form)}
	fields, _, err := p.ownOf(r, 0)
	if err != nil {
		return err
	}
	var c affiliate.Contact
	made, values := false, affiliate.CheckFieldValues(form.Problems, fields, form.OwnValues(fields), false)
	if err = form.Err(); err == nil {
		c, made, err = p.Registry.AddContact(r.Ctx(), r.Who.Actor(), affiliate.ByAdmin, page.Person, values)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showEdit(r, page, form)
	}
	text := locale.T("Contact added.")
	if !made {
		text = locale.T("This contact is here already. Only empty fields were filled in.")
	}
	return r.Done(web.Flash{Text: text}, parts.ContactPath(c.ID, ""))
}

// SaveContact sets a contact's address and names.
func (p *Pages) SaveContact(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	form := r.Form()
	page := editPage{Contact: c, Seen: form.Raw("seen"), Person: personOf(form)}
	seen, err := time.Parse(time.RFC3339Nano, page.Seen)
	form.Problems.Check(err == nil, "", "Please open the form again.")
	fields, _, err := p.ownOf(r, 0)
	if err != nil {
		return err
	}
	values := affiliate.CheckFieldValues(form.Problems, fields, form.OwnValues(fields), false)
	if err = form.Err(); err == nil {
		_, err = p.Registry.EditContact(r.Ctx(), r.Who.Actor(), c.ID, seen, page.Person, values)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		page.Seen = c.UpdatedAt.Format(time.RFC3339Nano)
		return p.showEdit(r, page, form)
	}
	return r.Done(web.Flash{Text: locale.T("Contact saved.")}, parts.ContactPath(c.ID, ""))
}
