package inbox_test

import (
	"testing"
	"time"
)

// Facts are kept for thirty days after they were applied. Of an account only the
// latest state stays, without the person: an earlier one that comes late is still
// known to be one.
func TestOldFactsArePruned(t *testing.T) {
	w := newWorld(t)
	w.form("f-1", "carl@mail.test")
	w.account(10, "first@mail.test", false)
	w.account(20, "second@mail.test", false)
	w.drain()
	w.Clock.Advance(20 * 24 * time.Hour)
	w.form("f-2", "carl@mail.test")
	w.drain()
	w.Clock.Advance(10*24*time.Hour + time.Second)
	w.form("f-3", "carl@mail.test") // waits
	for range 2 {
		if err := w.drainer.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM {wp}partner_center_inbox`:                                           3,
		`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE external_id IN ('f-2', 'f-3')`:       2,
		`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE payload = '{}' AND seq = 20`:         1,
		`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE external_id IN ('f-1', 'f-2')`: 2,
	} {
		if got := w.Count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	w.account(15, "late@mail.test", false)
	w.form("f-1", "carl@mail.test") // reported once more
	w.drain()
	if c := w.contact(); c.Email != "second@mail.test" {
		t.Errorf("a state that was overtaken counts: %s", c.Email)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE external_id = 'f-1'`); n != 1 {
		t.Errorf("a form counts %d times", n)
	}
}

// Of an order and of a product the latest state stays as well, empty: where the
// plugin loses its numbers, it goes on behind that one, and an earlier state that
// comes late changes nothing.
//
// Spec: D17.1
func TestOrdersKeepTheirNumbersWhenFactsArePruned(t *testing.T) {
	s := newShop(t)
	s.tell("order", "1001", 4, s.lamps(map[string]any{"status": "unpaid", "paid_at": ""}))
	s.tell("order", "1001", 7, s.lamps(nil))
	s.drain()
	earned := s.books()
	s.Clock.Advance(30*24*time.Hour + time.Second)
	if err := s.drainer.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]int{"order": 1, "product": 2} {
		left := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox
			WHERE kind = ? AND payload = '{}' AND click = '' AND seq IN (1, 7)`, kind)
		if all := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE kind = ?`, kind); left != want ||
			all != want {
			t.Errorf("of %ss %d of %d rows are empty and the latest, want %d", kind, left, all, want)
		}
	}
	s.tell("order", "1001", 5, s.lamps(map[string]any{"status": "void"}))
	s.drain()
	if now := s.books(); now != earned {
		t.Errorf("%s, then %s", earned, now)
	}
}
