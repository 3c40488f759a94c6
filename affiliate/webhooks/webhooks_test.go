package webhooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/webhooks"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

var start = time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)

// receiver is another program; it answers what it is told to.
type receiver struct {
	*httptest.Server
	lock   sync.Mutex
	answer func(*http.Request) int
	got    []heard
}

type heard struct {
	header http.Header
	uri    string
	body   string
}

type world struct {
	*testing.T
	*webhooks.Outbox
	db    *db.Handle
	clock *clock.Fake
	there *receiver
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, db: dbtest.New(t), clock: clock.NewFake(start),
		there: &receiver{answer: func(*http.Request) int { return 204 }}}
	w.there.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.there.lock.Lock()
		defer w.there.lock.Unlock()
		w.there.got = append(w.there.got, heard{r.Header, r.RequestURI, string(body)})
		out.WriteHeader(w.there.answer(r))
	}))
	t.Cleanup(w.there.Close)
	w.Outbox = w.outbox(w.there.Client())
	return w
}

func (w *world) outbox(client *http.Client) *webhooks.Outbox {
	ring := keyring.New(w.db, w.clock.Now, [32]byte{1}, slog.New(slog.DiscardHandler))
	return webhooks.NewOutbox(w.db, w.clock.Now, ring, client)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) webhook(events string) webhooks.Webhook {
	w.Helper()
	made, err := w.Create(w.Context(), "admin", webhooks.Webhook{Kind: webhooks.Posted, Name: "CRM", URL: w.there.URL +
		"/hook", EventList: events})
	w.must(err)
	return made
}

func (w *world) postback(partner affiliate.PartnerID, query string) webhooks.Webhook {
	w.Helper()
	made, err := w.Create(w.Context(), "admin", webhooks.Webhook{Kind: webhooks.Postback, PartnerID: partner,
		Name: "Tracker",
		URL:  w.there.URL + "/pb?" + query, EventList: "commission.earned"})
	w.must(err)
	return made
}

func (w *world) publish(events ...webhooks.Event) {
	w.Helper()
	w.must(w.db.Tx(w.Context(), func(tx *db.Tx) error { return w.Publish(w.Context(), tx, events...) }))
}

// deliver works until nothing is due.
func (w *world) deliver() {
	w.Helper()
	for more := true; more; {
		var err error
		more, err = w.Deliver(w.Context())
		w.must(err)
	}
}

// heard are the ids of what has arrived.
func (w *world) heard() []string {
	ids := []string{}
	for _, h := range w.there.got {
		ids = append(ids, h.header.Get("webhook-id"))
	}
	return ids
}

func event(kind webhooks.EventType, commission int64, key string) webhooks.Event {
	return webhooks.Event{Type: kind, Object: "commission", ObjectID: commission, Key: key, Facts: webhooks.Facts{
		Partner: webhooks.PartnerFacts{ID: 7, Code: "anna"},
		Order:   &webhooks.OrderFacts{ID: 5, Source: "shop", ExternalID: "x-5", Number: "A 5&6"},
		Commission: &webhooks.CommissionFacts{ID: commission, Level: 1, Amount: money.MustParse("6.96"),
			Currency: "USD",
			Status:   "pending", SubID: "news/July 1", OccurredAt: start},
	}}
}

// Spec: B14.3
func TestWebhookIsSigned(t *testing.T) {
	w := newWorld(t)
	hook := w.webhook("commission.earned commission.approved")
	w.publish(event(webhooks.CommissionEarned, 1, "e-1"), event(webhooks.CommissionCanceled, 1, "e-2"))
	w.publish(event(webhooks.CommissionEarned, 1, "e-1")) // once more
	w.deliver()
	w.deliver()
	if got := w.heard(); !slices.Equal(got, []string{"e-1"}) {
		t.Fatalf("arrived: %v", got)
	}
	h := w.there.got[0]
	secret, err := w.Secret(t.Context(), hook)
	w.must(err)
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	w.must(err)
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "e-1.%s.%s", h.header.Get("webhook-timestamp"), h.body)
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.header.Get("webhook-signature") != want ||
		h.header.Get("webhook-timestamp") != "1782900000" {
		t.Errorf("signed %v, want %s", h.header, want)
	}
	var body struct {
		Type string
		Data webhooks.Facts
	}
	if err := json.Unmarshal([]byte(h.body), &body); err != nil || body.Type != "commission.earned" ||
		body.Data.Commission.Amount.String() != "6.96" {
		t.Errorf("%s, %v", h.body, err)
	}
}

