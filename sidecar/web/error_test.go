package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/locale"
	"partnercenter/wpbridge"
)

// failing answers a request by a handler, as a route of the public would.
func failing(t *testing.T, accept string, limit time.Duration, handler Handler) (*httptest.ResponseRecorder, string) {
	t.Helper()
	gin.SetMode(gin.TestMode)
	now := clock.NewFake(time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)).Now
	var log bytes.Buffer
	site := &Site{Now: now, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Pairing:    func() (wpbridge.Handover, error) { return wpbridge.Handover{}, nil },
		Signer:     func() *wpbridge.Signer { return wpbridge.NewSigner(wpbridge.PairingKey{}, now, nil) },
		FlashKey:   func() (key [32]byte) { return key },
		Zone:       func() *time.Location { return time.UTC },
		LinkDomain: func() string { return "" },
	}
	answer := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(answer)
	c.Request = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/some/page", nil)
	c.Request.Header.Set("Accept", accept)
	site.answer(c, Route{Access: Public, Handler: handler}, limit)
	return answer, log.String()
}

// A request that waits for something which does not come is answered, and
// gives back what it holds.
func TestNoRequestWaitsForEver(t *testing.T) {
	answer, log := failing(t, "text/html", 20*time.Millisecond, func(r *Request) error {
		<-r.Ctx().Done()
		return errors.New("the driver's own words")
	})
	if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d, %v", answer.Code, answer.Header())
	}
	if page := answer.Body.String(); !strings.Contains(page, "took too long") || strings.Contains(page, "driver") {
		t.Errorf("the page says %s", page)
	}
	if !strings.Contains(log, "the driver's own words") {
		t.Errorf("the log does not say where it hung: %s", log)
	}
}

// Files are sent for longer than a page may take, but not without end.
func TestFilesHaveLonger(t *testing.T) {
	answer, _ := failing(t, "text/csv", 20*time.Millisecond, func(r *Request) error {
		page := r.Ctx()
		return r.file(func() error {
			<-page.Done()
			if end, ok := r.Ctx().Deadline(); !ok || time.Until(end) < time.Minute {
				t.Errorf("a file has until %v", end)
			}
			r.String(http.StatusOK, "sent")
			return r.Ctx().Err()
		})
	})
	if answer.Code != http.StatusOK || answer.Body.String() != "sent" {
		t.Errorf("answered %d, %s", answer.Code, answer.Body)
	}
}

// Programs get errors as RFC 9457 has them; faults of ours keep their details.
func TestProgramsReadErrors(t *testing.T) {
	type problem struct {
		Title, Detail string
		Status        int
		Fields        map[string]string
	}
	for name, c := range map[string]struct {
		err  error
		want problem
	}{
		"missing": {affiliate.Missing("There is no such order."), problem{"Not found", "There is no such order.", 404,
			nil}},
		"fields": {affiliate.Problems{"email": locale.T("Please enter an address.")}.Err(),
			problem{Title: "Please check your entries", Status: 422,
				Fields: map[string]string{"email": "Please enter an address."}}},
		"fault": {errors.New("secret detail"), problem{Title: "Something went wrong", Status: 500}},
	} {
		t.Run(name, func(t *testing.T) {
			answer, _ := failing(t, "application/json", time.Minute, func(*Request) error { return c.err })
			var got problem
			if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
				t.Fatalf("%v in %s", err, answer.Body)
			}
			if answer.Code != c.want.Status || got.Status != c.want.Status || got.Title != c.want.Title ||
				c.want.Detail != "" && got.Detail != c.want.Detail || got.Fields["email"] != c.want.Fields["email"] {
				t.Errorf("%d %+v, want %+v", answer.Code, got, c.want)
			}
			if strings.Contains(answer.Body.String(), "secret") {
				t.Errorf("the answer tells what only the log may: %s", answer.Body)
			}
			if kind := answer.Header().Get("Content-Type"); kind != "application/problem+json" {
				t.Errorf("the answer is %s", kind)
			}
		})
	}
	page, _ := failing(t, "text/html,application/xhtml+xml,*/*;q=0.8", time.Minute,
		func(*Request) error { return affiliate.Missing("Gone.") })
	if kind := page.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Errorf("a browser gets %s", kind)
	}
}
