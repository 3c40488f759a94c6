package contacts

import (
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// mergePage makes one contact of two (D34), after showing what moves.
type mergePage struct {
	Contact  affiliate.Contact // who stays
	With     string            // address of the other one, as typed
	Other    affiliate.Contact // ID 0: not known yet
	Preview  *sale.MergePreview
	Partner  bool // the other one is a partner, who becomes one with this contact
	People   parts.People
	Reason   string
	Problems affiliate.Problems
}

// AskMerge asks for the other contact; with its address it shows what a merge
// would do. It changes nothing.
func (p *Pages) AskMerge(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	return p.showMerge(r, mergePage{Contact: c, With: strings.TrimSpace(r.Query("with"))}, r.Form())
}

func (p *Pages) showMerge(r *web.Request, page mergePage, form *web.Form) error {
	if page.With != "" {
		if err := p.previewMerge(r, form, &page); err != nil {
			return err
		}
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "contact_merge.html", locale.T("Merge contacts"), page)
	}
	return r.Page(pages, "contact_merge.html", locale.T("Merge contacts"), page)
}

func (p *Pages) previewMerge(r *web.Request, form *web.Form, page *mergePage) error {
	var err error
	page.Other, err = p.Registry.ContactByEmail(r.Ctx(), page.With)
	if kind := affiliate.KindOf(err); kind == affiliate.KindNotFound || kind == affiliate.KindInvalid {
		form.Problems.Add("with", "No contact has this address.")
		return nil
	}
	if err != nil {
		return err
	}
	preview, err := p.Sales.PreviewMerge(r.Ctx(), r.Who.Actor(), page.Contact.ID, page.Other.ID)
	if affiliate.KindOf(err) == affiliate.KindConflict {
		form.Problems.Say("with", affiliate.SentenceOf(err))
		return nil
	}
	if err != nil {
		return err
	}
	_, err = p.Registry.PartnerByContact(r.Ctx(), page.Other.ID)
	if page.Partner = err == nil; err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
		return err
	}
	page.Preview = &preview
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, preview.Contact.First.PartnerID,
		preview.Contact.Last.PartnerID)
	return err
}

// MergeContacts makes one contact of the two that the preview showed.
func (p *Pages) MergeContacts(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	form := r.Form()
	page := mergePage{Contact: c, With: strings.TrimSpace(form.Raw("with")), Reason: form.Raw("reason")}
	other, err := affiliate.ParseID[affiliate.Contact](form.Raw("other"))
	form.Problems.Check(err == nil, "", "Please preview it first.")
	if err = form.Err(); err == nil {
		err = p.unchanged(r, c, other, form.Raw("seen"))
	}
	if err == nil {
		_, err = p.Sales.MergeContacts(r.Ctx(), r.Who.Actor(), c.ID, other, page.Reason)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showMerge(r, page, form)
	}
	return r.Done(web.Flash{Text: locale.T("The two are one contact now.")}, parts.ContactPath(c.ID, ""))
}

// unchanged refuses when either contact is not as the preview showed it.
func (p *Pages) unchanged(r *web.Request, c affiliate.Contact, id affiliate.ContactID, seen string) error {
	other, err := p.Registry.Contact(r.Ctx(), id)
	if err != nil || seen == versions(c, other) {
		return err
	}
	return affiliate.Conflict("One of the contacts changed while you were looking. Review the preview again.")
}

// versions is how two contacts stand.
func versions(a, b affiliate.Contact) string {
	return strconv.FormatInt(a.UpdatedAt.UnixMicro(), 36) + "." + strconv.FormatInt(b.UpdatedAt.UnixMicro(), 36)
}

// Seen is how the two stand as the preview shows them.
func (m mergePage) Seen() string { return versions(m.Contact, m.Other) }
