package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Each page in a locale that marks what went through the catalogue: any other
// word is somebody's own, or was forgotten.
func TestNoPageHasABareSentence(t *testing.T) {
	s := sidecartest.NewShop(t)
	anna, cookie := s.Anna, s.LogIn(s.Anna)
	s.Approve(s.Sell(anna, "377", "USD", "Adams"), s.Sell(anna, "1000", "JPY", "Brown"))
	s.Send("admin/programs/"+s.Gold.ID.String()+"/signup/terms", url.Values{"body": {"Fairness"}, "seen": {"0"},
		"applies_from": {s.Clock.Now().Format("2006-01-02")}}).Want(http.StatusSeeOther)
	s.HandOver(func(h *wpbridge.Handover) { h.Locale = sidecartest.Marking })
	own := []string{"Fairness", "Bea Adams <buyer1@mail.test>", "Bea Brown <buyer2@mail.test>", "Cup", "Gold", "Europe/Berlin",
		"N-1", "N-2", "nothing",
		"Name of anna", "anna@mail.test", "Tool to https://shop.test/cups", "shop.test/cups"}
	_, bobs := s.Join("bob") // is guided
	for _, bare := range s.Get("", web.Theme, bobs).BareWords(append(own, "Name of bob")...) {
		t.Errorf("guide: %q", bare)
	}
	for _, path := range []string{"", "?chart=USD", "?address=https://elsewhere.test/", "?range=last-month&chart=leads",
		"?from=x&to=y", "earnings", "earnings/purchases",
		"earnings/refunds", "earnings/adjustments", "earnings/payments", "earnings?q=nothing", "earnings?from=x",
		"reports",
		"reports/tools", "reports/subids", "reports/pages", "reports/campaigns", "reports/ads", "reports/sold", "reports/customers",
		"reports/level-2", "earnings/statements", "earnings/statements?day=2026-01-01", "earnings/missing",
		"signup/" + s.Gold.Code + "/terms", "tools", "tools?q=nothing", "profile", "signup/" + s.Gold.Code,
		"no-such-page"} {
		for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
			for _, bare := range s.Get(path, surface, cookie).BareWords(own...) {
				t.Errorf("%s on %s: %q", path, surface, bare)
			}
		}
	}
	file := s.Path(s.Post("files", web.Theme, url.Values{"report": {"commissions"}, "format": {"csv"}}, cookie).
		Want(http.StatusSeeOther).Location())
	const renewal = `<meta http-equiv="refresh" content="3">` // where no scripts run
	for range 2 {                                             // while it is made, and when it is ready
		for _, bare := range s.Get(file, web.Theme, cookie).Want(http.StatusOK).BareWords(append(own, renewal)...) {
			t.Errorf("a file: %q", bare)
		}
		s.Settle()
	}
	for _, path := range []string{"profile", "signup/" + s.Gold.Code} {
		refused := s.Post(path, web.Theme, url.Values{"paypal_email": {"none"}, "email": {"none"}}, cookie)
		for _, bare := range refused.BareWords(own...) {
			t.Errorf("%s refused: %q", path, bare)
		}
	}
}

// A page says in which language it is, wherever it is shown.
func TestPagesNameTheirLanguage(t *testing.T) {
	s := sidecartest.NewShop(t)
	for surface, want := range map[web.SurfaceKind]string{
		web.Standalone: `<html lang="en" dir="ltr">`, web.Theme: `alignwide" lang="en" dir="ltr"`,
	} {
		if page := s.Get("profile", surface, s.LogIn(s.Anna)).Want(http.StatusOK).Text; !strings.Contains(page, want) {
			t.Errorf("%s: no %s in %s", surface, want, page)
		}
	}
}
