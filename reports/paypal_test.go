package reports

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

func pay(id, email, text string, cur money.Currency) Payment {
	return Payment{ID: id, Email: email, Amount: amount(text), Currency: cur, Note: `Your "May", commission`}
}

// Spec: S85
func TestPayPalFilesAreAsPayPalWantsThem(t *testing.T) {
	payments := []Payment{pay("P2", "Bob@example.com", "1234.5", "USD"), pay("P1", "ann@example.com", "7", "USD")}
	for format, want := range map[PayPalFormat][2]string{
		PayPalCurrent: {"paypal-may-USD.csv", "ann@example.com,7.00,USD,P1,\"Your \"\"May\"\", commission\",PAYPAL\r\n" +
			"Bob@example.com,1234.50,USD,P2,\"Your \"\"May\"\", commission\",PAYPAL\r\n"},
		PayPalLegacyCSV: {"paypal-may-USD.csv", "ann@example.com,7.00,USD,P1,\"Your \"\"May\"\", commission\"\r\n" +
			"Bob@example.com,1234.50,USD,P2,\"Your \"\"May\"\", commission\"\r\n"},
		PayPalLegacyTab: {"paypal-may-USD.txt", "ann@example.com\t7.00\tUSD\tP1\t\"Your \"\"May\"\", commission\"\r\n" +
			"Bob@example.com\t1234.50\tUSD\tP2\t\"Your \"\"May\"\", commission\"\r\n"},
	} {
		files, rejected, err := PayPalFiles(format, "may", payments)
		if err != nil || len(rejected) > 0 || len(files) != 1 {
			t.Fatalf("%s: %v, %v, %v", format, files, rejected, err)
		}
		f, sum := files[0], sha256.Sum256([]byte(want[1]))
		if string(f.Data) != want[1] || f.Name != want[0] || f.Rows != 2 || f.Total != amount("1241.5") || f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %s %d rows of %s\n%s", format, f.Name, f.Rows, f.Total, f.Data)
		}
	}
}

// PayPal counts some currencies without decimals, and none with three.
// Spec: S85
func TestPayPalAmountsHaveTheCurrencysDecimals(t *testing.T) {
	for _, test := range []struct {
		amount   string
		currency money.Currency
		want     string
	}{
		{"100", "USD", "100.00"}, {"0.01", "EUR", "0.01"}, {"1500", "JPY", "1500"}, {"1500", "HUF", "1500"}, {"99", "TWD", "99"}, {"12.34", "KWD", "12.34"},
		{"1500.5", "HUF", ""}, {"0.5", "JPY", ""}, {"12.345", "KWD", ""}, {"0.001", "USD", ""}, {"0", "USD", ""}, {"-1", "USD", ""},
	} {
		files, rejected, err := PayPalFiles(PayPalCurrent, "x", []Payment{pay("P1", "ann@example.com", test.amount, test.currency)})
		if err != nil {
			t.Fatal(err)
		}
		if test.want == "" {
			if len(files) != 0 || len(rejected) != 1 || rejected[0].Reason == "" {
				t.Errorf("%s %s: %v, %v", test.amount, test.currency, files, rejected)
			}
			continue
		}
		if got := strings.Split(string(files[0].Data), ",")[1]; got != test.want {
			t.Errorf("%s %s is written as %s", test.amount, test.currency, got)
		}
	}
}

