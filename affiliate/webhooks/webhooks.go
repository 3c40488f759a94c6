// Package webhooks tells other programs what happens: webhooks of the site, and
// postbacks of partners (B14).
//
// What is told is a row written in the transaction of the event, so that
// neither is ever there without the other. It is delivered by whichever sidecar
// claims it, again and again with growing pauses, and for one object in the
// order of its events. It may arrive twice: its id tells.
//
// Tables of this package: webhooks, webhook_deliveries.
package webhooks

import (
	"net"
	"net/http"
	"time"

	"code.dny.dev/ssrf"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/keyring"
)

// Outbox holds what is to be told, on the site's database. It is safe for
// concurrent use, also by several sidecars.
type Outbox struct {
	db     *db.Handle
	now    clock.Clock
	ring   *keyring.Ring
	client *http.Client
}

// NewOutbox delivers with the given client; see PublicClient.
func NewOutbox(h *db.Handle, now clock.Clock, ring *keyring.Ring, client *http.Client) *Outbox {
	return &Outbox{db: h, now: now, ring: ring, client: client}
}

// answerTime is how long an address may take to answer.
const answerTime = 10 * time.Second

// PublicClient reaches the internet and nothing else: addresses are entered by
// people, and this machine may reach servers that they must not. The address
// is judged when it is dialled, so that no name leads elsewhere a moment later;
// redirects are not followed.
func PublicClient() *http.Client {
	dialer := &net.Dialer{Timeout: answerTime / 2, Control: ssrf.New(ssrf.WithAnyPort()).Safe}
	return &http.Client{
		Timeout: answerTime,
		Transport: &http.Transport{Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: answerTime / 2,
			MaxIdleConns: 32, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
