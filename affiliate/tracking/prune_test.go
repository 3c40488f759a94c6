package tracking

import (
	"testing"
	"time"
)

// Visits that no cookie can name any more are summed up and deleted, once,
// whichever sidecar does it; younger ones stay.
func TestOldVisitsAreSummedUp(t *testing.T) {
	s := newSite(t)
	anna := s.partner("anna")
	click := func(subid string) {
		r := s.request(anna)
		r.SubID = subid
		s.click(r)
	}
	for _, subid := range []string{"a", "a", "b"} {
		click(subid)
	}
	s.clock.Advance(keepVisits - time.Hour)
	click("a")
	s.ok(s.clicks.prune(t.Context()))
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 4 {
		t.Fatalf("%d visits are left, though cookies may name them", n)
	}
	s.clock.Advance(time.Hour + time.Second)
	for range 2 {
		s.ok(s.clicks.prune(t.Context()))
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM {wp}partner_center_visits`:                                                           1,
		`SELECT COUNT(*) FROM {wp}partner_center_visit_sums`:                                                       2,
		`SELECT clicks FROM {wp}partner_center_visit_sums WHERE subid = 'a'`:                                       2,
		`SELECT SUM(uniques) FROM {wp}partner_center_visit_sums`:                                                   1,
		`SELECT COUNT(*) FROM {wp}partner_center_visit_pages`:                                                      1,
		`SELECT clicks FROM {wp}partner_center_visit_pages WHERE page = 'shop.example/order'`:                      3,
		`SELECT SUM(clicks) FROM {wp}partner_center_visit_days`:                                                    4,
		`SELECT SUM(d.clicks) FROM {wp}partner_center_visit_days d JOIN {wp}partner_center_visit_sums USING (day)`: 6,
	} {
		if got := s.number(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// What PHP kept out is counted with the rest, and who did how much is forgotten.
func TestFloodsOfPHPAreCounted(t *testing.T) {
	s := newSite(t)
	minute := s.clock.Now().Unix() / 60
	put := func(who string, minute int64, times int) {
		must[any](s)(s.db.Exec(t.Context(), `INSERT INTO {wp}partner_center_floods (who, minute, times)
			VALUES (UNHEX(LPAD(?, 32, '0')), ?, ?)`, who, minute, times))
	}
	put("1", minute-2, 40)
	put("1", minute-1, 2)
	put("2", minute-1, 7)
	put("1", minute, 5)
	put("abcdef", minute-61, 60)
	put("abcdef", minute-5, 60)
	for range 2 {
		s.ok(s.clicks.prune(t.Context()))
	}
	rejects := `SELECT COALESCE(SUM(clicks), 0) FROM {wp}partner_center_click_rejects WHERE reason = ?`
	if forms, clicks := s.number(rejects, FormFlood), s.number(rejects, Flood); forms != 42 || clicks != 7 {
		t.Errorf("%d forms and %d clicks", forms, clicks)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_floods`); n != 2 {
		t.Errorf("%d rows are left", n)
	}
}
