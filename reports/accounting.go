package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// accounted is a payment as accounting software takes it.
type accounted struct {
	partnerName
	ID           int64          `db:"id"`
	PayoutID     int64          `db:"payout_id"`
	Code         string         `db:"payout"`
	Day          affiliate.Day  `db:"day"`
	SettledAt    *time.Time     `db:"settled_at"`
	Amount       money.Amount   `db:"amount"`
	Currency     money.Currency `db:"currency"`
	Method       string         `db:"method"`
	PayPal       string         `db:"paypal_email"`
	Payee        string         `db:"payee"`
	Address      string         `db:"address"`
	CheckNumber  string         `db:"check_number"`
	Exception    string         `db:"exception"`
	State        string         `db:"state"`
	ReturnedDay  affiliate.Day  `db:"returned_day"`
	ReturnReason string         `db:"return_reason"`
}

// accountingReport lists all payments of all partners, of checks as well as of
// PayPal, under way, made and come back; drafts are none yet (S86, S136).
var accountingReport = &Report{
	Name: "accounting", Title: locale.T("Payments"), For: ForAdmin,
	Help:     locale.T("All payments with dates, partners, amounts and ids, for accounting software."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterPartner, FilterCurrency, FilterSearch},
	Statuses: []string{"settled", "returned", "sent", "filed"},
	table:    accountingTable,
}

var accountingColumns = []Column{
	{Key: "day", Name: locale.T("Date"), Kind: KindDate, Help: locale.T("When it was settled.")},
	{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
	{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney},
	{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
	{Key: "method", Name: locale.T("Method"), Kind: KindText},
	{Key: "paypal", Name: locale.T("PayPal address"), Kind: KindText},
	{Key: "payee", Name: locale.T("Payee"), Kind: KindText},
	{Key: "address", Name: locale.T("Postal address"), Kind: KindText},
	{Key: "check", Name: locale.T("Check number"), Kind: KindText},
	{Key: "returned", Name: locale.T("Came back"), Kind: KindDate},
	{Key: "return_reason", Name: locale.T("Why it came back"), Kind: KindText},
	{Key: "exception", Name: locale.T("Below the threshold because"), Kind: KindText},
	{Key: "at", Name: locale.T("Time"), Kind: KindTime},
	{Key: "payout", Name: locale.T("Payout"), Kind: KindText},
	{Key: "payment", Name: locale.T("Payment"), Kind: KindText, Help: locale.T("The id of the row in PayPal's file.")},
	{Key: "email", Name: locale.T("Partner's e-mail"), Kind: KindText},
	{Key: "code", Name: locale.T("Partner code"), Kind: KindText},
	{Key: "id", Name: locale.T("Partner id"), Kind: KindNumber},
}

const accountingTables = ` FROM {wp}partner_center_payout_lines y
	LEFT JOIN {wp}partner_center_payouts x ON x.id = y.payout_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = y.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

func accountingTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("y.state <> 'draft'")
	w.days("y.day", q.Range)
	addIf(&w, "y.state = ?", q.Status)
	addIf(&w, "y.partner_id = ?", q.Partner)
	addIf(&w, "y.currency = ?", q.Currency)
	w.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pa.code", "y.paypal_email", "y.payee", "y.check_number", "x.code")
	kept := w.with("y.state = 'settled'") // what came back, or is under way, was not paid
	totals, err := sums(ctx, s.q, len(accountingColumns), []int{2}, `/* reports.accountingTotals */
		SELECT y.currency, SUM(y.amount)`+accountingTables+kept.sql()+` GROUP BY y.currency ORDER BY y.currency`, kept.args)
	if err != nil {
		return nil, err
	}
	paged, limit, err := w.page(q, "", "y.id")
	rows := stream(ctx, s.q, `/* reports.accounting */
		SELECT y.id, y.payout_id, COALESCE(x.code, '') AS payout, y.day, y.settled_at, y.amount, y.currency, y.method, y.paypal_email, y.payee, y.address,
			y.check_number, y.exception, y.state, y.returned_day, y.return_reason, y.partner_id, `+partnerNameColumns+
		accountingTables+paged.sql()+` ORDER BY y.id DESC`+limit, paged.args, func(a *accounted) Row { return a.row(q) })
	return &Table{Columns: accountingColumns, Totals: totals, Rows: rows}, err
}

func (a *accounted) row(q Query) Row {
	return Row{Ref: Ref{Kind: RefPayout, ID: a.PayoutID}, After: q.cursor(affiliate.Day{}, a.ID), Cells: []Cell{
		Date(a.Day), a.cell(), Money(a.Amount, a.Currency), Status(a.State), Text(methodName(a.Method)), Text(a.PayPal), Text(a.Payee),
		Text(a.Address), Text(a.CheckNumber), Date(a.ReturnedDay), Text(a.ReturnReason), Text(a.Exception), Time(a.SettledAt), Text(a.Code),
		Text("PL" + affiliate.PartnerID(a.ID).String()), Text(a.PartnerEmail), Text(a.PartnerCode), Number(int64(a.PartnerID))}}
}
