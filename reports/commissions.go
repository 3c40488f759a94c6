package reports

import (
	"context"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// commission is a commission with what it was earned on.
type commission struct {
	ID         int64               `db:"id"`
	OrderID    int64               `db:"order_id"`
	Number     string              `db:"number"`
	Level      int64               `db:"level"`
	Currency   money.Currency      `db:"currency"`
	Base       money.Amount        `db:"base"`
	Amount     money.Amount        `db:"amount"`
	Status     string              `db:"status"`
	Reason     string              `db:"reason"`
	OccurredAt time.Time           `db:"occurred_at"`
	Day        affiliate.Day       `db:"day"`
	NotBefore  *time.Time          `db:"not_before"`
	SubID      string              `db:"subid"`
	ToolID     affiliate.ToolID    `db:"tool_id"`
	Tool       string              `db:"tool"`
	Product    string              `db:"product"`
	ContactID  affiliate.ContactID `db:"contact_id"`
	Email      string              `db:"email"`
	FirstName  string              `db:"first_name"`
	LastName   string              `db:"last_name"`
	Payable    money.Amount        `db:"payable"`
	Payouts    string              `db:"payouts"` // that pay of it, by code
	Earned     money.Amount        `db:"earned"`  // before refunds and cancellations
	sold
	placed
}

// sold is, of a commission of level 2, who made the sale, and what their program
// shows of customers (D44).
type sold struct {
	Seller  string               `db:"seller"`
	Selling affiliate.Visibility `db:"selling"`
}

func (c *commission) customer() affiliate.Contact {
	return affiliate.Contact{ID: c.ContactID, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName}
}

// commissionColumns and commissionTables are what a commission is read from.
// All joins are outer ones, so that the databases begin with c and its index.
const (
	commissionColumns = `c.id, c.order_id, c.level, c.currency, c.base, c.amount, c.status,
		c.reason, c.occurred_at, c.day,
		c.not_before, c.subid, c.tool_id, COALESCE(o.number, '') AS number, o.contact_id,
		COALESCE(l.name, '') AS product, COALESCE(t.name, '') AS tool,
		COALESCE(k.email, '') AS email, COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name,
		'') AS last_name`
	commissionTables = ` FROM {wp}partner_center_commissions c
		LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
		LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
		LEFT JOIN {wp}partner_center_tools t ON t.id = c.tool_id
		LEFT JOIN {wp}partner_center_contacts k ON k.id = o.contact_id`
)

// throughColumns and throughTables are who made the sale of a level-2
// commission (D44). Of such a one the partner sees customer and number as far as
// the seller's program shows them, and neither SubID nor promo tool, which are
// the seller's own.
const (
	throughColumns = `IF(c.level = 2, TRIM(CONCAT(COALESCE(vk.first_name, ''), ' ', COALESCE(vk.last_name, ''))),
		'') AS seller,
		IF(c.level = 2, COALESCE(vg.visibility, ''), '') AS selling`
	throughTables = `
		LEFT JOIN {wp}partner_center_programs vg ON c.level = 2 AND vg.id = c.program_id
		LEFT JOIN {wp}partner_center_decisions vd ON c.level = 2 AND vd.order_id = c.order_id
			AND vd.decision_version = c.decision_version
		LEFT JOIN {wp}partner_center_partners vp ON vp.id = vd.partner_id
		LEFT JOIN {wp}partner_center_contacts vk ON vk.id = vp.contact_id`
)

// commissionsReport lists what a partner earned, sale by sale (S116, S121).
var commissionsReport = &Report{
	Name: "commissions", Title: locale.T("Commissions"), For: ForPartner,
	Help:     locale.T("Your commission on each sale."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterTool, FilterCurrency, FilterOf, FilterSearch},
	Finds:    locale.T("Search product, customer, promo tool, SubID or order"),
	Statuses: []string{"pending", "approved", "in_payout", "paid", "canceled"},
	table:    commissionsTable,
}

// commissionFields are those of one partner, who sees of customers what the
// program allows.
func (s source) commissionFields() fields[commission] {
	return fields[commission]{
		{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
			Value: func(c *commission) Cell { return Date(c.Day) }, Sort: "c.day"},
		{Column: Column{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney,
			Help: locale.T("What you currently earn from this sale, after refunds.")},
			Value: func(c *commission) Cell { return Money(c.Amount, c.Currency).noted(c.lost()) },
			Sum:   "SUM(c.amount)", Sort: "c.amount"},
		{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
			Value: func(c *commission) Cell { return Status(c.Status).noted(c.why()) }},
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
			Value: func(c *commission) Cell { return Text(c.Product).noted(through(c.Level, c.Seller)) }},
		{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
			Value: func(c *commission) Cell { return s.soldBy(c.Level, c.sold).customer(c.customer()) }},
		{Column: Column{Key: "through", Name: locale.T("Through"), Kind: KindText, FileOnly: true,
			Help: locale.T("The partner you recruited who made the sale.")},
			Value: func(c *commission) Cell { return Text(through(c.Level, c.Seller).String()) }},
		{Column: Column{Key: "base", Name: locale.T("Sale"), Kind: KindMoney,
			Help: locale.T("What the commission is calculated on: without tax and shipping.")},
			Value: func(c *commission) Cell { return Money(c.Base, c.Currency) }},
		{Column: Column{Key: "level", Name: locale.T("Level"), Kind: KindNumber, FileOnly: true,
			Help: locale.T("2: a sale by a partner you recruited.")},
			Value: func(c *commission) Cell { return Number(c.Level) }},
		{Column: Column{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText},
			Value: func(c *commission) Cell { return own(c.Level, Text(c.Tool).To(RefTool, int64(c.ToolID))) }},
		{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText},
			Value: func(c *commission) Cell { return own(c.Level, Text(tracking.SubIDText(c.SubID))) }},
		{Column: Column{Key: "reason", Name: locale.T("Reason"), Kind: KindText, FileOnly: true},
			Value: func(c *commission) Cell { return Sentence(reason.PartnerWords(c.Reason)) }},
		{Column: Column{Key: "open", Name: locale.T("Still to be settled"), Kind: KindMoney, FileOnly: true,
			Help: locale.T("Of a canceled commission: what was paid of it and is still to be taken back.")},
			Value: (*commission).open},
		{Column: Column{Key: "payouts", Name: locale.T("Payouts"), Kind: KindText, FileOnly: true,
			Help: locale.T("All payouts it was part of, those included that came back.")},
			Value: func(c *commission) Cell { return Text(c.Payouts) }},
		{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
			Value: func(c *commission) Cell { return Time(&c.OccurredAt) }},
		{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
			Value: func(c *commission) Cell { return s.soldBy(c.Level, c.sold).orderNumber(c.Number) }},
	}
}

