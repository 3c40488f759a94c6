package wpplugin_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"partnercenter/clock"
	"partnercenter/wpbridge"
)

// standIn takes the sidecar's calls, checks that each is signed, and answers as
// the test says.
type standIn struct {
	server *httptest.Server
	signer *wpbridge.Signer

	mu     sync.Mutex
	answer http.HandlerFunc
	calls  []call
	told   int // how often of a new hand-over, apart from calls
}

// call is what arrived.
type call struct {
	Method, Target, Proto string
	Header                http.Header
	Body                  string
	Unsigned              error // why the signature was refused
}

func newStandIn(key wpbridge.PairingKey) *standIn {
	s := &standIn{}
	nonces := map[string]bool{}
	s.signer = wpbridge.NewSigner(key, clock.System, func(_ context.Context, nonce string, _ time.Time) (bool, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		seen := nonces[nonce]
		nonces[nonce] = true
		return seen, nil
	})
	s.server = httptest.NewServer(s)
	return s
}

func (s *standIn) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer, s.calls, s.told = nil, nil, 0
}

// answers sets the answer to all calls of this test.
func (s *standIn) answers(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// embeds has all calls answered with a piece of a page.
func (s *standIn) embeds(html string) {
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("PC-Embed", "1")
		fmt.Fprint(w, html)
	})
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c := call{r.Method, r.RequestURI, r.Proto, r.Header, string(body), s.signer.Verify(r, body)}
	s.mu.Lock()
	if r.URL.Path == "/partner-center/handover" && c.Unsigned == nil {
		s.told++
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.calls = append(s.calls, c)
	answer := s.answer
	s.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	if answer != nil {
		answer(w, r)
	}
}

// only returns the one call that arrived, which must be signed.
func (s *standIn) only(t *testing.T) call {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) != 1 {
		t.Fatalf("the sidecar was called %d times, want once: %+v", len(s.calls), s.calls)
	}
	if s.calls[0].Unsigned != nil {
		t.Errorf("the call %s %s: %v", s.calls[0].Method, s.calls[0].Target, s.calls[0].Unsigned)
	}
	return s.calls[0]
}

// untouched fails when any call arrived.
func (s *standIn) untouched(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) > 0 {
		t.Errorf("the sidecar was called: %+v", s.calls)
	}
}

// forget has only() see what comes from now on.
func (s *standIn) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}
