package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// two partners, each with everything that any report shows, in three
// currencies; all that belongs to the second one has "other" in its name.
func twoPartners(t testing.TB) (s *site, mine, other affiliate.PartnerID) {
	s = newSite(t)
	s.settings(affiliate.PayPal, map[money.Currency]money.Amount{"USD": amount("50")})
	var before affiliate.ContactID
	for _, whose := range []string{"mine", "other"} {
		program := s.program(affiliate.SeeNameAndEmail, true)
		p := s.partner(program, "Partner "+whose, "2026-03-01")
		tools := []affiliate.ToolID{s.tool(program, "tool "+whose), s.tool(program, "tool 2 "+whose)}
		buyer := s.contact("Buyer", whose, whose+"@buyer.example")
		s.refer("last", buyer, p, "2026-03-01")
		for i, d := range []string{"2026-03-29", "2026-03-29", "2026-04-30", "2026-05-01", "2026-05-04"} {
			s.clicks(p, tools[i%2], fmt.Sprint("sub ", whose, i%3), d, 3)
			s.lead(p, tools[i%2], fmt.Sprint("sub ", whose, i%3), d)
			s.opening(p, d, "USD", fmt.Sprint(i+1))
			for j, status := range []string{"pending", "approved", "paid", "canceled"} {
				cur := []money.Currency{"USD", "JPY", "KWD"}[(i+j)%3]
				e := s.sale(p, sale{day: d, status: status, currency: cur, amount: []string{"10", "7"}[j%2],
					tool:  tools[i%2],
					subid: fmt.Sprint("sub ", whose, i%3), customer: buyer, product: "product " + whose,
					program: program, level: 1 + i%2})
				if j < 3 {
					s.refund(e, []string{"pending", "payable", "payable"}[j], "2")
				}
			}
		}
		s.exec(`UPDATE {wp}partner_center_manuals SET reason = ? WHERE partner_id = ?`, "bonus "+whose, p)
		if mine, other = other, p; mine != 0 {
			// the other one's, by a customer of mine
			s.sale(other, sale{customer: before, product: "product other", program: program})
		}
		before = buyer
	}
	s.exec(`UPDATE {wp}partner_center_programs SET show_declined = 1, show_history = 1`)
	return s, mine, other
}

// query is a report's query for a partner: admins' reports show all.
func query(r *Report, p affiliate.PartnerID) Query {
	if r.For == ForPartner {
		return Query{Partner: p}
	}
	return Query{}
}

// Whatever a partner asks for, no row, total, name or id of another partner
// comes back; a new report is covered by being in the registry.
// Spec: S116, S117
func TestPartnersSeeNothingOfOthers(t *testing.T) {
	s, mine, other := twoPartners(t)
	foreign := s.foreignIDs(other)
	for _, r := range All {
		if r.For != ForPartner {
			continue
		}
		queries := []Query{{Partner: mine}}
		if r.Has(FilterSearch) {
			queries = append(queries, Query{Partner: mine, Search: "other"})
		}
		if r.Has(FilterTool) {
			queries = append(queries, Query{Partner: mine, Tool: foreign.tool})
		}
		for _, q := range queries {
			page, err := s.reader.Page(t.Context(), r, q)
			if err != nil {
				t.Fatalf("%s: %v", r.Name, err)
			}
			if len(page.Rows) == 0 && q == queries[0] {
				t.Errorf("%s shows nothing at all", r.Name)
			}
			if q != queries[0] && len(page.Rows) > 0 {
				t.Errorf("%s finds %d rows by what is another partner's: %+v", r.Name, len(page.Rows), q)
			}
			if text := fmt.Sprintf("%+v %+v %+v", page.Table.Filters, page.Table.Totals,
				page.Rows); strings.Contains(strings.ReplaceAll(text, "Search Value:other", ""), "other") {
				t.Errorf("%s shows another partner: %s", r.Name, text)
			}
			for _, row := range page.Rows {
				if slices.Contains(foreign.refs, row.Ref) {
					t.Errorf("%s refers to %v", r.Name, row.Ref)
				}
			}
		}
	}
}

type foreignIDs struct {
	tool affiliate.ToolID
	refs []Ref
}

func (s *site) foreignIDs(p affiliate.PartnerID) (f foreignIDs) {
	s.t.Helper()
	for kind, query := range map[RefKind]string{
		RefCommission: `SELECT id FROM {wp}partner_center_commissions WHERE partner_id = ?`,
		RefPayout:     `SELECT payout_id FROM {wp}partner_center_payout_lines WHERE partner_id = ?`,
	} {
		var ids []int64
		if err := s.h.Select(s.t.Context(), &ids, query, p); err != nil || len(ids) == 0 {
			s.t.Fatal(ids, err)
		}
		for _, id := range ids {
			f.refs = append(f.refs, Ref{Kind: kind, ID: id})
		}
	}
	if err := s.h.Get(s.t.Context(), &f.tool,
		`SELECT MAX(id) FROM {wp}partner_center_tools WHERE name LIKE '%other'`); err != nil {
		s.t.Fatal(err)
	}
	return f
}

func TestPartnersReportsNeedAPartner(t *testing.T) {
	s, _, _ := twoPartners(t)
	for _, r := range All {
		for _, p := range []affiliate.PartnerID{0, 987654} {
			if r.For != ForPartner {
				continue
			}
			if _, err := s.reader.Page(t.Context(), r,
				Query{Partner: p}); affiliate.KindOf(err) != affiliate.KindNotFound {
				t.Errorf("%s of partner %v: %v", r.Name, p, err)
			}
		}
	}
}

