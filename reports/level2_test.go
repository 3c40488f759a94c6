package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/shoptest"
)

// A recruiter sees of a level-2 commission through whom it came and, of the
// customer, what the seller's program shows; nothing by which the seller works,
// neither in a column nor by searching and filtering.
//
// Spec: S14 S17 D44.1 D44.2
func TestLevel2ShowsWhatTheSellersProgramAllows(t *testing.T) {
	s := newShop(t)
	s.Program.Visibility = affiliate.SeeNameAndEmail
	s.Program = shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	shy := s.NewProgram("Shy", 2)
	shy.Visibility = affiliate.SeeNobody
	shy = shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, shy))(s)
	s.Terms(shy, s.Book, shoptest.Percent("10", "5"))
	seller := s.PartnerIn(shy, "sally", s.partner)
	s.Exec(`UPDATE {wp}partner_center_contacts SET first_name = 'Sally', last_name = 'Seller' WHERE id = ?`,
		seller.ContactID)
	s.Clock.Advance(time.Hour)
	o := s.Sale("bob@example.com", s.Click(seller))
	o.Buyer.FirstName, o.Buyer.LastName, o.Number = "Bob", "Buyer", "N-4711"
	s.ApproveAll(s.Place(o).Commissions...)
	own := s.Sale("cy@example.com", s.Click(s.partner))
	own.Buyer.FirstName = "Cy"
	s.ApproveAll(s.Place(own).Commissions...)
	s.Place(shoptest.Refunded(o, "40"))
	for name, want := range map[string][]string{
		"commissions": {"cy@example.com", "level 2 through Sally Seller", "Customer "},
		"refunds":     {"level 2 through Sally Seller", "Customer "},
	} {
		file := s.file(name, Query{Partner: s.partner.ID})
		for _, text := range want {
			if !strings.Contains(file, text) {
				t.Errorf("%s does not say %q:\n%s", name, text, file)
			}
		}
		for _, text := range []string{"Bob", "Buyer", "bob@", "N-4711"} {
			if strings.Contains(file, text) {
				t.Errorf("%s says %q:\n%s", name, text, file)
			}
		}
	}
	rows := strings.Split(s.file("commissions", Query{Partner: s.partner.ID}), "\n")
	i := slices.IndexFunc(rows, func(row string) bool { return strings.Contains(row, "through Sally") })
	if i < 0 || strings.Contains(rows[i], "mail") || strings.Contains(rows[i], "Home") {
		t.Errorf("the row shows SubID or tool of the seller: %q", rows[i])
	}
	notes := 0
	s.OK(s.reader.Read(s.Context(), report(s, "commissions"), Query{Partner: s.partner.ID}, func(t *Table) error {
		for row, err := range t.Rows {
			if err != nil {
				return err
			}
			for i, cell := range row.Cells {
				if !t.Columns[i].FileOnly && cell.Note.String() == "level 2 through Sally Seller" {
					notes++
				}
			}
		}
		return nil
	}))
	if notes != 1 {
		t.Errorf("pages say %d times through whom, want once", notes)
	}
	for name, q := range map[string]Query{"SubID": {Search: "mail"}, "number": {Search: "N-4711"},
		"address": {Search: "bob@"},
		"tool":    {Tool: s.Tool.ID}} {
		q.Partner = s.partner.ID
		if file := s.file("commissions", q); strings.Contains(file, "through Sally") {
			t.Errorf("it is found by %s:\n%s", name, file)
		}
	}
	shy.Visibility = affiliate.SeeFirstName // of the seller's program, not of the recruiter's
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, shy))(s)
	if file := s.file("commissions", Query{Partner: s.partner.ID}); !strings.Contains(file, "Bob B.") ||
		strings.Contains(file, "bob@") {
		t.Errorf("the first name is to be seen:\n%s", file)
	}
}

// file is a report as CSV.
func (s *shop) file(name string, q Query) string {
	s.Helper()
	var out strings.Builder
	s.OK(s.reader.Read(s.Context(), report(s, name), q,
		func(t *Table) error { return WriteCSV(&out, t, CSVOptions{}) }))
	return out.String()
}

// The profile says of each recruited partner what they earned their recruiter, as the
// report of level 2 does: what is left of refunded sales, pending ones where they are shown,
// and nothing of one who sold nothing.
//
// Spec: S89 S14
func TestRecruitsTellWhatTheyEarned(t *testing.T) {
	s := newShop(t)
	s.Program.Tiers = 2
	s.Program.ShowPending = false
	s.Program = shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	s.Terms(s.Program, s.Book, shoptest.Percent("10", "5"))
	sally := s.PartnerIn(s.Program, "sally", s.partner)
	idle := s.PartnerIn(s.Program, "idle", s.partner)
	s.Clock.Advance(time.Hour)
	for _, buyer := range []string{"a", "b", "c"} {
		o := s.Sale(buyer+"@example.com", s.Click(sally))
		placed := s.Place(o)
		if buyer != "c" { // which stays pending
			s.ApproveAll(placed.Commissions...)
		}
		if buyer == "b" {
			s.Place(shoptest.Refunded(o, "40"))
		}
	}
	earned := func() string {
		var said []string
		for _, r := range shoptest.Must(s.reader.Recruits(s.Context(), s.partner.ID))(s) {
			name := map[affiliate.PartnerID]string{sally.ID: "sally", idle.ID: "idle"}[r.Partner]
			for _, sum := range r.Earned {
				name += " " + sum.Amount.String()
			}
			said = append(said, name)
		}
		slices.Sort(said)
		return strings.Join(said, ", ")
	}
	if got, want := earned(), "idle, sally 8"; got != want {
		t.Errorf("recruits earned %q, want %q", got, want)
	}
	s.Program.ShowPending = true
	shoptest.Must(s.Registry.EditProgram(t.Context(), shoptest.Anna, s.Program))(s)
	if got, want := earned(), "idle, sally 13"; got != want {
		t.Errorf("with pending ones recruits earned %q, want %q", got, want)
	}
}
