package sidecar

import (
	"context"
	"fmt"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/affiliate/webhooks"
	"partnercenter/db"
)

// told makes what happens in the domain events for other programs (B14), each as
// a step of the transaction in which it happens.
type told struct{ outbox *webhooks.Outbox }

// ofCommission are the events of a commission by what was posted; what is
// credited otherwise was canceled for whoever had it.
var ofCommission = map[ledger.Kind]webhooks.EventType{
	ledger.Earn: webhooks.CommissionEarned, ledger.Approve: webhooks.CommissionApproved,
	ledger.Cancel:  webhooks.CommissionCanceled,
	ledger.Reverse: webhooks.CommissionCanceled, ledger.Refund: webhooks.CommissionRefunded,
	ledger.Restore: webhooks.CommissionRestored,
}

// posted tells of journals.
func (t told) posted(ctx context.Context, q db.Queryer, all []ledger.Posted) error {
	if yes, err := t.outbox.Listening(ctx, q); err != nil || !yes {
		return err
	}
	known, err := knownOf(ctx, q, all)
	if err != nil {
		return err
	}
	events, lines := []webhooks.Event{}, map[affiliate.PayoutLineID]bool{}
	for _, p := range all {
		if kind, ok := ofCommission[p.Kind]; ok && p.Commission != nil {
			events = append(events, known.event(kind, p))
		}
		kind := map[ledger.Kind]webhooks.EventType{ledger.Settle: webhooks.PaymentSettled,
			ledger.Return: webhooks.PaymentReturned}[p.Kind]
		if kind == "" || p.PayoutLineID == 0 || lines[p.PayoutLineID] {
			continue // one event for each payment, of however many commissions
		}
		lines[p.PayoutLineID] = true
		paid, err := paymentEvents(ctx, q, kind, fmt.Sprintf("-%d-%d-%d", p.CommissionID, p.ManualID, p.Seq), `id = ?`,
			p.PayoutLineID)
		if err != nil {
			return err
		}
		events = append(events, paid...)
	}
	return t.outbox.Publish(ctx, q, events...)
}

// known is what events say of the orders and partners of commissions.
type known struct {
	orders   map[affiliate.OrderID]webhooks.OrderFacts
	partners map[affiliate.PartnerID]webhooks.PartnerFacts
}

// knownOf reads it for all that was posted at once, which may be hundreds.
func knownOf(ctx context.Context, q db.Queryer, all []ledger.Posted) (known, error) {
	k := known{map[affiliate.OrderID]webhooks.OrderFacts{}, map[affiliate.PartnerID]webhooks.PartnerFacts{}}
	for part := range slices.Chunk(all, db.RowsAtOnce) {
		orders, partners := []affiliate.OrderID{}, []affiliate.PartnerID{}
		for _, p := range part {
			if p.Commission != nil {
				orders, partners = append(orders, p.Commission.OrderID), append(partners, p.Commission.PartnerID)
			}
		}
		if len(orders) == 0 {
			continue
		}
		foundOrders, foundPartners := []webhooks.OrderFacts{}, []webhooks.PartnerFacts{}
		err := db.SelectIn(ctx, q, &foundOrders, `/* sidecar.knownOf */ SELECT id, source, external_id, number
			FROM {wp}partner_center_orders WHERE id IN (?)`, orders)
		if err == nil {
			err = db.SelectIn(ctx, q, &foundPartners, `/* sidecar.knownOf */ SELECT id, code, state
				FROM {wp}partner_center_partners WHERE id IN (?)`, partners)
		}
		if err != nil {
			return k, err
		}
		for _, o := range foundOrders {
			k.orders[affiliate.OrderID(o.ID)] = o
		}
		for _, p := range foundPartners {
			k.partners[p.ID] = p
		}
	}
	return k, nil
}

func (k known) event(kind webhooks.EventType, p ledger.Posted) webhooks.Event {
	c, order := p.Commission, k.orders[p.Commission.OrderID]
	e := webhooks.Event{Type: kind, Object: "commission", ObjectID: int64(c.ID),
		Key: fmt.Sprintf("commission-%d-%d", c.ID, p.Seq)}
	change := p.Amount
	if kind != webhooks.CommissionEarned && kind != webhooks.CommissionRestored {
		change = change.Neg()
	}
	if kind == webhooks.CommissionApproved {
		change = money.Amount{}
	}
	e.Facts.Reason = reason.AdminWords(p.Reason).String()
	e.Facts.Commission = &webhooks.CommissionFacts{ID: int64(c.ID), Level: c.Level, Amount: c.Amount, Change: change,
		Currency: c.Currency,
		Status:   string(c.Status), SubID: tracking.SubIDText(c.SubID), OccurredAt: c.OccurredAt}
	e.Facts.Order, e.Facts.Partner = &order, k.partners[c.PartnerID]
	return e
}

func partnerFacts(ctx context.Context, q db.Queryer, id affiliate.PartnerID) (f webhooks.PartnerFacts, err error) {
	err = q.Get(ctx, &f, `/* sidecar.partnerFacts */ SELECT id, code, state FROM {wp}partner_center_partners
		WHERE id = ?`, id)
	return f, err
}

// paymentEvents are the events of the payments that where names; version tells
// two events of one kind and payment apart.
func paymentEvents(ctx context.Context, q db.Queryer, kind webhooks.EventType, version, where string,
	args ...any) ([]webhooks.Event, error) {
	rows := []struct {
		webhooks.PaymentFacts
		PartnerID affiliate.PartnerID `db:"partner_id"`
	}{}
	err := q.Select(ctx, &rows, `/* sidecar.paymentEvents */
		SELECT id, amount, currency, method, partner_id FROM {wp}partner_center_payout_lines WHERE `+where, args...)
	events := []webhooks.Event{}
	for _, row := range rows {
		payment := row.PaymentFacts
		e := webhooks.Event{Type: kind, Object: "payment", ObjectID: payment.ID,
			Key: fmt.Sprintf("payment-%d-%s%s", payment.ID, kind[len("payment."):], version)}
		e.Facts.Payment = &payment
		if e.Facts.Partner, err = partnerFacts(ctx, q, row.PartnerID); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, err
}

// sent tells of the payments of a batch that was sent. Undone and sent again, it
// is told once.
func (t told) sent(ctx context.Context, q db.Queryer, id payout.PayoutID) error {
	events, err := paymentEvents(ctx, q, webhooks.PaymentSent, "", `payout_id = ? AND state = 'sent'`, id)
	if err != nil {
		return err
	}
	return t.outbox.Publish(ctx, q, events...)
}

// partner tells of somebody who has applied or was approved.
func (t told) partner(ctx context.Context, q db.Queryer, p affiliate.Partner) error {
	kind, ok := map[affiliate.PartnerState]webhooks.EventType{affiliate.Applied: webhooks.PartnerApplied,
		affiliate.Active: webhooks.PartnerApproved}[p.State]
	if !ok {
		return nil
	}
	return t.outbox.Publish(ctx, q, webhooks.Event{Type: kind, Object: "partner", ObjectID: int64(p.ID),
		Key:   fmt.Sprintf("partner-%d-%s-%d", p.ID, p.State, p.UpdatedAt.UnixMicro()),
		Facts: webhooks.Facts{Partner: webhooks.PartnerFacts{ID: p.ID, Code: p.Code, State: p.State}}})
}
