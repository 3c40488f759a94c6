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
		sellers := []affiliate.PartnerID{s.partner(program, "Seller "+whose, "2026-03-01"),
			s.partner(program, "Second seller "+whose, "2026-03-01")}
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
				if i%2 == 1 {
					s.decide(e.order, 1, sellers[i/2])
				}
				if j < 3 {
					s.refund(e, []string{"pending", "payable", "payable"}[j], "2")
				}
			}
		}
		for _, code := range []string{"TEN", "TWENTY"} {
			s.exec(`INSERT INTO {wp}partner_center_coupons (partner_id, shop, code, made, active, starts_at, next_at)
				VALUES (?, 'any', ?, 0, 1, '2026-03-01', '2026-03-01')`, p, code+whose)
		}
		for i, name := range []string{"product ", "second product "} {
			s.exec(`INSERT INTO {wp}partner_center_products (id, source, external_id, name, created_at)
				VALUES (?, 'own', ?, ?, '2026-03-01')`, 1+len("product "+whose)%2+2*i, name+whose, name+whose)
		}
		s.exec(`UPDATE {wp}partner_center_commissions SET product_id = product_id + 2 WHERE partner_id = ?
			AND order_id IN (SELECT id FROM {wp}partner_center_orders WHERE MOD(DAY(day), 2) = 0)`, p)
		s.exec(`UPDATE {wp}partner_center_manuals SET reason = ? WHERE partner_id = ?`, "bonus "+whose, p)
		if mine, other = other, p; mine != 0 {
			// the other one's, by a customer of mine
			s.sale(other, sale{customer: before, product: "product other", program: program})
		}
		before = buyer
	}
	s.exec(`UPDATE {wp}partner_center_programs SET show_declined = 1, show_history = 1`)
	s.exec(`INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, valid_from)
		SELECT 1, id, IF(MOD(id, 2) = 0, 'percent', 'flat'), 100000, '2026-03-01' FROM {wp}partner_center_products`)
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

// An admin's report of one partner holds nothing of another, in rows and totals.
//
// Spec: S116, S117
func TestAdminsNarrowReportsToOnePartner(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		if !r.Has(FilterPartner) || slices.Contains(siteReports, r) && r != sitePartnersReport {
			continue // sums of all partners name nobody: TestReportsOverAllAgreeWithPartnersAndLedger
		}
		all, err := s.reader.Page(t.Context(), r, Query{})
		if err != nil || !strings.Contains(fmt.Sprint(all.Rows), "other") {
			t.Errorf("%s of all: %d rows, %v", r.Name, len(all.Rows), err)
		}
		one, err := s.reader.Page(t.Context(), r, Query{Partner: mine})
		if err != nil || len(one.Rows) == 0 || len(one.Rows) >= len(all.Rows) ||
			strings.Contains(fmt.Sprint(one.Rows), "other") {
			t.Errorf("%s of one: %v of %d rows, %v", r.Name, one.Rows, len(all.Rows), err)
		}
	}
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
				if err != nil || len(page.Rows) > limit && page.Rows[0].Group == 0 || len(rows) > len(whole.Rows) {
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
			if r.named && strings.Contains(after, ".") && !strings.HasSuffix(after, "x") {
				continue // a name can be anything
			}
			q.After, q.Limit = after, 2
			if _, err := s.reader.Page(t.Context(), r, q); affiliate.KindOf(err) != affiliate.KindInvalid {
				t.Errorf("%s after %q: %v", r.Name, after, err)
			}
		}
	}
}

// The totals are those of the rows, however these are filtered.
//
// Spec: D12.2
func TestTotalsAreTheSumsOfTheirRows(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		for _, q := range filtered(r, query(r, mine), mine) {
			page, err := s.reader.Page(t.Context(), r, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, total := range page.Table.Totals {
				for i, c := range total.Cells {
					if sum := sumOf(page, r, i, c); sum.Amount != c.Amount || sum.Number != c.Number {
						t.Errorf("%s by %+v: the total of %s is %s %s or %d, its rows sum to %s or %d", r.Name, q,
							page.Table.Columns[i].Name, c.Amount, c.Currency, c.Number, sum.Amount, sum.Number)
					}
				}
			}
		}
	}
}

// filtered are the query as it is, and once for each filter that the report has.
func filtered(r *Report, q Query, mine affiliate.PartnerID) []Query {
	all := []Query{q}
	with := func(f Filter, change func(*Query)) {
		if next := q; r.Has(f) {
			change(&next)
			all = append(all, next)
		}
	}
	for _, status := range r.Statuses {
		with(FilterStatus, func(q *Query) { q.Status = status })
	}
	with(FilterPartner, func(q *Query) { q.Partner = mine })
	with(FilterCurrency, func(q *Query) { q.Currency = "USD" })
	with(FilterSearch, func(q *Query) { q.Search = "mine" })
	with(FilterRange, func(q *Query) {
		q.Range = affiliate.Range{From: affiliate.Day{Year: 2026, Month: 4, Day: 1},
			To: affiliate.Day{Year: 2026, Month: 5, Day: 2}}
	})
	return all
}

// sumOf is what the rows of the page sum to in a total's column, of its kind and
// currency.
func sumOf(page *Page, r *Report, column int, total Cell) (sum Cell) {
	for _, row := range page.Rows {
		c := row.Cells[column]
		switch {
		case page.Table.Columns[column].Ratio:
			return total
		case total.Kind == KindMoney && c.Currency == total.Currency && counts(r, row):
			sum.Amount, _ = sum.Amount.Add(c.Amount)
		case total.Kind == KindNumber:
			sum.Number += c.Number
		}
	}
	return sum
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
		if slices.Contains(r.Filters, FilterSearch) && r.Finds.IsZero() {
			t.Errorf("%s doesn't say what its search looks into", r.Name)
		}
		seen[r.Name] = true
	}
	if _, err := Find(ForPartner, "partners"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("partners find an admin's report: %v", err)
	}
}
