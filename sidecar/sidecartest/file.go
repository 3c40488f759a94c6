package sidecartest

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"partnercenter/sidecar/web"
)

// CSV reads a partner's file.
func (s *Site) CSV(path string, cookie *http.Cookie) [][]string {
	s.Helper()
	a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=") ||
		!strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		s.Errorf("%s: %v", path, a.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Text, "\uFEFF"))).ReadAll()
	s.must(err)
	return rows
}

// XLSX reads a partner's workbook from the headings down.
func (s *Site) XLSX(path, firstHeading string, cookie *http.Cookie) [][]string {
	s.Helper()
	a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.Text)))
	s.must(err)
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	s.must(err)
	for i, row := range rows {
		if len(row) > 0 && row[0] == firstHeading {
			return rows[i:]
		}
	}
	s.Fatalf("no heading %q in %v", firstHeading, rows)
	return nil
}

// Column is the values below a heading of a file.
func Column(t testing.TB, rows [][]string, heading string) (values []string) {
	t.Helper()
	for i, h := range rows[0] {
		if h == heading {
			for _, row := range rows[1:] {
				values = append(values, row[i])
			}
			return values
		}
	}
	t.Fatalf("no column %q in %v", heading, rows[0])
	return nil
}
