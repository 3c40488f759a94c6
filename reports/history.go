package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// journal is one change of money with what it was about.
type journal struct {
	ID           int64           `db:"id"`
	Day          affiliate.Day   `db:"day"`
	RecordedAt   time.Time       `db:"recorded_at"`
	Kind         string          `db:"kind"`
	Amount       money.Amount    `db:"amount"`
	Currency     money.Currency  `db:"currency"`
	Actor        affiliate.Actor `db:"actor"`
	Reason       string          `db:"reason"`
	CommissionID int64           `db:"commission_id"`
	OrderID      int64           `db:"order_id"`
	Number       string          `db:"number"`
	Product      string          `db:"product"`
	Payout       string          `db:"payout"`
	partnerName
	placed
}

// historyReport lists what was approved, paid, canceled and refunded: the
// journals themselves, which nobody can change (S76, S88).
var historyReport = &Report{
	Name: "history", Title: locale.T("Commission history"), For: ForAdmin,
	Help:    locale.T("What was approved, paid, canceled and refunded, by whom and when."),
	Filters: []Filter{FilterRange, FilterStatus, FilterPartner, FilterTool, FilterCurrency, FilterSearch},
	Statuses: []string{"approve", "unapprove", "settle", "return", "cancel", "refund", "restore", "adjustment",
		"writeoff", "opening", "counter"},
	Finds: locale.T("Start of a name, email or order number; else a product, a reason or who did it"),
	table: historyTable,
}

// historyTables add the entry whose amount the journal is about: for the
// partner, what left or came back to them; else what reached the account that
// the kind leads to.
const historyTables = ` FROM {wp}partner_center_journals j
	LEFT JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account = 'expense'
	LEFT JOIN {wp}partner_center_entries r ON r.journal_id = j.id AND r.account =
		CASE j.kind WHEN 'approve' THEN 'payable' WHEN 'unapprove' THEN 'pending' WHEN 'settle' THEN 'paid'
			WHEN 'return' THEN 'paid' END
	LEFT JOIN {wp}partner_center_commissions c ON c.id = j.commission_id
	LEFT JOIN {wp}partner_center_orders o ON o.id = c.order_id
	LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
	LEFT JOIN {wp}partner_center_payout_lines y ON y.id = j.payout_line_id
	LEFT JOIN {wp}partner_center_payouts x ON x.id = y.payout_id
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = j.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`

var historyFields = fields[journal]{
	{Column: Column{Key: "day", Name: locale.T("Date"), Kind: KindDate},
		Value: func(j *journal) Cell { return Date(j.Day) }, Sort: "j.day"},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(j *journal) Cell { return j.cell() }},
	{Column: Column{Key: "action", Name: locale.T("Action"), Kind: KindStatus},
		Value: func(j *journal) Cell { return Status(j.Kind) }},
	{Column: Column{Key: "amount", Name: locale.T("Amount"), Kind: KindMoney,
		Help: locale.T("Negative: taken back from the partner.")},
		Value: func(j *journal) Cell { return Money(j.Amount, j.Currency) }},
	{Column: Column{Key: "product", Name: locale.T("Product"), Kind: KindText},
		Value: func(j *journal) Cell { return Text(j.Product) }},
	{Column: Column{Key: "actor", Name: locale.C("person", "By"), Kind: KindText},
		Value: func(j *journal) Cell { return Sentence(j.Actor.Text()) }},
	{Column: Column{Key: "reason", Name: locale.T("Reason"), Kind: KindText},
		Value: func(j *journal) Cell { return Sentence(reason.AdminWords(j.Reason)) }},
	{Column: Column{Key: "payout", Name: locale.T("Payout"), Kind: KindText, FileOnly: true},
		Value: func(j *journal) Cell { return Text(j.Payout) }},
	{Column: Column{Key: "email", Name: locale.T("Partner's email"), Kind: KindText, FileOnly: true},
		Value: func(j *journal) Cell { return Text(j.Address()) }},
	{Column: Column{Key: "at", Name: locale.T("Recorded"), Kind: KindTime, FileOnly: true},
		Value: func(j *journal) Cell { return Time(&j.RecordedAt) }},
	{Column: Column{Key: "order", Name: locale.T("Order"), Kind: KindText},
		Value: func(j *journal) Cell { return Text(j.Number).To(RefOrder, j.OrderID) }},
	{Column: Column{Key: "happened", Name: locale.T("What happened"), Kind: KindText},
		Value: func(j *journal) Cell { return Sentence(j.happened()).noted(j.written()) }},
	{Column: Column{Key: "id", Name: locale.T("Journal"), Kind: KindNumber, FileOnly: true},
		Value: func(j *journal) Cell { return Number(j.ID) }},
}

// written is the reason in the words of whoever gave it; none where it is a code.
func (j *journal) written() locale.Text {
	if !reason.Code(j.Reason).ForAdmin(nil).IsZero() {
		return locale.Text{}
	}
	return locale.Data(j.Reason)
}

