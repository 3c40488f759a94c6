package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// payable is a commission, or an entry by hand, that waits to be paid.
type payable struct {
	partnerName
	Sort         int64          `db:"sort"` // the ids of both in one order
	CommissionID int64          `db:"commission_id"`
	ManualID     int64          `db:"manual_id"`
	Day          affiliate.Day  `db:"day"`
	Amount       money.Amount   `db:"payable"`
	Currency     money.Currency `db:"currency"`
	Name         string         `db:"name"` // of the product, or the reason of the entry
	OrderID      int64          `db:"order_id"`
	Number       string         `db:"number"`
	placed
}

// payableReport lists what the amounts of dueReport are made of, for accounting
// software (S154).
var payableReport = &Report{
	Name: "payable", Title: locale.T("Commissions to pay"), For: ForAdmin,
	Help: locale.T("The approved and unpaid commissions and entries behind the pending payments. " +
		"A clawback is negative."),
	Filters: []Filter{FilterRange, FilterPartner, FilterCurrency, FilterSearch},
	Finds:   locale.T("Start of a name, email or order; a product or reason"),
	table:   payableTable,
}

var payableFields = fields[payable]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate, Help: locale.T("Of the sale or the entry.")},
		Value: func(p *payable) Cell { return Date(p.Day) }, Sort: "x.day"},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(p *payable) Cell { return p.cell() }},
	{Column: Column{Key: "payable", Name: locale.T("Payable"), Kind: KindMoney},
		Value: func(p *payable) Cell { return Money(p.Amount, p.Currency) }, Sum: "SUM(x.payable)", Sort: "x.payable"},
	{Column: Column{Key: "name", Name: locale.T("Product or reason"), Kind: KindText},
		Value: func(p *payable) Cell { return Text(p.Name) }},
	{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
		Value: func(p *payable) Cell { return Text(p.Number).To(RefOrder, p.OrderID) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(p *payable) Cell { return Text(p.Address()) }},
	{Column: Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
		Value: func(p *payable) Cell { return Text(p.PartnerCode) }},
	{Column: Column{Key: "partner_id", Name: locale.T("Partner id"), Kind: KindNumber, FileOnly: true},
		Value: func(p *payable) Cell { return Number(int64(p.PartnerID)) }},
	{Column: Column{Key: "id", Name: locale.T("Commission id"), Kind: KindNumber, FileOnly: true},
		Value: func(p *payable) Cell { return idCell(p.CommissionID) }},
	{Column: Column{Key: "entry", Name: locale.T("Entry id"), Kind: KindNumber, FileOnly: true},
		Value: func(p *payable) Cell { return idCell(p.ManualID) }},
}

// idCell is empty for no id.
func idCell(id int64) Cell {
	if id == 0 {
		return Cell{}
	}
	return Number(id)
}

// payableRows begin with the balances: few rows lead to what is unpaid among
// all that was ever earned. Of each kind there are as many as the limit says.
func payableRows(limit string) string {
	return ` FROM (
	(SELECT c.id * 2 AS sort, c.id AS commission_id, 0 AS manual_id, c.partner_id, c.currency, c.payable, c.day
	FROM {wp}partner_center_balances b
	STRAIGHT_JOIN {wp}partner_center_commissions c
		ON c.partner_id = b.partner_id AND c.currency = b.currency AND (c.payable < 0 OR c.payable > 0)
	WHERE b.payable <> 0` + limit + `)
	UNION ALL
	(SELECT m.id * 2 + 1, 0, m.id, m.partner_id, m.currency, m.payable, m.day
	FROM {wp}partner_center_balances b
	STRAIGHT_JOIN {wp}partner_center_manuals m
		ON m.partner_id = b.partner_id AND m.currency = b.currency AND (m.payable < 0 OR m.payable > 0)
	WHERE b.payable <> 0` + limit + `)) x`
}

// newestPayable are the rows of a page by day where very many are unpaid: along the days
// of all that was earned it is full soon.
const newestPayable = ` FROM {wp}partner_center_commissions c FORCE INDEX ({wp}partner_center_commissions_day)`

// payableAmong are the rows that are among these commissions c, and among these entries m.
func payableAmong(commissions, entries string) string {
	return ` FROM ((SELECT c.id * 2 AS sort, c.id AS commission_id, 0 AS manual_id, c.partner_id, c.currency,
			c.payable, c.day` + commissions + `)
		UNION ALL (SELECT m.id * 2 + 1, 0, m.id, m.partner_id, m.currency, m.payable, m.day
			FROM {wp}partner_center_manuals m` + entries + `)) x`
}

