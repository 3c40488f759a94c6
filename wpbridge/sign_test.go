package wpbridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnercenter/clock"
)

var signTime = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// pair is a plugin and a sidecar with one key and clocks of their own.
type pair struct {
	caller, callee *Signer
	theirs, ours   *clock.Fake
	nonces         map[string]time.Time
}

func newPair() *pair {
	p := &pair{theirs: clock.NewFake(signTime), ours: clock.NewFake(signTime), nonces: map[string]time.Time{}}
	key := must(ParsePairingKey(strings.Repeat("k", 32), "wp_"))
	p.caller = NewSigner(key, p.theirs.Now, nil)
	p.callee = NewSigner(key, p.ours.Now, func(_ context.Context, nonce string, until time.Time) (bool, error) {
		_, seen := p.nonces[nonce]
		p.nonces[nonce] = until
		return seen, nil
	})
	return p
}

// call makes a signed request and turns it into the one that comes in.
func (p *pair) call(method, target, body string) *http.Request {
	out := httptest.NewRequest(method, target, nil)
	out.RequestURI = "" // a client's request has none
	out.Header.Set("PC-Surface", "theme https://example.test/partners/")
	out.Header.Set("Cookie", "wordpress_logged_in_x=1; pc_click=2")
	out.Header.Set("Origin", "https://example.test")
	p.caller.Sign(out, []byte(body))
	in := httptest.NewRequest(method, target, strings.NewReader(body))
	in.Header = out.Header
	return in
}

func TestSignedCallIsAccepted(t *testing.T) {
	p := newPair()
	for _, method := range []string{"GET", "POST"} {
		if err := p.callee.Verify(p.call(method, "/partner-center/earnings?from=2026-01-01&q=a%20b", "x=1"),
			[]byte("x=1")); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestSignatureCoversTheCall(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"method":       func(r *http.Request) { r.Method = "PUT" },
		"path":         func(r *http.Request) { r.RequestURI = "/partner-center/admin?x=1" },
		"query":        func(r *http.Request) { r.RequestURI = "/p?x=2" },
		"time":         func(r *http.Request) { r.Header.Set("PC-Time", fmt.Sprint(signTime.Unix()+1)) },
		"nonce":        func(r *http.Request) { r.Header.Set("PC-Nonce", strings.Repeat("0", 32)) },
		"user":         func(r *http.Request) { r.Header.Set("PC-User", "1") },
		"surface":      func(r *http.Request) { r.Header.Set("PC-Surface", "admin") },
		"cookie":       func(r *http.Request) { r.Header.Del("Cookie") },
		"added cookie": func(r *http.Request) { r.Header.Add("Cookie", "wordpress_logged_in_x=2") },
		"origin":       func(r *http.Request) { r.Header.Set("Origin", "https://evil.test") },
		"client":       func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") },
	} {
		p := newPair()
		req := p.call("POST", "/p?x=1", "body")
		change(req)
		if err := p.callee.Verify(req, []byte("body")); !errors.Is(err, ErrSignature) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
	p := newPair()
	if err := p.callee.Verify(p.call("POST", "/p", "amount=1"), []byte("amount=9")); !errors.Is(err, ErrSignature) {
		t.Errorf("body changed: %v", err)
	}
	other := NewSigner(PairingKey{1}, p.ours.Now, nil)
	if err := other.Verify(p.call("GET", "/p", ""), nil); !errors.Is(err, ErrSignature) {
		t.Errorf("other key: %v", err)
	}
}

func TestUnsignedCall(t *testing.T) {
	if err := newPair().callee.Verify(httptest.NewRequest("GET", "/p", nil), nil); !errors.Is(err, ErrUnsigned) {
		t.Errorf("got %v", err)
	}
}

func TestSkewedClocks(t *testing.T) {
	for _, by := range []time.Duration{MaxSkew, -MaxSkew} {
		p := newPair()
		p.theirs.Advance(by)
		if err := p.callee.Verify(p.call("GET", "/p", ""), nil); err != nil {
			t.Errorf("%v: %v", by, err)
		}
		p.theirs.Advance(by / 300) // one second more
		err := p.callee.Verify(p.call("GET", "/p", ""), nil)
		var skew *SkewError
		if !errors.As(err, &skew) || skew.By != by+by/300 || !strings.Contains(err.Error(), "301 seconds") {
			t.Errorf("%v and a second: %v", by, err)
		}
	}
}

func TestReplayedCall(t *testing.T) {
	p := newPair()
	p.theirs.Advance(time.Minute)
	post := p.call("POST", "/p", "")
	if err := p.callee.Verify(post, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.callee.Verify(post, nil); !errors.Is(err, ErrReplayed) {
		t.Errorf("second time: %v", err)
	}
	if until := p.nonces[post.Header.Get("PC-Nonce")]; !until.Equal(signTime.Add(time.Minute + MaxSkew)) {
		t.Errorf("nonce kept until %v, but the call is good until %v", until, signTime.Add(time.Minute+MaxSkew))
	}
	get := p.call("GET", "/p", "")
	for range 2 {
		if err := p.callee.Verify(get, nil); err != nil {
			t.Errorf("a page asked for twice: %v", err)
		}
	}
}

func TestNonceStoreFailure(t *testing.T) {
	p := newPair()
	down := errors.New("database away")
	p.callee.seen = func(context.Context, string, time.Time) (bool, error) { return false, down }
	if err := p.callee.Verify(p.call("POST", "/p", ""), nil); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

// The plugin signs with these very lines; PHP is asked for the result.
func TestSignatureIsTheOneOfPHP(t *testing.T) {
	p := newPair()
	req := p.call("POST", "/partner-center/profile?tab=a%20b", "name=J%C3%BCrgen")
	want := php(t, `
		$pairing = hash_hkdf('sha256', str_repeat('k', 32), 32, 'partner-center given v1', 'wp_');
		$key = hash_hkdf('sha256', $pairing, 32, 'partner-center calls v1');
		echo hash_hmac('sha256', implode("\n", [
			'pc1', 'POST', '/partner-center/profile?tab=a%20b', $argv[1], $argv[2], hash('sha256', 'name=J%C3%BCrgen'),
			'pc-surface:theme https://example.test/partners/', 'pc-user:', 'x-forwarded-host:', 'x-forwarded-proto:',
			'x-forwarded-for:', 'origin:https://example.test', 'sec-fetch-site:', 'cookie:wordpress_logged_in_x=1; pc_click=2',
		]), $key);`, req.Header.Get("PC-Time"), req.Header.Get("PC-Nonce"))
	if got := req.Header.Get("PC-Signature"); got != want {
		t.Errorf("signature %s, PHP makes %s", got, want)
	}
}
