package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/db"
	"partnercenter/keyring"
	"partnercenter/sidecar/outbox"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/wpbridge"
)

// world is a site with things to do for its WordPress.
type world struct {
	*sidecartest.Site
	program affiliate.Program
	mails   *messages.Outbox
	desk    *messages.Desk
	mailer  *messages.Mailer
	jobs    *messages.Jobs
	coupons *coupon.Service
	signups *signup.Service
	worker  *outbox.Worker
	away    bool // nothing answers at WordPress' address
}

func newWorld(t *testing.T) *world {
	s := sidecartest.New(t)
	w := &world{Site: s, program: s.Program("Gold"), mails: messages.NewOutbox(s.DB, s.Clock.Now),
		jobs: messages.NewJobs(s.DB, s.Clock.Now), coupons: coupon.New(s.DB, s.Clock.Now)}
	w.mailer = messages.NewMailer(s.DB, s.Clock.Now, keyring.New(s.DB, s.Clock.Now, [32]byte{1}, slog.Default()))
	site := func() signup.Site { return signup.Site{Name: "The shop", Center: sidecartest.Center} }
	w.desk = messages.NewDesk(messages.DeskConfig{DB: s.DB, Now: s.Clock.Now, Log: slog.Default(), Outbox: w.mails,
		Site: site, Zone: func() *time.Location { return time.UTC }})
	w.signups = signup.New(signup.Config{DB: s.DB, Now: s.Clock.Now, Tracker: s.Tracker, Sales: s.Sales,
		Outbox: w.mails, Desk: w.desk, Jobs: w.jobs, Site: site,
		Account: func(context.Context, string) (affiliate.UserID, error) { return 0, nil }})
	signer := wpbridge.NewSigner(s.Key, s.Clock.Now, nil)
	w.worker = outbox.New(s.Clock.Now, slog.New(slog.NewTextHandler(s.Log, nil)), w.waiting(),
		outbox.WordPress{
			Client: func() (*wpbridge.Client, error) {
				if w.away {
					return wpbridge.NewClient("http://127.0.0.1:1/?rest_route=/", signer), nil
				}
				return wpbridge.NewClient(s.Handover.RESTURL, signer), nil
			},
			User: wpbridge.NewUsers(s.DB, s.Handover.Blog()).ByID,
		})
	s.WordPress.Answer("ping", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{} })
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	s.WordPress.Answer("user", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": 77, "login": "carl", "created": true}
	})
	return w
}

func (w *world) waiting() outbox.Waiting {
	return outbox.Waiting{Mails: w.mails, Jobs: w.jobs, Signups: w.signups, Coupons: w.coupons, Mailer: w.mailer,
		StopURL: func(_ context.Context, m messages.Mail) (string, error) {
			return "https://shop.test/stop?t=" + m.PartnerID.String(), nil
		}}
}

