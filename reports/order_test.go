package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/shoptest"

	"github.com/google/go-cmp/cmp"
)

// However a list is sorted, its pages show each row once, and the pages before
// one are those that led to it.
//
// Spec: S73
func TestSortedListsPageForthAndBack(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, r := range All {
		for _, sort := range s.sorts(r, query(r, mine)) {
			q := query(r, mine)
			q.Partner, q.Sort, q.Limit = 0, sort, 1
			if r.For == ForPartner {
				q.Partner = mine
			}
			forth := s.pages(r, q)
			if len(forth) < 2 {
				t.Errorf("%s by %q has %d pages", r.Name, sort, len(forth))
				continue
			}
			for i := len(forth) - 1; i > 0 && !r.forward; i-- {
				back := q
				back.Before = forth[i].Prev
				page, err := s.reader.Page(t.Context(), r, back)
				if err != nil {
					t.Fatal(r.Name, err)
				}
				if diff := cmp.Diff(cursors(forth[i-1]), cursors(page)); diff != "" {
					t.Errorf("%s by %q, before page %d: %s", r.Name, sort, i, diff)
				}
				if (page.Prev == "") != (i == 1) {
					t.Errorf("%s by %q, page %d: is there one before it? %q", r.Name, sort, i-1, page.Prev)
				}
			}
		}
	}
}

// sorts are all ways to sort a report, "" for the usual one.
func (s *site) sorts(r *Report, q Query) []string {
	sorts := []string{""}
	q.Limit = 1
	page, err := s.reader.Page(s.t.Context(), r, q)
	if err != nil {
		s.t.Fatal(r.Name, err)
	}
	for _, c := range page.Table.Columns {
		if c.Sortable {
			sorts = append(sorts, c.Key, "-"+c.Key)
		}
	}
	return sorts
}

// pages are the first pages of a list, five at most.
func (s *site) pages(r *Report, q Query) (all []*Page) {
	seen := []string{}
	for range 5 {
		page, err := s.reader.Page(s.t.Context(), r, q)
		if err != nil {
			s.t.Fatal(r.Name, q.Sort, err)
		}
		for _, c := range cursors(page) {
			if slices.Contains(seen, c) {
				s.t.Errorf("%s by %q shows %s twice", r.Name, q.Sort, c)
			}
			seen = append(seen, c)
		}
		all = append(all, page)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	return all
}

func cursors(p *Page) (all []string) {
	for _, row := range p.Rows {
		all = append(all, row.After)
	}
	return all
}

// A page says how many rows match, and sorting puts the largest first.
func TestSortedPageCountsWhatMatches(t *testing.T) {
	s, mine, _ := twoPartners(t)
	for _, amount := range []string{"9", "10.5", "100"} {
		s.sale(mine, sale{day: "2026-04-02", amount: amount})
	}
	page, err := s.reader.Page(t.Context(), pendingReport, Query{Partner: mine, Sort: "-amount", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Cell(page.Rows[0], "amount").Amount.String(); got != "100" || page.Table.Count < 3 {
		t.Errorf("%s is the largest of %d", got, page.Table.Count)
	}
	if _, err := s.reader.Page(t.Context(), pendingReport, Query{Sort: "customer", Limit: 2}); err == nil {
		t.Error("sorted by what cannot be sorted by")
	}
}

// Partners stand by the name and the sign-up that they have now.
//
// Spec: S73
func TestPartnersStandByWhatTheyAreCalledNow(t *testing.T) {
	s := newShop(t) // with Pia
	s.Clock.Advance(time.Hour)
	ann := s.Partner("ann")
	s.Clock.Advance(time.Hour)
	other := s.NewProgram("Other", 1)
	bob := s.PartnerIn(other, "bob")
	stand := func(sort, want string) {
		t.Helper()
		page, err := s.reader.Page(t.Context(), partnersReport, Query{Sort: sort, Limit: 9})
		s.OK(err)
		names := []string{}
		for _, row := range page.Rows {
			names = append(names, page.Cell(row, "partner").Text)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("by %s stand %s, not %s", sort, got, want)
		}
	}
	stand("partner", "ann@partners.example, bob@partners.example, pia@partners.example")
	stand("-signup", "bob@partners.example, ann@partners.example, pia@partners.example")
	c, err := s.Registry.Contact(t.Context(), ann.ContactID)
	s.OK(err)
	_, err = s.Registry.EditContact(t.Context(), shoptest.Anna, c.ID, c.UpdatedAt,
		affiliate.Person{Email: c.Email, FirstName: "Zoe", LastName: "Zander"}, nil)
	s.OK(err)
	stand("partner", "bob@partners.example, pia@partners.example, Zoe Zander")
	s.Clock.Advance(time.Hour)
	_, err = s.Registry.MovePartner(t.Context(), shoptest.Anna, s.partner.ID, other.ID) // signed up long ago
	s.OK(err)
	s.Exec(`UPDATE {wp}partner_center_memberships m JOIN {wp}partner_center_partners p ON p.id = m.partner_id
		SET m.signup_at = '2020-01-01', p.listed_at = '2020-01-01' WHERE p.id = ?`, bob.ID)
	stand("-signup", "Zoe Zander, pia@partners.example, bob@partners.example")
	_, err = s.Registry.RemovePartner(t.Context(), shoptest.Anna, bob.ID, "left")
	s.OK(err)
	stand("-signup", "bob@partners.example, Zoe Zander, pia@partners.example")
}
