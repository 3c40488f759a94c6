package imports_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/persons"
	"partnercenter/affiliate/shoptest"
	"partnercenter/db"
)

// A process that dies anywhere in an import leaves each line done or untouched;
// whoever takes over goes on behind them, and nothing is done twice.
//
// Spec: S151.3 S142.4
func TestAnImportSurvivesItsProcess(t *testing.T) {
	for _, kind := range []imports.Kind{imports.Contacts, imports.Partners} {
		t.Run(string(kind), func(t *testing.T) {
			s := newSite(t)
			i := s.check(kind, file(430))
			i = shoptest.Must(s.imports.Start(t.Context(), shoptest.Anna, i.ID))(t)
			died := 0
			for after := 7; ; after += 191 {
				ctx, die := context.WithCancel(t.Context())
				statements := 0
				s.DB.Watch(func(*db.Tx, string) {
					if statements++; statements == after {
						die()
					}
				})
				did, err := s.tasks.Run(ctx)
				s.DB.Watch(nil)
				if ctx.Err() == nil && !did {
					break
				}
				if ctx.Err() != nil {
					died++
				} else if err != nil {
					t.Fatal(err)
				}
				die()
				s.Clock.Advance(2 * time.Minute) // its hold is over
				s.restart()
			}
			if died < 3 {
				t.Errorf("it died only %d times", died)
			}
			s.want(i, "430 new")
			if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email LIKE 'buyer%'`); n != 430 {
				t.Errorf("%d contacts", n)
			}
			object, action := "contact", "import"
			if kind == imports.Partners {
				object, action = "partner", "add"
			}
			if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object = ? AND action = ?`, object,
				action); n != 430 {
				t.Errorf("%d entries in the audit", n)
			}
			ended := shoptest.Must(s.tasks.Task(t.Context(), i.TaskID))(t)
			if ended.Done != 430 || ended.Changed != 430 || ended.Notes()["new"] != 430 {
				t.Errorf("%+v", ended)
			}
			s.WantClean()
		})
	}
}

// The same file again changes nothing, and what was imported can be stopped and
// resumed on the way.
//
// Spec: S151.3 S142.4
func TestTheSameFileTwice(t *testing.T) {
	for kind, again := range map[imports.Kind]string{imports.Contacts: "3 same", imports.Partners: "3 same"} {
		s := newSite(t)
		i := s.check(kind, file(3))
		i = shoptest.Must(s.imports.Start(t.Context(), shoptest.Anna, i.ID))(t)
		s.OK(s.tasks.Stop(t.Context(), shoptest.Anna, i.TaskID))
		s.work(i)
		s.want(i, "")
		s.OK(s.tasks.Resume(t.Context(), shoptest.Anna, i.TaskID))
		if i = s.work(i); i.State != imports.Taken {
			t.Errorf("%+v", i)
		}
		s.want(i, "3 new")
		if i = s.take(i); i.State != imports.Taken { // sent twice
			t.Errorf("%+v", i)
		}
		audits := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit WHERE object IN ('contact', 'partner')`)
		twice := s.check(kind, file(3))
		planned, _, err := s.imports.Counts(t.Context(), twice.ID)
		s.OK(err)
		if got := said(planned); got != again {
			t.Errorf("the dry run says %s", got)
		}
		s.take(twice)
		s.want(twice, again)
		if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_audit
			WHERE object IN ('contact', 'partner')`); n != audits {
			t.Errorf("%d entries more", n-audits)
		}
	}
}

