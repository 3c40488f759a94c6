package reports

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// clientele is a partner with a customer of theirs and every kind of order.
type clientele struct {
	*site
	pia, quin affiliate.PartnerID
	program   affiliate.ProgramID
	anna      affiliate.ContactID
}

func newClientele(t *testing.T, see affiliate.Visibility) *clientele {
	s := &clientele{site: newSite(t)}
	s.program = s.site.program(see, true)
	s.pia, s.quin = s.partner(s.program, "Pia", "2026-01-01"), s.partner(s.program, "Quin", "2026-01-01")
	s.anna = s.contact("Anna", "Zetterberg", "anna@secret.example")
	s.refer("last", s.anna, s.pia, "2026-01-02")
	return s
}

// order is one of anna's that earns nobody anything, credited to p.
func (s *clientele) order(d, status, product string, p affiliate.PartnerID) int64 {
	order := s.site.order(p, status, sale{day: d, customer: s.anna})
	s.exec(`INSERT INTO {wp}partner_center_order_lines (order_id, line, name, quantity, base) VALUES (?, '1', ?, 1, 5)`,
		order, product)
	return order
}

func (s *clientele) switches(declined, history bool) {
	s.exec(`UPDATE {wp}partner_center_programs SET show_declined = ?, show_history = ?`, declined, history)
}

// products are those of the orders that pia sees, newest first.
func (s *clientele) products() []string {
	s.t.Helper()
	return s.column("purchases", Query{Partner: s.pia}, "Products")
}

// Only what earned is seen, unless the program shows more: all that the
// customer bought, or the failed payments, which are marked and earn nothing.
// What is credited to another partner, unpaid, or was never paid is not seen
// with any switch.
//
// Spec: S18.1 S18.2 S19.1 S19.2 S19.3 S121
func TestPurchasesFollowTheSwitches(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	s.sale(s.pia, sale{day: "2026-04-01", customer: s.anna, product: "earned", base: "80", status: "approved"})
	s.sale(s.pia, sale{day: "2026-04-02", customer: s.anna, product: "refused", status: "canceled"})
	s.order("2026-04-03", "paid", "unearned", s.pia)
	s.order("2026-04-04", "paid", "of nobody", 0)
	s.exec(`UPDATE {wp}partner_center_orders SET paid_at = ? WHERE id = ?`, noon,
		s.order("2026-04-05", "void", "returned", 0))
	s.order("2026-04-06", "failed", "failed", 0)
	failed := s.sale(s.pia, sale{day: "2026-04-07", customer: s.anna, product: "failed later", status: "approved"})
	s.exec(`UPDATE {wp}partner_center_orders SET status = 'failed' WHERE id = ?`, failed.order)
	for _, status := range []string{"paid", "failed", "unpaid"} {
		s.order("2026-04-08", status, "of quin", s.quin)
	}
	s.sale(s.quin, sale{customer: s.anna, product: "earns quin", status: "approved"})
	s.order("2026-04-09", "void", "never paid", 0)
	s.order("2026-04-09", "unpaid", "draft", s.pia)
	s.decide(s.sale(s.pia, sale{customer: s.anna, product: "of a recruit", level: 2, status: "approved"}).order, 1,
		s.quin)
	s.exec(`UPDATE {wp}partner_center_commissions SET partner_id = ? WHERE level = 1 AND order_id = ?`, s.quin,
		s.sale(s.pia, sale{customer: s.anna, product: "paid to quin before", status: "paid"}).order)
	earned := []string{"earned"}
	history := []string{"returned", "of nobody", "unearned", "refused", "earned"}
	declined := []string{"failed later", "failed"}
	for _, test := range []struct {
		declined, history bool
		want              []string
	}{
		{false, false, earned}, {false, true, history},
		{true, false, slices.Concat(declined, earned)}, {true, true, slices.Concat(declined, history)},
	} {
		s.switches(test.declined, test.history)
		if diff := cmp.Diff(test.want, s.products()); diff != "" {
			t.Errorf("declined %v, history %v: %s", test.declined, test.history, diff)
		}
	}
	rows := s.csv("purchases", Query{Partner: s.pia})[1:]
	for _, row := range rows {
		want := map[string]string{"failed later": "Declined,", "failed": "Declined,", "returned": "Canceled,",
			"earned": "Paid by the customer,10.00"}
		if got := row[5] + "," + row[6]; got != or(want[row[2]], "Paid by the customer,") {
			t.Errorf("%q", row)
		}
	}
	for status, want := range map[string]int{"customer_paid": 4, "declined": 2, "canceled": 1} {
		if got := s.column("purchases", Query{Partner: s.pia, Status: status}, "Status"); len(got) != want ||
			slices.Compact(got)[0] != Word(status).String() {
			t.Errorf("of status %s: %q", status, got)
		}
	}
}

