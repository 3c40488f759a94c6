package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Each page in a language that marks what went through the catalogue: any other
// word is either somebody's own, or was forgotten.
func TestNoPageHasABareSentence(t *testing.T) {
	s := newShop(t)
	anna, cookie := s.Partner("anna", s.program.ID), ""
	s.threshold(nil)
	first := s.sell(anna, "100", "USD", "Adams")
	s.sell(anna, "50", "JPY", "Brown")
	cookie = s.Login("anna")
	s.HandOver(func(h *wpbridge.Handover) { h.Locale = "en_XA" })
	for _, path := range []string{"", "?chart=USD", "earnings", "earnings/commissions/" + first.ID.String(), "earnings/purchases",
		"earnings/refunds", "earnings/adjustments", "earnings/payments", "earnings?q=nothing", "earnings?from=x", "reports", "reports/tools",
		"reports/subids", "tools", "tools?q=nothing", "profile", "signup/" + s.program.Code, "there-is-no-such-page"} {
		for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
			a := s.Get(path, surface, cookie)
			for _, bare := range bareWords(t, a.Text) {
				t.Errorf("%s on %s: %q", path, surface, bare)
			}
		}
	}
	s.Get("signup/"+s.program.Code, web.Standalone).Want(http.StatusOK)
	form := url.Values{"paypal_email": {"none"}}
	for _, bare := range bareWords(t, s.Post("profile", web.Theme, form, cookie).Text) {
		t.Errorf("a refused form: %q", bare)
	}
	if page := s.Get("profile", web.Standalone, cookie).Text; !strings.Contains(page, `<html lang="en" dir="ltr">`) {
		t.Error("the page does not name its language")
	}
	_ = sidecartest.Home
}
