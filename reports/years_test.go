package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate"
)

// opening is an opening balance that was paid before, as package ledger writes it.
func (s *site) opening(p affiliate.PartnerID, d, cur, amountText string) {
	s.exec(`INSERT INTO {wp}partner_center_manuals (partner_id, currency, kind, amount, reason,
		occurred_at, day, actor, created_at, updated_at, journals,
		status, stage, pending, payable, in_payout, paid)
		VALUES (?, ?, 'opening', ?, 'before', ?, ?, 'anna', ?, ?, 1, 'paid', 'paid', 0, 0, 0, ?)`, p, cur, amountText,
		s.at(d), d, noon, noon, amountText)
	s.exec(`INSERT INTO {wp}partner_center_balances (partner_id, currency, expense, paid) VALUES (?, ?, -?, ?)
		ON DUPLICATE KEY UPDATE expense = expense + VALUES(expense), paid = paid + VALUES(paid)`, p, cur, amountText,
		amountText)
}

// sendBack returns the payment of a commission.
func (s *site) sendBack(e *earned, d string) {
	s.exec(`UPDATE {wp}partner_center_payout_lines y JOIN {wp}partner_center_payout_items i ON i.line_id = y.id
		SET y.state = 'returned', y.returned_at = ?, y.returned_day = ?,
		y.return_reason = 'Account closed' WHERE i.commission_id = ?`, s.at(d), d, e.id)
	s.post(e, "return", "paid", "payable", e.amount)
	s.status(e, "approved")
}

// The address that stands for none, of partners who were deleted or erased, is in no file.
//
// Spec: D37
func TestFilesNameNoAddressThatStandsForNone(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeNameAndEmail, true)
	pia, quin := s.partner(program, "Pia", "2025-01-01"), s.partner(program, "Quin", "2025-01-01")
	for _, p := range []affiliate.PartnerID{pia, quin} {
		s.sale(p, sale{day: "2026-01-02", amount: "20", status: "paid"})
		s.sale(p, sale{day: "2026-01-02", amount: "30"})
	}
	s.exec(`UPDATE {wp}partner_center_contacts SET email = CONCAT('erased-', id, '@contact.invalid')`)
	s.exec(`UPDATE {wp}partner_center_contacts k JOIN {wp}partner_center_partners p ON p.contact_id = k.id
		SET k.first_name = '', k.last_name = '' WHERE p.id = ?`, quin)
	for _, name := range []string{"years", "accounting", "booked", "pending", "orders", "partners", "history",
		"by-partner"} {
		file := fmt.Sprint(s.csv(name, Query{Status: map[string]string{"pending": AllStates}[name]}))
		if strings.Contains(file, "contact.invalid") {
			t.Errorf("%s:\n%s", name, file)
		}
		if name == "years" && !strings.Contains(file, "deleted partner") {
			t.Errorf("nameless:\n%s", file)
		}
	}
}

