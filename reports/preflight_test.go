package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout/paypal"
)

// Whoever is excluded is named with the reason; the rest is the file.
// Spec: S85.2 S136.1 S141
func TestPreflightNamesWhoIsSkippedAndWhy(t *testing.T) {
	s := newSite(t)
	s.settings(affiliate.Choice, map[money.Currency]money.Amount{"USD": amount("50")})
	program := s.program(affiliate.SeeName, true)
	partner := func(name, change, amount string) affiliate.PartnerID {
		p := s.partner(program, name, "2026-05-01")
		if change != "" {
			s.exec(`UPDATE {wp}partner_center_partners SET `+change+` WHERE id = ?`, p)
		}
		s.sale(p, sale{amount: amount, status: "approved"})
		return p
	}
	payable := partner("Payable", "", "50")
	partner("Below", "", "49.99")
	partner("Check", "payment_method = 'check'", "60")
	partner("Blank", "paypal_email = ''", "60")
	partner("Wrong", "paypal_email = '=cmd@x.example'", "60")
	partner("Suspended", "state = 'rejected'", "60")
	s.refund(s.sale(partner("Negative", "", "1"), sale{amount: "5", status: "paid"}), "payable", "5")
	s.sale(payable, sale{amount: "70", currency: "EUR", status: "approved"})

	due, err := s.reader.Due(t.Context(), "USD")
	if err != nil {
		t.Fatal(err)
	}
	payments, skipped := Preflight(due, false, "Commission")
	reasons := map[string]string{}
	for _, skip := range skipped {
		reasons[skip.PartnerFirst] = skip.Reason.String()
	}
	want := map[string]string{
		"Below": "$49.99 is owed; payouts start at $50.00.", "Check": "This partner is paid by check.",
		"Blank":     "The partner hasn't given a PayPal address.",
		"Wrong":     "PayPal's file can't hold this payment. A field begins like a formula.",
		"Suspended": "This partner is rejected and can't be paid.",
		"Negative":  "There is nothing to pay: the balance is -$4.00.",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
	if len(payments) != 1 || payments[0].ID != "code"+payable.String() || payments[0].Amount != amount("50") ||
		payments[0].Currency != "USD" {
		t.Errorf("paid are %+v", payments)
	}
	if payments, skipped := Preflight(due, true, "Commission"); len(payments) > 0 || len(skipped) != len(due) ||
		!strings.HasPrefix(skipped[0].Reason.String(), "Two people are required") {
		t.Errorf("by one person alone %v are paid, %v are skipped", payments, skipped)
	}
	files, rejected, err := paypal.Files(paypal.Style{Format: paypal.Current}, "2026-05-04", payments)
	if err != nil || len(rejected) > 0 || !strings.HasSuffix(string(files[0].Data), ",Commission,PAYPAL\r\n") {
		t.Errorf("%v, %v, %v", files, rejected, err)
	}
}
