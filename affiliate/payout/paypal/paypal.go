// Package paypal writes the files of payments that PayPal takes: pure,
// the same payments give the same bytes.
package paypal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// Format is a format of PayPal's file of payments.
type Format string

// The formats. PayPal's Payouts Web takes files without a heading.
const (
	Current   Format = "current"    // 6 columns, the last says PAYPAL
	LegacyCSV Format = "legacy"     // MassPay: 5 columns, commas
	LegacyTab Format = "legacy-tab" // MassPay: 5 columns, tabs, .txt
)

// Style is how a file is written.
type Style struct {
	Format Format
	Comma  bool // amounts as in "100,50", where the sender's PayPal account is of a country that writes so
}

// Payment is one row of a PayPal file.
type Payment struct {
	ID       string // PayPal's "customer id": unique in the file, at most 30 characters without spaces
	Email    string // the recipient's PayPal address
	Amount   money.Amount
	Currency money.Currency
	Note     string // for the recipient, at most 400 characters
}

// File is a file to upload. The same payments give the same bytes.
type File struct {
	Name   string
	Data   []byte
	SHA256 string // of Data, hexadecimal
	Rows   int
	Total  money.Amount
}

// Rejected is a payment that PayPal's file cannot hold.
type Rejected struct {
	Payment
	Reason locale.Text
}

// maxRows is what one file may have.
const maxRows = 5000

// Files writes payments in one currency as files of at most 5,000 rows,
// in the order of their ids; ref names the files and must be of letters, digits
// and - (S85). Payments that the format cannot hold are listed, and not in any
// file: text is never changed to make it fit, because it is an address.
func Files(style Style, ref string, payments []Payment) ([]File, []Rejected, error) {
	payments = slices.SortedFunc(slices.Values(payments), func(a, b Payment) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Email, b.Email))
	})
	var good []Payment
	var rejected []Rejected
	ids := map[string]bool{}
	for _, p := range payments {
		if p.Currency != payments[0].Currency {
			return nil, nil, fmt.Errorf("a PayPal file has one currency, not both %s and %s", payments[0].Currency,
				p.Currency)
		}
		reason := p.Reject()
		if reason.IsZero() && ids[p.ID] {
			reason = locale.T("Its ID is used twice.")
		}
		if !reason.IsZero() {
			rejected = append(rejected, Rejected{p, reason})
			continue
		}
		ids[p.ID] = true
		good = append(good, p)
	}
	files, err := writeAll(style, ref, good)
	return files, rejected, err
}

func writeAll(style Style, ref string, payments []Payment) ([]File, error) {
	var files []File
	parts := (len(payments) + maxRows - 1) / maxRows
	for part := range slices.Chunk(payments, maxRows) {
		file, err := writeFile(style, part)
		if err != nil {
			return nil, err
		}
		file.Name = fileName(style.Format, ref, part[0].Currency, len(files)+1, parts)
		files = append(files, file)
	}
	return files, nil
}

func fileName(format Format, ref string, cur money.Currency, part, parts int) string {
	name := fmt.Sprintf("paypal-%s-%s", ref, cur)
	if parts > 1 {
		name += fmt.Sprintf("-%d-of-%d", part, parts)
	}
	if format == LegacyTab {
		return name + ".txt"
	}
	return name + ".csv"
}

func writeFile(style Style, payments []Payment) (File, error) {
	var data bytes.Buffer
	out := csv.NewWriter(&data)
	out.UseCRLF = true
	if style.Format == LegacyTab {
		out.Comma = '\t'
	}
	file := File{Rows: len(payments)}
	for _, p := range payments {
		record := []string{p.Email, p.amount(style), string(p.Currency), p.ID, p.Note}
		if style.Format == Current {
			record = append(record, "PAYPAL")
		}
		if err := out.Write(record); err != nil {
			return file, err
		}
		var err error
		if file.Total, err = file.Total.Add(p.Amount); err != nil {
			return file, err
		}
	}
	out.Flush()
	sum := sha256.Sum256(data.Bytes())
	file.Data, file.SHA256 = data.Bytes(), hex.EncodeToString(sum[:])
	return file, out.Error()
}

// currencies are those in which PayPal pays out.
var currencies = []money.Currency{"AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
	"MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RUB", "SEK", "SGD", "THB", "TWD", "USD"}

// decimals is how many decimals PayPal takes: two, and none in currencies
// it counts without, of which ISO 4217 gives two to HUF and TWD.
func decimals(cur money.Currency) int {
	if cur == "HUF" || cur == "TWD" {
		return 0
	}
	return min(cur.Digits(), 2)
}

// amount is in PayPal's decimals; Reject has seen to it that it fits.
func (p Payment) amount(style Style) string {
	whole, fraction, _ := strings.Cut(p.Amount.String(), ".")
	digits := decimals(p.Currency)
	if digits == 0 {
		return whole
	}
	point := "."
	if style.Comma {
		point = ","
	}
	return whole + point + fraction + strings.Repeat("0", digits-len(fraction))
}

// Reject says why a payment cannot stand in a PayPal file, none when it can.
func (p Payment) Reject() locale.Text {
	_, fraction, _ := strings.Cut(p.Amount.String(), ".")
	email, err := affiliate.FoldEmail(p.Email)
	switch {
	case p.Amount.Sign() <= 0:
		return locale.T("There is nothing to pay.")
	case !slices.Contains(currencies, p.Currency):
		return locale.T("PayPal doesn't pay out in %s.", string(p.Currency))
	case len(fraction) > decimals(p.Currency):
		return locale.T("PayPal pays %s with at most %d decimals.", string(p.Currency), decimals(p.Currency))
	case err != nil || email != strings.ToLower(p.Email):
		return locale.T("The PayPal address isn't an email address.")
	case p.ID == "" || utf8.RuneCountInString(p.ID) > 30 || strings.ContainsFunc(p.ID, unicode.IsSpace):
		return locale.T("Its ID must have 1 to 30 characters without spaces.")
	case utf8.RuneCountInString(p.Note) > 400:
		return locale.T("The note is longer than 400 characters.")
	}
	for _, field := range []string{p.Email, p.ID, p.Note} {
		if strings.ContainsRune(formulaStarts, first(field)) {
			return locale.T("A field begins like a formula.")
		}
		if strings.ContainsFunc(field, unicode.IsControl) {
			return locale.T("A field has control characters.")
		}
	}
	return locale.Text{}
}

// formulaStarts begin what spreadsheets run; the file may be opened in one.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

func first(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}
