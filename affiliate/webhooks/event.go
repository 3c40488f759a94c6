package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// EventType is what happened.
type EventType string

// The events. Those of commissions and payments can be told to their partner.
const (
	CommissionEarned   EventType = "commission.earned"
	CommissionApproved EventType = "commission.approved"
	CommissionCanceled EventType = "commission.canceled"
	CommissionRefunded EventType = "commission.refunded"
	CommissionRestored EventType = "commission.restored" // a refund was undone
	PaymentSent        EventType = "payment.sent"
	PaymentSettled     EventType = "payment.settled"
	PaymentReturned    EventType = "payment.returned"
	PartnerApplied     EventType = "partner.applied"
	PartnerApproved    EventType = "partner.approved"
	Test               EventType = "test" // sent by an admin to try an address
)

// EventTypes are those that can be chosen, in the order of forms.
var EventTypes = []EventType{CommissionEarned, CommissionApproved, CommissionCanceled, CommissionRefunded,
	CommissionRestored,
	PaymentSent, PaymentSettled, PaymentReturned, PartnerApplied, PartnerApproved}

// Event is something that happened to an object. Events of one object are
// delivered in their order.
type Event struct {
	Type     EventType
	Object   string // "commission", "payment", "partner"
	ObjectID int64
	Key      string // names the event for ever; ASCII, at most 100 bytes
	Facts    Facts
}

// Facts are what is told of an event: no name and no address of a customer.
type Facts struct {
	Partner    PartnerFacts     `json:"partner"`
	Order      *OrderFacts      `json:"order,omitempty"`
	Commission *CommissionFacts `json:"commission,omitempty"`
	Payment    *PaymentFacts    `json:"payment,omitempty"`
	Reason     string           `json:"reason,omitempty"`
}

// PartnerFacts name a partner.
type PartnerFacts struct {
	ID    affiliate.PartnerID    `json:"id" db:"id"`
	Code  string                 `json:"code" db:"code"`
	State affiliate.PartnerState `json:"state,omitempty" db:"state"`
}

// OrderFacts name the order of a commission.
type OrderFacts struct {
	ID         int64  `json:"id" db:"id"`
	Source     string `json:"source" db:"source"`
	ExternalID string `json:"external_id" db:"external_id"`
	Number     string `json:"number" db:"number"`
}

// CommissionFacts are a commission just after the event.
type CommissionFacts struct {
	ID         int64          `json:"id"`
	Level      int            `json:"level"`
	Amount     money.Amount   `json:"amount"` // what it comes to now
	Change     money.Amount   `json:"change"` // what the event changed; negative: taken back
	Currency   money.Currency `json:"currency"`
	Status     string         `json:"status"`
	SubID      string         `json:"subid"`
	OccurredAt time.Time      `json:"occurred_at"`
}

// PaymentFacts are a payment to a partner.
type PaymentFacts struct {
	ID       int64          `json:"id" db:"id"`
	Amount   money.Amount   `json:"amount" db:"amount"`
	Currency money.Currency `json:"currency" db:"currency"`
	Method   string         `json:"method,omitempty" db:"method"`
}

// Publish tells of events as a step of the transaction in which they happen.
// An event that was published before is not told again.
func (o *Outbox) Publish(ctx context.Context, q db.Queryer, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	all, err := inForce(ctx, q)
	if err != nil || len(all) == 0 {
		return err
	}
	rows, args := []string{}, []any{}
	for _, e := range events {
		facts, err := json.Marshal(e.Facts)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Key, err)
		}
		for _, w := range all {
			if w.hears(e) {
				rows = append(rows, `(?, ?, ?, ?, ?, ?, 'queued', ?, ?)`)
				args = append(args, w.ID, e.Key, e.Type, e.Object, e.ObjectID, string(facts), o.now(), o.now())
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err = q.Exec(ctx, `/* webhooks.Publish */
		INSERT INTO {wp}partner_center_webhook_deliveries (webhook_id, event_key, event, object,
		object_id, facts, state, next_at, created_at)
		VALUES `+strings.Join(rows, ", ")+` ON DUPLICATE KEY UPDATE webhook_id = webhook_id`, args...)
	return err
}

// Listening tells whether anybody is told of anything, before facts are gathered.
func (o *Outbox) Listening(ctx context.Context, q db.Queryer) (yes bool, err error) {
	err = q.Get(ctx, &yes,
		`/* webhooks.Listening */ SELECT EXISTS (SELECT 1 FROM {wp}partner_center_webhooks WHERE removed_at IS NULL)`)
	return yes, err
}

// placeholders are what a postback's URL can hold, by name.
func (e Event) placeholders() map[string]string {
	f := e.Facts
	p := map[string]string{"event": string(e.Type), "id": e.Key, "partner": f.Partner.Code,
		"order": "", "amount": "", "currency": "", "subid": "", "status": "", "level": "", "commission": "",
		"payment": ""}
	if f.Order != nil {
		p["order"] = f.Order.Number
	}
	if c := f.Commission; c != nil {
		p["commission"], p["level"], p["status"], p["subid"] = fmt.Sprint(c.ID), fmt.Sprint(c.Level), c.Status, c.SubID
		p["amount"], p["currency"] = money.Decimal(c.Amount, c.Currency), string(c.Currency)
	}
	if m := f.Payment; m != nil {
		p["payment"], p["amount"], p["currency"] = fmt.Sprint(m.ID), money.Decimal(m.Amount, m.Currency),
			string(m.Currency)
	}
	return p
}

// Placeholders are the names that a postback's URL can hold in braces.
func Placeholders() []string {
	return []string{"event", "id", "order", "commission", "amount", "currency", "status", "level", "subid", "partner",
		"payment"}
}
