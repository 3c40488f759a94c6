package sale_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// Spec: S75.1 S76 D28
func TestALoggedSaleIsPending(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	s.OptIn("bob@example.com", s.Click(p), s.Clock.Now())
	s.Clock.Advance(time.Second)
	logged := sale.OrderState{ExternalID: affiliate.NewCode(), Currency: "USD",
		Buyer: sale.Buyer{Email: "bob@example.com"},
		Note:  "by phone", Lines: []sale.LineState{s.Line("1", s.Book, "100")}}
	r := shoptest.Must(s.LogOrder(t.Context(), shoptest.Anna, logged))(s)
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "10"))
	s.Clock.Advance(time.Minute)
	if again := shoptest.Must(s.LogOrder(t.Context(), shoptest.Anna, logged))(s); again.Outcome != sale.Repeated ||
		again.OrderID != r.OrderID {
		t.Errorf("the form sent twice gave %+v", again)
	}
	logged.Lines[0].Base = shoptest.USD("60")
	if edited := shoptest.Must(s.LogOrder(t.Context(), shoptest.Anna, logged))(s); edited.Outcome != sale.Recorded ||
		edited.OrderID != r.OrderID {
		t.Errorf("the corrected form gave %+v", edited)
	}
	s.WantEarned(r.OrderID, shoptest.Earned(1, p.ID, ledger.Pending, "6"))
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE action = 'log' AND actor = ?`,
		shoptest.Anna); n != 2 {
		t.Errorf("%d audit entries, want 2", n)
	}
	if j := shoptest.Must(s.Journals(t.Context(), r.Commissions[0].ID))(s); j[0].Actor != shoptest.Anna ||
		j[0].Kind != ledger.Earn {
		t.Errorf("the first journal is %+v", j[0])
	}
	if _, err := s.LogOrder(t.Context(), shoptest.Anna, sale.OrderState{ExternalID: "x",
		Currency: "USD"}); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("a sale without buyer and products: %v", err)
	}
	s.WantClean()
}
