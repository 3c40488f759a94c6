package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// refund is a change that an order's refund, or its taking back, made to a
// commission.
type refund struct {
	JournalID  int64               `db:"journal_id"`
	Commission int64               `db:"commission_id"`
	Day        affiliate.Day       `db:"journal_day"`
	At         time.Time           `db:"at"`
	Effect     money.Amount        `db:"effect"`
	Currency   money.Currency      `db:"currency"`
	AfterPaid  bool                `db:"after_paid"`
	Reason     string              `db:"reason"`
	Product    string              `db:"product"`
	Number     string              `db:"number"`
	ContactID  affiliate.ContactID `db:"contact_id"`
	Email      string              `db:"email"`
	FirstName  string              `db:"first_name"`
	LastName   string              `db:"last_name"`
	Level      int64               `db:"level"`
	sold
	placed
}

// refundsReport lists every refund with its effect on the partner, also those
// before payment, which the column # Refunds leaves out (S95, S116, S149); with
// them whatever else took back what had been paid, such as a sale that was
// credited to somebody else (S97).
var refundsReport = &Report{
	Name: "refunds", Title: locale.T("Refunds"), For: ForPartner,
	Help: locale.T("What refunds took from your commissions, and what came back; " +
		"also what was taken back of commissions that had been paid."),
	Filters: []Filter{FilterRange, FilterCurrency, FilterSearch},
	Finds:   locale.T("Search product, customer, promo tool, SubID or order"),
	table:   refundsTable,
}

// refundTables find the journals by partner, kind and day. The money that left
// the partner, or came back, is the mirror image of the entry on expense.
const refundTables = ` FROM {wp}partner_center_journals j
	JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account = 'expense'
	JOIN {wp}partner_center_commissions c ON c.id = j.commission_id
	LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
	LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
	LEFT JOIN {wp}partner_center_contacts k ON k.id = o.contact_id`

// refundTool is the promo tool of the sale, which a search looks into.
const refundTool = `
	LEFT JOIN {wp}partner_center_tools t ON t.id = c.tool_id`

// afterPaid is whether a journal j came after its commission was paid.
const afterPaid = `EXISTS (SELECT 1 FROM {wp}partner_center_journals p
	WHERE p.commission_id = j.commission_id AND p.kind = 'settle' AND p.seq < j.seq)`

func (s source) refundFields() fields[refund] {
	return fields[refund]{
		{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
			Value: func(r *refund) Cell { return Date(r.Day) }},
		{Column: Column{Key: "effect", Name: locale.T("Change"), Kind: KindMoney,
			Help: locale.T("What was taken off your commission, or added back.")},
			Value: func(r *refund) Cell { return Money(r.Effect, r.Currency) }, Sum: "SUM(-e.amount)"},
		{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus,
			Help: locale.T("Clawback: the commission was already paid, so we take it off the next ones.")},
			Value: func(r *refund) Cell { return Status(r.status()) }},
		{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
			Value: func(r *refund) Cell { return Text(r.Product).noted(through(r.Level, r.Seller)) }},
		{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
			Value: func(r *refund) Cell { return s.soldBy(r.Level, r.sold).customer(r.customer()) }},
		{Column: Column{Key: "through", Name: locale.T("Through"), Kind: KindText, FileOnly: true,
			Help: locale.T("The partner you recruited who made the sale.")},
			Value: func(r *refund) Cell { return Text(through(r.Level, r.Seller).String()) }},
		{Column: Column{Key: "why", Name: locale.T("Reason"), Kind: KindText},
			Value: func(r *refund) Cell { return Sentence(reason.PartnerWords(r.Reason)) }},
		{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
			Value: func(r *refund) Cell { return Time(&r.At) }},
		{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
			Value: func(r *refund) Cell { return s.soldBy(r.Level, r.sold).orderNumber(r.Number) }},
	}
}

func refundsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("j.partner_id = ? AND j.kind IN ('refund', 'restore', 'reverse', 'cancel')", s.view.partner)
	w.add("(j.kind IN ('refund', 'restore') OR " + afterPaid + ")")
	w.days("j.day", q.Range)
	addIf(&w, "j.currency = ?", q.Currency)
	if !s.view.ShowPending {
		w.add(everApproved)
	}
	w.search(q.Search, s.searchable()...)
	tables := refundTables
	if q.Search != "" {
		tables += refundTool + throughTables
	}
	fs := s.refundFields()
	totals, err := fs.totals(ctx, s.q, `/* reports.refundTotals */`, "j.currency", tables+w.sql(), w.args)
	if err != nil {
		return nil, err
	}
	o := newest("j.day", "j.id")
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := fs.table(ctx, s, `/* reports.refunds */
		SELECT j.id AS journal_id, j.commission_id, j.day AS journal_day, j.occurred_at AS at, -e.amount AS effect,
			j.currency,
			`+afterPaid+` AS after_paid, j.reason,
			COALESCE(l.name, '') AS product, COALESCE(o.number, '') AS number, o.contact_id,
			COALESCE(k.email, '') AS email, COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name,
			'') AS last_name, c.level, `+o.place()+`, `+throughColumns+
		refundTables+refundTool+throughTables+paged.sql()+tail, paged.args, totals,
		func(r *refund) Row {
			return Row{Ref: Ref{Kind: RefCommission, ID: r.Commission}, After: q.cursor(r.placed, r.JournalID)}
		})
	return s.count(ctx, t, q, `/* reports.refundCount */`, tables, w)
}

func (r *refund) customer() affiliate.Contact {
	return affiliate.Contact{ID: r.ContactID, Email: r.Email, FirstName: r.FirstName, LastName: r.LastName}
}

// status is a word for what the refund did.
func (r *refund) status() string {
	switch {
	case r.Effect.Sign() > 0:
		return "restored"
	case r.AfterPaid:
		return "clawback"
	}
	return "refunded"
}
