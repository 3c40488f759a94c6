package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Three approvals of 10 are one row of 30; each currency has its own, those
// below the threshold stay, with what is missing.
// Spec: S6 S33.1 S83.1 S83.3 D7.1 D12.1
func TestDueIsOneRowForPartnerAndCurrency(t *testing.T) {
	s := newSite(t)
	s.settings(affiliate.PayPal, map[money.Currency]money.Amount{"USD": amount("50"), "KWD": amount("0.001")})
	program := s.program(affiliate.SeeName, true)
	below, ready, debtor := s.partner(program, "Bea", "2026-05-01"), s.partner(program, "Rea", "2026-05-01"),
		s.partner(program, "Dea", "2026-05-01")
	for range 3 {
		s.sale(below, sale{status: "approved"})
	}
	s.sale(below, sale{amount: "99", status: "pending"})
	s.sale(below, sale{amount: "1", currency: "KWD", status: "approved"})
	s.sale(below, sale{amount: "300", currency: "JPY", status: "approved"}) // no threshold
	s.sale(ready, sale{amount: "50", status: "approved"})
	under := s.sale(ready, sale{amount: "7", currency: "EUR", status: "approved"})
	s.post(under, "payout", "payable", "in_payout", amount("7"))
	s.refund(s.sale(debtor, sale{amount: "20", status: "paid"}), "payable", "20")
	got := [][]string{}
	for _, record := range s.csv("due", Query{}) {
		got = append(got, record[:8])
	}
	want := [][]string{
		{"Partner", "Currency", "Payable", "Status", "Missing", "In payout", "Owed", "Commissions"},
		{"Rea Partner", "EUR", "0.00", "In payout", "", "7.00", "7.00", "0"},
		{"Bea Partner", "JPY", "300", "Ready", "", "0", "300", "1"},
		{"Bea Partner", "KWD", "1.000", "Ready", "", "0.000", "1.000", "1"},
		{"Rea Partner", "USD", "50.00", "Ready", "", "0.00", "50.00", "1"},
		{"Bea Partner", "USD", "30.00", "Below threshold", "20.00", "0.00", "30.00", "3"},
		{"Dea Partner", "USD", "-20.00", "Negative balance", "70.00", "0.00", "-20.00", "1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := s.column("due", Query{Status: "ready", Currency: "USD"}, "Payable"); !cmp.Equal(got, []string{"50.00"}) {
		t.Errorf("ready in USD: %v", got)
	}
	if got := s.column("due", Query{Search: "bea"}, "Payable"); len(got) != 3 {
		t.Errorf("Bea has %v", got)
	}
}

// 49.99 of 50 is not payable, 50.00 is; without a threshold any amount is.
// Spec: S6.1 S6.2
func TestThresholdIsReachedToTheCent(t *testing.T) {
	for _, test := range []struct{ threshold, owed, status, missing string }{
		{"50", "49.99", "Below threshold", "0.01"}, {"50", "50.00", "Ready", ""}, {"0", "0.01", "Ready", ""},
	} {
		s := newSite(t)
		s.settings(affiliate.PayPal, map[money.Currency]money.Amount{"USD": amount(test.threshold)})
		p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
		s.sale(p, sale{amount: test.owed, status: "approved"})
		if got := s.csv("due", Query{})[1]; got[3] != test.status || got[4] != test.missing {
			t.Errorf("%s of %s: %v", test.owed, test.threshold, got)
		}
		b, err := s.reader.Balances(t.Context(), p)
		if err != nil || b.All[0].Owed != amount(test.owed) || b.All[0].Missing != amount(or(test.missing, "0")) {
			t.Errorf("%s of %s: %+v, %v", test.owed, test.threshold, b, err)
		}
	}
}

// Spec: S33.1 D7.1 D12.1 D12.2
func TestBalancesAreByCurrency(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
	if b, err := s.reader.Balances(t.Context(), p); err != nil || len(b.All) != 1 || b.All[0].Currency != "USD" ||
		!b.All[0].Owed.IsZero() {
		t.Errorf("of a newcomer: %+v, %v", b, err)
	}
	s.sale(p, sale{amount: "5"})
	s.sale(p, sale{amount: "10", status: "approved"})
	s.sale(p, sale{amount: "20", status: "paid"})
	inPayout := s.sale(p, sale{amount: "40", status: "approved"})
	s.post(inPayout, "payout", "payable", "in_payout", amount("40"))
	s.sale(p, sale{amount: "300", currency: "JPY", status: "approved"})
	b, err := s.reader.Balances(t.Context(), p)
	want := []Balance{
		{Currency: "JPY", Payable: amount("300"), Owed: amount("300")},
		{Currency: "USD", Pending: amount("5"), Payable: amount("10"), InPayout: amount("40"), Paid: amount("20"),
			Owed: amount("50")},
	}
	if diff := cmp.Diff(want, b.All); diff != "" || err != nil {
		t.Errorf("%s, %v", diff, err)
	}
	if _, err := s.reader.Balances(t.Context(), 4711); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("of nobody: %v", err)
	}
}

