package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// pendingCommission is what an admin decides on.
type pendingCommission struct {
	commission
	partnerName
	Program  string `db:"program"`
	Review   string `db:"review"`
	Journals int    `db:"journals"`
}

// pendingReport lists the commissions that wait for approval (S73, S80).
var pendingReport = &Report{
	Name: "pending", Title: locale.T("Pending commissions"), For: ForAdmin,
	Help:    locale.T("Commissions waiting for your approval."),
	Filters: []Filter{FilterRange, FilterPartner, FilterProgram, FilterTool, FilterCurrency, FilterSearch},
	Finds:   locale.T("Search order, customer, partner, product or promo tool"),
	table:   pendingTable,
}

const pendingTables = commissionTables + `
	LEFT JOIN {wp}partner_center_programs g ON g.id = c.program_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = c.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

var pendingFields = fields[pendingCommission]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(c *pendingCommission) Cell { return Date(c.Day) }, Sort: "c.day"},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return c.cell() }},
	{Column: Column{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney},
		Value: func(c *pendingCommission) Cell { return Money(c.Amount, c.Currency) }, Sum: "SUM(c.amount)",
		Sort: "c.amount"},
	{Column: Column{Key: "base", Name: locale.T("Sale"), Kind: KindMoney,
		Help: locale.T("What the commission is calculated on.")},
		Value: func(c *pendingCommission) Cell { return Money(c.Base, c.Currency) }, Sort: "c.base"},
	{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Product) }},
	{Column: Column{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return c.buyer() }},
	{Column: Column{Key: "level", Name: locale.T("Level"), Kind: KindNumber},
		Value: func(c *pendingCommission) Cell { return Number(c.Level) }},
	{Column: Column{Key: "review", Name: locale.T("Review"), Kind: KindText,
		Help: locale.T("Why this order needs a review.")},
		Value: func(c *pendingCommission) Cell { return Sentence(reason.AdminWords(c.Review)) }},
	{Column: Column{Key: "not_before", Name: locale.T("On hold until"), Kind: KindTime, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Time(c.NotBefore) }},
	{Column: Column{Key: "program", Name: locale.T("Program"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Program) }},
	{Column: Column{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(c.Tool).To(RefTool, int64(c.ToolID)) }},
	{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(tracking.SubIDText(c.SubID)) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Text(c.PartnerEmail) }},
	{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Time(&c.OccurredAt) }},
	{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
		Value: func(c *pendingCommission) Cell { return Text(c.Number).To(RefOrder, c.OrderID) }},
	{Column: Column{Key: "id", Name: locale.T("Commission id"), Kind: KindNumber, FileOnly: true},
		Value: func(c *pendingCommission) Cell { return Number(c.ID) }},
}

// buyer is the customer as admins see them.
func (c *pendingCommission) buyer() Cell {
	return Text(nameAndEmail(affiliate.Line(c.FirstName+" "+c.LastName), c.Email)).To(RefContact, int64(c.ContactID))
}

func pendingTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("c.status = 'pending'")
	w.days("c.day", q.Range)
	addIf(&w, "c.partner_id = ?", q.Partner)
	addIf(&w, "c.program_id = ?", q.Program)
	addIf(&w, "c.tool_id = ?", q.Tool)
	addIf(&w, "c.currency = ?", q.Currency)
	w.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pa.code", "k.email", "k.first_name", "k.last_name",
		"l.name", "o.number", "t.name")
	tables := pendingTables
	if q.Search == "" {
		tables = " FROM {wp}partner_center_commissions c"
	}
	totals, err := commissionTotals(ctx, s, pendingFields, w, q, pendingTables)
	if err != nil {
		return nil, err
	}
	o, err := pendingFields.order(q, newest("", "c.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := pendingFields.table(ctx, s, `/* reports.pending */
		SELECT `+commissionColumns+`, `+o.place()+`, c.journals, c.partner_id, `+partnerNameColumns+`,
			COALESCE(g.name, '') AS program, COALESCE(o.review, '') AS review`+pendingTables+
		paged.sql()+tail, paged.args, totals, func(c *pendingCommission) Row {
		return Row{Ref: Ref{Kind: RefCommission, ID: c.ID}, Version: c.Journals, After: q.cursor(c.placed, c.ID)}
	})
	return s.count(ctx, t, q, `/* reports.pendingCount */`, tables, w)
}
