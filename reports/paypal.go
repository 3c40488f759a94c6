package reports

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
)

// PayPalFormat is a format of PayPal's file of payments.
type PayPalFormat string

// The formats. PayPal's Payouts Web takes files without a heading.
const (
	PayPalCurrent   PayPalFormat = "current"    // 6 columns, the last says PAYPAL
	PayPalLegacyCSV PayPalFormat = "legacy"     // MassPay: 5 columns, commas
	PayPalLegacyTab PayPalFormat = "legacy-tab" // MassPay: 5 columns, tabs, .txt
)

// Payment is one row of a PayPal file.
type Payment struct {
	ID       string // PayPal's "customer id": unique in the file, at most 30 characters without spaces
	Email    string // the recipient's PayPal address
	Amount   money.Amount
	Currency money.Currency
	Note     string // for the recipient, at most 400 characters
}

// PayPalFile is a file to upload. The same payments give the same bytes.
type PayPalFile struct {
	Name   string
	Data   []byte
	SHA256 string // of Data, hexadecimal
	Rows   int
	Total  money.Amount
}

// Rejected is a payment that PayPal's file cannot hold.
type Rejected struct {
	Payment
	Reason string // a sentence for people
}

// maxPayPalRows is what one file may have.
const maxPayPalRows = 5000

// PayPalFiles writes payments in one currency as files of at most 5,000 rows,
// in the order of their ids; ref names the files and must be of letters, digits
// and - (S85). Payments that the format cannot hold are listed, and not in any
// file: text is never changed to make it fit, because it is an address.
func PayPalFiles(format PayPalFormat, ref string, payments []Payment) ([]PayPalFile, []Rejected, error) {
	payments = slices.SortedFunc(slices.Values(payments), func(a, b Payment) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Email, b.Email))
	})
	var good []Payment
	var rejected []Rejected
	ids := map[string]bool{}
	for _, p := range payments {
		if p.Currency != payments[0].Currency {
			return nil, nil, fmt.Errorf("a PayPal file has one currency, not both %s and %s", payments[0].Currency, p.Currency)
		}
		reason := p.reject()
		if reason == "" && ids[p.ID] {
			reason = "Its id is used twice."
		}
		if reason != "" {
			rejected = append(rejected, Rejected{p, reason})
			continue
		}
		ids[p.ID] = true
		good = append(good, p)
	}
	files, err := payPalFiles(format, ref, good)
	return files, rejected, err
}

func payPalFiles(format PayPalFormat, ref string, payments []Payment) ([]PayPalFile, error) {
	var files []PayPalFile
	parts := (len(payments) + maxPayPalRows - 1) / maxPayPalRows
	for part := range slices.Chunk(payments, maxPayPalRows) {
		file, err := payPalFile(format, part)
		if err != nil {
			return nil, err
		}
		file.Name = fileName(format, ref, part[0].Currency, len(files)+1, parts)
		files = append(files, file)
	}
	return files, nil
}

func fileName(format PayPalFormat, ref string, cur money.Currency, part, parts int) string {
	name := fmt.Sprintf("paypal-%s-%s", ref, cur)
	if parts > 1 {
		name += fmt.Sprintf("-%d-of-%d", part, parts)
	}
	if format == PayPalLegacyTab {
		return name + ".txt"
	}
	return name + ".csv"
}

func payPalFile(format PayPalFormat, payments []Payment) (PayPalFile, error) {
	var data bytes.Buffer
	out := csv.NewWriter(&data)
	out.UseCRLF = true
	if format == PayPalLegacyTab {
		out.Comma = '\t'
	}
	file := PayPalFile{Rows: len(payments)}
	for _, p := range payments {
		record := []string{p.Email, p.amount(), string(p.Currency), p.ID, p.Note}
		if format == PayPalCurrent {
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

// payPalDigits is how many decimals PayPal takes: two, and none in currencies
// it counts without, of which ISO 4217 gives two to HUF and TWD.
func payPalDigits(cur money.Currency) int {
	if cur == "HUF" || cur == "TWD" {
		return 0
	}
	return min(cur.Digits(), 2)
}

// amount is in PayPal's decimals; reject has seen to it that it fits.
func (p Payment) amount() string {
	whole, fraction, _ := strings.Cut(p.Amount.String(), ".")
	digits := payPalDigits(p.Currency)
	if digits == 0 {
		return whole
	}
	return whole + "." + fraction + strings.Repeat("0", digits-len(fraction))
}

// reject says why a payment cannot stand in a PayPal file, "" when it can.
func (p Payment) reject() string {
	_, fraction, _ := strings.Cut(p.Amount.String(), ".")
	email, err := affiliate.FoldEmail(p.Email)
	switch {
	case p.Amount.Sign() <= 0:
		return "There is nothing to pay."
	case len(fraction) > payPalDigits(p.Currency):
		return fmt.Sprintf("PayPal pays %s with %d decimals at most.", p.Currency, payPalDigits(p.Currency))
	case err != nil || email != strings.ToLower(p.Email):
		return "The PayPal address is no e-mail address."
	case p.ID == "" || utf8.RuneCountInString(p.ID) > 30 || strings.ContainsFunc(p.ID, unicode.IsSpace):
		return "Its id must have 1 to 30 characters without spaces."
	case utf8.RuneCountInString(p.Note) > 400:
		return "The note is longer than 400 characters."
	}
	for _, field := range []string{p.Email, p.ID, p.Note} {
		if startsFormula(field) {
			return "A field begins like a formula."
		}
		if strings.ContainsFunc(field, unicode.IsControl) {
			return "A field has control characters."
		}
	}
	return ""
}

// Skipped is a partner whom a PayPal file leaves out.
type Skipped struct {
	Due
	Reason string // a sentence for people
}

// Preflight says who can be paid by a PayPal file, and why the others cannot,
// so that nobody wonders at a file without rows (S85, S136). A payment's id is
// the partner's code.
func Preflight(due []Due, note string) ([]Payment, []Skipped) {
	var payments []Payment
	var skipped []Skipped
	for _, d := range due {
		p := Payment{ID: d.PartnerCode, Email: d.PayPalEmail, Amount: d.Payable, Currency: d.Currency, Note: note}
		reason := d.skip()
		if reason == "" {
			reason = p.reject()
		}
		if reason != "" {
			skipped = append(skipped, Skipped{d, reason})
			continue
		}
		payments = append(payments, p)
	}
	return payments, skipped
}

// skip says why a partner is not paid by PayPal now, "" when he can be.
func (d Due) skip() string {
	switch {
	case d.Standing == Negative:
		return "Refunds are more than what was earned since."
	case d.Standing == UnderWay:
		return "What is owed is in a payout already."
	case d.Standing == BelowThreshold:
		return fmt.Sprintf("Below the threshold: %s %s is missing.", money.Decimal(d.Missing, d.Currency), d.Currency)
	case !d.State.MayBePaid():
		return fmt.Sprintf("The partner is %s.", d.State)
	case d.Method == affiliate.Check:
		return "Is paid by check."
	case d.PayPalEmail == "":
		return "Has not given a PayPal address."
	}
	return ""
}
