package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// booked is what was written into the books for a partner in one currency.
type booked struct {
	partnerName
	Currency  money.Currency `db:"currency"`
	Earned    money.Amount   `db:"earned"`
	TakenBack money.Amount   `db:"taken_back"`
	ByHand    money.Amount   `db:"by_hand"`
	Cost      money.Amount   `db:"cost"`
	Paid      money.Amount   `db:"paid"`
	Elsewhere money.Amount   `db:"elsewhere"`
}

// bookedReport sums up what was booked in a range of days, by when it was
// written down: once a day is over nothing of it changes any more, whatever is
// refunded later or comes late (D47). Reports by the day of the sale follow
// refunds.
var bookedReport = &Report{
	Name: "booked", Title: locale.T("Booked in a period"), For: ForAdmin,
	Help: locale.T("What was booked for each partner in a period, by the day of booking. It never changes once " +
		"the period is over; reports by the day of the sale follow refunds."),
	Filters: []Filter{FilterRange, FilterPartner, FilterCurrency, FilterSearch},
	forward: true,
	Finds:   locale.T("Search partner, email or partner code"),
	table:   bookedTable,
}

var bookedFields = named(fields[booked]{
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(b *booked) Cell { return b.cell() }},
	{Column: Column{Key: "earned", Name: locale.T("Earned"), Kind: KindMoney,
		Help: locale.T("New commissions, and what refunds gave back.")},
		Value: func(b *booked) Cell { return Money(b.Earned, b.Currency) }, Sum: "SUM(earned)"},
	{Column: Column{Key: "taken_back", Name: locale.T("Taken back"), Kind: KindMoney,
		Help: locale.T("Refunds, cancellations and re-runs.")},
		Value: func(b *booked) Cell { return Money(b.TakenBack, b.Currency) }, Sum: "SUM(taken_back)"},
	{Column: Column{Key: "by_hand", Name: locale.T("Entered by hand"), Kind: KindMoney,
		Help: locale.T("Adjustments, write-offs and opening balances.")},
		Value: func(b *booked) Cell { return Money(b.ByHand, b.Currency) }, Sum: "SUM(by_hand)"},
	{Column: Column{Key: "cost", Name: locale.T("Cost"), Kind: KindMoney,
		Help: locale.T("The three together: what the program cost.")},
		Value: func(b *booked) Cell { return Money(b.Cost, b.Currency) }, Sum: "SUM(cost)"},
	{Column: Column{Key: "paid", Name: locale.T("Paid"), Kind: KindMoney,
		Help: locale.T("Payments, less what came back.")},
		Value: func(b *booked) Cell { return Money(b.Paid, b.Currency) }, Sum: "SUM(paid)"},
	{Column: Column{Key: "elsewhere", Name: locale.T("Paid elsewhere"), Kind: KindMoney,
		Help: locale.T("Opening balances that were paid before, entered in this period.")},
		Value: func(b *booked) Cell { return Money(b.Elsewhere, b.Currency) }, Sum: "SUM(elsewhere)"},
}, locale.T("Email"), func(b *booked) *partnerName { return &b.partnerName })

// bookedSQL sums up entries by partner and currency. What the site spends stands
// negative on expense.
const bookedSQL = `SELECT t.*, t.earned + t.taken_back + t.by_hand AS cost, ` + partnerNameColumns + ` FROM (
	SELECT j.partner_id, j.currency,
		SUM(IF(e.account = 'expense' AND j.kind IN ('earn', 'restore'), -e.amount, 0)) AS earned,
		SUM(IF(e.account = 'expense' AND j.kind IN ('refund', 'reverse', 'cancel'), -e.amount, 0)) AS taken_back,
		SUM(IF(e.account = 'expense' AND j.manual_id IS NOT NULL, -e.amount, 0)) AS by_hand,
		SUM(IF(e.account = 'paid' AND j.payout_line_id IS NOT NULL, e.amount, 0)) AS paid,
		SUM(IF(e.account = 'paid' AND j.payout_line_id IS NULL, e.amount, 0)) AS elsewhere
	FROM {wp}partner_center_journals j JOIN {wp}partner_center_entries e ON e.journal_id = j.id%s
	GROUP BY j.partner_id, j.currency) t
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = t.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id%s`

func bookedTable(ctx context.Context, s source, q Query) (*Table, error) {
	var inner, outer where
	from, to := q.days().Times(s.zone)
	inner.add("j.recorded_at >= ? AND j.recorded_at < ?", from, to)
	addIf(&inner, "j.partner_id = ?", q.Partner)
	addIf(&inner, "j.currency = ?", q.Currency)
	outer.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pa.code")
	query := " FROM (" + fmt.Sprintf(bookedSQL, inner.sql(), outer.sql()) + ") d"
	args := slices.Concat(inner.args, outer.args)
	totals, err := bookedFields.totals(ctx, s.q, `/* reports.bookedTotals */`, "currency", query, args)
	if err != nil {
		return nil, err
	}
	paged, limit, err := bookedPage(q)
	if err != nil {
		return nil, err
	}
	return bookedFields.table(ctx, s, `/* reports.booked */ SELECT *`+query+paged.sql()+
		` ORDER BY partner_id, currency`+limit,
		slices.Concat(args, paged.args), totals, func(b *booked) Row {
			row := Row{Ref: Ref{Kind: RefPartner, ID: int64(b.PartnerID)}}
			if q.Limit > 0 {
				row.After = fmt.Sprintf("%s.%s", b.PartnerID, b.Currency)
			}
			return row
		}), nil
}

// bookedPage is where.page for the order of this report.
func bookedPage(q Query) (w where, limit string, err error) {
	if q.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", q.Limit+1)
	}
	if q.After == "" {
		return w, limit, nil
	}
	var partner int64
	var cur string
	n, err := fmt.Sscanf(strings.ReplaceAll(q.After, ".", " "), "%d %s", &partner, &cur)
	if _, invalid := money.ParseCurrency(cur); n != 2 || err != nil || invalid != nil {
		return w, "", errCursor
	}
	w.add("(partner_id > ? OR partner_id = ? AND currency > ?)", partner, partner, cur)
	return w, limit, nil
}