// happened is the change in words.
func (j *journal) happened() locale.Text {
	amount, name := money.Text(j.Amount, j.Currency), j.called()
	if j.Amount.Sign() < 0 {
		amount = money.Text(j.Amount.Neg(), j.Currency)
	}
	if j.Product != "" {
		amount = locale.Layout("%s (%s)", amount, j.Product)
	}
	switch j.Kind {
	case "approve":
		return locale.T("%s was approved for %s.", amount, name)
	case "unapprove":
		return locale.T("The approval of %s for %s was taken back.", amount, name)
	case "settle":
		return locale.T("%s was paid to %s.", amount, name)
	case "return":
		return locale.T("A payment of %s to %s came back.", amount, name)
	case "cancel":
		return locale.T("%s of %s was canceled.", amount, name)
	case "refund":
		return locale.T("%s of %s was taken back, because the order changed.", amount, name)
	case "reverse":
		return locale.T("%s of %s was taken back, because the credit moved.", amount, name)
	case "restore":
		return locale.T("%s was given back to %s, because the order changed.", amount, name)
	case "writeoff":
		return locale.T("%s that %s owed was written off.", amount, name)
	case "opening":
		return locale.T("%s was entered as the opening balance of %s.", amount, name)
	case "counter":
		return locale.T("An entry of %s for %s was undone.", amount, name)
	}
	if j.Amount.Sign() >= 0 {
		return locale.T("%s was added for %s by hand.", amount, name)
	}
	return locale.T("%s was taken off %s by hand.", amount, name)
}

// historySearch is what the list is searched by, on columns of its own table j.
var historySearch = searchable{id: "j.id", ways: append(ofPartner("journals", "j"), []way{
	{find: `/* reports.numbers */ SELECT o.id FROM {wp}partner_center_orders o WHERE o.number LIKE ?`,
		newest: newestOrders,
		rows: `/* reports.historyOfNumbers */ SELECT j.id FROM {wp}partner_center_commissions c
			JOIN {wp}partner_center_journals j ON j.commission_id = c.id WHERE c.order_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_commissions sc JOIN {wp}partner_center_orders so
			ON so.id = sc.order_id WHERE sc.id = j.commission_id AND so.number LIKE ?)`},
	{last: true, find: `/* reports.lineNames */ SELECT l.id FROM {wp}partner_center_order_lines l WHERE l.name LIKE ?`,
		newest: newestLines,
		rows: `/* reports.historyOfLines */ SELECT j.id FROM {wp}partner_center_commissions c
			JOIN {wp}partner_center_journals j ON j.commission_id = c.id WHERE c.line_id IN (?)`,
		has: `(SELECT COUNT(*) FROM {wp}partner_center_commissions sc JOIN {wp}partner_center_order_lines sl
			ON sl.id = sc.line_id WHERE sc.id = j.commission_id AND sl.name LIKE ?)`},
	{last: true, find: `/* reports.whoAndWhy */ SELECT j.id FROM {wp}partner_center_journals j
		WHERE (j.actor LIKE ? OR j.reason LIKE ?)`, newest: newestJournals, has: `j.actor LIKE ? OR j.reason LIKE ?`},
}...)}

func historyTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	w.add("j.kind NOT IN ('earn', 'payout', 'release')") // on the lists of pending ones and of payouts
	w.days("j.day", q.Range)
	addIf(&w, "j.kind = ?", q.Status)
	addIf(&w, "j.partner_id = ?", q.Partner)
	addIf(&w, "c.tool_id = ?", q.Tool)
	addIf(&w, "j.currency = ?", q.Currency)
	how, err := s.find(ctx, &w, historySearch, q)
	if err != nil {
		return nil, err
	}
	o, err := historyFields.order(q, newest("j.day", "j.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	t := historyFields.table(ctx, s, `/* reports.history */
		SELECT j.id, j.day, j.recorded_at, j.kind, j.currency, j.actor, j.reason,
		COALESCE(-e.amount, r.amount, 0) AS amount,
			COALESCE(j.commission_id, 0) AS commission_id, COALESCE(c.order_id, 0) AS order_id,
			COALESCE(o.number, '') AS number, COALESCE(l.name, '') AS product, COALESCE(x.code, '') AS payout,
			j.partner_id, `+o.place()+`, `+partnerNameColumns+
		historyTables+paged.sql()+tail, paged.args, nil, func(j *journal) Row {
		return Row{Ref: Ref{Kind: RefCommission, ID: j.CommissionID}, After: q.cursor(j.placed, j.ID)}
	})
	t.Counted = keptFrom
	how.tell(t, s)
	from := ` FROM {wp}partner_center_journals j`
	if q.Tool != 0 {
		from += ` JOIN {wp}partner_center_commissions c ON c.id = j.commission_id`
	}
	return s.count(ctx, t, q, `/* reports.historyCount */`, from, w)
}
