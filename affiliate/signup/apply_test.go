package signup_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
)

// Spec: S4.2 S39 S103.1 S103.2
func TestSignUpMakesContactPartnerAndMembership(t *testing.T) {
	s := newSite(t)
	other := s.newProgram(affiliate.Program{Name: "Silver"})
	s.ask(signup.Company, signup.AskOptional)
	r := s.apply(signup.Application{ProgramCode: strings.ToUpper(s.program.Code), Email: " Paul@Example.com",
		FirstName: "Paul", LastName: "Berg",
		Answers: map[string]string{signup.Company: "Berg Inc."}, PayPalEmail: "Pay@example.com", Page: "https://shop.example/join"})
	if r.Outcome != signup.Joined || r.Program.ID != s.program.ID || r.Partner.State != affiliate.Active ||
		r.Partner.PayPalEmail != "pay@example.com" {
		t.Errorf("%+v", r)
	}
	c, err := affiliate.LoadContactByEmail(t.Context(), s.db, "paul@example.com")
	if err != nil || c.ID != r.Partner.ContactID || c.Name() != "Paul Berg" || c.Company != "Berg Inc." ||
		c.Origin != affiliate.BySignUp {
		t.Errorf("contact %+v, %v", c, err)
	}
	m, ok, err := affiliate.RunningMembership(t.Context(), s.db, r.Partner.ID)
	if err != nil || !ok || m.ProgramID != s.program.ID || m.ProgramID == other.ID || !m.SignupAt.Equal(noon) ||
		m.RecruiterID != 0 {
		t.Errorf("membership %+v, %v", m, err)
	}
}

