package affiliate_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const account = affiliate.UserID(7)

// newAccount is a partner who logs in as account.
func newAccount(t *testing.T, h *db.Handle, r *affiliate.Registry) affiliate.Partner {
	t.Helper()
	p, err := affiliate.LinkUser(t.Context(), h, newPartner(t, h, newProgram(t, r, "A", 1).ID, "paul@example.com").ID,
		account, noon)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Spec: D34.1
func TestAccountChanged(t *testing.T) {
	r, h, _ := newRegistry(t)
	p := newAccount(t, h, r)
	newContact(t, h, "taken@example.com")
	for _, c := range []struct {
		person affiliate.Person
		kind   affiliate.Kind
		email  string // the contact's afterwards
		name   string
	}{
		{affiliate.Person{UserID: account, Email: " Paul.New@Example.com", FirstName: "Paul", LastName: "P."}, 0,
			"paul.new@example.com", "Paul P."},
		{affiliate.Person{UserID: account}, 0, "paul.new@example.com", "Paul P."}, // blank tells nothing
		{affiliate.Person{UserID: account, FirstName: "Win at https://evil.test", LastName: "WWW.evil.test"}, 0,
			"paul.new@example.com", "Paul P."}, // cleaned as at sign-up
		{affiliate.Person{UserID: account, Email: "nonsense"}, affiliate.KindInvalid, "paul.new@example.com",
			"Paul P."},
		{affiliate.Person{UserID: account, Email: "taken@example.com", FirstName: "X"}, affiliate.KindConflict,
			"paul.new@example.com", "Paul P."},
		{affiliate.Person{UserID: 8, Email: "other@example.com"}, 0, "paul.new@example.com", "Paul P."},
		{affiliate.Person{Email: "other@example.com"}, 0, "paul.new@example.com", "Paul P."},
	} {
		err := h.Tx(t.Context(), func(tx *db.Tx) error {
			return affiliate.AccountChanged(t.Context(), tx, c.person,
				noon.Add(time.Hour))
		})
		if affiliate.KindOf(err) != c.kind || (err != nil) != (c.kind != 0) {
			t.Errorf("%+v: %v", c.person, err)
		}
		if got, err := r.Contact(t.Context(), p.ContactID); err != nil || got.Email != c.email || got.Name() != c.name {
			t.Errorf("%+v: now %+v, %v", c.person, got, err)
		}
	}
	if records, err := r.History(t.Context(), "contact", int64(p.ContactID), 0, 9); err != nil || len(records) != 1 {
		t.Errorf("%d changes are in the audit, %v", len(records), err)
	}
}

// Spec: D34, S115
func TestAccountDeleted(t *testing.T) {
	r, h, _ := newRegistry(t)
	p := newAccount(t, h, r)
	for range 2 {
		err := h.Tx(t.Context(), func(tx *db.Tx) error {
			return affiliate.AccountDeleted(t.Context(), tx, account,
				noon)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	after, err := r.Partner(t.Context(), p.ID)
	if err != nil || after.WPUserID != 0 || after.State != p.State || after.Code != p.Code {
		t.Errorf("%+v, %v", after, err)
	}
	if c, err := r.Contact(t.Context(), p.ContactID); err != nil || c.WPUserID != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := affiliate.LinkUser(t.Context(), h, p.ID, 9, noon); err != nil {
		t.Errorf("the partner can get another account: %v", err)
	}
	if records, err := r.History(t.Context(), "partner", int64(p.ID), 0, 9); err != nil || len(records) != 1 {
		t.Errorf("%d changes are in the audit, %v", len(records), err)
	}
}
