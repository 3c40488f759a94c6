package reports

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// Pages go by day and, within a day, by id: none is shown twice and none left
// out, though what was stored later may be of an earlier day.
//
// Spec: S116
func TestPagesOfCommissionsGoByDayAndID(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
	for _, of := range []sale{{day: "2026-05-02", amount: "1"}, {day: "2026-05-03", amount: "2"},
		{day: "2026-05-01", amount: "3"},
		{day: "2026-05-02", amount: "4"}, {day: "2026-05-03", amount: "5"}, {day: "2026-05-02", amount: "6"}} {
		s.sale(p, of)
	}
	got, after := []string{}, ""
	for range 10 {
		page, err := s.reader.Page(t.Context(), commissionsReport, Query{Partner: p, Limit: 1, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			got = append(got, row.Cells[1].Amount.String())
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"5", "2", "6", "4", "1", "3"}, got); diff != "" {
		t.Error(diff)
	}
}
