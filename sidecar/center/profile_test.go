package center_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// pay sets how partners of the site are paid.
func pay(t *testing.T, s *sidecartest.Site, policy affiliate.PaymentPolicy) {
	t.Helper()
	settings, err := s.Registry.Settings(t.Context())
	must(t, err)
	settings.PaymentMethod = policy
	_, err = s.Registry.SaveSettings(t.Context(), "test", settings)
	must(t, err)
}

// Only the third choice leaves the method to the partner; with the others it is
// shown and cannot be changed, not even by a forged form.
//
// Spec: S5.1 S5.2
func TestPaymentMethodIsAChoiceOnlyWhereTheSettingsSaySo(t *testing.T) {
	s := sidecartest.New(t)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	for _, c := range []struct {
		policy  affiliate.PaymentPolicy
		choices int
		says    string
		code    int // of choosing check
	}{
		{affiliate.PayPal, 0, "We pay you by PayPal.", http.StatusSeeOther}, // the choice is not read
		{affiliate.Check, 0, "We pay you by check.", http.StatusSeeOther},
		{affiliate.Choice, 2, "Payment method", http.StatusSeeOther},
	} {
		pay(t, s, c.policy)
		a := s.Get("profile", web.Theme, cookie).Want(http.StatusOK)
		if n := a.Find("input[name=payment_method]").Length(); n != c.choices ||
			!strings.Contains(a.Find(".pc-card").First().Text(), c.says) {
			t.Errorf("%s: %d choices: %s", c.policy, n, a.Text)
		}
		s.Post("profile", web.Theme, url.Values{"payment_method": {"check"}, "paypal_email": {"anna@pay.test"},
			"pc_password": {sidecartest.Password}},
			cookie).Want(c.code)
		p, err := s.Registry.Partner(t.Context(), anna.ID)
		must(t, err)
		settings, err := s.Registry.Settings(t.Context())
		must(t, err)
		if want := map[bool]affiliate.PaymentPolicy{true: affiliate.PayPal,
			false: affiliate.Check}[c.policy == affiliate.PayPal]; settings.MethodOf(p) != want {
			t.Errorf("%s: paid by %s", c.policy, settings.MethodOf(p))
		}
	}
	a := s.Post("profile", web.Standalone, url.Values{"payment_method": {"cash"}},
		cookie).Want(http.StatusUnprocessableEntity)
	if a.Find("fieldset[aria-invalid=true] .pc-problem").Length() != 1 {
		t.Error(a.Text)
	}
}

// The address is validated, stored folded, audited, and confirmed on the page.
func TestPayPalAddressIsCheckedAndAudited(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	anna, bob := s.Partner(gold.ID, "anna"), s.Partner(gold.ID, "bob")
	cookie := s.Login(int64(anna.WPUserID))
	for _, bad := range []string{"", "anna", "anna@pay", "a b@pay.test", "anna@pay.test\r\nBcc: x@y.test",
		`"><script>alert(1)</script>`, "☕", strings.Repeat("x", 300) + "@pay.test"} {
		a := s.Post("profile", web.Standalone, url.Values{"paypal_email": {bad}},
			cookie).Want(http.StatusUnprocessableEntity)
		input := a.Find("input[name=paypal_email]")
		if input.AttrOr("aria-invalid", "") != "true" ||
			a.Find("#"+input.AttrOr("aria-describedby", "")+" .pc-problem").Text() == "" {
			t.Errorf("%.40q is not marked: %s", bad, a.Text)
		}
		if kept := input.AttrOr("value", ""); kept != strings.NewReplacer("\r\n", "\n", "\r", "").Replace(bad) {
			t.Errorf("%.40q became %.40q", bad, kept)
		}
		if a.Find("main script").Length() != 0 {
			t.Errorf("%q is a script of the page", bad)
		}
	}
	a := s.Post("profile", web.Standalone, url.Values{"paypal_email": {" Anna@Pay.test "},
		"partner": {bob.ID.String()}, "pc_password": {sidecartest.Password}}, cookie).Want(http.StatusSeeOther)
	a = s.Get("profile", web.Standalone, cookie, a.Cookie("pc_flash")).Want(http.StatusOK)
	if a.Find("input[name=paypal_email]").AttrOr("value", "") != "anna@pay.test" ||
		a.One(".pc-flash[role=status] p") == "" {
		t.Error(a.Text)
	}
	history, err := s.Registry.History(t.Context(), "partner", int64(anna.ID), 0, 10)
	must(t, err)
	actor := affiliate.Actor(fmt.Sprintf("anna (user %d)", anna.WPUserID))
	if len(history) != 1 || history[0].Action != "edit payment" || history[0].Actor != actor {
		t.Errorf("audit: %+v", history)
	}
	if other, err := s.Registry.Partner(t.Context(), bob.ID); err != nil || other.PayPalEmail != "" {
		t.Errorf("another partner's address is %q, %v", other.PayPalEmail, err)
	}
}

// Spec: S115.1 S119.1
func TestProfileLeadsToTheWordPressAccount(t *testing.T) {
	s := sidecartest.New(t)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	a := s.Get("profile", web.Theme, s.Login(int64(anna.WPUserID))).Want(http.StatusOK)
	if a.Find(`a[href="`+sidecartest.Home+`/wp-admin/profile.php"]`).Length() != 1 ||
		!strings.Contains(a.One(".pc-facts"), "anna@mail.test") {
		t.Error(a.Text)
	}
	if a.Find("input[type=password]").Length() != 0 {
		t.Error("WordPress' login is the only credential")
	}
}
