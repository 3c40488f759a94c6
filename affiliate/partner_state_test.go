package affiliate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// Spec: S101 S141
func TestStatesAreKeptWithTheirTimes(t *testing.T) {
	r, h, c := newRegistry(t)
	p := newPartner(t, h, newProgram(t, r, "Gold", 1).ID, "paul@example.com")
	steps := []struct {
		do    func(affiliate.PartnerID) (affiliate.Partner, error)
		state affiliate.PartnerState
	}{
		{func(id affiliate.PartnerID) (affiliate.Partner, error) { return r.Partner(t.Context(), id) },
			affiliate.Active},
		{func(id affiliate.PartnerID) (affiliate.Partner, error) {
			return r.SuspendPartner(t.Context(), anna, id, "Asked twice.")
		}, affiliate.Suspended},
		{func(id affiliate.PartnerID) (affiliate.Partner, error) {
			return r.ReactivatePartner(t.Context(), anna, id, "Settled.")
		}, affiliate.Active},
		{func(id affiliate.PartnerID) (affiliate.Partner, error) {
			return r.RemovePartner(t.Context(), anna, id, "Left.")
		}, affiliate.Removed},
	}
	for i, step := range steps {
		if got, err := step.do(p.ID); err != nil || got.State != step.state {
			t.Fatalf("step %d: %+v, %v", i, got, err)
		}
		c.Advance(time.Hour)
	}
	for i, step := range steps {
		at := noon.Add(time.Duration(i) * time.Hour)
		for _, at := range []time.Time{at, at.Add(time.Hour - time.Microsecond)} {
			if got, err := affiliate.StateAt(t.Context(), h, p.ID, at); err != nil || got != step.state {
				t.Errorf("at %s they were %q, %v; want %s", at, got, err, step.state)
			}
		}
	}
	if got, err := affiliate.StateAt(t.Context(), h, p.ID, noon.Add(-time.Microsecond)); err != nil || got != "" {
		t.Errorf("before they were a partner: %q, %v", got, err)
	}
	if states, err := r.States(t.Context(), p.ID); err != nil || len(states) != 4 ||
		states[0].State != affiliate.Removed {
		t.Errorf("%+v, %v", states, err)
	}
	if _, running, err := affiliate.RunningMembership(t.Context(), h, p.ID); err != nil || running {
		t.Errorf("removed, yet in a program: %v", err)
	}
	if history, err := r.History(t.Context(), "partner", int64(p.ID), 0, 9); err != nil || len(history) != 3 ||
		history[0].Reason != "Left." {
		t.Errorf("audit %+v, %v", history, err)
	}
}

// Spec: S141
func TestStatesFollowOneAnotherOnlyAsTheyMay(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "Gold", 1)
	p := newPartner(t, h, program.ID, "paul@example.com")
	applicant, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, "new@example.com").ID,
		ProgramID: program.ID, State: affiliate.Applied})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ReactivatePartner(t.Context(), anna, p.ID, "x"); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("reactivated an active partner: %v", err)
	}
	if _, err := r.SuspendPartner(t.Context(), anna, p.ID, " "); problem(err, "reason") == "" {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := r.SuspendPartner(t.Context(), anna, applicant.ID,
		"x"); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("suspended an applicant: %v", err)
	}
	if _, err := r.RemovePartner(t.Context(), anna, applicant.ID,
		"x"); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("removed an applicant: %v", err)
	}
	if _, err := r.SuspendPartner(t.Context(), anna, 9999, "x"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("suspended nobody: %v", err)
	}
}

