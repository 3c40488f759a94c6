package sidecar_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

const rightPassword = `it's "mine" \o/`

// knowsPasswords has WordPress know the password of everybody.
func knowsPasswords(s *sidecartest.Site) {
	s.WordPress.Answer("password", func(in map[string]any) (int, any) {
		return http.StatusOK, map[string]bool{"ok": in["password"] == rightPassword}
	})
}

// fields are what the page that asks for a password keeps of a form.
func fields(page *sidecartest.Answer) url.Values {
	kept := url.Values{}
	hidden := page.Find("form input[type=hidden]")
	for i := range hidden.Length() {
		kept.Add(hidden.Eq(i).AttrOr("name", ""), hidden.Eq(i).AttrOr("value", ""))
	}
	return kept
}

func paypalOf(t *testing.T, s *sidecartest.Site, id affiliate.PartnerID) string {
	t.Helper()
	p, err := s.Registry.Partner(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p.PayPalEmail
}

// A stolen session alone changes no payment data: a quarter of an hour after the
// log-in the password is asked for, on our own pages as in the theme's, and
// nothing that was typed is lost.
//
// Spec: S145
func TestPaymentDataNeedThePassword(t *testing.T) {
	for _, on := range []web.SurfaceKind{web.Standalone, web.Theme} {
		s := sidecartest.New(t)
		knowsPasswords(s)
		anna := s.Partner(s.Program("Gold").ID, "anna")
		cookie := s.Login(int64(anna.WPUserID))
		s.Clock.Advance(15*time.Minute + time.Second)
		typed := url.Values{"paypal_email": {"anna@pay.test"}}
		page := s.Post("profile", on, typed, cookie).Want(http.StatusUnprocessableEntity)
		if paypalOf(t, s, anna.ID) != "" || fields(page).Get("paypal_email") != "anna@pay.test" {
			t.Fatalf("%s: the address is %q: %s", on, paypalOf(t, s, anna.ID), page.Text)
		}
		again := fields(page)
		again.Set("pc_password", "guessed")
		page = s.Post("profile", on, again, cookie).Want(http.StatusUnprocessableEntity)
		if text := page.One(".pc-problems"); text != "This password isn't right. Please try again." ||
			strings.Contains(page.Text, "guessed") {
			t.Errorf("%s: %s", on, page.Text)
		}
		again = fields(page)
		again.Set("pc_password", rightPassword)
		done := s.Post("profile", on, again, cookie).Want(http.StatusSeeOther)
		if got := paypalOf(t, s, anna.ID); got != "anna@pay.test" {
			t.Errorf("%s: the address is %q", on, got)
		}
		owner := done.Cookie("pc_owner")
		if owner == nil || !owner.HttpOnly || owner.MaxAge != 15*60 {
			t.Fatalf("%s: %v", on, owner)
		}
		s.Post("profile", on, typed, cookie, owner).Want(http.StatusSeeOther)
		// Neither another browser's login nor a later hour can use it.
		s.Post("profile", on, typed, s.Login(int64(anna.WPUserID)), owner).
			Want(http.StatusSeeOther)
			// logged in just now
		other := s.Login(int64(anna.WPUserID))
		s.Clock.Advance(14 * time.Minute)
		s.Post("profile", on, typed, other, owner).Want(http.StatusSeeOther)
		s.Clock.Advance(time.Minute + time.Second)
		s.Post("profile", on, typed, other, owner).Want(http.StatusUnprocessableEntity)
	}
}

// The word that the password was given is over after a quarter of an hour, for
// its own login, too, and though a browser keeps it.
func TestOwnerCookieIsSoonOver(t *testing.T) {
	s := sidecartest.New(t)
	knowsPasswords(s)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	login := s.Login(int64(anna.WPUserID))
	s.Clock.Advance(time.Hour)
	form := url.Values{"paypal_email": {"x@pay.test"}, "pc_password": {rightPassword}}
	owner := s.Post("profile", web.Standalone, form, login).Want(http.StatusSeeOther).Cookie("pc_owner")
	form.Del("pc_password")
	s.Clock.Advance(15*time.Minute - time.Second)
	s.Post("profile", web.Standalone, form, login, owner).Want(http.StatusSeeOther)
	s.Clock.Advance(time.Second)
	s.Post("profile", web.Standalone, form, login, owner).Want(http.StatusUnprocessableEntity)
}

// The word that the password was given is of one login, and of nobody else.
func TestOwnerCookieIsOfOneLogin(t *testing.T) {
	s := sidecartest.New(t)
	knowsPasswords(s)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	bert := s.Partner(s.Program("Silver").ID, "bert")
	mine, his := s.Login(int64(anna.WPUserID)), s.Login(int64(bert.WPUserID))
	s.Clock.Advance(time.Hour)
	form := url.Values{"paypal_email": {"x@pay.test"}, "pc_password": {rightPassword}}
	owner := s.Post("profile", web.Standalone, form, mine).Want(http.StatusSeeOther).Cookie("pc_owner")
	form.Del("pc_password")
	s.Post("profile", web.Standalone, form, mine, owner).Want(http.StatusSeeOther)
	s.Post("profile", web.Standalone, form, his, owner).Want(http.StatusUnprocessableEntity)
	forged := *owner
	forged.Value = "9" + forged.Value
	s.Post("profile", web.Standalone, form, mine, &forged).Want(http.StatusUnprocessableEntity)
}

// Guessing is limited for the person, from wherever; WordPress is not even asked.
func TestPasswordsAreNotGuessed(t *testing.T) {
	s := sidecartest.New(t)
	knowsPasswords(s)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	s.Clock.Advance(time.Hour)
	form := url.Values{"paypal_email": {"x@pay.test"}, "pc_password": {"guess"}}
	for range 8 {
		s.Post("profile", web.Standalone, form, cookie).Want(http.StatusUnprocessableEntity)
	}
	form.Set("pc_password", rightPassword)
	page := s.Post("profile", web.Standalone, form, cookie).Want(http.StatusUnprocessableEntity)
	if asked := len(s.WordPress.Calls("password")); asked != 5 ||
		!strings.Contains(page.One(".pc-problems"), "Too many attempts") {
		t.Errorf("WordPress was asked %d times: %s", asked, page.One(".pc-problems"))
	}
	s.Clock.Advance(3 * time.Minute)
	s.Post("profile", web.Standalone, form, cookie).Want(http.StatusSeeOther)
}

// Where WordPress does not answer, there is another way: to log in again.
func TestLoggingInAgainIsAsGood(t *testing.T) {
	s := sidecartest.New(t)
	s.WordPress.Answer("password", func(map[string]any) (int, any) { return http.StatusNotFound, nil })
	anna := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	s.Clock.Advance(time.Hour)
	form := url.Values{"paypal_email": {"x@pay.test"}, "pc_password": {rightPassword}}
	page := s.Post("profile", web.Standalone, form, cookie).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(page.One(".pc-problems"), "Please log in again") {
		t.Error(page.Text)
	}
	if there := page.Find(".pc-card a").AttrOr("href", ""); !strings.HasPrefix(
		there,
		sidecartest.Home+"/wp-login.php?redirect_to=",
	) ||
		!strings.HasSuffix(there, "&reauth=1") {
		t.Errorf("log in at %s", there)
	}
	s.Post("profile", web.Standalone, form, s.Login(int64(anna.WPUserID))).Want(http.StatusSeeOther)
}

// releasedFile makes a batch of everyone, releases it and is the path of its file.
func releasedFile(w *sidecartest.Shop) string {
	w.Helper()
	made := w.Send("admin/payments/batches", url.Values{"everyone": {"USD"}, "form": {"f"}}).Want(http.StatusSeeOther)
	batch := w.Path(made.Location())
	total := w.Open(batch).Find("input[name=total]").AttrOr("value", "")
	w.Send(batch+"/release", url.Values{"total": {total}, "format": {"current"}}).Want(http.StatusSeeOther)
	return batch + "/file?part=1"
}

// So in wp-admin: marking as paid keeps its form, and the file for PayPal comes
// once the password was given.
//
// Spec: S84, S85
func TestPayingNeedsThePassword(t *testing.T) {
	w := sidecartest.NewShop(t)
	knowsPasswords(w.Site)
	_, err := w.Registry.UpdatePayment(
		t.Context(),
		"test",
		w.Anna.ID,
		affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "anna@pay.test"},
	)
	w.Must(err)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	file := releasedFile(w)
	w.Approved(w.Refer("dora@mail.test", w.Anna), "100")
	w.Clock.Advance(time.Hour)
	page := w.Open(file).Want(http.StatusOK)
	if strings.Contains(page.Text, "anna@pay.test") || page.Header.Get("Content-Disposition") != "" {
		t.Fatalf("%v %s", page.Header, page.Text)
	}
	form := fields(page)
	form.Set("pc_password", "wrong")
	form = fields(w.Send("password", form).Want(http.StatusUnprocessableEntity))
	form.Set("pc_password", rightPassword)
	done := w.Send("password", form).Want(http.StatusSeeOther)
	to, err := url.Parse(done.Location())
	w.Must(err)
	if to.Query().Get("pc") != file {
		t.Errorf("sent on to %s", done.Location())
	}
	owner := done.Cookie("pc_owner")
	if a := w.Get(file, web.Admin, w.Boss, owner).Want(http.StatusOK); !strings.Contains(a.Text, "anna@pay.test") {
		t.Error(a.Text)
	}
	pay := url.Values{"partner": {w.Anna.ID.String()}, "currency": {"USD"}, "amount": {"10"}}
	page = w.Send("admin/payments/pay", pay).Want(http.StatusUnprocessableEntity)
	if b := w.Balance(w.Anna); !b.Paid.IsZero() {
		t.Fatalf("%+v", b)
	}
	form = fields(page)
	form.Set("pc_password", rightPassword)
	w.Send("admin/payments/pay", form).Want(http.StatusSeeOther)
	if b := w.Balance(w.Anna); !b.Payable.IsZero() {
		t.Errorf("%+v", b)
	}
}

