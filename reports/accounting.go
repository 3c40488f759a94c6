package reports

import (
	"context"
	"strings"
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
	Reference    string         `db:"reference"`
	Exception    string         `db:"exception"`
	State        string         `db:"state"`
	ReturnedDay  affiliate.Day  `db:"returned_day"`
	ReturnReason string         `db:"return_reason"`
	placed
}

// accountingReport lists all payments of all partners, of checks as well as of
// PayPal, under way, made and come back; drafts are none yet (S86, S136).
var accountingReport = &Report{
	Name: "accounting", Title: locale.T("Payments"), For: ForAdmin,
	Help:     locale.T("All payments with dates, partners, amounts and ids, for accounting software."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterPartner, FilterCurrency, FilterSearch},
	Statuses: []string{"settled", "returned", "sent", "filed"},
	Finds:    locale.T("Start of a name, email, payee or PayPal address; a check number or reference"),
	table:    accountingTable,
}

var accountingFields = named(fields[accounted]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate, Help: locale.T("When the money went out.")},
		Value: func(a *accounted) Cell { return Date(a.Day) }},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(a *accounted) Cell { return a.cell() }},
	{Column: Column{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney},
		Value: func(a *accounted) Cell { return Money(a.Amount, a.Currency) }, Sum: "SUM(y.amount)"},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(a *accounted) Cell { return Status(a.State) }},
	{Column: Column{Key: "method", Name: locale.T("Method"), Kind: KindText},
		Value: func(a *accounted) Cell { return Sentence(methodName(a.Method)) }},
	{Column: Column{Key: "paypal", Name: locale.T("PayPal address"), Kind: KindText},
		Value: func(a *accounted) Cell { return Text(a.PayPal) }},
	{Column: Column{Key: "payee", Name: locale.T("Payee"), Kind: KindText},
		Value: func(a *accounted) Cell { return Text(a.Payee) }},
	{Column: Column{Key: "address", Name: locale.T("Postal address"), Kind: KindText, FileOnly: true},
		Value: func(a *accounted) Cell { return Text(a.Address) }},
	{Column: Column{Key: "check", Name: locale.T("Check number"), Kind: KindText},
		Value: func(a *accounted) Cell { return Text(a.CheckNumber) }},
	{Column: Column{Key: "reference", Name: locale.T("Reference"), Kind: KindText},
		Value: func(a *accounted) Cell { return Text(a.Reference) }},
	{Column: Column{Key: "returned", Name: locale.T("Came back"), Kind: KindDate},
		Value: func(a *accounted) Cell { return Date(a.ReturnedDay) }},
	{Column: Column{Key: "return_reason", Name: locale.T("Why it came back"), Kind: KindText},
		Value: func(a *accounted) Cell { return Text(a.ReturnReason) }},
	{Column: Column{Key: "exception", Name: locale.T("Below the threshold because"), Kind: KindText, FileOnly: true},
		Value: func(a *accounted) Cell { return Text(a.Exception) }},
	{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		Value: func(a *accounted) Cell { return Time(a.SettledAt) }},
	{Column: Column{Key: "payout", Name: locale.T("Payout"), Kind: KindText, FileOnly: true},
		Value: func(a *accounted) Cell { return Text(a.Code) }},
	{Column: Column{Key: "payment", Name: locale.T("Payment"), Kind: KindText,
		Help: locale.T("The id of the row in PayPal's file.")},
		Value: func(a *accounted) Cell { return Text("PL"+affiliate.PartnerID(a.ID).String()).To(RefPayment, a.ID) }},
}, locale.T("Partner's email"), func(a *accounted) *partnerName { return &a.partnerName })

const accountingRows = ` FROM {wp}partner_center_payout_lines y`

const accountingTables = accountingRows + `
	LEFT JOIN {wp}partner_center_payouts x ON x.id = y.payout_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = y.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

// accountingSearch is what the list is searched by: all of it on columns of its own
// table y. References are in no index, and looked for among the newest.
var accountingSearch = searchable{id: "y.id", ways: append(ofPartner("payout_lines", "y"), []way{
	{code: true, find: `/* reports.payoutCodes */ SELECT x.id FROM {wp}partner_center_payouts x WHERE x.code LIKE ?`,
		rows: `/* reports.paidPayouts */ SELECT y.id FROM {wp}partner_center_payout_lines y WHERE y.payout_id IN (?)`,
		has:  `y.payout_id IN (SELECT sx.id FROM {wp}partner_center_payouts sx WHERE sx.code LIKE ?)`},
	ofPayment("paypal_email", false), ofPayment("payee", false), ofPayment("check_number", false),
	ofPayment("reference", true),
}...)}

// ofPayment is a column of payments that is searched.
func ofPayment(column string, last bool) way {
	return way{find: `/* reports.ofPayment */ SELECT y.id FROM {wp}partner_center_payout_lines y WHERE y.` + column +
		` LIKE ?`, newest: newestPayments, has: `y.` + column + ` LIKE ?`, last: last}
}

func accountingTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("y.state NOT IN ('draft', 'closed')")
	w.days("y.day", q.Range)
	addIf(&w, "y.state = ?", q.Status)
	addIf(&w, "y.partner_id = ?", q.Partner)
	addIf(&w, "y.currency = ?", q.Currency)
	how, err := s.find(ctx, &w, accountingSearch, q)
	if err != nil {
		return nil, err
	}
	o, err := accountingFields.order(q, newest("", "y.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	tables := accountingTables + paged.sql() + tail
	if q.Limit > 0 { // the page first, then what belongs to its rows
		tables = ` FROM (SELECT y.id` + accountingRows + paged.sql() + tail + `) page JOIN` +
			strings.TrimPrefix(accountingTables, " FROM") + ` WHERE y.id = page.id` + o.by(q)
	}
	t := accountingFields.table(ctx, s, `/* reports.accounting */
		SELECT y.id, y.payout_id, COALESCE(x.code, '') AS payout, y.day, y.settled_at, y.amount, y.currency, y.method,
			y.paypal_email, y.payee, y.address, y.check_number, y.reference, y.exception, y.state, y.returned_day,
			y.return_reason,
			y.partner_id, `+o.place()+`, `+partnerNameColumns+tables, paged.args, nil,
		func(a *accounted) Row {
			return Row{Ref: Ref{Kind: RefPayment, ID: a.ID}, After: q.cursor(a.placed, a.ID)}
		})
	how.tell(t, s)
	if t, err = s.count(ctx, t, q, `/* reports.accountingCount */`, accountingRows, w); err != nil {
		return nil, err
	}
	paid := w.with("y.state = 'settled'") // what came back, or is under way, was not paid
	t.Totals, err = s.keptTotals(q, t.Count, keyOf(accountingRows+paid.sql(), paid.args), func() ([]Row, error) {
		return accountingFields.totals(ctx, s.q, `/* reports.accountingTotals */`, "y.currency",
			accountingRows+paid.sql(), paid.args)
	})
	return t, err
}
