package overview_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/testbed/mailsink"
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
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	for _, page := range []string{"admin/payments", "admin/partners/" + w.Anna.ID.String()} {
		if text := w.Open(page).One(".pc-next-pay"); !strings.Contains(text, "15 Jul 2026") {
			t.Errorf("%s: %s", page, text)
		}
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

// mailTrouble is the one line in which the overview says what is wrong with mails;
// "" when nothing is.
func mailTrouble(w *sidecartest.Shop) string {
	w.Helper()
	lines := w.Open("admin").Want(http.StatusOK).Texts(".notice-error")
	if len(lines) > 1 {
		w.Errorf("%d lines: %q", len(lines), lines)
	}
	return strings.Join(lines, "\n")
}

// welcomes has n people join, each of whom is sent one mail.
func welcomes(w *sidecartest.Shop, n int) {
	w.Helper()
	w.Must(w.DB.Tx(w.Context(), func(tx *db.Tx) error {
		outbox := messages.NewOutbox(w.DB, w.Clock.Now)
		for i := range n {
			err := outbox.Queue(w.Context(), tx, messages.Mail{Event: fmt.Sprint("e-", w.Clock.Now().UnixNano(), i),
				Recipient: fmt.Sprintf("p%d@mail.test", i), Kind: "welcome", Subject: "Hi", Text: "Hi", HTML: "<p>Hi"})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// for10Minutes has the sidecar work on and says each minute what the overview says.
func for10Minutes(w *sidecartest.Shop) (lines []string) {
	w.Helper()
	for range 10 {
		w.Settle()
		lines = append(lines, mailTrouble(w))
		w.Clock.Advance(time.Minute)
	}
	return lines
}

// While whoever sends the mails is away, the overview says it in one line, with how
// many wait and why; then all of them arrive, once, and the line is gone.
//
// Spec: S106
func TestOverviewWhileMailsWait(t *testing.T) {
	w := sidecartest.NewShop(t)
	answer := func(status int, out any) {
		for _, call := range []string{"ping", "mail"} {
			w.WordPress.Answer(call, func(map[string]any) (int, any) { return status, out })
		}
	}
	answer(http.StatusOK, map[string]any{"sent": true})
	w.Settle()
	attempts := func(step string) {
		t.Helper()
		if n := w.Count(`SELECT COALESCE(SUM(attempts), 0) FROM {wp}partner_center_mails
			WHERE state = 'queued'`); n != 1 {
			t.Errorf("%s: ten minutes took %d attempts", step, n)
		}
	}

	answer(http.StatusServiceUnavailable, "Briefly unavailable for scheduled maintenance.")
	before := len(w.WordPress.Calls("mail"))
	welcomes(w, 20)
	for i, line := range for10Minutes(w) {
		if !strings.HasPrefix(line, "20 emails are waiting and will be tried again: ") ||
			!strings.Contains(line, "no usable answer from WordPress") {
			t.Errorf("minute %d of WordPress' outage: %q", i, line)
		}
	}
	attempts("WordPress")
	answer(http.StatusOK, map[string]any{"sent": true})
	w.Settle()
	if line, n := mailTrouble(w), len(w.WordPress.Calls("mail"))-before; line != "" || n != 21 {
		t.Errorf("WordPress is back, and was asked %d times for 20 mails: %q", n, line)
	}

	sink := mailsink.New(t)
	w.Send("admin/messages/sending", url.Values{"version": {"0"}, "sender": {"partners@shop.test"},
		"smtp_host": {sink.Host}, "smtp_port": {strconv.Itoa(sink.Port)}, "smtp_security": {"none"}}).
		Want(http.StatusSeeOther)
	sink.Stop()
	welcomes(w, 20)
	for i, line := range for10Minutes(w) {
		if !strings.HasPrefix(line, "20 emails are waiting and will be tried again: the mail server "+sink.Host) {
			t.Errorf("minute %d of the mail server's outage: %q", i, line)
		}
	}
	attempts("mail server")
	sink.Restart(t)
	w.Settle()
	if line := mailTrouble(w); line != "" || len(sink.Mails()) != 20 {
		t.Errorf("the mail server is back, and has %d mails: %q", len(sink.Mails()), line)
	}
}

// A mailbox that rejects holds up no other: it is tried again after growing pauses,
// which one line says; given up, it is among what needs somebody, who sends it again
// or lets it be.
//
// Spec: S106
func TestOverviewOfAMailboxThatRejects(t *testing.T) {
	w := sidecartest.NewShop(t)
	sink := mailsink.New(t)
	w.Send("admin/messages/sending", url.Values{"version": {"0"}, "sender": {"partners@shop.test"},
		"smtp_host": {sink.Host}, "smtp_port": {strconv.Itoa(sink.Port)}, "smtp_security": {"none"}}).
		Want(http.StatusSeeOther)
	sink.Refuse("p3@mail.test", 550, "no such mailbox")
	sink.Refuse("p4@mail.test", 550, "mailbox full")
	welcomes(w, 10)
	w.Settle()
	if line := mailTrouble(w); len(sink.Mails()) != 8 ||
		!strings.HasPrefix(line, "2 emails are waiting and will be tried again: ") ||
		!strings.Contains(line, "mailbox full") {
		t.Errorf("%d arrived: %q", len(sink.Mails()), line)
	}
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
		12 * time.Hour}
	for i, pause := range pauses {
		for _, step := range []time.Duration{pause - time.Second, time.Second} {
			w.Clock.Advance(step)
			w.Settle()
			want := i + 1
			if step == time.Second {
				want++
			}
			if n := w.Count(`SELECT MAX(attempts) FROM {wp}partner_center_mails`); n != want {
				t.Errorf("pause %d: %d attempts, want %d", i, n, want)
			}
		}
	}
	w.Boss = w.Login(w.User("boss", "administrator"))
	if line := mailTrouble(w); line != "" {
		t.Errorf("given up, and still waiting: %q", line)
	}
	page := w.Open("admin")
	if all := page.Texts(".pc-todo li"); len(all) != 1 || all[0] != "2 emails that couldn't be sent" {
		t.Errorf("%q", all)
	}
	button := func(deed, recipient string) {
		t.Helper()
		form := w.Open("admin").Find("#pc-mails form[action*=" + deed + "]").FilterFunction(
			func(_ int, form *goquery.Selection) bool { return strings.Contains(form.Text(), recipient) })
		w.Send(w.Path(form.AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	}
	button("dismiss", "p3@mail.test")
	sink.Refuse("p4@mail.test", 0, "")
	button("again", "p4@mail.test")
	w.Settle()
	if all := w.Open("admin").Texts(".pc-todo li"); len(all) != 0 || len(sink.Mails()) != 9 {
		t.Errorf("%d arrived, and to do: %q", len(sink.Mails()), all)
	}
	if rows := w.Open("admin/messages/log?status=dropped").Rows(); len(rows) != 1 ||
		!strings.Contains(rows[0], "no such mailbox") {
		t.Errorf("dismissed: %q", rows)
	}
}
