package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// Spec: S124.1 S124.2 S125.1 B14.3
func TestConnections(t *testing.T) {
	s := sidecartest.NewShop(t)
	const page = "admin/settings/connections"
	if a := s.Send(page+"/keys", url.Values{"kind": {"site"},
		"name": {""}}).Want(http.StatusUnprocessableEntity); a.Find(".pc-problem").Length() < 2 {
		t.Error("the empty form shows no problems")
	}
	made := s.Send(page+"/keys", url.Values{"kind": {"site"}, "name": {"Shop"},
		"scope": {"orders:write", "leads:write"}}).Want(http.StatusOK)
	secret, public := made.One("#pc-secret"), made.One(".pc-key")
	if !strings.HasPrefix(secret, "sk_") || !strings.HasPrefix(public, "pk_") {
		t.Errorf("%s %s", secret, public)
	}
	if again := s.Open(page).Want(http.StatusOK); strings.Contains(again.Text, secret) ||
		!strings.Contains(again.Text, public) {
		t.Error("the secret is shown again, or the key is not")
	}

	s.Send(page+"/keys", url.Values{"kind": {"pixel"}, "name": {"Cart"},
		"partner": {"nobody"}}).Want(http.StatusUnprocessableEntity)
	s.Send(page+"/keys", url.Values{"kind": {"pixel"}, "name": {"Cart"}, "partner": {s.Anna.Code}}).Want(http.StatusOK)
	code := s.Open(page).One(".pc-copy .pc-code")
	if !strings.Contains(code, sidecartest.Base+"/px.gif?k=pk_") ||
		!strings.Contains(code, "&amp;order=ORDER&amp;cur=USD&amp;") {
		t.Errorf("to copy: %s", code)
	}
	fields := strings.Join(s.Open(page).Texts("details th code"), " ")
	for _, field := range []string{"order", "cur", "email", "item_1", "price_1", "tax"} {
		if !strings.Contains(fields, field) {
			t.Errorf("the fields are %s, without %s", fields, field)
		}
	}
	key := strings.TrimPrefix(code[strings.Index(code, "k=pk_"):], "k=")
	key = key[:strings.Index(key, "&")]
	s.Get("px.gif?k="+key+"&order=17&cur=USD&email=buyer@mail.test&item_1=cup&price_1=<b>", web.Standalone)
	shown := s.Open(page)
	if text := shown.One(".pc-sales tbody"); !strings.Contains(text, "17") || !strings.Contains(text, "no amount") ||
		!strings.Contains(text, "<b>") {
		t.Errorf("what arrived: %s", text)
	}

	s.Send(page+"/webhooks", url.Values{"kind": {"webhook"}, "name": {"CRM"},
		"url": {"nowhere"}}).Want(http.StatusUnprocessableEntity)
	added := url.Values{"kind": {"webhook"}, "name": {"CRM"}, "url": {"http://127.0.0.1:1/"},
		"event": {"commission.earned"}}
	s.Send(page+"/webhooks", added).Want(http.StatusSeeOther)
	hook := s.Open(page).Find(".pc-hooks form").First().AttrOr("action", "")
	s.Send(s.Path(hook), nil).Want(http.StatusSeeOther)
	s.Settle()
	sent := s.Open(page)
	if text := sent.One(".pc-deliveries tbody"); !strings.Contains(text, "private network") {
		t.Errorf("deliveries: %s", text)
	}
	s.Send(s.Path(sent.Find(".pc-deliveries form").AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	s.Send(s.Path(sent.Find(".pc-hooks form").Last().AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	s.Send(s.Path(sent.Find(".pc-keys form").First().AttrOr("action", "")), nil).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT (SELECT COUNT(*) FROM {wp}partner_center_webhooks
		WHERE removed_at IS NOT NULL) + (SELECT COUNT(*) FROM {wp}partner_center_api_keys
		WHERE revoked_at IS NOT NULL)`); n != 2 {
		t.Errorf("%d are ended", n)
	}
}
