package center_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// balance are the amounts on the card of a currency: owed, and below it.
func balance(a *sidecartest.Answer, cur string) []string {
	card := `.pc-owed[data-currency="` + cur + `"] `
	return append(a.Texts(card+".pc-figure"), append(a.Texts(card+".pc-split dd"), a.Texts(card+".pc-rule")...)...)
}

// The first number is what is owed, with the rule in words; each currency has
// its own.
//
// Spec: S33.1 S121.1 D7.1 D7.2 D12.2
func TestDashboardSaysWhatIsOwedAndWhenItIsPaid(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.Threshold("50", "USD")
	s.Threshold("1.2", "KWD")
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Approve(s.Sell(anna, "377", "USD", "A"))
	s.Sell(anna, "100", "USD", "B")
	s.Approve(s.Sell(anna, "12.345", "KWD", "C"), s.Sell(anna, "1000", "JPY", "D"))
	a := s.Get("", web.Theme, cookie).Want(http.StatusOK)
	for cur, want := range map[string][]string{
		"USD": {"$37.70", "$37.70", "$10.00", "$50.00", "$0.00",
			"Payouts start at $50.00 of approved commissions; $12.30 to go."},
		"KWD": {"KWD 1.235", "KWD 1.235", "KWD 0.000", "KWD 1.200", "KWD 0.000",
			"KWD 1.235 is ready for your next payment."},
		"JPY": {"¥100", "¥100", "¥0", "¥0", "¥100 is ready for your next payment."},
	} {
		if diff := cmp.Diff(want, balance(a, cur)); diff != "" {
			t.Errorf("%s: %s", cur, diff)
		}
	}
	// 37.70 and 10 of 50; the mark is where the line ends.
	if w := widths(a, "USD"); w[1] != "75.40%" || w[2] != "20.00%" ||
		a.Find(`[data-currency="USD"] .pc-progress-mark`).AttrOr("x1", "") != "99.70%" ||
		a.Find(`[data-currency="JPY"] .pc-progress-mark`).Length() != 0 {
		t.Errorf("the progress line is drawn as %v", w)
	}
	s.Approve(s.Sell(anna, "1000", "USD", "E"))
	s.Pay(anna, "USD", "137.70")
	if diff := cmp.Diff([]string{"$0.00", "$0.00", "$10.00", "$50.00", "$137.70",
		"Payouts start at $50.00 of approved commissions; $50.00 to go."},
		balance(s.Get("", web.Theme, cookie), "USD")); diff != "" {
		t.Error(diff)
	}
}

