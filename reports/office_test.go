package reports

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate/money"
)

// A spreadsheet program opens every workbook and finds in each cell what the CSV has;
// nothing that people chose to be called is a formula to it. `make office-test` installs
// the program.
//
// Spec: S80
func TestWorkbooksOpenInLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("PARTNER_CENTER_OFFICE") != "" {
			t.Fatal("soffice is not installed")
		}
		t.Skip("soffice is not installed: make office-test")
	}
	s, mine, _ := twoPartners(t)
	evil := "=cmd|' /C calc'!A0"
	s.exec(`UPDATE {wp}partner_center_contacts SET first_name = ?, last_name = '' WHERE first_name = 'Buyer'
		OR first_name = 'Partner mine'`, evil)
	s.exec(`UPDATE {wp}partner_center_tools SET name = ? WHERE name = 'tool mine'`, evil)
	folder := t.TempDir()
	for _, r := range All {
		s.workbook(folder, r, query(r, mine))
	}
	// 44,34,76: commas, quotes, UTF-8; cells as they are kept, not as they are shown.
	run := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+folder+"/profile",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,1",
		"--outdir", folder, folder+"/*.xlsx")
	files, err := filepath.Glob(folder + "/*.xlsx")
	if err != nil || len(files) != len(All) {
		t.Fatal(files, err)
	}
	run.Args = append(run.Args[:len(run.Args)-1], files...)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	for _, r := range All {
		s.opened(folder, r, query(r, mine))
	}
}

func (s *site) workbook(folder string, r *Report, q Query) {
	s.t.Helper()
	var out bytes.Buffer
	err := s.reader.Read(s.t.Context(), r, q, func(t *Table) error { return WriteXLSX(&out, t, s.t.TempDir()) })
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, r.Name+"."+string(r.For)+".xlsx"), out.Bytes(), 0o600)
	}
	if err != nil {
		s.t.Fatal(r.Name, err)
	}
}

// opened compares what the spreadsheet program found with the report's CSV.
func (s *site) opened(folder string, r *Report, q Query) {
	s.t.Helper()
	data, err := os.ReadFile(officeCSV(folder, r))
	if err != nil {
		s.t.Fatal(r.Name, err)
	}
	if strings.Contains(string(data), "Err:") || strings.Contains(string(data), "#NAME") {
		s.t.Errorf("%s has a formula: %s", r.Name, data)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	found, err := reader.ReadAll()
	if err != nil {
		s.t.Fatal(r.Name, err)
	}
	want, columns := s.csv(r.Name, q), []Column(nil)
	if err := s.reader.Read(s.t.Context(), r, q, func(t *Table) error {
		columns = flatten(t).columns
		return nil
	}); err != nil {
		s.t.Fatal(r.Name, err)
	}
	first := slices.IndexFunc(found,
		func(row []string) bool { return cmp.Equal(row[:min(len(row), len(want[0]))], want[0]) })
	if first < 0 || len(found) < first+len(want) {
		s.t.Fatalf("%s: no headings %q in %q", r.Name, want[0], found)
	}
	for i, record := range want[1:] {
		row := found[first+1+i]
		for j, cell := range record {
			if got := row[j]; !sameCell(columns[j], got, cell) {
				s.t.Errorf("%s, row %d, %s: %q opens as %q", r.Name, i, columns[j].Key, cell, got)
			}
		}
	}
}

func officeCSV(folder string, r *Report) string {
	return filepath.Join(folder, r.Name+"."+string(r.For)+"-Report.csv")
}

// sameCell tells whether an opened cell is that of the CSV: texts without the ' that
// keeps a CSV's from being a formula, numbers by their value, days by their date.
func sameCell(c Column, got, want string) bool {
	switch c.Kind {
	case KindMoney, KindNumber, KindPercent, KindChange:
		if got == "" || want == "" {
			return got == want
		}
		a, err := money.Parse(strings.TrimSuffix(got, "%"))
		b, failed := money.Parse(want)
		return err == nil && failed == nil && a == b
	case KindDate:
		return got == want
	case KindTime: // by the clock of the site's zone, whose offset a cell can't hold
		return got == want || len(want) >= 19 && got == strings.Replace(want[:19], "T", " ", 1)
	}
	return got == strings.TrimPrefix(want, "'") || got == want
}
