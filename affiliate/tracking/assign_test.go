package tracking

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S65.1 S65.3 D2
func TestOnlyAnAdminChangesTheFirstReferrer(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	a := s.apply(s.optIn("eve@example.com", s.cookieOf(ann)))
	for range 3 { // click, form, order: none of them
		s.clock.Advance(time.Hour)
		f := s.optIn("eve@example.com", s.cookieOf(bob))
		f.Kind = Order
		s.apply(f)
	}
	s.wantReferrers("eve@example.com", ann.ID, bob.ID)
	s.clock.Advance(time.Hour)
	c := must[affiliate.Contact](s)(s.AssignReferrer(t.Context(), admin, a.Contact.ID, SetFirst, bob.ID,
		"They told us."))
	if c.First.PartnerID != bob.ID || c.First.At == nil || !c.First.At.Equal(s.clock.Now()) {
		t.Errorf("assigned %+v", c.First)
	}
	s.clock.Advance(time.Hour)
	s.apply(s.optIn("eve@example.com", s.cookieOf(ann))) // folds all of it again
	s.wantReferrers("eve@example.com", bob.ID, ann.ID)
	history, err := s.registry.History(t.Context(), "contact", int64(c.ID), 0, 9)
	if err != nil || len(history) != 1 || history[0].Action != "set first referrer" ||
		history[0].Reason != "They told us." || history[0].Before == nil {
		t.Errorf("audit %+v, %v", history, err)
	}
}

