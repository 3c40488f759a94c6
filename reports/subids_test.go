package reports

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// Strangers choose SubIDs. However many there are, the report has few rows:
// those that earned, then those that were clicked most, and one for all others.
// Its totals are those of everything.
//
// Spec: S122
func TestSubIDsOfStrangersAreTakenTogether(t *testing.T) {
	defer func(n int) { maxStrangers = n }(maxStrangers)
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	p := s.partner(program, "Anna", "2026-03-01")
	tool := s.tool(program, "Link")
	for i := range 9 {
		s.clicks(p, tool, fmt.Sprint("robot", i), "2026-04-01", 10+i)
	}
	s.sale(p, sale{day: "2026-04-02", amount: "10", subid: "mail"})
	all := s.csv("subids", Query{Partner: p})
	maxStrangers = 3
	few := s.csv("subids", Query{Partner: p})
	names := []string{}
	clicks := 0
	for _, row := range few[1:] {
		names = append(names, row[0])
		var n int
		fmt.Sscan(row[slices.Index(few[0], "Clicks")], &n)
		clicks += n
	}
	if diff := cmp.Diff([]string{"mail", "robot8", "robot7", "(all others)"}, names); diff != "" {
		t.Error(diff)
	}
	if len(all) != 11 || clicks != 9*14 {
		t.Errorf("%d rows at first, %d clicks: %v", len(all), clicks, few)
	}
	page, err := s.reader.Page(t.Context(), subidsReport, Query{Partner: p, Limit: 2})
	if err != nil || page.Next == "" {
		t.Fatal(page, err)
	}
	rest, err := s.reader.Page(t.Context(), subidsReport, Query{Partner: p, Limit: 2, After: page.Next})
	if err != nil || len(rest.Rows) != 2 || rest.Next != "" {
		t.Error(rest, err)
	}
}
