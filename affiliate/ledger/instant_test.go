package ledger_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/shoptest"
)

// A rule approves at the very instant at which the hold is over, and not a
// microsecond before.
//
// Spec: S76, S133
func TestARuleApprovesAtTheInstantItSays(t *testing.T) {
	s := newSite(t)
	s.Policy(func(p *affiliate.Policy) { p.Hold, p.Approve = 3, true })
	s.Clock.Advance(time.Hour)
	c := s.Earn(s.Partner("pia"), "100")
	for _, test := range []struct {
		before time.Duration
		want   ledger.Status
	}{{time.Microsecond, ledger.Pending}, {0, ledger.Approved}} {
		s.Clock.Advance(c.ApproveAt.Sub(s.Clock.Now()) - test.before)
		shoptest.Must(s.ApproveDue(t.Context()))(s)
		if now := s.Now(c)[0]; now.Status != test.want {
			t.Errorf("%s before it is %s, want %s", test.before, now.Status, test.want)
		}
	}
}
