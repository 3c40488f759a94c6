package e2e

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the pixel reports stands on the open page without its being loaded again.
//
// Spec: S124.1
func TestPixelTesterIsLive(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := example(t, r)
		c := newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password)
		c.post(adminURL("admin/settings/connections/keys"), url.Values{"kind": {"pixel"},
			"name": {"Live cart"}}).want(http.StatusOK)
		var key string
		if err := w.DB.Get(t.Context(), &key, `SELECT public_id FROM {wp}partner_center_api_keys
			WHERE name = 'Live cart'`); err != nil {
			t.Fatal(err)
		}
		v := w.admin()
		v.open(adminURL("admin/settings/connections"))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			w.URL()+"/partner-center/px.gif?k="+key+"&order=live-17&cur=USD", nil)
		if err != nil {
			t.Fatal(err)
		}
		fetch(t, req)
		v.do("see what arrived", chromedp.WaitVisible(css("#pc-arrived .pc-sales")))
		v.sees("#pc-arrived", "live-17")
	})
}
