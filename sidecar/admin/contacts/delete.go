package contacts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// deletePage asks before a contact's record is deleted, and says what becomes of
// money.
type deletePage struct {
	Contact  affiliate.Contact
	Partner  affiliate.Partner // ID 0: they are none
	Open     []openBalance
	Orders   bool // they have bought
	Reason   string
	Problems affiliate.Problems
}

// openBalance is money of a partner that is not settled.
type openBalance struct {
	ledger.Balance
	Owed money.Amount
}

// AskDelete asks before a contact's record is deleted.
func (p *Pages) AskDelete(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	return p.showDelete(r, deletePage{Contact: c}, r.Form())
}

func (p *Pages) showDelete(r *web.Request, page deletePage, form *web.Form) error {
	orders, err := p.Sales.OrdersOf(r.Ctx(), page.Contact.ID, affiliate.Page{Limit: 1})
	if err != nil {
		return err
	}
	page.Orders = len(orders) > 0
	page.Partner, err = p.Registry.PartnerByContact(r.Ctx(), page.Contact.ID)
	if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
		return err
	}
	if page.Partner.ID != 0 {
		if page.Open, err = p.openBalances(r, page.Partner.ID); err != nil {
			return err
		}
	}
	title := locale.T("Delete %s", page.Contact.Name())
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "contact_delete.html", title, page)
	}
	return r.Page(pages, "contact_delete.html", title, page)
}

// openBalances are a partner's that are not zero.
func (p *Pages) openBalances(r *web.Request, partner affiliate.PartnerID) (open []openBalance, err error) {
	balances, err := p.Ledger.Balances(r.Ctx(), partner)
	if err != nil {
		return nil, err
	}
	for _, b := range balances {
		owed, err := b.Owed()
		if err != nil {
			return nil, err
		}
		if !owed.IsZero() || !b.Pending.IsZero() {
			open = append(open, openBalance{b, owed})
		}
	}
	return open, nil
}

// DeleteContact deletes a contact's record (S102).
func (p *Pages) DeleteContact(r *web.Request) error {
	c, err := parts.Living(r, p.Registry)
	if err != nil {
		return err
	}
	form := r.Form()
	err = p.Registry.DeleteContact(r.Ctx(), r.Who.Actor(), c.ID, form.Raw("reason"))
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		return p.showDelete(r, deletePage{Contact: c, Reason: form.Raw("reason")}, form)
	}
	return r.Done(web.Flash{Text: locale.T("%s is deleted.", c.Name())}, parts.Contacts)
}