// The method is the partner's own only while it is left to them.
// Spec: S5
func TestDueKnowsHowPartnersArePaid(t *testing.T) {
	for policy, want := range map[affiliate.PaymentPolicy]string{affiliate.PayPal: "PayPal", affiliate.Check: "Check",
		affiliate.Choice: "Check"} {
		s := newSite(t)
		s.settings(policy, nil)
		p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
		s.exec(`UPDATE {wp}partner_center_partners SET payment_method = 'check' WHERE id = ?`, p)
		s.sale(p, sale{status: "approved"})
		if got := s.column("due", Query{}, "Method"); !cmp.Equal(got, []string{want}) {
			t.Errorf("policy %s gives %v", policy, got)
		}
	}
}

// Pending, history and payments as admins and partners read them.
// Spec: S73 S76.2 S80 S88.1 S93.1 S116.1 S149.2
func TestListsFollowACommission(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	p := s.partner(program, formula, "2026-05-01")
	buyer := s.contact("Ann", "Buyer", "ann@buyer.example")
	e := s.sale(p, sale{day: "2026-05-02", customer: buyer, program: program})
	pending := s.csv("pending", Query{})
	if got := strings.Join(pending[1][:7], "|"); got != "2026-05-02|'"+formula+
		" Partner|USD|10.00|100.00|Course|Ann Buyer <ann@buyer.example>" {
		t.Errorf("pending: %s", got)
	}
	e.at = "2026-05-03"
	s.approve(e)
	s.pay(e)
	s.refund(e, "payable", "4")
	s.post(e, "restore", "expense", "payable", amount("1"))
	if got := s.csv("pending", Query{}); len(got) != 1 {
		t.Errorf("still pending: %v", got)
	}
	for name, want := range map[string][][]string{
		"history": {{"Refund undone", "USD", "1.00"}, {"Refunded", "USD", "-4.00"}, {"Paid", "USD", "10.00"},
			{"Approved", "USD", "10.00"}},
		"refunds": {{"2026-05-03", "USD", "1.00", "Restored"}, {"2026-05-03", "USD", "-4.00", "Clawback"}},
		"payments": {{"2026-05-03", "USD", "10.00", "Paid", "PayPal", "pay@partner.example", "1",
			"2026-05-03T12:00:00+02:00"}},
	} {
		q, from := Query{Partner: p}, 0
		if name == "history" {
			q, from = Query{}, 2
		}
		for i, record := range s.csv(name, q)[1:] {
			if i >= len(want) || !cmp.Equal(record[from:from+len(want[i])], want[i]) {
				t.Errorf("%s, row %d: %v", name, i, record)
			}
		}
		if got := len(s.csv(name, q)) - 1; got != len(want) {
			t.Errorf("%s has %d rows, want %d", name, got, len(want))
		}
	}
	if got := s.column("history", Query{Search: "anna (user 7)", Status: "settle"}, "By"); !cmp.Equal(got,
		[]string{"anna (user 7)"}) {
		t.Errorf("who paid: %v", got)
	}
	if got := s.column("commissions", Query{Partner: p}, "Commission"); !cmp.Equal(got, []string{"7.00"}) {
		t.Errorf("after the refund: %v", got)
	}
	range3 := affiliate.Range{From: day(t, "2026-05-03"), To: day(t, "2026-05-04")}
	if got := s.column("refunds", Query{Partner: p, Range: affiliate.Range{To: range3.From}}, "Change"); len(got) != 0 {
		t.Errorf("refunds before the day: %v", got)
	}
	if got := s.column("payments", Query{Partner: p, Range: range3, Status: "settled"}, "Amount"); len(got) != 1 {
		t.Errorf("payments of the day: %v", got)
	}
}

