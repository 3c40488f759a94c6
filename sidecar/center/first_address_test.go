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

// recipients are the mailboxes that mails of a kind went to, in order of their names.
func recipients(t *testing.T, s *sidecartest.Site, kind string) string {
	t.Helper()
	all := []string{}
	must(t, s.DB.Select(t.Context(), &all, `SELECT recipient FROM {wp}partner_center_mails WHERE kind = ?
		ORDER BY recipient`, kind))
	return strings.Join(all, " ")
}

// A login alone, as fresh as it may be, sets no first PayPal address: it takes the
// password, or the confirmation of the account's mailbox and of the new one.
//
// Spec: S145.2
func TestAFirstPayPalAddressNeedsMoreThanALogin(t *testing.T) {
	for _, on := range []web.SurfaceKind{web.Standalone, web.Theme} {
		s := sidecartest.New(t)
		pay(t, s, affiliate.PayPal)
		anna := s.Partner(s.Program("Gold").ID, "anna")
		cookie := s.Login(int64(anna.WPUserID))
		address := func() string {
			p, err := s.Registry.Partner(t.Context(), anna.ID)
			must(t, err)
			return p.PayPalEmail
		}
		form := url.Values{"paypal_email": {"thief@pay.test"}}
		asked := s.Post("profile", on, form, cookie).Want(http.StatusUnprocessableEntity)
		if address() != "" || asked.Find("input[name=pc_password]").Length() != 1 ||
			asked.Find("button[name=pc_by_mail]").Length() != 1 {
			t.Fatalf("%s: %q: %s", on, address(), asked.Text)
		}
		form.Set("pc_password", "guessed")
		s.Post("profile", on, form, cookie).Want(http.StatusUnprocessableEntity)
		form.Del("pc_password")
		form.Set("pc_by_mail", "1")
		s.Post("profile", on, form, cookie).Want(http.StatusSeeOther)
		if got := recipients(t, s, "paypal"); address() != "" || got != "anna@mail.test thief@pay.test" {
			t.Fatalf("%s: %q, %s were asked", on, address(), got)
		}
		tokens := confirmations(t, s)
		s.Post("confirm-paypal", web.Standalone, url.Values{"token": {tokens["thief@pay.test"]}}).Want(http.StatusOK)
		if address() != "" {
			t.Fatalf("%s: the account's mailbox has not confirmed", on)
		}
		s.Post("confirm-paypal", web.Standalone, url.Values{"token": {tokens["anna@mail.test"]}}).Want(http.StatusOK)
		if address() != "thief@pay.test" {
			t.Fatalf("%s: confirmed by both, it is %q", on, address())
		}
	}
}

// One mailbox that is both is asked once, and confirms alone.
func TestAFirstPayPalAddressThatIsTheAccountsOwn(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.PayPal)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	s.Post("profile", web.Standalone, url.Values{"paypal_email": {"anna@mail.test"}, "pc_by_mail": {"1"}},
		cookie).Want(http.StatusSeeOther)
	token := confirmations(t, s)["anna@mail.test"]
	a := s.Get("confirm-paypal?token="+token, web.Standalone).Want(http.StatusOK)
	if strings.Contains(a.Text, "Payments went to") {
		t.Errorf("there was no address: %s", a.Text)
	}
	s.Post("confirm-paypal", web.Standalone, url.Values{"token": {token}}).Want(http.StatusOK)
	if p, err := s.Registry.Partner(t.Context(), anna.ID); err != nil || p.PayPalEmail != "anna@mail.test" {
		t.Errorf("%q, %v", p.PayPalEmail, err)
	}
}

