package affiliate_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// enrol enrols in a transaction of its own.
func enrol(t testing.TB, h *db.Handle, e affiliate.Enrolment) (p affiliate.Partner, m affiliate.Membership, made bool,
	err error) {
	t.Helper()
	if e.State == "" {
		e.State = affiliate.Active
	}
	if e.PaymentMethod == "" {
		e.PaymentMethod = affiliate.PayPal
	}
	if e.At.IsZero() {
		e.At = noon
	}
	err = h.Tx(t.Context(), func(tx *db.Tx) (err error) {
		p, m, made, err = affiliate.Enrol(t.Context(), tx, e)
		return err
	})
	return p, m, made, err
}

func newPartner(t testing.TB, h *db.Handle, program affiliate.ProgramID, email string) affiliate.Partner {
	t.Helper()
	p, _, made, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, email).ID, ProgramID: program})
	if err != nil || !made {
		t.Fatalf("%s: made %v, %v", email, made, err)
	}
	return p
}

// Spec: S16 S103.2 D2.1 D5
func TestEnrolMakesPartnerAndMembership(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 2)
	recruiter := newPartner(t, h, program.ID, "rita@example.com")
	contact := newContact(t, h, "paul@example.com")
	e := affiliate.Enrolment{ContactID: contact.ID, ProgramID: program.ID, RecruiterID: recruiter.ID,
		PayPalEmail: "pay@example.com"}
	p, m, made, err := enrol(t, h, e)
	if err != nil || !made || p.State != affiliate.Active || p.PayPalEmail != "pay@example.com" || len(p.Code) != 10 {
		t.Fatalf("%+v, %v, %v", p, made, err)
	}
	want := affiliate.Membership{ID: m.ID, PartnerID: p.ID, ProgramID: program.ID, RecruiterID: recruiter.ID,
		RecruiterFrom: m.RecruiterFrom, SignupAt: noon, StartedAt: noon}
	if running, ok, err := affiliate.RunningMembership(t.Context(), h, p.ID); err != nil || !ok ||
		!cmp.Equal(running, want) {
		t.Errorf("%v: %s", err, cmp.Diff(want, running))
	}
	if m, ok, err := affiliate.RunningMembership(t.Context(), h, recruiter.ID); err != nil || !ok ||
		m.RecruiterID != 0 {
		t.Errorf("nobody recruited the recruiter, yet %+v, %v", m, err)
	}
	e.RecruiterID, e.PayPalEmail, e.At = 0, "thief@example.com", noon.Add(time.Hour)
	again, _, made, err := enrol(t, h, e)
	if err != nil || made || !cmp.Equal(again, p) {
		t.Errorf("enrolled twice: made %v, %v, %s", made, err, cmp.Diff(p, again))
	}
	if m, _, _ := affiliate.RunningMembership(t.Context(), h, p.ID); !cmp.Equal(m, want) {
		t.Errorf("enrolling twice changed the membership: %s", cmp.Diff(want, m))
	}
}

// Spec: D2.1
func TestPartnerHasOneRunningMembership(t *testing.T) {
	r, h, _ := newRegistry(t)
	one, two := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	p := newPartner(t, h, one.ID, "paul@example.com")
	if _, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: p.ContactID, ProgramID: two.ID}); affiliate.KindOf(
		err) != affiliate.KindConflict {
		t.Errorf("a second program: %v", err)
	}
	if _, err := h.Exec(t.Context(),
		`INSERT INTO {wp}partner_center_memberships (partner_id, program_id, signup_at, started_at)
			VALUES (?, ?, ?, ?)`, p.ID, two.ID, noon, noon); !db.Duplicate(err) {
		t.Errorf("the database takes a second running membership: %v", err)
	}
}

// Spec: S103
func TestEnrollingAtOnceMakesOnePartner(t *testing.T) {
	r, h, _ := newRegistry(t)
	program, contact := newProgram(t, r, "A", 1), newContact(t, h, "paul@example.com")
	var wg sync.WaitGroup
	made := make(chan bool, 16)
	for range 16 {
		wg.Go(func() {
			_, _, yes, err := enrol(t, h, affiliate.Enrolment{ContactID: contact.ID, ProgramID: program.ID})
			if err != nil {
				t.Error(err)
			}
			if yes {
				made <- true
			}
		})
	}
	wg.Wait()
	if len(made) != 1 {
		t.Errorf("%d enrolments made a partner", len(made))
	}
}