// lost says what the commission was before refunds and cancellations.
func (c *commission) lost() locale.Text {
	if c.Earned.Cmp(c.Amount) <= 0 {
		return locale.Text{}
	}
	return locale.T("of %s", money.Text(c.Earned, c.Currency))
}

// why is the reason of what was lost.
func (c *commission) why() locale.Text {
	if c.Earned.Cmp(c.Amount) <= 0 {
		return locale.Text{}
	}
	if text := reason.PartnerWords(c.Reason); !text.IsZero() || c.Status != "canceled" {
		return text
	}
	return locale.Data(c.Reason) // an admin's own words
}

// earnedOf is what a commission c came to when it was earned, by its first journal,
// where less may be left.
const earnedOf = `IF(c.status = 'canceled' OR c.reason <> '', ` + firstOf + `, c.amount) AS earned`

// firstOf is what the first journal of a commission c earned.
const firstOf = `(SELECT COALESCE(SUM(-xe.amount), 0)
	FROM {wp}partner_center_journals xj JOIN {wp}partner_center_entries xe ON xe.journal_id = xj.id
	WHERE xj.commission_id = c.id AND xj.seq = 1 AND xe.account = 'expense')`

// open is what of a canceled commission is still payable, negative where it had
// been paid (D24); nothing of others, where it is part of the amount.
func (c *commission) open() Cell {
	if c.Status != "canceled" || c.Payable.IsZero() {
		return Cell{}
	}
	return Money(c.Payable, c.Currency)
}

// payoutsOf are the payouts of a commission c that were filed, the first first.
const payoutsOf = `COALESCE((SELECT GROUP_CONCAT(xp.code ORDER BY xl.id SEPARATOR ', ')
	FROM {wp}partner_center_payout_items xi JOIN {wp}partner_center_payout_lines xl ON xl.id = xi.line_id
	JOIN {wp}partner_center_payouts xp ON xp.id = xl.payout_id
	WHERE xi.commission_id = c.id AND xl.state IN ('filed', 'sent', 'settled', 'returned')), '') AS payouts`

// soldBy sees what the seller's program shows where that is another's sale.
func (s source) soldBy(level int64, by sold) source {
	if level == 2 {
		s.view.Visibility = or(by.Selling, affiliate.SeeNobody)
	}
	return s
}

// or is value, or standard where that says nothing.
func or[T comparable](value, standard T) T {
	if value == *new(T) {
		return standard
	}
	return value
}

// through marks a commission of level 2 as such; nothing of one's own sale.
func through(level int64, seller string) locale.Text {
	switch {
	case level != 2:
		return locale.Text{}
	case seller == "":
		return locale.T("level 2 through a partner")
	}
	return locale.T("level 2 through %s", seller)
}

// own is what only the sales of the partner's own have.
func own(level int64, c Cell) Cell {
	if level != 1 {
		return Cell{}
	}
	return c
}

// customer is a customer as the partner may see them (S17).
func (s source) customer(c affiliate.Contact) Cell {
	return Text(s.mask.Customer(s.view.Visibility, s.view.partner, c))
}

