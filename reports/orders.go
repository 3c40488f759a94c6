package reports

import (
	"cmp"
	"context"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// orderRow is an order with whom it credits by the decision in force.
type orderRow struct {
	ID         int64               `db:"id"`
	Day        affiliate.Day       `db:"day"`
	Number     string              `db:"number"`
	Source     string              `db:"source"`
	Status     string              `db:"status"`
	Currency   money.Currency      `db:"currency"`
	Total      money.Amount        `db:"total"`
	Refunded   money.Amount        `db:"refunded"`
	Commission *money.Amount       `db:"commission"` // of both levels; nil: there is none
	Review     string              `db:"review"`
	Products   string              `db:"products"`
	Program    string              `db:"program"`
	ContactID  affiliate.ContactID `db:"contact_id"`
	Email      string              `db:"email"`
	FirstName  string              `db:"first_name"`
	LastName   string              `db:"last_name"`
	partnerName
	placed
}

// What orders can be narrowed to: their states, and what an admin looks for. An
// order is completed where a commission is paid.
const (
	orderCompleted  = "completed"
	orderUncredited = "uncredited"
	orderOnReview   = "on_review"
)

// ordersReport lists all orders (S73, S96, S155).
var ordersReport = &Report{
	Name: "orders", Title: locale.T("Orders"), For: ForAdmin,
	Help:     locale.T("Every order we know of, and who got credit."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterPartner, FilterProgram, FilterCurrency, FilterSearch},
	Statuses: []string{orderOnReview, orderCompleted, "unpaid", purchaseDeclined, "void", orderUncredited},
	Finds:    locale.T("Start of an order number, name or email"),
	table:    ordersTable,
}

// ordersTables lead from an order o to the decision in force and to the people
// of both sides.
const ordersTables = ` FROM {wp}partner_center_orders o
	LEFT JOIN {wp}partner_center_decisions d ON d.order_id = o.id AND d.decision_version =
		(SELECT MAX(m.decision_version) FROM {wp}partner_center_decisions m WHERE m.order_id = o.id)
	LEFT JOIN {wp}partner_center_programs g ON g.id = d.program_id
	LEFT JOIN {wp}partner_center_contacts k ON k.id = o.contact_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = d.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

const ordersStatus = `CASE o.status WHEN 'paid' THEN 'completed' WHEN 'failed' THEN 'declined' ELSE o.status END`

var ordersFields = fields[orderRow]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(o *orderRow) Cell { return Date(o.Day) }, Sort: "o.day"},
	{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
		Value: func(o *orderRow) Cell { return Text(o.Number).To(RefOrder, o.ID) }},
	{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
		Value: func(o *orderRow) Cell {
			return customerCell(affiliate.Line(o.FirstName+" "+o.LastName), o.Email, int64(o.ContactID))
		}},
	{Column: Column{Key: "total", Name: locale.T("Total"), Kind: KindMoney,
		Help: locale.T("With tax and shipping, before refunds.")},
		Value: func(o *orderRow) Cell { return Money(o.Total, o.Currency) }},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(o *orderRow) Cell { return Status(o.Status) }},
	{Column: Column{Key: "partner", Name: locale.T("Who got credit"), Kind: KindText}, Value: (*orderRow).credited},
	{Column: Column{Key: "commission", Name: locale.T("Commission"), Kind: KindMoney,
		Help: locale.T("Of both levels, after refunds; empty if nothing.")},
		Value: (*orderRow).earned},
	{Column: Column{Key: "review", Name: locale.T("Review"), Kind: KindText,
		Help: locale.T("Why this order needs a review.")},
		Value: func(o *orderRow) Cell { return Sentence(reason.AdminWords(o.Review)) }},
	{Column: Column{Key: "refunded", Name: locale.T("Refunded"), Kind: KindMoney, FileOnly: true,
		Help: locale.T("Of the products, without tax and shipping.")},
		Value: func(o *orderRow) Cell { return Money(o.Refunded, o.Currency) }},
	{Column: Column{Key: "products", Name: locale.T("Products"), Kind: KindText, FileOnly: true},
		Value: func(o *orderRow) Cell { return Text(o.Products) }},
	{Column: Column{Key: "program", Name: locale.T("Program"), Kind: KindText, FileOnly: true},
		Value: func(o *orderRow) Cell { return Text(o.Program) }},
	{Column: Column{Key: "source", Name: locale.T("Source"), Kind: KindText, FileOnly: true},
		Value: func(o *orderRow) Cell { return Text(o.Source) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(o *orderRow) Cell { return Text(o.Address()) }},
	{Column: Column{Key: "id", Name: locale.T("Order id"), Kind: KindNumber, FileOnly: true},
		Value: func(o *orderRow) Cell { return Number(o.ID) }},
}

// credited is the partner, or in a few words that there is none.
func (o *orderRow) credited() Cell {
	if o.PartnerID == 0 {
		return Sentence(locale.T("No one"))
	}
	return o.cell()
}

func (o *orderRow) earned() Cell {
	if o.Commission == nil {
		return Cell{}
	}
	return Money(*o.Commission, o.Currency)
}

// ordersSearch is what the list is searched by.
var ordersSearch = searchable{id: "o.id", ways: []way{
	{people: true, rows: `/* reports.ordersOfCustomers */ SELECT o.id FROM {wp}partner_center_orders o
		WHERE o.contact_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_contacts sk WHERE sk.id = o.contact_id AND (` + personHas("sk") + `))`},
	{people: true, rows: `/* reports.ordersOfPartners */ SELECT d.order_id FROM {wp}partner_center_decisions d
		JOIN {wp}partner_center_partners p ON p.id = d.partner_id WHERE ` + inForce + ` AND p.contact_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_decisions d JOIN {wp}partner_center_partners sp
			ON sp.id = d.partner_id JOIN {wp}partner_center_contacts sk ON sk.id = sp.contact_id
			WHERE d.order_id = o.id AND ` + inForce + ` AND (` + personHas("sk") + `))`},
	{code: true, find: `/* reports.codes */ SELECT p.id FROM {wp}partner_center_partners p WHERE p.code LIKE ?`,
		newest: newestPartners,
		rows: `/* reports.ordersOfCodes */ SELECT d.order_id FROM {wp}partner_center_decisions d
			WHERE ` + inForce + ` AND d.partner_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_decisions d JOIN {wp}partner_center_partners sp
			ON sp.id = d.partner_id WHERE d.order_id = o.id AND ` + inForce + ` AND sp.code LIKE ?)`},
	{find: `/* reports.numbers */ SELECT o.id FROM {wp}partner_center_orders o WHERE o.number LIKE ?`,
		newest: newestOrders,
		has:    `o.number LIKE ?`},
}}

// inForce is the condition of the decision of an order that counts.
const inForce = `NOT EXISTS (SELECT 1 FROM {wp}partner_center_decisions later
	WHERE later.order_id = d.order_id AND later.decision_version > d.decision_version)`

// orderStates are the states of orders by what they are called in lists.
var orderStates = map[string]string{orderCompleted: "paid", purchaseDeclined: "failed"}

// ordersWhere narrows orders o, and the decision d where narrowsDecision says so.
func (s source) ordersWhere(ctx context.Context, q Query) (w where, how searched, err error) {
	w.add("o.version > 0")
	w.days("o.day", q.Range)
	addIf(&w, "d.partner_id = ?", q.Partner)
	addIf(&w, "d.program_id = ?", q.Program)
	addIf(&w, "o.currency = ?", q.Currency)
	switch q.Status {
	case "":
	case orderOnReview:
		w.add("o.review > ''")
	case orderUncredited:
		if err := s.ofNobody(ctx, &w); err != nil {
			return w, how, err
		}
	default:
		w.add("o.status = ?", cmp.Or(orderStates[q.Status], q.Status))
	}
	how, err = s.find(ctx, &w, ordersSearch, q)
	return w, how, err
}

// ofNobody narrows to orders that no one gets credit for. Where they are few they are
// looked up, by the index: else finding the last of them, or that there is none, takes
// reading all orders.
func (s source) ofNobody(ctx context.Context, w *where) error {
	w.add("d.partner_id IS NULL")
	ids, many, err := s.look(ctx, mostFound, `/* reports.ordersOfNobody */ SELECT d.order_id
		FROM {wp}partner_center_decisions d WHERE d.partner_id IS NULL AND `+inForce)
	if err != nil || many {
		return err
	}
	w.add("o.id IN (?)", orNone(ids))
	return w.expand()
}

func ordersTable(ctx context.Context, s source, q Query) (*Table, error) {
	w, how, err := s.ordersWhere(ctx, q)
	if err != nil {
		return nil, err
	}
	by, err := ordersFields.order(q, newest("o.day", "o.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, by)
	if err != nil {
		return nil, err
	}
	tables := ordersTables + paged.sql() + tail
	if q.Limit > 0 { // the page first, then what belongs to its rows
		tables = ` FROM (SELECT o.id` + narrowedBy(q) + paged.sql() + tail + `) page
			JOIN` + strings.TrimPrefix(ordersTables, " FROM") + " WHERE o.id = page.id" + by.by(q)
	}
	t := ordersFields.table(ctx, s, `/* reports.orders */
		SELECT o.id, `+by.place()+`, o.day, o.number, o.source, `+ordersStatus+` AS status, o.currency, o.total, o.review,
			COALESCE(g.name, '') AS program, d.partner_id, o.contact_id, COALESCE(k.email, '') AS email,
			COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name, '') AS last_name, `+partnerNameColumns+`,
			(SELECT SUM(c.amount) FROM {wp}partner_center_commissions c WHERE c.order_id = o.id
				AND c.status <> 'canceled') AS commission,
			(SELECT COALESCE(SUM(l.net_refunded), 0) FROM {wp}partner_center_order_lines l
				WHERE l.order_id = o.id) AS refunded,
			(SELECT COALESCE(GROUP_CONCAT(l.name ORDER BY l.id SEPARATOR ', '), '')
				FROM {wp}partner_center_order_lines l WHERE l.order_id = o.id) AS products`+
		tables, paged.args, nil, func(o *orderRow) Row {
		return Row{Ref: Ref{Kind: RefOrder, ID: o.ID}, After: q.cursor(o.placed, o.ID)}
	})
	how.tell(t, s)
	return s.count(ctx, t, q, `/* reports.ordersCount */`, narrowedBy(q), w)
}

// narrowedBy are the tables that the conditions of a query ask.
func narrowedBy(q Query) string {
	if q.Partner == 0 && q.Program == 0 && q.Status != orderUncredited {
		return " FROM {wp}partner_center_orders o"
	}
	return ` FROM {wp}partner_center_orders o LEFT JOIN {wp}partner_center_decisions d ON d.order_id = o.id
		AND d.decision_version =
		(SELECT MAX(m.decision_version) FROM {wp}partner_center_decisions m WHERE m.order_id = o.id)`
}
