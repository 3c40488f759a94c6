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
	"partnercenter/wpbridge"
)

// asks has a program's form ask everything, and have terms accepted.
func asks(t *testing.T, s *sidecartest.Site, p affiliate.Program) {
	t.Helper()
	admin := s.Login(s.User("owner", "administrator"))
	at := fmt.Sprintf("admin/programs/%d/signup", p.ID)
	s.Post(at, web.Admin, url.Values{"company": {"optional"}, "site": {"required"}, "promotion": {"required"}},
		admin).Want(http.StatusSeeOther)
	s.Post(at+"/terms", web.Admin, url.Values{"body": {"Be <fair>.\n\nAnd kind."}, "applies_from": {"2031-01-01"},
		"seen": {"0"}}, admin).Want(http.StatusSeeOther)
}

// The form asks what the program wants, says what is earned, and has the terms
// accepted; what is wrong stands beside the field, and nothing typed is lost.
//
// Spec: S103 S148.1
func TestSignupAsksWhatTheProgramWants(t *testing.T) {
	s := sidecartest.NewShop(t)
	gold := s.Gold
	signupMode(t, s.Site, gold, affiliate.SignupOpen)
	asks(t, s.Site, gold)
	page := "signup/" + gold.Code
	form := s.Get(page, web.Standalone).Want(http.StatusOK)
	if form.Find("textarea[name=promotion]").Length() != 1 || form.Find(".pc-earn dt").Length() == 0 ||
		form.Find("input[name=terms]").Length() != 1 {
		t.Fatal(form.Text)
	}
	fields := url.Values{"email": {"new@mail.test"}, "company": {"Müller & Söhne"}, "site": {"blog.test/<b>"},
		"promotion": {"By my blog 🎉\n<script>alert(1)</script>"}, "terms": {"1"}, "terms_version": {"1"}}
	for field, bad := range map[string]string{"site": "javascript:alert(1)", "promotion": strings.Repeat("ä", 2001),
		"terms": "", "company": "www.spam.test", "terms_version": "7"} {
		sent := url.Values{}
		for name, values := range fields {
			sent[name] = values
		}
		sent.Set(field, bad)
		a := s.Post(page, web.Theme, sent).Want(http.StatusUnprocessableEntity)
		if field == "terms_version" {
			field = "terms"
		}
		if wrong := a.Find("[name=" + field + "][aria-invalid]"); wrong.Length() != 1 ||
			a.Find("#"+wrong.AttrOr("aria-describedby", "?")).Text() == "" || a.Find("[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %s", field, a.Text)
		}
		if field != "company" && a.Find("input[name=company]").AttrOr("value", "") != "Müller & Söhne" ||
			field != "promotion" && strings.TrimSpace(a.Find("textarea[name=promotion]").Text()) != fields.Get("promotion") {
			t.Errorf("%s: what was typed is lost: %s", field, a.Text)
		}
		if a.Find("script, form b").Length() != 0 {
			t.Errorf("%s: typed text is markup", field)
		}
	}
	s.Post(page, web.Theme, fields).Want(http.StatusSeeOther)
	id := s.Count(`SELECT id FROM {wp}partner_center_partners WHERE id = (SELECT MAX(partner_id)
		FROM {wp}partner_center_signup_accepted WHERE way = 'form')`)
	shown := s.Open(fmt.Sprintf("admin/partners/%d", id))
	for _, text := range []string{"https://blog.test/<b>", "alert(1)", "Müller & Söhne", "Accepted version 1"} {
		if !strings.Contains(shown.Find("main, .wrap").Text()+shown.Find("body").Text(), text) {
			t.Errorf("the partner's page is without %s", text)
		}
	}
	if shown.Find(".pc-facts script, .pc-facts b").Length() != 0 {
		t.Error("an answer is markup of the partner's page")
	}
}

