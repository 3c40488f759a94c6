package affiliate_test

import (
	"testing"
	"time"

	"partnercenter/affiliate"
)

// Spec: S72
func TestWhoPartnersAre(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 2)
	paul, anna := newPartner(t, h, program.ID, "paul@example.com"), newPartner(t, h, program.ID, "anna@example.com")
	people, err := r.PartnerContacts(t.Context(), []affiliate.PartnerID{paul.ID, anna.ID, 0, 4711})
	if err != nil || len(people) != 2 || people[paul.ID].Email != "paul@example.com" ||
		people[anna.ID].ID != anna.ContactID {
		t.Errorf("%+v, %v", people, err)
	}
	if none, err := r.PartnerContacts(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
	if p, err := r.PartnerByContact(t.Context(), paul.ContactID); err != nil || p.ID != paul.ID {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := r.PartnerByContact(t.Context(), 4711); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Error(err)
	}
	if counts, err := r.PartnerCounts(t.Context()); err != nil || counts[affiliate.Active] != 2 || len(counts) != 1 {
		t.Errorf("%v, %v", counts, err)
	}
}

// Spec: S39
func TestMembershipsAreListedLatestFirst(t *testing.T) {
	r, h, _ := newRegistry(t)
	first, second := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	p := newPartner(t, h, first.ID, "paul@example.com")
	end(t, h, p.ID, noon)
	if _, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: p.ContactID, ProgramID: second.ID,
		At: noon.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	stays, err := r.Memberships(t.Context(), p.ID)
	if err != nil || len(stays) != 2 || stays[0].ProgramID != second.ID || stays[0].EndedAt != nil ||
		stays[1].EndedAt == nil {
		t.Errorf("%+v, %v", stays, err)
	}
}
