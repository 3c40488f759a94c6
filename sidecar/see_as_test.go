package sidecar_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// An admin who looks at the center as a partner changes nothing of theirs, by no
// route there is.
//
// Spec: S115
func TestWhoLooksAsAPartnerChangesNothing(t *testing.T) {
	w := sidecartest.NewShop(t)
	look := w.Send("admin/partners/"+w.Anna.ID.String()+"/see", nil).Want(http.StatusSeeOther).Cookie("pc_as")
	tried := 0
	for _, route := range sidecar.Routes() {
		if route.Access != web.Partner || route.Method == http.MethodGet {
			continue
		}
		tried++
		refused := w.Post(parameter.ReplaceAllString(route.Path, "1"), web.Standalone, url.Values{"x": {"1"}}, w.Boss,
			look).Want(http.StatusForbidden)
		if !strings.Contains(refused.Text, "nothing can be changed here") || refused.Find(".pc-seen-as").Length() != 1 {
			t.Errorf("%s: %s", route.Path, refused.Text)
		}
	}
	if tried == 0 {
		t.Error("no route was tried")
	}
}
