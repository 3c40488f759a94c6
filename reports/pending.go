package reports

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// partnerName is a partner as admins see him: name and e-mail address.
type partnerName struct {
	PartnerID    affiliate.PartnerID `db:"partner_id"`
	PartnerCode  string              `db:"partner_code"`
	PartnerEmail string              `db:"partner_email"`
	PartnerFirst string              `db:"partner_first"`
	PartnerLast  string              `db:"partner_last"`
}

// partnerNameColumns name partner pa with his contact pk.
const partnerNameColumns = `COALESCE(pa.code, '') AS partner_code, COALESCE(pk.email, '') AS partner_email,
	COALESCE(pk.first_name, '') AS partner_first, COALESCE(pk.last_name, '') AS partner_last`

func (p partnerName) cell() Cell {
	name := affiliate.Line(p.PartnerFirst + " " + p.PartnerLast)
	if name == "" {
		name = p.PartnerEmail
	}
	return Text(name).To(RefPartner, int64(p.PartnerID))
}

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
	table:   pendingTable,
}

const pendingTables = commissionTables + `
	LEFT JOIN {wp}partner_center_programs g ON g.id = c.program_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = c.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

func pendingTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("c.status = 'pending'")
	w.days("c.day", q.Range)
	addIf(&w, "c.partner_id = ?", q.Partner)
	addIf(&w, "c.program_id = ?", q.Program)
	addIf(&w, "c.tool_id = ?", q.Tool)
	addIf(&w, "c.currency = ?", q.Currency)
	w.search(q.Search, "pk.email", "pk.first_name", "pk.last_name", "pa.code", "k.email", "l.name", "o.number")
	columns := []Column{
		{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney},
		{Key: "base", Name: locale.T("Sale"), Kind: KindMoney, Help: locale.T("What the commission is calculated on.")},
		{Key: "product", Name: locale.T("Product"), Kind: KindText},
		{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
		{Key: "level", Name: locale.T("Level"), Kind: KindNumber},
		{Key: "review", Name: locale.T("Review"), Kind: KindText, Help: locale.T("Why this order needs a review.")},
		{Key: "not_before", Name: locale.T("On hold until"), Kind: KindTime, FileOnly: true},
		{Key: "program", Name: locale.T("Program"), Kind: KindText},
		{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText, FileOnly: true},
		{Key: "subid", Name: locale.T("SubID"), Kind: KindText, FileOnly: true},
		{Key: "email", Name: locale.T("Partner's e-mail"), Kind: KindText, FileOnly: true},
		{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		{Key: "order", Name: locale.T("Order"), Kind: KindText},
		{Key: "id", Name: locale.T("Commission id"), Kind: KindNumber, FileOnly: true},
	}
	totals, err := s.commissionTotals(ctx, w, q, len(columns), 2, pendingTables)
	if err != nil {
		return nil, err
	}
	paged, limit, err := w.page(q, "", "c.id")
	rows := stream(ctx, s.q, `/* reports.pending */ SELECT `+commissionColumns+`, c.journals, c.partner_id, `+partnerNameColumns+`,
		COALESCE(g.name, '') AS program, COALESCE(o.review, '') AS review`+pendingTables+
		paged.sql()+` ORDER BY c.id DESC`+limit, paged.args, func(c *pendingCommission) Row { return c.row(q) })
	return &Table{Columns: columns, Totals: totals, Rows: rows}, err
}

func (c *pendingCommission) row(q Query) Row {
	at := c.OccurredAt
	return Row{Ref: Ref{Kind: RefCommission, ID: c.ID}, Version: c.Journals, After: q.cursor(affiliate.Day{}, c.ID), Cells: []Cell{
		Date(c.Day), c.cell(), Money(c.Amount, c.Currency), Money(c.Base, c.Currency), Text(c.Product),
		Text(nameAndEmail(affiliate.Line(c.FirstName+" "+c.LastName), c.Email)).To(RefContact, int64(c.ContactID)),
		Number(c.Level), Text(reason.AdminWords(c.Review)), Time(c.NotBefore), Text(c.Program), Text(c.Tool).To(RefTool, int64(c.ToolID)),
		Text(tracking.SubIDText(c.SubID)), Text(c.PartnerEmail), Time(&at), Text(c.Number).To(RefOrder, c.OrderID), Number(c.ID)}}
}
