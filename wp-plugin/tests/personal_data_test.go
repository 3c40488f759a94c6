package wpplugin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Tools → Erase Personal Data and Export Personal Data ask the sidecar in the name
// of whoever uses them, show what it says stays, and stop where it doesn't answer.
//
// Spec: D37
func TestToolsForPersonalDataAskTheSidecar(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		admin := s.login(t, "admin")
		s.sidecar.answers(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				fmt.Fprint(w, `{"items_removed":true,"items_retained":true,"messages":["1 payment keeps its address."]}`)
				return
			}
			fmt.Fprint(w, `{"data":[{"group_id":"partner-center-contact","group_label":"Partner Center: contact",
				"item_id":"contact-8","data":[{"name":"Company","value":"Heart of Gold"}]}]}`)
		})
		for _, tool := range []struct{ action, page, ajax, friendly, want, target, body string }{
			{"remove_personal_data", "erase-personal-data.php", "wp-privacy-erase-personal-data", "eraser",
				"1 payment keeps its address.", "/partner-center/admin/persons/erase", "email=zaphod%40x.test"},
			{"export_personal_data", "export-personal-data.php", "wp-privacy-export-personal-data", "exporter",
				"", // which needs PHP's ZipArchive to go on
				"/partner-center/admin/persons?email=zaphod%40x.test", ""},
		} {
			id := s.php(t, `echo wp_create_user_request('zaphod@x.test', $args[0], array(), 'confirmed');`, tool.action)
			row := s.get(t, "/wp-admin/"+tool.page, admin...).doc(t).Find(`[data-request-id="` + id + `"]`).First()
			ask := func() answer {
				return s.do(t, request{path: "/wp-admin/admin-ajax.php", cookies: admin, form: url.Values{
					"action": {tool.ajax}, tool.friendly: {row.AttrOr("data-"+tool.friendly+"s-count", "")}, "id": {id},
					"page": {"1"}, "security": {row.AttrOr("data-nonce", "")}, "sendAsEmail": {"false"}}})
			}
			if a := ask(); a.Status != http.StatusOK || !strings.Contains(a.Body, tool.want) {
				t.Errorf("%s: %d %s", tool.page, a.Status, a.Body)
			}
			if c := s.sidecar.only(t); c.Target != tool.target || c.Body != tool.body ||
				!strings.HasPrefix(c.Header.Get("PC-Surface"), "admin;") || c.Header.Get("PC-User") != "1" {
				t.Errorf("%s: asked for %+v", tool.page, c)
			}
			s.sidecar.forget()
		}
		const tool = `wp_set_current_user(1);
			$tool = new PartnerCenter\Personal_Data(new PartnerCenter\Browser_Request($_SERVER)); `
		if got := s.php(t, tool+`echo json_encode($tool->export('a@x.test'));`); !strings.Contains(got, "Heart of Gold") ||
			!strings.Contains(got, `"done":true`) {
			t.Error(got)
		}
		s.sidecar.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
		told := s.php(t, tool+`echo implode(' ', array_map('is_wp_error', array($tool->erase('a@x.test'), $tool->export('a@x.test'))));`)
		if told != "1 1" {
			t.Errorf("without an answer the tools go on: %s", told)
		}
	})
}