// Who comes back may meet their own recruits as recruiters: they are not theirs.
// Spec: S14 S16 D29.3
func TestNobodyRecruitsHimself(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 2)
	recruited := func(email string, by affiliate.PartnerID) affiliate.Partner {
		p, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, email).ID, ProgramID: program.ID,
			RecruiterID: by})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	paul, other := newPartner(t, h, program.ID, "paul@example.com"), newPartner(t, h, program.ID, "other@example.com")
	child := recruited("child@example.com", paul.ID)
	grandchild := recruited("grandchild@example.com", child.ID)
	for by, want := range map[affiliate.PartnerID]affiliate.PartnerID{paul.ID: 0, child.ID: 0, grandchild.ID: 0,
		other.ID: other.ID} {
		end(t, h, paul.ID, noon)
		_, m, made, err := enrol(t, h, affiliate.Enrolment{ContactID: paul.ContactID, ProgramID: program.ID,
			RecruiterID: by, At: noon.Add(time.Hour)})
		if err != nil || !made || m.RecruiterID != want {
			t.Errorf("recruited by %v: %+v, %v, %v; want %v", by, m, made, err, want)
		}
	}
}

// end ends the running membership, as leaving a program does.
func end(t testing.TB, h *db.Handle, id affiliate.PartnerID, at time.Time) {
	t.Helper()
	for _, query := range []string{
		`UPDATE {wp}partner_center_memberships SET ended_at = ?, active = NULL WHERE partner_id = ? AND active = 1`,
		`UPDATE {wp}partner_center_partners SET state = 'removed', updated_at = ? WHERE id = ?`,
	} {
		if _, err := h.Exec(t.Context(), query, at, id); err != nil {
			t.Fatal(err)
		}
	}
}

// Spec: S39 D2
func TestMembershipAtTheTimeOfASale(t *testing.T) {
	r, h, _ := newRegistry(t)
	one, two := newProgram(t, r, "A", 1), newProgram(t, r, "B", 1)
	p := newPartner(t, h, one.ID, "paul@example.com")
	left, back := noon.Add(time.Hour), noon.Add(2*time.Hour)
	end(t, h, p.ID, left)
	again, m, made, err := enrol(t, h, affiliate.Enrolment{ContactID: p.ContactID, ProgramID: two.ID, At: back})
	if err != nil || !made || again.Code != p.Code || again.State != affiliate.Active || !m.SignupAt.Equal(back) {
		t.Fatalf("back: %+v, %+v, %v", again, m, err)
	}
	for _, test := range []struct {
		at   time.Time
		want affiliate.ProgramID
	}{
		{noon.Add(-time.Microsecond), 0}, {noon, one.ID}, {left.Add(-time.Microsecond), one.ID},
		{left, 0}, {back.Add(-time.Microsecond), 0}, {back, two.ID}, {back.AddDate(9, 0, 0), two.ID},
	} {
		m, ok, err := affiliate.MembershipAt(t.Context(), h, p.ID, test.at)
		if err != nil || ok != (test.want != 0) || m.ProgramID != test.want {
			t.Errorf("at %v they are in %v, %v; want %v", test.at, m.ProgramID, err, test.want)
		}
	}
}

// Spec: S39.1
func TestApplicationIsAnsweredOnce(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 1)
	apply := func(email string) affiliate.Partner {
		p, _, _, err := enrol(t, h, affiliate.Enrolment{ContactID: newContact(t, h, email).ID, ProgramID: program.ID,
			State: affiliate.Applied})
		if err != nil || p.State != affiliate.Applied {
			t.Fatalf("%+v, %v", p, err)
		}
		return p
	}
	yes, no, later := apply("yes@example.com"), apply("no@example.com"), noon.Add(time.Hour)
	if p, err := affiliate.Accept(t.Context(), h, yes.ID, later); err != nil || p.State != affiliate.Active {
		t.Errorf("%+v, %v", p, err)
	}
	if m, ok, err := affiliate.RunningMembership(t.Context(), h, yes.ID); err != nil || !ok ||
		!m.SignupAt.Equal(later) || !m.StartedAt.Equal(later) {
		t.Errorf("accepted: %+v, %v", m, err)
	}
	if p, err := affiliate.Decline(t.Context(), h, no.ID, later); err != nil || p.State != affiliate.Rejected {
		t.Errorf("%+v, %v", p, err)
	}
	if _, ok, err := affiliate.RunningMembership(t.Context(), h, no.ID); err != nil || ok {
		t.Errorf("a rejected applicant is a member: %v", err)
	}
	for _, id := range []affiliate.PartnerID{yes.ID, no.ID} {
		if _, err := affiliate.Accept(t.Context(), h, id, later); affiliate.KindOf(err) != affiliate.KindConflict {
			t.Errorf("answered twice: %v", err)
		}
	}
}