// Spec: S39 S98.4 S99 S100.1 D2.1
func TestMovingChangesTheProgramOnly(t *testing.T) {
	r, h, c := newRegistry(t)
	a, b := newProgram(t, r, "A", 2), newProgram(t, r, "B", 2)
	recruiter := newPartner(t, h, a.ID, "rita@example.com")
	p, first, _, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, "paul@example.com").ID,
		ProgramID: a.ID, RecruiterID: recruiter.ID})
	if err != nil {
		t.Fatal(err)
	}
	for i, to := range []affiliate.Program{b, a} { // there and back
		c.Advance(time.Hour)
		m, err := r.MovePartner(t.Context(), anna, p.ID, to.ID)
		want := affiliate.Membership{ID: m.ID, PartnerID: p.ID, ProgramID: to.ID, RecruiterID: recruiter.ID,
			RecruiterFrom: first.RecruiterFrom, SignupAt: first.SignupAt,
			StartedAt: noon.Add(time.Duration(i+1) * time.Hour)}
		if err != nil || !cmp.Equal(m, want) {
			t.Errorf("%v: %s", err, cmp.Diff(want, m))
		}
		if again, err := r.MovePartner(t.Context(), anna, p.ID, to.ID); err != nil || !cmp.Equal(again, m) {
			t.Errorf("moved to where they are: %+v, %v", again, err)
		}
	}
	for hours, want := range map[float64]affiliate.ProgramID{0: a.ID, 0.5: a.ID, 1: b.ID, 1.5: b.ID, 2: a.ID} {
		at := noon.Add(time.Duration(hours * float64(time.Hour)))
		if m, ok, err := affiliate.MembershipAt(t.Context(), h, p.ID, at); err != nil || !ok || m.ProgramID != want {
			t.Errorf("after %v hours they were in %+v, %v", hours, m, err)
		}
	}
	if got, err := r.Partner(t.Context(), p.ID); err != nil || got.State != affiliate.Active || got.Code != p.Code {
		t.Errorf("%+v, %v", got, err)
	}
	if history, err := r.History(t.Context(), "partner", int64(p.ID), 0, 9); err != nil || len(history) != 2 ||
		history[0].Action != "move" {
		t.Errorf("audit %+v, %v", history, err)
	}
}

// Spec: S98 S147
func TestNobodyIsMovedWhereNobodyCanBe(t *testing.T) {
	r, h, _ := newRegistry(t)
	a, b := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	p := newPartner(t, h, a.ID, "paul@example.com")
	if _, err := r.ArchiveProgram(t.Context(), anna, b.ID); err != nil {
		t.Fatal(err)
	}
	for to, kind := range map[affiliate.ProgramID]affiliate.Kind{b.ID: affiliate.KindConflict,
		9999: affiliate.KindNotFound} {
		if _, err := r.MovePartner(t.Context(), anna, p.ID, to); affiliate.KindOf(err) != kind {
			t.Errorf("moved to %d: %v", to, err)
		}
	}
	if _, err := r.RemovePartner(t.Context(), anna, p.ID, "Left."); err != nil {
		t.Fatal(err)
	}
	if _, err := r.MovePartner(t.Context(), anna, p.ID, a.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("moved one who has left: %v", err)
	}
}

// Spec: D5.2 D29.3
func TestAnAdminChangesTheRecruiter(t *testing.T) {
	r, h, c := newRegistry(t)
	program := newProgram(t, r, "A", 2)
	p, rita := newPartner(t, h, program.ID, "paul@example.com"), newPartner(t, h, program.ID, "rita@example.com")
	c.Advance(time.Hour)
	m, err := r.ChangeRecruiter(t.Context(), anna, p.ID, rita.ID, "She wrote to us.")
	if err != nil || m.RecruiterID != rita.ID || !m.SignupAt.Equal(noon) {
		t.Errorf("%+v, %v", m, err)
	}
	if before, _, err := affiliate.MembershipAt(t.Context(), h, p.ID, noon); err != nil || before.RecruiterID != 0 {
		t.Errorf("earlier sales have got a recruiter: %+v, %v", before, err)
	}
	for _, other := range []affiliate.PartnerID{rita.ID, p.ID} {
		if _, err := r.ChangeRecruiter(t.Context(), anna, rita.ID, p.ID,
			"x"); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("%d recruited in a circle: %v", other, err)
		}
	}
	if history, err := r.History(t.Context(), "partner", int64(p.ID), 0, 9); err != nil || len(history) != 1 ||
		history[0].Reason != "She wrote to us." {
		t.Errorf("audit %+v, %v", history, err)
	}
}