// An order of several lines is one purchase, and its commissions are summed
// once, with every switch.
//
// Spec: S19, S121
func TestAnOrderOfSeveralLinesIsOnePurchase(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	first := s.sale(s.pia, sale{day: "2026-04-01", customer: s.anna, product: "cup", base: "80", status: "approved"})
	second := s.sale(s.pia, sale{day: "2026-04-01", customer: s.anna, product: "pot", base: "20", status: "paid"})
	s.exec(`UPDATE {wp}partner_center_order_lines SET order_id = ?, line = '2' WHERE order_id = ?`, first.order,
		second.order)
	s.exec(`UPDATE {wp}partner_center_commissions SET order_id = ? WHERE order_id = ?`, first.order, second.order)
	s.exec(`DELETE FROM {wp}partner_center_orders WHERE id = ?`, second.order)
	for _, history := range []bool{false, true} {
		s.switches(false, history)
		rows := s.csv("purchases", Query{Partner: s.pia})
		if len(rows) != 2 || rows[1][2] != "cup, pot" || rows[1][4] != "100.00" || rows[1][6] != "20.00" {
			t.Errorf("history %v: %q", history, rows)
		}
		page, err := s.reader.Page(t.Context(), report(t, "purchases"), Query{Partner: s.pia, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if totals := page.Table.Totals; len(totals) != 1 || totals[0].Cells[5].Amount.String() != "20" {
			t.Errorf("history %v: totals %+v", history, totals)
		}
	}
}

// The customer is the partner's whom the global rule would credit: with first
// referrers the first, with last ones the last. Who was deleted, or whose
// referral right was reset, is nobody's.
//
// Spec: S18.3 S19
func TestPurchasesAreOfTheCreditingReferrersCustomers(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	s.switches(true, true)
	s.order("2026-04-03", "paid", "cup", 0)
	s.order("2026-04-04", "failed", "pot", 0)
	seen := func(what string, want bool) {
		t.Helper()
		if got := s.products(); (len(got) == 2) != want || (len(got) == 0) == want {
			t.Errorf("%s: they see %q", what, got)
		}
	}
	seen("last referrer", true)
	s.refer("first", s.anna, s.quin, "2026-01-01")
	s.exec(`INSERT INTO {wp}partner_center_settings (data, saved_at, actor) VALUES ('{"credit": "first"}', ?, 'test')`,
		noon)
	seen("last referrer where the first counts", false)
	s.refer("first", s.anna, s.pia, "2026-01-01")
	s.refer("last", s.anna, s.quin, "2026-01-02")
	seen("first referrer where the first counts", true)
	s.exec(`INSERT INTO {wp}partner_center_resets (id, made_at, actor, reason, contacts) VALUES (1, ?, 'test', '', 1)`,
		s.at("2026-02-01"))
	s.exec(`INSERT INTO {wp}partner_center_reset_contacts (reset_id, contact_id) VALUES (1, ?)`, int64(s.anna))
	seen("reset", false)
	s.refer("last", s.anna, s.pia, "2026-02-02")
	seen("clicked again after the reset", true)
	s.exec(`UPDATE {wp}partner_center_contacts SET deleted_at = ?`, noon)
	seen("deleted", false)
}

// What is re-decided leaves the one and comes to the other.
//
// Spec: S19.3
func TestPurchasesFollowTheLastDecision(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	s.switches(true, true)
	order := s.order("2026-04-03", "paid", "cup", s.quin)
	if got := s.products(); len(got) != 0 {
		t.Errorf("of quin: %q", got)
	}
	s.decide(order, 2, 0)
	if got := s.products(); len(got) != 1 {
		t.Errorf("no longer of quin: %q", got)
	}
	mine := s.sale(s.pia, sale{customer: s.anna, product: "pot", status: "paid"})
	s.decide(mine.order, 2, s.quin)
	if got := s.products(); len(got) != 1 {
		t.Errorf("what became quin's is seen: %q", got)
	}
}

// Of anonymous customers neither page nor file shows numbers of orders, or what
// they bought without earning the partner anything they may see.
//
// Spec: S17.3 S19.4
func TestPurchasesKeepCustomersAnonymous(t *testing.T) {
	s := newClientele(t, affiliate.SeeNobody)
	s.switches(true, true)
	s.sale(s.pia, sale{customer: s.anna, product: "Course", status: "approved"})
	s.sale(s.pia, sale{customer: s.anna, product: "Portrait of Anna"}) // pending
	s.order("2026-04-03", "paid", "Portrait of Anna", 0)
	s.order("2026-04-04", "failed", "Portrait of Anna", 0)
	s.exec(`UPDATE {wp}partner_center_programs SET show_pending = 0`)
	rows := s.csv("purchases", Query{Partner: s.pia})
	text := fmt.Sprint(rows)
	for _, secret := range []string{"Anna", "Zetterberg", "secret.example", "N1", "N2", "N3", "N4"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is shown: %s", secret, text)
		}
	}
	if len(rows) != 5 || !strings.Contains(text, "Course") ||
		len(slices.Compact(s.column("purchases", Query{Partner: s.pia}, "Customer"))) != 1 {
		t.Errorf("they see %s", text)
	}
}

// Where pending commissions are hidden, a purchase says nothing of one.
//
// Spec: S89.1 S121
func TestPurchasesHidePendingCommissions(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	s.exec(`UPDATE {wp}partner_center_programs SET show_pending = 0`)
	s.sale(s.pia, sale{customer: s.anna, product: "cup"})
	if got := s.products(); len(got) != 0 {
		t.Errorf("they see %q", got)
	}
	s.switches(false, true)
	if got := s.column("purchases", Query{Partner: s.pia}, "Commission"); !slices.Equal(got, []string{""}) {
		t.Errorf("the commissions are %q", got)
	}
}

// Spec: S18, S89
func TestStatusesToChooseFrom(t *testing.T) {
	s := newClientele(t, affiliate.SeeName)
	for _, on := range []bool{true, false} {
		s.exec(`UPDATE {wp}partner_center_programs SET show_pending = ?, show_declined = ?`, on, on)
		for r, hidden := range map[*Report]string{commissionsReport: "pending", purchasesReport: "declined"} {
			got, err := s.reader.Statuses(t.Context(), r, s.pia)
			if err != nil || slices.Contains(got, hidden) != on || !slices.Contains(got, r.Statuses[len(r.Statuses)-1]) ||
				!slices.Contains(r.Statuses, hidden) {
				t.Errorf("%s, shown %v: %q, %v", r.Name, on, got, err)
			}
		}
	}
	if got, err := s.reader.Statuses(t.Context(), dueReport, 0); err != nil || !slices.Equal(got, dueReport.Statuses) {
		t.Errorf("admins choose from %q, %v", got, err)
	}
}
