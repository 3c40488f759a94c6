package admin

import (
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

const duePath = commissionsPath + "/due"

type duePage struct {
	listing
	Tabs       []listTab
	Statuses   []web.Option
	Rows       []dueRow
	Currencies []money.Currency // of all rows, for the PayPal files
}

// dueRow is what a partner is owed in a currency, with the exact amount that
// the button beside it marks as paid.
type dueRow struct {
	reports.Row
	Partner affiliate.PartnerID
	Payable reports.Cell
	Ready   bool
}

// DuePayments shows what is to be paid: one row for each partner and currency,
// also below the threshold (S83).
func (p *Pages) DuePayments(r *web.Request) error { return p.showDue(r, nil) }

func (p *Pages) showDue(r *web.Request, problems affiliate.Problems) error {
	list, err := p.listing(r, "due", duePath, "partner", "payable", "status", "missing", "owed", "commissions", "method", "paypal")
	if err != nil {
		return err
	}
	page := duePage{listing: list, Tabs: commissionTabs(duePath), Statuses: statusOptions(list.Report, list.Status)}
	for field, problem := range problems {
		page.Problems[field] = problem
	}
	if list.Shown != nil {
		page.Rows, page.Currencies = dueRows(list.Shown), totalCurrencies(list.Shown)
	}
	return page.answer(r, "commissions_due.html", "Commissions", page)
}

func dueRows(page *reports.Page) (rows []dueRow) {
	cell := func(row reports.Row, key string) reports.Cell {
		return row.Cells[slices.IndexFunc(page.Table.Columns, func(c reports.Column) bool { return c.Key == key })]
	}
	for _, row := range page.Rows {
		rows = append(rows, dueRow{Row: row, Partner: affiliate.PartnerID(row.Ref.ID), Payable: cell(row, "payable"),
			Ready: cell(row, "status").Text == string(reports.Ready)})
	}
	return rows
}

// totalCurrencies are the currencies of a page's totals.
func totalCurrencies(page *reports.Page) (currencies []money.Currency) {
	for _, total := range page.Table.Totals {
		i := slices.IndexFunc(total.Cells, func(c reports.Cell) bool { return c.Kind == reports.KindMoney })
		currencies = append(currencies, total.Cells[i].Currency)
	}
	return currencies
}

// PayPartner marks exactly the amount that was shown as paid; no money moves
// (S84). When it is another by now, the list as it is now says so.
func (p *Pages) PayPartner(r *web.Request) error {
	form := r.Form()
	partner := web.FormID[affiliate.PartnerID](form, "partner")
	amount := form.Amount("amount")
	currency, err := money.ParseCurrency(form.Raw("currency"))
	if err != nil || partner == 0 || form.Err() != nil {
		return p.showDue(r, affiliate.Problems{"": locale.T("Please choose a payment from the list.")})
	}
	people, err := p.people(r, partner)
	if err != nil {
		return err
	}
	line, err := p.Ledger.PayPartner(r.Ctx(), r.Who.Actor(), partner, currency, amount)
	if again, err := refused(form, err); err != nil {
		return err
	} else if again {
		return p.showDue(r, form.Problems)
	}
	paid := money.Format(line.Amount, line.Currency, r.Site.Handover().Locale)
	return r.Done(web.Flash{Text: paid + " to " + people.Name(partner) + " is recorded as paid. No money was moved."}, duePath)
}

type duePartnerPage struct {
	Partner  affiliate.PartnerID
	Contact  affiliate.Contact
	Currency money.Currency
	Due      []ledger.Commission
	Manual   []ledger.Manual // payable, too
	Sum      money.Amount
}

// DuePartner shows which commissions a payment is made of (S83).
func (p *Pages) DuePartner(r *web.Request) error {
	id, err := affiliate.ParseID[affiliate.Partner](r.Param("partner"))
	if err != nil {
		return err
	}
	page := duePartnerPage{Partner: id}
	if page.Currency, err = money.ParseCurrency(r.Query("currency")); err != nil {
		return affiliate.Missing("Please choose a payment of the list of pending payments.")
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
	if page.Manual, err = p.Ledger.DueManuals(r.Ctx(), id, page.Currency); err != nil {
		return err
	}
	for _, m := range page.Manual {
		if page.Sum, err = page.Sum.Add(m.Payable); err != nil {
			return err
		}
	}
	for _, c := range page.Due {
		if page.Sum, err = page.Sum.Add(c.Payable); err != nil {
			return err
		}
	}
	return r.Page(pages, "due_partner.html", "Payable to "+page.Contact.Name(), page)
}
