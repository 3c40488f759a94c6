package ledger

import (
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// What stood at any moment can be said at any later one; the statement of a
// time leads from its opening to its closing balance, each currency by itself.
//
// Spec: B11, D12, S140
func TestStatementsAsOfAnyTime(t *testing.T) {
	s := newSite(t)
	p := s.byPayPal(s.partner("pia"))
	type moment struct {
		at       time.Time
		balances []Balance
	}
	moments := []moment{}
	note := func() {
		t.Helper()
		moments = append(moments, moment{s.clock.Now(), must(s.Balances(t.Context(), p.ID))(s)})
		s.clock.Advance(24 * time.Hour)
	}
	note()
	o := s.sale("bob@example.com", s.click(p))
	c := s.converge(o).Commissions[0]
	note()
	s.approve(c)
	note()
	must(s.Adjust(t.Context(), anna, ManualEntry{PartnerID: p.ID, Currency: "EUR", Amount: usd("7"), Reason: "Prize", At: noon.AddDate(-1, 0, 0)}))(s)
	note()
	b := s.file(s.draft())
	note()
	s.ok(s.Send(t.Context(), anna, b.ID))
	must(s.Settle(t.Context(), anna, b.ID))(s)
	note()
	s.converge(o.refunded("40"))
	note()
	must(s.ReturnPayment(t.Context(), anna, b.Lines[0].ID, "Account closed"))(s)
	note()
	for i, m := range moments {
		if got := must(s.BalancesAt(t.Context(), p.ID, m.at))(s); !slices.Equal(got, m.balances) {
			t.Errorf("moment %d: %+v, then it was %+v", i, got, m.balances)
		}
	}
	if got, now := must(s.BalancesAt(t.Context(), p.ID, s.clock.Now()))(s), must(s.Balances(t.Context(), p.ID))(s); !slices.Equal(got, now) {
		t.Errorf("now: %+v, want %+v", got, now)
	}
	from, to := moments[2].at.Add(time.Second), moments[6].at.Add(time.Second) // after the approval, before the return
	statements := must(s.Statements(t.Context(), p.ID, from, to))(s)
	if len(statements) != 2 || statements[0].Currency != "EUR" || statements[1].Currency != "USD" {
		t.Fatalf("the statements are %+v", statements)
	}
	eur, usdOnes := statements[0], statements[1]
	if len(eur.Rows) != 1 || eur.Rows[0].Reason != "Prize" || !eur.Opening.Payable.IsZero() || eur.Closing.Payable != usd("7") {
		t.Errorf("in EUR: %+v", eur)
	}
	kinds := []Kind{}
	for _, r := range usdOnes.Rows {
		kinds = append(kinds, r.Kind)
	}
	if !slices.Equal(kinds, []Kind{PayOut, Settle, Refund}) || usdOnes.Opening.Payable != usd("10") || usdOnes.Closing.Payable != usd("-4") || usdOnes.Closing.Paid != usd("10") {
		t.Errorf("in USD: %v, %+v to %+v", kinds, usdOnes.Opening, usdOnes.Closing)
	}
	if last := usdOnes.Rows[2].Balance; last != usdOnes.Closing {
		t.Errorf("the rows lead to %+v, the statement to %+v", last, usdOnes.Closing)
	}
	s.adjust(p, "99")
	if again := must(s.Statements(t.Context(), p.ID, from, to))(s); again[1].Closing != usdOnes.Closing || len(again[1].Rows) != 3 {
		t.Errorf("later, the statement of then is %+v", again[1])
	}
	if _, err := s.Statements(t.Context(), p.ID, to, from); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("backwards: %v", err)
	}
	s.wantClean()
}

func (s *site) adjust(p affiliate.Partner, amount string) Manual {
	s.Helper()
	return must(s.Adjust(s.Context(), anna, ManualEntry{PartnerID: p.ID, Currency: money.Currency("USD"), Amount: usd(amount), Reason: "Bonus"}))(s)
}
