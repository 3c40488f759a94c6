package payments

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// listPage is one of the lists of payments.
type listPage struct {
	web.ReportPage
	Tabs  []web.Tab
	Empty locale.Text // what will appear here, and how
}

func (p *Pages) list(r *web.Request, spec web.ReportSpec, name string, empty locale.Text) error {
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil {
		return err
	}
	spec.Report, spec.Files, spec.Links = report, parts.Reports+"/"+name, parts.Links
	spec.Primary = "partner"
	page := listPage{Tabs: parts.PaymentTabs(spec.Path), Empty: empty}
	if page.ReportPage, err = r.ReportPage(p.Reports, spec); err != nil {
		return err
	}
	return page.Answer(r, pages, "payments.html", locale.T("Payments"), page)
}

// Payments lists the payments that were made, are under way, or came back (S86).
func (p *Pages) Payments(r *web.Request) error {
	return p.list(r, paymentsSpec(r), "accounting",
		locale.T("No payments yet. What you pay out shows up here, with date, reference and a way to take it back."))
}

func paymentsSpec(r *web.Request) web.ReportSpec {
	s := web.ReportSpec{Path: parts.Payments,
		Filters: []reports.Filter{reports.FilterRange, reports.FilterStatus, reports.FilterSearch}}
	if r.Who.User.Can(web.CanApprove) {
		s.BulkPath, s.Bulk = parts.Payments+"/bulk", []web.BulkAction{parts.EmailAction}
	}
	return s
}

// Bulk goes on to write about chosen payments (S87).
func (p *Pages) Bulk(r *web.Request) error {
	spec, err := paymentsSpec(r), error(nil)
	if spec.Report, err = reports.Find(reports.ForAdmin, "accounting"); err != nil {
		return err
	}
	form := r.Form()
	asked, err := r.Bulk(form, p.Reports, spec)
	if err != nil {
		return err
	}
	return parts.Email(r, "accounting", asked, form, parts.Payments)
}

// Payable lists the commissions behind the pending payments (S154).
func (p *Pages) Payable(r *web.Request) error {
	return p.list(r, web.ReportSpec{Path: parts.Payable,
		Filters: []reports.Filter{reports.FilterRange, reports.FilterSearch}}, "payable",
		locale.T("No one is owed anything. Approved commissions show up here until they are paid."))
}

// Booked sums up what was booked in a period, which never changes afterwards (D47).
func (p *Pages) Booked(r *web.Request) error {
	return p.list(r, web.ReportSpec{Path: parts.Booked, Preset: reports.LastMonth,
		Filters: []reports.Filter{reports.FilterRange, reports.FilterSearch}}, "booked",
		locale.T("Nothing was booked in this period. Commissions and payments are booked the moment they happen."))
}

// Years sums up what each partner was paid in a calendar year (S144).
func (p *Pages) Years(r *web.Request) error {
	return p.list(r, web.ReportSpec{Path: parts.Years,
		Filters: []reports.Filter{reports.FilterSearch}}, "years",
		locale.T("No payments yet. The total of each partner and year shows up here, for tax work."))
}

type paymentPage struct {
	payout.Payment
	Contact     affiliate.Contact
	Reason      string // as typed, as is CheckNumber
	CheckNumber string
	Problems    affiliate.Problems
}

// Payment shows one payment: to whom, how, what it paid, and how it is taken back.
func (p *Pages) Payment(r *web.Request) error { return p.showPayment(r, r.Form()) }

func (p *Pages) showPayment(r *web.Request, form *web.Form) error {
	id, err := affiliate.ParseID[affiliate.PaymentNoun](r.Param("payment"))
	if err != nil {
		return err
	}
	page := paymentPage{Reason: form.Raw("reason"), Problems: form.Problems}
	if page.Payment, err = p.Payouts.Payment(r.Ctx(), id); err != nil {
		return err
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, page.PartnerID)
	if err != nil {
		return err
	}
	page.Contact, page.CheckNumber = people[page.PartnerID], page.PayoutLine.CheckNumber
	if form.Sent("check_number") {
		page.CheckNumber = form.Raw("check_number")
	}
	title := locale.T("Payment %s", "PL"+id.String())
	if len(form.Problems) > 0 {
		return r.Invalid(pages, "payment.html", title, page)
	}
	return r.Page(pages, "payment.html", title, page)
}

// ReturnPayment notes that the money came back: it is owed again (D21).
func (p *Pages) ReturnPayment(r *web.Request) error {
	return p.takeBack(r, p.Payouts.ReturnPayment,
		locale.T("The payment is recorded as returned. The amount is owed again."))
}

// UndoPayment takes back that a payment was marked as paid by mistake.
func (p *Pages) UndoPayment(r *web.Request) error {
	return p.takeBack(r, p.Payouts.UndoPayment, locale.T("The payment is undone. The amount is owed again."))
}

// backward is a way to take a payment back, for a reason.
type backward func(context.Context, affiliate.Actor, affiliate.PayoutLineID, string) (payout.PayoutLine, error)

func (p *Pages) takeBack(r *web.Request, back backward, done locale.Text) error {
	id, err := affiliate.ParseID[affiliate.PaymentNoun](r.Param("payment"))
	if err != nil {
		return err
	}
	form := r.Form()
	_, err = back(r.Ctx(), r.Who.Actor(), id, form.Raw("reason"))
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showPayment(r, form)
	}
	return r.Done(web.Flash{Text: done}, parts.PaymentPath(id))
}

// SaveCheck keeps the number of a check (S136).
func (p *Pages) SaveCheck(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.PaymentNoun](r.Param("payment"))
	if err != nil {
		return err
	}
	form := r.Form()
	err = p.Payouts.SetCheckNumber(r.Ctx(), r.Who.Actor(), id, form.Raw("check_number"))
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showPayment(r, form)
	}
	return r.Done(web.Flash{Text: locale.T("The check number is saved.")}, parts.PaymentPath(id))
}

type receiptPage struct {
	payout.Payment
	Partner affiliate.Partner
	Contact affiliate.Contact
	Site    string
}

// Receipt is a payment as it is printed or kept as a PDF: who was paid how much
// for what, and nothing of the admin's.
func (p *Pages) Receipt(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.PaymentNoun](r.Param("payment"))
	if err != nil {
		return err
	}
	page := receiptPage{Site: r.Site.Handover().Home}
	if page.Payment, err = p.Payouts.Payment(r.Ctx(), id); err != nil {
		return err
	}
	if page.Partner, err = p.Registry.Partner(r.Ctx(), page.PartnerID); err != nil {
		return err
	}
	if page.Contact, err = p.Registry.Contact(r.Ctx(), page.Partner.ContactID); err != nil {
		return err
	}
	return r.Page(pages, "receipt.html", locale.T("Receipt %s", "PL"+id.String()), page)
}