// New terms are shown in the center and read by anybody; a partner accepts them once,
// there or, while the center is off, on their own page. Nobody accepts for others.
//
// Spec: S148.1 S148.2
func TestPartnersAreAskedToAcceptNewTerms(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	anna := s.Partner(gold.ID, "anna")
	s.Partner(gold.ID, "bert")
	cookie := s.Login(int64(anna.WPUserID))
	terms := "signup/" + gold.Code + "/terms"
	s.Get(terms, web.Standalone).Want(http.StatusNotFound)
	if page := s.Get("", web.Standalone, cookie).Want(http.StatusOK); page.Find("#terms").Length() != 0 {
		t.Error("asked to accept nothing")
	}
	asks(t, s, gold)
	if page := s.Get("", web.Theme, cookie).Want(http.StatusOK); page.Find("#terms a").Length() != 1 {
		t.Errorf("not asked: %s", page.Text)
	}
	stranger := s.Get(terms, web.Standalone).Want(http.StatusOK)
	if stranger.Find("#accept").Length() != 0 || !strings.Contains(stranger.One(".pc-terms-text"), "Be <fair>.") {
		t.Errorf("to a stranger: %s", stranger.Text)
	}
	s.Post(terms, web.Standalone, url.Values{"version": {"1"}}).Want(http.StatusForbidden)
	s.Post(terms, web.Standalone, url.Values{"version": {"1"}},
		s.Login(s.User("other", "subscriber"))).Want(http.StatusForbidden)
	s.Post(terms, web.Standalone, url.Values{"version": {"9"}}, cookie).Want(http.StatusConflict)
	s.Switch(true, false)
	if page := s.Get(terms, web.Standalone, cookie).Want(http.StatusOK); page.Find(".pc-terms-page form").Length() != 1 {
		t.Errorf("without a center: %s", page.Text)
	}
	for range 2 {
		s.Post(terms, web.Standalone, url.Values{"version": {"1"}}, cookie).Want(http.StatusSeeOther)
	}
	s.Switch(true, true)
	if page := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK); !strings.Contains(page.One("#terms"),
		"You accepted version 1") {
		t.Errorf("the profile: %s", page.Text)
	}
	if page := s.Get("", web.Standalone, cookie).Want(http.StatusOK); page.Find("#terms").Length() != 0 {
		t.Error("asked again")
	}
	open := s.Get(fmt.Sprintf("admin/programs/%d/signup/unaccepted", gold.ID), web.Admin,
		s.Login(s.User("boss", "administrator"))).Want(http.StatusOK)
	if rows := open.Texts("tbody tr"); len(rows) != 1 || !strings.Contains(rows[0], "bert") {
		t.Errorf("who has not accepted: %v", rows)
	}
}

// Whoever confirms a form accepts the terms that were ticked in it, and is shown so.
//
// Spec: D42.1
func TestConfirmingShowsTheTerms(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	asks(t, s, gold)
	editor := s.Login(s.User("editor", "subscriber"))
	page := "signup/" + gold.Code
	s.Post(page, web.Standalone, url.Values{"email": {"editor@mail.test"}, "site": {"a.test"}, "promotion": {"x"},
		"terms": {"1"}, "terms_version": {"1"}}).Want(http.StatusSeeOther)
	held := s.Get(page, web.Standalone, editor).Want(http.StatusOK)
	if held.Find(`#held a[href*="/terms?version=1"]`).Length() != 1 {
		t.Errorf("%s", held.Text)
	}
	s.Post(page+"/confirm", web.Standalone, nil, editor).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_signup_accepted`); n != 1 {
		t.Errorf("%d acceptances", n)
	}
}

// The first thing a partner sees whose payment address came with a form.
//
// Spec: D42.3
func TestDashboardSaysThatThePaymentAddressWaits(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.WordPress.Answer("user", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": s.User("nobody", "partner")}
	})
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {"nobody@mail.test"},
		"paypal_email": {"pay@mail.test"}}).Want(http.StatusSeeOther)
	s.Settle()
	own := s.Login(int64(s.Count(`SELECT wp_user_id FROM {wp}partner_center_partners`)))
	page := s.Get("", web.Standalone, own).Want(http.StatusOK)
	if page.Find(`#unconfirmed a[href$="/profile"]`).Length() != 1 {
		t.Errorf("%s", page.Text)
	}
}