// Whatever moves money asks: a route is named here when one is added that does.
func TestRoutesThatMoveMoneyAsk(t *testing.T) {
	asks := map[string]bool{}
	for _, route := range sidecar.Routes() {
		if route.Password {
			asks[route.Method+" "+route.Path] = true
		}
		if route.Access == web.MayPay && route.Method == http.MethodPost && !route.Password {
			t.Errorf("%s moves money without a word", route.Path)
		}
	}
	for _, one := range []string{"POST /profile", "POST /admin/payments/pay",
		"GET /admin/payments/batches/:batch/file"} {
		if !asks[one] {
			t.Errorf("%s does not ask", one)
		}
	}
}

// The password leads on to pages of ours only.
func TestPasswordLeadsNowhereElse(t *testing.T) {
	s := sidecartest.New(t)
	knowsPasswords(s)
	cookie := s.Admin()
	for _, to := range []string{"https://evil.test/", "//evil.test", "/\\evil.test", "..//evil.test?x=1"} {
		a := s.Post("password", web.Standalone, url.Values{"to": {to}, "pc_password": {rightPassword}}, cookie).
			Want(http.StatusSeeOther)
		if there := a.Location(); !strings.HasPrefix(there, "/partner-center/") {
			t.Errorf("%s leads to %s", to, there)
		}
	}
}

