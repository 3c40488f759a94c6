package wpplugin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const settingsPage = "/wp-admin/options-general.php?page=partner-center-settings"

// settings are the values as the plugin sees them.
type settings struct {
	Tracking   bool   `json:"tracking"`
	Center     bool   `json:"center"`
	RedirectTo int    `json:"redirect_to"`
	PageID     int    `json:"page_id"`
	BasePath   string `json:"base_path"`
	SidecarURL string `json:"sidecar_url"`
	Uninstall  string `json:"uninstall"`
}

func (s *site) settings(t *testing.T) settings {
	t.Helper()
	var v settings
	must(t, json.Unmarshal([]byte(s.php(t, `echo wp_json_encode(PartnerCenter\Settings::all());`)), &v))
	return v
}

// save fills in the settings form and sends it as an administrator; it returns
// what the page says afterwards.
func (s *site) save(t *testing.T, changes map[string]string) string {
	t.Helper()
	fields := formFields(s.get(t, settingsPage, s.login(t, "admin")...).doc(t).Find(`form[action="options.php"]`))
	for name, value := range changes {
		fields.Set("partner_center["+name+"]", value)
	}
	a := s.do(t, request{path: "/wp-admin/options.php", form: fields, cookies: s.login(t, "admin")})
	if a.Status != http.StatusFound {
		t.Fatalf("saving the settings: status %d, %.300s", a.Status, a.Body)
	}
	after := s.get(t, strings.TrimPrefix(a.Header.Get("Location"), s.URL), s.login(t, "admin")...)
	return after.doc(t).Find(".settings-error").Text()
}

// Spec: S1, S113
func TestSettingsAreSavedByTheForm(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		page := s.addPage(t, "welcome", "Hello")
		s.save(t, map[string]string{"tracking": "1", "center": "1", "redirect_to": page, "base_path": "/team"})
		got := s.settings(t)
		if !got.Tracking || !got.Center || got.RedirectTo == 0 || got.BasePath != "/team" || got.PageID == 0 {
			t.Errorf("saved %+v", got)
		}
		s.save(t, map[string]string{"center": "0"})
		if after := s.settings(t); after.Center || !after.Tracking || after.RedirectTo != got.RedirectTo {
			t.Errorf("one box unticked: %+v", after)
		}
	})
}

func TestSettingsNeedNonceAndCapability(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		fields := formFields(s.get(t, settingsPage, s.login(t, "admin")...).doc(t).Find(`form[action="options.php"]`))
		if fields.Get("_wpnonce") == "" {
			t.Fatal("the form has no nonce")
		}
		fields.Set("partner_center[tracking]", "1")
		s.addUser(t, "writer", "editor")
		for name, try := range map[string]request{
			"no login":      {form: fields},
			"not permitted": {form: fields, cookies: s.login(t, "writer")},
			"no nonce":      {form: without(fields, "_wpnonce"), cookies: s.login(t, "admin")},
		} {
			try.path = "/wp-admin/options.php"
			a := s.do(t, try)
			if s.settings(t).Tracking {
				t.Errorf("%s: saved with status %d", name, a.Status)
			}
		}
		if a := s.get(t, settingsPage, s.login(t, "writer")...); a.Status != http.StatusForbidden {
			t.Errorf("an editor gets the settings page with status %d", a.Status)
		}
	})
}

func without(fields url.Values, name string) url.Values {
	left := url.Values{}
	for key, values := range fields {
		if key != name {
			left[key] = values
		}
	}
	return left
}

func TestSettingsThatWouldBreakTheSiteAreRefused(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addPage(t, "shop", "Things")
		before := s.settings(t)
		for name, value := range map[string]string{
			"the center's page": "/partners",
			"another page":      "/shop",
			"WordPress' own":    "/wp-admin",
			"two words":         "/a/b",
			"not a path":        "/x?y",
			"nothing":           "",
		} {
			said := s.save(t, map[string]string{"base_path": value})
			if got := s.settings(t); got != before || !strings.Contains(said, "base path") {
				t.Errorf("base path %s (%q): saved %+v and said %q", name, value, got, said)
			}
		}
		for _, value := range []string{"127.0.0.1:8377", "http://127.0.0.1/x", "file:///etc/passwd", "http://a b"} {
			said := s.save(t, map[string]string{"sidecar_url": value})
			if got := s.settings(t); got != before || !strings.Contains(said, "http://127.0.0.1:8377") {
				t.Errorf("sidecar address %q: saved %+v and said %q", value, got, said)
			}
		}
	})
}

func TestLosingDataTakesTwoSteps(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		for _, choice := range []string{"books", "nothing"} {
			s.save(t, map[string]string{"uninstall": "keep"})
			said := s.save(t, map[string]string{"uninstall": choice})
			if got := s.settings(t).Uninstall; got != "keep" || !strings.Contains(said, "DELETE") {
				t.Errorf("%s: %s was chosen by ticking alone; the page said %q", choice, got, said)
			}
			s.save(t, map[string]string{"uninstall": choice, "delete_confirmation": "DELETE"})
			if got := s.settings(t).Uninstall; got != choice {
				t.Errorf("%s: ticked and confirmed, but %s was stored", choice, got)
			}
			s.save(t, map[string]string{"tracking": "1"})
			if got := s.settings(t).Uninstall; got != choice {
				t.Errorf("%s: lost by saving something else: %s", choice, got)
			}
		}
		s.save(t, map[string]string{"uninstall": "what ever", "delete_confirmation": "DELETE"})
		if got := s.settings(t).Uninstall; got != "nothing" {
			t.Errorf("a choice that there is not: %s", got)
		}
	})
}

func TestSettingsPageTellsHowTheSidecarIs(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		health := func() string {
			return s.get(t, settingsPage, s.login(t, "admin")...).doc(t).Find("#partner-center-health").Text()
		}
		says := func(body string) {
			s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) })
		}
		says(`{"version":"1.2.3","time":"2026-01-01T00:00:00.123456Z","paired":true,"problems":[]}`)
		if got := health(); !strings.Contains(got, "version 1.2.3, clock difference -") ||
			!strings.Contains(got, "time service") {
			t.Errorf("a slow clock: %q", got)
		}
		c := s.sidecar.only(t)
		if c.Target != "/partner-center/healthz" || c.Header.Get("X-Forwarded-For") != "" {
			t.Errorf("asked %s with %v", c.Target, c.Header)
		}
		says(`{"version":"1.2.3","time":1,"problems":[{"code":"schema","message":"Run migrate."}]}`)
		if got := health(); got != "Run migrate." {
			t.Errorf("a problem: %q", got)
		}
		says(`<html>some other server</html>`)
		if got := health(); !strings.Contains(got, "isn't the Partner Center service") {
			t.Errorf("another server: %q", got)
		}
		s.set(t, `['sidecar_url' => 'http://127.0.0.1:1']`)
		if got := health(); !strings.Contains(got, "doesn't answer at http://127.0.0.1:1") {
			t.Errorf("nobody there: %q", got)
		}
		s.set(t, `['sidecar_url' => '']`)
		if got := health(); !strings.Contains(got, "hasn't reported within") {
			t.Errorf("no address: %q", got)
		}
	})
}
