package center_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The list of purchases has a tab and files like the others; it shows, and
// offers to choose from, what the program's switches allow.
//
// Spec: S18.1 S18.2 S19.1 S19.2 S121.2
func TestPurchasesShowWhatTheProgramAllows(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Sell(anna, "10", "USD", "Buyer")
	now := s.Clock.Now()
	for i, status := range []sale.OrderStatus{sale.OrderPaid, sale.OrderFailed} {
		_, err := s.Sales.Converge(t.Context(), sale.OrderState{
			Source: "test", ExternalID: fmt.Sprint("more", i), Version: 1, At: now, PlacedAt: now, PaidAt: &now,
			Status:   status,
			Currency: "USD", Total: money.MustParse("33"), Buyer: sale.Buyer{Email: "buyer1@mail.test"},
			Lines: []sale.LineState{{Line: "1", Name: "Not of the program", Quantity: one(t),
				Base: money.MustParse("33")}},
		})
		must(t, err)
	}
	for _, want := range []struct {
		declined, history bool
		rows, offered     string
	}{
		{false, false, "Paid by the customer", "All, Paid by the customer, Canceled"},
		{true, false, "Declined Paid by the customer", "All, Paid by the customer, Declined, Canceled"},
		{false, true, "Paid by the customer Paid by the customer", "All, Paid by the customer, Canceled"},
		{true, true, "Declined Paid by the customer Paid by the customer",
			"All, Paid by the customer, Declined, Canceled"},
	} {
		s.Gold.ShowDeclined, s.Gold.ShowHistory = want.declined, want.history
		_, err := s.Registry.EditProgram(t.Context(), "test", s.Gold)
		must(t, err)
		page := s.Get("earnings/purchases", web.Theme, cookie).Want(http.StatusOK)
		if got := strings.Join(page.Texts(".pc-list tbody .pc-status"), " "); got != want.rows ||
			page.Find(".pc-tabs a[aria-current]").Text() != "Purchases" {
			t.Errorf("declined %v, history %v: the rows are %s", want.declined, want.history, got)
		}
		if got := statuses(s, "earnings/purchases", cookie); got != want.offered {
			t.Errorf("declined %v, history %v: there is a choice of %s", want.declined, want.history, got)
		}
		if file := s.CSV("earnings/purchases.csv", cookie); len(file)-1 != len(strings.Fields(strings.ReplaceAll(want.rows, " by the customer", ""))) {
			t.Errorf("declined %v, history %v: the file has %q", want.declined, want.history, file)
		}
	}
}

func one(t *testing.T) money.Quantity {
	q, err := money.ParseQuantity("1")
	must(t, err)
	return q
}
