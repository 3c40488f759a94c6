package center_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A statement leads to each year and month in which something was booked, in the
// site's days, and says what was owed at the end of any day: all by links and a form.
//
// Spec: B11
func TestStatementByYearAndMonth(t *testing.T) {
	w := sidecartest.NewShop(t)
	days := []struct {
		at    time.Time
		month string
		owed  string // that evening
	}{
		{time.Date(2026, 7, 31, 12, 0, 0, 0, sidecartest.Zone()), "Jul 2026", "$10.00"},
		{time.Date(2026, 9, 1, 0, 30, 0, 0, sidecartest.Zone()), "Sep 2026", "$30.00"}, // still August in UTC
		{time.Date(2027, 2, 3, 12, 0, 0, 0, sidecartest.Zone()), "Feb 2027", "$0.00"},
	}
	for i, day := range days {
		w.Clock.Advance(day.at.Sub(w.Clock.Now()))
		if i < 2 {
			w.Approve(w.Sell(w.Anna, []string{"100", "200"}[i], "USD", "Buyer"))
			continue
		}
		w.PaysTo(w.Anna, "anna@pay.test")
		w.Pay(w.Anna, "USD", "30")
	}
	anna := w.LogIn(w.Anna)
	open := func(path string) *sidecartest.Answer {
		return w.Get(path, web.Standalone, anna).Want(http.StatusOK)
	}
	page := open("earnings/statements")
	if years := page.Texts(`nav[aria-label="Year"] a`); !slices.Equal(years, []string{"2027", "2026"}) {
		t.Errorf("%q", years)
	}
	if now := page.Texts(`.pc-presets a[aria-current]`); !slices.Equal(now, []string{"2027"}) {
		t.Errorf("the range of this year is shown as %q", now)
	}
	if owed := page.One(".pc-statement-owed"); !strings.Contains(owed, "$0.00") ||
		!strings.Contains(owed, "Owed at the end of 3 Feb 2027") {
		t.Error(owed)
	}
	year := open(leads(page, `nav[aria-label="Year"] a:contains("2026")`))
	if months := year.Texts(`nav[aria-label="Month"] a`); !slices.Equal(months, []string{"Sep 2026", "Jul 2026"}) {
		t.Errorf("%q", months)
	}
	for _, day := range days[:2] {
		month := open(leads(year, `nav[aria-label="Month"] a:contains("`+day.month+`")`))
		if summary := month.One(".pc-fold-filters summary"); !strings.Contains(summary, day.month) {
			t.Error(summary)
		}
		if rows := month.Texts(".pc-lines tbody tr"); !strings.Contains(rows[len(rows)-1], day.owed) {
			t.Errorf("%q", rows)
		}
		asOf := open("earnings/statements?to=" + day.at.Format(time.DateOnly))
		if owed := asOf.One(".pc-statement-owed"); !strings.Contains(owed, day.owed) {
			t.Errorf("on %s: %s", day.at, owed)
		}
	}
	before := open("earnings/statements?to=2026-07-30")
	if owed := before.One(".pc-statement-owed .pc-figure"); owed != "$0.00" {
		t.Error(owed)
	}
}

// leads is where a link leads, below the base path.
func leads(a *sidecartest.Answer, link string) string {
	return strings.TrimPrefix(a.Find(link).First().AttrOr("href", ""), web.DefaultBasePath+"/")
}
