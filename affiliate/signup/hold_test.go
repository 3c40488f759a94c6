package signup_test

import (
	"regexp"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
)

var confirmLink = regexp.MustCompile(`confirm-signup\?token=(\w+)`)

// tokens are those mailed to a mailbox, oldest first.
func (s *site) tokens(email string) (tokens []string) {
	s.Helper()
	texts := []string{}
	s.ok(s.db.Select(s.ctx, &texts,
		`SELECT body_text FROM {wp}partner_center_mails WHERE kind = 'signup' AND recipient = ? ORDER BY id`, email))
	for _, text := range texts {
		tokens = append(tokens, confirmLink.FindStringSubmatch(text)[1])
	}
	return tokens
}

// A stranger's form with the address of somebody who has an account makes
// nobody a partner; only the mailbox can let it take effect, once.
//
// Spec: D42.1
func TestAddressWithAnAccountHasToConfirm(t *testing.T) {
	s := newSite(t)
	rita := s.partner("rita@example.com")
	s.wordpress()
	s.accounts["editor@example.com"] = 7
	a := s.form("editor@example.com")
	a.Click, a.PayPalEmail, a.FormID = s.click(s.linkOf(rita)), "thief@example.com", "f1"
	for range 2 {
		if r := s.apply(a); r.Outcome != signup.Mailed || r.Partner.ID != 0 {
			t.Fatalf("%+v", r)
		}
	}
	if partners, contacts, jobs := s.number("partners"), s.number("contacts"), s.number("jobs"); partners != 1 ||
		contacts != 1 || jobs != 1 {
		t.Fatalf("%d partners, %d contacts, %d jobs, want Rita's", partners, contacts, jobs)
	}
	tokens := s.tokens("editor@example.com")
	if len(tokens) != 1 {
		t.Fatalf("%d links for one form", len(tokens))
	}
	s.clock.Advance(time.Hour)
	if _, err := s.ConfirmMail(t.Context(), tokens[0]+"x"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("another token: %v", err)
	}
	r, err := s.ConfirmMail(t.Context(), tokens[0])
	if err != nil || r.Outcome != signup.Joined || r.Partner.WPUserID != 7 || r.Membership.RecruiterID != rita.ID ||
		!r.Membership.SignupAt.Equal(s.clock.Now()) {
		t.Fatalf("%+v, %v", r, err)
	}
	if r.Membership.RecruiterFrom != nil || !r.Partner.PaymentUnconfirmed {
		t.Errorf("the mailbox alone confirmed too much: %+v", r)
	}
	if _, err := s.ConfirmMail(t.Context(), tokens[0]); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("the link worked twice: %v", err)
	}
}

// Spec: D42.1
func TestFormThatWaitsExpires(t *testing.T) {
	s := newSite(t)
	s.accounts["editor@example.com"] = 7
	s.apply(s.form("editor@example.com"))
	s.clock.Advance(7 * 24 * time.Hour)
	if _, err := s.ConfirmMail(t.Context(),
		s.tokens("editor@example.com")[0]); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("after a week: %v", err)
	}
}

// The owner of the account, logged in, lets the form take effect, or fills in
// one of their own, which ends what waits.
//
// Spec: D42.1
func TestOwnerOfTheAccountConfirmsLoggedIn(t *testing.T) {
	s := newSite(t)
	s.accounts["editor@example.com"], s.accounts["writer@example.com"] = 7, 8
	s.apply(s.form("editor@example.com"))
	if _, err := s.ConfirmLoggedIn(t.Context(), 8, "writer@example.com",
		s.program.ID); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("another account: %v", err)
	}
	if r, err := s.ConfirmLoggedIn(t.Context(), 7, "Editor@example.com", s.program.ID); err != nil ||
		r.Outcome != signup.Joined || r.Partner.WPUserID != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	s.apply(s.form("writer@example.com"))
	own := s.form("writer@example.com")
	own.UserID, own.PayPalEmail = 8, "pay@example.com"
	if r := s.apply(own); r.Outcome != signup.Joined || r.Partner.PaymentUnconfirmed ||
		r.Partner.PayPalEmail != "pay@example.com" {
		t.Errorf("%+v", r)
	}
	if _, err := s.ConfirmMail(t.Context(),
		s.tokens("writer@example.com")[0]); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("the stranger's form still waits: %v", err)
	}
}

// Nobody gets a mail for each form that somebody sends in their name.
func TestMailboxIsNotFlooded(t *testing.T) {
	s := newSite(t)
	s.accounts["editor@example.com"] = 7
	for range 10 {
		if r := s.apply(s.form("editor@example.com")); r.Outcome != signup.Mailed {
			t.Errorf("%+v", r)
		}
	}
	if n := len(s.tokens("editor@example.com")); n != 3 {
		t.Errorf("%d mails", n)
	}
	s.clock.Advance(25 * time.Hour)
	s.apply(s.form("editor@example.com"))
	if n := len(s.tokens("editor@example.com")); n != 4 {
		t.Errorf("%d mails the day after", n)
	}
}

