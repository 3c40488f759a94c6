package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// adjustment is an entry that an admin made by hand.
type adjustment struct {
	ID       int64          `db:"id"`
	Day      affiliate.Day  `db:"day"`
	Amount   money.Amount   `db:"amount"`
	Currency money.Currency `db:"currency"`
	Status   string         `db:"status"`
	Kind     string         `db:"kind"`
	Reason   string         `db:"reason"`
}

// adjustmentsReport lists what was entered by hand for the partner, with the
// reason for it (S140).
var adjustmentsReport = &Report{
	Name: "adjustments", Title: locale.T("Adjustments"), For: ForPartner,
	Help:    locale.T("Bonuses, corrections and opening balances, with the reason for each."),
	Filters: []Filter{FilterRange, FilterCurrency},
	table:   adjustmentsTable,
}

func adjustmentsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("m.partner_id = ?", s.view.partner)
	if !s.view.ShowPending {
		w.add("m.status <> 'pending'")
	}
	w.days("m.day", q.Range)
	addIf(&w, "m.currency = ?", q.Currency)
	columns := []Column{
		{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney, Help: locale.T("Negative: taken from you.")},
		{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		{Key: "kind", Name: locale.T("Kind"), Kind: KindStatus},
		{Key: "why", Name: locale.T("Reason"), Kind: KindText},
	}
	totals, err := sums(ctx, s.q, len(columns), []int{1}, `/* reports.adjustmentTotals */
		SELECT m.currency, SUM(m.amount) FROM {wp}partner_center_manuals m`+w.sql()+` GROUP BY m.currency ORDER BY m.currency`, w.args)
	if err != nil {
		return nil, err
	}
	paged, limit, err := w.page(q, "m.day", "m.id")
	rows := stream(ctx, s.q, `/* reports.adjustments */
		SELECT m.id, m.day, m.amount, m.currency, m.status, m.kind, m.reason FROM {wp}partner_center_manuals m`+
		paged.sql()+` ORDER BY m.day DESC, m.id DESC`+limit, paged.args, func(a *adjustment) Row {
		return Row{After: q.cursor(a.Day, a.ID), Cells: []Cell{Date(a.Day), Money(a.Amount, a.Currency), Status(a.Status), Status(a.Kind), Text(a.Reason)}}
	})
	return &Table{Columns: columns, Totals: totals, Rows: rows}, err
}
