package sidecar_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// report appends a form as the plugin does.
func report(s *sidecartest.Site, id, email string) {
	s.Helper()
	s.Exec(`INSERT INTO {wp}partner_center_inbox (kind, source, external_id, occurred_at, payload, created_at)
		VALUES ('form', 'wordpress', ?, ?, ?, ?)`,
		id, s.Clock.Now(), fmt.Sprintf(`{"email":%q}`, email), s.Clock.Now())
}

// eventually asks until the answer is yes, for as long as a slow machine may take.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// A running sidecar does its background work without being asked, and ends
// when it is told to, leaving nothing behind.
//
// Spec: S1, S59
func TestRun(t *testing.T) {
	s := sidecartest.New(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Run(ctx, listener) }()
	report(s, "f-1", "carl@mail.test")
	eventually(t, "the form is taken in",
		func() bool { return s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`) == 1 })
	eventually(t, "the plugin can find the sidecar",
		func() bool { return s.Count(`SELECT COUNT(*) FROM {wp}partner_center_heartbeats`) == 1 })
	res, err := http.Get("http://" + listener.Addr().String() + "/partner-center/readyz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", res, err)
	}
	res.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_leases WHERE name = 'inbox'`); n != 0 {
		t.Error("the inbox is still leased")
	}
}

// Only one sidecar drains; another takes over when the first has died.
//
// Spec: S59
func TestInboxOfTwoSidecars(t *testing.T) {
	s := sidecartest.New(t)
	s.Settle() // takes the lease
	s.Exec(`UPDATE {wp}partner_center_leases SET holder = 'another' WHERE name = 'inbox'`)
	s.Clock.Advance(20 * time.Second) // time to renew
	report(s, "f-1", "carl@mail.test")
	s.Settle()
	if s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`) != 0 {
		t.Error("both drain")
	}
	s.Clock.Advance(20 * time.Second) // the other has been silent for more than half a minute
	s.Settle()
	if s.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints`) != 1 {
		t.Error("nobody drains")
	}
}

// The health line of the plugin's settings page names what waits and why;
// strangers learn only that the sidecar lives.
//
// Spec: S106
func TestHealth(t *testing.T) {
	s := sidecartest.New(t)
	s.WordPress.Answer("mail", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"sent": false, "reason": "SMTP: no route"}
	})
	s.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state, next_at,
		created_at)
		VALUES ('e', 'a@mail.test', 'test', 'Hello', 'text', '', 'queued', ?, ?)`, s.Clock.Now(), s.Clock.Now())
	report(s, "newer", "carl@mail.test")
	s.Exec(`UPDATE {wp}partner_center_inbox SET v = 2`) // as of a newer plugin
	s.Settle()
	var health struct {
		Paired   bool
		Problems []struct{ Code, Message string }
	}
	forVisitor := s.Request(http.MethodGet, "healthz", web.Standalone, "")
	s.Sign(forVisitor) // as the plugin passes it on
	if a := s.Do(forVisitor).Want(http.StatusOK); strings.Contains(a.Text, "SMTP") {
		t.Error(a.Text)
	}
	req := s.Request(http.MethodGet, "healthz", web.Standalone, "")
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		req.Header.Del(name)
	}
	s.Sign(req)
	a := s.Do(req).Want(http.StatusOK)
	if err := json.Unmarshal([]byte(a.Text), &health); err != nil || !health.Paired || len(health.Problems) != 2 {
		t.Fatalf("%s, %v", a.Text, err)
	}
	if p := health.Problems[0]; p.Code != "inbox" ||
		!strings.HasPrefix(p.Message, "1 report from WordPress is waiting: ") {
		t.Error(p)
	}
	if p := health.Problems[1]; p.Code != "mails" ||
		p.Message != "1 email is waiting and will be tried again: WordPress could not send it; check its mail settings: SMTP: no route" {
		t.Error(p)
	}
	if a := s.Get("healthz", web.Standalone).Want(http.StatusOK); strings.Contains(a.Text, "SMTP") ||
		strings.Contains(a.Text, "version") {
		t.Error(a.Text)
	}
}

// A table that vanished is said by name where operators look, and the sidecar
// is not ready; the database is not asked at each request.
func TestMissingTableIsSaid(t *testing.T) {
	s := sidecartest.New(t)
	s.Get("readyz", web.Standalone).Want(http.StatusOK)
	s.Exec(`RENAME TABLE {wp}partner_center_payout_files TO {wp}kept_aside`)
	t.Cleanup(func() {
		s.DB.Exec(context.WithoutCancel(t.Context()), `RENAME TABLE {wp}kept_aside TO {wp}partner_center_payout_files`)
	})
	s.Get("readyz", web.Standalone).Want(http.StatusOK)
	s.Clock.Advance(time.Minute)
	s.Get("readyz", web.Standalone).Want(http.StatusServiceUnavailable)
	req := s.Request(http.MethodGet, "healthz", web.Standalone, "")
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		req.Header.Del(name)
	}
	s.Sign(req)
	if a := s.Do(req).Want(http.StatusOK); !strings.Contains(a.Text, "the table site7_partner_center_payout_files") ||
		!strings.Contains(a.Text, "backup") {
		t.Error(a.Text)
	}
}

// Deleting all data is final: a sidecar that runs notices, and ends.
func TestDeletedDataEndTheProgram(t *testing.T) {
	s := sidecartest.New(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Run(t.Context(), listener) }()
	s.Exec(`DROP TABLE {wp}partner_center_schema`)
	if err := <-ended; !errors.Is(err, sidecar.ErrDeleted) {
		t.Error(err)
	}
}
