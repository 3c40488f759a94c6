package reports

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// boughtBy is what a customer bought in one currency.
type boughtBy struct {
	ID         int64               `db:"id"` // of the last commission
	ContactID  affiliate.ContactID `db:"contact_id"`
	Currency   money.Currency      `db:"currency"`
	Day        affiliate.Day       `db:"day"` // of the last sale
	Orders     int64               `db:"orders"`
	Sales      money.Amount        `db:"sales"`
	Commission money.Amount        `db:"commission"`
	Email      string              `db:"email"`
	FirstName  string              `db:"first_name"`
	LastName   string              `db:"last_name"`
	placed
}

// customersReport shows what each customer of a partner bought, as far as the program
// shows customers (S17): who bought last stands first. Sales of recruited partners are
// of their customers, and stand in the report of level 2.
var customersReport = &Report{
	Name: "customers", Title: locale.T("Customers"), For: ForPartner,
	Help:    locale.T("What you earned by each customer you referred; without level 2."),
	Filters: []Filter{FilterRange, FilterStep}, table: customersTable,
}

func (s source) customerFields(totals map[money.Currency]money.Amount) fields[boughtBy] {
	return fields[boughtBy]{
		{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
			Value: func(b *boughtBy) Cell {
				if b.ContactID == 0 {
					return Sentence(locale.T("(not known)"))
				}
				return s.customer(affiliate.Contact{ID: b.ContactID, Email: b.Email, FirstName: b.FirstName,
					LastName: b.LastName})
			}},
		{Column: Column{Key: "commission", Name: locale.T("Commission"), Kind: KindMoney},
			Value: func(b *boughtBy) Cell { return Money(b.Commission, b.Currency) }, Sum: "SUM(commission)",
			Sort: "g.commission"},
		{Column: Column{Key: "share", Name: locale.C("part", "Share"), Kind: KindPercent,
			Help: locale.T("Of your commission in these days.")},
			Value: func(b *boughtBy) Cell { return shareOf(b.Commission.Units(), totals[b.Currency].Units()) }},
		{Column: Column{Key: "sales", Name: locale.T("Sales"), Kind: KindNumber},
			Value: func(b *boughtBy) Cell { return Number(b.Orders) }, Sort: "g.orders"},
		{Column: Column{Key: "total", Name: locale.T("Total sales"), Kind: KindMoney},
			Value: func(b *boughtBy) Cell { return Money(b.Sales, b.Currency) }, Sum: "SUM(sales)", Sort: "g.sales"},
		{Column: Column{Key: "day", Name: locale.T("Last sale"), Kind: KindDate},
			Value: func(b *boughtBy) Cell { return Date(b.Day) }, Sort: "g.day"},
	}
}

