// Package sidecartest boots the whole sidecar on a real database, beside the
// tables of a WordPress and a stand-in for the plugin that seals the hand-over,
// signs calls and answers them by the same algorithms as the PHP one. Tests of
// the sidecar's pages use it; the plugin itself is tested on a real WordPress.
package sidecartest

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/keyring"
	"partnercenter/sidecar"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Addresses of the test site, which is reached by https behind a web server on
// the sidecar's machine.
const (
	Host   = "shop.test"
	Home   = "https://" + Host
	Base   = Home + web.DefaultBasePath // the public URL of the base path
	Center = Home + "/partners/"        // the page that shows the center
	Admin  = Home + "/wp-admin/admin.php?page=partner-center"
)

// Site is a WordPress site with a sidecar, both switches on, nobody in it yet.
type Site struct {
	testing.TB
	DB        *db.Handle
	Clock     *clock.Fake
	Key       wpbridge.PairingKey
	Handover  wpbridge.Handover // as last handed over
	Server    *sidecar.Server
	Registry  *affiliate.Registry
	Tracker   *tracking.Tracker
	Sales     *sale.Service
	WordPress *WordPress // what the sidecar asked of it
	Log       *Log
}

// Start is the time the clock of a new Site shows: noon in its zone, Europe/Berlin.
var Start = time.Date(2026, time.July, 1, 10, 0, 0, 0, time.UTC)

// Zone is the time zone of the test site.
func Zone() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}

// New boots a sidecar that is paired with its WordPress.
func New(t testing.TB) *Site {
	t.Helper()
	s := Unpaired(t)
	s.HandOver(func(*wpbridge.Handover) {})
	return s
}

// Unpaired boots a sidecar whose WordPress has handed nothing over yet.
func Unpaired(t testing.TB) *Site {
	t.Helper()
	gin.SetMode(gin.TestMode)
	s := &Site{TB: t, DB: dbtest.New(t), Clock: clock.NewFake(Start), Log: &Log{}}
	s.createTables()
	var err error
	s.Key, err = Key()
	s.must(err)
	s.WordPress = startWordPress(s)
	s.Handover = s.handover()
	s.Registry = affiliate.NewRegistry(s.DB, s.Clock.Now)
	s.Tracker = tracking.NewTracker(s.DB, s.Clock.Now, Zone, s.Registry,
		keyring.New(s.DB, s.Clock.Now, s.Key, slog.New(slog.DiscardHandler)))
	s.Sales = sale.New(s.DB, s.Clock.Now, Zone, s.Tracker)
	s.Server, err = sidecar.New(t.Context(), sidecar.Config{
		Version: "test", DB: s.DB, Now: s.Clock.Now, URL: "http://127.0.0.1:1", Trusted: web.Loopback,
		Key: func() (wpbridge.PairingKey, error) { return s.Key, nil },
		Log: slog.New(slog.NewTextHandler(s.Log, nil)),
	})
	s.must(err)
	t.Cleanup(func() { s.Server.Close(context.WithoutCancel(t.Context())) })
	return s
}

// Key is the pairing key of the test site.
func Key() (wpbridge.PairingKey, error) {
	return wpbridge.ParsePairingKey("the pairing key of the test site, long enough", dbtest.Prefix)
}

func (s *Site) handover() wpbridge.Handover {
	h := wpbridge.Handover{
		Version: 1, MadeAtUnix: Start.Unix(), PluginVersion: "test", WPVersion: "6.8.2",
		LoggedInCookie: wpbridge.LoggedInCookieName(wpbridge.CookieHash(Home, false)), CookiePath: "/",
		Home: Home, SiteURL: Home, Prefix: dbtest.Prefix, BasePrefix: dbtest.Prefix, BlogID: 1,
		UsersTable: dbtest.Prefix + "users", UsermetaTable: dbtest.Prefix + "usermeta",
		Timezone: "Europe/Berlin", Currency: "USD", Locale: "en_US",
		PageURL: Center, AdminURL: Home + "/wp-admin/", RESTURL: s.WordPress.restURL(), RedirectTo: Center,
		PublicURL: Base,
	}
	h.Salts.LoggedIn, h.Salts.Nonce = "salt of logged_in", "salt of nonce"
	h.Switches.Tracking, h.Switches.Center = true, true
	return h
}

// HandOver changes what WordPress hands over and lets the sidecar take notice.
func (s *Site) HandOver(change func(*wpbridge.Handover)) {
	s.Helper()
	change(&s.Handover)
	s.WriteHandover()
	s.must(s.Server.Reread(s.Context()))
}

// WriteHandover has WordPress hand over, without the sidecar taking notice.
func (s *Site) WriteHandover() {
	s.Helper()
	s.option("partner_center_handover", s.seal(s.Handover))
}

// Switch sets the two switches of the plugin's settings (S1, S113).
func (s *Site) Switch(tracking, center bool) {
	s.Helper()
	s.HandOver(func(h *wpbridge.Handover) { h.Switches.Tracking, h.Switches.Center = tracking, center })
}

// Settle has the sidecar do all that it would do in the background in the next
// moments: notice changes, take in facts, hand over jobs and mails.
func (s *Site) Settle() {
	s.Helper()
	s.must(s.Server.Settle(s.Context()))
}

// Exec runs SQL of the test's own.
func (s *Site) Exec(query string, args ...any) {
	s.Helper()
	_, err := s.DB.Exec(s.Context(), query, args...)
	s.must(err)
}

// Count is the number that a query gives.
func (s *Site) Count(query string, args ...any) (n int) {
	s.Helper()
	s.must(s.DB.Get(s.Context(), &n, query, args...))
	return n
}

func (s *Site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// Log collects what the sidecar logs.
type Log struct {
	lock sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(line []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.text.Write(line)
}

// String is everything logged so far.
func (l *Log) String() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.text.String()
}