// Spec: S5 S103
func TestSignUpIsCheckedByField(t *testing.T) {
	s := newSite(t)
	for _, field := range []string{signup.Company, signup.Website, signup.Promotion} {
		s.ask(field, signup.AskOptional)
	}
	answer := func(field, text string) func(*signup.Application) {
		return func(a *signup.Application) { a.Answers = map[string]string{field: text} }
	}
	for field, change := range map[string]func(*signup.Application){
		"email":          func(a *signup.Application) { a.Email = "paul" },
		"first_name":     func(a *signup.Application) { a.FirstName = strings.Repeat("x", 101) },
		"last_name":      func(a *signup.Application) { a.LastName = strings.Repeat("x", 101) },
		"company":        answer(signup.Company, strings.Repeat("x", 191)),
		"site":           answer(signup.Website, "javascript:alert(1)"),
		"promotion":      answer(signup.Promotion, strings.Repeat("x", 2001)),
		"paypal_email":   func(a *signup.Application) { a.PayPalEmail = "nowhere" },
		"payment_method": func(a *signup.Application) { a.Method = affiliate.Check }, // the settings say PayPal
	} {
		a := s.form("paul@example.com")
		change(&a)
		if _, err := s.Apply(t.Context(), a); problem(err, field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, table := range []string{"contacts", "partners", "mails", "jobs", "touchpoints"} {
		if n := s.number(table); n != 0 {
			t.Errorf("refused sign-ups left %d %s", n, table)
		}
	}
}

// Spec: S5
func TestSignUpChoosesThePaymentMethodWhereItMay(t *testing.T) {
	s := newSite(t)
	s.settings(func(set *affiliate.Settings) { set.PaymentMethod = affiliate.Choice })
	a := s.form("paul@example.com")
	a.Method = affiliate.Check
	if p := s.apply(a).Partner; p.PaymentMethod != affiliate.Check {
		t.Errorf("%+v", p)
	}
	if p := s.partner("rita@example.com"); p.PaymentMethod != affiliate.PayPal {
		t.Errorf("without a choice: %+v", p)
	}
}

// Spec: S14 S16 D5.1
func TestReferrerOfTheSignUpIsTheRecruiter(t *testing.T) {
	s := newSite(t)
	rita, otto := s.partner("rita@example.com"), s.partner("otto@example.com")
	byRita, byOtto := s.click(s.linkOf(rita)), s.click(s.linkOf(otto))
	recruiter := func(email string, credit affiliate.Credit, earlier, click string) affiliate.PartnerID {
		t.Helper()
		s.settings(func(set *affiliate.Settings) { set.Credit = credit })
		if earlier != "" {
			s.optIn(email, earlier)
		}
		a := s.form(email)
		a.Click = click
		return s.apply(a).Membership.RecruiterID
	}
	for i, test := range []struct {
		credit         affiliate.Credit
		earlier, click string // opt-in before, and the sign-up form's own cookie
		want           affiliate.PartnerID
	}{
		{affiliate.LastReferrer, "", byRita, rita.ID},
		{affiliate.LastReferrer, byRita, byOtto, otto.ID}, // the form's cookie is applied first
		{affiliate.FirstReferrer, byRita, byOtto, rita.ID},
		{affiliate.LastReferrer, byRita, "", rita.ID}, // the cookie is gone, the contact knows
		{affiliate.LastReferrer, "", "", 0},
		{affiliate.FirstReferrer, "none", byOtto, 0}, // known before without a click: first is blank for ever
	} {
		if got := recruiter(string(rune('a'+i))+"@example.com", test.credit, test.earlier,
			test.click); got != test.want {
			t.Errorf("%d: %+v: recruited by %v", i, test, got)
		}
	}
}

// optIn submits another form before the sign-up.
func (s *site) optIn(email, click string) {
	s.Helper()
	_, err := s.tracker.ApplyTouchpoint(s.ctx, s.db, tracking.Touchpoint{Kind: tracking.OptIn, Source: "wordpress",
		ExternalID: email, Email: email,
		Click: click, At: s.clock.Now(), Origin: affiliate.ByForm})
	s.ok(err)
	s.clock.Advance(time.Second)
}

// Spec: S16 D5 D6 D29.3
func TestRecruiterMustBeAnActivePartnerAndSomebodyElse(t *testing.T) {
	s := newSite(t)
	rita := s.partner("rita@example.com")
	click := s.click(s.linkOf(rita))
	s.optIn("before@example.com", click)
	if _, err := s.db.Exec(t.Context(), `UPDATE {wp}partner_center_partners SET state = 'suspended' WHERE id = ?`,
		rita.ID); err != nil {
		t.Fatal(err)
	}
	if m := s.apply(s.form("before@example.com")).Membership; m.RecruiterID != 0 {
		t.Errorf("recruited by a suspended partner: %+v", m)
	}
	self := s.partner("self@example.com")
	own := s.form("self@example.com")
	own.Click = s.click(s.linkOf(self)) // makes them their own last referrer
	s.apply(own)
	s.leave(self)
	r, err := s.Add(t.Context(), anna, signup.Addition{ProgramID: s.program.ID,
		Person: affiliate.Person{Email: "self@example.com"}})
	if err != nil || r.Membership.RecruiterID != 0 {
		t.Errorf("recruited by themselves: %+v, %v", r, err)
	}
}

// leave ends the partner's membership, as an admin's removal does.
func (s *site) leave(p affiliate.Partner) {
	s.Helper()
	for _, query := range []string{
		`UPDATE {wp}partner_center_memberships SET active = NULL, ended_at = ? WHERE partner_id = ? AND active = 1`,
		`UPDATE {wp}partner_center_partners SET state = 'removed', updated_at = ? WHERE id = ?`,
	} {
		_, err := s.db.Exec(s.ctx, query, s.clock.Now(), p.ID)
		s.ok(err)
	}
}

// Spec: S103
func TestSigningUpTwiceIsOneSignUp(t *testing.T) {
	s := newSite(t)
	a := s.form("paul@example.com")
	a.FormID = "f1"
	first := s.apply(a)
	double := s.apply(a)
	a.FormID, a.FirstName, a.PayPalEmail = "f2", "Eve", "eve@example.com"
	s.clock.Advance(time.Hour)
	later := s.apply(a)
	for _, r := range []signup.Result{double, later} {
		if r.Outcome != signup.Already || r.Partner != first.Partner || r.Membership.ID != first.Membership.ID {
			t.Errorf("again: %+v, first %+v", r, first)
		}
	}
	if c, err := s.registry.Contact(t.Context(), first.Partner.ContactID); err != nil || c.FirstName != "Paul" {
		t.Errorf("a stranger's form changed the partner: %+v, %v", c, err)
	}
	s.wordpress()
	if n := s.number("partners") + s.number("memberships") + s.number("jobs"); n != 3 {
		t.Errorf("%d partners, memberships and jobs, want one each", n)
	}
	s.mails()
}

// Spec: S103
func TestFormIDOfAnotherPersonIsNoAnswer(t *testing.T) {
	s := newSite(t)
	a := s.form("paul@example.com")
	a.FormID = "f1"
	paul := s.apply(a)
	a.Email = "rita@example.com"
	if r := s.apply(a); r.Outcome != signup.Joined || r.Partner.ContactID == paul.Partner.ContactID {
		t.Errorf("%+v", r)
	}
}

// Spec: S103
func TestSigningUpAtOnceMakesOnePartner(t *testing.T) {
	s := newSite(t)
	outcomes := make(chan signup.Outcome, 12)
	var wg sync.WaitGroup
	for i := range cap(outcomes) {
		wg.Go(func() {
			a := s.form("paul@example.com")
			a.FormID = string(rune('a' + i%4))
			r, err := s.Apply(t.Context(), a)
			if err != nil {
				t.Error(err)
			}
			outcomes <- r.Outcome
		})
	}
	wg.Wait()
	close(outcomes)
	joined := 0
	for o := range outcomes {
		if o == signup.Joined {
			joined++
		}
	}
	if joined != 1 || s.number("partners") != 1 || s.number("contacts") != 1 || s.number("jobs") != 1 {
		t.Errorf("%d joined; %d partners", joined, s.number("partners"))
	}
}

func TestWhoIsPartnerElsewhereIsTold(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	silver := s.newProgram(affiliate.Program{Name: "Silver"})
	a := s.form("paul@example.com")
	a.ProgramCode = silver.Code
	if r := s.apply(a); r.Outcome != signup.Already || r.Program.ID != s.program.ID || r.Partner != p {
		t.Errorf("%+v", r)
	}
}

func TestProgramThatTakesNobody(t *testing.T) {
	s := newSite(t)
	closed := s.newProgram(affiliate.Program{Name: "Closed", Signup: affiliate.SignupClosed})
	archived := s.newProgram(affiliate.Program{Name: "Archived"})
	if _, err := s.registry.ArchiveProgram(t.Context(), anna, archived.ID); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]affiliate.Kind{closed.Code: affiliate.KindConflict,
		archived.Code: affiliate.KindConflict, "unknown": affiliate.KindNotFound} {
		a := s.form("paul@example.com")
		a.ProgramCode = code
		if _, err := s.Apply(t.Context(), a); affiliate.KindOf(err) != want {
			t.Errorf("%s: %v", code, err)
		}
	}
	if n := s.number("contacts"); n != 0 {
		t.Errorf("%d contacts were made", n)
	}
}

func TestOnlyAnAdminTakesBackWhoWasTurnedAway(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	s.leave(p)
	if barred, err := s.Apply(t.Context(), s.form("paul@example.com")); err != nil || barred.Outcome != signup.Barred ||
		s.number("touchpoints") != 1 {
		t.Errorf("by form: %+v, %v", barred, err)
	}
	r, err := s.Add(t.Context(), anna, signup.Addition{ProgramID: s.program.ID,
		Person: affiliate.Person{Email: "paul@example.com"}})
	if err != nil || r.Outcome != signup.Joined || r.Partner.Code != p.Code || r.Partner.State != affiliate.Active {
		t.Errorf("by an admin: %+v, %v", r, err)
	}
}

// Spec: S107.1
func TestLoggedInVisitorIsLinkedAtOnce(t *testing.T) {
	s := newSite(t)
	a := s.form("paul@example.com")
	a.UserID = 7
	r := s.apply(a)
	if got, err := s.registry.PartnerByUser(t.Context(), 7); err != nil || got != r.Partner {
		t.Errorf("user 7 is %+v, %v", got, err)
	}
	a.Email = "other@example.com"
	if again := s.apply(a); again.Outcome != signup.Already || again.Partner != r.Partner || s.number("contacts") != 1 {
		t.Errorf("with another address: %+v", again)
	}
	if asked := s.wordpress(); len(asked) != 1 || asked[0].UserID != 7 {
		t.Errorf("asked of WordPress: %+v", asked)
	}
}

// Nothing is queued about a sign-up that did not happen.
func TestSignUpIsAllOrNothing(t *testing.T) {
	s := newSite(t)
	s.partner("rita@example.com")
	if _, err := s.db.Exec(t.Context(), `UPDATE {wp}partner_center_partners SET wp_user_id = 7`); err != nil {
		t.Fatal(err)
	}
	jobs, contacts := s.number("jobs"), s.number("contacts")
	_, err := s.Add(t.Context(), anna, signup.Addition{ProgramID: s.program.ID,
		Person: affiliate.Person{Email: "paul@example.com", UserID: 7}})
	if affiliate.KindOf(err) != affiliate.KindConflict || s.number("jobs") != jobs ||
		s.number("contacts") != contacts || s.number("partners") != 1 {
		t.Errorf("a user of another partner: %v; %d jobs, %d contacts", err, s.number("jobs"), s.number("contacts"))
	}
	if waiting, err := s.outbox.Mails(t.Context(), messages.Queued, affiliate.Page{Limit: 9}); err != nil ||
		len(waiting) != 0 {
		t.Errorf("%+v, %v", waiting, err)
	}
}
