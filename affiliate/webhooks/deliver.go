package webhooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	"golang.org/x/sync/errgroup"
)

// How much one round does: addresses at once, and deliveries to each.
const (
	addressesAtOnce = 16
	eachAtOnce      = 8
)

// Deliver tells what is due and whether more waits. The error is the
// database's. What was begun is noted though ctx ends.
func (o *Outbox) Deliver(ctx context.Context) (more bool, err error) {
	due, err := o.waiting(ctx)
	if err != nil || len(due) == 0 {
		return false, err
	}
	full := make([]bool, len(due))
	group := errgroup.Group{}
	group.SetLimit(addressesAtOnce)
	for i, w := range due {
		group.Go(func() (err error) {
			full[i], err = o.deliverTo(ctx, w)
			return err
		})
	}
	err = group.Wait()
	for _, f := range full {
		more = more || f
	}
	return more, err
}

// deliverTo tells one address what is due, one after the other, until it fails
// or has taken long.
func (o *Outbox) deliverTo(ctx context.Context, w Webhook) (more bool, err error) {
	due, err := o.next(ctx, w, eachAtOnce)
	if err != nil {
		return false, err
	}
	began := time.Now()
	for _, d := range due {
		if ctx.Err() != nil || time.Since(began) > answerTime {
			return false, nil
		}
		if ours, err := o.take(ctx, &d); err != nil || !ours {
			return false, err
		}
		ok, err := o.deliver(ctx, w, d)
		if err != nil || !ok {
			return false, err
		}
	}
	return len(due) > 0, nil // perhaps the next event of an object
}

// deliver tells one event and notes what became of it.
func (o *Outbox) deliver(ctx context.Context, w Webhook, d Delivery) (bool, error) {
	status, cause := 0, ""
	req, err := o.request(ctx, w, d)
	if err == nil {
		status, err = o.send(req)
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	switch {
	case err != nil:
		cause = inWords(err)
	case status < 200 || status > 299:
		cause = fmt.Sprintf("The address answered %d.", status)
	default:
		return true, o.done(noting, w, d, status)
	}
	return false, o.failed(noting, w, d, status, cause)
}

// inWords says why an address cannot be reached, without the address itself.
func inWords(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		if wrapped.Timeout() {
			return "The address did not answer in time."
		}
		err = wrapped.Err
	}
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) {
		return "The address leads into a private network, which is not allowed."
	}
	return "The address cannot be reached: " + err.Error()
}

func (o *Outbox) send(req *http.Request) (status int, err error) {
	resp, err := o.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	return resp.StatusCode, nil
}

// request is the delivery as it is sent now.
func (o *Outbox) request(ctx context.Context, w Webhook, d Delivery) (*http.Request, error) {
	e, err := d.event()
	if err != nil {
		return nil, err
	}
	if w.Kind == Postback {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.filled(e), nil)
		if err == nil {
			req.Header.Set("User-Agent", userAgent)
		}
		return req, err
	}
	body, err := json.Marshal(message{ID: d.Key, Type: e.Type, Timestamp: d.CreatedAt, Data: e.Facts})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	key, err := o.signingKey(ctx, w)
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(o.now().Unix(), 10)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("webhook-id", d.Key)
	req.Header.Set("webhook-timestamp", stamp)
	req.Header.Set("webhook-signature", "v1,"+signature(key, d.Key, stamp, body))
	return req, nil
}

const userAgent = "Partner Center webhooks"

// message is the body of a webhook.
type message struct {
	ID        string    `json:"id"`
	Type      EventType `json:"type"`
	Timestamp time.Time `json:"timestamp"` // of the event
	Data      Facts     `json:"data"`
}

// signature is that of Standard Webhooks: HMAC-SHA256 of id.timestamp.body.
func signature(key []byte, id, stamp string, body []byte) string {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%s.%s", id, stamp, body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// filled is the postback's URL with the event's values, each escaped.
func (w Webhook) filled(e Event) string {
	values := e.placeholders()
	return placeholder.ReplaceAllStringFunc(w.URL, func(p string) string {
		return strings.ReplaceAll(url.QueryEscape(values[p[1:len(p)-1]]), "+", "%20")
	})
}
