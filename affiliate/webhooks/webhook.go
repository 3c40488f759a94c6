package webhooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/locale"
)

// WebhookID is the row of a Webhook.
type WebhookID = affiliate.ID[Webhook]

// Kind is how an address is told.
type Kind string

// The kinds.
const (
	Posted   Kind = "webhook"  // a signed POST with JSON
	Postback Kind = "postback" // a GET of a partner's URL with placeholders filled in
)

// Webhook is an address that is told of events.
type Webhook struct {
	ID        WebhookID           `db:"id"`
	Code      string              `db:"code"` // random: its secret is derived from it
	Kind      Kind                `db:"kind"`
	Name      string              `db:"name"`
	PartnerID affiliate.PartnerID `db:"partner_id"` // of a postback
	URL       string              `db:"url"`
	EventList string              `db:"events"` // separated by blanks
	RingKey   int                 `db:"ring_key"`
	Failures  int                 `db:"failures"` // one after the other, up to now
	RetryAt   *time.Time          `db:"retry_at"`
	CreatedBy affiliate.Actor     `db:"created_by"`
	CreatedAt time.Time           `db:"created_at"`
	RemovedAt *time.Time          `db:"removed_at"`
}

// Events are those it is told of.
func (w Webhook) Events() []EventType {
	list := []EventType{}
	for _, e := range strings.Fields(w.EventList) {
		list = append(list, EventType(e))
	}
	return list
}

// hears tells whether the address is told of an event: a postback only of its
// partner's.
func (w Webhook) hears(e Event) bool {
	return slices.Contains(w.Events(), e.Type) && (w.PartnerID == 0 || w.PartnerID == e.Facts.Partner.ID)
}

const (
	webhookColumns = `id, code, kind, name, partner_id, url, events, ring_key, failures,
		retry_at, created_by, created_at, removed_at`
	purpose = "webhook" // of our own keys
	maxName = 100       // characters of the column
	maxURL  = 2000
)

