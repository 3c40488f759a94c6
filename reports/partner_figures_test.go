package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// A list of partners has the same figures of whoever sold much, whether their sums are
// kept or not; where they are, it doesn't read all those sales.
//
// Spec: S34 S36 S37
func TestPartnersWhoSellMuchAreListedQuickly(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, true)
	busy, calm := s.partner(program, "Bea", "2025-05-01"), s.partner(program, "Cal", "2025-05-01")
	for _, p := range []affiliate.PartnerID{busy, calm} {
		s.clicks(p, 0, "", "2026-03-02", 3)
		s.lead(p, 0, "", "2026-03-03")
		s.refund(s.sale(p, sale{day: "2026-04-02", base: "100", amount: "10", status: "approved"}), "payable", "4")
	}
	s.exec(`INSERT INTO {wp}partner_center_commissions (id, order_id, line_id, level, decision_version, sequence,
			partner_id, program_id, product_id, currency, base, amount, status, stage, granted, pending, payable,
			in_payout, paid, occurred_at, day, updated_at)
		WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 80)
		SELECT 100000 + a.n * 100 + b.n, 100000 + a.n * 100 + b.n, 100000 + a.n * 100 + b.n, 1 + a.n % 2, 1, 1,
			IF(b.n > 75, ?, ?), 1, 1, 'USD', 100, 10, ELT(1 + b.n % 4, 'pending', 'paid', 'approved', 'canceled'),
			'pending', 0, 0, 0, 0, 0, '2025-05-01' + INTERVAL a.n * 4 DAY, '2025-05-01' + INTERVAL a.n * 4 DAY,
			'2026-01-01' FROM n a, n b`, calm, busy)
	s.exec(`ANALYZE TABLE {wp}partner_center_commissions, {wp}partner_center_day_sums`)
	both := []affiliate.PartnerID{busy, calm}
	want, err := rawTally[affiliate.PartnerID](t.Context(), s.h, byPartner, allTime(both))
	if err != nil {
		t.Fatal(err)
	}
	agree := func(when string) {
		t.Helper()
		got, err := source{q: s.h}.figuresOf(t.Context(), both)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || got[busy].Sales < 2000 || got[calm].Clicks != 3 {
			t.Errorf("%s (-rows +list):\n%s", when, diff)
		}
	}
	agree("before sums are kept")
	s.roll(t)
	agree("of kept sums")
	if n := s.reads(partnersReport, Query{Partner: busy, Limit: 50}); n > 5_000 { // of 6,000 sales, some of them several times
		t.Errorf("%d rows are read", n)
	}
}
