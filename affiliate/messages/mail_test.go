package messages_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const anna affiliate.Actor = "anna (user 7)"

func newOutbox(t testing.TB) (*messages.Outbox, *db.Handle, *clock.Fake) {
	t.Helper()
	h, c := dbtest.New(t), clock.NewFake(noon)
	return messages.NewOutbox(h, c.Now), h, c
}

func queueMail(t testing.TB, o *messages.Outbox, h *db.Handle, event, recipient string) {
	t.Helper()
	err := o.Queue(t.Context(), h, messages.Mail{Event: event, Recipient: recipient, UserID: 3, Kind: "welcome",
		Subject: "Hi", Text: "Hello", HTML: "<p>Hello"})
	if err != nil {
		t.Fatal(err)
	}
}

// claimOne claims the one mail that is due; none is the zero Mail.
func claimOne(t testing.TB, o *messages.Outbox) messages.Mail {
	t.Helper()
	mails, err := o.Claim(t.Context(), 10)
	if err != nil || len(mails) > 1 {
		t.Fatalf("claimed %v, %v", mails, err)
	}
	if len(mails) == 0 {
		return messages.Mail{}
	}
	return mails[0]
}

func handOver(t testing.TB, o *messages.Outbox, m messages.Mail) bool {
	t.Helper()
	ours, err := o.HandOver(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return ours
}

// the is the only mail there is.
func the(t testing.TB, h *db.Handle) (m messages.Mail) {
	t.Helper()
	if err := h.Get(t.Context(), &m, `SELECT * FROM {wp}partner_center_mails`); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMailIsSentOnceForEachEventAndRecipient(t *testing.T) {
	o, h, _ := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "Anna@Example.com ")
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	m := claimOne(t, o)
	if m.Recipient != "anna@example.com" || m.UserID != 3 || m.Subject != "Hi" || m.Text != "Hello" ||
		m.HTML != "<p>Hello" || m.Kind != "welcome" {
		t.Errorf("claimed %+v", m)
	}
	if claimOne(t, o).ID != 0 {
		t.Error("a claimed mail was claimed again")
	}
	if !handOver(t, o, m) || handOver(t, o, m) {
		t.Error("a mail is handed over once")
	}
	if err := o.Sent(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	if got := the(t, h); got.State != messages.Done || got.SentAt == nil || !got.SentAt.Equal(noon) || got.Error != "" {
		t.Errorf("sent: %+v", got)
	}
}

func TestMailGoesWithItsTransaction(t *testing.T) {
	o, h, _ := newOutbox(t)
	wrong := errors.New("wrong")
	h.Tx(t.Context(), func(tx *db.Tx) error {
		if err := o.Queue(t.Context(), tx, messages.Mail{Event: "x", Recipient: "a@example.com"}); err != nil {
			t.Error(err)
		}
		return wrong
	})
	if m := claimOne(t, o); m.ID != 0 {
		t.Errorf("a mail about nothing: %+v", m)
	}
}

// Mails that fail are tried again after growing pauses, eight times in all.
func TestFailedMailIsTriedAgain(t *testing.T) {
	o, h, c := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	minutes := []int{1, 5, 15, 60, 240, 720, 720}
	for i, pause := range minutes {
		m := claimOne(t, o)
		if m.Attempts != i+1 {
			t.Fatalf("attempt %d is %+v", i+1, m)
		}
		handOver(t, o, m)
		if err := o.Failed(t.Context(), m, fmt.Errorf("no \n answer %d", i)); err != nil {
			t.Fatal(err)
		}
		if got := the(t, h); got.State != messages.Queued || got.Error != fmt.Sprintf("no answer %d", i) {
			t.Errorf("after attempt %d: %+v", i+1, got)
		}
		c.Advance(time.Duration(pause)*time.Minute - time.Microsecond)
		if early := claimOne(t, o); early.ID != 0 {
			t.Errorf("attempt %d came early", i+2)
		}
		c.Advance(time.Microsecond)
	}
	if err := o.Failed(t.Context(), claimOne(t, o), errors.New(strings.Repeat("ü", 600))); err != nil {
		t.Fatal(err)
	}
	c.Advance(1000 * time.Hour)
	if got := the(t, h); got.State != messages.Dead || claimOne(t, o).ID != 0 {
		t.Errorf("after the last attempt: %+v", got)
	}
	if counts, err := o.Counts(t.Context()); err != nil || len(counts) != 1 || counts[messages.Dead] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}

// A sidecar that ends while it works leaves its mails to the next one; only
// one that was being handed over may have been sent.
func TestUnfinishedMailIsTakenUpAgain(t *testing.T) {
	for _, test := range []struct {
		name       string
		handedOver bool
		want       string
	}{{"claimed", false, ""}, {"handed over", true, "Possibly sent twice."}} {
		o, h, c := newOutbox(t)
		queueMail(t, o, h, "welcome-1", "anna@example.com")
		first := claimOne(t, o)
		c.Advance(4 * time.Minute)
		if test.handedOver {
			handOver(t, o, first)
		}
		c.Advance(5 * time.Minute)
		second := claimOne(t, o)
		if second.ID != first.ID || second.Error != test.want {
			t.Errorf("%s: taken up as %+v", test.name, second)
		}
		if handOver(t, o, first) {
			t.Errorf("%s: the first sidecar comes back and may still send", test.name)
		}
		if err := o.Failed(t.Context(), first, errors.New("late")); err != nil || the(t, h).State != messages.Claimed {
			t.Errorf("%s: the first sidecar comes back and takes the mail from the second: %v", test.name, err)
		}
		handOver(t, o, second)
		if err := o.Sent(t.Context(), second); err != nil || the(t, h).Error != test.want ||
			the(t, h).State != messages.Done {
			t.Errorf("%s: in the end %+v, %v", test.name, the(t, h), err)
		}
	}
}

func TestFailureKeepsThatAMailMayBeSentTwice(t *testing.T) {
	o, h, c := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	handOver(t, o, claimOne(t, o))
	c.Advance(6 * time.Minute)
	o.Failed(t.Context(), claimOne(t, o), errors.New("refused"))
	if got := the(t, h).Error; got != "Possibly sent twice. refused" {
		t.Error(got)
	}
}

func TestSidecarThatEndsAtTheLastAttempt(t *testing.T) {
	o, h, c := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	for range 8 {
		handOver(t, o, claimOne(t, o))
		c.Advance(time.Hour)
	}
	if m := claimOne(t, o); m.ID != 0 || the(t, h).State != messages.Dead {
		t.Errorf("a ninth attempt: %+v", m)
	}
}

// Sent comes late, after the lease: it was sent all the same.
func TestSentHoldsAfterTheLease(t *testing.T) {
	o, h, c := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	first := claimOne(t, o)
	handOver(t, o, first)
	c.Advance(6 * time.Minute)
	second := claimOne(t, o)
	if err := o.Sent(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if handOver(t, o, second) || the(t, h).State != messages.Done {
		t.Errorf("sent again: %+v", the(t, h))
	}
}

func TestDeadMailIsSentAgainByAnAdmin(t *testing.T) {
	o, h, _ := newOutbox(t)
	queueMail(t, o, h, "welcome-1", "anna@example.com")
	m := claimOne(t, o)
	if err := o.Again(t.Context(), anna, m.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("while it is sent: %v", err)
	}
	h.Exec(t.Context(), `UPDATE {wp}partner_center_mails SET state = 'dead', attempts = 8, error = 'x'`)
	if err := o.Again(t.Context(), anna, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := claimOne(t, o); got.ID != m.ID || got.Attempts != 1 || got.Error != "" {
		t.Errorf("again: %+v", got)
	}
	if err := o.Again(t.Context(), anna, m.ID+1); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("another: %v", err)
	}
	var actor string
	if err := h.Get(t.Context(), &actor,
		`SELECT actor FROM {wp}partner_center_audit WHERE object = 'mail'`); err != nil || actor != string(anna) {
		t.Errorf("audited by %q, %v", actor, err)
	}
}

func TestSidecarsShareTheOutbox(t *testing.T) {
	o, h, _ := newOutbox(t)
	const mails = 60
	for i := range mails {
		queueMail(t, o, h, fmt.Sprint("e", i), "anna@example.com")
	}
	var mu sync.Mutex
	seen := map[messages.MailID]int{}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for {
				claimed, err := o.Claim(t.Context(), 4)
				if err != nil || len(claimed) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				for _, m := range claimed {
					seen[m.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for claimOrNil, err := o.Claim(t.Context(), 100); len(claimOrNil) > 0; claimOrNil, err = o.Claim(t.Context(), 100) {
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range claimOrNil { // those that all others skipped because somebody was at them
			seen[m.ID]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("mail %v was claimed %d times", id, n)
		}
	}
	if len(seen) != mails {
		t.Errorf("%d of %d mails were claimed", len(seen), mails)
	}
}

func TestSubjectIsOneLine(t *testing.T) {
	o, h, _ := newOutbox(t)
	err := o.Queue(t.Context(), h, messages.Mail{Event: "x", Recipient: "a@example.com",
		Subject: "Hi\r\nBcc: b@example.com\u2028" + strings.Repeat("ü", 300)})
	if got := claimOne(t, o).Subject; err != nil || strings.ContainsAny(got, "\r\n\u2028") || len([]rune(got)) != 255 {
		t.Errorf("%q, %v", got, err)
	}
	for _, recipient := range []string{"", "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com"} {
		if err := o.Queue(t.Context(), h, messages.Mail{Event: "y", Recipient: recipient}); err == nil {
			t.Errorf("queued to %q", recipient)
		}
	}
}

func TestMailsAreListedByState(t *testing.T) {
	o, h, _ := newOutbox(t)
	for _, event := range []string{"a", "b", "c"} {
		queueMail(t, o, h, event, "anna@example.com")
	}
	mails, err := o.Mails(t.Context(), messages.Queued, affiliate.Page{Offset: 1, Limit: 1})
	if err != nil || len(mails) != 1 || mails[0].Event != "b" {
		t.Errorf("%+v, %v", mails, err)
	}
	if mails, err := o.Mails(t.Context(), messages.Dead, affiliate.Page{Limit: 9}); err != nil || len(mails) != 0 {
		t.Errorf("%+v, %v", mails, err)
	}
}
