package overview_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The overview names what needs doing, with where it is done, and nothing else.
func TestOverview(t *testing.T) {
	w := sidecartest.NewShop(t)
	if text := w.Open("admin").One(".pc-caught-up"); !strings.Contains(text, "You're all caught up.") {
		t.Error(text)
	}
	carl := w.Refer("carl@mail.test", w.Anna)
	w.PaysTo(w.Anna, "anna.pays@mail.test")
	w.Approved(carl, "100")
	w.Pending(carl, "50")
	w.Apply("dora@mail.test")
	w.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state, next_at,
		created_at, error)
		VALUES ('e', 'x@mail.test', 'welcome', 'Hello', '', '', 'dead', ?, ?, 'No such address.')`, w.Clock.Now(),
		w.Clock.Now())
	page := w.Open("admin")
	want := []string{"1 commission to approve $5.00", "1 payment due $10.00", "1 application",
		"1 email that couldn't be sent"}
	if all := page.Texts(".pc-todo li"); !slices.Equal(all, want) {
		t.Errorf("%q", all)
	}
	for i, path := range []string{"admin/commissions", "admin/payments?status=ready", "admin/partners?status=applied"} {
		link := page.Find(".pc-todo a").Eq(i).AttrOr("href", "")
		if w.Path(link) != path {
			t.Errorf("%s leads to %s", want[i], link)
		}
		w.Open(path).Want(http.StatusOK)
	}
	if page.Find(page.Find(".pc-todo a").Eq(3).AttrOr("href", "")).Length() != 1 {
		t.Error("the mail is not below")
	}
	to, err := url.Parse(page.Find("form[action*=again]").AttrOr("action", ""))
	w.Must(err)
	w.Send(to.Query().Get("pc"), nil).Want(http.StatusSeeOther)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE recipient = 'x@mail.test'
		AND state = 'queued'`); n != 1 {
		t.Error("the mail is not tried again")
	}
}

// Money, traffic, who brought most and what happened last, in the days asked for.
func TestOverviewOfDays(t *testing.T) {
	w := sidecartest.NewShop(t)
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Approved(carl, "100")
	w.Clock.Advance(24 * time.Hour)
	w.Pending(carl, "50")
	w.Settle()
	page := w.Open("admin")
	for selector, part := range map[string]string{".pc-measures": "Commission$15.00", ".pc-thirds": "anna2$15.00",
		".pc-events": "Sale: $5.00 for anna", ".pc-health": "Last order: 2 Jul 2026"} {
		if text := page.One(selector); !strings.Contains(strings.Join(strings.Fields(text), " "), part) &&
			!strings.Contains(strings.Join(strings.Fields(text), ""), strings.ReplaceAll(part, " ", "")) {
			t.Errorf("%s: %q lacks %q", selector, text, part)
		}
	}
	if !strings.Contains(page.One(".pc-events"), "Approved a commission") {
		t.Error("what was done is no event")
	}
	today := w.Open("admin?range=today&measure=orders")
	if text := today.One(".pc-measures"); !strings.Contains(text, "$5.00") || !strings.Contains(text, "$10.00") {
		t.Errorf("today: %q is not compared with yesterday", text)
	}
	if text := today.One(".pc-measures a[aria-current=true]"); text != "Orders" {
		t.Errorf("the chart shows %s", text)
	}
	if a := w.Open("admin?range=moon&program=x").Want(http.StatusOK); a.Find(".notice-error").Length() != 1 ||
		a.Find(".pc-measures").Length() != 1 {
		t.Error("days that do not exist")
	}
}

// A pay day set shows when the next payment is.
//
// Spec: S143.2
func TestNextPaymentOnTheOverview(t *testing.T) {
	w := sidecartest.NewShop(t)
	if w.Open("admin").Find(".pc-next-pay").Length() != 0 {
		t.Error("without a pay day")
	}
	settings, err := w.Registry.Settings(t.Context())
	w.Must(err)
	settings.PayDay = 15
	_, err = w.Registry.SaveSettings(t.Context(), "test", settings)
	w.Must(err)
	if text := w.Open("admin").One(".pc-next-pay"); !strings.Contains(text, "15 Jul 2026") {
		t.Error(text)
	}
}

