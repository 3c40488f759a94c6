package ledger

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Spec: S75, S76, D28
func TestALoggedSaleIsPending(t *testing.T) {
	s := newSite(t)
	p := s.partner("pia")
	s.optIn("bob@example.com", s.click(p), s.clock.Now())
	s.clock.Advance(time.Second)
	logged := OrderState{ExternalID: affiliate.NewCode(), Currency: "USD", Buyer: Buyer{Email: "bob@example.com"},
		Note: "by phone", Lines: []LineState{s.line("1", s.book, "100")}}
	r := must(s.LogOrder(t.Context(), anna, logged))(s)
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "10"))
	s.clock.Advance(time.Minute)
	if again := must(s.LogOrder(t.Context(), anna, logged))(s); again.Outcome != Repeated || again.OrderID != r.OrderID {
		t.Errorf("the form sent twice gave %+v", again)
	}
	logged.Lines[0].Base = usd("60")
	if edited := must(s.LogOrder(t.Context(), anna, logged))(s); edited.Outcome != Applied || edited.OrderID != r.OrderID {
		t.Errorf("the corrected form gave %+v", edited)
	}
	s.wantEarned(r.OrderID, earned(1, p.ID, Pending, "6"))
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'log' AND actor = ?`, anna); n != 2 {
		t.Errorf("%d audit entries, want 2", n)
	}
	if j := must(s.Journals(t.Context(), r.Commissions[0].ID))(s); j[0].Actor != anna || j[0].Kind != Earn {
		t.Errorf("the first journal is %+v", j[0])
	}
	if _, err := s.LogOrder(t.Context(), anna, OrderState{ExternalID: "x", Currency: "USD"}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("a sale without buyer and products: %v", err)
	}
	s.wantClean()
}
