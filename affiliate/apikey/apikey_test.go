package apikey_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
)

var start = time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)

type world struct {
	*testing.T
	*apikey.Keys
	db     *db.Handle
	clock  *clock.Fake
	nonces map[string]bool
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, db: dbtest.New(t), clock: clock.NewFake(start), nonces: map[string]bool{}}
	ring := keyring.New(w.db, w.clock.Now, [32]byte{1}, slog.New(slog.DiscardHandler))
	w.Keys = apikey.NewKeys(w.db, w.clock.Now, ring, func(_ context.Context, nonce string, _ time.Time) (bool, error) {
		seen := w.nonces[nonce]
		w.nonces[nonce] = true
		return seen, nil
	})
	return w
}

func (w *world) key(scopes string) (apikey.Key, string) {
	w.Helper()
	key, secret, err := w.Create(w.Context(), "admin", apikey.Key{Kind: apikey.Site, Name: "Shop", ScopeList: scopes})
	if err != nil {
		w.Fatal(err)
	}
	return key, secret
}

var order = apikey.Call{Method: "POST", Target: "/api/v1/orders?dry_run=1", Body: []byte(`{"a":1}`)}

// Spec: B14.2
func TestSignedCall(t *testing.T) {
	w := newWorld(t)
	key, secret := w.key("orders:write")
	got, err := w.Verify(t.Context(), apikey.Sign(key.Public, secret, order, start), order)
	if err != nil || got.ID != key.ID || !got.May(apikey.WriteOrders) || got.May(apikey.ReadOrders) {
		t.Fatalf("%+v, %v", got, err)
	}
	var rows []string
	if err := w.db.Select(t.Context(), &rows,
		`SELECT CONCAT_WS(' ', public_id, name, scopes, created_by) FROM {wp}partner_center_api_keys`); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(row, secret) {
			t.Error("the secret is stored")
		}
	}
}

// Spec: B14.2
func TestRefusedCalls(t *testing.T) {
	w := newWorld(t)
	key, secret := w.key("orders:write")
	other, _ := w.key("orders:write")
	pixel, pixelSecret, err := w.Create(t.Context(), "admin", apikey.Key{Kind: apikey.Pixel, Name: "Cart"})
	if err != nil {
		t.Fatal(err)
	}
	gone, goneSecret := w.key("orders:write")
	if err := w.Revoke(t.Context(), "admin", gone.ID); err != nil {
		t.Fatal(err)
	}
	changed := func(change func(c *apikey.Call)) apikey.Call { c := order; change(&c); return c }
	good := apikey.Sign(key.Public, secret, order, start)
	for name, try := range map[string]struct {
		header string
		call   apikey.Call
		says   string
	}{
		"unsigned":       {"", order, "Sign the call"},
		"another scheme": {"Bearer " + secret, order, "Sign the call"},
		"without nonce":  {strings.Replace(good, "nonce", "once", 1), order, `no "nonce"`},
		"a field twice":  {good + ", key=" + other.Public, order, "twice"},
		"a made-up key":  {apikey.Sign("pk_nobody", secret, order, start), order, "no API key"},
		"a revoked key":  {apikey.Sign(gone.Public, goneSecret, order, start), order, "revoked"},
		"a pixel's key":  {apikey.Sign(pixel.Public, pixelSecret, order, start), order, "belongs to a pixel"},
		"another secret": {apikey.Sign(other.Public, secret, order, start), order, "signature is wrong"},
		"another method": {good, changed(func(c *apikey.Call) { c.Method = "PUT" }), "signature is wrong"},
		"another query": {good, changed(func(c *apikey.Call) { c.Target = "/api/v1/orders" }),
			"signature is wrong"},
		"another body": {good, changed(func(c *apikey.Call) { c.Body = []byte(`{"a":2}`) }), "signature is wrong"},
		"too old": {apikey.Sign(key.Public, secret, order, start.Add(-301*time.Second)), order,
			"-301 seconds"},
		"from the future":  {apikey.Sign(key.Public, secret, order, start.Add(301*time.Second)), order, "301 seconds"},
		"an oversized key": {apikey.Sign(strings.Repeat("k", 2000), secret, order, start), order, "too long"},
		"an oversized once": {strings.Replace(good, "nonce=", "nonce="+strings.Repeat("x", 65), 1), order,
			"nonce must be"},
	} {
		_, err := w.Verify(t.Context(), try.header, try.call)
		var refusal *apikey.Refusal
		if !errors.As(err, &refusal) || !strings.Contains(err.Error(), try.says) {
			t.Errorf("%s: %v, want %q", name, err, try.says)
		}
	}
	if _, err := w.Verify(t.Context(), good, order); err != nil {
		t.Errorf("the genuine one: %v", err)
	}
	if _, err := w.Verify(t.Context(), good, order); err == nil || !strings.Contains(err.Error(), "made before") {
		t.Errorf("its copy: %v", err)
	}
}

