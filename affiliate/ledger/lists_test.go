package ledger_test

import (
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/shoptest"
)

// What waits for approval, and what is due, is counted and summed as it stands.
//
// Spec: S83
func TestWhatWaitsAndWhatIsDue(t *testing.T) {
	s := newSite(t)
	p := s.Partner("paul")
	cookie := s.Click(p)
	first := shoptest.Must(s.Converge(t.Context(), s.Sale("carl@example.com", cookie)))(s)
	shoptest.Must(s.Converge(t.Context(), s.Sale("carl@example.com", cookie)))(s)
	shoptest.Must(s.Approve(t.Context(), shoptest.Anna, []ledger.Pick{{ID: first.Commissions[0].ID}}))(s)
	n, sums, err := s.Waiting(t.Context())
	if err != nil || n != 1 || len(sums) != 1 || sums[0] != (ledger.Waiting{"USD", money.MustParse("10")}) {
		t.Errorf("%d, %+v, %v", n, sums, err)
	}
	s.ApproveAll(s.Earn(s.Partner("paula"), "70")) // another's
	due, err := s.Due(t.Context(), p.ID, "USD")
	if err != nil || len(due) != 1 || due[0].ID != first.Commissions[0].ID || due[0].Payable != money.MustParse("10") {
		t.Errorf("%+v, %v", due, err)
	}
	orders, err := s.OrdersOf(t.Context(), shoptest.Must(s.Order(t.Context(), first.OrderID))(s).Order.ContactID,
		affiliate.Page{Limit: 10})
	if err != nil || len(orders) != 2 || orders[1].Order.ID != first.OrderID || len(orders[0].Commissions) != 1 {
		t.Errorf("%+v, %v", orders, err)
	}
}
