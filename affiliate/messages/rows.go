package messages

import (
	"context"
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// List is a list whose rows an admin can write about.
type List string

// The lists.
const (
	PendingSales List = "pending"    // rows are commissions (S79)
	MadePayments List = "accounting" // payments (S87)
	AllPartners  List = "partners"
)

// Fits tells whether a message can be sent to rows of the list: it is about any
// time, or about what the rows are.
func (l List) Fits(m Message) bool {
	about, known := Of(m.Occasion)
	if !known {
		return true
	}
	for _, group := range about.Groups {
		if l == PendingSales && group == OfSale || l == MadePayments && group == OfPayment {
			return !about.Admin
		}
	}
	return len(about.Groups) == 0 && !about.Admin
}

// ToRows tells of a message to rows of a list: one mail for each row, once for the
// batch, however often it is told.
func (d *Desk) ToRows(ctx context.Context, batch string, message MessageID, list List, rows []int64) (n int,
	err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		events, err := eventsOf(ctx, tx, list, rows)
		if err != nil {
			return err
		}
		for i := range events {
			events[i].Key = fmt.Sprintf("list-%s-%s", batch, events[i].Key)
			events[i].Occasion, events[i].Facts.MessageID = FromList, message
		}
		n = len(events)
		return d.Tell(ctx, tx, events...)
	})
	return n, err
}

// eventsOf are the rows as events, with the row's id as key.
func eventsOf(ctx context.Context, q db.Queryer, list List, rows []int64) ([]Event, error) {
	query := map[List]string{
		PendingSales: `/* messages.eventsOf */ SELECT c.id, c.partner_id, c.program_id, c.order_id, c.level, c.amount,
				c.currency,
				COALESCE((SELECT d.partner_id FROM {wp}partner_center_decisions d WHERE d.order_id = c.order_id
					ORDER BY d.decision_version DESC LIMIT 1), 0) AS seller_id
			FROM {wp}partner_center_commissions c WHERE c.id IN (?)`,
		MadePayments: `/* messages.eventsOf */ SELECT y.id, y.partner_id, 0 AS program_id, 0 AS order_id, 0 AS level,
			y.amount, y.currency, 0 AS seller_id FROM {wp}partner_center_payout_lines y WHERE y.id IN (?)`,
		AllPartners: `/* messages.eventsOf */ SELECT p.id, p.id AS partner_id, 0 AS program_id, 0 AS order_id,
			0 AS level,
			CAST(0 AS DECIMAL(19,4)) AS amount, 'USD' AS currency, 0 AS seller_id FROM {wp}partner_center_partners p
			WHERE p.id IN (?)`,
	}[list]
	query, args, err := db.In(query, rows)
	if err != nil {
		return nil, err
	}
	found := []struct {
		ID       int64               `db:"id"`
		Partner  affiliate.PartnerID `db:"partner_id"`
		Program  affiliate.ProgramID `db:"program_id"`
		Order    affiliate.OrderID   `db:"order_id"`
		Level    int                 `db:"level"`
		Amount   money.Amount        `db:"amount"`
		Currency money.Currency      `db:"currency"`
		Seller   affiliate.PartnerID `db:"seller_id"`
	}{}
	if err := q.Select(ctx, &found, query, args...); err != nil {
		return nil, err
	}
	events := []Event{}
	for _, r := range found {
		e := Event{Key: fmt.Sprint(r.ID), PartnerID: r.Partner, ProgramID: r.Program, Facts: Facts{OrderID: r.Order,
			Level: r.Level, SellerID: r.Seller, Amount: r.Amount, Currency: r.Currency}}
		if list == MadePayments {
			e.Facts.PaymentID = affiliate.PayoutLineID(r.ID)
		}
		events = append(events, e)
	}
	return events, nil
}

// PreviewRow is a message as the partner of a row would get it.
func (d *Desk) PreviewRow(ctx context.Context, m Message, list List, row int64) (mail Mail, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		events, err := eventsOf(ctx, tx, list, []int64{row})
		if err != nil || len(events) == 0 {
			return err
		}
		e := events[0]
		e.Occasion, e.Facts.MessageID = FromList, m.ID
		about, _ := Of(FromList)
		w := writer{q: tx, desk: d, site: d.site(), event: e, about: about}
		mails, err := w.toPartner(ctx, m, true)
		if err == nil && len(mails) > 0 {
			mail = mails[0]
		}
		return err
	})
	return mail, err
}