// Two admins who press the button at once start one import; two who import files about
// the same people at once make each of them once.
func TestTwoAdminsImportAtOnce(t *testing.T) {
	s := newSite(t)
	a, b := s.check(imports.Contacts, file(150)), s.check(imports.Contacts, file(150))
	var both sync.WaitGroup
	for _, id := range []imports.ID{a.ID, b.ID, a.ID, b.ID} {
		both.Go(func() {
			if _, err := s.imports.Start(context.WithoutCancel(t.Context()), shoptest.Bob, id); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if n := s.Number(`SELECT COUNT(*) FROM {wp}partner_center_tasks`); n != 2 {
		t.Errorf("%d tasks", n)
	}
	for range 2 {
		both.Go(func() {
			for {
				if did, err := s.tasks.Run(context.WithoutCancel(t.Context())); err != nil || !did {
					if err != nil {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	both.Wait()
	_, first, err := s.imports.Counts(t.Context(), a.ID)
	s.OK(err)
	_, second, err := s.imports.Counts(t.Context(), b.ID)
	s.OK(err)
	if first["new"]+second["new"] != 150 || first["same"]+second["same"] != 150 {
		t.Errorf("%v, %v", first, second)
	}
}

// At the end nothing is kept of what the lines said. A file that nobody takes in is
// forgotten after two days, and who is erased meanwhile doesn't come back by it.
//
// Spec: D37
func TestFilesOfPeopleAreForgotten(t *testing.T) {
	s := newSite(t)
	i := s.take(s.check(imports.Contacts, file(2)))
	cells := `SELECT COUNT(*) FROM {wp}partner_center_import_lines WHERE cells <> ''`
	if n := s.Number(cells); n != 0 || i.HeadingsJSON != "" {
		t.Errorf("%d lines still say who they were about; %q", n, i.HeadingsJSON)
	}
	waits := s.check(imports.Contacts, file(3)) // buyer2 is new in it
	gone := shoptest.Must(s.Registry.ContactByEmail(t.Context(), "buyer1@mail.test"))(t)
	forget := persons.Service{DB: s.DB, Now: s.Clock.Now,
		Facts: func(context.Context, db.Queryer, affiliate.Traces) error { return nil }}
	shoptest.Must(forget.Erase(t.Context(), shoptest.Anna, persons.Asked{Contact: gone.ID, Reason: "asked"}))(t)
	s.take(waits)
	s.want(waits, "1 new, 1 same, 1 skipped")
	if _, err := s.Registry.ContactByEmail(t.Context(), "buyer1@mail.test"); affiliate.KindOf(err) == 0 {
		t.Error("who was erased is back")
	}
	noted, n, err := s.imports.Noted(t.Context(), waits.ID, 9)
	if err != nil || n != 1 || !strings.Contains(noted[0].Problem.String(), "deleted before it was imported") {
		t.Errorf("%+v %v", noted, err)
	}
	old := s.check(imports.Contacts, file(4))
	s.Clock.Advance(47 * time.Hour)
	s.OK(s.imports.Prune(t.Context()))
	shoptest.Must(s.imports.Import(t.Context(), old.ID))(t)
	s.Clock.Advance(2 * time.Hour)
	s.OK(s.imports.Prune(t.Context()))
	if _, err := s.imports.Import(t.Context(), old.ID); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Error(err)
	}
	if n := s.Number(cells); n != 0 {
		t.Errorf("%d lines are left", n)
	}
}

// An import of contacts is undone for those to whom nothing has happened since.
//
// Spec: S151
func TestAnImportIsUndone(t *testing.T) {
	s := newSite(t)
	known := "known@mail.test"
	s.OptIn(known, "", s.Clock.Now())
	i := s.take(s.check(imports.Contacts, file(5)+known+",,,Tea\n"))
	s.want(i, "5 new, 1 filled")
	s.Clock.Advance(time.Hour)
	partner := s.Partner("bert")
	s.OptIn("buyer0@mail.test", s.Click(partner), s.Clock.Now())
	changed := shoptest.Must(s.Registry.ContactByEmail(t.Context(), "buyer1@mail.test"))(t)
	shoptest.Must(s.Registry.EditContact(t.Context(), shoptest.Bob, changed.ID, changed.UpdatedAt,
		affiliate.Person{Email: changed.Email, FirstName: "Eve"}, nil))(t)
	s.Place(s.Sale("buyer4@mail.test", "")) // which nobody gets credit for
	for range 2 {
		shoptest.Must(s.imports.Undo(t.Context(), shoptest.Bob, i.ID))(t)
		i = s.work(i)
	}
	if i.State != imports.Undone {
		t.Error(i.State)
	}
	s.want(i, "3 new, 1 filled, 2 undone")
	for n, there := range []bool{true, true, false, false, true} {
		_, err := s.Registry.ContactByEmail(t.Context(), fmt.Sprintf("buyer%d@mail.test", n))
		if (err == nil) != there {
			t.Errorf("buyer%d: %v", n, err)
		}
	}
	joined := s.take(s.check(imports.Partners, "Email\nnew@mail.test"))
	if _, err := s.imports.Undo(t.Context(), shoptest.Bob, joined.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Error(err)
	}
	s.WantClean()
}

// A file of partners names their program and recruiter, and fills in the site's own
// fields; each problem stands by its line.
//
// Spec: S142 S32
func TestColumnsOfPartners(t *testing.T) {
	s := newSite(t)
	s.Settings(func(x *affiliate.Settings) { x.PaymentMethod = affiliate.Choice })
	mia := s.Partner("mia")
	size := shoptest.Must(s.Registry.AddContactField(t.Context(), shoptest.Anna, affiliate.ContactField{
		Name: "Team size", Kind: affiliate.FieldNumber}))(t)
	i := s.check(imports.Partners, "E-Mail\tName\tRecruiter\tTEAM_SIZE\tPaid by\n"+
		"a@mail.test\tAnna van Ray\t"+mia.Code+"\t12\tcheck\n"+ // 2
		"b@mail.test\tBert\ta@mail.test\t\t\n"+ // 3: recruited by line 2
		"c@mail.test\tCarl\tnobody\t\t\n"+ // 4
		"d@mail.test\tDora\t\tmany\t\n"+ // 5
		"A@mail.test\tAgain\t\t\t\n"+ // 6
		"e@mail.test\tEve www.spam.test\t\t\t\n") // 7
	noted, n, err := s.imports.Noted(t.Context(), i.ID, 9)
	s.OK(err)
	for k, want := range []string{"4 recruiter There is no partner “nobody”.",
		"5 " + size.FormName() + " Please enter a number.", "6 email Line 2 has this address already.",
		"7 last_name A name can't hold a web address."} {
		if n != 4 || fmt.Sprintf("%d %s %s", noted[k].Number, noted[k].Field, noted[k].Problem) != want {
			t.Errorf("%d lines; %+v, want %s", n, noted[k], want)
		}
	}
	s.take(i)
	s.want(i, "2 new, 4 skipped")
	anna := shoptest.Must(s.Registry.PartnerByEmail(t.Context(), "a@mail.test"))(t)
	bert := shoptest.Must(s.Registry.PartnerByEmail(t.Context(), "b@mail.test"))(t)
	for p, by := range map[affiliate.PartnerID]affiliate.PartnerID{anna.ID: mia.ID, bert.ID: anna.ID} {
		m, _, err := affiliate.RunningMembership(t.Context(), s.DB, p)
		if err != nil || m.RecruiterID != by {
			t.Errorf("%+v, want %s; %v", m, by, err)
		}
	}
	own := shoptest.Must(s.Registry.FieldValues(t.Context(), anna.ContactID))(t)
	if own[size.ID] != "12" || anna.PaymentMethod != affiliate.Check {
		t.Errorf("%v, %+v", own, anna)
	}
}

// A file of contacts fills in the site's own fields where they are blank.
//
// Spec: S32 S151
func TestOwnFieldsOfContacts(t *testing.T) {
	s := newSite(t)
	tea := shoptest.Must(s.Registry.AddContactField(t.Context(), shoptest.Anna, affiliate.ContactField{
		Name: "Tea", Kind: affiliate.FieldChoice, Choices: "green\nblack"}))(t)
	s.take(s.check(imports.Contacts, "Email,tea\na@mail.test,GREEN\nb@mail.test,\nc@mail.test,coffee"))
	again := s.take(s.check(imports.Contacts, "Email,tea\na@mail.test,black\nb@mail.test,black"))
	s.want(again, "1 filled, 1 same")
	for email, want := range map[string]string{"a@mail.test": "green", "b@mail.test": "black"} {
		c := shoptest.Must(s.Registry.ContactByEmail(t.Context(), email))(t)
		if own := shoptest.Must(s.Registry.FieldValues(t.Context(), c.ID))(t); own[tea.ID] != want ||
			c.First != (affiliate.Referrer{}) || c.Origin != affiliate.ByImport {
			t.Errorf("%s: %v, %+v", email, own, c)
		}
	}
}

// BenchmarkImport is a file of as many contacts and partners as one may have.
func BenchmarkImport(b *testing.B) {
	for kind, n := range imports.MostLines {
		b.Run(fmt.Sprintf("%s %d", kind, n), func(b *testing.B) {
			s := newSite(b)
			s.DB.Watch(nil)
			began := time.Now()
			i := s.check(kind, file(n))
			b.ReportMetric(time.Since(began).Seconds(), "s/check")
			began = time.Now()
			s.take(i)
			b.ReportMetric(time.Since(began).Seconds(), "s/import")
			s.want(i, fmt.Sprintf("%d new", n))
		})
	}
}
