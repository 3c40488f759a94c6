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
}

func (c *commission) customer() affiliate.Contact {
	return affiliate.Contact{ID: c.ContactID, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName}
}

// commissionColumns and commissionTables are what a commission is read from.
// All joins are outer ones, so that the databases begin with c and its index.
const (
	commissionColumns = `c.id, c.order_id, c.level, c.currency, c.base, c.amount, c.status, c.reason, c.occurred_at, c.day,
		c.not_before, c.subid, c.tool_id, COALESCE(o.number, '') AS number, o.contact_id,
		COALESCE(l.name, '') AS product, COALESCE(t.name, '') AS tool,
		COALESCE(k.email, '') AS email, COALESCE(k.first_name, '') AS first_name, COALESCE(k.last_name, '') AS last_name`
	commissionTables = ` FROM {wp}partner_center_commissions c
		LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
		LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
		LEFT JOIN {wp}partner_center_tools t ON t.id = c.tool_id
		LEFT JOIN {wp}partner_center_contacts k ON k.id = o.contact_id`
)

// commissionsReport lists what a partner earned, sale by sale (S116, S121).
var commissionsReport = &Report{
	Name: "commissions", Title: locale.T("Commissions"), For: ForPartner,
	Help:     locale.T("Your commission on each sale."),
	Filters:  []Filter{FilterRange, FilterStatus, FilterTool, FilterCurrency, FilterSearch},
	Statuses: []string{"pending", "approved", "in_payout", "paid", "canceled"},
	table:    commissionsTable,
}

func commissionsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	s.view.commissions(&w)
	w.days("c.day", q.Range)
	addIf(&w, "c.status = ?", q.Status)
	addIf(&w, "c.tool_id = ?", q.Tool)
	addIf(&w, "c.currency = ?", q.Currency)
	// Not by what the partner may not see: the number of hits would tell it.
	w.search(q.Search, s.searchable()...)
	columns := []Column{
		{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		{Key: "amount", Name: locale.T("Commission"), Kind: KindMoney, Help: locale.T("What you currently earn from this sale, after refunds.")},
		{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		{Key: "product", Name: locale.T("Product"), Kind: KindText},
		{Key: "customer", Name: locale.T("Customer"), Kind: KindText},
		{Key: "base", Name: locale.T("Sale"), Kind: KindMoney, Help: locale.T("What the commission is calculated on: without tax and shipping.")},
		{Key: "level", Name: locale.T("Level"), Kind: KindNumber, FileOnly: true, Help: locale.T("2: a sale by a partner you recruited.")},
		{Key: "tool", Name: locale.T("Promo tool"), Kind: KindText},
		{Key: "subid", Name: locale.T("SubID"), Kind: KindText},
		{Key: "reason", Name: locale.T("Reason"), Kind: KindText, FileOnly: true},
		{Key: "at", Name: locale.T("Time"), Kind: KindTime, FileOnly: true},
		{Key: "order", Name: locale.T("Order"), Kind: KindText},
	}
	totals, err := s.commissionTotals(ctx, w, q, len(columns), 1, commissionTables)
	if err != nil {
		return nil, err
	}
	paged, limit, err := w.page(q, "c.day", "c.id")
	rows := stream(ctx, s.q, `/* reports.commissions */ SELECT `+commissionColumns+commissionTables+
		paged.sql()+` ORDER BY c.day DESC, c.id DESC`+limit, paged.args, func(c *commission) Row { return s.commissionRow(c, q) })
	return &Table{Columns: columns, Totals: totals, Rows: rows}, err
}

// searchable are the columns of a commission that the partner sees anyway.
func (s source) searchable() []string {
	columns := []string{"l.name", "c.subid"}
	if s.view.Visibility != affiliate.SeeNobody {
		columns = append(columns, "o.number")
	}
	if s.view.Visibility == affiliate.SeeNameAndEmail {
		columns = append(columns, "k.email")
	}
	return columns
}

func (s source) commissionRow(c *commission, q Query) Row {
	ref := Ref{Kind: RefCommission, ID: c.ID}
	number := Text(c.Number)
	if s.view.Visibility == affiliate.SeeNobody {
		number = Cell{} // two partners of one order could put together who bought
	}
	at := c.OccurredAt
	return Row{Ref: ref, After: q.cursor(c.Day, c.ID), Cells: []Cell{
		Date(c.Day), Money(c.Amount, c.Currency), Status(c.Status), Text(c.Product),
		Text(s.mask.Customer(s.view.Visibility, s.view.partner, c.customer())),
		Money(c.Base, c.Currency), Number(c.Level), Text(c.Tool).To(RefTool, int64(c.ToolID)), Text(tracking.SubIDText(c.SubID)),
		Text(reason.PartnerWords(c.Reason)), Time(&at), number,
	}}
}

// commissionTotals sums the amounts of all commissions that w finds, into the
// cell at the given place of a row of width cells for each currency (D12). Only
// a search needs the other tables.
func (s source) commissionTotals(ctx context.Context, w where, q Query, width, at int, tables string) ([]Row, error) {
	if q.unfiltered() && s.view.partner != 0 {
		return s.balanceTotals(ctx, width, at)
	}
	if q.Search == "" {
		tables = " FROM {wp}partner_center_commissions c"
	}
	return sums(ctx, s.q, width, []int{at}, `/* reports.commissionTotals */
		SELECT c.currency, SUM(c.amount)`+tables+w.sql()+` GROUP BY c.currency ORDER BY c.currency`, w.args)
}

// balanceTotals are the sums of all commissions that the partner may see,
// without reading them: his balances, less what was entered by hand and what is
// hidden while it is pending. A partner with 100,000 sales waits for it at each
// page. What was never approved and is not pending is worth 0 (S89).
func (s source) balanceTotals(ctx context.Context, width, at int) ([]Row, error) {
	seen := []string{} // one look into the index for each status, where a list would read all of the partner's
	for _, status := range []string{"pending", "approved", "in_payout", "paid", "canceled"} {
		if status != "pending" || s.view.ShowPending {
			seen = append(seen, `EXISTS (SELECT 1 FROM {wp}partner_center_commissions c WHERE c.partner_id = b.partner_id AND c.status = '`+status+`' AND c.currency = b.currency LIMIT 1)`)
		}
	}
	return sums(ctx, s.q, width, []int{at}, `/* reports.balanceTotals */
		SELECT b.currency, b.pending + b.payable + b.in_payout + b.paid
			- COALESCE((SELECT SUM(m.amount) FROM {wp}partner_center_manuals m WHERE m.partner_id = b.partner_id AND m.currency = b.currency), 0)
			- IF(?, 0, COALESCE((SELECT SUM(c.amount) FROM {wp}partner_center_commissions c
				WHERE c.partner_id = b.partner_id AND c.status = 'pending' AND c.currency = b.currency), 0))
		FROM {wp}partner_center_balances b WHERE b.partner_id = ? AND (`+strings.Join(seen, " OR ")+`)
		ORDER BY b.currency`, []any{s.view.ShowPending, s.view.partner})
}
