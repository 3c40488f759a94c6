package center_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// shop is a site with a program whose one product earns 10 %, and orders that
// went the way of real ones: click, order, approval, payment.
type shop struct {
	*sidecartest.Site
	ledger  *ledger.Ledger
	sales   *sale.Service
	payouts *payout.Service
	program affiliate.Program
	product affiliate.Product
	link    tracking.Tool
	orders  int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{Site: sidecartest.New(t)}
	s.ledger = ledger.New(s.DB, s.Clock.Now, sidecartest.Zone)
	s.sales = sale.New(s.DB, s.Clock.Now, sidecartest.Zone, s.Tracker)
	s.payouts = payout.New(s.DB, s.Clock.Now, sidecartest.Zone)
	s.program = s.Program("Gold")
	var err error
	s.product, err = s.Registry.CreateProduct(t.Context(), "test", affiliate.Product{Name: "House Espresso"})
	must(t, err)
	rate, err := money.ParsePercent("10")
	must(t, err)
	_, err = s.Registry.SetTerms(t.Context(), "test", s.program.ID, s.product.ID, affiliate.Terms{Kind: affiliate.Percent, Level1: rate})
	must(t, err)
	s.link = s.Tool(s.program.ID, tracking.StandardLink, sidecartest.Home+"/order")
	return s
}

// threshold sets from which amount on partners are paid.
func (s *shop) threshold(amounts map[money.Currency]money.Amount) {
	s.Helper()
	settings, err := s.Registry.Settings(s.Context())
	must(s.TB, err)
	settings.Thresholds = amounts
	_, err = s.Registry.SaveSettings(s.Context(), "test", settings)
	must(s.TB, err)
}

// click clicks the partner's link as a new visitor and returns the cookie.
func (s *shop) click(p affiliate.Partner) string {
	s.Helper()
	s.Settle() // notice new partners and tools
	a := s.Get("go/"+s.link.Code+"?p="+p.Code, web.Standalone).Want(http.StatusFound)
	if a.Cookie(web.ClickCookie) == nil {
		s.Fatalf("no click was counted")
	}
	return a.Cookie(web.ClickCookie).Value
}

// sell has a visitor of the partner's link buy for base, and returns the commission.
func (s *shop) sell(p affiliate.Partner, base string, cur money.Currency, lastName string) ledger.Commission {
	s.Helper()
	s.orders++
	now, amount := s.Clock.Now(), money.MustParse(base)
	one, err := money.ParseQuantity("1")
	must(s.TB, err)
	result, err := s.sales.Converge(s.Context(), sale.OrderState{
		Source: "test", ExternalID: fmt.Sprint(s.orders), Number: fmt.Sprint("N-", s.orders), Version: 1, At: now, PlacedAt: now, PaidAt: &now,
		Status: sale.OrderPaid, Currency: cur, Total: amount, Click: s.click(p),
		Buyer: sale.Buyer{Email: fmt.Sprintf("buyer%d@mail.test", s.orders), FirstName: "Bea", LastName: lastName},
		Lines: []sale.LineState{{Line: "1", Product: sale.ProductRef{ID: s.product.ID}, Name: s.product.Name, Quantity: one, Base: amount}},
	})
	must(s.TB, err)
	if len(result.Commissions) != 1 {
		s.Fatalf("%d commissions: %+v", len(result.Commissions), result)
	}
	return result.Commissions[0]
}

func (s *shop) approve(commissions ...ledger.Commission) {
	s.Helper()
	picks := []ledger.Pick{}
	for _, c := range commissions {
		picks = append(picks, ledger.Pick{ID: c.ID})
	}
	report, err := s.ledger.Approve(s.Context(), "test", picks)
	must(s.TB, err)
	if len(report.Done) != len(picks) {
		s.Fatalf("not approved: %+v", report)
	}
}

func (s *shop) pay(p affiliate.Partner, cur money.Currency, amount string) {
	s.Helper()
	_, err := s.payouts.PayPartner(s.Context(), "test", p.ID, cur, money.MustParse(amount))
	must(s.TB, err)
}

// login makes a partner and logs him in.
func (s *shop) login(name string) (affiliate.Partner, *http.Cookie) {
	s.Helper()
	p := s.Partner(s.program.ID, name)
	return p, s.Login(int64(p.WPUserID))
}

// csv reads a file of the partner's.
func (s *shop) csv(path string, cookie *http.Cookie) [][]string {
	s.Helper()
	a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		s.Errorf("%s: %v", path, a.Header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Text, "\uFEFF"))).ReadAll()
	must(s.TB, err)
	return rows
}

// xlsx reads a workbook of the partner's, from the headings down.
func (s *shop) xlsx(path, firstHeading string, cookie *http.Cookie) [][]string {
	s.Helper()
	a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.Text)))
	must(s.TB, err)
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	must(s.TB, err)
	for i, row := range rows {
		if len(row) > 0 && row[0] == firstHeading {
			return rows[i:]
		}
	}
	s.Fatalf("no heading %q in %v", firstHeading, rows)
	return nil
}

// column is the values below a heading.
func column(t testing.TB, rows [][]string, heading string) (values []string) {
	t.Helper()
	for i, h := range rows[0] {
		if h == heading {
			for _, row := range rows[1:] {
				values = append(values, row[i])
			}
			return values
		}
	}
	t.Fatalf("no column %q in %v", heading, rows[0])
	return nil
}

func texts(a *sidecartest.Answer, selector string) (texts []string) {
	found := a.Find(selector)
	for i := range found.Length() {
		texts = append(texts, strings.Join(strings.Fields(found.Eq(i).Text()), " "))
	}
	return texts
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// a day, for tests that need several
const day = 24 * time.Hour