// Pages one after another are the same rows as the file, none twice or missing.
func TestPagesAreTheWholeFile(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		whole, err := s.reader.Page(t.Context(), r, query(r, mine))
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		for _, limit := range []int{1, 3} {
			q := query(r, mine)
			q.Limit = limit
			var rows []Row
			for {
				page, err := s.reader.Page(t.Context(), r, q)
				if err != nil || len(page.Rows) > limit || len(rows) > len(whole.Rows) {
					t.Fatalf("%s after %q: %d rows, %v", r.Name, q.After, len(page.Rows), err)
				}
				if diff := cmp.Diff(whole.Table.Totals, page.Table.Totals); diff != "" {
					t.Errorf("%s: a page has other totals: %s", r.Name, diff)
				}
				rows = append(rows, page.Rows...)
				if q.After = page.Next; q.After == "" {
					break
				}
			}
			if diff := cmp.Diff(withoutCursors(whole.Rows), withoutCursors(rows)); diff != "" || len(rows) < 2 {
				t.Errorf("%s by %d: %s", r.Name, limit, diff)
			}
		}
	}
}

func withoutCursors(rows []Row) []Row {
	bare := slices.Clone(rows)
	for i := range bare {
		bare[i].After = ""
	}
	return bare
}

func TestWrongCursorsAreRefused(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		for _, after := range []string{"x", "2026-05-01", "2026-13-01.5", "1.x", "USD.1", "1 OR 1=1", "'"} {
			q := query(r, mine)
			q.After, q.Limit = after, 2
			if _, err := s.reader.Page(t.Context(), r, q); affiliate.KindOf(err) != affiliate.KindInvalid {
				t.Errorf("%s after %q: %v", r.Name, after, err)
			}
		}
	}
}

// Spec: D12.2
func TestTotalsAreTheSumsOfTheirRows(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		page, err := s.reader.Page(t.Context(), r, query(r, mine))
		if err != nil {
			t.Fatal(err)
		}
		for _, total := range page.Table.Totals {
			for i, c := range total.Cells {
				switch {
				case c.Kind == KindMoney:
					var sum money.Amount
					for _, row := range page.Rows {
						if row.Cells[i].Currency == c.Currency && counts(r, row) {
							sum, _ = sum.Add(row.Cells[i].Amount)
						}
					}
					if sum != c.Amount {
						t.Errorf("%s: the total of %s is %s %s, its rows sum to %s", r.Name, page.Table.Columns[i].Name,
							c.Amount, c.Currency, sum)
					}
				case c.Kind == KindNumber:
					var sum int64
					for _, row := range page.Rows {
						sum += row.Cells[i].Number
					}
					if sum != c.Number {
						t.Errorf("%s: the total of %s is %d, its rows sum to %d", r.Name, page.Table.Columns[i].Name,
							c.Number, sum)
					}
				}
			}
		}
	}
}

// counts tells whether a row is part of the total: payments that came back are not.
func counts(r *Report, row Row) bool {
	return r.Name != "payments" || row.Cells[2].Text == "settled"
}

// The three forms of a report come from one table and agree cell by cell.
// Spec: S80 S116.2 S117
func TestWorkbookAndCSVOfEveryReportAgree(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		want := s.csv(r.Name, query(r, mine))
		var out bytes.Buffer
		var f *flat
		err := s.reader.Read(t.Context(), r, query(r, mine), func(table *Table) error {
			f = flatten(table)
			return WriteXLSX(&out, table, t.TempDir())
		})
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		file, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		rows := sheetRows(t, file, "Report")
		first := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 1 })
		for i, record := range want {
			got := make([]string, len(record))
			copy(got, rows[first+i])
			for j := range got {
				if i > 0 {
					cur := ""
					if f.currency >= 0 {
						cur = record[f.currency]
					}
					got[j] = fromXLSX(t, f.columns[j], money.Currency(cur), got[j], s.reader.zone())
				}
			}
			if diff := cmp.Diff(record, got); diff != "" {
				t.Errorf("%s, row %d: %s", r.Name, i, diff)
			}
		}
	}
}

func TestUnknownFiltersAreRefused(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		for filter, q := range map[Filter]Query{
			FilterRange: {Range: affiliate.Range{From: day(t, "2026-01-01")}}, FilterStep: {By: ByWeek},
			FilterStatus:  {Status: "x"},
			FilterProgram: {Program: 1}, FilterTool: {Tool: 1}, FilterCurrency: {Currency: "USD"},
			FilterSearch: {Search: "x"},
		} {
			q.Partner = query(r, mine).Partner
			_, err := s.reader.Page(t.Context(), r, q)
			refused := affiliate.KindOf(err) == affiliate.KindInvalid
			if known := r.Has(filter) && filter != FilterStatus; refused == known || err != nil && !refused {
				t.Errorf("%s by %s: %v", r.Name, filter, err)
			}
		}
		for _, status := range r.Statuses {
			q := query(r, mine)
			q.Status = status
			if _, err := s.reader.Page(t.Context(), r, q); err != nil {
				t.Errorf("%s of status %s: %v", r.Name, status, err)
			}
		}
	}
}

func TestFindKnowsAudiences(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All {
		if got, err := Find(r.For, r.Name); err != nil || got != r || seen[r.Name] || r.Title.IsZero() ||
			r.Help.IsZero() {
			t.Errorf("%s: %v, %v", r.Name, got, err)
		}
		seen[r.Name] = true
	}
	if _, err := Find(ForPartner, "partners"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("partners find an admin's report: %v", err)
	}
}
