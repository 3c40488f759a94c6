package center_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// signupMode sets who may sign up for a program.
func signupMode(t *testing.T, s *sidecartest.Site, p affiliate.Program, mode affiliate.SignupMode) {
	t.Helper()
	p.Signup = mode
	_, err := s.Registry.EditProgram(t.Context(), "test", p)
	must(t, err)
}

// A visitor with an unknown address becomes contact and partner of the form's
// program and of no other, stand-alone and inside the theme.
//
// Spec: S4.2 S103.1 S142.1
func TestSignupEnrols(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.Program("Silver")
	for surface, email := range map[web.SurfaceKind]string{web.Standalone: "new@mail.test",
		web.Theme: "other@mail.test"} {
		form := s.Get("signup/"+gold.Code, surface).Want(http.StatusOK)
		fields := url.Values{"email": {email}, "first_name": {"Zoë"}, "last_name": {"=cmd|' /C calc'!A0"},
			"paypal_email": {"pay@mail.test"},
			"form_id":      {form.Find("input[name=form_id]").AttrOr("value", "")}, "website": {""}}
		for range 2 { // a double click
			a := s.Post("signup/"+gold.Code, surface, fields).Want(http.StatusSeeOther)
			if done := s.Get("signup/"+gold.Code+"?done=joined", surface).Want(http.StatusOK); done.One(
				".pc-title") != "Thank you!" || !strings.Contains(a.Location(), "joined") {
				t.Errorf("%s: %s", a.Location(), done.Text)
			}
		}
		if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners p JOIN {wp}partner_center_contacts c
			ON c.id = p.contact_id
			JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
			WHERE c.email = ? AND m.program_id = ? AND p.state = 'active' AND p.paypal_email = 'pay@mail.test'
			AND c.first_name = 'Zoë'`, email, gold.ID); n != 1 {
			t.Errorf("%s: %d partners", surface, n)
		}
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 2 {
		t.Errorf("%d partners", n)
	}
}

// Spec: S103
func TestSignupKeepsWhatWasTyped(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	for field, bad := range map[string]string{
		"email": "anna@", "first_name": strings.Repeat("ä", 101), "last_name": "a\x00b",
		"paypal_email": `"><script>alert(1)</script>`,
	} {
		fields := url.Values{"email": {"anna@mail.test"}, "first_name": {"Anna ☕"}, "last_name": {"<b>Ay</b>"},
			"paypal_email": {""}, "form_id": {"f1"}}
		fields.Set(field, bad)
		a := s.Post("signup/"+gold.Code, web.Theme, fields).Want(http.StatusUnprocessableEntity)
		input := a.Find("input[name=" + field + "]")
		if input.AttrOr("aria-invalid", "") != "true" || a.Find("#"+input.AttrOr("aria-describedby", "")).Text() == "" {
			t.Errorf("%s=%.20q is not marked: %s", field, bad, a.Text)
		}
		for name, typed := range fields {
			if kept := a.Find("input[name="+name+"]").AttrOr("value", ""); name != field && kept != typed[0] {
				t.Errorf("%s: %s became %q", field, name, kept)
			}
		}
		if a.Find("script, form b").Length() != 0 {
			t.Errorf("%s is markup of the page", field)
		}
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 0 {
		t.Errorf("%d contacts", n)
	}
}

// An address that WordPress refuses, or would take for somebody else's, makes no
// partner who then never hears from us.
//
// Spec: S103, S107
func TestSignupNeedsAnAddressThatWordPressTakes(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	for email, code := range map[string]int{
		"anna@exämple.test": http.StatusUnprocessableEntity, "ännä@mail.test": http.StatusUnprocessableEntity,
		"anna@mail_x.test": http.StatusUnprocessableEntity,
		"anna":             http.StatusUnprocessableEntity, " Anna.O'Neil+x@Mail.test ": http.StatusSeeOther,
	} {
		a := s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {email}, "first_name": {"Anna"},
			"form_id": {email}}).Want(code)
		if input := a.Find("input[name=email]"); code != http.StatusSeeOther &&
			(input.AttrOr("aria-invalid", "") != "true" || input.AttrOr("value", "") != email) {
			t.Errorf("%s is not marked, or lost", email)
		}
	}
}

