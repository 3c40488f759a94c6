package tracking

import (
	"fmt"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// limits sets what is a flood.
func (s *site) limits(change func(*affiliate.Limits)) {
	s.Helper()
	settings, err := s.registry.Settings(s.Context())
	s.ok(err)
	change(&settings.Limits)
	_, err = s.registry.SaveSettings(s.Context(), "test", settings)
	s.ok(err)
	s.ok(s.clicks.Refresh(s.Context()))
}

// A flood of clicks is redirected and counted apart: no visit of it is stored,
// its visitors keep the cookies they have, and others are not touched by it.
//
// Spec: S57
func TestFloodOfClicksIsCountedApart(t *testing.T) {
	s := newSite(t)
	s.limits(func(l *affiliate.Limits) { l.Clicks = 10 })
	anna := s.partner("anna")
	counted := 0
	for i := range 60 {
		r := s.request(anna)
		r.Visitor, r.UserAgent = "", fmt.Sprintf("%s %d", r.UserAgent, i)
		out, err := s.clicks.Click(t.Context(), r)
		s.ok(err)
		if out.Target != s.tool.TargetURL {
			t.Fatalf("click %d leads to %q", i, out.Target)
		}
		if out.Rejected == "" {
			counted++
		} else if out.Rejected != Flood || out.Cookie != "" {
			t.Fatalf("click %d: %+v", i, out)
		}
	}
	other := s.request(anna)
	other.IP = "198.51.100.1"
	if out, err := s.clicks.Click(t.Context(), other); err != nil || out.Rejected != "" {
		t.Errorf("another network: %+v, %v", out, err)
	}
	later := s.request(anna)
	later.At = later.At.Add(6 * time.Second)
	if out, err := s.clicks.Click(t.Context(), later); err != nil || out.Rejected != "" {
		t.Errorf("a moment later: %+v, %v", out, err)
	}
	visits := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits`)
	flood := s.number(`SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects WHERE reason = 'flood'`)
	if counted != 10 || visits != 12 || flood != 50 {
		t.Errorf("%d counted, %d stored, %d apart", counted, visits, flood)
	}
}

// One network is only so many unique visitors of a partner on a day, whatever
// cookies and browsers it makes up. Its clicks count all the same.
//
// Spec: S34
func TestForgedVisitorsAreNotUnique(t *testing.T) {
	s := newSite(t)
	s.limits(func(l *affiliate.Limits) { l.Visitors = 5 })
	anna, bert := s.partner("anna"), s.partner("bert")
	click := func(partner affiliate.Partner, i int, change func(*ClickRequest)) bool {
		t.Helper()
		r := s.request(partner)
		r.Visitor, r.UserAgent = newVisitor().String(), fmt.Sprintf("%s %d", r.UserAgent, i)
		change(&r)
		out, err := s.clicks.Click(t.Context(), r)
		s.ok(err)
		if out.Rejected != "" {
			t.Fatalf("rejected: %s", out.Rejected)
		}
		return out.Unique
	}
	uniques := 0
	for i := range 20 {
		noCookie := i%2 == 0
		if click(anna, i, func(r *ClickRequest) {
			if noCookie {
				r.Visitor = ""
			}
		}) {
			uniques++
		}
	}
	if uniques != 5 {
		t.Errorf("%d unique visitors", uniques)
	}
	nothing := func(*ClickRequest) {}
	elsewhere := func(r *ClickRequest) { r.IP = "198.51.100.1" }
	tomorrow := func(r *ClickRequest) { r.At = r.At.AddDate(0, 0, 1) }
	if !click(bert, 0, nothing) || !click(anna, 0, elsewhere) || click(anna, 0, nothing) || !click(anna, 0, tomorrow) {
		t.Error("another partner, network or day is not counted for itself")
	}
}
