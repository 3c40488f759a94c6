package reports

import (
	"context"
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// statementReport lists what was booked for partners one by one, with what was
// owed after each row: once its last day is over it never changes again (B11).
var statementReport = &Report{
	Name: "statement", Title: locale.T("Statement"), For: ForAdmin,
	Help: locale.T("Each booking with what was owed afterwards, by the day of booking. It never changes once the " +
		"period is over."),
	Filters: []Filter{FilterRange, FilterPartner, FilterCurrency},
	forward: true,
	table:   statementTable,
}

// booking is a row of a statement; the first of a partner and currency may be
// what they had before, which has no journal.
type booking struct {
	partnerName
	ID         int64           `db:"id"`
	Currency   money.Currency  `db:"currency"`
	RecordedAt *time.Time      `db:"recorded_at"`
	Kind       string          `db:"kind"` // "" of what they had before
	Actor      affiliate.Actor `db:"actor"`
	Reason     string          `db:"reason"`
	Commission int64           `db:"commission_id"`
	Pending    money.Amount    `db:"d_pending"`
	Payable    money.Amount    `db:"d_payable"`
	InPayout   money.Amount    `db:"d_in_payout"`
	Paid       money.Amount    `db:"d_paid"`

	change  money.Amount // of what is owed
	balance money.Amount // owed after this row
}

// what is what the row did to a commission or entry, in words.
func (b *booking) what() Cell {
	if b.Kind == "" {
		return Sentence(locale.T("Balance before"))
	}
	return Status(b.Kind)
}

var statementFields = fields[booking]{
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
		Value: func(b *booking) Cell { return b.cell() }},
	{Column: Column{Key: "at", Name: locale.T("Booked"), Kind: KindTime},
		Value: func(b *booking) Cell { return Time(b.RecordedAt) }},
	{Column: Column{Key: "action", Name: locale.T("Action"), Kind: KindStatus},
		Value: func(b *booking) Cell { return b.what() }},
	{Column: Column{Key: "reason", Name: locale.T("Reason"), Kind: KindText},
		Value: func(b *booking) Cell { return Sentence(reason.AdminWords(b.Reason)) }},
	{Column: Column{Key: "pending", Name: locale.T("Pending"), Kind: KindMoney,
		Help: locale.T("The change of what waits for approval.")},
		Value: func(b *booking) Cell { return Money(b.Pending, b.Currency) }},
	{Column: Column{Key: "owed", Name: locale.T("Owed"), Kind: KindMoney,
		Help: locale.T("The change of what is owed.")},
		Value: func(b *booking) Cell { return Money(b.change, b.Currency) }},
	{Column: Column{Key: "paid", Name: locale.T("Paid"), Kind: KindMoney,
		Help: locale.T("The change of what was paid.")},
		Value: func(b *booking) Cell { return Money(b.Paid, b.Currency) }},
	{Column: Column{Key: "balance", Name: locale.T("Owed then"), Kind: KindMoney,
		Help: locale.T("What was owed after this row.")},
		Value: func(b *booking) Cell { return Money(b.balance, b.Currency) }},
	{Column: Column{Key: "actor", Name: locale.C("person", "By"), Kind: KindText, FileOnly: true},
		Value: func(b *booking) Cell { return Sentence(b.Actor.Text()) }},
	{Column: Column{Key: "email", Name: locale.T("Email"), Kind: KindText, FileOnly: true},
		Value: func(b *booking) Cell { return Text(b.Address()) }},
	{Column: Column{Key: "code", Name: locale.T("Partner code"), Kind: KindText, FileOnly: true},
		Value: func(b *booking) Cell { return Text(b.PartnerCode) }},
	{Column: Column{Key: "id", Name: locale.T("Journal"), Kind: KindNumber, FileOnly: true},
		Value: func(b *booking) Cell {
			if b.ID == 0 {
				return Cell{}
			}
			return Number(b.ID)
		}},
}

const changes = `SUM(IF(e.account = 'pending', e.amount, 0)) AS d_pending,
	SUM(IF(e.account = 'payable', e.amount, 0)) AS d_payable,
	SUM(IF(e.account = 'in_payout', e.amount, 0)) AS d_in_payout, SUM(IF(e.account = 'paid', e.amount, 0)) AS d_paid`

// statementQuery asks for what partners had before the range, then for its journals.
func statementQuery(q Query, zone *time.Location) (string, []any) {
	from, to := q.days().Times(zone)
	var before, within where
	before.add("j.recorded_at < ?", from)
	within.add("j.recorded_at >= ? AND j.recorded_at < ?", from, to)
	for _, w := range []*where{&before, &within} {
		addIf(w, "j.partner_id = ?", q.Partner)
		addIf(w, "j.currency = ?", q.Currency)
	}
	const tables = ` FROM {wp}partner_center_journals j JOIN {wp}partner_center_entries e ON e.journal_id = j.id`
	return `/* reports.statement */ SELECT t.*, ` + partnerNameColumns + ` FROM (
		SELECT 0 AS id, j.partner_id, j.currency, NULL AS recorded_at, '' AS kind, '' AS actor, '' AS reason,
		0 AS commission_id, ` + changes + tables + before.sql() + ` GROUP BY j.partner_id, j.currency
		UNION ALL
		SELECT j.id, j.partner_id, j.currency, j.recorded_at, j.kind, j.actor, j.reason,
		COALESCE(j.commission_id, 0), ` + changes + tables + within.sql() + ` GROUP BY j.id, j.partner_id, j.currency,
		j.recorded_at, j.kind, j.actor, j.reason, j.commission_id
	) t
	LEFT JOIN {wp}partner_center_partners pa ON pa.id = t.partner_id
	LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id
	ORDER BY t.partner_id, t.currency, t.recorded_at IS NOT NULL, t.recorded_at, t.id`,
		append(before.args, within.args...)
}

func statementTable(ctx context.Context, s source, q Query) (*Table, error) {
	query, args := statementQuery(q, s.zone)
	return running(ctx, s, q, statementFields, query, args, func(before, b *booking) (Ref, error) {
		return Ref{Kind: RefPartner, ID: int64(b.PartnerID)}, b.follow(before)
	})
}

// running is a table whose rows each build on the one before them: follow completes
// a row by it, and says what the row is about. The rows of the pages before are read,
// too, for the balances of a page need them all.
func running[T any](ctx context.Context, s source, q Query, fs fields[T], query string, args []any,
	follow func(before, row *T) (Ref, error)) (*Table, error) {
	after := 0
	if q.After != "" {
		var err error
		if after, err = strconv.Atoi(q.After); err != nil || after < 0 {
			return nil, errCursor
		}
	}
	t := &Table{Columns: fs.columns()}
	t.Rows = func(yield func(Row, error) bool) {
		n, before := 0, *new(T)
		for b, err := range scanned[T](ctx, s.q, query, args) {
			var row Row
			if err == nil {
				row.Ref, err = follow(&before, &b)
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			before = b
			if n++; n <= after {
				continue
			}
			row.Cells = fs.cells(&b)
			if q.Limit > 0 {
				row.After = strconv.Itoa(n)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return t, nil
}

// follow adds the row to what was owed after the row before it, which begins at zero
// with each partner and currency.
func (b *booking) follow(before *booking) (err error) {
	if b.PartnerID == before.PartnerID && b.Currency == before.Currency {
		b.balance = before.balance
	}
	if b.change, err = b.Payable.Add(b.InPayout); err != nil {
		return err
	}
	b.balance, err = b.balance.Add(b.change)
	return err
}
