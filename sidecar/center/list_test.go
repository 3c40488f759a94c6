package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The page, the CSV and the workbook of each list hold the same rows and sums.
//
// Spec: S116.1 S116.2
func TestListsAndTheirFilesAgree(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	first := s.Sell(anna, "1234.50", "USD", "=cmd|' /C calc'!A0")
	s.Sell(anna, "99.99", "USD", "Miller")
	s.Sell(anna, "1000", "JPY", "Sato")
	s.Sell(anna, "12.345", "KWD", "Ali")
	s.Approve(first)
	s.Pay(anna, "USD", "123.45")

	rows := s.CSV("earnings/commissions.csv", cookie)
	if diff := cmp.Diff([]string{"1.235", "100", "10.00", "123.45"},
		sidecartest.Column(t, rows, "Commission")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"KWD", "JPY", "USD", "USD"}, sidecartest.Column(t, rows, "Currency")); diff != "" {
		t.Error(diff)
	}
	if customer := sidecartest.Column(t, rows, "Customer")[3]; !strings.HasPrefix(customer, "Bea =cmd") {
		t.Errorf("the customer is %q", customer) // does not begin with =, so nothing evaluates it
	}
	sheet := s.XLSX("earnings/commissions.xlsx", "Date", cookie)
	if diff := cmp.Diff([]string{"1.235", "100", "10", "123.45", "100", "1.235", "133.45"},
		sidecartest.Column(t, sheet, "Commission")); diff != "" {
		t.Error(diff) // the last three are totals, by currency
	}
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		a := s.Get("earnings", surface, cookie).Want(http.StatusOK)
		if diff := cmp.Diff([]string{"KWD 1.235", "¥100", "$10.00", "$123.45"},
			columnOf(a, "tbody", "Commission")); diff != "" {
			t.Errorf("%s: %s", surface, diff)
		}
		if diff := cmp.Diff([]string{"¥100", "KWD 1.235", "$133.45"}, columnOf(a, "tfoot", "Commission")); diff != "" {
			t.Errorf("%s: %s", surface, diff)
		}
		if diff := cmp.Diff([]string{"Pending", "Pending", "Pending", "Paid"},
			columnOf(a, "tbody", "Status")); diff != "" {
			t.Errorf("%s: %s", surface, diff)
		}
	}
	payments := s.CSV("earnings/payments.csv", cookie)
	if diff := cmp.Diff([]string{"123.45"}, sidecartest.Column(t, payments, "Amount")); diff != "" {
		t.Error(diff)
	}
	if a := s.Get("earnings/payments", web.Theme, cookie).Want(http.StatusOK); columnOf(a, "tbody",
		"Amount")[0] != "$123.45" {
		t.Error(a.Text)
	}
	if a := s.Get("earnings/refunds", web.Theme, cookie).Want(http.StatusOK); a.Find(".pc-empty").Length() != 1 {
		t.Error(a.Text)
	}
}

// columnOf are the cells that phones label so.
func columnOf(a *sidecartest.Answer, part, label string) []string {
	return a.Texts(".pc-list " + part + ` td[data-label="` + label + `"]`)
}

