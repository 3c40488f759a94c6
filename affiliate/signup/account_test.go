package signup_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/affiliate/tracking"
)

// Spec: S105.1 S106.1 S107.1
func TestNewPartnerIsWelcomedOnceTheAccountIsMade(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	if mails := s.mails(); len(mails) != 0 {
		t.Errorf("before the account is made: %v", mails)
	}
	if asked := s.wordpress(); len(asked) != 1 ||
		asked[0] != (messages.UserJob{PartnerID: p.ID, Email: "paul@example.com", FirstName: "Paul"}) {
		t.Errorf("asked of WordPress: %+v", asked)
	}
	if got, err := s.registry.PartnerByUser(t.Context(), 101); err != nil || got.ID != p.ID {
		t.Errorf("user 101 is %+v, %v", got, err)
	}
	mails := s.mails()
	if m := mails["welcome"]; m.Recipient != "paul@example.com" || !strings.Contains(m.Text, s.linkOf(p)+"\n") ||
		!strings.Contains(m.Text, center) || m.Subject != "Welcome to Gold" {
		t.Errorf("welcome %+v", m)
	}
	if m := mails["login"]; m.UserID != 101 || !strings.Contains(m.Text, messages.SetPasswordURL) ||
		!strings.Contains(m.Text, messages.Login) {
		t.Errorf("log-in details %+v", m)
	}
	for range 2 {
		s.clock.Advance(time.Hour)
		s.ok(s.AccountMade(t.Context(), p.ID, 101, false))
	}
	if n := s.number("mails"); n != 2 {
		t.Errorf("asked again, there are %d mails", n)
	}
}

// The link in the mail is the partner's own, leads to the target page and
// counts for them.
// Spec: S105.2
func TestLinkInTheWelcomeMailWorks(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	s.wordpress()
	for _, line := range strings.Split(s.mails()["welcome"].Text, "\n") {
		if strings.HasPrefix(line, base) {
			s.optIn("buyer@example.com", s.click(line))
		}
	}
	if c, err := affiliate.LoadContactByEmail(t.Context(), s.db, "buyer@example.com"); err != nil ||
		c.First.PartnerID != p.ID || c.First.ToolID != s.tool.ID {
		t.Errorf("who came by the link was referred by %+v, %v", c.First, err)
	}
}

// Spec: S105.1
func TestWelcomeShowsTheToolOfTheProgram(t *testing.T) {
	s := newSite(t)
	welcome := func(email string) string {
		t.Helper()
		p := s.partner(email)
		s.wordpress()
		s.write()
		mails, err := s.outbox.Claim(t.Context(), 10)
		s.ok(err)
		for _, m := range mails {
			if m.Kind == "welcome" {
				return strings.ReplaceAll(m.Text, p.Code, "CODE")
			}
		}
		return ""
	}
	second := s.newTool(tracking.Tool{Kind: tracking.StandardLink, Name: "Zebra",
		TargetURL: "https://shop.example/zebra"})
	direct := s.newTool(tracking.Tool{Kind: tracking.DirectLink, Name: "Direct",
		TargetURL: "https://shop.example/direct"})
	s.program.WelcomeToolID = second.ID
	_, err := s.registry.EditProgram(t.Context(), anna, s.program)
	s.ok(err)
	for _, test := range []struct {
		archive affiliate.ToolID
		want    string
	}{
		{0, "go/" + second.Code + "?p=CODE\n"},
		{second.ID, "go/" + s.tool.Code + "?p=CODE\n"},
		{s.tool.ID, "https://shop.example/direct?orid=CODE&opid=" + direct.Code + "\n"},
		{direct.ID, "Your links, banners"},
	} {
		if test.archive != 0 {
			s.ok(s.tracker.ArchiveTool(t.Context(), anna, test.archive))
		}
		if text := welcome(test.want[:4] + test.archive.String() + "@example.com"); !strings.Contains(text, test.want) {
			t.Errorf("want %q in\n%s", test.want, text)
		}
	}
}

// Spec: S106
func TestWithoutACenterThereIsOnlyTheLink(t *testing.T) {
	s := newSite(t)
	s.center = ""
	p := s.partner("paul@example.com")
	s.wordpress()
	mails := s.mails()
	if text := mails["welcome"].Text; len(mails) != 1 || !strings.Contains(text, s.linkOf(p)) ||
		strings.Contains(text, "partner center:") {
		t.Errorf("%v", mails)
	}
}