// Spec: B12, B14
func TestKeysAreAudited(t *testing.T) {
	w := newWorld(t)
	key, _ := w.key("orders:write")
	for range 2 {
		if err := w.Revoke(t.Context(), "eve", key.ID); err != nil {
			t.Fatal(err)
		}
	}
	records, err := affiliate.NewRegistry(w.db, w.clock.Now).History(t.Context(), "api key", int64(key.ID), 0, 10)
	if err != nil || len(records) != 2 || records[0].Action != "revoke" || records[0].Actor != "eve" ||
		records[1].Action != "create" {
		t.Errorf("%+v, %v", records, err)
	}
}

func TestKeysNeedNameAndScopes(t *testing.T) {
	w := newWorld(t)
	for field, wanted := range map[string]apikey.Key{
		"name":    {Kind: apikey.Site, ScopeList: "orders:read"},
		"scopes":  {Kind: apikey.Site, Name: "Shop"},
		"kind":    {Kind: "other", Name: "Shop"},
		"partner": {Kind: apikey.Site, Name: "Shop", ScopeList: "orders:read", PartnerID: 7},
	} {
		var e *affiliate.Error
		if _, _, err := w.Create(t.Context(), "admin", wanted); !errors.As(err, &e) || e.Fields[field].IsZero() {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// Spec: B14.2
func TestRepeatIsToldTheStoredAnswer(t *testing.T) {
	w := newWorld(t)
	begin := func(c apikey.Call) (*apikey.Answer, error) { return w.Begin(t.Context(), 1, "k-1", c) }
	if a, err := begin(order); a != nil || err != nil {
		t.Fatalf("%v, %v", a, err)
	}
	if _, err := begin(order); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("meanwhile: %v", err)
	}
	if err := w.Finish(t.Context(), 1, "k-1", apikey.Answer{Status: 200, Body: "{}"}); err != nil {
		t.Fatal(err)
	}
	if a, err := begin(order); err != nil || a == nil || *a != (apikey.Answer{Status: 200, Body: "{}"}) {
		t.Errorf("%v, %v", a, err)
	}
	other := order
	other.Body = []byte("x")
	if _, err := begin(other); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("another call: %v", err)
	}
	w.clock.Advance(49 * time.Hour)
	if err := w.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, err := begin(other); a != nil || err != nil {
		t.Errorf("two days later: %v, %v", a, err)
	}
	w.clock.Advance(2 * time.Minute) // its sidecar has died
	if a, err := begin(other); a != nil || err != nil {
		t.Errorf("after a crash: %v, %v", a, err)
	}
	if err := w.Forget(t.Context(), 1, "k-1"); err != nil {
		t.Fatal(err)
	}
	if a, err := begin(order); a != nil || err != nil {
		t.Errorf("after a failure: %v, %v", a, err)
	}
}
