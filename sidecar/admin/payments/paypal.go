package payments

import (
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// paymentNote is what PayPal shows to the recipients.
const paymentNote = "Partner commission"

type payPalPage struct {
	Currency money.Currency
	Rows     int
	Total    money.Amount
	Formats  []payPalFormat
	Skipped  []reports.Skipped
	People   parts.People
}

// payPalFormat is one of the formats with its files, which have 5,000 rows at most.
type payPalFormat struct {
	Format paypal.Format
	Name   locale.Text
	Files  []paypal.File
}

var payPalFormats = []payPalFormat{
	{Format: paypal.Current, Name: locale.T("PayPal Payouts (CSV, 6 columns)")},
	{Format: paypal.LegacyCSV, Name: locale.T("MassPay (CSV, 5 columns)")},
	{Format: paypal.LegacyTab, Name: locale.T("MassPay (text with tabs, 5 columns)")},
}

// PayPal shows who is in the PayPal file of a currency, and who is not and why
// (S85). Neither it nor the files mark anything as paid.
func (p *Pages) PayPal(r *web.Request) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	payments, skipped, currency, err := p.payPal(r, settings)
	if err != nil {
		return err
	}
	page := payPalPage{Currency: currency, Skipped: skipped}
	for _, format := range payPalFormats {
		format.Files, _, err = paypal.Files(paypal.Style{Format: format.Format, Comma: settings.PayPalComma},
			p.payPalRef(),
			payments)
		if err != nil {
			return err
		}
		page.Formats = append(page.Formats, format)
	}
	for _, file := range page.Formats[0].Files {
		page.Rows += file.Rows
		if page.Total, err = page.Total.Add(file.Total); err != nil {
			return err
		}
	}
	partners := []affiliate.PartnerID{}
	for _, s := range skipped {
		partners = append(partners, s.PartnerID)
	}
	if page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, partners...); err != nil {
		return err
	}
	return r.Page(pages, "paypal.html", locale.T("PayPal file, %s", string(currency)), page)
}

// Part is the number of a file in links and names, from 1.
func (payPalPage) Part(i int) int { return i + 1 }

// payPal is who can be paid by PayPal now, and who not: nobody while two people
// are required, because whoever downloads the file would pay alone (B16).
func (p *Pages) payPal(r *web.Request, settings affiliate.Settings) ([]paypal.Payment, []reports.Skipped,
	money.Currency, error) {
	currency, err := money.ParseCurrency(r.Query("currency"))
	if err != nil {
		return nil, nil, "", affiliate.Missing("Please choose a currency on the list of pending payments.")
	}
	due, err := p.Reports.Due(r.Ctx(), currency)
	if err != nil {
		return nil, nil, "", err
	}
	payments, skipped := reports.Preflight(due, settings.TwoPeople, paymentNote)
	return payments, skipped, currency, nil
}

// payPalRef names the files of today.
func (p *Pages) payPalRef() string { return p.Reports.Today().String() }

// PayPalFile answers with one of the files.
func (p *Pages) PayPalFile(r *web.Request) error {
	format := paypal.Format(r.Query("format"))
	if !slices.ContainsFunc(payPalFormats, func(f payPalFormat) bool { return f.Format == format }) {
		return affiliate.Missing("There is no such format of the PayPal file.")
	}
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	payments, _, _, err := p.payPal(r, settings)
	if err != nil {
		return err
	}
	files, _, err := paypal.Files(paypal.Style{Format: format, Comma: settings.PayPalComma}, p.payPalRef(), payments)
	if err != nil {
		return err
	}
	part, err := strconv.Atoi(r.Query("part"))
	if err != nil || part < 1 || part > len(files) {
		return affiliate.Conflict(
			"What is payable has changed since. Go back to the page of the PayPal file and look at it again.")
	}
	file := files[part-1]
	err = p.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export", Object: "paypal file",
		After: map[string]any{"name": file.Name, "part": part, "format": format, "rows": file.Rows,
			"total": file.Total}})
	if err != nil {
		return err
	}
	kind := "text/csv; charset=utf-8"
	if strings.HasSuffix(file.Name, ".txt") {
		kind = "text/plain; charset=utf-8"
	}
	r.Attach(file.Name, kind)
	r.Data(200, kind, file.Data)
	return nil
}