// work does all there is to do now.
func (w *world) work() {
	w.Helper()
	for {
		if _, err := w.desk.Work(w.Context()); err != nil {
			w.Fatal(err)
		}
		did, err := w.worker.Work(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (w *world) queue(event, to string) {
	w.Helper()
	err := w.DB.Tx(w.Context(), func(tx *db.Tx) error {
		return w.mails.Queue(w.Context(), tx, messages.Mail{Event: event, Recipient: to, Kind: "test", Subject: "Hello",
			Text: "text", HTML: "<p>text</p>", UserID: 5})
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) states() map[messages.State]int {
	w.Helper()
	counts, err := w.mails.Counts(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return counts
}

// A sign-up ends with an account, a welcome mail and the login details; each
// thing is asked of WordPress once.
//
// Spec: S103 S105 S106.1
func TestSignUpToLoginDetails(t *testing.T) {
	w := newWorld(t)
	result, err := w.signups.Apply(t.Context(), signup.Application{ProgramCode: w.program.Code, Email: "carl@mail.test",
		FirstName: "Carl", LastName: "C.", FormID: "form-1", At: w.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	w.work()
	w.work()
	users, mails := w.WordPress.Calls("user"), w.WordPress.Calls("mail")
	if len(users) != 1 || users[0].In["email"] != "carl@mail.test" || users[0].In["role"] != "partner" ||
		users[0].In["existing"] != false {
		t.Errorf("%+v", users)
	}
	if len(mails) != 2 || mails[0].In["to"] != "carl@mail.test" || mails[1].In["to"] != "carl@mail.test" {
		t.Fatalf("%+v", mails)
	}
	details := mails[0].In
	if !strings.Contains(details["text"].(string), messages.SetPasswordURL) {
		details = mails[1].In
	}
	if !strings.Contains(details["text"].(string), messages.SetPasswordURL) || details["user_id"] != 77.0 {
		t.Errorf("no link to set a password: %+v", mails)
	}
	if p, err := w.Registry.PartnerByUser(t.Context(), 77); err != nil || p.ID != result.Partner.ID {
		t.Errorf("the account is not linked: %+v, %v", p, err)
	}
}

// Somebody who signs up logged in keeps their account, whatever address they give.
//
// Spec: S106
func TestSignUpOfAUser(t *testing.T) {
	w := newWorld(t)
	user := w.User("dora", "subscriber")
	w.WordPress.Answer("user", func(in map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": user, "created": false}
	})
	_, err := w.signups.Apply(t.Context(), signup.Application{ProgramCode: w.program.Code, Email: "dora@work.test",
		FirstName: "Dora", LastName: "D.", UserID: affiliate.UserID(user), FormID: "form-1", At: w.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	w.work()
	calls := w.WordPress.Calls("user")
	if len(calls) != 1 || calls[0].In["email"] != "dora@mail.test" || calls[0].In["existing"] != true {
		t.Errorf("%+v", calls)
	}
}

// While WordPress is away everything waits, for however long, and no attempt
// is used up but the one that found out.
//
// Spec: S106
func TestWordPressAway(t *testing.T) {
	w := newWorld(t)
	for _, to := range []string{"a@mail.test", "b@mail.test", "c@mail.test"} {
		w.queue("event", to)
	}
	w.away = true
	for range 200 {
		w.work()
		w.Clock.Advance(time.Hour)
	}
	if n := w.Count(`SELECT MAX(attempts) FROM {wp}partner_center_mails`); n != 1 || w.states()[messages.Queued] != 3 {
		t.Errorf("%d attempts, %v", n, w.states())
	}
	if _, mails, err := w.worker.Trouble(t.Context()); err != nil || mails.Count != 3 ||
		!strings.Contains(mails.Why, "WordPress does not answer at http://127.0.0.1:1/") {
		t.Errorf("%+v, %v", mails, err)
	}
	if n := strings.Count(w.Log.String(), "wait until WordPress answers"); n != 1 {
		t.Errorf("said %d times that WordPress is away", n)
	}
	w.away = false
	w.work()
	if w.states()[messages.Done] != 3 || len(w.WordPress.Calls("mail")) != 3 {
		t.Errorf("%v after WordPress is back", w.states())
	}
}

// Spec: S106
func TestWordPressInMaintenance(t *testing.T) {
	w := newWorld(t)
	for _, call := range []string{"ping", "mail"} {
		w.WordPress.Answer(call, func(map[string]any) (int, any) {
			return http.StatusServiceUnavailable,
				"Briefly unavailable"
		})
	}
	w.queue("event", "a@mail.test")
	for range 50 {
		w.work()
		w.Clock.Advance(time.Hour)
	}
	if n := w.Count(`SELECT MAX(attempts) FROM {wp}partner_center_mails`); n != 1 || w.states()[messages.Queued] != 1 {
		t.Errorf("%d attempts, %v", n, w.states())
	}
}

// A mail that WordPress refuses is tried again after growing pauses, holds up
// no other, and is given up in the end with its reason.
//
// Spec: S106
func TestMailRefused(t *testing.T) {
	w := newWorld(t)
	w.WordPress.Answer("mail", func(in map[string]any) (int, any) {
		if in["to"] == "bad@mail.test" {
			return http.StatusOK, map[string]any{"sent": false, "reason": "SMTP Error: no such mailbox"}
		}
		return http.StatusOK, map[string]any{"sent": true}
	})
	w.queue("event", "bad@mail.test")
	w.queue("event", "good@mail.test")
	w.work()
	if s := w.states(); s[messages.Done] != 1 || s[messages.Queued] != 1 {
		t.Fatalf("%v", s)
	}
	if _, mails, err := w.worker.Trouble(t.Context()); err != nil || mails.Count != 1 ||
		!strings.Contains(mails.Why, "no such mailbox") {
		t.Errorf("%+v, %v", mails, err)
	}
	for range 8 {
		w.Clock.Advance(12 * time.Hour)
		w.work()
	}
	if s := w.states(); s[messages.Dead] != 1 || len(w.WordPress.Calls("mail")) != 9 {
		t.Errorf("%v after %d calls", s, len(w.WordPress.Calls("mail")))
	}
	dead, err := w.mails.Mails(t.Context(), messages.Dead, affiliate.Page{Limit: 9})
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Error, "no such mailbox") {
		t.Errorf("%+v, %v", dead, err)
	}
	if _, mails, err := w.worker.Trouble(t.Context()); err != nil || mails.Count != 0 {
		t.Errorf("given up, and still waiting: %+v, %v", mails, err)
	}
}

// An answer that names no user must not tie the partner to user 0.
//
// Spec: S103
func TestAccountRefused(t *testing.T) {
	w := newWorld(t)
	for _, answer := range []any{map[string]any{"user_id": 0}, map[string]any{}, "text"} {
		w.Exec(`DELETE FROM {wp}partner_center_jobs`)
		w.WordPress.Answer("user", func(map[string]any) (int, any) { return http.StatusOK, answer })
		err := w.DB.Tx(t.Context(), func(tx *db.Tx) error {
			return w.jobs.Queue(t.Context(), tx, messages.MakeUser, "key",
				messages.UserJob{PartnerID: 1, Email: "carl@mail.test"})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.work()
		if accounts, _, err := w.worker.Trouble(t.Context()); err != nil || accounts.Count != 1 {
			t.Errorf("%v: %+v, %v", answer, accounts, err)
		}
	}
}

// Without a pairing nothing is claimed.
//
// Spec: S106
func TestNotPaired(t *testing.T) {
	w := newWorld(t)
	w.queue("event", "a@mail.test")
	worker := outbox.New(w.Clock.Now, slog.New(slog.DiscardHandler), w.waiting(), outbox.WordPress{
		Client: func() (*wpbridge.Client, error) { return nil, errors.New("not paired") },
	})
	if did, err := worker.Work(t.Context()); did || err != nil || w.states()[messages.Queued] != 1 {
		t.Errorf("%v, %v, %v", did, err, w.states())
	}
}