// A new shop is led to its first partner, step by step.
//
// Spec: S2
func TestFirstSteps(t *testing.T) {
	s := sidecartest.New(t)
	admin := s.Admin()
	page := s.Get("admin", web.Admin, admin).Want(http.StatusOK)
	if steps := page.Texts(".pc-first-steps a"); strings.Join(steps,
		", ") != "Save the settings, Create a program, Add a product, Create a promo tool, Get your first partner" {
		t.Errorf("%q", steps)
	}
	s.Program("Gold")
	page = s.Get("admin", web.Admin, admin).Want(http.StatusOK)
	if done := page.Find(".pc-first-steps .pc-done"); done.Length() != 2 {
		t.Errorf("%d steps are done", done.Length())
	}
}

// Clicks that jump without any lead, and a code that buyers use whom no click
// reached, are hints on the overview and on the partner's page; a lead, or fewer
// clicks, and there is none.
func TestHints(t *testing.T) {
	w := sidecartest.NewShop(t)
	today := affiliate.DayOf(w.Clock.Now(), sidecartest.Zone())
	clicks := func(day affiliate.Day, n int) {
		w.Exec(`INSERT INTO {wp}partner_center_visit_days (partner_id, day, instance, clicks, uniques)
			VALUES (?, ?, 9, ?, 1)
			ON DUPLICATE KEY UPDATE clicks = VALUES(clicks)`, w.Anna.ID, day, n)
	}
	partner := "admin/partners/" + w.Anna.ID.String()
	wantHints := func(n int, why string) {
		t.Helper()
		if got := len(w.Open("admin").Texts(".pc-hints li")); got != n {
			t.Errorf("%s: %d hints on the overview", why, got)
		}
		if got := len(w.Open(partner).Texts(".pc-hint")); got != n {
			t.Errorf("%s: %d hints on the partner's page", why, got)
		}
	}
	clicks(today.AddDays(-2), 199)
	wantHints(0, "few clicks")
	clicks(today.AddDays(-2), 2140)
	wantHints(1, "a jump")
	if text := w.Open("admin").One(".pc-hints li"); !strings.Contains(text, "anna") ||
		!strings.Contains(text, "2140 clicks in 7 days, usually 0, and no lead") {
		t.Error(text)
	}
	clicks(today.AddDays(-20), 4000) // 1,000 a week are usual
	wantHints(0, "no jump")
	clicks(today.AddDays(-20), 400)
	wantHints(1, "a jump again")
	w.Refer("carl@mail.test", w.Anna)
	wantHints(0, "a lead came")
}

// Calls of our own keys that were refused and background tasks that failed are named,
// each with its list, while they are new; those of strangers are not.
func TestOverviewOfWhatFailed(t *testing.T) {
	w := sidecartest.NewShop(t)
	for key, status := range map[string]int{"7": 422, "NULL": 401, "8": 200} {
		w.Exec(`INSERT INTO {wp}partner_center_api_calls (key_id, at, method, path, status, outcome, micros)
			VALUES (`+key+`, ?, 'POST', '/api/v1/orders', ?, 'No currency.', 1)`, w.Clock.Now(), status)
	}
	w.Exec(`INSERT INTO {wp}partner_center_tasks (kind, once_key, params, actor, state, total, next_at, created_at,
		updated_at, ended_at) VALUES ('commissions approve', 'x', '{}', 'zoe', 'failed', 9, ?, ?, ?, ?)`, w.Clock.Now(),
		w.Clock.Now(), w.Clock.Now(), w.Clock.Now())
	page := w.Open("admin")
	want := []string{"1 API call refused since yesterdaywhat was reported with it isn't recorded",
		"1 background task failedwhat it did stays done; you can resume the rest"}
	if all := page.Texts(".pc-todo li"); !slices.Equal(all, want) {
		t.Errorf("%q", all)
	}
	calls, _, _ := strings.Cut(page.Find(".pc-todo a").Eq(0).AttrOr("href", ""), "#")
	if n := w.Open(w.Path(calls)).Want(http.StatusOK).Find("#pc-calls").Length(); n != 1 {
		t.Error("the calls are not where the link leads")
	}
	if path := w.Path(page.Find(".pc-todo a").Eq(1).AttrOr("href", "")); path != "admin/tasks" {
		t.Error(path)
	}
	w.Clock.Advance(8 * 24 * time.Hour)
	w.Boss = w.Login(w.User("boss", "administrator"))
	if all := w.Open("admin").Texts(".pc-todo li"); len(all) != 0 {
		t.Errorf("a week later: %q", all)
	}
}