// Filters narrow page and file alike, totals included.
//
// Spec: S116 S117.1
func TestListsAreFiltered(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna := s.Anna
	s.Approve(s.Sell(anna, "10", "USD", "Old"))
	s.Clock.Advance(40 * day)
	cookie := s.Login(int64(anna.WPUserID)) // the first log-in has run out by now
	s.Sell(anna, "20", "USD", "New")
	s.Sell(anna, "30", "EUR", "New")
	for q, want := range map[string]string{
		"":                      "3.00 2.00 1.00",
		"status=approved":       "1.00",
		"range=30d":             "3.00 2.00",
		"to=2026-07-01":         "1.00",
		"from=2026-07-02":       "3.00 2.00",
		"currency=EUR":          "3.00",
		"range=30d&status=paid": "",
		"partner=999":           "3.00 2.00 1.00", // the URL has no say
	} {
		file := strings.Join(sidecartest.Column(t, s.CSV("earnings/commissions.csv?"+q, cookie), "Commission"), " ")
		a := s.Get("earnings/commissions?"+q, web.Theme, cookie).Want(http.StatusOK)
		page := strings.NewReplacer("$", "", "€", "").Replace(strings.Join(columnOf(a, "tbody", "Commission"), " "))
		if file != want || page != want {
			t.Errorf("%s: page %q, file %q, want %q", q, page, file, want)
		}
		if want == "" && a.Find(".pc-empty a").Length() == 0 {
			t.Errorf("%s: no way back", q)
		}
	}
	a := s.Get("earnings/commissions?status=approved&from=2026-06-01&to=2026-07-31", web.Theme, cookie)
	if a.Find("#pc-status option[selected]").AttrOr("value", "") != "approved" ||
		a.Find("#pc-from").AttrOr("value", "") != "2026-06-01" || a.Find("#pc-to").AttrOr("value", "") != "2026-07-31" {
		t.Errorf("the form forgot its filters: %s", a.Text)
	}
	href := a.Find(".pc-files a").First().AttrOr("href", "")
	if want := sidecartest.Center + "?pc=" + "earnings%2Fcommissions.csv%3F" + strings.NewReplacer("=", "%3D", "&",
		"%26").Replace(query("from", "2026-06-01", "to", "2026-07-31", "status", "approved")); href != want {
		t.Errorf("the file is at %s, want %s", href, want)
	}
}

// A partner who has nothing yet is told what will stand there, not that a filter hides it.
//
// Spec: S95
func TestEmptyListsSayWhatComes(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.Login(int64(s.Anna.WPUserID))
	for path, want := range map[string]string{"earnings": "No commissions yet.",
		"earnings/purchases": "No purchases yet.", "earnings/refunds": "No refunds.",
		"earnings/payments": "No payments yet.", "earnings/adjustments": "No adjustments.", "earnings/statements": "Nothing was booked",
		"reports/level-2": "Get your recruiting link", "reports/tools": "Get your links"} {
		a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
		if said := a.One(".pc-empty"); !strings.Contains(said, want) || strings.Contains(a.Text, "Show all") {
			t.Errorf("%s says %q", path, said)
		}
	}
	a := s.Get("earnings?status=paid", web.Standalone, cookie).Want(http.StatusOK)
	if !strings.Contains(a.One(".pc-empty"), "Nothing matches") {
		t.Errorf("with a filter: %q", a.One(".pc-empty"))
	}
}

// A page that is not there leads partners back to where they were, and others to the site.
func TestNotFoundLeadsOn(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	for _, path := range []string{"earnings/nothing", "earnings/commissions/99", "files/99", "no-such-page"} {
		for surface, home := range map[web.SurfaceKind]string{web.Standalone: web.DefaultBasePath + "/",
			web.Theme: sidecartest.Center + "?pc="} {
			a := s.Get(path, surface, cookie).Want(http.StatusNotFound)
			if to := a.Find(".pc-error a").AttrOr("href", ""); to != home {
				t.Errorf("%s leads to %q", path, to)
			}
		}
	}
	a := s.Get("signup/nothing", web.Standalone).Want(http.StatusNotFound)
	if to := a.Find(".pc-error a").AttrOr("href", ""); to != sidecartest.Home+"/" {
		t.Errorf("a visitor is led to %q", to)
	}
}

// Who has earned nothing reads that it was nothing, in the site's currency, wherever
// others read what they earned.
//
// Spec: S117.1
func TestNothingIsZero(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.Click(s.Anna)
	cookie := s.LogIn(s.Anna)
	for _, path := range []string{"reports/summary", "reports/tools", "reports/subids", "reports/campaigns"} {
		a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK)
		head, first := a.Texts(".pc-lines thead th"), a.Find(".pc-figures dt").First().Text()
		if !strings.Contains(strings.Join(head, " "), "Commission (USD)") || first != "Commission" ||
			a.Find("td.pc-l-money").First().Text() != "$0.00" {
			t.Errorf("%s: %q, %q", path, head, a.Texts(".pc-figures div"))
		}
	}
	if owed := s.Get("earnings/statements", web.Theme, cookie).One(".pc-statement-owed .pc-figure"); owed != "$0.00" {
		t.Errorf("owed is %q", owed)
	}
}