// Spec: D42.5
func TestProgramCanAskEverybodyToConfirm(t *testing.T) {
	s := newSite(t)
	strict := s.newProgram(affiliate.Program{Name: "Strict", ConfirmFirst: true})
	a := s.form("new@example.com")
	a.ProgramCode = strict.Code
	if r := s.apply(a); r.Outcome != signup.Mailed || s.number("contacts") != 0 {
		t.Fatalf("%+v", r)
	}
	if r, err := s.ConfirmMail(t.Context(), s.tokens("new@example.com")[0]); err != nil || r.Outcome != signup.Joined ||
		r.Program.ID != strict.ID {
		t.Errorf("%+v, %v", r, err)
	}
	if asked := s.wordpress(); len(asked) != 1 || asked[0].Email != "new@example.com" {
		t.Errorf("asked of WordPress: %+v", asked)
	}
}

// What a form brought that was not logged in is unconfirmed: the recruiter
// counts from the first log-in on, and the partner replaces the PayPal address
// without asking its mailbox.
//
// Spec: D42.3 D42.4
func TestFirstLogInConfirms(t *testing.T) {
	s := newSite(t)
	rita := s.partner("rita@example.com")
	a := s.form("paul@example.com")
	a.Click, a.PayPalEmail = s.click(s.linkOf(rita)), "thief@example.com"
	r := s.apply(a)
	if r.Membership.RecruiterID != rita.ID || r.Membership.RecruiterFrom != nil || !r.Partner.PaymentUnconfirmed {
		t.Fatalf("%+v", r)
	}
	s.clock.Advance(time.Hour)
	for range 2 {
		_, err := s.registry.ClaimPartner(t.Context(), r.Partner.ID)
		s.ok(err)
		s.clock.Advance(time.Hour)
	}
	m, _, err := affiliate.RunningMembership(t.Context(), s.db, r.Partner.ID)
	if err != nil || m.RecruiterFrom == nil || !m.RecruiterFrom.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v, %v", m, err)
	}
	if p, _ := s.registry.Partner(t.Context(), r.Partner.ID); !p.PaymentUnconfirmed {
		t.Error("to log in is not to confirm an address one has not seen")
	}
	waits, err := s.ChangePayment(t.Context(), "paul", r.Partner.ID, affiliate.Payment{Method: affiliate.PayPal,
		PayPalEmail: "paul@example.com"}, affiliate.ByPassword)
	if p, _ := s.registry.Partner(t.Context(), r.Partner.ID); err != nil || waits || p.PaymentUnconfirmed ||
		p.PayPalEmail != "paul@example.com" {
		t.Errorf("%+v, waits %v, %v", p, waits, err)
	}
	if waits, err := s.ChangePayment(t.Context(), "paul", r.Partner.ID, affiliate.Payment{Method: affiliate.PayPal,
		PayPalEmail: "other@example.com"}, affiliate.NoProof); err != nil || !waits {
		t.Errorf("the next change needs no confirmation: %v, %v", waits, err)
	}
}

// The same address, saved by its owner, is confirmed.
//
// Spec: D42.3
func TestUnconfirmedAddressCanBeKept(t *testing.T) {
	s := newSite(t)
	a := s.form("paul@example.com")
	a.PayPalEmail = "pay@example.com"
	p := s.apply(a).Partner
	waits, err := s.ChangePayment(t.Context(), "paul", p.ID, affiliate.Payment{Method: affiliate.PayPal,
		PayPalEmail: "pay@example.com"}, affiliate.ByPassword)
	if p, _ = s.registry.Partner(t.Context(), p.ID); err != nil || waits || p.PaymentUnconfirmed ||
		p.PayPalEmail != "pay@example.com" {
		t.Errorf("%+v, waits %v, %v", p, waits, err)
	}
}

// Nothing that a stranger typed is mailed to a mailbox that has confirmed nothing.
func TestMailsToStrangersCarryNoNames(t *testing.T) {
	s := newSite(t)
	s.accounts["editor@example.com"] = 7
	strict := s.newProgram(affiliate.Program{Name: "Strict", Signup: affiliate.SignupApproval})
	for _, p := range []affiliate.Program{s.program, strict} {
		s.ok(s.SaveQuestions(t.Context(), anna, p.ID, map[string]signup.Ask{signup.Company: signup.AskOptional,
			signup.Promotion: signup.AskOptional}))
	}
	for email, code := range map[string]string{"editor@example.com": s.program.Code, "new@example.com": s.program.Code,
		"third@example.com": strict.Code} {
		a := s.form(email)
		a.ProgramCode, a.FirstName, a.LastName = code, "Viagra", "Cheap"
		a.Answers = map[string]string{signup.Company: "Spam Inc", signup.Promotion: "Spam for everybody"}
		s.apply(a)
	}
	s.wordpress()
	if n := s.number("mails WHERE CONCAT(subject, body_text, body_html) REGEXP 'Viagra|Cheap|Spam'"); n != 0 ||
		s.number("mails") != 4 {
		t.Errorf("%d of %d mails name somebody", n, s.number("mails"))
	}
}