// unpaid narrows the rows of a table to those that wait to be paid.
func unpaid(w where, table string) where {
	return w.with("(" + table + ".payable < 0 OR " + table + `.payable > 0)`).with(`(SELECT b.payable
		FROM {wp}partner_center_balances b WHERE b.partner_id = ` + table + `.partner_id
		AND b.currency = ` + table + `.currency) <> 0`)
}

// payablePage is that page, of rows x with these conditions, and its arguments.
func payablePage(w where, tail string) (string, []any) {
	of := func(table, id string) string {
		return strings.NewReplacer("x.sort", id, "x.", table+".").Replace(unpaid(w, table).sql()) +
			strings.NewReplacer("x.sort", table+".id", "x.", table+".").Replace(tail)
	}
	return payableAmong(newestPayable+of("c", "(c.id * 2)"), of("m", "(m.id * 2 + 1)")) + tail,
		slices.Concat(w.args, w.args)
}

// payableSearch and entrySearch are what the list is searched by.
var (
	payableSearch = searchable{id: "c.id", ways: append(ofPartner("commissions", "c"), commissionNumbers,
		commissionProducts, commissionLines)}
	entrySearch = searchable{id: "m.id", ways: append(ofPartner("manuals", "m"),
		way{find: `/* reports.reasons */ SELECT m.id FROM {wp}partner_center_manuals m WHERE m.reason LIKE ?`,
			has: `m.reason LIKE ?`})}
)

// payableFound are the rows that have what is searched for, and how that was looked for.
func (s source) payableFound(ctx context.Context, q Query) (from string, args []any, how searched, err error) {
	var commissions, entries where
	if how, err = s.find(ctx, &commissions, payableSearch, q); err != nil {
		return "", nil, how, err
	}
	also, err := s.find(ctx, &entries, entrySearch, q)
	// What begins with a word in either was not looked for as its part.
	how = searched{asked: how.asked || also.asked, newest: how.newest && also.newest}
	from = payableAmong(` FROM {wp}partner_center_commissions c`+unpaid(commissions, "c").sql(),
		unpaid(entries, "m").sql())
	return from, slices.Concat(commissions.args, entries.args), how, err
}

// payableNames are what belongs to rows x.
const payableNames = `
	LEFT JOIN {wp}partner_center_commissions c ON c.id = x.commission_id
	LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
	LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
	LEFT JOIN {wp}partner_center_manuals m ON m.id = x.manual_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = x.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

func payableTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.days("x.day", q.Range)
	addIf(&w, "x.partner_id = ?", q.Partner)
	addIf(&w, "x.currency = ?", q.Currency)
	from, plain, how := payableRows(""), len(w.conditions) == 0 && q.Search == "", searched{}
	if q.Search != "" {
		found, args, by, err := s.payableFound(ctx, q)
		if err != nil {
			return nil, err
		}
		from, how, w.args = found, by, append(args, w.args...)
	}
	o, err := payableFields.order(q, newest("x.day", "x.sort"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	most, counting := min(keptFrom, s.walk), from
	if plain && !q.Exact {
		counting = payableRows(fmt.Sprintf(" LIMIT %d", most+1))
	}
	counted, err := s.count(ctx, &Table{Counted: most}, q, `/* reports.payableCount */`, counting, w)
	if err != nil {
		return nil, err
	}
	rows, args := from+paged.sql()+tail, paged.args
	if counted.Count > counted.Counted && o.expr == "x.day" && q.Search == "" && q.Partner == 0 {
		rows, args = payablePage(paged, tail)
	}
	tables := from + payableNames + paged.sql() + tail
	if q.Limit > 0 { // the page first, then what belongs to its rows
		tables = ` FROM (SELECT x.*` + rows + `) x` + payableNames + o.by(q)
	}
	if plain { // the balances are the same sum
		from = ` FROM {wp}partner_center_balances x WHERE x.payable <> 0`
	}
	totals, err := s.keptTotals(q, counted.Count, keyOf(from+w.sql(), w.args), func() ([]Row, error) {
		return payableFields.totals(ctx, s.q, `/* reports.payableTotals */`, "x.currency", from+w.sql(), w.args)
	})
	if err != nil {
		return nil, err
	}
	t := payableFields.table(ctx, s, `/* reports.payable */ SELECT x.sort, x.commission_id, x.manual_id, x.day,
			x.payable, x.currency, COALESCE(l.name, m.reason, '') AS name, COALESCE(c.order_id, 0) AS order_id,
			COALESCE(o.number, '') AS number, x.partner_id, `+o.place()+`, `+partnerNameColumns+tables, args,
		totals, func(p *payable) Row {
			return Row{Ref: Ref{Kind: RefCommission, ID: p.CommissionID}, After: q.cursor(p.placed, p.Sort)}
		})
	how.tell(t, s)
	t.Count, t.Counted = counted.Count, counted.Counted
	return t, nil
}
