package sidecar_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Admins are told once of what they should look at, and of the week; partners of
// their month.
//
// Spec: S20.5
func TestRemindersAndSummaries(t *testing.T) {
	s := lettersShop(t)
	form := url.Values{}
	for _, o := range []string{"applicant", "due", "review", "claim", "trouble", "week"} {
		form.Set("on_"+o, "1")
		form.Set(o, "0")
	}
	s.Send("admin/messages/admins", form).Want(http.StatusSeeOther)
	seen := 0
	remind := func() []string {
		s.Helper()
		for range 2 { // which tells nothing twice
			s.Must(s.Server.Remind(t.Context()))
		}
		return mailed(s, &seen)
	}
	has := func(step string, got []string, want ...string) {
		t.Helper()
		for _, w := range want {
			n := 0
			for _, g := range got {
				if strings.HasPrefix(g, w) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s: %q is told %d times: %q", step, w, n, got)
			}
		}
	}
	buyer := s.Refer("buyer@mail.test", s.Anna)
	s.Approved(buyer, "100")
	remind()
	s.PaysTo(s.Anna, "anna@paypal.test")
	s.Exec(`UPDATE {wp}partner_center_orders SET review = 'NEGATIVE'`)
	has("review", remind(), "owner@shop.test: Order ")

	first := s.Clock.Now().UTC().AddDate(0, 1, 0)
	first = time.Date(first.Year(), first.Month(), 1, 12, 0, 0, 0, time.UTC)
	s.Clock.Set(first)
	has("month", remind(), "anna@mail.test: Jul 2026 with Gold")
	for first.Weekday() != time.Monday {
		first = first.AddDate(0, 0, 1)
	}
	s.Clock.Set(first)
	has("week", remind(), "owner@shop.test: Your partners: ")
	settings, err := s.Registry.Settings(t.Context())
	s.Must(err)
	settings.PayDay = first.Day()
	_, err = s.Registry.SaveSettings(t.Context(), "test", settings)
	s.Must(err)
	has("pay day", remind(), "owner@shop.test: Payments due: $10.00")
	if got := remind(); len(got) != 0 {
		t.Errorf("told again: %q", got)
	}
}

// Months and weeks end at midnight of the site, not of the server, and are told once
// however many sidecars look at the same moment.
//
// Spec: S20
func TestSummariesFollowTheSitesCalendar(t *testing.T) {
	s := lettersShop(t)
	s.Send("admin/messages/admins", url.Values{"on_week": {"1"}, "week": {"0"}}).Want(http.StatusSeeOther)
	other, err := sidecar.New(t.Context(), sidecar.Config{Version: "test", DB: s.DB, Now: s.Clock.Now,
		URL: "http://127.0.0.1:1", Trusted: web.Loopback, Key: sidecartest.Key, Log: slog.New(slog.DiscardHandler)})
	s.Must(err)
	t.Cleanup(func() { other.Close(context.WithoutCancel(t.Context())) })
	seen := 0
	remind := func(at string) []string {
		t.Helper()
		moment, err := time.Parse(time.RFC3339, at)
		s.Must(err)
		s.Clock.Set(moment)
		var both sync.WaitGroup
		for _, server := range []*sidecar.Server{s.Server, other} { // each reminds of one thing after the other
			both.Go(func() {
				for range 2 {
					s.Must(server.Remind(t.Context()))
				}
			})
		}
		both.Wait()
		return mailed(s, &seen)
	}
	buyer := s.Refer("buyer@mail.test", s.Anna)
	s.Pending(buyer, "100", "700")
	s.Exec(`UPDATE {wp}partner_center_commissions SET day = '2026-08-01' WHERE base = 700`)
	mailed(s, &seen)
	if got := remind("2026-07-31T21:59:00Z"); len(got) != 0 { // 23:59 in Berlin
		t.Errorf("before the month ended: %q", got)
	}
	if got := remind("2026-07-31T22:01:00Z"); len(got) != 1 || got[0] != "anna@mail.test: Jul 2026 with Gold" {
		t.Errorf("after the month ended: %q", got)
	}
	text := s.WordPress.Calls("mail")[seen-1].In["text"].(string)
	if !strings.Contains(text, "Sales: 1\n") || !strings.Contains(text, "You earned $10.00.") {
		t.Errorf("the sale of August counts, or that of July doesn't:\n%s", text)
	}
	if got := remind("2026-08-02T21:59:00Z"); len(got) != 0 {
		t.Errorf("before the week ended: %q", got)
	}
	if got := remind("2026-08-04T08:00:00Z"); len(got) != 1 || // nobody was there on Monday
		got[0] != "owner@shop.test: Your partners: 27 Jul 2026 – 2 Aug 2026" {
		t.Errorf("after the week ended: %q", got)
	}
	if got := remind("2026-08-05T08:00:00Z"); len(got) != 0 {
		t.Errorf("told again: %q", got)
	}
}
