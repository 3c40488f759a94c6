package reports

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// siteReports are the reports over all partners.
var siteReports = []*Report{siteSummaryReport, sitePartnersReport, siteProgramsReport, siteToolsReport,
	siteCampaignsReport, siteAdsReport, siteProductsReport, siteSubIDsReport, sitePagesReport}

// crowd are partners of two programs with random clicks, leads and sales in
// April and May 2026.
func crowd(t testing.TB, seed uint64) (s *site, partners []affiliate.PartnerID, programs []affiliate.ProgramID) {
	s = newSite(t)
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	for g := range 2 {
		program := s.program(affiliate.SeeName, true)
		programs = append(programs, program)
		tools := []affiliate.ToolID{0, s.tool(program, fmt.Sprint("first of ", g)),
			s.tool(program, fmt.Sprint("second of ", g))}
		s.exec(`UPDATE {wp}partner_center_tools SET campaign = ?, ad = '' WHERE id = ?`, pick("Fall", ""), tools[2])
		for i := range 2 {
			p := s.partner(program, fmt.Sprint("P", g, i), "2026-03-01")
			partners = append(partners, p)
			for range 12 {
				d := fmt.Sprintf("2026-%02d-%02d", 4+r.IntN(2), 1+r.IntN(4))
				tool, subid := tools[r.IntN(3)], pick("", "a", "b", "c")
				if tool != 0 {
					s.clicks(p, tool, subid, d, 1+r.IntN(3))
				}
				if r.IntN(2) == 0 {
					s.lead(p, tool, subid, d)
				}
				o := sale{day: d, program: program, tool: tool, subid: subid, level: 1 + r.IntN(5)/4,
					base: strconv.Itoa(50 + r.IntN(100)), amount: strconv.Itoa(5 + r.IntN(10)),
					currency: money.Currency(pick("USD", "USD", "EUR")),
					status:   pick("pending", "approved", "paid", "canceled")}
				e := s.sale(p, o)
				if r.IntN(3) == 0 {
					e = s.orderLine(p, e.order, o)
				}
				if r.IntN(4) == 0 && o.status != "canceled" {
					s.refund(e, map[string]string{"pending": "pending"}[o.status]+
						map[bool]string{true: "", false: "payable"}[o.status == "pending"], "2")
				}
			}
		}
	}
	return s, partners, programs
}

// summed adds up figures of tables by column; rows of partners' own reports.
func (s *site) summed(r *Report, queries ...Query) map[string]float64 {
	s.t.Helper()
	sums := map[string]float64{}
	for _, q := range queries {
		err := s.reader.Read(s.t.Context(), r, q, func(t *Table) error {
			for row, err := range t.Rows {
				if err != nil {
					return err
				}
				for i, c := range row.Cells {
					column := t.Columns[i]
					if (c.Kind == KindNumber || c.Kind == KindMoney) && !column.Ratio && column.BaseKey() != "before" {
						n, err := strconv.ParseFloat(c.File(time.UTC, nil), 64)
						if err != nil {
							return err
						}
						sums[t.Columns[i].Key] += n
					}
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return sums
}

// What partners see of themselves sums up to what admins see of all, by whatever
// it is broken down, and commission is what the ledger has spent.
func TestReportsOverAllAgreeWithPartnersAndLedger(t *testing.T) {
	for seed := range uint64(5) {
		s, partners, programs := crowd(t, seed)
		for _, days := range []affiliate.Range{{}, {From: day(t, "2026-04-02"), To: day(t, "2026-05-03")}} {
			var own []Query
			for _, p := range partners {
				own = append(own, Query{Partner: p, Range: days})
			}
			want := s.summed(summaryReport, own...)
			for _, r := range siteReports {
				got := s.summed(r, Query{Range: days})
				if r == siteProductsReport { // has no clicks, and an order for each of its products
					for _, key := range []string{"clicks", "unique", "leads", "sales"} {
						got[key] = want[key]
					}
				}
				if !maps.Equal(got, want) {
					t.Errorf("seed %d, %s: %v, partners' own: %v", seed, r.Name, got, want)
				}
			}
			s.agreesWhenNarrowed(days, partners, programs)
		}
		s.agreesWithLedger()
	}
}

// agreesWhenNarrowed compares filters with the rows that they pick.
func (s *site) agreesWhenNarrowed(days affiliate.Range, partners []affiliate.PartnerID,
	programs []affiliate.ProgramID) {
	s.t.Helper()
	whole := s.summed(siteSummaryReport, Query{Range: days})
	var each []Query
	for _, p := range partners {
		each = append(each, Query{Range: days, Partner: p})
	}
	for _, r := range siteReports[:6] {
		if got := s.summed(r, each...); !maps.Equal(got, whole) {
			s.t.Errorf("%s, partner by partner: %v, all at once: %v", r.Name, got, whole)
		}
	}
	each = nil
	for _, p := range programs {
		each = append(each, Query{Range: days, Program: p})
	}
	for _, r := range siteReports[:6] {
		got := s.summed(r, each...)
		for _, key := range []string{"clicks", "unique", "leads"} {
			if got[key] > whole[key] { // those without a tool are of no program
				s.t.Errorf("%s: %v %s in programs, %v in all", r.Name, got[key], key, whole[key])
			}
			got[key] = whole[key]
		}
		if !maps.Equal(got, whole) {
			s.t.Errorf("%s, program by program: %v, all at once: %v", r.Name, got, whole)
		}
	}
}

func (s *site) agreesWithLedger() {
	s.t.Helper()
	var spent []struct {
		Currency money.Currency `db:"currency"`
		Amount   money.Amount   `db:"amount"`
	}
	err := s.h.Select(s.t.Context(), &spent, `SELECT j.currency, -SUM(e.amount) AS amount
		FROM {wp}partner_center_entries e JOIN {wp}partner_center_journals j ON j.id = e.journal_id
		WHERE e.account = 'expense' AND j.commission_id IS NOT NULL GROUP BY j.currency`)
	if err != nil || len(spent) == 0 {
		s.t.Fatal(spent, err)
	}
	got := s.summed(sitePartnersReport, Query{})
	for _, l := range spent {
		want, err := strconv.ParseFloat(l.Amount.String(), 64)
		if key := "commission_" + string(l.Currency); err != nil || got[key] != want {
			s.t.Errorf("%s: %v in reports, %s in the ledger", key, got[key], l.Amount)
		}
	}
}

// Whoever clicks chooses the SubID: what is beyond the rows there is room for is
// one row, and nothing is lost.
func TestManySubIDsOfAllPartners(t *testing.T) {
	defer func(n int) { maxStrangers = n }(maxStrangers)
	maxStrangers = 2
	s, _, _ := crowd(t, 7)
	want := s.summed(siteSummaryReport, Query{})
	if got := s.summed(siteSubIDsReport, Query{}); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := s.summed(sitePagesReport, Query{}); !maps.Equal(got, want) {
		t.Errorf("%v by page, want %v", got, want)
	}
	names := s.column("by-subid", Query{}, "SubID")
	if !slices.Contains(names, "(all others)") || len(names) != 4 {
		t.Error(names)
	}
	if names := s.column("by-page", Query{}, "Landing page"); !slices.Contains(names, "(other pages)") ||
		len(names) != 4 {
		t.Error(names)
	}
}

func TestSiteReportsAreForAdmins(t *testing.T) {
	for _, r := range siteReports {
		if r.For != ForAdmin || !strings.HasPrefix(r.Name, "by-") {
			t.Error(r.Name)
		}
	}
}