// Each year, partner and currency has its sum; what came back counts in the
// year of its return, and all years together are what the ledger has on paid.
//
// Spec: S38.1 S144.1 S144.2 D12 D21
func TestPaidPerYearAndPartner(t *testing.T) {
	s := newSite(t)
	program := s.program(affiliate.SeeName, true)
	pia, quin := s.partner(program, "Pia", "2025-01-01"), s.partner(program, "Quin", "2025-01-01")
	s.sale(pia, sale{day: "2025-12-31", amount: "10", status: "paid"})
	back := s.sale(pia, sale{day: "2025-06-01", amount: "7", status: "paid"})
	s.sendBack(back, "2026-02-03")
	s.sale(pia, sale{day: "2026-01-01", amount: "20", status: "paid"})
	s.sale(pia, sale{day: "2026-01-02", amount: "5", currency: "EUR", status: "paid"})
	s.sale(quin, sale{day: "2026-03-01", amount: "30", status: "paid"})
	s.sale(quin, sale{day: "2026-03-01", amount: "40", status: "approved"})
	s.opening(quin, "2024-12-31", "USD", "100")
	got := [][]string{}
	for _, record := range s.csv("years", Query{})[1:] {
		got = append(got, record[:7])
	}
	want := [][]string{
		{"2026", "Pia Partner", "EUR", "5.00", "5.00", "0.00", "0.00"},
		{"2026", "Pia Partner", "USD", "13.00", "20.00", "-7.00", "0.00"},
		{"2026", "Quin Partner", "USD", "30.00", "30.00", "0.00", "0.00"},
		{"2025", "Pia Partner", "USD", "17.00", "17.00", "0.00", "0.00"},
		{"2024", "Quin Partner", "USD", "0.00", "0.00", "0.00", "100.00"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	of2025 := affiliate.Range{From: day(t, "2025-01-01"), To: day(t, "2026-01-01")}
	if got := s.column("years", Query{Range: of2025}, "Paid in the year"); !cmp.Equal(got, []string{"17.00"}) {
		t.Errorf("of 2025: %v", got)
	}
	page, err := s.reader.Page(t.Context(), yearsReport, Query{Limit: 2})
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	next, err := s.reader.Page(t.Context(), yearsReport, Query{Limit: 2, After: page.Next})
	if err != nil || len(next.Rows) != 2 || next.Rows[0].Cells[1].Text != "Quin Partner" {
		t.Errorf("the next page: %+v, %v", next, err)
	}
	for _, total := range page.Table.Totals {
		var paid string
		if err := s.h.Get(t.Context(), &paid, `SELECT SUM(paid) FROM {wp}partner_center_balances WHERE currency = ?`,
			total.Cells[2].Currency); err != nil {
			t.Fatal(err)
		}
		if both, err := total.Cells[2].Amount.Add(total.Cells[5].Amount); err != nil || amount(paid) != both {
			t.Errorf("the years come to %s %s, the ledger has %s", total.Cells[2].Amount, total.Cells[2].Currency, paid)
		}
	}
	var file bytes.Buffer
	if err := s.reader.Read(t.Context(), yearsReport, Query{},
		func(table *Table) error { return WriteXLSX(&file, table, t.TempDir()) }); err != nil {
		t.Fatal(err)
	}
	if _, err := excelize.OpenReader(&file); err != nil {
		t.Error(err)
	}
}

// Accounting gets every payment, checks as well as PayPal, with dates, amounts,
// currency and ids; drafts are none.
//
// Spec: S86.1 S86.2 S136.1
func TestAccountingListsAllPayments(t *testing.T) {
	s := newSite(t)
	pia := s.partner(s.program(affiliate.SeeNobody, true), "Pia", "2026-01-01")
	s.sale(pia, sale{day: "2026-04-01", amount: "10", status: "paid"})
	s.sendBack(s.sale(pia, sale{day: "2026-04-02", amount: "20", status: "paid"}), "2026-04-20")
	s.exec(`INSERT INTO {wp}partner_center_payout_lines (id, payout_id, partner_id, currency,
		amount, method, payee, address, check_number, state, updated_at, settled_at, day)
		VALUES (900, 1, ?, 'EUR', 5, 'check', 'P. Partner', '1 Main St', '0042', 'settled', ?, ?, '2026-04-03'),
			(901, 2, ?, 'USD', 6, 'paypal', '', '', '', 'draft', ?, NULL, NULL), (902, 3, ?, 'USD', 7, 'paypal', '', '',
			'', 'filed', ?, NULL, NULL)`,
		pia, noon, noon, pia, noon, pia, noon)
	for heading, want := range map[string][]string{
		"Date": {"", "2026-04-03", "2026-04-02", "2026-04-01"}, "Amount": {"7.00", "5.00", "20.00", "10.00"},
		"Currency": {"USD", "EUR", "USD", "USD"},
		"Status":   {"File ready", "Paid", "Returned", "Paid"}, "Method": {"PayPal", "Check", "PayPal", "PayPal"},
		"Check number": {"", "0042", "", ""},
		"Payee":        {"", "P. Partner", "", ""}, "Came back": {"", "", "2026-04-20", ""},
		"Why it came back": {"", "", "Account closed", ""},
		"Partner":          {"Pia Partner", "Pia Partner", "Pia Partner", "Pia Partner"},
		"Partner id":       {pia.String(), pia.String(), pia.String(), pia.String()},
	} {
		if got := s.column("accounting", Query{}, heading); !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", heading, got, want)
		}
	}
	if got := s.column("accounting", Query{}, "Payment"); got[1] != "PL900" {
		t.Errorf("the ids are %v", got)
	}
	april := affiliate.Range{From: day(t, "2026-04-02"), To: day(t, "2026-05-01")}
	if got := s.column("accounting", Query{Range: april, Status: "settled"}, "Amount"); !cmp.Equal(got,
		[]string{"5.00"}) {
		t.Errorf("settled from the 2nd on: %v", got)
	}
}

// A refund shows in # Refunds and Total Refunds only when the partner was paid
// for the sale and that payment stands; Total Sales keeps what they were paid for.
//
// Spec: S36.3 S37 S40.1 S40.2 S41.1 D21
func TestRefundColumnsCountRefundsAfterPaymentOnly(t *testing.T) {
	s := newSite(t)
	pia := s.partner(s.program(affiliate.SeeName, true), "Pia", "2026-01-01")
	refund := func(status, base, refunded, change string) *earned {
		e := s.sale(pia, sale{status: status, base: base})
		s.exec(`UPDATE {wp}partner_center_commissions SET base = base - ?`+change+` WHERE id = ?`, refunded, e.id)
		return e
	}
	refund("pending", "100", "10", "")
	refund("approved", "100", "20", "")
	refund("paid", "100", "30", ", paid_base = 100")
	refund("paid", "100", "40", ", paid_base = 60") // refunded before it was paid
	refund("paid", "100", "50", ", paid_base = 60") // once before and once after
	s.sendBack(refund("paid", "100", "60", ", paid_base = 100"), "2026-05-02")
	for heading, want := range map[string]string{"# Sales": "6", "Total Sales (USD)": "430.00", "# Refunds": "2",
		"Total Refunds (USD)": "40.00"} {
		if got := s.column("partners", Query{}, heading); got[0] != want {
			t.Errorf("%s: %s, want %s", heading, got[0], want)
		}
	}
}

// The totals of all commissions come from the balances; they are what the rows
// sum to, with and without pending ones, beside entries by hand and refunds.
//
// Spec: S89, S116, S140
func TestTotalsOfAllCommissionsAreTheSumOfTheirRows(t *testing.T) {
	for _, showPending := range []bool{true, false} {
		s := newSite(t)
		pia := s.partner(s.program(affiliate.SeeName, showPending), "Pia", "2026-01-01")
		s.sale(pia, sale{amount: "1"})
		s.sale(pia, sale{amount: "20", status: "approved"})
		s.refund(s.sale(pia, sale{amount: "300", status: "paid"}), "payable", "50")
		s.sale(pia, sale{amount: "4000", status: "canceled"})
		s.sale(pia, sale{amount: "7", currency: "EUR"})
		s.opening(pia, "2026-01-01", "USD", "9")
		sums := map[string]string{}
		err := s.reader.Read(t.Context(), commissionsReport, Query{Partner: pia}, func(table *Table) error {
			for _, total := range table.Totals {
				sums[string(total.Cells[1].Currency)] = total.Cells[1].Amount.String()
			}
			return nil
		})
		want := map[string]string{"USD": "271", "EUR": "7"}
		if !showPending {
			want = map[string]string{"USD": "270"}
		}
		if diff := cmp.Diff(want, sums); diff != "" || err != nil {
			t.Errorf("pending shown: %v: %s, %v", showPending, diff, err)
		}
	}
}
