package webhooks

import (
	"context"
	"encoding/json"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// DeliveryID is the row of a Delivery.
type DeliveryID = affiliate.ID[Delivery]

// State is where a delivery stands.
type State string

// The states.
const (
	Queued  State = "queued"  // waits until NextAt, and for those before it
	Claimed State = "claimed" // on its way; taken up again at NextAt
	Done    State = "done"
	Dead    State = "dead"    // failed too often: see Again
	Dropped State = "dropped" // its address was removed
)

// Delivery is one event told to one address.
type Delivery struct {
	ID        DeliveryID `db:"id"`
	WebhookID WebhookID  `db:"webhook_id"`
	Key       string     `db:"event_key"`
	Event     EventType  `db:"event"`
	Object    string     `db:"object"`
	ObjectID  int64      `db:"object_id"`
	FactsJSON []byte     `db:"facts"`
	State     State      `db:"state"`
	Attempts  int        `db:"attempts"`
	NextAt    time.Time  `db:"next_at"`
	Status    int        `db:"status"` // what the address answered last; 0: nothing
	Error     string     `db:"error"`
	CreatedAt time.Time  `db:"created_at"`
	DoneAt    *time.Time `db:"done_at"`
}

// event is the delivery's event.
func (d Delivery) event() (Event, error) {
	e := Event{Type: d.Event, Object: d.Object, ObjectID: d.ObjectID, Key: d.Key}
	return e, json.Unmarshal(d.FactsJSON, &e.Facts)
}

// pauses after each failure; the delivery is dead after the last one, about
// three days later.
var pauses = [...]time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute,
	2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour}

const (
	claim       = 2 * time.Minute // longer than an answer takes
	maxError    = 300             // characters of the column
	kept        = 30 * 24 * time.Hour
	deliverable = `(d.state = 'queued' OR d.state = 'claimed') AND d.next_at <= ?`
)

const deliveryColumns = `d.id, d.webhook_id, d.event_key, d.event, d.object, d.object_id, d.facts,
	d.state, d.attempts, d.next_at,
	d.status, d.error, d.created_at, d.done_at`

// waiting are the addresses for which something is due, and that are not left
// alone for having failed.
func (o *Outbox) waiting(ctx context.Context) ([]Webhook, error) {
	all := []Webhook{}
	err := o.db.Select(ctx, &all, `/* webhooks.waiting */
		SELECT `+webhookColumns+` FROM {wp}partner_center_webhooks w
		WHERE w.removed_at IS NULL AND (w.retry_at IS NULL OR w.retry_at <= ?)
			AND EXISTS (SELECT 1 FROM {wp}partner_center_webhook_deliveries d WHERE d.webhook_id = w.id
			AND `+deliverable+`)
		ORDER BY w.id LIMIT 200`, o.now(), o.now())
	return all, err
}

// next is what is due for an address: of each object only the oldest event
// that is not through.
func (o *Outbox) next(ctx context.Context, w Webhook, limit int) ([]Delivery, error) {
	due := []Delivery{}
	err := o.db.Select(ctx, &due, `/* webhooks.next */
		SELECT `+deliveryColumns+` FROM {wp}partner_center_webhook_deliveries d
		WHERE d.webhook_id = ? AND `+deliverable+` AND NOT EXISTS (
			SELECT 1 FROM {wp}partner_center_webhook_deliveries e
			WHERE e.webhook_id = d.webhook_id AND e.object = d.object AND e.object_id = d.object_id
				AND e.state IN ('queued', 'claimed') AND e.id < d.id)
		ORDER BY d.next_at, d.id LIMIT ?`, w.ID, o.now(), limit)
	return due, err
}

// take claims a delivery for this sidecar; false when another has it.
func (o *Outbox) take(ctx context.Context, d *Delivery) (bool, error) {
	res, err := o.db.Exec(ctx, `/* webhooks.take */
		UPDATE {wp}partner_center_webhook_deliveries SET state = 'claimed', attempts = attempts + 1, next_at = ?
		WHERE id = ? AND attempts = ? AND state = ?`, o.now().Add(claim), d.ID, d.Attempts, d.State)
	if err != nil {
		return false, err
	}
	d.Attempts++
	n, err := res.RowsAffected()
	return n == 1, err
}

// done notes that the address has taken the delivery.
func (o *Outbox) done(ctx context.Context, w Webhook, d Delivery, status int) error {
	_, err := o.db.Exec(ctx, `/* webhooks.done */
		UPDATE {wp}partner_center_webhook_deliveries SET state = 'done', status = ?, error = '', done_at = ?
		WHERE id = ?`, status, o.now(), d.ID)
	if err != nil || w.Failures == 0 {
		return err
	}
	_, err = o.db.Exec(ctx,
		`/* webhooks.done */ UPDATE {wp}partner_center_webhooks SET failures = 0, retry_at = NULL WHERE id = ?`, w.ID)
	return err
}

