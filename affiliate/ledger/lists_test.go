package ledger

import (
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// What waits for approval, and what is due, is counted and summed as it stands.
//
// Spec: S83
func TestWhatWaitsAndWhatIsDue(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul")
	cookie := s.click(p)
	first := must(s.Converge(t.Context(), s.sale("carl@example.com", cookie)))(s)
	must(s.Converge(t.Context(), s.sale("carl@example.com", cookie)))(s)
	must(s.Approve(t.Context(), anna, []Pick{{ID: first.Commissions[0].ID}}))(s)
	n, sums, err := s.Waiting(t.Context())
	if err != nil || n != 1 || len(sums) != 1 || sums[0] != (Waiting{"USD", money.MustParse("10")}) {
		t.Errorf("%d, %+v, %v", n, sums, err)
	}
	due, err := s.Due(t.Context(), p.ID, "USD")
	if err != nil || len(due) != 1 || due[0].ID != first.Commissions[0].ID || due[0].Payable != money.MustParse("10") {
		t.Errorf("%+v, %v", due, err)
	}
	orders, err := s.OrdersOf(t.Context(), must(s.Order(t.Context(), first.OrderID))(s).Order.ContactID, affiliate.Page{Limit: 10})
	if err != nil || len(orders) != 2 || orders[1].Order.ID != first.OrderID || len(orders[0].Commissions) != 1 {
		t.Errorf("%+v, %v", orders, err)
	}
}

// An order on review is listed until somebody has looked at it, once.
func TestReviews(t *testing.T) {
	s := newSite(t)
	odd := s.sale("carl@example.com", "")
	odd.Total = money.MustParse("1")
	made := must(s.Converge(t.Context(), odd))(s)
	list := must(s.Reviews(t.Context(), affiliate.Page{Limit: 10}))(s)
	if len(list) != 1 || list[0].ID != made.OrderID || list[0].Review != ReviewTotal {
		t.Fatalf("%+v", list)
	}
	for range 2 {
		s.ok(s.Reviewed(t.Context(), anna, made.OrderID))
	}
	if left := must(s.Reviews(t.Context(), affiliate.Page{Limit: 10}))(s); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	if records := must(s.registry.History(t.Context(), "order", int64(made.OrderID), 0, 10))(s); len(records) != 1 || records[0].Actor != anna {
		t.Errorf("%+v", records)
	}
	if err := s.Reviewed(t.Context(), anna, 4711); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Error(err)
	}
}

// Codes become sentences, what an admin wrote stays as it is, and partners read
// nothing that is none of theirs.
func TestReasonsInWords(t *testing.T) {
	for reason, want := range map[string][2]string{
		"EARNED":            {"The sale was paid.", ""},
		"APPROVED_BY_ADMIN": {"An admin approved the commission.", "The commission was approved."},
		"TOTAL_MISMATCH":    {"The order's total does not match its lines, tax, shipping and fees.", ""},
		"A test order.":     {"A test order.", "A test order."},
		"":                  {"", ""},
	} {
		if got := [2]string{AdminWords(reason), PartnerWords(reason)}; got != want {
			t.Errorf("%q: %q", reason, got)
		}
	}
}
