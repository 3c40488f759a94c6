package reports

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// Spec: S17.1
func TestCustomerShowsWhatTheProgramAllows(t *testing.T) {
	m := NewMask([32]byte{1})
	anna := affiliate.Contact{ID: 5, Email: "anna@example.com", FirstName: "Anna", LastName: "østergård"}
	for see, want := range map[affiliate.Visibility]string{
		affiliate.SeeNameAndEmail: "Anna østergård <anna@example.com>", affiliate.SeeName: "Anna østergård",
		affiliate.SeeFirstName: "Anna Ø.",
	} {
		if got := m.Customer(see, 9, anna); got != want {
			t.Errorf("%s shows %q, want %q", see, got, want)
		}
	}
	nobody := m.Customer(affiliate.SeeNobody, 9, anna)
	if !strings.HasPrefix(nobody, "Customer ") || strings.Contains(strings.ToLower(nobody), "anna") ||
		nobody != m.Customer(affiliate.SeeNobody, 9, anna) {
		t.Errorf("the pseudonym is %q", nobody)
	}
	if nobody == m.Customer(affiliate.SeeNobody, 10, anna) ||
		nobody == NewMask([32]byte{2}).Customer(affiliate.SeeNobody, 9, anna) {
		t.Error("other partners, or other sites, see the same pseudonym")
	}
	unnamed := affiliate.Contact{ID: 5, Email: "anna@example.com"}
	for _, see := range []affiliate.Visibility{affiliate.SeeName, affiliate.SeeFirstName, affiliate.SeeNobody, "",
		"all"} {
		if got := m.Customer(see, 9, unnamed); got != nobody {
			t.Errorf("%q shows %q of somebody without a name", see, got)
		}
	}
	if got := m.Customer(affiliate.SeeNameAndEmail, 9, unnamed); got != "anna@example.com" {
		t.Errorf("got %q", got)
	}
	if got := m.Customer(affiliate.SeeNobody, 9, affiliate.Contact{}); got != "" {
		t.Errorf("no customer is called %q", got)
	}
}

// In no report of a partner, page or file, stands more of a customer than the
// program allows; nor can it be found out by searching.
// Spec: S17.3 S121
func TestReportsHideCustomers(t *testing.T) {
	for see, want := range map[affiliate.Visibility]map[string]bool{
		affiliate.SeeNameAndEmail: {"anna@secret.example": true, "Zetterberg": true, "Anna": true},
		affiliate.SeeName:         {"anna@secret.example": false, "Zetterberg": true, "Anna": true},
		affiliate.SeeFirstName:    {"anna@secret.example": false, "Zetterberg": false, "Anna": true},
		affiliate.SeeNobody:       {"anna@secret.example": false, "Zetterberg": false, "Anna": false},
	} {
		s := newSite(t)
		p := s.partner(s.program(see, true), "Pia", "2026-05-01")
		e := s.sale(p, sale{customer: s.contact("Anna", "Zetterberg", "anna@secret.example"), status: "paid"})
		s.refund(e, "payable", "3")
		all := ""
		for _, r := range All {
			if r.For == ForPartner {
				all += fmt.Sprint(s.csv(r.Name, Query{Partner: p}))
			}
		}
		for text, shown := range want {
			if strings.Contains(all, text) != shown {
				t.Errorf("%s: %q shown is %v", see, text, !shown)
			}
		}
		for search, found := range map[string]bool{
			"secret.example": see == affiliate.SeeNameAndEmail, "Zetterberg": want["Zetterberg"],
			fmt.Sprint("N", e.order): see != affiliate.SeeNobody, "Course": true, "%": false, "_": false,
		} {
			if got := len(s.column("commissions", Query{Partner: p, Search: search}, "Status")) > 0; got != found {
				t.Errorf("%s: searching for %q finds something: %v", see, search, got)
			}
		}
	}
}

// Where pending commissions are hidden, nothing tells of them: no row, total,
// figure or balance, and no cancellation or refund of one never approved.
// Spec: S89.1 S121 S134.1
func TestPendingIsHiddenWhereTheProgramSaysSo(t *testing.T) {
	for _, shown := range []bool{true, false} {
		s := newSite(t)
		p := s.partner(s.program(affiliate.SeeName, shown), "Pia", "2026-05-04")
		s.refund(s.sale(p, sale{day: "2026-05-04", amount: "1"}), "pending", "0.5")
		s.sale(p, sale{day: "2026-05-04", amount: "2", status: "canceled"})
		s.sale(p, sale{day: "2026-05-04", amount: "4", status: "approved"})
		late := s.sale(p, sale{day: "2026-05-04", amount: "8", status: "approved"})
		s.post(late, "cancel", "payable", "expense", amount("8")) // was seen before
		s.status(late, "canceled")
		want := map[string][]string{"amounts": {"0.00", "4.00"}, "refunds": {}, "sales": {"1", "100.00", "4.00"}}
		if shown {
			want = map[string][]string{"amounts": {"0.00", "4.00", "0.00", "0.50"}, "refunds": {"-0.50"},
				"sales": {"2", "200.00", "4.50"}}
		}
		got := map[string][]string{
			"amounts": s.column("commissions", Query{Partner: p}, "Commission"),
			"refunds": s.column("refunds", Query{Partner: p}, "Change"),
			"sales":   s.figures(Query{Partner: p})[1][4:],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("shown %v: %s", shown, diff)
		}
		page, err := s.reader.Page(t.Context(), commissionsReport, Query{Partner: p})
		if err != nil || page.Table.Totals[0].Cells[1].File(time.UTC, nil) != want["sales"][2] {
			t.Errorf("shown %v: the totals are %+v, %v", shown, page.Table.Totals, err)
		}
		b, err := s.reader.Balances(t.Context(), p)
		if err != nil || b.PendingShown != shown || b.All[0].Pending.IsZero() == shown {
			t.Errorf("shown %v: the balances are %+v, %v", shown, b, err)
		}
	}
}

// A partner who left all programs sees their own money still, and of others least.
// Spec: S101
func TestPartnerWithoutProgramSeesLeast(t *testing.T) {
	s := newSite(t)
	p := s.partner(s.program(affiliate.SeeNameAndEmail, true), "Pia", "2026-05-01")
	s.sale(p, sale{customer: s.contact("Anna", "Z", "anna@secret.example"), status: "paid"})
	s.exec(`UPDATE {wp}partner_center_memberships SET active = NULL, ended_at = ? WHERE partner_id = ?`, noon, p)
	got := s.csv("commissions", Query{Partner: p})
	if text := fmt.Sprint(got); len(got) != 2 || strings.Contains(text, "anna@") ||
		!strings.Contains(text, "Customer ") {
		t.Errorf("they see %s", text)
	}
}
