package affiliate_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
)

// noon is when most tests begin.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const anna affiliate.Actor = "anna (user 7)"

func newRegistry(t testing.TB) (*affiliate.Registry, *db.Handle, *clock.Fake) {
	t.Helper()
	h, c := dbtest.New(t), clock.NewFake(noon)
	return affiliate.NewRegistry(h, c.Now), h, c
}

func TestAuditKeepsBeforeAndAfter(t *testing.T) {
	r, h, _ := newRegistry(t)
	ctx := t.Context()
	for i, e := range []affiliate.AuditEntry{
		{Actor: anna, Action: "create", Object: "program", ObjectID: 3, After: map[string]any{"name": "Ünï"}},
		{Actor: anna, Action: "edit", Object: "program", ObjectID: 3, Before: 1, After: 2, Reason: "typo"},
		{Actor: anna, Action: "edit", Object: "program", ObjectID: 4},
		{Actor: affiliate.System, Action: "save", Object: "settings"},
	} {
		if err := affiliate.Audit(ctx, h, noon.Add(time.Duration(i)*time.Second), e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := r.History(ctx, "program", 3, 0, 10)
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	edit, create := got[0], got[1]
	if edit.Action != "edit" || string(edit.Before) != "1" || string(edit.After) != "2" || edit.Reason != "typo" ||
		!edit.At.Equal(noon.Add(time.Second)) {
		t.Errorf("the edit reads %+v", edit)
	}
	if create.Actor != anna || create.Before != nil || string(create.After) != `{"name":"Ünï"}` {
		t.Errorf("the creation reads %+v", create)
	}
	if page, err := r.History(ctx, "program", 3, edit.ID, 10); err != nil || len(page) != 1 || page[0].ID != create.ID {
		t.Errorf("the second page is %v, %v", page, err)
	}
	if whole, err := r.History(ctx, "settings", 0, 0, 10); err != nil || len(whole) != 1 || whole[0].ObjectID != 0 {
		t.Errorf("without an id: %v, %v", whole, err)
	}
}

// A person is cut out of the audit by erasing values: who did what when, and a
// proof of what stood there, remain.
//
// Spec: D37.1
func TestAuditValuesCanBeErased(t *testing.T) {
	r, h, _ := newRegistry(t)
	ctx := t.Context()
	for range 2 {
		e := affiliate.AuditEntry{Actor: anna, Action: "edit", Object: "contact", ObjectID: 5,
			After: map[string]any{"name": "Carl C."}}
		if err := affiliate.Audit(ctx, h, noon, e); err != nil {
			t.Fatal(err)
		}
	}
	digests := func() (all [][]byte) {
		if err := h.Select(ctx, &all, `SELECT digest FROM {wp}partner_center_audit ORDER BY id`); err != nil {
			t.Fatal(err)
		}
		return all
	}
	var salt []byte
	before := digests()
	if err := h.Get(ctx, &salt, `SELECT salt FROM {wp}partner_center_audit_values WHERE digest = ?`,
		before[0]); err != nil {
		t.Fatal(err)
	}
	proof := sha256.Sum256(append(salt, `[null,"{\"name\":\"Carl C.\"}"]`...))
	if !bytes.Equal(proof[:], before[0]) || bytes.Equal(before[0], before[1]) {
		t.Errorf("the digest %x proves nothing, or tells that two values are alike", before[0])
	}
	if _, err := h.Exec(ctx, `DELETE FROM {wp}partner_center_audit_values`); err != nil {
		t.Fatal(err)
	}
	history, err := r.History(ctx, "contact", 5, 0, 9)
	if err != nil || len(history) != 2 || history[0].After != nil || history[0].Actor != anna ||
		history[0].Action != "edit" {
		t.Errorf("after it was erased, the history reads %+v, %v", history, err)
	}
	if after := digests(); !slices.EqualFunc(before, after, bytes.Equal) {
		t.Error("the audit itself has changed")
	}
}

func TestAuditGoesWithItsTransaction(t *testing.T) {
	r, h, _ := newRegistry(t)
	wrong := errors.New("wrong")
	h.Tx(t.Context(), func(tx *db.Tx) error {
		if err := affiliate.Audit(t.Context(), tx, noon, affiliate.AuditEntry{Actor: anna, Action: "edit",
			Object: "program", ObjectID: 3}); err != nil {
			t.Error(err)
		}
		return wrong
	})
	if got, err := r.History(t.Context(), "program", 3, 0, 10); err != nil || len(got) != 0 {
		t.Errorf("an action that did not happen is written down: %v, %v", got, err)
	}
}

func TestAuditRefusesALongReason(t *testing.T) {
	_, h, _ := newRegistry(t)
	err := affiliate.Audit(t.Context(), h, noon, affiliate.AuditEntry{Actor: anna, Action: "edit", Object: "program",
		Reason: strings.Repeat("ä", 256)})
	if affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("got %v", err)
	}
}

// What entries say that were written together is kept once where they say the same;
// but what is said of persons each by itself, so that one can be erased alone.
func TestAuditKeepsWhatIsAlikeOnce(t *testing.T) {
	r, h, _ := newRegistry(t)
	entries := []affiliate.AuditEntry{}
	for _, object := range []string{"commission", "partner"} {
		for id := range int64(3) {
			entries = append(entries, affiliate.AuditEntry{Actor: anna, Action: "edit", Object: object, ObjectID: id + 1,
				Before: "a", After: "b"})
		}
	}
	entries = append(entries, affiliate.AuditEntry{Actor: anna, Action: "edit", Object: "commission", ObjectID: 4,
		Before: "a", After: "c"})
	for range 2 { // what is written later shares nothing with it
		if err := affiliate.Audit(t.Context(), h, noon, entries...); err != nil {
			t.Fatal(err)
		}
	}
	rows := 0
	if err := h.Get(t.Context(), &rows, `SELECT COUNT(*) FROM {wp}partner_center_audit_values`); err != nil || rows != 10 {
		t.Errorf("%d rows of values, %v; want 2 of commissions and 3 of partners, twice", rows, err)
	}
	chainAll(t, r)
	if found := faults(t, r, affiliate.AuditHead{}); len(found) > 0 {
		t.Error(found)
	}
	history, err := r.History(t.Context(), "commission", 2, 0, 9)
	if err != nil || len(history) != 2 || string(history[0].After) != `"b"` {
		t.Errorf("%+v, %v", history, err)
	}
}
