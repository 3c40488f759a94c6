package center_test

import (
	"log/slog"
	"testing"
	"time"

	"partnercenter/affiliate/tracking"
	"partnercenter/keyring"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/wpbridge"
)

// zone is that of the test site.
func zone() *time.Location {
	z, err := wpbridge.ParseTimezone("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}

func tracker(s *sidecartest.Site) *tracking.Tracker {
	keys := keyring.New(s.DB, s.Clock.Now, s.Key, slog.New(slog.DiscardHandler))
	return tracking.NewTracker(s.DB, s.Clock.Now, zone, s.Registry, keys)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