// Whoever is logged in signs up as themselves, whatever the form says.
//
// Spec: S103
func TestSignupOfALoggedInUserTakesTheAccountsAddress(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	cookie := s.Login(s.User("carol", "subscriber"))
	stranger := s.Get("", web.Standalone, cookie).Want(http.StatusForbidden)
	if stranger.One(".pc-title") != "Not a partner yet" ||
		stranger.Find(`a[href$="/signup/`+gold.Code+`"]`).Length() != 1 {
		t.Errorf("no way to become one: %s", stranger.Text)
	}
	form := s.Get("signup/"+gold.Code, web.Standalone, cookie).Want(http.StatusOK)
	if email := form.Find("input[name=email][readonly]"); email.AttrOr("value", "") != "carol@mail.test" {
		t.Error(form.Text)
	}
	s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {"victim@mail.test"}},
		cookie).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts WHERE email = 'carol@mail.test'`); n != 1 {
		t.Error("carol is no contact")
	}
	s.Get("", web.Standalone, cookie).Want(http.StatusOK)
	if again := s.Get("signup/"+gold.Code, web.Standalone,
		cookie).Want(http.StatusOK); again.Find("main form").Length() != 0 {
		t.Errorf("a partner is asked to become one: %s", again.Text)
	}
}

func TestSignupThatIsNotOpen(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.Get("signup/nosuch", web.Theme).Want(http.StatusNotFound)
	signupMode(t, s, gold, affiliate.SignupClosed)
	for _, archived := range []bool{false, true} {
		if archived {
			signupMode(t, s, gold, affiliate.SignupOpen)
			_, err := s.Registry.ArchiveProgram(t.Context(), "test", gold.ID)
			must(t, err)
		}
		if a := s.Get("signup/"+gold.Code, web.Theme).Want(http.StatusOK); a.Find("form").Length() != 0 ||
			!strings.Contains(a.Text, "accepting new partners") {
			t.Errorf("archived %t: %s", archived, a.Text)
		}
		s.Post("signup/"+gold.Code, web.Theme, url.Values{"email": {"x@mail.test"}}).Want(http.StatusOK)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 0 {
		t.Errorf("%d contacts", n)
	}
}

func TestApplicantsWaitForApproval(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	signupMode(t, s, gold, affiliate.SignupApproval)
	cookie := s.Login(s.User("carol", "subscriber"))
	if a := s.Post("signup/"+gold.Code, web.Standalone, url.Values{},
		cookie).Want(http.StatusSeeOther); !strings.HasSuffix(a.Location(), "done=waiting") {
		t.Error(a.Location())
	}
	if a := s.Get("", web.Standalone, cookie).Want(http.StatusForbidden); !strings.Contains(a.One(".pc-error"),
		"waiting for approval") || a.Find(`.pc-error a`).Length() != 0 {
		t.Error(a.Text)
	}
}

// A field that people do not see is filled in by programs only; they are told
// nothing.
func TestSignupTurnsProgramsAway(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.Post("signup/"+gold.Code, web.Theme,
		url.Values{"email": {"bot@mail.test"}, "website": {"http://spam.test"}}).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 0 {
		t.Errorf("%d contacts", n)
	}
}

// Each sign-up sends mails to an address that the visitor typed: nobody gets to
// send many, nor to write into them what they like.
//
// Spec: S103
func TestSignupIsNoWayToSendMails(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	apply := func(i int, name string) *sidecartest.Answer {
		return s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {fmt.Sprintf("new%d@mail.test", i)},
			"first_name": {name}, "last_name": {"A."}, "form_id": {"f"}})
	}
	for _, name := range []string{"Win at https://evil.test", "WWW.evil.test"} {
		if a := apply(0, name).Want(http.StatusUnprocessableEntity); a.Find("input[name=first_name]").AttrOr(
			"aria-invalid", "") != "true" {
			t.Errorf("%s is not marked", name)
		}
	}
	for i := range 20 {
		apply(i, "Zoë").Want(http.StatusSeeOther)
	}
	a := apply(20, "Zoë").Want(http.StatusUnprocessableEntity)
	if !strings.Contains(a.Text, "many forms") || a.Find("input[name=email]").AttrOr("value", "") != "new20@mail.test" {
		t.Error(a.Text)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 20 {
		t.Errorf("%d partners", n)
	}
	s.Clock.Advance(70 * time.Minute)
	apply(20, "Zoë").Want(http.StatusSeeOther)
}

// Nobody is in two programs: a partner of one who fills in another's form stays where
// they are, whether they are logged in or not. Visitors read what everybody reads.
//
// Spec: S4 S103
func TestSignupOfAnotherProgramsPartner(t *testing.T) {
	s := sidecartest.New(t)
	gold, silver := s.Program("Gold"), s.Program("Silver")
	anna := s.Partner(gold.ID, "anna")
	fields := url.Values{"email": {"anna@mail.test"}, "first_name": {"Eve"}, "paypal_email": {"eve@mail.test"},
		"form_id": {"form-1"}, "website": {""}}
	a := s.Post("signup/"+silver.Code, web.Standalone, fields).Want(http.StatusSeeOther)
	if !strings.Contains(a.Location(), "joined") {
		t.Errorf("a visitor is told who is a partner: %s", a.Location())
	}
	cookie := s.Login(int64(anna.WPUserID))
	page := s.Get("signup/"+silver.Code, web.Standalone, cookie).Want(http.StatusOK)
	if !strings.HasPrefix(page.One(".pc-signup"), "You're already a partner.") || page.Find("input[name=email]").Length() != 0 {
		t.Errorf("logged in they read: %s", page.Text)
	}
	fields.Set("form_id", "form-2")
	s.Post("signup/"+silver.Code, web.Standalone, fields, cookie)
	s.Settle()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_memberships`); n != 1 {
		t.Errorf("%d memberships", n)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_contacts c ON c.id = p.contact_id
		WHERE c.first_name = 'Eve' OR p.paypal_email = 'eve@mail.test'`); n != 0 {
		t.Error("a form that changes nothing changed the name, or where the money goes")
	}
}
