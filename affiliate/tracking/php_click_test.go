package tracking

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// phpID is an id as PHP makes it.
func phpID(at time.Time, n int64) affiliate.VisitID {
	return affiliate.VisitID(
		at.Sub(idEpoch).Milliseconds()<<(instanceBits+sequenceBits) | phpInstance<<sequenceBits | n)
}

func (s *site) applyPHP(c PHPClick) {
	s.Helper()
	var err error
	c.Key, err = s.VisitorKey(s.Context())
	s.ok(err)
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) error { return s.ApplyPHPClick(s.Context(), tx, c) }))
}

// Spec: D3 D43.2 B18.3
func TestClicksAnsweredByPHPCountAsOthers(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	r := s.request(p)
	s.click(r)
	given := newVisitor().String()
	s.applyPHP(PHPClick{Visit: phpID(r.At, 1), ClickRequest: r, NewVisitor: given}) // the same address and browser
	other := r
	other.IP = "192.0.2.77"
	s.applyPHP(PHPClick{Visit: phpID(r.At, 2), ClickRequest: other, NewVisitor: given})
	other.Visitor = given
	if s.click(other).Unique {
		t.Error("unique again by the cookie that PHP gave")
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE is_unique = 1`); n != 2 {
		t.Errorf("%d unique visits, want 2", n)
	}
	if n := s.number(`SELECT SUM(clicks) * 10 + SUM(uniques) FROM {wp}partner_center_visit_days`); n != 42 {
		t.Errorf("clicks and uniques of the day: %d, want 42", n)
	}
}

// Spec: D43, D30
func TestClicksAnsweredByPHPAreJudged(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	r.UserAgent = "Mozilla/5.0 (compatible; bingbot/2.0)"
	s.applyPHP(PHPClick{Visit: phpID(r.At, 1), ClickRequest: r})
	r = s.request(s.partner("b"))
	r.PartnerCode = "nosuchcode"
	s.applyPHP(PHPClick{Visit: phpID(r.At, 2), ClickRequest: r})
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 0 {
		t.Errorf("%d visits", n)
	}
	if n := s.number(`SELECT SUM(clicks) FROM {wp}partner_center_click_rejects
		WHERE reason IN ('bot', 'unknown_partner')`); n != 2 {
		t.Errorf("%d rejected", n)
	}
}

// Spec: D43, S47
func TestDirectClickAnsweredByPHP(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	r := ClickRequest{IP: "192.0.2.9", UserAgent: "browser", At: noon, Method: "POST"}
	s.applyPHP(PHPClick{Visit: phpID(noon, 1), Page: "https://shop.example/?orid=" + p.Code + "&opid=" + s.tool.Code +
		"&sid=x", ClickRequest: r})
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits WHERE subid = 'x' AND tool_id > 0`); n != 1 {
		t.Errorf("%d visits", n)
	}
}