// Who has an account already, as a WordPress user made a partner by hand (S142), gets the
// welcome without the mail to set a password.
// Spec: S106
func TestWhoHasAnAccountIsNotAskedForAPassword(t *testing.T) {
	s := newSite(t)
	_, err := s.Add(t.Context(), anna, signup.Addition{ProgramID: s.program.ID,
		Person: affiliate.Person{Email: "rita@example.com", UserID: 77}})
	s.ok(err)
	if asked := s.wordpress(); len(asked) != 1 || asked[0].UserID != 77 {
		t.Fatalf("asked of WordPress: %+v", asked)
	}
	if mails := s.mails(); len(mails) != 1 || mails["welcome"].Recipient != "rita@example.com" {
		t.Errorf("%v", mails)
	}
}

func TestAccountOfAnotherPartnerIsAConflict(t *testing.T) {
	s := newSite(t)
	paul, rita := s.partner("paul@example.com"), s.partner("rita@example.com")
	s.ok(s.AccountMade(t.Context(), paul.ID, 7, false))
	if err := s.AccountMade(t.Context(), rita.ID, 7, false); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("got %v", err)
	}
	if n := s.number("mails"); n != 2 {
		t.Errorf("%d mails, want the two of the first", n)
	}
	if err := s.AccountMade(t.Context(), rita.ID+99, 8, false); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("nobody's account: %v", err)
	}
}

func TestWhoLeftMeanwhileGetsNoMail(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	s.leave(p)
	s.wordpress()
	if n := s.number("mails"); n != 0 {
		t.Errorf("%d mails", n)
	}
}

// WordPress is away: the applicant waits in the queue and nothing is lost.
// Spec: S107
func TestSignUpWaitsForWordPress(t *testing.T) {
	s := newSite(t)
	p := s.partner("paul@example.com")
	jobs, err := s.jobs.Claim(t.Context(), 10)
	s.ok(err)
	s.ok(s.jobs.Failed(t.Context(), jobs[0], errors.New("no answer")))
	if len(s.wordpress()) != 0 || p.State != affiliate.Active {
		t.Error("tried again at once")
	}
	if job, err := s.AccountJob(t.Context(), p.ID); err != nil || job.State != messages.Queued ||
		job.Error != "no answer" {
		t.Errorf("the partner's page shows %+v, %v", job, err)
	}
	s.clock.Advance(time.Minute)
	if s.wordpress(); len(s.mails()) != 2 {
		t.Errorf("mails %v", s.mails())
	}
}