// A paid sale that an admin credited to somebody else leaves a debt, which the
// dashboard does not call a refund, and which the list explains.
//
// Spec: S97 S149.2
func TestDashboardSaysWhyABalanceIsNegative(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	bob, _ := s.Join("bob")
	c := s.Sell(anna, "100", "USD", "A")
	s.Approve(c)
	s.Pay(anna, "USD", "10")
	_, err := s.Sales.Rerun(t.Context(), "test", []sale.RerunPick{{OrderID: c.OrderID}},
		sale.Rerun{Choice: sale.AnyPartner, PartnerID: bob.ID, Reason: "Bob's own customer"})
	must(t, err)
	card := balance(s.Get("", web.Theme, cookie).Want(http.StatusOK), "USD")
	if rule := card[len(card)-1]; rule != "Refunds and corrections left a balance of −$10.00. We take it off your "+
		"next commissions." {
		t.Errorf("the rule is %q", rule)
	}
	a := s.Get("earnings/refunds", web.Theme, cookie).Want(http.StatusOK)
	for label, want := range map[string]string{"Change": "−$10.00", "Status": "Clawback",
		"Reason": "An admin re-credited this sale."} {
		if got := columnOf(a, "tbody", label); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
}

func widths(a *sidecartest.Answer, cur string) (widths []string) {
	a.Find(`.pc-owed[data-currency="` + cur + `"] .pc-progress rect`).Each(func(_ int, r *goquery.Selection) {
		widths = append(widths, r.AttrOr("width", ""))
	})
	return widths
}

// The link to share stands first, whole, with a button that a keyboard reaches.
//
// Spec: S120
func TestDashboardOffersTheMainLink(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	a := s.Get("", web.Standalone, cookie).Want(http.StatusOK)
	if got, want := a.One("#pc-link"), sidecartest.Base+"/go/"+s.Link.Code+"?p="+anna.Code; got != want {
		t.Errorf("the link is %q, want %q", got, want)
	}
	if button := a.Find(`button[data-pc-copy="pc-link"]`); button.Length() != 1 ||
		!strings.Contains(button.Text(), "your link") {
		t.Errorf("no button to copy it: %s", a.Text)
	}
	if a.Find(".pc-chart, .pc-before").Length() != 0 {
		t.Errorf("numbers of days before they were a partner: %s", a.Text)
	}
	must(t, s.Tracker.ArchiveTool(t.Context(), "test", s.Link.ID))
	if a := s.Get("", web.Standalone, cookie).Want(http.StatusOK); a.Find("#pc-link").Length() != 0 ||
		a.Find(".pc-linkbox p").Length() == 0 {
		t.Errorf("without any link: %s", a.Text)
	}
}

// The dashboard's numbers are those of the report, its CSV and its workbook.
//
// Spec: S116.2 S117.1 D3.2
func TestDashboardReportAndFilesAgree(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna := s.Anna
	s.Clock.Advance(60 * day)
	s.Sell(anna, "30", "USD", "Before")
	s.Clock.Advance(35 * day)
	for _, base := range []string{"99.99", "1234.56", "0.05"} {
		s.Sell(anna, base, "USD", "Now")
		s.Clock.Advance(day)
	}
	s.Click(anna)
	cookie := s.Login(int64(anna.WPUserID)) // the first log-in has run out by now
	a := s.Get("", web.Theme, cookie).Want(http.StatusOK)
	figures := a.Texts(".pc-figures .pc-figure")
	if diff := cmp.Diff([]string{"$133.47", "3", "3", "4"}, figures); diff != "" {
		t.Error(diff)
	}
	if before := a.Texts(".pc-figures .pc-before"); before[0] != "▲up from $3.00" ||
		before[3] != "▲up 300% from 1" {
		t.Errorf("the days before: %q", before)
	}
	if got := a.One("#pc-days-title") + " " + a.One("#pc-days-title ~ p"); got !=
		"8 Sep – 7 Oct 2026 Compared with 9 Aug – 7 Sep 2026." {
		t.Errorf("the ranges: %s", got)
	}
	report := s.Get("reports/summary?range=30d", web.Theme, cookie).Want(http.StatusOK)
	sheet := s.XLSX("reports/summary.xlsx?range=30d", "Day", cookie)
	total := sheet[len(sheet)-1]
	for i, name := range []string{"Commission", "Sales", "Leads", "Unique visits"} {
		if got := columnOf(report, "tfoot", name); len(got) != 1 || got[0] != figures[i] {
			t.Errorf("%s: report %v, dashboard %s", name, got, figures[i])
		}
		heading := name
		if name == "Commission" {
			heading += " (USD)"
		}
		plain := strings.TrimPrefix(figures[i], "$")
		if got := sidecartest.Column(t, [][]string{sheet[0], total}, heading)[0]; got != plain {
			t.Errorf("%s: workbook %s, dashboard %s", name, got, plain)
		}
		if got := addUp(t, sidecartest.Column(t, s.CSV("reports/summary.csv?range=30d", cookie),
			heading)); got != money.MustParse(plain) {
			t.Errorf("%s: CSV %s, dashboard %s", name, got, plain)
		}
	}
	owed := addUp(t, sidecartest.Column(t, s.CSV("earnings/commissions.csv", cookie), "Commission"))
	if pending := balance(a, "USD")[2]; pending != "$"+owed.String() {
		t.Errorf("pending %s, list %s", pending, owed)
	}
}

func addUp(t *testing.T, values []string) money.Amount {
	t.Helper()
	sum := money.Amount{}
	for _, v := range values {
		var err error
		sum, err = sum.Add(money.MustParse(v))
		must(t, err)
	}
	return sum
}

// The chart can be read without seeing it, marks today and invents no zeros.
func TestDashboardChart(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Sell(anna, "30", "USD", "Today")
	for query, title := range map[string]string{"": "Commission", "chart=visits": "Unique visits",
		"chart=USD": "Commission", "chart=%3Cscript%3E": "Commission"} {
		a := s.Get("?"+query, web.Standalone, cookie).Want(http.StatusOK)
		svg := a.Find(".pc-chart svg[role=group]")
		if label := svg.AttrOr("aria-label", ""); !strings.HasPrefix(label, title+" for each day") {
			t.Errorf("%s: %s", query, label)
		}
		if svg.Find("[style]").Length() != 0 || a.Find("main script, main style, main [style]").Length() != 0 {
			t.Error("inline style or script, which the policy forbids")
		}
		// They joined today: of the days before, nothing is known, and nothing is drawn.
		if svg.Find(".pc-plot-bar").Length() != 1 || svg.Find(".pc-plot-today").Length() != 1 ||
			svg.Find("polyline").Length() != 0 || a.Find(".pc-key-line").Length() != 0 ||
			!strings.Contains(a.One(".pc-chart-key"), "Empty: you weren't in a program") {
			t.Errorf("%s: gaps and today: %s", query, a.Text)
		}
		rows := a.Texts(".pc-chart tbody tr")
		if len(rows) != 30 || rows[29] != "2 Jun 2026–" || !strings.HasPrefix(rows[0], "1 Jul 2026 (so far)") {
			t.Errorf("%s: the table: %q", query, rows)
		}
	}
}

func TestDashboardOfASuspendedPartner(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Exec(`UPDATE {wp}partner_center_partners SET state = ? WHERE id = ?`, affiliate.Suspended, anna.ID)
	if a := s.Get("", web.Standalone, cookie).Want(http.StatusOK); !strings.Contains(a.Find(".pc-note").First().Text(),
		"suspended") {
		t.Error(a.Text)
	}
}

// A page of a partner reads as many rows after 20,000 clicks as before them.
//
// Spec: B7.2
func TestPagesCostTheSameHoweverManyVisits(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Sell(anna, "100", "USD", "A")
	s.Exec(`SET GLOBAL userstat = 1`)
	read := func() int { // of this database: other tests use the same server
		return s.Count(`SELECT CAST(COALESCE(SUM(rows_read), 0) AS UNSIGNED)
			FROM information_schema.table_statistics WHERE table_schema = DATABASE()`)
	}
	cost := func(path string) int {
		before := read()
		s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
		return read() - before
	}
	pages, few := []string{"", "earnings", "reports/summary", "tools"}, map[string]int{}
	for _, page := range pages {
		cost(page) // what is read once and kept
		if few[page] = cost(page); few[page] == 0 {
			t.Fatalf("page %q reads nothing: it is measured wrongly", page)
		}
	}
	s.Exec(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, visitor, day, is_unique)
		SELECT 1000 + seq, ?, ?, '', 'v', '2026-06-30', 0 FROM seq_1_to_20000`, anna.ID, s.Link.ID)
	s.Exec(`INSERT INTO {wp}partner_center_visit_days (partner_id, day, instance, clicks, uniques)
		VALUES (?, '2026-06-30', 0, 20000, 0)`, anna.ID)
	for _, page := range pages {
		if many := cost(page); many > few[page]+100 {
			t.Errorf("page %q reads %d rows, %d before", page, many, few[page])
		}
	}
}
