package payout_test

import (
	"testing"

	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/shoptest"
)

// Each currency is paid by itself: what a partner has in another one, earned or
// entered by hand, is neither paid along nor in the way.
//
// Spec: D12
func TestCurrenciesArePaidApart(t *testing.T) {
	s := newSite(t)
	p := s.payee("pia", "30")
	euros := s.Sale("bob@example.com", s.Click(p))
	euros.Currency = "EUR"
	s.ApproveAll(s.Earn(p, "100"), s.Place(euros).Commissions[0])
	bonus := shoptest.EntryOf(p, "7", "Bonus")
	bonus.Currency = "EUR"
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, bonus))(s)
	b := s.FileBatch(s.Draft())
	s.wantLines(b, lineFor(p, payout.Filed, "40"))
	for currency, want := range map[money.Currency]string{"USD": "0", "EUR": "17"} {
		balance := shoptest.Must(ledger.LoadBalance(t.Context(), s.DB, p.ID, currency))(s)
		if balance.Payable != shoptest.USD(want) {
			t.Errorf("%s %s is payable beside the batch in USD, want %s", balance.Payable, currency, want)
		}
	}
	line := shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "EUR", shoptest.USD("17")))(s)
	if line.Amount != shoptest.USD("17") || line.Currency != "EUR" {
		t.Errorf("paid %s %s", line.Amount, line.Currency)
	}
	s.wantOwed(p, "0", "40", "0")
	s.WantClean()
}