// Spec: B14.3
func TestPostbackOfAPartner(t *testing.T) {
	w := newWorld(t)
	w.postback(7, "o={order}&a={amount}{currency}&s={subid}&e={event}&x={payment}")
	w.postback(8, "of=another")
	w.publish(event(webhooks.CommissionEarned, 1, "e-1"))
	w.deliver()
	if len(w.there.got) != 1 ||
		w.there.got[0].uri != "/pb?o=A%205%266&a=6.96USD&s=news%2FJuly%201&e=commission.earned&x=" {
		t.Errorf("%+v", w.there.got)
	}
}

// A failed delivery is repeated with growing pauses and holds back the later
// events of its object, and no other's.
//
// Spec: B14.3
func TestOrderAndRetries(t *testing.T) {
	w := newWorld(t)
	w.webhook("commission.earned commission.approved")
	w.there.answer = func(r *http.Request) int {
		if r.Header.Get("webhook-id") == "one-a" && len(w.there.got) < 3 {
			return 500
		}
		return 200
	}
	w.publish(event(webhooks.CommissionEarned, 1, "one-a"), event(webhooks.CommissionEarned, 2, "two-a"))
	w.publish(event(webhooks.CommissionApproved, 1, "one-b"))
	w.deliver()
	if got := w.heard(); !slices.Equal(got, []string{"one-a"}) {
		t.Fatalf("at first: %v", got)
	}
	w.clock.Advance(9 * time.Second)
	w.deliver()
	w.clock.Advance(time.Second)
	w.deliver()
	if got := w.heard(); !slices.Equal(got, []string{"one-a", "two-a", "one-a", "one-b"}) &&
		!slices.Equal(got, []string{"one-a", "two-a", "one-a"}) {
		t.Fatalf("then: %v", got)
	}
	w.clock.Advance(time.Minute)
	w.deliver()
	if got := w.heard(); got[len(got)-1] != "one-b" || got[len(got)-2] != "one-a" || slices.Index(got, "two-a") < 0 {
		t.Errorf("in the end: %v", got)
	}
}

// Spec: B14.3
func TestGivenUpAndSentAgain(t *testing.T) {
	w := newWorld(t)
	w.webhook("commission.earned commission.approved")
	w.there.answer = func(*http.Request) int { return 410 }
	w.publish(event(webhooks.CommissionEarned, 1, "one-a"))
	for range 12 {
		w.deliver()
		w.clock.Advance(25 * time.Hour)
	}
	log, err := w.Deliveries(t.Context(), 10)
	if err != nil || len(log) != 1 || log[0].State != webhooks.Dead || log[0].Status != 410 || log[0].Attempts != 10 ||
		len(w.there.got) != 10 {
		t.Fatalf("%+v, %v; %d calls", log, err, len(w.there.got))
	}
	w.there.answer = func(*http.Request) int { return 200 }
	w.must(w.Again(t.Context(), "admin", log[0].ID))
	w.deliver()
	if log, _ = w.Deliveries(t.Context(), 10); log[0].State != webhooks.Done || len(w.there.got) != 11 {
		t.Errorf("%+v, %d calls", log, len(w.there.got))
	}
	w.clock.Advance(31 * 24 * time.Hour)
	w.must(w.Prune(t.Context()))
	if log, _ = w.Deliveries(t.Context(), 10); len(log) != 0 {
		t.Errorf("still listed: %+v", log)
	}
}

