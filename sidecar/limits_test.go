package sidecar_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// limit changes the limits, as the settings page does.
func limit(t *testing.T, s *sidecartest.Site, change func(*affiliate.Limits)) {
	t.Helper()
	settings, err := s.Registry.Settings(t.Context())
	if err == nil {
		change(&settings.Limits)
		_, err = s.Registry.SaveSettings(t.Context(), "test", settings)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Settle()
}

// stalled is a browser that does not read on until it is let go.
type stalled struct {
	*httptest.ResponseRecorder
	begun, letGo chan struct{}
	once         sync.Once
}

func (w *stalled) Write(p []byte) (int, error) {
	w.once.Do(func() { close(w.begun) })
	<-w.letGo
	return w.ResponseRecorder.Write(p)
}

// A person has two downloads at once; the third is told so, and others are not
// kept from theirs. Each download that runs holds a connection, so that a pool of
// two has none left for others.
func TestDownloadsOfAPersonAtOnce(t *testing.T) {
	if os.Getenv("PARTNER_CENTER_TEST_POOL") == "2" {
		t.Skip("two downloads need the two connections")
	}
	s := sidecartest.New(t)
	program := s.Program("Gold")
	anna, bert := s.Partner(program.ID, "anna"), s.Partner(program.ID, "bert")
	mine, his := s.Login(int64(anna.WPUserID)), s.Login(int64(bert.WPUserID))
	var running sync.WaitGroup
	letGo := make(chan struct{})
	for range 2 {
		w := &stalled{ResponseRecorder: httptest.NewRecorder(), begun: make(chan struct{}), letGo: letGo}
		req := s.Request(http.MethodGet, "earnings/commissions.csv", web.Standalone, "")
		req.AddCookie(mine)
		running.Go(func() { s.Server.Handler().ServeHTTP(w, req) })
		<-w.begun
	}
	third := s.Get("earnings/commissions.csv", web.Standalone, mine).Want(http.StatusTooManyRequests)
	if !strings.Contains(third.Text, "Your earlier downloads are still running.") {
		t.Error(third.Text)
	}
	s.Get("earnings/commissions.csv", web.Standalone, his).Want(http.StatusOK)
	close(letGo)
	running.Wait()
	s.Get("earnings/commissions.csv", web.Standalone, mine).Want(http.StatusOK)
}

// A partner changes the PayPal address three times in a day, not more: each time
// two people get a mail.
//
// Spec: S145
func TestPayPalChangesInADay(t *testing.T) {
	s := sidecartest.New(t)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	change := func(i int) *sidecartest.Answer {
		form := url.Values{"paypal_email": {fmt.Sprintf("anna%d@pay.test", i)},
			"pc_password": {sidecartest.Password}}
		return s.Post("profile", web.Standalone, form, s.Login(int64(anna.WPUserID)))
	}
	for i := range 4 { // the first is no change
		change(i).Want(http.StatusSeeOther)
	}
	refused := change(4).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.Text, "3 times in a day") || !strings.Contains(refused.Text, "anna4@pay.test") {
		t.Error(refused.Text)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE kind = 'paypal'`); n != 6 {
		t.Errorf("%d mails", n)
	}
	s.Clock.Advance(25 * time.Hour)
	change(5).Want(http.StatusSeeOther)
}

// Sign-ups of one network are as many in an hour as the settings say, also when
// they all pass the web server's own proxy.
func TestSignUpsOfANetwork(t *testing.T) {
	s := sidecartest.New(t)
	program := s.Program("Gold")
	limit(t, s, func(l *affiliate.Limits) { l.Signups = 3 })
	apply := func(i int, ip string) int {
		body := url.Values{"email": {fmt.Sprintf("p%d@mail.test", i)}, "first_name": {"P"}, "last_name": {"Q"},
			"form_id": {fmt.Sprintf("form-%d-of-the-test", i)}}
		req := s.Request(http.MethodPost, "signup/"+program.Code, web.Standalone, body.Encode())
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-For", ip)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		return s.Do(req).Code
	}
	for i := range 3 {
		if code := apply(i, "198.51.100.7"); code != http.StatusSeeOther {
			t.Fatalf("%d: %d", i, code)
		}
	}
	if code := apply(3, "198.51.100.7"); code != http.StatusUnprocessableEntity {
		t.Errorf("the fourth: %d", code)
	}
	if code := apply(4, "1.2.3.4, 198.51.100.8"); code != http.StatusSeeOther {
		t.Errorf("another network: %d", code)
	}
	s.Clock.Advance(time.Hour)
	if code := apply(5, "198.51.100.7"); code != http.StatusSeeOther {
		t.Errorf("an hour later: %d", code)
	}
}

// A person has so many pages checked in a minute.
//
// Spec: S45
func TestPageChecksOfAPerson(t *testing.T) {
	w := sidecartest.NewShop(t)
	tool := w.Link
	limit(t, w.Site, func(l *affiliate.Limits) { l.PageChecks = 2 })
	path := fmt.Sprintf("admin/programs/%d/tools/%d/check", w.Gold.ID, tool.ID)
	for range 2 {
		w.Send(path, nil).Want(http.StatusSeeOther)
	}
	w.Send(path, nil).Want(http.StatusTooManyRequests)
}