// What would need a change to be safe is listed, never changed: it is an address.
// Spec: S85, S80
func TestPayPalRejectsWhatItCannotHold(t *testing.T) {
	good := pay("P0", "ann@example.com", "1", "USD")
	for name, spoil := range map[string]func(*Payment){
		"formula address": func(p *Payment) { p.Email = "=1+1@example.com" },
		"plus address":    func(p *Payment) { p.Email = "+ann@example.com" },
		"no address":      func(p *Payment) { p.Email = "ann" },
		"two addresses":   func(p *Payment) { p.Email = "a@example.com,b@example.com" },
		"line in address": func(p *Payment) { p.Email = "ann@example.com\r\nbob@example.com" },
		"space":           func(p *Payment) { p.Email = " ann@example.com" },
		"formula note":    func(p *Payment) { p.Note = "@SUM(A1)" },
		"tab in note":     func(p *Payment) { p.Note = "May\t2026" },
		"zero byte":       func(p *Payment) { p.Note = "May\x00" },
		"long note":       func(p *Payment) { p.Note = strings.Repeat("ä", 401) },
		"no id":           func(p *Payment) { p.ID = "" },
		"space in id":     func(p *Payment) { p.ID = "P 1" },
		"long id":         func(p *Payment) { p.ID = strings.Repeat("x", 31) },
		"same id":         func(p *Payment) { p.ID = "P0"; p.Email = "zoe@example.com" },
	} {
		bad := pay("P1", "bob@example.com", "1", "USD")
		spoil(&bad)
		files, rejected, err := PayPalFiles(PayPalCurrent, "x", []Payment{bad, good})
		if err != nil || len(files) != 1 || files[0].Rows != 1 || !strings.HasPrefix(string(files[0].Data), "ann@") ||
			len(rejected) != 1 || rejected[0].Payment != bad || rejected[0].Reason == "" {
			t.Errorf("%s: %v, %+v, %v", name, files, rejected, err)
		}
	}
	if _, _, err := PayPalFiles(PayPalCurrent, "x", []Payment{good, pay("P1", "bob@example.com", "1", "EUR")}); err == nil {
		t.Error("two currencies went into one file")
	}
}

// Files have at most 5,000 rows, hold every payment once, and are the same to
// the byte however the payments are ordered.
// Spec: S85
func TestPayPalFilesAreSplitAndReproducible(t *testing.T) {
	var payments []Payment
	for i := range 10_001 {
		payments = append(payments, pay(fmt.Sprintf("P%05d", i), fmt.Sprintf("p%d@example.com", i), "0.01", "USD"))
	}
	first, _, err := PayPalFiles(PayPalCurrent, "may", payments)
	if err != nil {
		t.Fatal(err)
	}
	shuffled := slices.Clone(payments)
	rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	second, _, _ := PayPalFiles(PayPalCurrent, "may", shuffled)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error("another order of payments gives other files")
	}
	seen := map[string]bool{}
	for i, f := range first {
		found, err := csv.NewReader(strings.NewReader(string(f.Data))).ReadAll()
		if err != nil || len(found) != f.Rows || f.Rows > 5000 || f.Name != fmt.Sprintf("paypal-may-USD-%d-of-3.csv", i+1) {
			t.Errorf("%s: %d rows, %v", f.Name, f.Rows, err)
		}
		for _, record := range found {
			seen[record[3]] = true
		}
	}
	if len(first) != 3 || len(seen) != len(payments) {
		t.Errorf("%d files with %d payments", len(first), len(seen))
	}
	if files, rejected, err := PayPalFiles(PayPalCurrent, "may", nil); len(files)+len(rejected) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v, %v", files, rejected, err)
	}
}

// Whoever is left out is named with the reason; the rest is the file.
// Spec: S85, S136, S141
func TestPreflightNamesWhoIsSkippedAndWhy(t *testing.T) {
	s := newSite(t)
	s.settings(affiliate.Choice, map[money.Currency]money.Amount{"USD": amount("50")})
	program := s.program(affiliate.SeeName, true)
	partner := func(name, change, amount string) affiliate.PartnerID {
		p := s.partner(program, name, "2026-05-01")
		if change != "" {
			s.exec(`UPDATE {wp}pc_partners SET `+change+` WHERE id = ?`, p)
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
	payments, skipped := Preflight(due, "Commission")
	reasons := map[string]string{}
	for _, skip := range skipped {
		reasons[skip.PartnerFirst] = skip.Reason
	}
	want := map[string]string{
		"Below": "Below the threshold: 0.01 USD is missing.", "Check": "Is paid by check.", "Blank": "Has not given a PayPal address.",
		"Wrong": "A field begins like a formula.", "Suspended": "The partner is rejected.", "Negative": "Refunds are more than what was earned since.",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
	if len(payments) != 1 || payments[0].ID != "code"+payable.String() || payments[0].Amount != amount("50") || payments[0].Currency != "USD" {
		t.Errorf("paid are %+v", payments)
	}
	files, rejected, err := PayPalFiles(PayPalCurrent, "2026-05-04", payments)
	if err != nil || len(rejected) > 0 || !strings.HasSuffix(string(files[0].Data), ",Commission,PAYPAL\r\n") {
		t.Errorf("%v, %v, %v", files, rejected, err)
	}
}