// Where checks go, and that money goes by check, needs the password itself; no
// mailbox could be asked. Each change is told to the account's mailbox and to the
// PayPal addresses before and after.
//
// Spec: S118.3 S145.2
func TestWhereChecksGoNeedsThePassword(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.Choice)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	form := url.Values{"payment_method": {"paypal"}, "paypal_email": {"anna@pay.test"},
		"pc_password": {sidecartest.Password}}
	s.Post("profile", web.Standalone, form, cookie).Want(http.StatusSeeOther)
	if got := recipients(t, s, "payment"); got != "anna@mail.test anna@pay.test" {
		t.Errorf("the first address was told to %s", got)
	}
	s.Clock.Advance(time.Second)
	form = url.Values{"payment_method": {"check"}, "payee": {"Thief"}, "address": {"1 Far Away"}, "pc_by_mail": {"1"}}
	asked := s.Post("profile", web.Standalone, form, cookie).Want(http.StatusUnprocessableEntity)
	if asked.Find("button[name=pc_by_mail]").Length() != 0 {
		t.Error("a check is confirmed by mail")
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_partners WHERE payment_method = 'check' OR payee <> ''
		OR address <> ''`); n != 0 {
		t.Fatal("a login alone turned payments to a check")
	}
	form.Set("pc_password", sidecartest.Password)
	s.Post("profile", web.Standalone, form, cookie).Want(http.StatusSeeOther)
	if got := recipients(t, s, "payment"); got != "anna@mail.test anna@mail.test anna@pay.test anna@pay.test" {
		t.Errorf("the check was told to %s", got)
	}
}

// Mails that the partner does not want are a form of their own, which needs no
// password; a forged one changes nobody else's.
//
// Spec: S20
func TestPartnersChooseTheirMails(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	anna, bob := s.Partner(gold.ID, "anna"), s.Partner(gold.ID, "bob")
	cookie := s.Login(int64(anna.WPUserID))
	s.Post("profile/mails", web.Theme, url.Values{"monthly": {"1"}, "partner": {bob.ID.String()}},
		cookie).Want(http.StatusSeeOther)
	for id, want := range map[affiliate.PartnerID]affiliate.MailChoices{anna.ID: {Monthly: true},
		bob.ID: {PerSale: true, PerPayment: true, Monthly: true}} {
		if got, err := s.Registry.MailChoices(t.Context(), id); err != nil || got != want {
			t.Errorf("%d: %+v, %v", id, got, err)
		}
	}
	a := s.Get("profile", web.Theme, cookie).Want(http.StatusOK)
	if a.Find("input[name=monthly][checked]").Length() != 1 ||
		a.Find("input[name=per_payment][checked]").Length() != 0 {
		t.Error(a.Text)
	}
}

// A recruiting link makes whoever signs up by it the partner's own, and what their
// sales earn stands beside their name.
//
// Spec: S14 S16
func TestRecruitingLinkOnTheProfile(t *testing.T) {
	s := sidecartest.New(t)
	p := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(p.WPUserID))
	s.Exec(`UPDATE {wp}partner_center_programs SET tiers = 2`)
	link := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK).One("#pc-recruit-link")
	_, query, found := strings.Cut(strings.TrimSpace(link), "/signup/")
	if !found {
		t.Fatalf("the link is %q", link)
	}
	come := s.Get("signup/"+query, web.Standalone).Want(http.StatusFound)
	if strings.Contains(come.Location(), "orid") || come.Cookie("pc_click") == nil {
		t.Fatalf("led to %s with %v", come.Location(), come.Header)
	}
	program, _, _ := strings.Cut(query, "?")
	s.Post("signup/"+program, web.Standalone, url.Values{"email": {"rob@mail.test"}, "first_name": {"Rob"},
		"last_name": {"Roe"}, "form_id": {"recruit1"}}, come.Cookie("pc_click")).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_memberships WHERE recruiter_id = ?`, p.ID); n != 1 {
		t.Fatalf("%d recruited", n)
	}
	s.Exec(`UPDATE {wp}partner_center_memberships SET recruiter_from = started_at WHERE recruiter_id = ?`, p.ID)
	text := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK).One(".pc-found")
	if !strings.Contains(text, "Rob Roe") || !strings.Contains(text, "nothing yet") {
		t.Errorf("%q", text)
	}
}
