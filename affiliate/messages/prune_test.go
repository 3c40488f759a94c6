package messages_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/shoptest"
)

// Old mails go, and so do events that nobody tells again; what waits, was held or
// given up stays, and nothing is sent again because its row is gone.
func TestOldMailsArePruned(t *testing.T) {
	d := newDesk(t)
	earned := messages.Event{Key: "earned-1-1-1", Occasion: messages.CommissionEarned, PartnerID: d.anna.ID}
	one(t, d.happens(earned))
	d.Exec(`INSERT INTO {wp}partner_center_message_events (once_key, occasion, program_id, partner_id, facts, state,
		next_at, done_at, created_at) VALUES ('standing-1-1', 'standing', 1, 1, '{}', 'done', ?, ?, ?)`, d.Clock.Now(),
		d.Clock.Now(), d.Clock.Now())
	d.OK(d.outbox.Sent(t.Context(), messages.Mail{ID: mailIDs(d)[0]}))
	for i, state := range []messages.State{messages.Queued, messages.Held, messages.Dead} {
		d.OK(d.outbox.Queue(t.Context(), d.DB, messages.Mail{Event: fmt.Sprint("other-", i), State: state, Kind: "welcome",
			Recipient: "anna@partners.example", Subject: "x"}))
	}
	d.OK(d.outbox.Queue(t.Context(), d.DB, messages.Mail{Event: "other-3", State: messages.Dead, Kind: "welcome",
		Recipient: "anna@partners.example", Subject: "x"}))
	d.OK(d.outbox.Dismiss(t.Context(), shoptest.Anna, mailIDs(d)[4]))
	d.Clock.Advance(399 * 24 * time.Hour)
	d.OK(d.Prune(t.Context()))
	if n := len(mailIDs(d)); n != 5 {
		t.Errorf("%d mails after 399 days", n)
	}
	d.Clock.Advance(2 * 24 * time.Hour)
	for range 2 {
		d.OK(d.Prune(t.Context()))
	}
	left := []string{}
	d.OK(d.DB.Select(t.Context(), &left, `SELECT event FROM {wp}partner_center_mails ORDER BY id`))
	if !slices.Equal(left, []string{"other-0", "other-1", "other-2"}) {
		t.Errorf("left: %q", left)
	}
	d.OK(d.DB.Select(t.Context(), &left, `SELECT once_key FROM {wp}partner_center_message_events`))
	if !slices.Equal(left, []string{"earned-1-1-1"}) {
		t.Errorf("events left: %q", left)
	}
	if mails := d.happens(earned); slices.ContainsFunc(mails, func(m messages.Mail) bool { return m.Kind == "earned" }) {
		t.Errorf("sent again: %+v", mails)
	}
}

func mailIDs(d *desk) (ids []messages.MailID) {
	d.Helper()
	d.OK(d.DB.Select(d.Context(), &ids, `SELECT id FROM {wp}partner_center_mails ORDER BY id`))
	return ids
}
