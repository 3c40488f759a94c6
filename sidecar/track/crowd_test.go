package track_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// crowd is how many forms come at once: five times the connections there are.
const crowd = 120

// patience is far longer than a crowd takes on a busy machine, and far shorter
// than a request that hangs.
const patience = 20 * time.Second

// Forms with cookies that name made-up keys, which anybody can send, wait for
// each other no more than others do, and clicks go on meanwhile.
func TestCrowdOfForgedForms(t *testing.T) {
	for _, pool := range []int{2, 24} {
		t.Run(fmt.Sprintf("%d connections", pool), func(t *testing.T) {
			w := newWorld(t)
			before := w.DB.SQL().Stats().MaxOpenConnections
			w.DB.SQL().SetMaxOpenConns(pool)
			t.Cleanup(func() { w.DB.SQL().SetMaxOpenConns(before) })
			w.browser().click(w.anna)
			w.Clock.Advance(time.Minute) // unknown keys may be looked for again
			begun := time.Now()
			w.sendCrowd(t)
			t.Logf("%d forms and their clicks took %v", crowd, time.Since(begun))
			if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE cookie = 'forged'`); n != crowd {
				t.Errorf("%d forms are stored, want %d", n, crowd)
			}
			if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 1+crowd/10 {
				t.Errorf("%d clicks are stored, want %d", n, 1+crowd/10)
			}
		})
	}
}

func (w *world) sendCrowd(t *testing.T) {
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() { wantCode(t, w.Do(w.forgedForm(i)), http.StatusNoContent) })
		if i%10 == 0 {
			all.Go(func() {
				click := w.Request(http.MethodGet, "go/"+w.tool.Code+"?p="+w.anna.Code, web.Standalone, "")
				wantCode(t, w.Do(click), http.StatusFound)
			})
		}
	}
	answered := make(chan struct{})
	go func() { all.Wait(); close(answered) }()
	select {
	case <-answered:
	case <-time.After(patience):
		t.Fatalf("after %v not all are answered", patience)
	}
}

// wantCode may be called by any goroutine.
func wantCode(t *testing.T, a *sidecartest.Answer, code int) {
	if a.Code != code {
		t.Errorf("answered %d, want %d", a.Code, code)
	}
}

// forgedForm is an opt-in form with a cookie in the right form, by a key that
// was never made, from an address of its own.
func (w *world) forgedForm(i int) *http.Request {
	form := url.Values{"email": {fmt.Sprintf("person%d@example.test", i)}, "id": {fmt.Sprintf("form-%08d", i)}}
	req := w.Request(http.MethodPost, "t/lead", web.Standalone, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", sidecartest.Home)
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
	cookie := fmt.Sprintf("1.z%[1]d.abc%[1]d.zzzzzz.%[2]s", i, strings.Repeat("A", 22))
	req.AddCookie(&http.Cookie{Name: "pc_click", Value: cookie})
	return req
}
