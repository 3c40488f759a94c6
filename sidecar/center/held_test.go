package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A stranger signs up other people: an editor, the admin, and somebody without
// an account. Nobody with an account becomes a partner, nobody is paid at the
// stranger's address, and whoever owns an account replaces it alone.
//
// Spec: D42.1 D42.2 D42.3
func TestStrangerSignsUpOthers(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	editor, admin := s.User("editor", "subscriber"), s.User("boss", "administrator")
	signUp := func(email string) *sidecartest.Answer {
		t.Helper()
		return s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {email}, "first_name": {"Victim"},
			"paypal_email": {"thief@mail.test"}, "form_id": {email}})
	}
	answers := map[string]bool{}
	for _, email := range []string{"editor@mail.test", "boss@mail.test", "nobody@mail.test"} {
		answers[signUp(email).Want(http.StatusSeeOther).Location()] = true
	}
	if len(answers) != 1 {
		t.Errorf("the answers tell who has an account: %v", answers)
	}
	s.WordPress.Answer("user", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"user_id": s.User("nobody", "partner")}
	})
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	s.Settle()
	if calls := s.WordPress.Calls("user"); len(calls) != 1 || calls[0].In["email"] != "nobody@mail.test" {
		t.Fatalf("accounts and roles asked for: %+v", calls)
	}
	for _, user := range []int64{editor, admin} {
		s.Get("", web.Standalone, s.Login(user)).Want(http.StatusForbidden)
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 1 {
		t.Errorf("%d partners", n)
	}
	own := s.Login(int64(s.Count(`SELECT wp_user_id FROM {wp}partner_center_partners`)))
	if page := s.Get("profile", web.Standalone, own).Want(http.StatusOK); page.Find("#unconfirmed").Length() != 1 {
		t.Errorf("the profile hides that the address is unconfirmed: %s", page.Text)
	}
	s.Post("profile", web.Standalone, url.Values{"paypal_email": {"mine@mail.test"},
		"pc_password": {sidecartest.Password}}, own).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners WHERE paypal_email = 'mine@mail.test'
		AND payment_unconfirmed = 0`); n != 1 {
		t.Error("the owner of the account could not replace the stranger's address")
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE recipient = 'thief@mail.test'`); n != 0 {
		t.Error("the stranger was asked")
	}
}

// The mailbox opens the link, and presses the button; looking changes nothing.
//
// Spec: D42.1
func TestMailboxConfirmsASignUp(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	editor := s.User("editor", "subscriber")
	s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {"editor@mail.test"}}).Want(http.StatusSeeOther)
	var text string
	must(t, s.DB.Get(t.Context(), &text, `SELECT body_text FROM {wp}partner_center_mails WHERE kind = 'signup'`))
	_, after, _ := strings.Cut(text, sidecartest.Base+"/")
	link, _, _ := strings.Cut(after, "\n")
	form := s.Get(link, web.Standalone).Want(http.StatusOK)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners`); n != 0 {
		t.Error("looking at the link confirmed it")
	}
	token := url.Values{"token": {form.Find("input[name=token]").AttrOr("value", "")}}
	s.Post("confirm-signup", web.Standalone, token).Want(http.StatusSeeOther)
	s.Post("confirm-signup", web.Standalone, token).Want(http.StatusNotFound)
	s.Get("", web.Standalone, s.Login(editor)).Want(http.StatusOK)
}

// Logged in, the owner of the account sees what waits and takes it over.
//
// Spec: D42.1
func TestOwnerOfTheAccountSeesWhatWaits(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	editor := s.Login(s.User("editor", "subscriber"))
	page := "signup/" + gold.Code
	s.Post(page, web.Standalone, url.Values{"email": {"editor@mail.test"}}).Want(http.StatusSeeOther)
	if other := s.Get(page, web.Standalone, s.Login(s.User("other", "subscriber"))).Want(http.StatusOK); other.Find(
		"#held").Length() != 0 {
		t.Error("somebody else sees it")
	}
	if held := s.Get(page, web.Theme, editor).Want(http.StatusOK); held.Find("#held form").Length() != 1 {
		t.Fatalf("nothing waits: %s", held.Text)
	}
	s.Post(page+"/confirm", web.Standalone, nil, s.Login(s.User("third", "subscriber"))).Want(http.StatusNotFound)
	s.Post(page+"/confirm", web.Standalone, nil, editor).Want(http.StatusSeeOther)
	s.Get("", web.Standalone, editor).Want(http.StatusOK)
}

// Spec: D42
func TestBarredAddressGetsTheSameAnswer(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	anna := s.Partner(gold.ID, "anna")
	_, err := s.Registry.RemovePartner(t.Context(), "test", anna.ID, "spam")
	must(t, err)
	answers := map[string]bool{}
	for _, email := range []string{"anna@mail.test", "new@mail.test"} {
		answers[s.Post("signup/"+gold.Code, web.Standalone, url.Values{"email": {email}}).Want(http.StatusSeeOther).Location()] = true
	}
	if p, err := s.Registry.Partner(t.Context(), anna.ID); err != nil || p.State != affiliate.Removed ||
		len(answers) != 1 {
		t.Errorf("%+v, %v, %v", p, err, answers)
	}
}
