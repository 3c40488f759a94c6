package overview_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The overview names what needs doing, and nothing else.
func TestOverview(t *testing.T) {
	w := sidecartest.NewShop(t)
	if text := w.Open("admin").One(".pc-empty"); !strings.Contains(text, "You're all caught up.") {
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
	all := strings.Join(page.Texts(".pc-todo .pc-card"), "\n")
	if all != "Pending commissions $5.00 1 waits for approval\nReady to be paid $10.00 Pending "+
		"payments\nApplications 1 waits for your answer" {
		t.Error(all)
	}
	to, err := url.Parse(page.Find("form[action*=again]").AttrOr("action", ""))
	w.Must(err)
	w.Send(to.Query().Get("pc"), nil).Want(http.StatusSeeOther)
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE recipient = 'x@mail.test'
		AND state = 'queued'`); n != 1 {
		t.Error("the mail is not tried again")
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