// Spec: S107 S115
func TestLinkUser(t *testing.T) {
	r, h, _ := newRegistry(t)
	program := newProgram(t, r, "A", 1)
	paul, rita := newPartner(t, h, program.ID, "paul@example.com"), newPartner(t, h, program.ID, "rita@example.com")
	link := func(id affiliate.PartnerID, user affiliate.UserID) error {
		return h.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := affiliate.LinkUser(t.Context(), tx, id, user, noon)
			return err
		})
	}
	for range 2 {
		if err := link(paul.ID, 7); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := r.PartnerByUser(t.Context(), 7); err != nil || got.ID != paul.ID {
		t.Errorf("user 7 is %+v, %v", got, err)
	}
	if c, err := r.Contact(t.Context(), paul.ContactID); err != nil || c.WPUserID != 7 {
		t.Errorf("their contact: %+v, %v", c, err)
	}
	if err := link(rita.ID, 7); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another partner with the same account: %v", err)
	}
	if err := link(paul.ID, 8); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("another account: %v", err)
	}
	for _, user := range []affiliate.UserID{0, 8} {
		if _, err := r.PartnerByUser(t.Context(), user); affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Errorf("user %d: %v", user, err)
		}
	}
	if n := version(t, h, "partners"); n != 3 {
		t.Errorf("sidecars were told %d times of 3 changes", n)
	}
}

func TestPartnerIsFoundByCode(t *testing.T) {
	r, h, _ := newRegistry(t)
	p := newPartner(t, h, newProgram(t, r, "A", 1).ID, "paul@example.com")
	for code, found := range map[string]bool{p.Code: true, "nobody": false, "": false} {
		got, err := affiliate.LoadPartnerByCode(t.Context(), h, code)
		if found != (err == nil && got.ID == p.ID) || !found && affiliate.KindOf(err) != affiliate.KindNotFound {
			t.Errorf("%q: %+v, %v", code, got, err)
		}
	}
}

// Spec: S5
func TestPaymentFollowsThePolicy(t *testing.T) {
	r, h, _ := newRegistry(t)
	p := newPartner(t, h, newProgram(t, r, "A", 1).ID, "paul@example.com")
	for _, test := range []struct {
		policy, method affiliate.PaymentPolicy
		email, field   string
	}{
		{affiliate.Choice, affiliate.PayPal, "Pay@Example.com", ""},
		{affiliate.Choice, affiliate.Check, "", ""},
		{affiliate.Choice, affiliate.PayPal, "", "paypal_email"},
		{affiliate.Choice, affiliate.PayPal, "not an address", "paypal_email"},
		{affiliate.Choice, affiliate.Choice, "pay@example.com", "payment_method"},
		{affiliate.PayPal, affiliate.Check, "", "payment_method"},
		{affiliate.PayPal, "", "pay@example.com", ""},
		{affiliate.Check, affiliate.PayPal, "pay@example.com", "payment_method"},
		{affiliate.Check, "", "", ""},
	} {
		saveSettings(t, r, func(s *affiliate.Settings) { s.PaymentMethod = test.policy })
		got, err := r.UpdatePayment(t.Context(), anna, p.ID,
			affiliate.Payment{Method: test.method, PayPalEmail: test.email})
		if (test.field == "") != (err == nil) || err != nil && problem(err, test.field) == "" {
			t.Errorf("%+v: %v", test, err)
		}
		if stored, _ := r.Partner(t.Context(), p.ID); err == nil && !cmp.Equal(got, stored) {
			t.Errorf("%+v: %s", test, cmp.Diff(got, stored))
		}
	}
}

// Spec: S141.1
func TestStatesOfPartners(t *testing.T) {
	for state, want := range map[affiliate.PartnerState][4]bool{ // links, earns, logs in, paid
		affiliate.Applied:   {false, false, false, false},
		affiliate.Active:    {true, true, true, true},
		affiliate.Suspended: {false, false, true, false},
		affiliate.Rejected:  {false, false, false, false},
		affiliate.Removed:   {false, false, false, true},
		"":                  {false, false, false, false},
	} {
		if got := [4]bool{state.LinksCount(), state.MayEarn(), state.MayLogIn(), state.MayBePaid()}; got != want {
			t.Errorf("%s: %v, want %v", state, got, want)
		}
	}
}
