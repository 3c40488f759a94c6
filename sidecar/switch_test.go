package sidecar_test

import (
	"net/http"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Spec: S1.1 S113.2
func TestSwitches(t *testing.T) {
	d := newDoors(t)
	for _, c := range []struct {
		name             string
		tracking, center bool
		open             func(web.Access) bool
	}{
		{"both on", true, true, func(web.Access) bool { return true }},
		{"center off", true, false, func(a web.Access) bool { return a != web.Partner }},
		{"feature off", false, true, func(a web.Access) bool { return a == web.Public }},
		{"both off", false, false, func(a web.Access) bool { return a == web.Public }},
		{"on again", true, true, func(web.Access) bool { return true }},
	} {
		d.Switch(c.tracking, c.center)
		t.Run(c.name, func(t *testing.T) {
			eachRoute(t, func(t *testing.T, route web.Route) {
				want := http.StatusNotFound
				if c.open(route.Access) {
					want = http.StatusOK
				}
				who := strings.Fields(through[route.Access])[0]
				if a := d.signed(route, who); a.Code != want {
					t.Errorf("answered %d, want %d", a.Code, want)
				}
			})
		})
	}
}

// Switching off takes nothing away.
//
// Spec: S113.2
func TestSwitchingOffKeepsData(t *testing.T) {
	s := sidecartest.New(t)
	partner := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(partner.WPUserID))
	s.Get("", web.Theme, cookie).Want(http.StatusOK)
	s.Switch(true, false)
	s.Get("", web.Theme, cookie).Want(http.StatusNotFound)
	s.Switch(true, true)
	s.Get("", web.Theme, cookie).Want(http.StatusOK)
	if s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`) != 1 {
		t.Error("the partner is gone")
	}
}

// Whoever comes before WordPress has handed over gets one sentence, and the
// admin finds the same in the log, once.
//
// Spec: S1
func TestUnpaired(t *testing.T) {
	s := sidecartest.Unpaired(t)
	a := s.Get("", web.Standalone).Want(http.StatusServiceUnavailable)
	if sentence := a.One(".pc-error p"); !strings.HasPrefix(sentence,
		"WordPress has not handed over its settings: activate the plugin") {
		t.Error(sentence)
	}
	for range 3 {
		if err := s.Server.Reread(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Error(s.Log)
	}
	s.Get("go/any/one", web.Standalone).Want(http.StatusNotFound)
	s.Get("healthz", web.Standalone).Want(http.StatusOK)
	s.HandOver(nothing)
	s.Get("", web.Standalone).Want(http.StatusSeeOther)
}

// Another key on one of the two sides is found out by everything they share.
//
// Spec: S1
func TestAnotherPairingKey(t *testing.T) {
	s := sidecartest.New(t)
	s.Key[0]++ // the plugin's and the test's; the sidecar hears of it below
	if err := s.Server.Reread(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := s.Get("", web.Standalone).Want(http.StatusServiceUnavailable)
	if !strings.Contains(a.One(".pc-error p"), "do not have the same pairing key") {
		t.Error(a.Text)
	}
	s.HandOver(nothing) // sealed with the new key
	s.Get("", web.Standalone).Want(http.StatusSeeOther)
}

func nothing(*wpbridge.Handover) {}
