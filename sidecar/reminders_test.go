package sidecar_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
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
	has("month", remind(), "anna@mail.test: 1 ")
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
