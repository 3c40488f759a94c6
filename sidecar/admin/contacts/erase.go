package contacts

import (
	"net/http"

	"partnercenter/affiliate"
	"partnercenter/affiliate/persons"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// erasePage asks before a person is erased, and says what stays (D37).
type erasePage struct {
	persons.Effect
	Reason   string
	Despite  bool
	Problems affiliate.Problems
}

// AskErase asks before a person is erased.
func (p *Pages) AskErase(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Contact](r.Param("contact"))
	if err != nil {
		return err
	}
	return p.showErase(r, id, erasePage{})
}

func (p *Pages) showErase(r *web.Request, id affiliate.ContactID, page erasePage) (err error) {
	if page.Effect, err = p.Persons.Preview(r.Ctx(), id); err != nil {
		return err
	}
	title := locale.T("Erase the personal data of %s", page.Contact.Name())
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "contact_erase.html", title, page)
	}
	return r.Page(pages, "contact_erase.html", title, page)
}

// Erase erases a person.
func (p *Pages) Erase(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Contact](r.Param("contact"))
	if err != nil {
		return err
	}
	form := r.Form()
	page := erasePage{Reason: form.Raw("reason"), Despite: form.Bool("despite")}
	e, err := p.Persons.Erase(r.Ctx(), r.Who.Actor(),
		persons.Asked{Contact: id, Reason: page.Reason, Despite: page.Despite})
	if affiliate.KindOf(err) == affiliate.KindConflict {
		form.Problems.Say("despite", affiliate.SentenceOf(err))
		err = nil
	}
	again, err := form.Refused(err)
	if err != nil {
		return err
	}
	if again || form.Err() != nil {
		page.Problems = form.Problems
		return p.showErase(r, id, page)
	}
	return r.Done(web.Flash{Text: locale.Join(locale.T("The personal data of contact %s is erased.", id.String()),
		keptText(e))}, parts.Contacts)
}

// keptText says what stays of a person who was erased.
func keptText(e persons.Effect) locale.Text {
	if e.Kept.Payments == 0 {
		return locale.Text{}
	}
	return locale.N("%d payment keeps the name and address it went to, as accounting rules ask.",
		"%d payments keep the name and address they went to, as accounting rules ask.", e.Kept.Payments)
}

// erased is what WordPress is told, in the form its tools take.
type erased struct {
	Removed  bool     `json:"items_removed"`
	Retained bool     `json:"items_retained"`
	Messages []string `json:"messages"`
}

// ErasePerson erases the person of an address for WordPress' own tool. One whose
// balance is open stays, and the tool says so.
func (p *Pages) ErasePerson(r *web.Request) error {
	answer := erased{Messages: []string{}}
	c, err := p.Registry.ContactByEmail(r.Ctx(), r.Form().Raw("email"))
	if kind := affiliate.KindOf(err); kind == affiliate.KindNotFound || kind == affiliate.KindInvalid {
		if err := p.Persons.EraseUnknown(r.Ctx(), r.Form().Raw("email")); err != nil {
			return err
		}
		r.JSON(http.StatusOK, answer)
		return nil
	}
	if err != nil {
		return err
	}
	e, err := p.Persons.Erase(r.Ctx(), r.Who.Actor(), persons.Asked{Contact: c.ID,
		Reason: r.Say(locale.T("Asked for in WordPress' tool “Erase Personal Data”"))})
	if affiliate.KindOf(err) == affiliate.KindConflict {
		answer.Retained = true
		answer.Messages = append(answer.Messages, r.Say(locale.T("Partner Center kept the data of this partner: "+
			"their balance is open. Pay it or write it off, then erase again.")))
		r.JSON(http.StatusOK, answer)
		return nil
	}
	if err != nil {
		return err
	}
	answer.Removed = true
	if kept := keptText(e); !kept.IsZero() {
		answer.Retained, answer.Messages = true, append(answer.Messages, r.Say(kept))
	}
	r.JSON(http.StatusOK, answer)
	return nil
}