// failed notes why it has not, and leaves the address alone for a while.
func (o *Outbox) failed(ctx context.Context, w Webhook, d Delivery, status int, cause string) error {
	state, next := Dead, o.now()
	if d.Attempts <= len(pauses) {
		state, next = Queued, o.now().Add(pauses[d.Attempts-1])
	}
	_, err := o.db.Exec(ctx, `/* webhooks.failed */
		UPDATE {wp}partner_center_webhook_deliveries SET state = ?, next_at = ?, status = ?, error = ? WHERE id = ?
		AND attempts = ? AND state = 'claimed'`,
		state, next, status, affiliate.Cut(affiliate.Line(cause), maxError), d.ID, d.Attempts)
	if err != nil {
		return err
	}
	pause := pauses[min(w.Failures, 3)] // at most half an hour, for the events that come meanwhile
	_, err = o.db.Exec(ctx, `/* webhooks.failed */
		UPDATE {wp}partner_center_webhooks SET failures = failures + 1, retry_at = ? WHERE id = ?`,
		o.now().Add(pause), w.ID)
	return err
}

// Again delivers once more, at once, what is dead, was done, or waits.
func (o *Outbox) Again(ctx context.Context, actor affiliate.Actor, id DeliveryID) error {
	return o.db.Tx(ctx, func(tx *db.Tx) error {
		var d Delivery
		err := tx.Get(ctx, &d, `/* webhooks.Again */
			SELECT `+deliveryColumns+` FROM {wp}partner_center_webhook_deliveries d WHERE d.id = ? FOR UPDATE`, id)
		if db.NoRows(err) {
			return affiliate.Missing("There is no such delivery.")
		}
		if err != nil {
			return err
		}
		if d.State == Dropped {
			return affiliate.Conflict("The address of this delivery was removed.")
		}
		if d.State == Claimed {
			return affiliate.Conflict("This is being delivered right now.")
		}
		if _, err := tx.Exec(ctx, `/* webhooks.Again */
			UPDATE {wp}partner_center_webhook_deliveries SET state = 'queued', attempts = 0, next_at = ?, error = ''
			WHERE id = ?`, o.now(), id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx,
			`/* webhooks.Again */ UPDATE {wp}partner_center_webhooks SET retry_at = NULL WHERE id = ?`,
			d.WebhookID); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, o.now(), affiliate.AuditEntry{Actor: actor, Action: "again",
			Object: "webhook delivery", ObjectID: int64(id), Before: d.State, After: Queued})
	})
}

// Deliveries are the latest ones, newest first.
func (o *Outbox) Deliveries(ctx context.Context, limit int) ([]Delivery, error) {
	all := []Delivery{}
	err := o.db.Select(ctx, &all, `/* webhooks.Deliveries */
		SELECT `+deliveryColumns+` FROM {wp}partner_center_webhook_deliveries d ORDER BY d.id DESC LIMIT ?`, limit)
	return all, err
}

// Prune deletes deliveries that are through and of which nobody asks any more.
func (o *Outbox) Prune(ctx context.Context) error {
	_, err := o.db.Exec(ctx, `/* webhooks.Prune */
		DELETE FROM {wp}partner_center_webhook_deliveries WHERE state IN ('done', 'dead', 'dropped') AND next_at < ?
		LIMIT 5000`, o.now().Add(-kept))
	return err
}

// SendTest tells an address of an event that did not happen, so that an admin
// sees whether it arrives.
func (o *Outbox) SendTest(ctx context.Context, w Webhook) error {
	e := Event{Type: Test, Object: "test", Key: "test-" + affiliate.NewCode()}
	facts, err := json.Marshal(e.Facts)
	if err != nil {
		return err
	}
	now := o.now()
	_, err = o.db.Exec(ctx, `/* webhooks.SendTest */
		INSERT INTO {wp}partner_center_webhook_deliveries (webhook_id, event_key, event, object,
		object_id, facts, state, next_at, created_at)
		VALUES (?, ?, ?, ?, 0, ?, 'queued', ?, ?)`, w.ID, e.Key, e.Type, e.Object, string(facts), now, now)
	if err == nil {
		_, err = o.db.Exec(ctx,
			`/* webhooks.SendTest */ UPDATE {wp}partner_center_webhooks SET retry_at = NULL WHERE id = ?`, w.ID)
	}
	return err
}

// FailedCount is how many deliveries were given up and not sent since.
func (o *Outbox) FailedCount(ctx context.Context) (n int64, err error) {
	err = o.db.Get(ctx, &n, `/* webhooks.FailedCount */ SELECT COUNT(*) FROM {wp}partner_center_webhook_deliveries
		WHERE state = 'dead'`)
	return n, err
}
