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
	placed
}

// adjustmentsReport lists what was entered by hand for the partner, with the
// reason for it (S140).
var adjustmentsReport = &Report{
	Name: "adjustments", Title: locale.T("Adjustments"), For: ForPartner,
	Help:    locale.T("Bonuses, corrections and opening balances, with the reason for each."),
	Filters: []Filter{FilterRange, FilterCurrency},
	table:   adjustmentsTable,
}

var adjustmentFields = fields[adjustment]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(a *adjustment) Cell { return Date(a.Day) }},
	{Column: Column{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney,
		Help: locale.T("Negative: taken from you.")},
		Value: func(a *adjustment) Cell { return Money(a.Amount, a.Currency) }, Sum: "SUM(m.amount)"},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(a *adjustment) Cell { return Status(a.Status) }},
	{Column: Column{Key: "kind", Name: locale.T("Kind"), Kind: KindStatus},
		Value: func(a *adjustment) Cell { return Status(a.Kind) }},
	{Column: Column{Key: "why", Name: locale.T("Reason"), Kind: KindText},
		Value: func(a *adjustment) Cell { return Text(a.Reason) }},
}

func adjustmentsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("m.partner_id = ?", s.view.partner)
	if !s.view.ShowPending {
		w.add("m.status <> 'pending'")
	}
	w.days("m.day", q.Range)
	addIf(&w, "m.currency = ?", q.Currency)
	const from = ` FROM {wp}partner_center_manuals m`
	totals, err := adjustmentFields.totals(ctx, s.q, `/* reports.adjustmentTotals */`, "m.currency", from+w.sql(),
		w.args)
	if err != nil {
		return nil, err
	}
	o := newest("m.day", "m.id")
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	return adjustmentFields.table(ctx, s, `/* reports.adjustments */
		SELECT m.id, m.day, m.amount, m.currency, m.status, m.kind, m.reason, `+o.place()+from+
		paged.sql()+tail, paged.args, totals,
		func(a *adjustment) Row { return Row{After: q.cursor(a.placed, a.ID)} }), nil
}
