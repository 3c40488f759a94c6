package center_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Partners find their code with a button to copy it and links that carry it, and
// may choose another one within the rules.
//
// Spec: B17.1 B17.3
func TestPartnersCoupon(t *testing.T) {
	s := sidecartest.New(t)
	gold := s.Program("Gold")
	anna := s.Partner(gold.ID, "anna")
	cookie := s.Login(int64(anna.WPUserID))
	link := tool(t, s, tracking.Tool{ProgramID: gold.ID, Kind: tracking.StandardLink, Name: "Shop"})
	if s.Get("tools", web.Theme, cookie).Find("#coupon").Length() != 0 {
		t.Error("a coupon, where the program has none")
	}
	codes := coupon.New(s.DB, s.Clock.Now)
	template := coupon.DefaultTemplate(gold.ID, "USD")
	template.Active = true
	template, err := codes.SaveTemplate(t.Context(), "test", template)
	if err != nil {
		t.Fatal(err)
	}
	s.WordPress.Answer("ping", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{} })
	s.WordPress.Answer("coupon", func(in map[string]any) (int, any) {
		if in["code"] == "SHOPS-OWN" {
			return http.StatusConflict, map[string]string{"code": "partner_center_coupon_taken", "message": "No."}
		}
		return http.StatusOK, map[string]any{}
	})
	if got := s.Get("tools", web.Theme, cookie).One("#coupon .pc-note"); strings.Contains(got, "ANNA10") {
		t.Error(got)
	}
	s.Settle()
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		a := s.Get("tools", surface, cookie).Want(http.StatusOK)
		if got := a.One("#coupon pre"); got != "ANNA10" ||
			a.Find(`#coupon button[data-pc-copy="pc-coupon"]`).Length() != 1 {
			t.Errorf("%s: %q", surface, got)
		}
		if got := a.Find("#coupon p").First().Text(); !strings.Contains(got, "10% off") {
			t.Error(got)
		}
		want := sidecartest.Base + "/go/" + link.Code + "?p=" + anna.Code + "&coupon"
		if got := a.One("#pc-code-" + link.Code + "-coupon"); got != want {
			t.Errorf("the link with the coupon is %q", got)
		}
	}
	// The link leaves the code in the visitor's browser; without the parameter it does not.
	clicked := s.Get("go/"+link.Code+"?p="+anna.Code+"&coupon", web.Standalone).Want(http.StatusFound)
	if c := clicked.Cookie(web.CouponCookie); c == nil || c.Value != "ANNA10" {
		t.Errorf("the cookie is %v", c)
	}
	if c := s.Get("go/"+link.Code+"?p="+anna.Code, web.Standalone).Cookie(web.CouponCookie); c != nil {
		t.Errorf("a plain link sets %v", c)
	}

	for wish, status := range map[string]int{"x": 422, "sh1t-happens": 422, "ANNA LOVES": 422, "anna-loves": 303} {
		a := s.Post("tools/coupon", web.Theme, url.Values{"code": {wish}}, cookie).Want(status)
		if status == 422 && (a.Find("#pc-code-notes .pc-problem").Length() != 1 ||
			a.Find("#pc-code").AttrOr("value", "") != wish) {
			t.Errorf("%q: %s", wish, a.One("#coupon"))
		}
	}
	s.Settle()
	if got := s.Get("tools", web.Theme, cookie).One("#coupon pre"); got != "ANNA-LOVES" {
		t.Error(got)
	}
	s.Post("tools/coupon", web.Theme, url.Values{"code": {"SHOPS-OWN"}}, cookie).Want(http.StatusSeeOther)
	s.Settle()
	if got := s.Get("tools", web.Theme, cookie).One("#coupon .pc-note"); !strings.Contains(got, "already uses") {
		t.Error(got)
	}
	template.PartnersChoose = false
	if _, err := codes.SaveTemplate(t.Context(), "test", template); err != nil {
		t.Fatal(err)
	}
	if s.Get("tools", web.Theme, cookie).Find("#coupon form").Length() != 0 {
		t.Error("the form is there, though partners may not choose")
	}
	s.Post("tools/coupon", web.Theme, url.Values{"code": {"MY-OWN"}}, cookie).Want(http.StatusConflict)
}
