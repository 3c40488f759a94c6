package center_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

var confirmLink = regexp.MustCompile(`confirm-paypal\?token=(\w+)`)

// confirmations are the tokens mailed for PayPal changes, by recipient; the
// latest of each.
func confirmations(t *testing.T, s *sidecartest.Site) map[string]string {
	t.Helper()
	rows := []struct {
		Recipient string `db:"recipient"`
		Text      string `db:"body_text"`
	}{}
	must(t, s.DB.Select(t.Context(), &rows,
		`SELECT recipient, body_text FROM {wp}partner_center_mails WHERE kind = 'paypal' ORDER BY id`))
	tokens := map[string]string{}
	for _, r := range rows {
		tokens[r.Recipient] = confirmLink.FindStringSubmatch(r.Text)[1]
	}
	return tokens
}

// Whoever has a stolen login cannot turn the money to themselves: both mailboxes
// have to confirm, looking at the link is not enough, and an address cannot be
// removed to enter another as the first.
//
// Spec: S118.3 S145.2
func TestAChangedPayPalAddressWaitsForBothMailboxes(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.Choice)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	address := func() string {
		t.Helper()
		p, err := s.Registry.Partner(t.Context(), anna.ID)
		must(t, err)
		return p.PayPalEmail
	}
	save := func(method, email string) {
		t.Helper()
		s.Post("profile", web.Standalone, url.Values{"payment_method": {method}, "paypal_email": {email},
			"pc_password": {sidecartest.Password}},
			cookie).Want(http.StatusSeeOther)
	}
	if address() == "" {
		save("paypal", "anna@pay.test") // the first one counts at once
	}
	old := address()
	save("paypal", "thief@pay.test")
	save("check", "") // nor does going around by check help
	save("paypal", "thief@pay.test")
	if got := address(); got != old {
		t.Fatalf("the address became %s", got)
	}
	tokens := confirmations(t, s)
	s.Get("confirm-paypal?token="+tokens["thief@pay.test"], web.Standalone).Want(http.StatusOK)
	s.Post("confirm-paypal", web.Standalone, url.Values{"token": {tokens["thief@pay.test"]}}).Want(http.StatusOK)
	if got := address(); got != old {
		t.Fatalf("confirmed by the new mailbox only, the address became %s", got)
	}
	for mailbox, buttons := range map[string]int{"thief@pay.test": 0, old: 1} { // a mail is opened again
		page := s.Get("confirm-paypal?token="+tokens[mailbox], web.Standalone).Want(http.StatusOK)
		if n := page.Find("form .pc-button").Length(); n != buttons {
			t.Errorf("%s is asked %d times: %s", mailbox, n, page.Text)
		}
	}
	a := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK)
	if !strings.Contains(a.Find("#waiting").Text(), "thief@pay.test") {
		t.Errorf("the profile does not tell of the change: %s", a.Text)
	}
	a = s.Post("confirm-paypal", web.Standalone, url.Values{"token": {tokens[old]}}).Want(http.StatusOK)
	if got := address(); got != "thief@pay.test" || !strings.Contains(a.Text, "Both addresses are confirmed") {
		t.Errorf("confirmed by both, the address is %s: %s", got, a.Text)
	}
	s.Post("confirm-paypal", web.Standalone, url.Values{"token": {tokens[old]}}).Want(http.StatusNotFound)
	s.Get("confirm-paypal?token=nonsense", web.Standalone).Want(http.StatusNotFound)
}

// Spec: S136.2
func TestWhereChecksGoIsOnTheProfile(t *testing.T) {
	s := sidecartest.New(t)
	pay(t, s, affiliate.Check)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	s.Post("profile", web.Standalone, url.Values{"payee": {"Anna Alt"}, "address": {"1 Main St\nSpringfield"},
		"pc_password": {sidecartest.Password}},
		cookie).Want(http.StatusSeeOther)
	a := s.Get("profile", web.Standalone, cookie).Want(http.StatusOK)
	if got := a.Find("input[name=payee]").AttrOr("value", ""); got != "Anna Alt" ||
		!strings.Contains(a.Find("textarea[name=address]").Text(), "Springfield") {
		t.Errorf("the profile shows %q: %s", got, a.Text)
	}
	a = s.Post("profile", web.Standalone, url.Values{"payee": {strings.Repeat("x", 191)}},
		cookie).Want(http.StatusUnprocessableEntity)
	if a.Find("input[name=payee]").AttrOr("aria-invalid", "") != "true" {
		t.Error(a.Text)
	}
}
