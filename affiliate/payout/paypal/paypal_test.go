package paypal

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

	"partnercenter/affiliate/money"
)

func pay(id, email, text string, cur money.Currency) Payment {
	return Payment{ID: id, Email: email, Amount: money.MustParse(text), Currency: cur, Note: `Your "May", commission`}
}

// Spec: S85.1
func TestFilesAreAsPayPalWantsThem(t *testing.T) {
	payments := []Payment{pay("P2", "Bob@example.com", "1234.5", "USD"), pay("P1", "ann@example.com", "7", "USD")}
	for format, want := range map[Format][2]string{
		Current: {"paypal-may-USD.csv", "ann@example.com,7.00,USD,P1,\"Your \"\"May\"\", commission\",PAYPAL\r\n" +
			"Bob@example.com,1234.50,USD,P2,\"Your \"\"May\"\", commission\",PAYPAL\r\n"},
		LegacyCSV: {"paypal-may-USD.csv", "ann@example.com,7.00,USD,P1,\"Your \"\"May\"\", commission\"\r\n" +
			"Bob@example.com,1234.50,USD,P2,\"Your \"\"May\"\", commission\"\r\n"},
		LegacyTab: {"paypal-may-USD.txt", "ann@example.com\t7.00\tUSD\tP1\t\"Your \"\"May\"\", commission\"\r\n" +
			"Bob@example.com\t1234.50\tUSD\tP2\t\"Your \"\"May\"\", commission\"\r\n"},
	} {
		files, rejected, err := Files(Style{Format: format}, "may", payments)
		if err != nil || len(rejected) > 0 || len(files) != 1 {
			t.Fatalf("%s: %v, %v, %v", format, files, rejected, err)
		}
		f, sum := files[0], sha256.Sum256([]byte(want[1]))
		if string(f.Data) != want[1] || f.Name != want[0] || f.Rows != 2 || f.Total != money.MustParse("1241.5") ||
			f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %s %d rows of %s\n%s", format, f.Name, f.Rows, f.Total, f.Data)
		}
	}
}

// PayPal counts some currencies without decimals, and does not pay those with three.
// Spec: S85.1
func TestPayPalAmountsHaveTheCurrencysDecimals(t *testing.T) {
	for _, test := range []struct {
		amount   string
		currency money.Currency
		want     string
	}{
		{"100", "USD", "100.00"}, {"0.01", "EUR", "0.01"}, {"1500", "JPY", "1500"}, {"1500", "HUF", "1500"},
		{"99", "TWD", "99"}, {"12.34", "KWD", ""},
		{"1500.5", "HUF", ""}, {"0.5", "JPY", ""}, {"12.345", "KWD", ""}, {"0.001", "USD", ""}, {"0", "USD", ""},
		{"-1", "USD", ""},
	} {
		files, rejected, err := Files(Style{Format: Current}, "x",
			[]Payment{pay("P1", "ann@example.com", test.amount, test.currency)})
		if err != nil {
			t.Fatal(err)
		}
		if test.want == "" {
			if len(files) != 0 || len(rejected) != 1 || rejected[0].Reason.IsZero() {
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
// Spec: S80 S85.1
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
		files, rejected, err := Files(Style{Format: Current}, "x", []Payment{bad, good})
		if err != nil || len(files) != 1 || files[0].Rows != 1 || !strings.HasPrefix(string(files[0].Data), "ann@") ||
			len(rejected) != 1 || rejected[0].Payment != bad || rejected[0].Reason.IsZero() {
			t.Errorf("%s: %v, %+v, %v", name, files, rejected, err)
		}
	}
	if _, _, err := Files(Style{Format: Current}, "x",
		[]Payment{good, pay("P1", "bob@example.com", "1", "EUR")}); err == nil {
		t.Error("two currencies went into one file")
	}
}

// Files have at most 5,000 rows, hold every payment once, and are the same to
// the byte however the payments are ordered.
// Spec: S85.3
func TestFilesAreSplitAndReproducible(t *testing.T) {
	var payments []Payment
	for i := range 10_001 {
		payments = append(payments, pay(fmt.Sprintf("P%05d", i), fmt.Sprintf("p%d@example.com", i), "0.01", "USD"))
	}
	first, _, err := Files(Style{Format: Current}, "may", payments)
	if err != nil {
		t.Fatal(err)
	}
	shuffled := slices.Clone(payments)
	rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	second, _, _ := Files(Style{Format: Current}, "may", shuffled)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error("another order of payments gives other files")
	}
	seen := map[string]bool{}
	for i, f := range first {
		found, err := csv.NewReader(strings.NewReader(string(f.Data))).ReadAll()
		if err != nil || len(found) != f.Rows || f.Rows > 5000 ||
			f.Name != fmt.Sprintf("paypal-may-USD-%d-of-3.csv", i+1) {
			t.Errorf("%s: %d rows, %v", f.Name, f.Rows, err)
		}
		for _, record := range found {
			seen[record[3]] = true
		}
	}
	if len(first) != 3 || len(seen) != len(payments) {
		t.Errorf("%d files with %d payments", len(first), len(seen))
	}
	if files, rejected, err := Files(Style{Format: Current}, "may", nil); len(files)+len(rejected) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v, %v", files, rejected, err)
	}
}

// Where a comma stands before the cents, PayPal wants the amount in quotes.
// Spec: S85.1
func TestAmountsCanHaveADecimalComma(t *testing.T) {
	payments := []Payment{{ID: "L1", Email: "ann@example.com", Amount: money.MustParse("100.5"), Currency: "EUR"},
		{ID: "L2", Email: "ann@example.com", Amount: money.MustParse("1500"), Currency: "EUR"}}
	files, rejected, err := Files(Style{Format: Current, Comma: true}, "x", payments)
	want := "ann@example.com,\"100,50\",EUR,L1,,PAYPAL\r\nann@example.com,\"1500,00\",EUR,L2,,PAYPAL\r\n"
	if err != nil || len(rejected) > 0 || string(files[0].Data) != want {
		t.Errorf("%s, %v, %v", files[0].Data, rejected, err)
	}
}
