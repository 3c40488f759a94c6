package reports

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Admins find rows by what names, addresses and numbers begin with; where nothing
// begins so, by any part of them.
// Spec: S73 S96
func TestAdminsFindRowsByWhatTheyBeginWith(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNobody, true)
	p := s.partner(program, "Pia", "2026-05-01")
	tool := s.tool(program, "Summer banner")
	buyer := func(first, last, email string) affiliate.ContactID { return s.contact(first, last, email) }
	for _, c := range []affiliate.ContactID{buyer("Anna Maria", "van Dyke", "am@dyke.example"),
		buyer("Maria", "Annand", "mia@annand.example"), buyer("Joanna", "Reed", "jo@reed.example")} {
		s.sale(p, sale{program: program, product: "Ceramic mug", customer: c, tool: tool})
	}
	for search, want := range map[string][]string{
		"anna":                {"Anna Maria van Dyke", "Maria Annand"}, // Joanna only begins with Jo
		"maria":               {"Maria Annand"},
		"anna maria":          {"Anna Maria van Dyke", "Maria Annand"},
		"Anna Maria van D":    {"Anna Maria van Dyke"},
		"van dyke anna maria": {"Anna Maria van Dyke"},
		"reed.example":        {"Joanna Reed"}, // no address begins so
		"oanna":               {"Joanna Reed"},
		"maria mug":           {"Maria Annand"},
		"pia am@":             {"Anna Maria van Dyke"},
		"MER ban reed":        {"Joanna Reed"},
		"maria reed":          nil,
	} {
		var got []string
		for _, customer := range s.column("pending", Query{Search: search}, "Customer") {
			name, _, _ := strings.Cut(customer, " <")
			got = append(got, name)
		}
		slices.Sort(got)
		if !cmp.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", search, got, want)
		}
	}
}

// Where nothing begins with a word, parts of words are looked for among the newest rows
// first, and the page says so: what was before is found by the same search in all rows.
//
// Spec: S73 S96
func TestPartsOfWordsAreFoundAmongTheNewestRows(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeNobody, true), "Pia", "2026-05-01")
	for _, name := range []string{"Joanna", "Ute", "Susanna", "Ida"} {
		s.sale(p, sale{product: "Mug", customer: s.contact(name, "Reed", strings.ToLower(name)+"@mail.test")})
	}
	s.reader.newest = 3
	for _, test := range []struct {
		search  string
		whole   bool
		partial bool
		want    string
	}{{"anna", false, true, "Susanna"}, {"anna", true, false, "Joanna Susanna"}, {"joan", false, false, "Joanna"},
		{"nobody", false, true, ""}} {
		for _, r := range []*Report{pendingReport, ordersReport, contactsReport} {
			page, err := s.reader.Page(t.Context(), r, Query{Search: test.search, Whole: test.whole, Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			names := []string{}
			for _, row := range page.Rows {
				text := page.Cell(row, "customer").Text + page.Cell(row, "contact").Text
				name, _, _ := strings.Cut(text, " ")
				names = append(names, name)
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != test.want || (page.Table.Newest == 3) != test.partial ||
				page.Table.Note.IsZero() == test.partial {
				t.Errorf("%s, %+v: %q, searched %d", r.Name, test, got, page.Table.Newest)
			}
		}
	}
}

// What a page of a long list costs does not grow with the list: of so many orders and
// commissions a search reads what it finds, and a page its rows.
// Spec: B7
func TestPagesOfLongListsReadFewRows(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNobody, true)
	s.partner(program, "Pia", "2025-05-01")
	s.crowded(1_000, 20_000)
	s.reader.newest, s.reader.walk = 1_000, 2_000
	const page = 5_000 // 250 commissions with a dozen rows each, and some
	for _, test := range []struct {
		name string
		in   *Report
		q    Query
		most int
	}{
		{"pending", pendingReport, Query{Bare: true}, page},
		{"refs", pendingReport, Query{Bare: true, Refs: true}, 350},
		{"ready", pendingReport, Query{Status: Waiting, Bare: true}, 2 * page},
		{"paid by day", pendingReport, Query{Status: "paid", Sort: "-day", Bare: true}, page},
		{"pending of one number", pendingReport, Query{Search: "N17771"}, 500},
		{"paid of one customer", pendingReport, Query{Search: "p17771@", Status: "paid"}, 500},
		{"paid of a name", pendingReport, Query{Search: "pia177 Last18740", Status: AllStates}, 3_000},
		{"orders", ordersReport, Query{Bare: true}, page},
		{"orders of nobody", ordersReport, Query{Status: "void"}, 100},
		{"orders of one number", ordersReport, Query{Search: "N17771"}, 500},
		{"orders of one customer", ordersReport, Query{Search: "p17771@"}, 500},
		{"partners", partnersReport, Query{Bare: true}, page},
		{"one partner", partnersReport, Query{Search: "p771@"}, 500},
		{"pending of nothing known", pendingReport, Query{Search: "qqqq"}, 10_000},
		{"orders of nothing known", ordersReport, Query{Search: "qqqq"}, 7_000},
		{"contacts of nothing known", contactsReport, Query{Search: "qqqq"}, 3_000},
		{"partners by name", partnersReport, Query{Sort: "partner", Bare: true}, page},
		{"partners by sign-up", partnersReport, Query{Sort: "-signup", Bare: true}, page},
		{"all by amount", pendingReport, Query{Sort: "-amount", Status: AllStates}, page},
		{"paid by sale", pendingReport, Query{Sort: "base", Status: "paid"}, page},
		{"payments", accountingReport, Query{Bare: true}, 1_000},
		{"payments of a payee", accountingReport, Query{Search: "p771@"}, 500},
		{"payments of nothing known", accountingReport, Query{Search: "qqqq"}, 13_000},
		{"due to one", dueReport, Query{Search: "p771@"}, 3_500},
		{"commissions to pay of one number", payableReport, Query{Search: "N17771"}, page},
		{"commissions to pay to one", payableReport, Query{Search: "p771@"}, page},
		{"commissions to pay of nothing known", payableReport, Query{Search: "qqqq"}, 13_000},
		{"history", historyReport, Query{Bare: true}, 1_000},
		{"history of one number", historyReport, Query{Search: "N17771"}, 500},
		{"history of nothing known", historyReport, Query{Search: "qqqq"}, 11_000},
	} {
		test.q.Limit = 50
		if test.q.Sort != "" && !test.q.Bare { // by which way is known where counts are kept
			if _, err := s.reader.Page(t.Context(), test.in, test.q); err != nil {
				t.Fatal(err)
			}
		}
		if reads := s.reads(test.in, test.q); reads > test.most {
			t.Errorf("%s: %d rows are read, more than %d", test.name, reads, test.most)
		}
	}
}

// reads are the rows, of tables and indexes, that the database reads for a page.
func (s *site) reads(r *Report, q Query) (n int) {
	s.t.Helper()
	count := func(tx *db.Tx) (n int) {
		var rows []struct {
			Name  string `db:"Variable_name"`
			Value int    `db:"Value"`
		}
		err := tx.Select(s.t.Context(), &rows, `/* test */ SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read_%'
			AND Variable_name <> 'Handler_read_rnd_deleted'`)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, row := range rows {
			n += row.Value
		}
		return n
	}
	err := s.h.ReadOnly(s.t.Context(), func(tx *db.Tx) error {
		before := count(tx)
		table, err := s.reader.table(s.t.Context(), tx, r, q)
		if err != nil {
			return err
		}
		shown := 0
		for _, err := range table.Rows {
			if shown++; err != nil || shown > q.Limit {
				break
			}
		}
		n = count(tx) - before
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
