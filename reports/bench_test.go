package reports

import (
	"fmt"
	"io"
	"testing"
	"time"
)

// many is a table of n rows of ten cells, made as they are read.
func many(t testing.TB, n int) *Table {
	table := mixed(t)
	table.Totals = nil
	at := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	first, price, names := day(t, "2026-03-29"), amount("123.45"), make([]string, 100)
	for i := range names {
		names[i] = fmt.Sprintf("Partner %d", i)
	}
	table.Rows = func(yield func(Row, error) bool) {
		for i := range n {
			at = at.Add(time.Minute)
			if !yield(Row{Cells: []Cell{Date(first), Time(&at), Text(names[i%100]), Money(price, "USD"), Money(price, "USD"),
				Status("approved"), Number(int64(i)), Percent(12_345), Money(price, "USD")}}, nil) {
				return
			}
		}
	}
	return table
}

func BenchmarkCSV100kRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteCSV(io.Discard, many(b, 100_000), CSVOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkXLSX100kRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteXLSX(io.Discard, many(b, 100_000), b.TempDir()); err != nil {
			b.Fatal(err)
		}
	}
}
