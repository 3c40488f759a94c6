package affiliate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
)

// newProgram makes a program, and saves the settings first where they never were.
func newProgram(t testing.TB, r *affiliate.Registry, name string, tiers int) affiliate.Program {
	t.Helper()
	if s, err := r.Settings(t.Context()); err != nil || s.Version == 0 {
		saveSettings(t, r, nil)
	}
	p, err := r.CreateProgram(t.Context(), anna, affiliate.Program{Name: name, Tiers: tiers,
		Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Spec: S2.1
func TestProgramNeedsSettings(t *testing.T) {
	r, _, _ := newRegistry(t)
	_, err := r.CreateProgram(t.Context(), anna, affiliate.Program{Name: "Gold", Tiers: 1,
		Visibility: affiliate.SeeName, Signup: affiliate.SignupOpen})
	if affiliate.KindOf(err) != affiliate.KindConflict || !strings.Contains(err.Error(), "save the settings") {
		t.Errorf("without settings: %v", err)
	}
	if programs, err := r.Programs(t.Context()); err != nil || len(programs) != 0 {
		t.Errorf("yet there is %v, %v", programs, err)
	}
	newProgram(t, r, "Gold", 1)
}

// Spec: S11.2 S12.1 S17.1
func TestProgramIsChecked(t *testing.T) {
	r, _, _ := newRegistry(t)
	good := newProgram(t, r, "Gold", 2)
	for field, change := range map[string]func(*affiliate.Program){
		"name":       func(p *affiliate.Program) { p.Name = " \t" },
		"tiers":      func(p *affiliate.Program) { p.Tiers = 3 },
		"visibility": func(p *affiliate.Program) { p.Visibility = "all" },
		"signup":     func(p *affiliate.Program) { p.Signup = "" },
	} {
		p := good
		change(&p)
		if _, err := r.EditProgram(t.Context(), anna, p); problem(err, field) == "" {
			t.Errorf("%s: edited with %v", field, err)
		}
		if _, err := r.CreateProgram(t.Context(), anna, p); problem(err, field) == "" {
			t.Errorf("%s: created with %v", field, err)
		}
	}
	for _, visibility := range []affiliate.Visibility{affiliate.SeeNameAndEmail, affiliate.SeeName,
		affiliate.SeeFirstName, affiliate.SeeNobody} {
		p := good
		p.Visibility = visibility
		if got, err := r.EditProgram(t.Context(), anna, p); err != nil || got.Visibility != visibility {
			t.Errorf("%s: %v", visibility, err)
		}
	}
}

// Spec: S3.2 S11.1 S12 S21
func TestProgramsAreListedAndEditedApart(t *testing.T) {
	r, h, c := newRegistry(t)
	silver, gold := newProgram(t, r, "  Silver\n", 1), newProgram(t, r, "Gold", 2)
	if silver.Name != "Silver" || silver.Code == gold.Code || silver.ID == gold.ID {
		t.Errorf("created %+v and %+v", silver, gold)
	}
	c.Advance(time.Minute)
	edited := gold
	edited.Name, edited.Tiers, edited.Signup, edited.ShowPending = "Gold II", 1, affiliate.SignupApproval, true
	edited.Code = "anothercode"
	edited, err := r.EditProgram(t.Context(), anna, edited)
	if err != nil || edited.Code != gold.Code || !edited.UpdatedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("edited %+v, %v", edited, err)
	}
	programs, err := r.Programs(t.Context())
	if err != nil || !cmp.Equal(programs, []affiliate.Program{edited, silver}) {
		t.Errorf("%v: %s", err, cmp.Diff([]affiliate.Program{edited, silver}, programs))
	}
	if got, err := r.ProgramByCode(t.Context(), strings.ToUpper(gold.Code)); err != nil || got != edited {
		t.Errorf("by code: %+v, %v", got, err)
	}
	if n := version(t, h, "programs"); n != 3 {
		t.Errorf("sidecars were told %d times of 3 changes", n)
	}
	if history, err := r.History(t.Context(), "program", int64(gold.ID), 0, 10); err != nil || len(history) != 2 ||
		history[0].Action != "edit" {
		t.Errorf("history %v, %v", history, err)
	}
}

func TestArchivedProgramIsKept(t *testing.T) {
	r, _, c := newRegistry(t)
	first, second := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	archived, err := r.ArchiveProgram(t.Context(), anna, first.ID)
	if err != nil || !archived.Archived() {
		t.Fatalf("%+v, %v", archived, err)
	}
	c.Advance(time.Minute)
	if again, err := r.ArchiveProgram(t.Context(), anna, first.ID); err != nil || !again.ArchivedAt.Equal(noon) {
		t.Errorf("archived again: %+v, %v", again, err)
	}
	if programs, err := r.Programs(t.Context()); err != nil || len(programs) != 2 || programs[0].ID != second.ID ||
		!programs[1].Archived() {
		t.Errorf("listed %+v, %v", programs, err)
	}
	if back, err := r.UnarchiveProgram(t.Context(), anna, first.ID); err != nil || back.Archived() {
		t.Errorf("back: %+v, %v", back, err)
	}
}

func TestWelcomeToolBelongsToTheProgram(t *testing.T) {
	r, h, _ := newRegistry(t)
	p, other := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	tool := newTool(t, h, p.ID)
	p.WelcomeToolID = tool
	if got, err := r.EditProgram(t.Context(), anna, p); err != nil || got.WelcomeToolID != tool {
		t.Errorf("own tool: %+v, %v", got, err)
	}
	other.WelcomeToolID = tool
	if _, err := r.EditProgram(t.Context(), anna, other); problem(err, "welcome_tool_id") == "" {
		t.Errorf("another program's tool: %v", err)
	}
}

func TestUnknownProgramIsMissing(t *testing.T) {
	r, _, _ := newRegistry(t)
	for _, call := range []func() error{
		func() error { _, err := r.Program(t.Context(), 99); return err },
		func() error { _, err := r.ProgramByCode(t.Context(), "nope"); return err },
		func() error { _, err := r.ArchiveProgram(t.Context(), anna, 99); return err },
	} {
		if err := call(); affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Error(err)
		}
	}
}
