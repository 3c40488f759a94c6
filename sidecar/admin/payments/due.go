package payments

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type duePage struct {
	web.ReportPage
	Tabs      []web.Tab
	Next      affiliate.Day // when partners are paid, zero without a schedule (S143)
	TwoPeople bool          // then nobody pays alone: there are batches only
	CutOff    string        // as typed
}

// DuePayments shows what is to be paid: one row for each partner and currency,
// also below the threshold (S83).
func (p *Pages) DuePayments(r *web.Request) error { return p.showDue(r, nil) }

func (p *Pages) showDue(r *web.Request, problems affiliate.Problems) error {
	report, err := reports.Find(reports.ForAdmin, "due")
	if err != nil {
		return err
	}
	page := duePage{Tabs: parts.PaymentTabs(parts.Due)}
	page.ReportPage, err = r.ReportPage(p.Reports, web.ReportSpec{Report: report, Path: parts.Due,
		Files:   parts.Reports + "/due",
		Filters: []reports.Filter{reports.FilterStatus, reports.FilterSearch}, Links: parts.Links})
	if err != nil {
		return err
	}
	for field, problem := range problems {
		page.Problems[field] = problem
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page.Next, page.TwoPeople = settings.NextPayment(p.Reports.Today()), settings.TwoPeople
	page.CutOff = r.Form().Raw("cutoff")
	if r.Who.User.Can(web.CanPay) {
		page.Tick = "pick"
	}
	return page.Answer(r, pages, "due.html", locale.T("Payments"), page)
}

type duePartnerPage struct {
	Partner  affiliate.PartnerID
	Contact  affiliate.Contact
	Currency money.Currency
	Due      ledger.Due
}

// DuePartner shows which commissions a payment is made of (S83).
func (p *Pages) DuePartner(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	page := duePartnerPage{Partner: id}
	if page.Currency, err = money.ParseCurrency(r.Query("currency")); err != nil {
		return affiliate.Missing("Please choose a payment from the list of pending payments.")
	}
	partner, err := p.Registry.Partner(r.Ctx(), id)
	if err != nil {
		return err
	}
	if page.Contact, err = p.Registry.Contact(r.Ctx(), partner.ContactID); err != nil {
		return err
	}
	if page.Due, err = p.Ledger.Due(r.Ctx(), id, page.Currency); err != nil {
		return err
	}
	return r.Page(pages, "due_partner.html", locale.T("Payable to %s", page.Contact.Name()), page)
}
