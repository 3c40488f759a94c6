package reports

import (
	"encoding/csv"
	"io"
	"strings"
)

// CSVOptions are the reader's choices for a CSV file.
type CSVOptions struct {
	// BOM writes a byte order mark in front, without which Excel reads UTF-8
	// as the machine's old code page. Other programs may show it as text.
	BOM bool
}

// WriteCSV writes the table's headings and rows as they come: RFC 4180, UTF-8,
// lines ended by CR LF. Text that a spreadsheet would take for a formula gets a
// ' in front (S80); numbers stay plain, amounts have the decimals of their
// currency. Totals are excluded, so that the rows can be summed.
//
// An error after the first byte leaves a file that is cut off: the caller has
// to break the connection, so that it is not taken for a whole one.
func WriteCSV(w io.Writer, t *Table, o CSVOptions) error {
	if o.BOM {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	f := flatten(t)
	record := make([]string, len(f.headings))
	for i, heading := range f.headings {
		record[i] = harmless(heading)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if err := writeRecord(out, f, t, row, record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeRecord(out *csv.Writer, f *flat, t *Table, row Row, record []string) error {
	cells, err := f.cells(row)
	if err != nil {
		return err
	}
	for i, c := range cells {
		record[i] = c.File(t.Zone, t.Language)
		if c.Kind == KindText || c.Kind == KindStatus {
			record[i] = harmless(record[i])
		}
	}
	return out.Write(record)
}

// formulaStarts begin a formula, or are dropped by programs that then see the
// next character. The wide forms are what East Asian input methods type;
// Excel takes them for the narrow ones.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// harmless is text that no spreadsheet evaluates.
func harmless(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

func startsFormula(text string) bool {
	for _, first := range text {
		return strings.ContainsRune(formulaStarts, first)
	}
	return false
}
