package sidecar_test

import (
	"net/http"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// The base path can be moved; the plugin always calls at the usual one. On a
// site without pretty permalinks all of it stands in one parameter.
//
// Spec: S113
func TestBasePath(t *testing.T) {
	for _, public := range []string{"/partner-center", "/partners-area", "/blog/partner-center", "/?partner-center=",
		"/blog/?partner-center="} {
		s := sidecartest.New(t)
		s.HandOver(func(h *wpbridge.Handover) { h.PublicURL = sidecartest.Home + public })
		partner := s.Partner(s.Program("Gold").ID, "anna")
		req := s.Request(http.MethodGet, "profile", web.Standalone, "") // signed, as the plugin passes it through
		req.AddCookie(s.Login(int64(partner.WPUserID)))
		s.Sign(req)
		a := s.Do(req).Want(http.StatusOK)
		if style := a.Find("link[rel=stylesheet]").AttrOr("href", ""); !strings.HasPrefix(style,
			public+"/assets/app.") {
			t.Errorf("%s: style at %s", public, style)
		}
		if action := a.Find("main form").First().AttrOr("action", ""); action != public+"/profile" {
			t.Errorf("%s: form to %s", public, action)
		}
		if !strings.Contains(public, "?") {
			visitor := s.Request(http.MethodGet, "", web.Standalone, "")
			visitor.URL.Path, visitor.RequestURI = public+"/healthz", public+"/healthz"
			s.Do(visitor).Want(http.StatusOK)
		}
	}
}
