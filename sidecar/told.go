package sidecar

import (
	"context"
	"fmt"

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
	events, lines := []webhooks.Event{}, map[affiliate.PayoutLineID]bool{}
	for _, p := range all {
		if kind, ok := ofCommission[p.Kind]; ok && p.Commission != nil {
			e, err := commissionEvent(ctx, q, kind, p)
			if err != nil {
				return err
			}
			events = append(events, e)
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

func commissionEvent(ctx context.Context, q db.Queryer, kind webhooks.EventType, p ledger.Posted) (webhooks.Event,
	error) {
	c := p.Commission
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
	e.Facts.Order = &webhooks.OrderFacts{}
	err := q.Get(ctx, e.Facts.Order, `/* sidecar.commissionEvent */
		SELECT id, source, external_id, number FROM {wp}partner_center_orders WHERE id = ?`, c.OrderID)
	if err != nil {
		return e, err
	}
	e.Facts.Partner, err = partnerFacts(ctx, q, c.PartnerID)
	return e, err
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
