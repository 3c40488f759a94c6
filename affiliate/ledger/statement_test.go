package ledger_test

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/shoptest"
)

// What stood at any moment can be said at any later one; the statement of a
// time leads from its opening to its closing balance, each currency by itself.
//
// Spec: S140.2 D12.1 D12.2 B11.1
func TestStatementsAsOfAnyTime(t *testing.T) {
	s := newSite(t)
	p := s.ByPayPal(s.Partner("pia"))
	type moment struct {
		at       time.Time
		balances []ledger.Balance
	}
	moments := []moment{}
	note := func() {
		t.Helper()
		moments = append(moments, moment{s.Clock.Now(), shoptest.Must(s.Balances(t.Context(), p.ID))(s)})
		s.Clock.Advance(24 * time.Hour)
	}
	note()
	o := s.Sale("bob@example.com", s.Click(p))
	c := s.Place(o).Commissions[0]
	note()
	s.ApproveAll(c)
	note()
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, ledger.ManualEntry{PartnerID: p.ID, Currency: "EUR",
		Amount: shoptest.USD("7"), Reason: "Prize", At: shoptest.Noon.AddDate(-1, 0, 0)}))(s)
	note()
	b := s.FileBatch(s.Draft())
	note()
	s.OK(s.Send(t.Context(), shoptest.Anna, b.ID))
	shoptest.Must(s.Settle(t.Context(), shoptest.Anna, b.ID))(s)
	note()
	s.Place(shoptest.Refunded(o, "40"))
	note()
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, b.Lines[0].ID, "Account closed"))(s)
	note()
	for i, m := range moments {
		if got := shoptest.Must(s.BalancesAt(t.Context(), p.ID, m.at))(s); !slices.Equal(got, m.balances) {
			t.Errorf("moment %d: %+v, then it was %+v", i, got, m.balances)
		}
	}
	if got, now := shoptest.Must(s.BalancesAt(t.Context(), p.ID,
		s.Clock.Now()))(s), shoptest.Must(s.Balances(t.Context(), p.ID))(s); !slices.Equal(got, now) {
		t.Errorf("now: %+v, want %+v", got, now)
	}
	from, to := moments[2].at.Add(time.Second), moments[6].at.Add(time.Second) // after the approval, before the return
	statements := shoptest.Must(s.Statements(t.Context(), p.ID, from, to))(s)
	if len(statements) != 2 || statements[0].Currency != "EUR" || statements[1].Currency != "USD" {
		t.Fatalf("the statements are %+v", statements)
	}
	eur, usdOnes := statements[0], statements[1]
	if len(eur.Rows) != 1 || eur.Rows[0].Reason != "Prize" || !eur.Opening.Payable.IsZero() ||
		eur.Closing.Payable != shoptest.USD("7") {
		t.Errorf("in EUR: %+v", eur)
	}
	kinds := []ledger.Kind{}
	for _, r := range usdOnes.Rows {
		kinds = append(kinds, r.Kind)
	}
	if !slices.Equal(kinds, []ledger.Kind{ledger.PayOut, ledger.Settle, ledger.Refund}) ||
		usdOnes.Opening.Payable != shoptest.USD("10") || usdOnes.Closing.Payable != shoptest.USD("-4") ||
		usdOnes.Closing.Paid != shoptest.USD("10") {
		t.Errorf("in USD: %v, %+v to %+v", kinds, usdOnes.Opening, usdOnes.Closing)
	}
	if last := usdOnes.Rows[2].Balance; last != usdOnes.Closing {
		t.Errorf("the rows lead to %+v, the statement to %+v", last, usdOnes.Closing)
	}
	s.adjust(p, "99")
	if again := shoptest.Must(s.Statements(t.Context(), p.ID, from, to))(s); again[1].Closing != usdOnes.Closing ||
		len(again[1].Rows) != 3 {
		t.Errorf("later, the statement of then is %+v", again[1])
	}
	if _, err := s.Statements(t.Context(), p.ID, to, from); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("backwards: %v", err)
	}
	s.WantClean()
}

// A statement holds what was recorded at its first instant, and not what was at
// its last: two that follow one another hold each journal once.
//
// Spec: B11.1
func TestStatementsMeetAtAnInstant(t *testing.T) {
	s := newSite(t)
	p := s.Partner("pia")
	at := []time.Time{}
	for _, amount := range []string{"1", "2", "4"} {
		at = append(at, s.Clock.Now())
		s.adjust(p, amount)
		s.Clock.Advance(time.Hour)
	}
	st := shoptest.Must(s.Statements(t.Context(), p.ID, at[1], at[2]))(s)[0]
	if len(st.Rows) != 1 || st.Rows[0].Payable != shoptest.USD("2") || st.Opening.Payable != shoptest.USD("1") ||
		st.Closing.Payable != shoptest.USD("3") {
		t.Errorf("from the second entry to the third: %+v", st)
	}
}

func (s *site) adjust(p affiliate.Partner, amount string) ledger.Manual {
	s.Helper()
	return shoptest.Must(s.Adjust(s.Context(), shoptest.Anna,
		ledger.ManualEntry{PartnerID: p.ID, Currency: money.Currency("USD"), Amount: shoptest.USD(amount),
			Reason: "Bonus"}))(s)
}
