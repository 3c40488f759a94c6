package center

import (
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// payment is the path of the page of one payment.
const payment = "earnings/payments/%d"

// paymentPage is one payment with what it paid, as a receipt to print (S116).
type paymentPage struct {
	payout.Payment
	From, To string
	Code     string // of the partner
	Program  string
}

var errNoPayment = affiliate.Missing("There is no such payment among yours.")

// Payment shows what a payment of the partner's consists of.
func (p *Pages) Payment(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.PaymentNoun](r.Param("id"))
	if err != nil {
		return errNoPayment
	}
	site := r.Site.Handover()
	page := paymentPage{From: strings.TrimSpace(site.Look.Name + " " + site.Home), Code: r.Who.Partner.Code}
	page.Payment, err = p.Payouts.Payment(r.Ctx(), id)
	if affiliate.KindOf(err) == affiliate.KindNotFound || err == nil && !page.shownTo(r.Who.Partner.ID) {
		return errNoPayment
	}
	if err != nil {
		return err
	}
	contact, err := p.Registry.Contact(r.Ctx(), r.Who.Partner.ContactID)
	if err != nil {
		return err
	}
	page.To = affiliate.Line(contact.FirstName + " " + contact.LastName)
	program, _, err := p.Registry.ProgramOf(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	page.Program = program.Name
	return r.Page(pages, "payment.html", locale.T("Payment of %s", page.Day), page)
}

// shownTo tells whether it is a payment of that partner that was made.
func (p paymentPage) shownTo(partner affiliate.PartnerID) bool {
	return p.PartnerID == partner && (p.State == payout.Settled || p.State == payout.Returned)
}

// Number is what the receipt is called.
func (p paymentPage) Number() string { return "PL" + p.ID.String() }
