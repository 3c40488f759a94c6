package center_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// done are the steps of the guide that are ticked off.
func done(a *sidecartest.Answer) (steps []string) {
	for _, step := range a.Texts(".pc-guide .pc-done .pc-strong") {
		steps = append(steps, strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(step), "(done)")))
	}
	return steps
}

// The guide stays until its steps are done, ticks them off, and says when the
// partner's own click was seen, which does not count.
//
// Spec: S63 S120
func TestGuideOfANewAccount(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Exec(`UPDATE {wp}partner_center_partners SET paypal_email = '' WHERE id = ?`, anna.ID)
	want := func(current string, steps ...string) *sidecartest.Answer {
		t.Helper()
		a := s.Get("", web.Standalone, cookie).Want(http.StatusOK)
		if got := done(a); !slices.Equal(got, steps) {
			t.Errorf("done are %q, want %q", got, steps)
		}
		if got := a.One(".pc-guide [aria-current=step] .pc-strong"); got != current {
			t.Errorf("next is %q, want %q", got, current)
		}
		return a
	}
	if a := want("Try it", "Get your link"); a.Find(".pc-guide li").Length() != 4 || a.Find(".pc-chart").Length() != 0 {
		t.Errorf("a new account: %s", a.Text)
	}
	s.Settle()
	s.Get("go/"+s.Link.Code+"?p="+anna.Code, web.Standalone, cookie).Want(http.StatusFound)
	a := want("Tell us where to send your money", "Get your link", "Try it")
	clock := s.Clock.Now().In(sidecartest.Zone()).Format("15:04")
	if !strings.Contains(a.One(".pc-guide"), "We saw your test click at "+clock+".") {
		t.Errorf("the click is not seen: %s", a.One(".pc-guide"))
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_visits`); n != 0 {
		t.Errorf("the own click counts %d times", n)
	}
	s.PaysTo(anna, "anna@pay.test")
	want("Share your link", "Get your link", "Try it", "Tell us where to send your money")
	s.Click(anna)
	if a := s.Get("", web.Standalone, cookie).Want(http.StatusOK); a.Find(".pc-guide").Length() != 0 ||
		a.Find(".pc-chart").Length() != 1 {
		t.Errorf("all is done: %s", a.Text)
	}
}

// Who has sold something needs no guide, but is told that nobody knows where to
// send the money.
func TestNoGuideForWhoHasSold(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Exec(`UPDATE {wp}partner_center_partners SET paypal_email = '' WHERE id = ?`, anna.ID)
	s.Sell(anna, "100", "USD", "A")
	a := s.Get("", web.Theme, cookie).Want(http.StatusOK)
	if a.Find(".pc-guide").Length() != 0 || !strings.Contains(a.One(".pc-note"), "where to send your money") {
		t.Errorf("%s", a.Text)
	}
}

// What is owed stands with the day on which it is paid, or was last.
//
// Spec: S143.2
func TestDashboardSaysWhenItIsPaid(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.PaysTo(anna, "anna@pay.test")
	s.Threshold("50", "USD")
	when := func() string { return strings.Join(s.Get("", web.Theme, cookie).Texts(".pc-next-pay"), "|") }
	if got := when(); got != "" {
		t.Errorf("without a schedule and payment: %q", got)
	}
	s.Approve(s.Sell(anna, "600", "USD", "A"))
	s.Pay(anna, "USD", "60")
	if got := when(); got != "The last payment was $60.00 on 1 Jul 2026." {
		t.Errorf("without a schedule: %q", got)
	}
	settings, err := s.Registry.Settings(t.Context())
	must(t, err)
	settings.PayDay = 15
	_, err = s.Registry.SaveSettings(t.Context(), "test", settings)
	must(t, err)
	if got := when(); got != "Next pay day: about 15 Jul 2026" {
		t.Errorf("with nothing to pay: %q", got)
	}
	s.Approve(s.Sell(anna, "600", "USD", "B"))
	if got := when(); got != "Next payment: about 15 Jul 2026" {
		t.Errorf("with a payment to come: %q", got)
	}
}

// The feed tells what happened last, newest first, as the partner may see it.
//
// Spec: S17 S121
func TestWhatHappenedLast(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.PaysTo(anna, "anna@pay.test")
	sold := s.Sell(anna, "600", "USD", "Adams")
	s.Clock.Advance(time.Minute)
	s.Approve(sold)
	s.Pay(anna, "USD", "60")
	s.Clock.Advance(time.Minute)
	s.Refer("carl@mail.test", anna)
	s.Clock.Advance(time.Minute)
	s.Sell(anna, "100", "USD", "Brown")
	bob, bobs := s.Join("bob")
	s.Sell(bob, "50", "USD", "Clark")
	feed := func(cookie *http.Cookie) []string {
		items := []string{}
		for _, item := range s.Get("", web.Standalone, cookie).Want(http.StatusOK).Texts(".pc-feed li > span:nth-child(2)") {
			items = append(items, strings.Join(strings.Fields(item), " "))
		}
		return items
	}
	all := strings.Join(feed(cookie), "|")
	for _, item := range []string{"Sale: Cup Bea Brown <buyer2@mail.test>", "3 clicks1 unique visit",
		"Lead: Tool to https://shop.test/cupsSubID mail", "Payment by PayPal1 commission",
		"Sale: Cup Bea Adams <buyer1@mail.test>"} {
		if !strings.Contains(all, item) {
			t.Errorf("%q is missing in %q", item, all)
		}
	}
	if strings.Contains(all, "Clark") || strings.Contains(strings.Join(feed(bobs), "|"), "Brown") {
		t.Errorf("of another partner: %q %q", all, feed(bobs))
	}
	if first := feed(cookie)[0]; !strings.Contains(first, "Brown") && !strings.Contains(first, "click") {
		t.Errorf("the newest is %q", first)
	}
	s.Exec(`UPDATE {wp}partner_center_programs SET show_pending = 0, visibility = ? WHERE id = ?`,
		affiliate.SeeNobody, s.Gold.ID)
	if all := strings.Join(feed(cookie), "|"); strings.Contains(all, "Brown") || strings.Contains(all, "Adams") ||
		!strings.Contains(all, "Sale: Cup Customer ") {
		t.Errorf("what the program hides: %q", all)
	}
}

// Ranges narrow figures and chart, are compared with the range before, and keep
// the link that was made.
//
// Spec: S117.1
func TestDashboardRanges(t *testing.T) {
	s := sidecartest.NewShop(t) // 1 July 2026
	anna := s.Anna
	s.Clock.Advance(200 * day) // 17 January 2027
	s.Sell(anna, "100", "USD", "A")
	s.Clock.Advance(20 * day) // 6 February
	s.Sell(anna, "300", "USD", "B")
	cookie := s.Login(int64(anna.WPUserID))
	for _, c := range []struct{ query, title, compared, sum, before string }{
		{"", "8 Jan – 6 Feb 2027", "9 Dec 2026 – 7 Jan 2027", "$40.00", "up from $0.00"},
		{"range=7d", "31 Jan – 6 Feb 2027", "24 Jan – 30 Jan 2027", "$30.00", "up from $0.00"},
		{"range=90d", "9 Nov 2026 – 6 Feb 2027", "11 Aug – 8 Nov 2026", "$40.00", "up from $0.00"},
		{"range=month", "1 Feb – 6 Feb 2027", "1 Jan – 6 Jan 2027", "$30.00", "up from $0.00"},
		{"range=last-month", "Jan 2027", "Dec 2026", "$10.00", "up from $0.00"},
		{"range=year", "1 Jan – 6 Feb 2027", "", "$40.00", ""}, // they were not there a year ago
		{"from=2026-12-25&to=2027-01-31", "25 Dec 2026 – 31 Jan 2027", "17 Nov – 24 Dec 2026", "$10.00", "up from $0.00"},
		{"from=2027-02-06&to=2027-02-06", "6 Feb 2027", "5 Feb 2027", "$30.00", "up from $0.00"},
		{"from=2017-02-06&to=2030-01-01", "6 Feb 2017 – 6 Feb 2027", "", "$40.00", ""}, // ten years
		{"from=2026-08-01&to=2026-08-31", "Aug 2026", "Jul 2026", "$0.00", "the same as before"},
		{"from=2027-03-01&to=2027-03-02", "8 Jan – 6 Feb 2027", "9 Dec 2026 – 7 Jan 2027", "$40.00", "up from $0.00"},
		{"from=x", "8 Jan – 6 Feb 2027", "9 Dec 2026 – 7 Jan 2027", "$40.00", "up from $0.00"},
		{"from=2027-02-06&to=2027-02-01", "8 Jan – 6 Feb 2027", "9 Dec 2026 – 7 Jan 2027", "$40.00", "up from $0.00"},
	} {
		a := s.Get("?subid=post&"+c.query, web.Theme, cookie).Want(http.StatusOK)
		compared, before := "", ""
		if p := a.Texts(".pc-figures ~ p.pc-small"); len(p) > 0 {
			compared = strings.TrimSuffix(strings.TrimPrefix(p[0], "Compared with "), ".")
		}
		if b := a.Texts(".pc-before"); len(b) > 0 {
			before = strings.TrimPrefix(b[0], "▲")
		}
		if title, sum := a.One("#pc-days-title"), a.Texts(".pc-figures .pc-figure")[0]; title != c.title ||
			compared != c.compared || sum != c.sum || before != c.before {
			t.Errorf("%s: %q, %q, %q, %q, want %q", c.query, title, compared, sum, before, c)
		}
		if bad := a.Find(".pc-own-form [aria-invalid]").Length() > 0; bad != (strings.HasPrefix(c.query, "from=x") ||
			strings.Contains(c.query, "2027-03") || strings.Contains(c.query, "to=2027-02-01")) {
			t.Errorf("%s: refused %v", c.query, bad)
		}
		if links := a.Find("#pc-ranges a"); links.Length() != 6 || !strings.Contains(links.Last().AttrOr("href", ""),
			"subid%3Dpost") {
			t.Errorf("%s: the ranges lose the link", c.query)
		}
	}
	bar := s.Get("?range=7d", web.Standalone, cookie).Find(".pc-plot a").Last()
	if to := bar.AttrOr("href", ""); !strings.HasSuffix(to, "earnings/commissions?from=2027-02-06&to=2027-02-06") ||
		bar.AttrOr("aria-label", "") != "6 Feb 2027: $30.00 so far" {
		t.Errorf("a bar leads to %s: %s", to, bar.AttrOr("aria-label", ""))
	}
	if got := s.CSV("earnings/commissions.csv?from=2027-02-06&to=2027-02-06", cookie); addUp(t, sidecartest.Column(t, got,
		"Commission")) != money.MustParse("30") {
		t.Errorf("the bar's list: %v", got)
	}
}
