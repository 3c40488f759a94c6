package payments

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// payPage asks how and when a partner was paid, before that is recorded.
type payPage struct {
	Partner  affiliate.Partner
	Contact  affiliate.Contact
	Method   affiliate.PaymentPolicy
	Currency money.Currency
	Due      ledger.Due
	Below    bool // below the threshold: paid by exception only (S143)
	Today    affiliate.Day

	PaidOn, Reference, CheckNumber, Exception string // as typed
	Problems                                  affiliate.Problems
}

// Amount is what is payable, exactly as the form sends it back.
func (p payPage) Amount() string { return p.Due.Sum.String() }

// Entries is how many commissions and entries the amount is made of.
func (p payPage) Entries() int { return len(p.Due.Commissions) + len(p.Due.Manuals) + p.Due.Left }

// AskPay asks how a partner was paid. Nothing is recorded yet.
func (p *Pages) AskPay(r *web.Request) error {
	partner, err := affiliate.ParseID[affiliate.Partner](r.Query("partner"))
	if err != nil {
		return err
	}
	currency, err := money.ParseCurrency(r.Query("currency"))
	if err != nil {
		return affiliate.Missing("Please choose a payment from the list of pending payments.")
	}
	return p.showPay(r, partner, currency, r.Form())
}

func (p *Pages) showPay(r *web.Request, id affiliate.PartnerID, cur money.Currency, form *web.Form) (err error) {
	page := payPage{Currency: cur, Today: p.Reports.Today(), PaidOn: form.Raw("paid_on"),
		Reference: form.Raw("reference"), CheckNumber: form.Raw("check_number"), Exception: form.Raw("exception"),
		Problems: form.Problems}
	if page.PaidOn == "" {
		page.PaidOn = page.Today.String()
	}
	if page.Partner, err = p.Registry.Partner(r.Ctx(), id); err != nil {
		return err
	}
	if page.Contact, err = p.Registry.Contact(r.Ctx(), page.Partner.ContactID); err != nil {
		return err
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if page.Due, err = p.Ledger.Due(r.Ctx(), id, cur); err != nil {
		return err
	}
	page.Method = settings.MethodOf(page.Partner)
	page.Below = page.Due.Sum.Cmp(settings.Threshold(cur)) < 0
	title := locale.T("Mark as paid: %s", page.Contact.Name())
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "pay.html", title, page)
	}
	return r.Page(pages, "pay.html", title, page)
}

// PayPartner marks exactly the amount that was shown as paid; no money moves
// (S84). When it is another by now, the form as it is now says so.
func (p *Pages) PayPartner(r *web.Request) error {
	form := r.Form()
	partner := web.FormID[affiliate.PartnerID](form, "partner")
	amount, err := money.Parse(form.Raw("amount"))
	currency, currencyErr := money.ParseCurrency(form.Raw("currency"))
	if err != nil || currencyErr != nil || partner == 0 || form.Err() != nil {
		return p.showDue(r, affiliate.Problems{"": locale.T("Please choose a payment from the list.")})
	}
	paid := payout.HandPayment{PartnerID: partner, Currency: currency, Amount: amount, Reference: form.Raw("reference"),
		CheckNumber: form.Raw("check_number"), Exception: form.Raw("exception")}
	if day := form.Raw("paid_on"); day != "" {
		paid.PaidOn, err = affiliate.ParseDay(day)
		form.Problems.Check(err == nil, "paid_on", "Please enter a date.")
	}
	line := payout.PayoutLine{}
	if err = form.Err(); err == nil {
		line, err = p.Payouts.Pay(r.Ctx(), r.Who.Actor(), paid)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showPay(r, partner, currency, form)
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, partner)
	if err != nil {
		return err
	}
	text := locale.T("%s to %s is recorded as paid. No money was moved.", money.Text(line.Amount, line.Currency),
		people.Name(partner))
	return r.Done(web.Flash{Text: text}, parts.PaymentPath(line.ID))
}
