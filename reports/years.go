package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// yearPaid is what a partner was paid in a calendar year and currency.
type yearPaid struct {
	partnerName
	Year     int64          `db:"year"`
	Currency money.Currency `db:"currency"`
	Paid     money.Amount   `db:"paid"`
	Returned money.Amount   `db:"returned"`
	Opening  money.Amount   `db:"opening"`
	Total    money.Amount   `db:"total"`
}

// yearsReport sums what was paid for tax work (S144). Years are those of the
// site's calendar. A payment that came back counts against the year in which it
// came back. What was paid elsewhere stands apart (D47); both together are, over
// all years, what the ledger has on paid.
var yearsReport = &Report{
	Name: "years", Title: locale.T("Paid per year"), For: ForAdmin,
	Help:    locale.T("What each partner was paid in each calendar year, for tax work."),
	Filters: []Filter{FilterRange, FilterPartner, FilterCurrency, FilterSearch},
	forward: true,
	Finds:   locale.T("Search partner, email or partner code"),
	table:   yearsTable,
}

var yearFields = named(fields[yearPaid]{
	{Column: Column{Key: "year", Name: locale.T("Year"), Kind: KindText},
		Value: func(y *yearPaid) Cell { return Text(fmt.Sprint(y.Year)) }},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(y *yearPaid) Cell { return y.cell() }},
	{Column: Column{Key: "total", Name: locale.T("Paid in the year"), Kind: KindMoney,
		Help: locale.T("Payments, less what came back; without what was paid elsewhere.")},
		Value: func(y *yearPaid) Cell { return Money(y.Total, y.Currency) }, Sum: "SUM(total)"},
	{Column: Column{Key: "paid", Name: locale.T("Payments"), Kind: KindMoney},
		Value: func(y *yearPaid) Cell { return Money(y.Paid, y.Currency) }, Sum: "SUM(paid)"},
	{Column: Column{Key: "returned", Name: locale.T("Came back"), Kind: KindMoney,
		Help: locale.T("By the year of the return.")},
		Value: func(y *yearPaid) Cell { return Money(y.Returned, y.Currency) }, Sum: "SUM(returned)"},
	{Column: Column{Key: "opening", Name: locale.T("Paid elsewhere"), Kind: KindMoney,
		Help: locale.T("Opening balances: paid before this ledger began, as entered.")},
		Value: func(y *yearPaid) Cell { return Money(y.Opening, y.Currency) }, Sum: "SUM(opening)"},
}, locale.T("Email"), func(y *yearPaid) *partnerName { return &y.partnerName })

// yearsSQL sums by year, partner and currency. Its %s are the conditions on the
// day for payments, for those that came back, and for entries by hand, which
// are on paid by themselves when they never went through a payout.
const yearsSQL = `SELECT t.year, t.partner_id, t.currency, SUM(t.paid) AS paid, SUM(t.returned) AS returned,
	SUM(t.opening) AS opening,
		SUM(t.paid + t.returned) AS total, ` + partnerNameColumns + `
	FROM (
		SELECT YEAR(y.day) AS year, y.partner_id, y.currency, SUM(y.amount) AS paid, 0 AS returned, 0 AS opening
		FROM {wp}partner_center_payout_lines y WHERE %s AND y.settled_at IS NOT NULL GROUP BY 1, 2, 3
		UNION ALL
		SELECT YEAR(y2.returned_day), y2.partner_id, y2.currency, 0, -SUM(y2.amount), 0
		FROM {wp}partner_center_payout_lines y2 WHERE %s AND y2.settled_at IS NOT NULL GROUP BY 1, 2, 3
		UNION ALL
		SELECT YEAR(m.day), m.partner_id, m.currency, 0, 0, SUM(m.paid)
		FROM {wp}partner_center_manuals m
		WHERE %s AND m.kind IN ('opening', 'counter') AND m.journals = 1 AND m.paid <> 0 GROUP BY 1, 2, 3
	) t
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = t.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id%s
	GROUP BY t.year, t.partner_id, t.currency, pk.first_name, pk.last_name, pk.email, pa.code`

func yearsTable(ctx context.Context, s source, q Query) (*Table, error) {
	query, args := yearsQuery(q)
	from := " FROM (" + query + ") d"
	totals, err := yearFields.totals(ctx, s.q, `/* reports.yearTotals */`, "currency", from, args)
	if err != nil {
		return nil, err
	}
	paged, limit, err := yearsPage(q)
	if err != nil {
		return nil, err
	}
	return yearFields.table(ctx, s, `/* reports.years */ SELECT *`+from+paged.sql()+` ORDER BY year DESC, partner_id,
		currency`+limit,
		slices.Concat(args, paged.args), totals, func(y *yearPaid) Row {
			return Row{Ref: Ref{Kind: RefPartner, ID: int64(y.PartnerID)}, After: y.cursor(q)}
		}), nil
}

// yearsPage is where.page for the order of this report.
func yearsPage(q Query) (w where, limit string, err error) {
	if q.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", q.Limit+1)
	}
	if q.After == "" {
		return w, limit, nil
	}
	var year, partner int64
	var cur string
	if n, err := fmt.Sscanf(strings.ReplaceAll(q.After, ".", " "), "%d %d %3s", &year, &partner, &cur); n != 3 ||
		err != nil {
		return w, "", errCursor
	}
	w.add("(year < ? OR year = ? AND (partner_id > ? OR partner_id = ? AND currency > ?))", year, year, partner,
		partner,
		cur)
	return w, limit, nil
}

func (y *yearPaid) cursor(q Query) string {
	if q.Limit == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%s.%s", y.Year, y.PartnerID, y.Currency)
}

func yearsQuery(q Query) (string, []any) {
	r := q.days()
	var paid, back, opened, outer where
	for w, table := range map[*where]string{&paid: "y.day", &back: "y2.returned_day", &opened: "m.day"} {
		w.add(table+" >= ? AND "+table+" < ?", r.From, r.To)
	}
	addIf(&outer, "t.partner_id = ?", q.Partner)
	addIf(&outer, "t.currency = ?", q.Currency)
	outer.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pa.code")
	args := append(append(append(append([]any{}, paid.args...), back.args...), opened.args...), outer.args...)
	return fmt.Sprintf(yearsSQL, paid.conditions[0], back.conditions[0], opened.conditions[0], outer.sql()), args
}
