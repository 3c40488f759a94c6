package messages

import (
	"slices"
	"testing"
	"time"

	"partnercenter/clock"
	"partnercenter/db/dbtest"
)

// Two sidecars on an engine that ignores SKIP LOCKED read the same rows before
// either has claimed them: outside a transaction nothing is locked, as there.
func TestRowReadTwiceIsClaimedOnce(t *testing.T) {
	h, now := dbtest.New(t), clock.NewFake(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))
	one, two := NewOutbox(h, now.Now), NewOutbox(h, now.Now)
	for _, event := range []string{"a", "b"} {
		if err := one.Queue(t.Context(), h, Mail{Event: event, Recipient: "anna@example.com", Kind: "welcome",
			Subject: "Hi"}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(o *Outbox) []dueRow {
		rows, err := o.due(t.Context(), h, now.Now(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	claims := func(o *Outbox, rows []dueRow) (n int) {
		for _, row := range rows {
			ours, err := o.claimRow(t.Context(), h, row, now.Now())
			if err != nil {
				t.Fatal(err)
			}
			if ours {
				n++
			}
		}
		return n
	}
	// Once when new, and once when a claim has run out and both take it over.
	for range 2 {
		first, second := read(one), read(two)
		if len(first) != 2 || !slices.Equal(first, second) {
			t.Fatalf("read %v and %v", first, second)
		}
		if n, m := claims(one, first), claims(two, second); n != 2 || m != 0 {
			t.Errorf("claimed %d and %d of 2 mails", n, m)
		}
		now.Advance(lease)
	}
}
