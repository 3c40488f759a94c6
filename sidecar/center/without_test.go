package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A program runs without a center: people sign up and are approved, get a mail
// with a link that tracks, and confirm what mails ask them. Nothing leads to
// pages that are not there.
//
// Spec: S113.2 S153.1 S153.3
func TestAProgramNeedsNoCenter(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.Switch(true, false)
	s.WordPress.Answer("user", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": s.User("dora", "partner")}
	})
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	dora := s.Apply("dora@mail.test")
	done := s.Get("signup/"+s.Gold.Code+"?done=waiting", web.Theme).Want(http.StatusOK)
	if done.One(".pc-title") != "Thank you!" || done.Find(".pc-signup a:not([href*='wp-login.php'])").Length() != 0 {
		t.Errorf("after signing up: %s", done.Text)
	}
	s.Send("admin/partners/"+dora.String()+"/approve", nil).Want(http.StatusSeeOther)
	s.Settle()
	s.Settle()
	p, err := s.Registry.Partner(t.Context(), dora)
	s.Must(err)
	mails := s.WordPress.Calls("mail")
	text, _ := mails[len(mails)-1].In["text"].(string)
	link := "go/" + s.Link.Code + "?p=" + p.Code
	if !strings.Contains(text, sidecartest.Base+"/"+link) || strings.Contains(text, sidecartest.Center) {
		t.Fatalf("the welcome mail of %d: %s", len(mails), text)
	}
	click := s.Get(link, web.Standalone).Want(http.StatusFound).Cookie(web.ClickCookie)
	s.Clock.Advance(time.Second)
	s.Post("t/lead", web.Standalone, url.Values{"email": {"carl@mail.test"}}, click).Want(http.StatusNoContent)
	page := s.Open("admin/contacts/" + s.ContactID("carl@mail.test").String())
	if card := page.Texts(".pc-card"); !strings.Contains(card[0], "dora@mail.test") {
		t.Errorf("the first referrer is %q", card)
	}
	partner := s.Get("signup/"+s.Gold.Code, web.Standalone, s.LogIn(p)).Want(http.StatusOK)
	if partner.Find("main a, .pc-nav").Length() != 0 || !strings.Contains(partner.Text, "already a partner") {
		t.Errorf("to a partner: %s", partner.Text)
	}
	s.Get("", web.Standalone, s.LogIn(p)).Want(http.StatusNotFound)
}

// A changed PayPal address waits for its mails while the center is switched off.
//
// Spec: S153.2
func TestAPayPalAddressIsConfirmedWithoutACenter(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.PayPal)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	for _, email := range []string{"old@pay.test", "new@pay.test"} {
		s.Post("profile", web.Standalone, url.Values{"paypal_email": {email}, "pc_password": {sidecartest.Password}},
			cookie).Want(http.StatusSeeOther)
	}
	s.Switch(true, false)
	for _, token := range confirmations(t, s) {
		s.Get("confirm-paypal?token="+token, web.Standalone).Want(http.StatusOK)
		s.Post("confirm-paypal", web.Standalone, url.Values{"token": {token}}).Want(http.StatusOK)
	}
	if p, err := s.Registry.Partner(t.Context(), anna.ID); err != nil || p.PayPalEmail != "new@pay.test" {
		t.Errorf("%+v, %v", p, err)
	}
}

// Where somebody with an account signs up, the mailbox or the log-in confirms it
// without a center as well.
//
// Spec: S153.1 D42.1
func TestASignUpIsConfirmedWithoutACenter(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	editor := s.Login(s.User("editor", "subscriber"))
	s.Switch(true, false)
	page := "signup/" + gold.Code
	s.Post(page, web.Standalone, url.Values{"email": {"editor@mail.test"}}).Want(http.StatusSeeOther)
	s.Get(page, web.Standalone, editor).Want(http.StatusOK)
	joined := s.Post(page+"/confirm", web.Standalone, nil, editor).Want(http.StatusSeeOther)
	if !strings.Contains(joined.Location(), page+"?done=joined") {
		t.Errorf("sent to %s", joined.Location())
	}
	s.Get(page+"?done=joined", web.Standalone, editor).Want(http.StatusOK)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 1 {
		t.Errorf("%d partners", n)
	}
	s.Switch(false, true)
	s.Get(page, web.Standalone).Want(http.StatusNotFound)
}

// The address of a PayPal account is checked, and its change is on record.
//
// Spec: S118.1 S118.2 B12.1
func TestAPayPalAddressIsCheckedAndAudited(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.PayPal)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	for _, bad := range []string{"anna", "a@b", "anna@pay.test, eve@pay.test", strings.Repeat("x", 300) + "@pay.test"} {
		a := s.Post("profile", web.Standalone, url.Values{"paypal_email": {bad}}, cookie)
		if a.Want(http.StatusUnprocessableEntity).Find("input[name=paypal_email]").AttrOr("aria-invalid",
			"") != "true" {
			t.Errorf("%.30s is not marked: %s", bad, a.Text)
		}
	}
	for _, email := range []string{"old@pay.test", "new@pay.test"} {
		s.Post("profile", web.Standalone, url.Values{"paypal_email": {email}, "pc_password": {sidecartest.Password}},
			cookie).Want(http.StatusSeeOther)
	}
	for _, token := range confirmations(t, s) {
		s.Post("confirm-paypal", web.Standalone, url.Values{"token": {token}}).Want(http.StatusOK)
	}
	history, err := s.Registry.History(t.Context(), "partner", int64(anna.ID), 0, 9)
	must(t, err)
	told := ""
	for _, record := range history {
		told += record.Action + " " + string(record.After) + "\n"
	}
	if len(history) < 2 || !strings.Contains(told, "old@pay.test") || !strings.Contains(told, "new@pay.test") {
		t.Errorf("the audit says\n%s", told)
	}
}