// A sale that was credited to somebody else after it was paid is taken back from
// the partner, and their list of refunds says so; before payment it is none of it.
// Spec: S95 S97 S149.2
func TestRefundsListWhatARerunTookBackAfterPayment(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-05-01")
	paid, approved := s.sale(p, sale{status: "paid"}), s.sale(p, sale{status: "approved"})
	for _, e := range []*earned{paid, approved} {
		s.post(e, "reverse", "payable", "expense", amount("10"))
	}
	s.exec(`UPDATE {wp}partner_center_journals SET reason = 'RUN_AGAIN' WHERE kind = 'reverse'`)
	for column, want := range map[string]string{"Change": "-10.00", "Status": "Clawback",
		"Reason": "An admin re-credited this sale."} {
		if got := s.column("refunds", Query{Partner: p}, column); !cmp.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
}

// Searching ignores case, also in addresses, and takes every text literally.
func TestSearchFindsAnyCaseAndTakesTextLiterally(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	p := s.partner(program, "Zoë", "2026-05-01")
	s.exec(`UPDATE {wp}partner_center_contacts SET email = 'zoe@partner.example'`)
	s.sale(p, sale{status: "approved", program: program, product: "100% Käse_🎉",
		customer: s.contact("Ann", "Buyer", "ann@buyer.example")})
	s.sale(p, sale{program: program, product: "100% Käse_🎉", customer: s.contact("Bo", "Buyer", "bo@buyer.example")})
	for _, test := range []struct {
		search string
		found  map[string]bool
	}{
		{"ZOE@Partner", map[string]bool{"pending": true, "due": true, "history": true, "partners": true,
			"commissions": false}},
		{"zoë", map[string]bool{"pending": true, "due": true, "history": true, "partners": true, "commissions": false}},
		{"BUYER.example", map[string]bool{"pending": true, "due": false, "history": false, "partners": false,
			"commissions": true}},
		{"100% KÄSE_🎉", map[string]bool{"pending": true, "due": false, "history": true, "partners": false,
			"commissions": true}},
		{"100_", map[string]bool{"pending": false, "due": false, "history": false, "partners": false,
			"commissions": false}},
		{`\' OR 1=1 -- `, map[string]bool{"pending": false, "due": false, "history": false, "partners": false,
			"commissions": false}},
	} {
		for name, want := range test.found {
			q := query(report(t, name), p)
			q.Search = test.search
			if got := len(s.csv(name, q)) > 1; got != want {
				t.Errorf("%q in %s finds something: %v", test.search, name, got)
			}
		}
	}
}

// Spec: S32.1 S33.1 S34 S38.1 S39.1 D7.2
func TestPartnersListShowsTheirFigures(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNobody, false) // limits partners, not admins
	p := s.partner(program, "Pia", "2026-04-30")
	s.clicks(p, 0, "", "2026-05-01", 5)
	s.lead(p, 0, "", "2026-05-01")
	s.sale(p, sale{amount: "5"})
	s.sale(p, sale{amount: "10", status: "approved"})
	s.sale(p, sale{amount: "20", status: "paid"})
	for days, amount := range map[int]string{-1: "2", 1: "3"} { // held until yesterday, and until tomorrow
		s.exec(`UPDATE {wp}partner_center_commissions SET not_before = ? WHERE id = ?`, noon.AddDate(0, 0, days),
			s.sale(p, sale{amount: amount}).id)
	}
	got := s.csv("partners", Query{})
	email, code := got[1][1], got[1][len(got[1])-2]
	want := [][]string{
		{"Partner", "Email", "Program", "State", "Signup Date", "Owed (USD)", "Pending (USD)",
			"On hold (USD)", "Total Commission Paid (USD)",
			"Visits", "Clicks", "Leads", "# Sales", "Conversion (%)", "Total Sales (USD)", "Commission (USD)",
			"# Refunds", "Total Refunds (USD)", "Company", "Partner code", "Partner id"},
		{"Pia Partner", email, "Program 1", "Active", "2026-04-30", "10.00", "10.00", "3.00", "20.00", "1", "5", "1",
			"5", "500", "500.00", "40.00", "0", "0.00", "", code, p.String()},
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(email, "@partner.example") ||
		code != "code"+p.String() {
		t.Error(diff)
	}
	if got := s.column("partners", Query{Program: program, Search: "pia", Status: "active"}, "Partner"); len(got) != 1 {
		t.Errorf("found: %v", got)
	}
	if got := s.column("partners", Query{Status: "suspended"}, "Partner"); len(got) != 0 {
		t.Errorf("suspended: %v", got)
	}
}

// What is to be paid stands on pages as in the file, and is found by the reason of an
// entry and by the order of a commission.
//
// Spec: S154
func TestPayableStandsOnPagesAsInTheFile(t *testing.T) {
	s := newSite(t)
	s.partner(s.program(affiliate.SeeName, true), "Pia", "2025-05-01")
	s.crowd()
	file := s.column("payable", Query{Range: affiliate.Range{From: day(t, "2026-03-01")}}, "Order")
	if len(file) < 200 {
		t.Fatalf("only %d rows", len(file))
	}
	pages, q := []string{}, Query{Range: affiliate.Range{From: day(t, "2026-03-01")}, Limit: 90}
	for {
		page, err := s.reader.Page(t.Context(), payableReport, q)
		if err != nil || page.Table.Count != int64(len(file)) {
			t.Fatal(page.Table.Count, err)
		}
		for _, row := range page.Rows {
			pages = append(pages, page.Cell(row, "order").Text)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if diff := cmp.Diff(file, pages); diff != "" {
		t.Error(diff)
	}
	s.samePayable()
	for search, want := range map[string]int64{"bonus": 1499, "1000004": 1, "nothing": 0, "onus": 1499, "00004": 9,
		"course": 2998, "ours": 2998, "x100077": 3, "100077@crowd": 3, "bonus x100077": 1, "course x100077": 2,
		"100077@crowd bonus": 1, "course bonus": 0} {
		page, err := s.reader.Page(t.Context(), payableReport, Query{Search: search, Limit: 5})
		if err != nil || page.Table.Count != want {
			t.Errorf("%q finds %d, not %d: %v", search, page.Table.Count, want, err)
		}
	}
}

// samePayable fails the test unless pages have the same rows and sums when there are very
// many: forth and back, of all days and of some, of one currency.
func (s *site) samePayable() {
	s.t.Helper()
	read := func(q Query) (rows []string) {
		for {
			page, err := s.reader.Page(s.t.Context(), payableReport, q)
			if err != nil {
				s.t.Fatal(err)
			}
			for _, row := range append(page.Rows, page.Table.Totals...) {
				rows = append(rows, page.Cell(row, "day").Day.String()+page.Cell(row, "payable").Amount.String()+
					page.Cell(row, "order").Text+page.Cell(row, "name").Text)
			}
			if len(rows) > 600 || page.Next == "" {
				break
			}
			q.After = page.Next
		}
		return rows
	}
	defer func(walk int64) { s.reader.walk = walk }(s.reader.walk)
	for _, q := range []Query{{}, {Sort: "day"}, {Sort: "-day", Currency: "USD"}, {Sort: "payable"},
		{Range: affiliate.Range{From: day(s.t, "2026-03-01"), To: day(s.t, "2026-04-01")}},
		{Before: "2026-02-03.2000100"}, {Currency: "EUR"}} {
		q.Limit = 150
		s.reader.walk = walkedFrom
		few := read(q)
		s.reader.walk = 100
		if diff := cmp.Diff(few, read(q)); diff != "" || len(few) == 0 && q.Currency != "EUR" {
			s.t.Errorf("%+v (-few +many):\n%s", q, diff)
		}
	}
}
