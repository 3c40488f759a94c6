package affiliate_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Spec: S69.1 S69.2 S69.3 D34.4
func TestContactsAreAddedByHandImportAndAPI(t *testing.T) {
	r, _, _ := newRegistry(t)
	for _, origin := range []affiliate.Origin{affiliate.ByAdmin, affiliate.ByImport, affiliate.ByAPI} {
		email := string(origin) + "@example.com"
		c, made, err := r.AddContact(t.Context(), anna, origin,
			affiliate.Person{Email: "  " + email, FirstName: "Bob"}, nil)
		if err != nil || !made || c.Email != email || c.Origin != origin || c.First.PartnerID != 0 {
			t.Errorf("%s: %+v, %v, %v", origin, c, made, err)
		}
		again, made, err := r.AddContact(t.Context(), anna, origin, affiliate.Person{Email: email, FirstName: "Eve",
			LastName: "Berg"}, nil)
		if err != nil || made || again.ID != c.ID || again.Name() != "Bob Berg" {
			t.Errorf("%s again: %+v, %v, %v", origin, again, made, err)
		}
		if history, err := r.History(t.Context(), "contact", int64(c.ID), 0, 9); err != nil || len(history) != 1 {
			t.Errorf("audit %+v, %v", history, err)
		}
	}
	if _, _, err := r.AddContact(t.Context(), anna, affiliate.ByAdmin, affiliate.Person{Email: "nobody"},
		nil); problem(err,
		"email") == "" {
		t.Errorf("%v", err)
	}
	if _, _, err := r.AddContact(t.Context(), anna, affiliate.ByForm,
		affiliate.Person{Email: "bob@example.com"}, nil); err == nil {
		t.Error("a form's contact was made without the form")
	}
}

// Spec: D34.1
func TestAddressOfAContactChanges(t *testing.T) {
	r, h, _ := newRegistry(t)
	bob, eve := newContact(t, h, "bob@example.com"), newContact(t, h, "eve@example.com")
	to := func(c affiliate.Contact, email string) (affiliate.Contact, error) {
		return r.EditContact(t.Context(), anna, c.ID, c.UpdatedAt, affiliate.Person{Email: email}, nil)
	}
	if c, err := to(bob, " Robert@Example.com"); err != nil || c.ID != bob.ID ||
		c.Email != "robert@example.com" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := to(eve, "robert@example.com"); problem(err, "email") == "" {
		t.Errorf("another's address: %v", err)
	}
	if _, err := to(eve, "eve"); problem(err, "email") == "" {
		t.Errorf("no address: %v", err)
	}
}

// Spec: S102
func TestDeletedContactIsATombstone(t *testing.T) {
	r, h, c := newRegistry(t)
	program := newProgram(t, r, "Gold", 1)
	p := newPartner(t, h, program.ID, "paul@example.com")
	paul, err := r.Contact(t.Context(), p.ContactID)
	if err == nil {
		_, err = r.EditContact(t.Context(), anna, paul.ID, paul.UpdatedAt, affiliate.Person{Email: paul.Email,
			FirstName: "Paul"}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Hour)
	if err := r.DeleteContact(t.Context(), anna, p.ContactID, "Asked for it."); err != nil {
		t.Fatal(err)
	}
	gone, err := r.Contact(t.Context(), p.ContactID)
	if err != nil || gone.DeletedAt == nil || gone.Email == "paul@example.com" || gone.FirstName != "Paul" {
		t.Errorf("%+v, %v", gone, err)
	}
	if got, err := r.Partner(t.Context(), p.ID); err != nil || got.State != affiliate.Removed || got.WPUserID != 0 {
		t.Errorf("as a partner they are %+v, %v", got, err)
	}
	if _, err := r.ContactByEmail(t.Context(), "paul@example.com"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("they are still found: %v", err)
	}
	if again := newContact(t, h, "paul@example.com"); again.ID == gone.ID {
		t.Error("the address still leads to the record that was deleted")
	}
	if err := r.DeleteContact(t.Context(), anna, p.ContactID,
		"Again."); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("deleted twice: %v", err)
	}
	applicant, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, "new@example.com").ID,
		ProgramID: program.ID, State: affiliate.Applied})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.DeleteContact(t.Context(), anna, applicant.ContactID, "Spam."); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Partner(t.Context(), applicant.ID); err != nil || got.State != affiliate.Rejected {
		t.Errorf("an applicant is %+v, %v", got, err)
	}
}

// Spec: D34
func TestJoinedContactsAreOne(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "Gold", 1)
	join := func(keep, gone affiliate.ContactID) (kept affiliate.Contact, err error) {
		err = h.Tx(t.Context(), func(tx *db.Tx) (err error) {
			kept, _, err = affiliate.MergeContacts(t.Context(), tx, keep, gone, noon)
			return err
		})
		return kept, err
	}
	p := newPartner(t, h, program.ID, "paul@example.com")
	newer, _ := ensure(t, h, affiliate.Person{Email: "paul@home.example", FirstName: "Paul"}, affiliate.ByAPI,
		noon.Add(time.Hour))
	kept, err := join(newer.ID, p.ContactID)
	if err != nil || kept.Email != "paul@home.example" || kept.FirstName != "Paul" || !kept.CreatedAt.Equal(noon) ||
		kept.Origin != affiliate.ByForm {
		t.Errorf("%+v, %v", kept, err)
	}
	if got, err := r.Partner(t.Context(), p.ID); err != nil || got.ContactID != newer.ID ||
		got.State != affiliate.Active {
		t.Errorf("the partner is %+v, %v", got, err)
	}
	other := newPartner(t, h, program.ID, "other@example.com")
	for name, pair := range map[string][2]affiliate.ContactID{
		"two partners": {newer.ID, other.ContactID}, "one": {newer.ID, newer.ID},
		"a deleted one": {newer.ID, p.ContactID},
	} {
		if _, err := join(pair[0], pair[1]); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("%s joined: %v", name, err)
		}
	}
}