// Wrong filters are shown again beside what is wrong, and give no file.
//
// Spec: S117
func TestWrongFiltersAreMarked(t *testing.T) {
	s := sidecartest.NewShop(t)
	cookie := s.LogIn(s.Anna)
	for q, field := range map[string]string{"from=tomorrow": "from", "from=2026-02-01&to=2026-01-01": "to",
		"to=2026-02-30": "to", "to=%3Cscript%3E": "to"} {
		a := s.Get("reports/summary?"+q, web.Standalone, cookie).Want(http.StatusUnprocessableEntity)
		input := a.Find("#pc-" + field)
		if input.AttrOr("aria-invalid", "") != "true" ||
			a.Find("#"+input.AttrOr("aria-describedby", "x")).Text() == "" {
			t.Errorf("%s: %s is not marked: %s", q, field, a.Text)
		}
		s.Get("reports/summary.csv?"+q, web.Standalone, cookie).Want(http.StatusUnprocessableEntity)
	}
	s.Get("earnings/commissions?status=nonsense", web.Theme, cookie).Want(http.StatusUnprocessableEntity)
	for _, path := range []string{"earnings/summary", "reports/commissions", "earnings/pending", "reports/due.csv",
		"earnings/commissions.pdf", "reports/x"} {
		s.Get(path, web.Standalone, cookie).Want(http.StatusNotFound)
	}
}

// Lists of many rows are paged; all rows come, each once.
func TestListsArePaged(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	c := s.Sell(anna, "10", "USD", "Many")
	for i := range 119 { // only the list matters here
		s.Exec(`INSERT INTO {wp}partner_center_commissions (order_id, line_id, level, decision_version,
			sequence, partner_id, program_id, product_id, currency, base, amount, status, stage, granted,
			pending, payable, in_payout, paid, occurred_at, day, updated_at)
			SELECT order_id, line_id, level, decision_version, ?, partner_id, program_id, product_id, currency,
			base, amount, status, stage, granted, pending, payable, in_payout, paid, occurred_at, day, updated_at
			FROM {wp}partner_center_commissions WHERE id = ?`, i+2, c.ID)
	}
	s.Exec(`UPDATE {wp}partner_center_balances SET expense = expense * 120,
		pending = pending * 120, payable = payable * 120 WHERE partner_id = ?`, anna.ID)
	seen := map[string]bool{}
	for next := "earnings"; next != ""; {
		a := s.Get(next, web.Standalone, cookie).Want(http.StatusOK)
		a.Find(".pc-list tbody a").Each(func(_ int, link *goquery.Selection) { seen[link.AttrOr("href", "")] = true })
		if total := strings.Join(columnOf(a, "tfoot", "Commission"), " "); total != "$120.00" {
			t.Errorf("%s: total %s", next, total)
		}
		next = strings.TrimPrefix(a.Find("a[rel=next]").AttrOr("href", ""), web.DefaultBasePath+"/")
	}
	if len(seen) != 120 {
		t.Errorf("%d rows", len(seen))
	}
}

// Spec: S117.2
func TestReportsNameTheTimeZone(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Sell(anna, "10", "USD", "Day")
	for _, name := range []string{"summary", "tools", "subids", "pages", "campaigns", "ads", "sold", "customers"} {
		a := s.Get("reports/"+name+"?range=7d", web.Theme, cookie).Want(http.StatusOK)
		if !strings.Contains(a.One(".pc-foot"), "Europe/Berlin") || columnOf(a, "tfoot", "Commission")[0] != "$1.00" ||
			a.Find(".pc-report-chart svg.pc-plot").Length() != 1 || a.Texts(".pc-report-chart .pc-figure")[0] != "$1.00" {
			t.Errorf("%s: %s", name, a.Text)
		}
		if visits := columnOf(a, "tfoot", "Unique visits"); len(visits) > 0 && visits[0] != "1" {
			t.Errorf("%s: %s visits", name, visits)
		}
		if heads := a.Texts(".pc-list thead th"); !strings.HasPrefix(heads[1], "Commission") {
			t.Errorf("%s: the money is not right after the name: %q", name, heads)
		}
		a.Find(".pc-list tbody .pc-l-name a").Each(func(_ int, link *goquery.Selection) {
			behind, _ := url.QueryUnescape(strings.TrimPrefix(link.AttrOr("href", ""), sidecartest.Center+"?pc="))
			list := s.Get(behind, web.Theme, cookie).Want(http.StatusOK)
			if got := columnOf(list, "tfoot", "Commission"); len(got) != 1 || got[0] != "$1.00" {
				t.Errorf("%s: behind %s is %q", name, behind, got)
			}
		})
	}
	if a := s.Get("reports", web.Theme,
		cookie).Want(http.StatusOK); a.Find(`.pc-presets a[aria-current]`).Text() != "Last 30 days" {
		t.Error(a.Text)
	}
	if a := s.Get("reports/summary?by=month&range=year", web.Theme, cookie).Want(http.StatusOK); a.Find(
		".pc-list tbody tr").Length() != 1 || a.Find("#pc-by option[selected]").Text() != "Month" {
		t.Error(a.Text)
	}
}