// Several sidecars at once deliver each event once; what one leaves unfinished
// is taken up again.
//
// Spec: B14
func TestSeveralAtOnceAndACrash(t *testing.T) {
	w := newWorld(t)
	w.webhook("commission.earned")
	events := []webhooks.Event{}
	for i := range 40 {
		events = append(events, event(webhooks.CommissionEarned, int64(i), fmt.Sprintf("e-%d", i)))
	}
	w.publish(events...)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 40 {
				if _, err := w.Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got := w.heard()
	slices.Sort(got)
	if len(got) != 40 || len(slices.Compact(got)) != 40 {
		t.Errorf("%d calls", len(got))
	}
	w.publish(event(webhooks.CommissionEarned, 99, "late"))
	if _, err := w.db.Exec(t.Context(),
		`UPDATE {wp}partner_center_webhook_deliveries SET state = 'claimed', next_at = ? WHERE event_key = 'late'`,
		start.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	if len(w.there.got) != 40 {
		t.Fatal("delivered though claimed")
	}
	w.clock.Advance(time.Minute)
	w.deliver()
	if len(w.there.got) != 41 {
		t.Error("not taken up again")
	}
}

// Addresses in private networks are refused when they are dialled.
//
// Spec: B14
func TestPrivateNetworksAreOutOfReach(t *testing.T) {
	w := newWorld(t)
	w.Outbox = w.outbox(webhooks.PublicClient())
	w.webhook("commission.earned")
	w.publish(event(webhooks.CommissionEarned, 1, "e-1"))
	w.deliver()
	log, err := w.Deliveries(t.Context(), 10)
	if err != nil || len(w.there.got) != 0 || !strings.Contains(log[0].Error, "private network") {
		t.Errorf("%+v, %v", log, err)
	}
}

// An event that is undone with its transaction was never told.
//
// Spec: B14
func TestEventsBelongToTheirTransaction(t *testing.T) {
	w := newWorld(t)
	w.webhook("commission.earned")
	undone := errors.New("undone")
	err := w.db.Tx(t.Context(), func(tx *db.Tx) error {
		if err := w.Publish(context.WithoutCancel(t.Context()), tx,
			event(webhooks.CommissionEarned, 1, "e-1")); err != nil {
			return err
		}
		return undone
	})
	w.deliver()
	if !errors.Is(err, undone) || len(w.there.got) != 0 {
		t.Errorf("%v, %d calls", err, len(w.there.got))
	}
}

func TestAddressesAreChecked(t *testing.T) {
	w := newWorld(t)
	hook := webhooks.Webhook{Kind: webhooks.Posted, Name: "CRM", URL: "https://crm.test/hook",
		EventList: "commission.earned"}
	back := webhooks.Webhook{Kind: webhooks.Postback, PartnerID: 7, Name: "T", URL: "https://t.test/?o={order}",
		EventList: "commission.earned"}
	for name, try := range map[string]struct {
		field  string
		from   webhooks.Webhook
		change func(*webhooks.Webhook)
	}{
		"no name":               {"name", hook, func(w *webhooks.Webhook) { w.Name = " " }},
		"no scheme":             {"url", hook, func(w *webhooks.Webhook) { w.URL = "crm.test" }},
		"another scheme":        {"url", hook, func(w *webhooks.Webhook) { w.URL = "file:///etc/passwd" }},
		"a password":            {"url", hook, func(w *webhooks.Webhook) { w.URL = "https://a:b@crm.test/" }},
		"too long":              {"url", hook, func(w *webhooks.Webhook) { w.URL += strings.Repeat("x", 2000) }},
		"no event":              {"events", hook, func(w *webhooks.Webhook) { w.EventList = "" }},
		"a made-up event":       {"events", hook, func(w *webhooks.Webhook) { w.EventList = "all" }},
		"a partner's webhook":   {"partner", hook, func(w *webhooks.Webhook) { w.PartnerID = 7 }},
		"a postback of nobody":  {"partner", back, func(w *webhooks.Webhook) { w.PartnerID = 0 }},
		"others' events":        {"events", back, func(w *webhooks.Webhook) { w.EventList = "partner.applied" }},
		"a made-up placeholder": {"url", back, func(w *webhooks.Webhook) { w.URL = "https://t.test/?e={email}" }},
		"a chosen host":         {"url", back, func(w *webhooks.Webhook) { w.URL = "https://{subid}.test/" }},
	} {
		wanted := try.from
		try.change(&wanted)
		var e *affiliate.Error
		if _, err := w.Create(t.Context(), "admin", wanted); !errors.As(err, &e) || e.Fields[try.field].IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	made, err := w.Create(t.Context(), "admin", back)
	w.must(err)
	w.publish(event(webhooks.CommissionEarned, 1, "e-1"))
	w.must(w.Remove(t.Context(), "admin", made.ID))
	w.publish(event(webhooks.CommissionEarned, 1, "e-2"))
	if log, err := w.Deliveries(t.Context(), 10); err != nil || len(log) != 1 || log[0].State != webhooks.Dropped {
		t.Errorf("%+v, %v", log, err)
	}
}
