package wpplugin_test

import (
	"net/http"
	"strings"
	"testing"
)

// captcha is a plugin that asks for a sum.
const captcha = `
	add_action("partner_center_signup_fields", function () {
		wp_enqueue_script("sum", "/sum.js"); echo '<label>2+2 <input name="sum"></label>'; });
	add_filter("partner_center_signup_allowed", function ($ok, $fields, $about) {
		if ("O'Neil" !== $fields["last_name"] || "O\\'Neil" !== $_POST["last_name"] || ["a", "b"] !== $fields["many"]
			|| "203.0.113.7" !== $_SERVER["REMOTE_ADDR"] || "203.0.113.7" !== $about["ip"] || "GOLD" !== $about["program"]) {
			return new WP_Error("odd", wp_json_encode([$fields, $_POST, $about])); }
		return "4" === $fields["sum"] ? $ok : new WP_Error("sum", "Please <b>add</b> again."); }, 10, 3);`

// A plugin puts its fields into the form, wherever it stands, and refuses forms; the
// sidecar is told that there is one to ask.
//
// Spec: D42
func TestAPluginGuardsSignUps(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => false, 'tracking' => true]`)
		s.addPage(t, "join", `Join us [partner_center view="signup/X"]`)
		s.addPage(t, "plain", "Nothing here")
		s.sidecar.embeds(`<form id="sign-up"><div class="partner-center-signup-guard"></div></form>`)
		guarded := func() string {
			return s.php(t, `(new PartnerCenter\Handover())->refresh();
				$key = PartnerCenter\Key::of_site();
				echo json_decode($key->open(get_option('partner_center_handover')))->signup_guarded ? 'yes' : 'no';`)
		}
		if a := s.get(t, "/join/"); a.doc(t).Find(".partner-center-signup-guard *").Length() != 0 || guarded() != "no" {
			t.Error("guarded by nobody")
		}
		send := func(sum string) map[string]any {
			return s.call(t, "signup", map[string]any{"program": "GOLD", "ip": "203.0.113.7",
				"fields": map[string]any{"last_name": []string{"O'Neil"}, "sum": []string{"5", sum},
					"many[]": []string{"a", "b"}}})
		}
		if out := send(""); out["ok"] != true {
			t.Errorf("refused by nobody: %v", out)
		}
		undo := s.mustUse(t, captcha+`add_action("wp_footer", function () { if (is_page("plain")) {
			echo do_shortcode('[partner_center view="signup/X"]'); } });`)
		for _, path := range []string{"/join/", "/plain/"} {
			doc := s.get(t, path).doc(t)
			if doc.Find("#sign-up .partner-center-signup-guard label input[name=sum]").Length() != 1 ||
				doc.Find(`script[src*="/sum.js"]`).Length() != 1 {
				t.Errorf("%s is without the fields, or their script", path)
			}
		}
		if guarded() != "yes" {
			t.Error("the sidecar is not told")
		}
		if out := send("4"); out["ok"] != true {
			t.Errorf("the right sum is refused: %v", out)
		}
		if out := send("3"); out["ok"] != false || out["why"] != "Please add again." {
			t.Errorf("the wrong sum: %v", out)
		}
		undo()
		if guarded() != "no" {
			t.Error("still guarded")
		}
	})
}

// The block shows the form of its program to visitors, and to authors in the editor,
// as visitors see it; to nobody else by the REST API.
//
// Spec: S153.1
func TestSignUpBlock(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => false, 'tracking' => true]`)
		s.addPage(t, "join", `<!-- wp:partner-center/signup {"program":"GOLD"} /-->`)
		s.addPage(t, "empty", `Nobody <!-- wp:partner-center/signup /-->`)
		s.sidecar.embeds(`<form id="sign-up"></form>`)
		if a := s.get(t, "/join/"); a.doc(t).Find("#sign-up").Length() != 1 {
			t.Errorf("status %d without the form", a.Status)
		}
		if c := s.sidecar.only(t); c.Target != "/partner-center/signup/GOLD" {
			t.Errorf("asked for %s", c.Target)
		}
		s.sidecar.reset()
		s.sidecar.embeds(`<form id="sign-up"></form>`)
		if a := s.get(t, "/empty/"); a.Status != http.StatusOK || !strings.Contains(a.Body, "Nobody") {
			t.Errorf("without a program: status %d", a.Status)
		}
		s.sidecar.untouched(t)
		for user, shown := range map[string]bool{"1": true, s.addUser(t, "reader", "subscriber"): false} {
			html := s.php(t, `wp_set_current_user((int) $args[0]); define('REST_REQUEST', true);
				$q = new WP_REST_Request('GET', '/wp/v2/block-renderer/partner-center/signup');
				$q->set_query_params(['context' => 'edit', 'attributes' => ['program' => 'GOLD']]);
				echo rest_do_request($q)->get_data()['rendered'] ?? '';`, user)
			if strings.Contains(html, `id="sign-up"`) != shown {
				t.Errorf("user %s gets %q", user, html)
			}
		}
		if c := s.sidecar.only(t); c.Header.Get("PC-User") != "0" || c.Header.Get("Cookie") != "" {
			t.Errorf("the editor looks as somebody: %v", c.Header)
		}
	})
}
