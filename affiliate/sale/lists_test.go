package sale_test

import (
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/shoptest"
)

// An order on review is listed until somebody has looked at it, once.
func TestReviews(t *testing.T) {
	s := newSite(t)
	odd := s.Sale("carl@example.com", "")
	odd.Total = money.MustParse("1")
	created := shoptest.Must(s.Converge(t.Context(), odd))(s)
	list := shoptest.Must(s.Reviews(t.Context(), affiliate.Page{Limit: 10}))(s)
	if len(list) != 1 || list[0].ID != created.OrderID || list[0].Review != reason.ReviewTotal {
		t.Fatalf("%+v", list)
	}
	for range 2 {
		s.OK(s.Reviewed(t.Context(), shoptest.Anna, created.OrderID))
	}
	if left := shoptest.Must(s.Reviews(t.Context(), affiliate.Page{Limit: 10}))(s); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	if records := shoptest.Must(s.Registry.History(t.Context(), "order", int64(created.OrderID), 0,
		10))(s); len(records) != 1 || records[0].Actor != shoptest.Anna {
		t.Errorf("%+v", records)
	}
	if err := s.Reviewed(t.Context(), shoptest.Anna, 4711); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Error(err)
	}
}

func TestWhatIsNotThereIsMissing(t *testing.T) {
	s := newSite(t)
	if _, err := s.Commission(t.Context(), 1); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("no such commission: %v", err)
	}
	if _, err := s.Order(t.Context(), 1); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("no such order: %v", err)
	}
}
