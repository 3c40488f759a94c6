package payout_test

import (
	"testing"
	"time"

	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/shoptest"
)

// A batch takes the sales before its cut-off: one of that very instant is left
// for the next, when it is drawn and when it is filed.
//
// Spec: D20.1
func TestTheCutOffsOwnInstantIsLeftOut(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	first := s.Earn(p, "100")
	s.Clock.Advance(time.Hour)
	second := s.Earn(p, "200")
	s.ApproveAll(first, second)
	for after, want := range map[time.Duration]string{0: "10", time.Microsecond: "30"} {
		at := second.OccurredAt.Add(after)
		b := s.Draft(func(spec *payout.BatchSpec) { spec.CutOff = &at })
		if total := shoptest.Must(b.Total())(s); total != shoptest.USD(want) {
			t.Errorf("%s after the sale the draft is of %s, want %s", after, total, want)
		}
		if after == 0 {
			b = s.FileBatch(b)
			if total := shoptest.Must(b.Total())(s); total != shoptest.USD(want) {
				t.Errorf("the file is of %s, want %s", total, want)
			}
			s.OK(s.Undo(t.Context(), shoptest.Anna, b.ID, ""))
		}
	}
	s.WantClean()
}
