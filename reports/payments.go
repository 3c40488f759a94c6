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
}

// paymentsReport lists what was paid to the partner, and what came back (S116).
var paymentsReport = &Report{
	Name: "payments", Title: locale.T("Payments"), For: ForPartner,
	Help:     locale.T("What was paid to you."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterCurrency},
	Statuses: []string{"settled", "returned"},
	table:    paymentsTable,
}

func paymentsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("y.partner_id = ? AND y.state IN ('settled', 'returned')", s.view.partner)
	w.days("y.day", q.Range)
	addIf(&w, "y.state = ?", q.Status)
	addIf(&w, "y.currency = ?", q.Currency)
	columns := []Column{
		{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney},
		{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		{Key: "method", Name: locale.T("Method"), Kind: KindText},
		{Key: "paypal", Name: locale.T("PayPal address"), Kind: KindText},
		{Key: "commissions", Name: locale.T("Commissions"), Kind: KindNumber, Help: locale.T("How many commissions the payment covers.")},
		{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		{Key: "reference", Name: locale.T("Reference"), Kind: KindText},
	}
	kept := w.with("y.state = 'settled'") // what came back was not paid (D21)
	totals, err := sums(ctx, s.q, len(columns), []int{1}, `/* reports.paymentTotals */
		SELECT y.currency, SUM(y.amount) FROM {wp}partner_center_payout_lines y`+kept.sql()+` GROUP BY y.currency ORDER BY y.currency`, kept.args)
	if err != nil {
		return nil, err
	}
	paged, limit, err := w.page(q, "y.day", "y.id")
	rows := stream(ctx, s.q, `/* reports.payments */
		SELECT y.id, y.payout_id, COALESCE(x.code, '') AS code, y.day, y.settled_at, y.amount, y.currency, y.method, y.paypal_email, y.state,
			(SELECT COUNT(*) FROM {wp}partner_center_payout_items i WHERE i.line_id = y.id) AS items
		FROM {wp}partner_center_payout_lines y LEFT JOIN {wp}partner_center_payouts x ON x.id = y.payout_id`+
		paged.sql()+` ORDER BY y.day DESC, y.id DESC`+limit, paged.args, func(p *payment) Row {
		return Row{Ref: Ref{Kind: RefPayout, ID: p.PayoutID}, After: q.cursor(p.Day, p.ID), Cells: []Cell{
			Date(p.Day), Money(p.Amount, p.Currency), Status(p.State), Text(methodName(p.Method)), Text(p.PayPal),
			Number(p.Items), Time(p.At), Text(p.Code)}}
	})
	return &Table{Columns: columns, Totals: totals, Rows: rows}, err
}

// methodName is a payment method for people.
func methodName(method string) string {
	switch affiliate.PaymentPolicy(method) {
	case affiliate.PayPal:
		return "PayPal"
	case affiliate.Check:
		return "Check"
	}
	return method
}