// Spec: S39.1 S103
func TestApplicationWaitsForAnAdmin(t *testing.T) {
	s := newSite(t)
	rita := s.partner("rita@example.com")
	s.wordpress()
	program := s.newProgram(affiliate.Program{Name: "Closed shop", Signup: affiliate.SignupApproval})
	a := s.form("paul@example.com")
	a.ProgramCode, a.Click = program.Code, s.click(s.linkOf(rita))
	r := s.apply(a)
	if r.Outcome != signup.Waiting || r.Partner.State != affiliate.Applied || r.Partner.State.MayEarn() {
		t.Errorf("%+v", r)
	}
	if m, ok := s.mails()["received"]; !ok || m.Recipient != "paul@example.com" {
		t.Errorf("mails %v", s.mails())
	}
	if _, err := s.AccountJob(t.Context(), r.Partner.ID); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("an applicant's account: %v", err)
	}
	if again := s.apply(a); again.Outcome != signup.Already || len(s.wordpress()) != 0 {
		t.Errorf("again: %+v", again)
	}
	s.clock.Advance(24 * time.Hour)
	joined, err := s.Approve(t.Context(), anna, r.Partner.ID)
	if err != nil || joined.Outcome != signup.Joined || joined.Partner.State != affiliate.Active ||
		!joined.Membership.SignupAt.Equal(noon.Add(24*time.Hour)) || joined.Membership.RecruiterID != rita.ID {
		t.Errorf("approved %+v, %v", joined, err)
	}
	if len(s.wordpress()) != 1 || s.number("mails") != 2+1+2 {
		t.Errorf("%d mails", s.number("mails"))
	}
	if _, err := s.Approve(t.Context(), anna, r.Partner.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("approved twice: %v", err)
	}
	if history, err := s.registry.History(t.Context(), "partner", int64(r.Partner.ID), 0, 10); err != nil ||
		len(history) != 2 || history[0].Actor != anna || history[1].Actor != affiliate.Visitor {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestRejectedApplicantIsNoPartner(t *testing.T) {
	s := newSite(t)
	program := s.newProgram(affiliate.Program{Name: "Closed shop", Signup: affiliate.SignupApproval})
	a := s.form("paul@example.com")
	a.ProgramCode = program.Code
	r := s.apply(a)
	p, err := s.Reject(t.Context(), anna, r.Partner.ID, "spam")
	if err != nil || p.State != affiliate.Rejected || len(s.wordpress()) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if again, err := s.Apply(t.Context(), a); err != nil || again.Outcome != signup.Barred {
		t.Errorf("applies again: %+v, %v", again, err)
	}
	if _, err := s.Approve(t.Context(), anna, p.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("approved after all: %v", err)
	}
	if history, err := s.registry.History(t.Context(), "partner", int64(p.ID), 0, 10); err != nil ||
		len(history) != 2 || history[0].Reason != "spam" {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestNobodyIsApprovedForAnArchivedProgram(t *testing.T) {
	s := newSite(t)
	program := s.newProgram(affiliate.Program{Name: "Closed shop", Signup: affiliate.SignupApproval})
	a := s.form("paul@example.com")
	a.ProgramCode = program.Code
	r := s.apply(a)
	_, err := s.registry.ArchiveProgram(t.Context(), anna, program.ID)
	s.ok(err)
	if _, err := s.Approve(t.Context(), anna, r.Partner.ID); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("got %v", err)
	}
	if p, err := s.registry.Partner(t.Context(), r.Partner.ID); err != nil || p.State != affiliate.Applied {
		t.Errorf("yet they are %+v, %v", p, err)
	}
}

// A partner made by hand, or of a WordPress user, is like one who signed up.
// Spec: S103 S107 S142.2 S142.3
func TestPartnerMadeByHandIsLikeOneWhoSignedUp(t *testing.T) {
	s := newSite(t)
	rita := s.partner("rita@example.com")
	s.wordpress()
	closed := s.newProgram(affiliate.Program{Name: "Closed", Signup: affiliate.SignupClosed})
	s.optIn("paul@example.com", s.click(s.linkOf(rita)))
	r, err := s.Add(t.Context(), anna, signup.Addition{ProgramID: closed.ID,
		Person: affiliate.Person{Email: "Paul@example.com", FirstName: "Paul", UserID: 7}})
	if err != nil || r.Outcome != signup.Joined || r.Partner.State != affiliate.Active || r.Partner.WPUserID != 7 ||
		r.Membership.RecruiterID != rita.ID {
		t.Errorf("%+v, %v", r, err)
	}
	if asked := s.wordpress(); len(asked) != 1 || asked[0].UserID != 7 || s.number("mails") != 3 {
		t.Errorf("asked of WordPress: %+v; %d mails", asked, s.number("mails"))
	}
	again, err := s.Add(t.Context(), anna,
		signup.Addition{ProgramID: closed.ID, Person: affiliate.Person{Email: "paul@example.com"}})
	if err != nil || again.Outcome != signup.Already {
		t.Errorf("again: %+v, %v", again, err)
	}
	fresh, err := s.Add(t.Context(), anna,
		signup.Addition{ProgramID: closed.ID, Person: affiliate.Person{Email: "new@example.com"}})
	if c, cerr := s.registry.Contact(t.Context(), fresh.Partner.ContactID); err != nil || cerr != nil ||
		c.Origin != affiliate.ByAdmin {
		t.Errorf("%+v, %v, %v", c, err, cerr)
	}
	if history, err := s.registry.History(t.Context(), "partner", int64(r.Partner.ID), 0, 10); err != nil ||
		len(history) != 1 || history[0].Action != "add" {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestAdditionIsChecked(t *testing.T) {
	s := newSite(t)
	archived := s.newProgram(affiliate.Program{Name: "Archived"})
	_, err := s.registry.ArchiveProgram(t.Context(), anna, archived.ID)
	s.ok(err)
	for want, a := range map[affiliate.Kind]signup.Addition{
		affiliate.KindInvalid:  {ProgramID: s.program.ID},
		affiliate.KindNotFound: {ProgramID: 9999, Person: affiliate.Person{Email: "a@example.com"}},
		affiliate.KindConflict: {ProgramID: archived.ID, Person: affiliate.Person{Email: "a@example.com"}},
	} {
		if _, err := s.Add(t.Context(), anna, a); affiliate.KindOf(err) != want {
			t.Errorf("%+v: %v", a, err)
		}
	}
}
