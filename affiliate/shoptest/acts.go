package shoptest

import (
	"fmt"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/payout/paypal"
)

// ApproveAll approves commissions as they are now.
func (s *Site) ApproveAll(commissions ...ledger.Commission) ledger.Report {
	s.Helper()
	return Must(s.Approve(s.Context(), Anna, Picks(commissions...)))(s)
}

// Now are the commissions as they stand.
func (s *Site) Now(commissions ...ledger.Commission) []ledger.Commission {
	s.Helper()
	fresh := []ledger.Commission{}
	for _, c := range commissions {
		fresh = append(fresh, Must(s.Commission(s.Context(), c.ID))(s))
	}
	return fresh
}

// PaidBy says how a partner is paid, by an admin's word.
func (s *Site) PaidBy(p affiliate.Partner, pay affiliate.Payment) {
	s.Helper()
	Must(s.Registry.UpdatePayment(s.Context(), Anna, p.ID, pay))(s)
}

// ByPayPal gives the partner an address.
func (s *Site) ByPayPal(p affiliate.Partner) affiliate.Partner {
	s.Helper()
	s.PaidBy(p, affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: fmt.Sprintf("p%s@pay.example", p.ID)})
	return p
}

// Draft makes a batch of payments in USD.
func (s *Site) Draft(change ...func(*payout.BatchSpec)) payout.Batch {
	s.Helper()
	spec := payout.BatchSpec{Currency: "USD"}
	for _, c := range change {
		c(&spec)
	}
	return Must(s.MakeBatch(s.Context(), Anna, spec))(s)
}

// FileBatch makes the file of a draft.
func (s *Site) FileBatch(b payout.Batch) payout.Batch {
	s.Helper()
	b = Must(s.Batch(s.Context(), b.ID))(s)
	return Must(s.MakeFile(s.Context(), Bob, b.ID, Must(b.Total())(s), paypal.Current))(s)
}

// EntryOf is an entry by hand.
func EntryOf(p affiliate.Partner, amount, reason string) ledger.ManualEntry {
	return ledger.ManualEntry{PartnerID: p.ID, Currency: "USD", Amount: USD(amount), Reason: reason}
}

// FieldsOf are what an error says of fields.
func FieldsOf(err error) map[string]string {
	fields := map[string]string{}
	if e, ok := err.(*affiliate.Error); ok {
		for field, problem := range e.Fields {
			fields[field] = problem.String()
		}
	}
	return fields
}

// Policy saves the program's policy in force after change.
func (s *Site) Policy(change func(*affiliate.Policy)) {
	s.Helper()
	p := Must(s.Registry.Policy(s.Context(), s.Program.ID))(s)
	change(&p)
	Must(s.Registry.SavePolicy(s.Context(), Anna, p))(s)
}

// Quantity reads one.
func Quantity(text string) money.Quantity {
	q, err := money.ParseQuantity(text)
	if err != nil {
		panic(err)
	}
	return q
}

// Percent are terms in percent for both levels.
func Percent(level1, level2 string) affiliate.Terms {
	one, _ := money.ParsePercent(level1)
	two, _ := money.ParsePercent(level2)
	return affiliate.Terms{ID: 1, Kind: affiliate.Percent, Level1: one, Level2: two}
}

// USD is an amount.
func USD(text string) money.Amount { return money.MustParse(text) }

// Refresh has links notice changed partners.
func (s *Site) Refresh() error { return s.clicks.Refresh(s.Context()) }
