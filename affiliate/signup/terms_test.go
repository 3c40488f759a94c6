package signup_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
)

var today = affiliate.DayOf(noon, time.UTC)

// publish makes a new version of the terms of the site's program.
func (s *site) publish(body string) signup.Terms {
	s.Helper()
	now, err := s.Terms(s.ctx, s.program.ID)
	s.ok(err)
	t, err := s.PublishTerms(s.ctx, anna, s.program.ID,
		signup.Draft{Body: body, AppliesFrom: today, Seen: now.Version}, today)
	s.ok(err)
	return t
}

// The version that was ticked is kept with the partner; nobody joins without.
//
// Spec: S148.1
func TestAcceptedVersionIsKept(t *testing.T) {
	s := newSite(t)
	s.publish("Be fair.")
	s.publish("Be fair, and kind.")
	a := s.form("paul@example.com")
	for _, version := range []int{0, 1, 3, -1} {
		a.Terms = version
		if _, err := s.Apply(t.Context(), a); problem(err, "terms") == "" {
			t.Errorf("version %d: %v", version, err)
		}
	}
	a.Terms = 2
	r := s.apply(a)
	st, err := s.Standing(t.Context(), r.Partner.ID)
	if err != nil || st.Accepted.Version != 2 || st.Accepted.Way != signup.WithForm ||
		!st.Accepted.AcceptedAt.Equal(noon) || st.Open() {
		t.Errorf("%+v, %v", st, err)
	}
}

// New terms are told to each partner of the program once, applicants and those of
// other programs not at all; the same text again, sent by two admins at once or by
// one twice, is one version.
//
// Spec: S148.2
func TestPartnersAreToldOfNewTermsOnce(t *testing.T) {
	s := newSite(t)
	paul, rita := s.partner("paul@example.com"), s.partner("rita@example.com")
	other := s.newProgram(affiliate.Program{Name: "Silver"})
	a := s.form("other@example.com")
	a.ProgramCode = other.Code
	s.apply(a)
	s.wordpress()
	s.write()
	was := s.number("mails")
	s.publish("Be fair.")
	s.publish("Be fair.")
	draft := signup.Draft{Body: "Be kind.", AppliesFrom: today.AddDays(30), Seen: 1}
	var all sync.WaitGroup
	conflicts := make(chan bool, 4)
	for range 4 {
		all.Go(func() {
			_, err := s.PublishTerms(t.Context(), anna, s.program.ID, draft, today)
			conflicts <- err != nil
		})
	}
	all.Wait()
	if n := s.number("signup_terms"); n != 2 {
		t.Errorf("%d versions", n)
	}
	draft.Body = "Something else."
	if _, err := s.PublishTerms(t.Context(), anna, s.program.ID, draft,
		today); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("over a version that was not seen: %v", err)
	}
	for range 3 {
		s.write()
	}
	if n := s.number("mails") - was; n != 4 {
		t.Errorf("%d mails, want one for each of two partners and two versions", n)
	}
	var text string
	s.ok(s.db.Get(t.Context(), &text, `SELECT body_text FROM {wp}partner_center_mails WHERE kind = 'terms'
		AND partner_id = ? ORDER BY id DESC LIMIT 1`, paul.ID))
	if !strings.Contains(text, base+"/signup/"+s.program.Code+"/terms") || !strings.Contains(text, "3 Jun 2026") {
		t.Errorf("the mail says\n%s", text)
	}
	// Taken away, nobody has to agree to anything, or is told.
	s.publish("")
	s.write()
	if n := s.number("mails") - was; n != 4 {
		t.Errorf("%d mails, some about terms that were taken away", n)
	}
	if st, err := s.Standing(t.Context(), rita.ID); err != nil || st.Open() {
		t.Errorf("%+v, %v", st, err)
	}
	s.partner("new@example.com")
}

// A partner accepts what counts, once; who has not is known, and earns on.
//
// Spec: S148.1
func TestPartnersAcceptNewTerms(t *testing.T) {
	s := newSite(t)
	paul, rita := s.partner("paul@example.com"), s.partner("rita@example.com")
	terms := s.publish("Be fair.")
	if n, err := s.UnacceptedCount(t.Context(), terms); err != nil || n != 2 {
		t.Errorf("%d have not accepted, %v", n, err)
	}
	if err := s.AcceptTerms(t.Context(), "paul", paul.ID, 2); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("accepted what is not there: %v", err)
	}
	for range 2 {
		s.clock.Advance(time.Hour)
		s.ok(s.AcceptTerms(t.Context(), "paul", paul.ID, 1))
	}
	st, err := s.Standing(t.Context(), paul.ID)
	if err != nil || st.Open() || st.Accepted.Way != signup.InCenter || !st.Accepted.AcceptedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v, %v", st, err)
	}
	open, err := s.Unaccepted(t.Context(), terms, 0, 10)
	if err != nil || len(open) != 1 || open[0].ID != rita.ID || open[0].Version != 0 {
		t.Errorf("%+v, %v", open, err)
	}
	if p, err := s.registry.Partner(t.Context(), rita.ID); err != nil || !p.State.MayEarn() {
		t.Errorf("who has not accepted earns on: %+v, %v", p, err)
	}
	if history, err := s.registry.History(t.Context(), "partner", int64(paul.ID), 0, 10); err != nil ||
		history[0].Action != "accept terms" || history[0].Actor != "paul" {
		t.Errorf("%+v, %v", history, err)
	}
	terms = s.publish("Be fair, and kind.")
	if open, err := s.Unaccepted(t.Context(), terms, rita.ID-1, 10); err != nil || len(open) != 1 {
		t.Errorf("behind Paul: %+v, %v", open, err)
	}
	if all, err := s.Unaccepted(t.Context(), terms, 0, 10); err != nil || len(all) != 2 || all[0].Version != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}