// Alone, a stolen login cannot pay where two people are required; it must not be
// able to switch that off either, however fresh it is.
func TestTwoPeopleAreSwitchedOffByThePassword(t *testing.T) {
	s := sidecartest.New(t)
	knowsPasswords(s)
	admin := s.Admin()
	settings := func() affiliate.Settings {
		now, err := s.Registry.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	form := func(two bool) url.Values {
		page := s.Get("admin/settings", web.Admin, admin).Want(http.StatusOK)
		typed := url.Values{}
		page.Find("input[name]").Each(func(_ int, field *goquery.Selection) {
			_, chosen := field.Attr("checked")
			if kind := field.AttrOr("type", ""); kind != "radio" && kind != "checkbox" || chosen {
				typed.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
			}
		})
		typed.Del("two_people")
		if two {
			typed.Set("two_people", "1")
		}
		return typed
	}
	s.Post("admin/settings", web.Admin, form(true), admin).Want(http.StatusSeeOther)
	if !settings().TwoPeople {
		t.Fatal("two people are not required")
	}
	page := s.Post("admin/settings", web.Admin, form(false), admin).Want(http.StatusUnprocessableEntity)
	if !settings().TwoPeople || page.Find("input[name=pc_password]").Length() != 1 {
		t.Fatal("switched off without the password")
	}
	again := fields(page)
	again.Set("pc_password", rightPassword)
	s.Post("admin/settings", web.Admin, again, admin).Want(http.StatusSeeOther)
	if settings().TwoPeople {
		t.Error("still on")
	}
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_audit a JOIN {wp}partner_center_audit_values v
		ON v.digest = a.digest WHERE a.object = 'settings' AND v.before_json LIKE '%"two_people":true%'
		AND v.after_json LIKE '%"two_people":false%'`); n != 1 {
		t.Error("it is not audited")
	}
}