// Spec: S65.3 S68 S69
func TestAnAdminFillsAndEmptiesReferrers(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	c, _, err := s.registry.AddContact(t.Context(), admin, affiliate.ByImport,
		affiliate.Person{Email: "eve@example.com"}, nil)
	s.ok(err)
	must[affiliate.Contact](s)(s.AssignReferrer(t.Context(), admin, c.ID, SetFirst, ann.ID, "Import."))
	must[affiliate.Contact](s)(s.AssignReferrer(t.Context(), admin, c.ID, SetLast, bob.ID, "Import."))
	s.wantReferrers("eve@example.com", ann.ID, bob.ID)
	s.clock.Advance(time.Hour)
	must[affiliate.Contact](s)(s.AssignReferrer(t.Context(), admin, c.ID, SetLast, 0, "A mistake."))
	s.wantReferrers("eve@example.com", ann.ID, 0)
	if n := s.number(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints WHERE lead_partner_id IS NOT NULL`); n != 0 {
		t.Errorf("%d leads came of an admin's hand", n)
	}
	for name, test := range map[string]struct {
		contact affiliate.ContactID
		slot    FormKind
		partner affiliate.PartnerID
		reason  string
		want    affiliate.Kind
	}{
		"no reason":  {c.ID, SetLast, ann.ID, " ", affiliate.KindInvalid},
		"a form":     {c.ID, OptIn, ann.ID, "x", affiliate.KindInvalid},
		"no contact": {9999, SetLast, ann.ID, "x", affiliate.KindNotFound},
		"no partner": {c.ID, SetLast, 9999, "x", affiliate.KindNotFound},
	} {
		if _, err := s.AssignReferrer(t.Context(), admin, test.contact, test.slot, test.partner,
			test.reason); affiliate.KindOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who is imported once more keeps their referrers.
//
// Spec: S65.2
func TestAnImportMovesNoReferrer(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	s.apply(s.optIn("eve@example.com", s.cookieOf(ann)))
	if _, made, err := s.registry.AddContact(t.Context(), admin, affiliate.ByImport,
		affiliate.Person{Email: "EVE@example.com", FirstName: "Eve"}, nil); err != nil || made {
		t.Errorf("made %v, %v", made, err)
	}
	s.wantReferrers("eve@example.com", ann.ID, ann.ID)
}

// An assignment before the first form must not make that form a later one.
//
// Spec: S64
func TestAssignmentsAreNoForms(t *testing.T) {
	touchpoints := []FoldTouchpoint{
		{Kind: SetLast, Source: byAdmins, At: noon, Origin: affiliate.ByAdmin,
			Touch: Touch{State: Assigned, PartnerID: 7}},
		{Kind: OptIn, Source: "wordpress", At: noon.Add(time.Hour), Origin: affiliate.ByForm,
			Touch: Touch{State: Valid, PartnerID: 8}},
	}
	after := Fold(true, touchpoints)
	if after[0].Last.PartnerID != 7 || after[1].First.PartnerID != 8 || after[1].Last.PartnerID != 8 {
		t.Errorf("%+v", after)
	}
}

// join joins two contacts the way the ledger does, without their orders.
func (s *site) join(keep, gone affiliate.Contact) (c affiliate.Contact) {
	s.Helper()
	s.ok(s.db.Tx(s.Context(), func(tx *db.Tx) error {
		older := keep.ID
		if gone.CreatedAt.Before(keep.CreatedAt) {
			older = gone.ID
		}
		_, _, err := affiliate.MergeContacts(s.Context(), tx, keep.ID, gone.ID, s.clock.Now())
		if err == nil {
			c, err = s.MergeTouchpoints(s.Context(), tx, keep.ID, gone.ID, older)
		}
		return err
	}))
	return c
}

// Spec: D34.2
func TestJoiningKeepsTheFirstReferrerOfTheOlder(t *testing.T) {
	s := newSite(t)
	ann, bob := s.partner("ann"), s.partner("bob")
	older := s.apply(s.optIn("older@example.com", s.cookieOf(ann))).Contact
	blank, _, err := s.registry.AddContact(t.Context(), admin, affiliate.ByImport,
		affiliate.Person{Email: "import@example.com"}, nil)
	s.ok(err)
	s.clock.Advance(time.Hour)
	newer := s.apply(s.optIn("newer@example.com", s.cookieOf(bob))).Contact
	if c := s.join(newer, older); c.ID != newer.ID || c.First.PartnerID != ann.ID || c.Last.PartnerID != bob.ID {
		t.Errorf("joined by forms: first %d, last %d", c.First.PartnerID, c.Last.PartnerID)
	}
	if gone := must[affiliate.Contact](s)(s.registry.Contact(t.Context(), older.ID)); gone.First.PartnerID != 0 ||
		gone.DeletedAt == nil {
		t.Errorf("the other one is left as %+v", gone)
	}
	s.clock.Advance(time.Hour)
	third := s.apply(s.optIn("third@example.com", s.cookieOf(bob))).Contact
	if c := s.join(third, blank); c.First.PartnerID != 0 || c.Last.PartnerID != bob.ID {
		t.Errorf("joined with an older one without first referrer: first %d, last %d", c.First.PartnerID,
			c.Last.PartnerID)
	}
	s.clock.Advance(time.Hour)
	s.apply(s.optIn("third@example.com", s.cookieOf(ann))) // folded again
	s.wantReferrers("third@example.com", 0, ann.ID)
}

// Spec: S129, D18
func TestAFormTellsThePastUpToItself(t *testing.T) {
	s := newSite(t)
	ann := s.partner("ann")
	first := s.optIn("eve@example.com", s.cookieOf(ann))
	s.apply(first)
	s.clock.Advance(time.Hour)
	second := s.optIn("eve@example.com", "")
	s.apply(second)
	s.clock.Advance(time.Hour)
	a := s.apply(s.optIn("eve@example.com", ""))
	if len(a.Past) != 3 || a.Past[0].PartnerID != ann.ID || a.Past[0].ClickedAt == nil {
		t.Errorf("the past is %+v", a.Past)
	}
	again, known, err := Recall(t.Context(), s.db, second)
	if err != nil || !known || !again.Again || len(again.Past) != 2 || again.Past[1].ExternalID != second.ExternalID ||
		again.Last.PartnerID != ann.ID {
		t.Errorf("recalled %+v, %v, %v", again, known, err)
	}
	if _, known, err := Recall(t.Context(), s.db, s.optIn("eve@example.com", "")); err != nil || known {
		t.Errorf("recalled what was never applied: %v", err)
	}
}