// Answer, and time until it, are the same whether an address is unknown, has an
// account, is a partner's or was turned away.
//
// Spec: D42.1
func TestSignupTellsNobodyWhoIsKnown(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.User("editor", "subscriber")
	s.Partner(gold.ID, "anna")
	bert := s.Partner(gold.ID, "bert")
	_, err := s.Registry.RemovePartner(t.Context(), "test", bert.ID, "spam")
	must(t, err)
	answers := map[string]bool{}
	for _, name := range []string{"new", "editor", "anna", "bert", "editor", "editor", "editor", "editor"} {
		start := time.Now()
		a := s.Post("signup/"+gold.Code, web.Standalone,
			url.Values{"email": {name + "@mail.test"}}).Want(http.StatusSeeOther)
		if took := time.Since(start); took < 150*time.Millisecond {
			t.Errorf("%s is answered after %s", name, took)
		}
		thanks := s.Get(strings.TrimPrefix(a.Location(), "/partner-center/"), web.Standalone).Want(http.StatusOK)
		answers[a.Location()+thanks.One(".pc-signup")+fmt.Sprint(len(a.Header))] = true
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
}

// Nothing of a form gets into the head of a mail, or to another recipient.
func TestSignupInjectsNoHeaders(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	for _, email := range []string{"a@mail.test\nBcc: all@mail.test", "a@mail.test\r\n\r\nBuy", "a@mail.test,b@mail.test",
		"\"a\" <a@mail.test>", "a@mail.test\x00", "a@mail.test;b@mail.test"} {
		s.Post("signup/"+gold.Code, web.Standalone,
			url.Values{"email": {email}}).Want(http.StatusUnprocessableEntity)
	}
	s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {"a@mail.test"},
		"first_name": {"A\nBcc: all@mail.test"}}).Want(http.StatusUnprocessableEntity)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails`); n != 0 {
		t.Errorf("%d mails", n)
	}
}

// A form of 10 MB is refused, and leaves nothing.
func TestSignupOfTenMegabytes(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {"a@mail.test"},
		"first_name": {strings.Repeat("x", 10<<20)}}).Want(http.StatusRequestEntityTooLarge)
}

// Plugins of the site have a word in each form that is right, whichever way it came;
// while WordPress doesn't answer nothing passes.
//
// Spec: D42
func TestPluginsGuardSignUps(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	page, fields := "signup/"+gold.Code, url.Values{"email": {"new@mail.test"}, "first_name": {"Zoë"}, "sum": {"3"}}
	s.HandOver(func(h *wpbridge.Handover) { h.SignupGuarded = true })
	there := s.Get(page, web.Standalone).Want(http.StatusSeeOther)
	if !strings.HasPrefix(there.Location(), sidecartest.Center) {
		t.Errorf("the form stands at %s", there.Location())
	}
	down := s.Post(page, web.Standalone, fields).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(down.One(".pc-problems"), "right now") {
		t.Errorf("while WordPress doesn't answer: %s", down.Text)
	}
	s.WordPress.Answer("signup", func(in map[string]any) (int, any) {
		sum := fmt.Sprint(in["fields"].(map[string]any)["sum"])
		return http.StatusOK, map[string]any{"ok": sum == "[4]", "why": "Please <b>add</b> again."}
	})
	wrong := s.Post(page, web.Theme, fields).Want(http.StatusUnprocessableEntity)
	if wrong.One(".pc-problems") != "Please <b>add</b> again." ||
		wrong.Find("input[name=first_name]").AttrOr("value", "") != "Zoë" {
		t.Errorf("refused: %s", wrong.Text)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_contacts`); n != 0 {
		t.Errorf("%d contacts", n)
	}
	fields.Set("sum", "4")
	s.Post(page, web.Standalone, fields).Want(http.StatusSeeOther)
}
