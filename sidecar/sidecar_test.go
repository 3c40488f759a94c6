package sidecar_test

import (
	"net/http"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The partner's first page is the same on each surface (S115: WordPress' login
// is the only one).
//
// Spec: S115
func TestSurfaces(t *testing.T) {
	s := sidecartest.New(t)
	partner := s.Partner(s.Program("Gold").ID, "anna")
	cookie := s.Login(int64(partner.WPUserID))
	for _, surface := range []web.SurfaceKind{web.Standalone, web.Theme} {
		a := s.Get("", surface, cookie).Want(http.StatusOK)
		if a.Find(".pc-title").Text() != "Dashboard" {
			t.Errorf("%s: %s", surface, a.Text)
		}
		if embedded := a.Header.Get("PC-Embed") == "1"; embedded != (surface == web.Theme) ||
			embedded == (a.Find("head title").Length() > 0) {
			t.Errorf("%s: a fragment belongs into a page, a document does not: %s", surface, a.Text)
		}
	}
	s.Logout(int64(partner.WPUserID))
	if a := s.Get("", web.Theme, cookie).Want(http.StatusSeeOther); a.Location() != sidecartest.Home+
		"/wp-login.php?redirect_to=https%3A%2F%2Fshop.test%2Fpartners%2F%3Fpc%3D" {
		t.Errorf("after the logout: %s", a.Location())
	}
}

// Spec: S115
func TestAdminPages(t *testing.T) {
	s := sidecartest.New(t)
	a := s.Get("admin/settings", web.Admin, s.Admin()).Want(http.StatusOK)
	if a.One("h1") != "Settings" || a.Find("form").AttrOr("action", "") != sidecartest.Admin+"&pc=admin%2Fsettings" {
		t.Error(a.Text)
	}
}
