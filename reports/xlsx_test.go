package reports

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

func openXLSX(t testing.TB, table *Table, sheetRows int) (*excelize.File, []byte) {
	t.Helper()
	var out bytes.Buffer
	tmp := t.TempDir()
	if err := writeXLSX(&out, table, tmp, sheetRows); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	file, err := excelize.OpenReader(bytes.NewReader(out.Bytes()), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file, out.Bytes()
}

func sheetRows(t testing.TB, file *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := file.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// fromXLSX brings a raw cell into the form that the CSV has it in.
func fromXLSX(t testing.TB, c Column, cur money.Currency, raw string, z *time.Location) string {
	t.Helper()
	if raw == "" {
		return ""
	}
	switch c.Kind {
	case KindDate, KindTime:
		serial, err := strconv.ParseFloat(raw, 64)
		if err != nil {
			t.Fatal(err)
		}
		wall, err := excelize.ExcelDateToTime(serial, false)
		if err != nil {
			t.Fatal(err)
		}
		if c.Kind == KindDate {
			return wall.Format("2006-01-02")
		}
		wall = wall.Round(time.Second)
		return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0,
			z).Format(time.RFC3339)
	case KindMoney:
		if c.Currency != "" {
			cur = c.Currency
		}
		a, err := money.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		return money.Decimal(a, cur)
	case KindText, KindStatus:
		// What CSV does: line ends and the guard against formulas.
		return harmless(raw)
	}
	return raw
}

// Spec: S80
func TestXLSXEqualsCSVCellByCell(t *testing.T) {
	file, _ := openXLSX(t, mixed(t), maxSheetRows)
	rows := sheetRows(t, file, "Report")
	head := [][]string{{"Mixed"}, {"Range: 2026-03-01 to 2026-03-31"}, {"Time zone: Europe/Berlin"},
		{"Status: Pending"}, {"Owed means approved and unpaid."}, nil}
	if diff := cmp.Diff(head, rows[:6]); diff != "" {
		t.Error(diff)
	}
	want, err := csv.NewReader(strings.NewReader(mixedCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := mixed(t)
	f := flatten(table)
	for i, record := range want {
		got := make([]string, len(record))
		copy(got, rows[6+i])
		for j := range got {
			if i > 0 {
				got[j] = fromXLSX(t, f.columns[j], money.Currency(got[3]), got[j], table.Zone)
			}
		}
		if diff := cmp.Diff(record, got); diff != "" {
			t.Errorf("row %d: %s", i, diff)
		}
	}
	totals := [][]string{{"Total", "", "", "USD", "", "-1234.5", "", "1"},
		{"Total", "", "", "KWD", "", "12.345", "", "2"}}
	if diff := cmp.Diff(totals, rows[6+len(want):]); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXShowsAmountsAndTimesAsPeopleReadThem(t *testing.T) {
	file, _ := openXLSX(t, mixed(t), maxSheetRows)
	for cell, want := range map[string]string{
		"A8": "2026-03-29", "B8": "2026-03-29 01:59:59", "B9": "2026-03-29 03:00:00", "E8": "USD 100.00",
		"F8": "-USD 1,234.50", "E9": "JPY 1,000", "F10": "KWD 12.345",
		"H9": "1,234,567", "I8": "1.2345%", "J9": "USD 0.0001", "F12": "-USD 1,234.50",
	} {
		if got, err := file.GetCellValue("Report", cell, excelize.Options{RawCellValue: false}); err != nil ||
			got != want {
			t.Errorf("%s shows %q, want %q, %v", cell, got, want, err)
		}
	}
	panes, err := file.GetPanes("Report")
	if err != nil || !panes.Freeze || panes.YSplit != 7 {
		t.Errorf("frozen: %+v, %v", panes, err)
	}
	if w, err := file.GetColWidth("Report", "C"); err != nil || w < 20 {
		t.Errorf("the partner's column is %v wide, %v", w, err)
	}
}

// Spec: S80.2
func TestXLSXHoldsNoFormula(t *testing.T) {
	file, data := openXLSX(t, mixed(t), maxSheetRows)
	if got, err := file.GetCellValue("Report", "C8"); err != nil || got != formula {
		t.Errorf("the name reads %q, %v", got, err)
	}
	if kind, err := file.GetCellType("Report", "C8"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("the name is of type %v, %v", kind, err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r) // checks the sum of the part, too
		if err != nil || bytes.Contains(xml, []byte("<f>")) || bytes.Contains(xml, []byte("externalLink")) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func TestXLSXGoesOnOnAnotherSheet(t *testing.T) {
	table := mixed(t)
	table.Columns = []Column{{Name: locale.T("N"), Kind: KindNumber}}
	table.Totals = []Row{{Cells: []Cell{Number(190)}}}
	table.Rows = func(yield func(Row, error) bool) {
		for i := range int64(20) {
			if !yield(Row{Cells: []Cell{Number(i)}}, nil) {
				return
			}
		}
	}
	file, _ := openXLSX(t, table, 12) // 7 lines of head, 5 rows
	var got []string
	for _, sheet := range file.GetSheetList() {
		rows := sheetRows(t, file, sheet)
		if len(rows) > 12 || rows[6][0] != "N" {
			t.Errorf("%s has %d rows, headed %v", sheet, len(rows), rows[6])
		}
		for _, row := range rows[7:] {
			got = append(got, row[0])
		}
	}
	want := "[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 190]"
	if fmt.Sprint(got) != want || len(file.GetSheetList()) != 5 {
		t.Errorf("sheets %v hold %v", file.GetSheetList(), got)
	}
}

// The one place where an amount becomes a double: the text in the file is
// exactly the amount, as a number to 15 digits and as text beyond.
// Spec: S80
func TestXLSXAmountsAreExact(t *testing.T) {
	exact := func(t rapid.TB, a money.Amount) {
		switch v := numeric(a.String()).(type) {
		case string:
			if v != a.String() || significant(v) <= 15 {
				t.Errorf("%s became the text %s", a, v)
			}
		case float64: // written by the library with the same call
			if got := strconv.FormatFloat(v, 'f', -1, 64); got != a.String() {
				t.Errorf("%s became %s", a, got)
			}
		}
	}
	for _, text := range []string{"0", "0.0001", "-0.01", "0.1", "99999999999.9999", "-99999999999.9999",
		"100000000000.0001", "900719925474099",
		"99999999999999.9", "922337203685477.5807", "-922337203685477.5807", "0.3", "1.005", "4.35", "8.41"} {
		exact(t, amount(text))
	}
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(0, 62).Draw(t, "bits")
		units := rapid.Int64Range(-1<<bits, 1<<bits).Draw(t, "units")
		a, err := money.Parse(fmt.Sprintf("%d.%04d", units/10_000, max(units, -units)%10_000))
		if err != nil {
			t.Skip()
		}
		exact(t, a)
	})
}

// The summary's workbook has a second sheet with a native chart of all its rows, time
// from left to right.
func TestWorkbookOfASummaryHasAChart(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
	s.sale(p, sale{day: "2026-05-02", base: "100", amount: "10", status: "approved"})
	var file bytes.Buffer
	err := s.reader.Read(t.Context(), summaryReport, Query{Partner: p}, func(table *Table) error {
		return WriteXLSX(&file, table, t.TempDir())
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); len(sheets) != 2 || sheets[1] != "Chart" {
		t.Fatalf("sheets: %v", sheets)
	}
	rows, err := book.GetRows("Report")
	if err != nil {
		t.Fatal(err)
	}
	first := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "Day" }) + 1
	last := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "Total" })
	var want [][]string
	for _, row := range slices.Backward(rows[first:last]) {
		want = append(want, row[:2])
	}
	bars, err := book.GetRows("Chart")
	if err != nil || len(want) < 2 {
		t.Fatal(want, err)
	}
	if diff := cmp.Diff(append([][]string{rows[first-1][:2]}, want...), bars); diff != "" {
		t.Errorf("the chart's rows (-report +chart):\n%s", diff)
	}
	for _, sheet := range book.GetSheetList() {
		layout, err := book.GetPageLayout(sheet)
		props, err2 := book.GetSheetProps(sheet)
		if err != nil || err2 != nil || !*props.FitToPage || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
			t.Errorf("%s is printed with columns on several pages: %v, %v", sheet, err, err2)
		}
	}
	drawn := chartOf(t, file.Bytes())
	for _, want := range []string{"barChart", fmt.Sprintf("!$A$2:$A$%d", len(bars)),
		fmt.Sprintf("!$B$2:$B$%d", len(bars)), `orientation val="minMax"`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%s is missing in %s", want, drawn)
		}
	}
}

// chartOf is how the workbook's chart is written.
func chartOf(t *testing.T, workbook []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	content, err := archive.Open("xl/charts/chart1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