// A form that waits keeps its answers and its terms; the owner of the mailbox, not
// whoever sent it, accepts them.
//
// Spec: D42.1
func TestFormThatWaitsKeepsItsAnswers(t *testing.T) {
	s := newSite(t)
	s.publish("Be fair.")
	for _, field := range []string{signup.Company, signup.Website, signup.Promotion} {
		s.ask(field, signup.AskRequired)
	}
	s.accounts["editor@example.com"] = 7
	a := s.form("editor@example.com")
	a.Terms = 1
	if _, err := s.Apply(t.Context(), a); problem(err, "site") == "" || problem(err, "promotion") == "" ||
		problem(err, "company") == "" {
		t.Errorf("blanks pass: %v", err)
	}
	a.Answers = map[string]string{signup.Company: "Berg Inc.", signup.Website: "blog.example/me",
		signup.Promotion: "By my blog.\r\n\r\nAnd by mail. 🎉"}
	if r := s.apply(a); r.Outcome != signup.Mailed || s.number("signup_accepted") != 0 {
		t.Fatalf("%+v", r)
	}
	s.publish("Be fair, and kind.")
	s.clock.Advance(time.Hour)
	r, err := s.ConfirmMail(t.Context(), s.tokens("editor@example.com")[0])
	s.ok(err)
	answers, err := s.Answers(t.Context(), r.Partner.ID)
	if err != nil || len(answers) != 2 || answers[0].Text != "https://blog.example/me" ||
		answers[1].Text != "By my blog.\n\nAnd by mail. 🎉" {
		t.Errorf("%+v, %v", answers, err)
	}
	if c, err := s.registry.Contact(t.Context(), r.Partner.ContactID); err != nil || c.Company != "Berg Inc." {
		t.Errorf("%+v, %v", c, err)
	}
	if st, err := s.Standing(t.Context(), r.Partner.ID); err != nil || st.Accepted.Version != 1 || !st.Open() ||
		!st.Accepted.AcceptedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v, %v", st, err)
	}
}

// Own fields that are meant for sign-up forms are asked unless the program says
// otherwise; a stranger's answer fills a blank and replaces nothing.
//
// Spec: D42
func TestOwnFieldsAreAskedAndFillBlanksOnly(t *testing.T) {
	s := newSite(t)
	phone, err := s.registry.AddContactField(t.Context(), anna, affiliate.ContactField{Name: "Phone",
		Kind: affiliate.FieldText, OnSignup: true, Required: true})
	s.ok(err)
	tax, err := s.registry.AddContactField(t.Context(), anna, affiliate.ContactField{Name: "Tax number",
		Kind: affiliate.FieldText, OnSignup: true})
	s.ok(err)
	if _, err := s.Apply(t.Context(), s.form("paul@example.com")); problem(err, phone.FormName()) == "" {
		t.Errorf("a blank passes: %v", err)
	}
	c, _, err := s.registry.AddContact(t.Context(), anna, affiliate.ByAdmin,
		affiliate.Person{Email: "paul@example.com"}, affiliate.FieldValues{phone.ID: "111"})
	s.ok(err)
	s.ask(tax.FormName(), signup.AskNot)
	a := s.form("paul@example.com")
	a.Own = affiliate.FieldValues{phone.ID: "999", tax.ID: "DE1"}
	s.apply(a)
	if values, err := s.registry.FieldValues(t.Context(), c.ID); err != nil || values[phone.ID] != "111" ||
		values[tax.ID] != "" {
		t.Errorf("%v, %v", values, err)
	}
	s.accounts["editor@example.com"] = 7
	a = s.form("editor@example.com")
	a.Own = affiliate.FieldValues{phone.ID: "222"}
	s.apply(a)
	r, err := s.ConfirmMail(t.Context(), s.tokens("editor@example.com")[0])
	s.ok(err)
	if values, err := s.registry.FieldValues(t.Context(), r.Partner.ContactID); err != nil || values[phone.ID] != "222" {
		t.Errorf("%v, %v", values, err)
	}
}
