package reports

import (
	"context"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/locale"
)

// ownStatementReport is a partner's statement: all that changed what they are owed,
// with what was owed afterwards, so that the last row is what they are owed at the
// end of the range (S144, B11).
var ownStatementReport = &Report{
	Name: "statements", Title: locale.T("Statement"), For: ForPartner,
	Help: locale.T("All that changed what you are owed, by the day it was booked. The last balance is what you were " +
		"owed at the end of these days."),
	Filters: []Filter{FilterRange, FilterCurrency},
	table:   ownStatementTable,
	forward: true,
}

// ownBooking is a row of it. All journals of one payment are one row.
type ownBooking struct {
	ID         int64          `db:"id"`
	Currency   money.Currency `db:"currency"`
	RecordedAt *time.Time     `db:"recorded_at"`
	Kind       string         `db:"kind"` // "" of the balance before
	Reason     string         `db:"reason"`
	Commission int64          `db:"commission_id"`
	Payment    int64          `db:"payout_line_id"`
	Product    string         `db:"product"`
	Change     money.Amount   `db:"change_owed"`

	zone    *time.Location
	balance money.Amount
}

func (b *ownBooking) day() Cell {
	if b.RecordedAt == nil {
		return Cell{}
	}
	return Date(affiliate.DayOf(*b.RecordedAt, b.zone))
}

// what is what happened, in words.
func (b *ownBooking) what() Cell {
	switch b.Kind {
	case "":
		return Sentence(locale.T("Balance before"))
	case "approve":
		return Sentence(locale.T("Commission approved"))
	case "settle":
		return Sentence(locale.T("Payment"))
	case "return":
		return Sentence(locale.T("Payment returned"))
	case "refund", "reverse", "cancel":
		return Sentence(locale.T("Taken back"))
	case "restore":
		return Sentence(locale.T("Refund taken back"))
	}
	return Status(b.Kind)
}

func (b *ownBooking) about() Cell {
	switch {
	case b.Kind == "approve":
		return Text(b.Product)
	case b.Product != "":
		return Text(b.Product).noted(reason.PartnerWords(b.Reason))
	case b.Payment != 0:
		return Cell{}
	}
	return Text(b.Reason) // of an entry by hand, written for the partner
}

// to is what the row leads to.
func (b *ownBooking) to() Ref {
	switch {
	case b.Payment != 0:
		return Ref{Kind: RefPayment, ID: b.Payment}
	case b.Commission != 0:
		return Ref{Kind: RefCommission, ID: b.Commission}
	}
	return Ref{}
}

var ownStatementFields = fields[ownBooking]{
	{Column: Column{Key: "day", Name: locale.T("Booked"), Kind: KindDate}, Value: (*ownBooking).day},
	{Column: Column{Key: "change", Name: locale.T("Change"), Kind: KindMoney},
		Value: func(b *ownBooking) Cell {
			if b.Kind == "" {
				return Cell{}
			}
			return Money(b.Change, b.Currency)
		}},
	{Column: Column{Key: "balance", Name: locale.T("Balance"), Kind: KindMoney,
		Help: locale.T("What you were owed afterwards.")},
		Value: func(b *ownBooking) Cell { return Money(b.balance, b.Currency) }},
	{Column: Column{Key: "what", Name: locale.T("What happened"), Kind: KindText},
		Value: func(b *ownBooking) Cell {
			c, to := b.what(), b.to()
			return c.To(to.Kind, to.ID)
		}},
	{Column: Column{Key: "about", Name: locale.T("Product"), Kind: KindText}, Value: (*ownBooking).about},
}

// ownStatementQuery asks for what the partner was owed before the range, then for
// what changed it. A payment is one row, of as many journals as it has items.
func ownStatementQuery(q Query, partner affiliate.PartnerID, zone *time.Location) (string, []any) {
	from, to := q.days().Times(zone)
	var before, within where
	before.add("j.partner_id = ? AND j.recorded_at < ?", partner, from)
	within.add("j.partner_id = ? AND j.recorded_at >= ? AND j.recorded_at < ?", partner, from, to)
	for _, w := range []*where{&before, &within} {
		addIf(w, "j.currency = ?", q.Currency)
	}
	const change = `SUM(e.amount) AS change_owed`
	const tables = ` FROM {wp}partner_center_journals j
		JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account IN ('payable', 'in_payout')`
	const one = `IF(j.kind IN ('settle', 'return'), -j.payout_line_id, j.id)`
	return `/* reports.ownStatement */
		SELECT 0 AS id, j.currency, NULL AS recorded_at, '' AS kind, '' AS reason, 0 AS commission_id,
			0 AS payout_line_id, '' AS product, ` + change + tables + before.sql() + ` GROUP BY j.currency
		UNION ALL
		SELECT MIN(j.id), j.currency, MIN(j.recorded_at), j.kind, MAX(j.reason),
			IF(COUNT(*) = 1, COALESCE(MAX(j.commission_id), 0), 0),
			IF(j.kind IN ('settle', 'return'), COALESCE(MAX(j.payout_line_id), 0), 0),
			IF(j.kind IN ('settle', 'return'), '', COALESCE(MAX(l.name), '')), ` + change + tables + `
		LEFT JOIN {wp}partner_center_commissions c ON c.id = j.commission_id
		LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id` + within.sql() + `
		GROUP BY j.currency, j.kind, ` + one + ` HAVING change_owed <> 0
		ORDER BY currency, recorded_at IS NOT NULL, recorded_at, id`, append(before.args, within.args...)
}

func ownStatementTable(ctx context.Context, s source, q Query) (*Table, error) {
	query, args := ownStatementQuery(q, s.view.partner, s.zone)
	return running(ctx, s, q, ownStatementFields, query, args, func(before, b *ownBooking) (_ Ref, err error) {
		b.zone = s.zone
		if b.Currency == before.Currency {
			b.balance = before.balance
		}
		b.balance, err = b.balance.Add(b.Change)
		return Ref{}, err
	})
}
