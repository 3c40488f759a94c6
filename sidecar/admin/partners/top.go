package partners

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// top is what every page about one partner begins with: who it is, and how
// their money stands.
type top struct {
	Partner  affiliate.Partner
	Contact  affiliate.Contact
	Balances []balance
	Problems affiliate.Problems
}

type balance struct {
	ledger.Balance
	Owed money.Amount
}

// loadTop reads the partner whom the path names.
func (p *Pages) loadTop(r *web.Request) (t top, err error) {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return t, err
	}
	if t.Partner, err = p.Registry.Partner(r.Ctx(), id); err != nil {
		return t, err
	}
	if t.Contact, err = p.Registry.Contact(r.Ctx(), t.Partner.ContactID); err != nil {
		return t, err
	}
	balances, err := p.Ledger.Balances(r.Ctx(), t.Partner.ID)
	for _, b := range balances {
		owed, err := b.Owed()
		if err != nil {
			return t, err
		}
		t.Balances = append(t.Balances, balance{b, owed})
	}
	return t, err
}

// Gone tells whether the partner's record was deleted: nothing can be done to
// them any more, but their books are kept.
func (t top) Gone() bool { return t.Contact.DeletedAt != nil }

// MayBeSeen tells whether the partner has a center, so that an admin can look at it
// as they do.
func (t top) MayBeSeen() bool { return !t.Gone() && t.Partner.State.MayLogIn() }

// HasMoney tells whether anything is owed or waits.
func (t top) HasMoney() bool {
	for _, b := range t.Balances {
		if !b.Owed.IsZero() || !b.Pending.IsZero() {
			return true
		}
	}
	return false
}

// show answers with a page about the partner, as one to be corrected where
// something is wrong with what was sent.
func (t top) show(r *web.Request, template string, title locale.Text, page any) error {
	if len(t.Problems) > 0 {
		return r.Invalid(pages, template, title, page)
	}
	return r.Page(pages, template, title, page)
}
