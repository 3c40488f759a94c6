package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// payment is a settled line of a payout.
type payment struct {
	ID       int64          `db:"id"`
	PayoutID int64          `db:"payout_id"`
	Code     string         `db:"code"`
	Day      affiliate.Day  `db:"day"`
	At       *time.Time     `db:"settled_at"`
	Amount   money.Amount   `db:"amount"`
	Currency money.Currency `db:"currency"`
	Method   string         `db:"method"`
	PayPal   string         `db:"paypal_email"`
	State    string         `db:"state"`
	Items    int64          `db:"items"`
	placed
}

// paymentsReport lists what was paid to the partner, and what came back (S116).
var paymentsReport = &Report{
	Name: "payments", Title: locale.T("Payments"), For: ForPartner,
	Help:     locale.T("What was paid to you."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterCurrency},
	Statuses: []string{"settled", "returned"},
	table:    paymentsTable,
}

var paymentFields = fields[payment]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(p *payment) Cell { return Date(p.Day) }},
	{Column: Column{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney},
		Value: func(p *payment) Cell { return Money(p.Amount, p.Currency) }, Sum: "SUM(y.amount)"},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(p *payment) Cell { return Status(p.State) }},
	{Column: Column{Key: "method", Name: locale.T("Method"), Kind: KindText},
		Value: func(p *payment) Cell { return Sentence(methodName(p.Method)) }},
	{Column: Column{Key: "paypal", Name: locale.T("PayPal address"), Kind: KindText},
		Value: func(p *payment) Cell { return Text(p.PayPal) }},
	{Column: Column{Key: "commissions", Name: locale.T("Commissions"), Kind: KindNumber,
		Help: locale.T("How many commissions the payment covers.")},
		Value: func(p *payment) Cell { return Number(p.Items) }},
	{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		Value: func(p *payment) Cell { return Time(p.At) }},
	{Column: Column{Key: "reference", Name: locale.T("Reference"), Kind: KindText},
		Value: func(p *payment) Cell { return Text(p.Code) }},
}

func paymentsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("y.partner_id = ? AND y.state IN ('settled', 'returned')", s.view.partner)
	w.days("y.day", q.Range)
	addIf(&w, "y.state = ?", q.Status)
	addIf(&w, "y.currency = ?", q.Currency)
	const lines = ` FROM {wp}partner_center_payout_lines y`
	kept := w.with("y.state = 'settled'") // what came back was not paid (D21)
	totals, err := paymentFields.totals(ctx, s.q, `/* reports.paymentTotals */`, "y.currency", lines+kept.sql(),
		kept.args)
	if err != nil {
		return nil, err
	}
	o := newest("y.day", "y.id")
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := paymentFields.table(ctx, s, `/* reports.payments */
		SELECT y.id, y.payout_id, COALESCE(NULLIF(y.reference, ''), x.code, '') AS code, y.day, y.settled_at, y.amount,
		y.currency, y.method,
			y.paypal_email, y.state,
			(SELECT COUNT(*) FROM {wp}partner_center_payout_items i WHERE i.line_id = y.id) AS items, `+o.place()+
		lines+` LEFT JOIN {wp}partner_center_payouts x ON x.id = y.payout_id`+
		paged.sql()+tail, paged.args, totals, func(p *payment) Row {
		return Row{Ref: Ref{Kind: RefPayment, ID: p.ID}, After: q.cursor(p.placed, p.ID)}
	})
	return s.count(ctx, t, q, `/* reports.paymentCount */`, lines, w)
}

// methodName is a payment method for people.
func methodName(method string) locale.Text {
	switch affiliate.PaymentPolicy(method) {
	case affiliate.PayPal:
		return locale.T("PayPal")
	case affiliate.Check:
		return locale.T("Check")
	}
	return locale.Data(method)
}