// Create adds an address. wanted gives Kind, Name, PartnerID, URL and EventList.
//
// Errors: KindInvalid by the fields name, url, events and partner.
func (o *Outbox) Create(ctx context.Context, actor affiliate.Actor, wanted Webhook) (made Webhook, err error) {
	wanted.Name, wanted.URL = affiliate.Line(wanted.Name), strings.TrimSpace(wanted.URL)
	if err := wanted.check(); err != nil {
		return made, err
	}
	ring, err := o.ring.Newest(ctx, purpose)
	if err != nil {
		return made, err
	}
	wanted.RingKey, wanted.CreatedBy, wanted.CreatedAt = ring.ID, actor, o.now()
	err = o.db.Tx(ctx, func(tx *db.Tx) error {
		made = wanted
		made.Code = affiliate.NewCode() + affiliate.NewCode()
		res, err := tx.Exec(ctx, `/* webhooks.Create */
			INSERT INTO {wp}partner_center_webhooks (code, kind, name, partner_id, url, events, ring_key,
			created_by, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, made.Code, made.Kind, made.Name, made.PartnerID, made.URL,
			made.EventList, made.RingKey, actor, made.CreatedAt)
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		made.ID = WebhookID(id)
		return affiliate.Audit(ctx, tx, o.now(), affiliate.AuditEntry{Actor: actor, Action: "create", Object: "webhook",
			ObjectID: id, After: made.audited()})
	})
	return made, err
}

func (w Webhook) audited() map[string]any {
	return map[string]any{"kind": w.Kind, "name": w.Name, "partner_id": w.PartnerID, "url": w.URL,
		"events": w.EventList}
}

func (w Webhook) check() error {
	p := affiliate.Problems{}
	p.Check(w.Name != "" && utf8.RuneCountInString(w.Name) <= maxName, "name",
		"Please enter a name of at most %d characters.", maxName)
	p.Check(w.Kind == Posted || w.Kind == Postback, "kind", "Choose webhook or postback.")
	p.Check((w.Kind == Postback) == (w.PartnerID != 0), "partner",
		"A postback belongs to a partner; a webhook belongs to the site.")
	p.Check(len(w.Events()) > 0, "events", "Choose at least one event.")
	for _, e := range w.Events() {
		p.Check(slices.Contains(EventTypes, e), "events", "There is no event %q.", e)
		p.Check(w.Kind == Posted || !strings.HasPrefix(string(e), "partner."), "events",
			"Postbacks are about commissions and payments only.")
	}
	if problem := w.checkURL(); !problem.IsZero() {
		p.Say("url", problem)
	}
	return p.Err()
}

var placeholder = regexp.MustCompile(`\{([a-z_]*)\}`)

// checkURL tells what is wrong with the address; "" is nothing. Placeholders
// stand in path and query only: a value must not choose the host.
func (w Webhook) checkURL() locale.Text {
	text := w.URL
	if w.Kind == Postback {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Placeholders(), m[1]) {
				return locale.T("There is no placeholder {%s}. Use %s.", m[1],
					"{"+strings.Join(Placeholders(), "}, {")+"}")
			}
		}
		text = placeholder.ReplaceAllString(text, "x")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" ||
		strings.ContainsAny(text, "{} \t\r\n"):
		return locale.T("Please enter a full address, such as https://example.com/hook.")
	case len(w.URL) > maxURL:
		return locale.T("Please use an address of at most 2000 characters.")
	case u.User != nil:
		return locale.T("Please leave user name and password out of the address.")
	case w.Kind == Postback && strings.Contains(hostOf(w.URL), "{"):
		return locale.T("Placeholders can stand in the path and the query only.")
	}
	return locale.Text{}
}

// hostOf is the host part of an address.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		return rest[:at]
	}
	return rest
}

// Secret is what the receiver of a webhook checks signatures with, in the form
// of the Standard Webhooks libraries.
func (o *Outbox) Secret(ctx context.Context, w Webhook) (string, error) {
	key, err := o.signingKey(ctx, w)
	return "whsec_" + base64.StdEncoding.EncodeToString(key), err
}

func (o *Outbox) signingKey(ctx context.Context, w Webhook) ([]byte, error) {
	ring, ok, err := o.ring.ByID(ctx, o.db, purpose, w.RingKey)
	if err == nil && !ok {
		err = fmt.Errorf(
			"the secret key that webhook %d was made with cannot be opened: remove it and add it again", w.ID)
	}
	h := hmac.New(sha256.New, ring.Secret[:])
	h.Write([]byte("partner-center webhook v1\n" + w.Code))
	return h.Sum(nil), err
}

// Remove ends an address; what waits for it is dropped.
func (o *Outbox) Remove(ctx context.Context, actor affiliate.Actor, id WebhookID) error {
	return o.db.Tx(ctx, func(tx *db.Tx) error {
		w, err := find(ctx, tx, `id = ? FOR UPDATE`, id)
		if err != nil || w.RemovedAt != nil {
			return err
		}
		if _, err := tx.Exec(ctx,
			`/* webhooks.Remove */ UPDATE {wp}partner_center_webhooks SET removed_at = ? WHERE id = ?`, o.now(),
			id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `/* webhooks.Remove */
			UPDATE {wp}partner_center_webhook_deliveries SET state = 'dropped' WHERE webhook_id = ?
			AND state IN ('queued', 'claimed')`, id); err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, o.now(), affiliate.AuditEntry{Actor: actor, Action: "remove", Object: "webhook",
			ObjectID: int64(id), Before: w.audited()})
	})
}

// List are the addresses in force, newest first.
func (o *Outbox) List(ctx context.Context) ([]Webhook, error) { return inForce(ctx, o.db) }

// Find is an address in force; Missing when there is none.
func (o *Outbox) Find(ctx context.Context, id WebhookID) (Webhook, error) {
	return find(ctx, o.db, `removed_at IS NULL AND id = ?`, id)
}

func inForce(ctx context.Context, q db.Queryer) ([]Webhook, error) {
	all := []Webhook{}
	err := q.Select(ctx, &all, `/* webhooks.inForce */
		SELECT `+webhookColumns+` FROM {wp}partner_center_webhooks WHERE removed_at IS NULL ORDER BY id DESC`)
	return all, err
}

func find(ctx context.Context, q db.Queryer, where string, args ...any) (Webhook, error) {
	var w Webhook
	err := q.Get(ctx, &w, `/* webhooks.find */ SELECT `+webhookColumns+` FROM {wp}partner_center_webhooks WHERE `+where,
		args...)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such webhook.")
	}
	return w, err
}
