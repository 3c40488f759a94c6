package tracking

import (
	"cmp"
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Spec: S130.1 S132.1 S132.2 S132.3
func TestResetHoldsForItsContactsUntilItIsUndone(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	of := func(email string, p affiliate.Partner) affiliate.Contact {
		return s.apply(s.optIn(email, s.cookieOf(p))).Contact
	}
	eve, max := of("eve@example.com", ann), of("max@example.com", bob)
	s.apply(s.optIn("nobody@example.com", "")) // has no referrer: is in no segment
	s.clock.Advance(time.Hour)
	made := s.clock.Now()
	segment := Segment{PartnerID: ann.ID}
	p := must[ResetPreview](s)(s.PreviewReset(t.Context(), segment))
	if p.Contacts != 1 || len(p.Sample) != 1 || p.Sample[0] != eve.ID ||
		s.number(`SELECT COUNT(*) FROM {wp}partner_center_resets`) != 0 {
		t.Fatalf("preview %+v", p)
	}
	r := must[Reset](s)(s.ResetReferrals(t.Context(), admin, segment, 1, 0, "Before the sale of June."))
	s.clock.Advance(time.Hour)
	undone := must[Reset](s)(s.UndoReset(t.Context(), admin, r.ID))
	if again := must[Reset](s)(s.UndoReset(t.Context(), admin, r.ID)); !again.UndoneAt.Equal(*undone.UndoneAt) {
		t.Errorf("undone twice: %+v", again)
	}
	for _, test := range []struct {
		contact affiliate.ContactID
		at      time.Time
		want    bool
	}{
		{eve.ID, made.Add(-time.Microsecond), false}, {eve.ID, made, true},
		{eve.ID, s.clock.Now().Add(-time.Microsecond), true},
		{eve.ID, s.clock.Now(), false}, {max.ID, made, false},
	} {
		of := must[map[affiliate.ContactID]Resets](s)(ResetsOf(t.Context(), s.db, []affiliate.ContactID{test.contact}))
		if got := of[test.contact].At(test.at); (got != nil) != test.want || got != nil && got.ID != r.ID {
			t.Errorf("contact %d at %s: %+v", test.contact, test.at, got)
		}
	}
	s.wantReferrers("eve@example.com", ann.ID, ann.ID) // nothing is deleted
	history, err := s.registry.History(t.Context(), "reset", int64(r.ID), 0, 9)
	if err != nil || len(history) != 2 || history[0].Action != "undo reset" ||
		history[1].Reason != "Before the sale of June." {
		t.Errorf("audit %+v, %v", history, err)
	}
	if all := must[[]Reset](s)(s.Resets(t.Context(), affiliate.Page{Limit: 9})); len(all) != 1 ||
		all[0].Contacts != 1 || all[0].UndoneBy != admin {
		t.Errorf("listed %+v", all)
	}
}

// Spec: S132.3
func TestResetTakesWhatItsPreviewShowed(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	eve := s.apply(s.optIn("eve@example.com", s.cookieOf(ann))).Contact
	if _, err := s.ResetReferrals(t.Context(), admin, Segment{}, 2, 0,
		"x"); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another number than shown: %v", err)
	}
	if _, err := s.ResetReferrals(t.Context(), admin, Segment{}, 1, 0,
		""); affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_reset_contacts`) + s.number(
		`SELECT COUNT(*) FROM {wp}partner_center_resets`); n != 0 {
		t.Errorf("what was refused left %d rows", n)
	}
	if _, err := s.UndoReset(t.Context(), admin, 9999); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("undone what is not: %v", err)
	}
	s.clock.Advance(time.Hour)
	later := s.clock.Now()
	s.apply(s.optIn("eve@example.com", "")) // without a click, it ends no quietness
	for name, test := range map[string]struct {
		segment Segment
		want    int
	}{
		"all":          {Segment{}, 1},
		"listed":       {Segment{Contacts: []affiliate.ContactID{eve.ID, 9999}}, 1},
		"listed none":  {Segment{Contacts: []affiliate.ContactID{}}, 0},
		"program":      {Segment{ProgramID: s.program.ID}, 1},
		"another":      {Segment{ProgramID: s.program.ID + 1}, 0},
		"quiet":        {Segment{QuietSince: &later}, 1},
		"active since": {Segment{QuietSince: &noon}, 0},
		"all of it": {Segment{Contacts: []affiliate.ContactID{eve.ID}, PartnerID: ann.ID, ProgramID: s.program.ID,
			QuietSince: &later}, 1},
	} {
		if p := must[ResetPreview](s)(s.PreviewReset(t.Context(), test.segment)); p.Contacts != test.want {
			t.Errorf("%s: %d contacts, want %d", name, p.Contacts, test.want)
		}
	}
}

// Two forms of one preview make one reset, also at the same moment.
func TestOnePreviewMakesOneReset(t *testing.T) {
	s := newSite(t)
	s.apply(s.optIn("eve@example.com", s.cookieOf(s.partner("ann"))))
	failed := make(chan error)
	for range 2 {
		go func() {
			_, err := s.ResetReferrals(t.Context(), admin, Segment{}, 1, 0, "x")
			failed <- err
		}()
	}
	if a, b := <-failed, <-failed; (a == nil) == (b == nil) ||
		affiliate.KindOf(cmp.Or(a, b)) != affiliate.KindConflict {
		t.Errorf("%v, %v", a, b)
	}
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_resets`); n != 1 {
		t.Errorf("%d resets", n)
	}
	if _, err := s.ResetReferrals(t.Context(), admin, Segment{}, 1, 0, "x"); affiliate.KindOf(err) !=
		affiliate.KindConflict {
		t.Errorf("after another one: %v", err)
	}
}