// orderNumber is an order's number for the partner: of anonymous customers
// none, since two partners of one order could put together who bought.
func (s source) orderNumber(number string) Cell {
	if s.view.Visibility == affiliate.SeeNobody {
		return Cell{}
	}
	return Text(number)
}

func commissionsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	s.view.commissions(&w)
	w.days("c.day", q.Range)
	addIf(&w, "c.status = ?", q.Status)
	addIf(&w, "c.level = 1 AND c.tool_id = ?", q.Tool)
	addIf(&w, "c.currency = ?", q.Currency)
	if err := s.addOf(&w, q.Of); err != nil {
		return nil, err
	}
	// Not by what the partner may not see: the number of hits would tell it.
	w.search(q.Search, s.searchable()...)
	fs := s.commissionFields()
	tables := commissionTables
	if q.Search != "" {
		tables += throughTables
	}
	totals, err := commissionTotals(ctx, s, fs, w, q, tables)
	if err != nil {
		return nil, err
	}
	o, err := fs.order(q, newest("c.day", "c.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := fs.table(ctx, s, `/* reports.commissions */ SELECT `+commissionColumns+`, `+o.place()+`, c.payable, `+
		payoutsOf+`, `+earnedOf+`,
		`+throughColumns+commissionTables+
		throughTables+paged.sql()+tail, paged.args, totals, func(c *commission) Row {
		return Row{Ref: Ref{Kind: RefCommission, ID: c.ID}, After: q.cursor(c.placed, c.ID)}
	})
	counted := " FROM {wp}partner_center_commissions c"
	if q.Search != "" {
		counted = tables
	}
	return s.count(ctx, t, q, `/* reports.commissionCount */`, counted, w)
}

// searchable are the columns of a commission that the partner sees anyway.
func (s source) searchable() []string {
	columns := []string{"l.name", "IF(c.level = 1, c.subid, '')", "IF(c.level = 1, t.name, '')",
		"IF(c.level = 2, vk.first_name, '')", "IF(c.level = 2, vk.last_name, '')"}
	own := func(column string) string { return "IF(c.level = 1, COALESCE(" + column + ", ''), '')" }
	if s.view.Visibility != affiliate.SeeNobody {
		columns = append(columns, own("o.number"), own("k.first_name"))
	}
	switch s.view.Visibility {
	case affiliate.SeeFirstName:
		columns = append(columns, own("CONCAT(LEFT(k.last_name, 1), '.')"))
	case affiliate.SeeNameAndEmail:
		columns = append(columns, own("k.last_name"), own("k.email"))
	case affiliate.SeeName:
		columns = append(columns, own("k.last_name"))
	}
	return columns
}

// commissionTotals sums the amounts of all commissions that w finds (D12). Only
// a search needs the other tables.
func commissionTotals[T any](ctx context.Context, s source, fs fields[T], w where, q Query,
	tables string) ([]Row, error) {
	if q.Bare {
		return nil, nil
	}
	if q.unfiltered() && s.view.partner != 0 {
		return balanceTotals(ctx, s, fs)
	}
	if q.Search == "" {
		tables = " FROM {wp}partner_center_commissions c"
	}
	return fs.totals(ctx, s.q, `/* reports.commissionTotals */`, "c.currency", tables+w.sql(), w.args)
}

// balanceTotals are the sums of all commissions that the partner may see,
// without reading them: the balances, less what was entered by hand and what is
// hidden while it is pending. A partner with 100,000 sales waits for it at each
// page. What was never approved and is not pending is worth 0 (S89).
func balanceTotals[T any](ctx context.Context, s source, fs fields[T]) ([]Row, error) {
	seen := []string{} // one look into the index for each status, where a list would read all of the partner's
	for _, status := range []string{"pending", "approved", "in_payout", "paid", "canceled"} {
		if status != "pending" || s.view.ShowPending {
			seen = append(seen, `EXISTS (SELECT 1 FROM {wp}partner_center_commissions c
				WHERE c.partner_id = b.partner_id AND c.status = '`+status+`' AND c.currency = b.currency LIMIT 1)`)
		}
	}
	return fs.sums(ctx, s.q, `/* reports.balanceTotals */
		SELECT b.currency, b.pending + b.payable + b.in_payout + b.paid
			- COALESCE((SELECT SUM(m.amount) FROM {wp}partner_center_manuals m
				WHERE m.partner_id = b.partner_id AND m.currency = b.currency), 0)
			- IF(?, 0, COALESCE((SELECT SUM(c.amount) FROM {wp}partner_center_commissions c
				WHERE c.partner_id = b.partner_id AND c.status = 'pending' AND c.currency = b.currency), 0))
		FROM {wp}partner_center_balances b WHERE b.partner_id = ? AND (`+strings.Join(seen, " OR ")+`)
		ORDER BY b.currency`, []any{s.view.ShowPending, s.view.partner})
}
