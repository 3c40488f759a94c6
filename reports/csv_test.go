package reports

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/locale"
)

const mixedCSV = "" +
	"Date,Time,Partner,Currency,Sale,Commission,Status,Clicks,Conversion (%),Bonus (USD)\r\n" +
	"2026-03-29,2026-03-29T01:59:59+01:00,'=cmd|' /C calc'!A0,USD,100.00,-1234.50,Pending,-7,1.2345,1.00\r\n" +
	"2026-03-29,2026-03-29T03:00:00+02:00,\"Ann \"\"Q\"\", Jr\r\nÜñï " +
	"🎉\",JPY,1000,150,In payout,1234567,100,0.0001\r\n" +
	",,'+31 20,KWD,,12.345,Paid,0,,\r\n" +
	",,,,,,'@x,,33.3,922337203685477.5807\r\n"

// Spec: S80.2
func TestCSVIsPlainExactAndHarmless(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCSV(&out, mixed(t), CSVOptions{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mixedCSV, out.String()); diff != "" {
		t.Error(diff)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(records) != 5 {
		t.Errorf("read back: %d records, %v", len(records), err)
	}
}

func TestCSVBeginsWithBOMWhenAsked(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCSV(&out, mixed(t), CSVOptions{BOM: true}); err != nil ||
		!strings.HasPrefix(out.String(), "\xEF\xBB\xBFDate,") {
		t.Errorf("got %.20q, %v", out.String(), err)
	}
}

func records(t testing.TB, text string) [][]string {
	t.Helper()
	found, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// No text begins a formula, whatever it is; numbers may begin with a minus.
// Spec: S80.2
func TestCSVTextNeverBeginsAFormula(t *testing.T) {
	for _, text := range []string{"=1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"} {
		table := mixed(t)
		table.Columns = []Column{{Name: locale.Data(text), Kind: KindText}, {Name: locale.T("N"), Kind: KindNumber},
			{Name: locale.T("S"), Kind: KindStatus}}
		table.Rows = these(Row{Cells: []Cell{Text(text), Number(-1), Status(text)}})
		var out bytes.Buffer
		if err := WriteCSV(&out, table, CSVOptions{}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{records[0][0], records[1][0], records[1][2]} {
			if !strings.HasPrefix(field, "'") {
				t.Errorf("%q is written as %q", text, field)
			}
		}
		if records[1][1] != "-1" {
			t.Errorf("the number is written as %q", records[1][1])
		}
	}
}

// Spec: D12.2
func TestRowOfTwoCurrenciesIsRefused(t *testing.T) {
	table := mixed(t)
	table.Columns = []Column{{Name: locale.T("A"), Kind: KindMoney}, {Name: locale.T("B"), Kind: KindMoney}}
	table.Rows = these(Row{Cells: []Cell{Money(amount("1"), "USD"), Money(amount("1"), "EUR")}})
	if err := WriteCSV(new(bytes.Buffer), table, CSVOptions{}); err == nil {
		t.Error("two currencies were written under one heading")
	}
}

func TestErrorsOfRowsReachTheCaller(t *testing.T) {
	wrong := errors.New("connection lost")
	failing := func() *Table {
		table := mixed(t)
		rows := table.Rows
		table.Rows = func(yield func(Row, error) bool) {
			rows(yield)
			yield(Row{}, wrong)
		}
		return table
	}
	if err := WriteCSV(new(bytes.Buffer), failing(), CSVOptions{}); !errors.Is(err, wrong) {
		t.Errorf("CSV: %v", err)
	}
	var out bytes.Buffer
	if err := WriteXLSX(&out, failing(), t.TempDir()); !errors.Is(err, wrong) || out.Len() != 0 {
		t.Errorf("XLSX: %v after %d bytes", err, out.Len())
	}
	table := mixed(t)
	table.Rows = these(Row{Cells: []Cell{Number(1)}})
	if err := WriteCSV(new(bytes.Buffer), table, CSVOptions{}); err == nil {
		t.Error("a row of the wrong width was written")
	}
}