func customersTable(ctx context.Context, s source, q Query) (*Table, error) {
	sums, err := s.ownSales(ctx, q)
	if err != nil {
		return nil, err
	}
	whole, totals := map[money.Currency]money.Amount{}, []Row{}
	for cur, e := range sums.Money {
		whole[cur] = e.Commission
	}
	fs := s.customerFields(whole)
	for _, cur := range sums.Currencies() {
		cells := make([]Cell, len(fs))
		cells[1], cells[4] = Money(whole[cur], cur), Money(sums.Money[cur].Sales, cur)
		totals = append(totals, Row{Cells: cells})
	}
	many, err := s.manySales(ctx, q)
	if err != nil {
		return nil, err
	}
	var bought where
	for _, times := range []int{3, 24, 96} { // of the sales looked at, many may be of the same customers
		if !many || q.Sort != "" || len(bought.conditions) > 0 {
			break
		}
		if bought, err = s.latestCustomers(ctx, q, times*q.Limit); err != nil {
			return nil, err
		}
	}
	from, args := s.boughtBy(q, bought)
	o, err := fs.order(q, newest("g.day", "g.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := where{args: args}.page(q, o)
	if err != nil {
		return nil, err
	}
	t := fs.table(ctx, s, `/* reports.customers */ SELECT g.*, `+o.place()+`, COALESCE(k.email, '') AS email,
			COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name, '') AS last_name`+from+`
		LEFT JOIN {wp}partner_center_contacts k ON k.id = g.contact_id`+paged.sql()+tail, paged.args, totals,
		func(b *boughtBy) Row {
			return Row{After: q.cursor(b.placed, b.ID), Behind: &Query{Range: q.Range, Currency: b.Currency,
				Of: "customer:" + s.mask.token(s.view.partner, b.ContactID)}}
		})
	if many {
		return t, nil // counting them would take longer than the page
	}
	return s.count(ctx, t, q, `/* reports.customerCount */`, from, where{args: args})
}

// ownSales are the figures of a partner's sales without level 2.
func (s source) ownSales(ctx context.Context, q Query) (*Figures, error) {
	sums := [2]*Figures{}
	for i, by := range []dimension{byDay, bySeller} {
		found, err := tally[string](ctx, s.q, by, s.scope(q))
		if err != nil {
			return nil, err
		}
		if sums[i], err = sumOfAll(found); err != nil {
			return nil, err
		}
	}
	for cur, e := range sums[1].Money {
		own := sums[0].Money[cur]
		left, err := own.Commission.Sub(e.Commission)
		if err != nil {
			return nil, err
		}
		own.Commission = left
		sums[0].Money[cur] = own
	}
	return sums[0], nil
}

// customersSales are the conditions on commissions c of the partner's own sales.
func (s source) customersSales(q Query) (w where) {
	s.view.commissions(&w)
	w.add("c.level = 1")
	w.days("c.day", q.Range)
	return w
}

// lastPlace is where the last of some commissions c stands among all, the day first.
const lastPlace = `MAX(CONCAT(c.day,LPAD(c.id,20,'0')))`

// boughtBy is the query of what customers bought, of those only whose orders o are as
// more says.
func (s source) boughtBy(q Query, more where) (string, []any) {
	w := s.customersSales(q)
	hidden := ""
	if !s.view.ShowPending {
		hidden = " AND c.status <> 'pending'"
	}
	for _, condition := range more.conditions {
		w.add(condition)
	}
	w.args = append(w.args, more.args...)
	tables := `{wp}partner_center_commissions c JOIN {wp}partner_center_orders o ON o.id = c.order_id`
	if len(more.conditions) > 0 { // else the databases may begin with all of the partner's commissions
		tables = boughtTables
	}
	// The id is that of the last commission, not the largest: by it rows stand in order.
	return ` FROM (SELECT CAST(SUBSTRING(` + lastPlace + `, 11) AS SIGNED) AS id,
			COALESCE(o.contact_id, 0) AS contact_id, c.currency, MAX(c.day) AS day,
			COUNT(DISTINCT IF(` + leads(hidden) + `, c.order_id, NULL)) AS orders, SUM(` + soldBase + `) AS sales,
			SUM(c.amount) AS commission
		FROM ` + tables + w.sql() + `
		GROUP BY COALESCE(o.contact_id, 0), c.currency) g`, w.args
}

// boughtTables begin with the orders of some contacts.
const boughtTables = `{wp}partner_center_orders o STRAIGHT_JOIN {wp}partner_center_commissions c ON c.order_id = o.id`

// saleOf is a sale, or a customer's last one in a currency, and its place among all.
type saleOf struct {
	Contact affiliate.ContactID `db:"contact_id"`
	Place   string              `db:"place"`
}

// latestCustomers are the customers of the page, so that only what they bought is
// summed up. Whoever stands on it made their last sale behind the cursor: as many sales
// as most are looked at from there on, then when their buyers bought last. No condition
// where that does not fill the page.
func (s source) latestCustomers(ctx context.Context, q Query, most int) (w where, err error) {
	looked, err := s.salesFrom(ctx, q, most)
	if err != nil {
		return w, err
	}
	buyers, whole := []int64{}, len(looked) < most
	for _, sale := range looked {
		buyers = append(buyers, int64(sale.Contact)) // 0, where none is known, is no NULL
	}
	slices.Sort(buyers)
	buyers = slices.Compact(buyers)
	if slices.Contains(buyers, 0) {
		return w, nil
	}
	last, err := s.lastOfBuyers(ctx, q, buyers)
	if err != nil {
		return w, err
	}
	up, cursor := q.Before != "", ""
	if at := q.Before + q.After; at != "" {
		if cursor, err = placeOf(at); err != nil {
			return w, err
		}
	}
	beyond := func(place, than string) bool { return up && place > than || !up && place < than }
	last = slices.DeleteFunc(last, func(l saleOf) bool {
		return cursor != "" && !beyond(l.Place, cursor) || !whole && beyond(l.Place, looked[len(looked)-1].Place)
	})
	if !whole && len(last) <= q.Limit {
		return w, nil
	}
	slices.SortFunc(last, func(a, b saleOf) int {
		if beyond(a.Place, b.Place) {
			return 1
		}
		return -1
	})
	shown := []int64{-1} // a list may be empty, a condition not
	for _, l := range last[:min(len(last), q.Limit+1)] {
		shown = append(shown, int64(l.Contact))
	}
	condition, args, err := db.In("o.contact_id IN (?)", shown)
	w.add(condition, args...)
	return w, err
}

// placeOf is where the row of a cursor stands.
func placeOf(cursor string) (string, error) {
	day, id, err := newest("g.day", "g.id").parse(cursor)
	return fmt.Sprintf("%s%020d", day, id), err
}

// salesFrom are the sales next to the cursor, on the side where the page lies.
func (s source) salesFrom(ctx context.Context, q Query, most int) (found []saleOf, err error) {
	looked, o := q, newest("c.day", "c.id")
	looked.Limit = most - 1 // page reads one more
	own, tail, err := s.customersSales(q).page(looked, o)
	if err != nil {
		return nil, err
	}
	err = s.q.Select(ctx, &found, `/* reports.salesFrom */ SELECT COALESCE(o.contact_id, 0) AS contact_id,
			CONCAT(c.day, LPAD(c.id, 20, '0')) AS place
		FROM (SELECT c.id, c.order_id, c.day FROM {wp}partner_center_commissions c`+own.sql()+tail+`) c
		JOIN {wp}partner_center_orders o ON o.id = c.order_id`+o.by(q), own.args...)
	return found, err
}

// buyersAtOnce is for how many customers their last sales are read at once: MariaDB
// makes a table of more than 1,000 values, and then reads all orders.
const buyersAtOnce = 500

// lastOfBuyers are the last sales of some customers, in each currency.
func (s source) lastOfBuyers(ctx context.Context, q Query, buyers []int64) (last []saleOf, err error) {
	for some := range slices.Chunk(buyers, buyersAtOnce) {
		w := s.customersSales(q)
		condition, args, err := db.In("o.contact_id IN (?)", some)
		if err != nil {
			return nil, err
		}
		w.add(condition, args...)
		found := []saleOf{}
		err = s.q.Select(ctx, &found, `/* reports.lastOfBuyers */ SELECT o.contact_id, `+lastPlace+` AS place
			FROM `+boughtTables+w.sql()+` GROUP BY o.contact_id, c.currency`, w.args...)
		if err != nil {
			return nil, err
		}
		last = append(last, found...)
	}
	return last, nil
}
