package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// A partner reads what was entered for them, and why; nobody else's.
//
// Spec: S140.2
func TestAdjustmentsShowTheirReason(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, false)
	pia, quin := s.partner(program, "Pia", "2026-01-01"), s.partner(program, "Quin", "2026-01-01")
	s.opening(pia, "2026-04-01", "USD", "9")
	s.opening(quin, "2026-04-01", "USD", "8")
	s.exec(`UPDATE {wp}partner_center_manuals SET kind = 'adjustment', status = 'approved', reason = 'Best of May'
		WHERE partner_id = ?`, pia)
	s.opening(pia, "2026-04-02", "EUR", "7")
	s.exec(`UPDATE {wp}partner_center_manuals SET status = 'pending' WHERE currency = 'EUR'`) // hidden like commissions
	got := s.csv("adjustments", Query{Partner: pia})[1:]
	want := [][]string{{"2026-04-01", "USD", "9.00", "Approved", "Adjusted", "Best of May"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