// The reports of SubIDs explain them by the partner's own link, which counts.
//
// Spec: S123.1 S122.3
func TestSubIDsAreExplained(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		a := s.Get("reports/subids", surface, cookie).Want(http.StatusOK)
		link := strings.TrimSpace(a.One("#pc-subid-link"))
		if !strings.Contains(link, anna.Code) || !strings.HasSuffix(link, "sid=my-first-post") {
			t.Errorf("%s: the link is %q", surface, link)
		}
	}
	s.Exec(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, visitor, day, is_unique)
		VALUES (1, ?, 1, ?, 'v', DATE(?), 1), (2, ?, 1, 'short', 'v', DATE(?), 1)`, anna.ID, strings.Repeat("x", 64),
		s.Clock.Now(), anna.ID, s.Clock.Now())
	a := s.Get("reports/subids", web.Theme, cookie).Want(http.StatusOK)
	flags := a.Texts(".pc-list tbody .pc-note-below")
	if len(flags) != 1 || !strings.Contains(flags[0], "cut off") {
		t.Errorf("flagged: %q", flags)
	}
}

// All days are all days in the file as well, and so are empty ones.
//
// Spec: S117
func TestReportsOfAllTime(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna := s.Anna
	s.Sell(anna, "10", "USD", "Long ago")
	s.Clock.Advance(400 * day)
	cookie := s.Login(int64(anna.WPUserID))
	for q, want := range map[string]int{"": 0, "range=all": 1, "from=&to=": 1, "from=2026-07-01&to=": 1,
		"range=7d": 0} {
		a := s.Get("reports/subids?"+q, web.Standalone, cookie).Want(http.StatusOK)
		if n := a.Find(".pc-list tbody tr").Length(); n != want {
			t.Errorf("%s: %d rows, want %d", q, n, want)
		}
		if want == 0 {
			continue
		}
		file := strings.TrimPrefix(a.Find(".pc-files a").First().AttrOr("href", ""), web.DefaultBasePath+"/")
		if rows := s.CSV(file, cookie); len(rows) != want+1 {
			t.Errorf("%s: the file at %s has %d rows", q, file, len(rows)-1)
		}
	}
}

// Whatever a URL says, a partner gets nothing of another one.
//
// Spec: S116, S117, S17
func TestNothingOfAnotherPartner(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna := s.Anna
	_, cookie := s.Join("bob")
	c := s.Sell(anna, "4711", "USD", "Secret")
	s.Approve(c)
	s.Pay(anna, "USD", "471.10")
	id := anna.ID.String()
	for _, path := range []string{"", "earnings", "earnings/purchases", "earnings/refunds", "earnings/payments",
		"reports", "reports/tools", "reports/subids", "reports/campaigns", "reports/ads", "reports/sold",
		"reports/customers", "reports/level-2", "reports/customers.csv", "reports/sold.csv", "tools", "profile",
		"earnings/commissions.csv", "earnings/payments.csv", "reports/summary.csv", "reports/tools.csv",
		"reports/subids.csv", "reports/pages", "reports/pages.csv"} {
		a := s.Get(path+"?partner="+id+"&partner_id="+id+"&range=all&chart=USD", web.Standalone,
			cookie).Want(http.StatusOK)
		for _, secret := range []string{"471", "Secret", anna.Code, "anna"} {
			if strings.Contains(a.Text, secret) {
				t.Errorf("%s shows %q of another partner", path, secret)
			}
		}
	}
	s.Get("earnings/commissions/"+c.ID.String(), web.Standalone, cookie).Want(http.StatusNotFound)
}

// statuses are those that a list can be narrowed by.
func statuses(s *sidecartest.Shop, path string, cookie *http.Cookie) string {
	s.Helper()
	return strings.Join(s.Get(path, web.Theme, cookie).Want(http.StatusOK).Texts("select[name=status] option"), ", ")
}

// Spec: S17.2 S17.3 S89.1 S121.2 S134.1
func TestListsShowWhatTheProgramAllows(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	c := s.Sell(anna, "10", "USD", "Secret")
	s.Gold.Visibility, s.Gold.ShowPending = affiliate.SeeNobody, false
	_, err := s.Registry.EditProgram(t.Context(), "test", s.Gold)
	must(t, err)
	why := "earnings/commissions/" + c.ID.String()
	s.Get(why, web.Theme, cookie).Want(http.StatusNotFound)
	if offered := statuses(s, "earnings", cookie); offered != "All, Approved, In payout, Paid, Canceled" {
		t.Errorf("where pending ones are hidden, there is a choice of %s", offered)
	}
	if a := s.Get("", web.Theme, cookie).Want(http.StatusOK); strings.Contains(a.Text, "Pending") ||
		a.Find(".pc-list table").Length() != 0 {
		t.Errorf("pending commissions are seen: %s", a.Text)
	}
	s.Approve(c)
	for _, path := range []string{"earnings", "earnings/commissions.csv", "earnings/purchases",
		"earnings/purchases.csv", why, ""} {
		if a := s.Get(path, web.Standalone, cookie).Want(http.StatusOK); strings.Contains(a.Text, "Secret") ||
			strings.Contains(a.Text, "buyer1") {
			t.Errorf("%s names the customer", path)
		}
	}
}

// Spec: B2.2
func TestWhy(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	c := s.Sell(anna, "99.99", "USD", "Buyer")
	s.Approve(c)
	a := s.Get("earnings", web.Theme, cookie)
	if href := a.Find(".pc-list tbody a").First().AttrOr("href", ""); href != sidecartest.Center+
		"?pc=earnings%2Fcommissions%2F"+c.ID.String() {
		t.Errorf("the row leads to %q", href)
	}
	a = s.Get("earnings/commissions/"+c.ID.String(), web.Theme, cookie).Want(http.StatusOK)
	if why := strings.Join(a.Texts(".pc-why li"), " | "); !strings.Contains(why, "used your link") {
		t.Errorf("why: %s", why)
	}
	if formula := a.One(".pc-formula"); formula != "10% of $99.99 = $10.00" {
		t.Errorf("formula: %s", formula)
	}
	story(t, a, "The buyer clicked your link “Tool to https://shop.test/cups”.", "You earned $10.00.", "The commission was approved.",
		"It goes out with your next payment.")
	if a.One(".pc-figure") != "$10.00" || strings.Contains(a.Text, "Buyer") || strings.Contains(a.Text, "buyer1") {
		t.Error(a.Text)
	}
	_, err := s.Ledger.Cancel(t.Context(), affiliate.System, []ledger.Pick{{ID: c.ID}}, "The card was stolen.")
	s.Must(err)
	a = s.Get("earnings/commissions/"+c.ID.String(), web.Theme, cookie).Want(http.StatusOK)
	story(t, a, "The buyer clicked your link “Tool to https://shop.test/cups”.", "You earned $10.00.", "The commission was approved.",
		"The commission was canceled: The card was stolen.")
	if lost := a.One(".pc-lost"); lost != "$10.00 was taken back. The card was stolen." {
		t.Errorf("lost: %s", lost)
	}
	for _, id := range []string{"0", "-1", "x", "999999999", "99999999999999999999"} {
		s.Get("earnings/commissions/"+id, web.Theme, cookie).Want(http.StatusNotFound)
	}
}

// story checks what the page of a commission tells, in its order.
func story(t *testing.T, a *sidecartest.Answer, want ...string) {
	t.Helper()
	events := a.Texts(".pc-came li")
	if len(events) != len(want) {
		t.Fatalf("it tells %q, not %q", events, want)
	}
	for i, event := range events {
		if !strings.HasPrefix(event, want[i]) {
			t.Errorf("it tells %q, not %q", event, want[i])
		}
	}
}
