package wpplugin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// formsDir names the folder that holds the built plugins with forms, each in a
// folder of its own name. None comes with the tests.
const formsDir = "FORMS_DIR"

// withCurl has WPForms believe that PHP has curl, which it takes no form without
// and needs for none; a machine with WordPress alone need not have it.
const withCurl = `namespace WPForms\Requirements;
	function extension_loaded($name) { return "curl" === $name || \extension_loaded($name); }`

// onFormPlugin runs a test on the newest WordPress with a real form plugin.
func onFormPlugin(t *testing.T, main string, test func(t *testing.T, s *site)) {
	t.Helper()
	dir, name := os.Getenv(formsDir), filepath.Dir(main)
	if dir == "" {
		t.Skipf("SKIPPED: set %s to a folder that holds the built plugin %s", formsDir, name)
	}
	source, err := filepath.Abs(filepath.Join(dir, name))
	must(t, err)
	if _, err := os.Stat(source); err != nil {
		t.Skipf("SKIPPED: %s holds no %s", formsDir, name)
	}
	onNewest(t, func(t *testing.T, s *site) {
		defer s.mustUse(t, withCurl)()
		must(t, s.LinkPlugin(name, source))
		defer os.Remove(filepath.Join(s.Root, "wp-content/plugins", name))
		must(t, s.Activate(t.Context(), main))
		defer s.php(t, `require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins($args[0]);`, main)
		s.get(t, "/wp-admin/", s.login(t, "admin")...) // the first page after that is theirs
		test(t, s)
	})
}

// tick chooses the one form there is, by the settings page.
func (s *site) tick(t *testing.T, plugin, id, name string) {
	t.Helper()
	list := s.get(t, settingsPage, s.login(t, "admin")...).doc(t).Find("#partner-center-forms").Text()
	if !strings.Contains(list, name) {
		t.Fatalf("the list of forms says %q", list)
	}
	s.save(t, map[string]string{"tracking": "1", "forms][" + plugin + ":" + id: name})
}

var asBrowser = http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"}}

// send sends the form of a page as a browser without scripts.
func (s *site) send(t *testing.T, path, form string, values map[string]string) answer {
	t.Helper()
	found := s.get(t, path).doc(t).Find(form)
	if found.Length() != 1 {
		t.Fatalf("%d forms %s on %s", found.Length(), form, path)
	}
	fields := formFields(found)
	for name, value := range values {
		if value == "" {
			fields.Del(name)
		} else {
			fields.Set(name, value)
		}
	}
	return s.do(t, request{path: path, form: fields, header: asBrowser, cookies: []*http.Cookie{
		{Name: "pc_click", Value: "1.k1.abc.1800000000.mac"}}})
}

// wantClick fails unless every form names the visitor's click.
func (s *site) wantClick(t *testing.T) {
	t.Helper()
	for _, f := range s.facts(t, "form") {
		if f.Click != "1.k1.abc.1800000000.mac" {
			t.Errorf("a form carries the click %q", f.Click)
		}
	}
}

// Spec: S35 S59.1
func TestContactForm7(t *testing.T) {
	onFormPlugin(t, "contact-form-7/wp-contact-form-7.php", func(t *testing.T, s *site) {
		id := s.php(t, `
			$form = WPCF7_ContactForm::get_template(array("title" => "Newsletter sign-up"));
			$form->set_properties(array("form" => '[text* your-name] [text twitter] [email* contact] [submit "Send"]'));
			echo $form->save();`)
		s.addPage(t, "join", fmt.Sprintf(`[contact-form-7 id="%s"]`, id))
		send := func(name, email string, more map[string]string) {
			values := map[string]string{"your-name": name, "contact": email}
			for field, value := range more {
				values[field] = value
			}
			s.send(t, "/join/", "form.wpcf7-form", values)
		}
		send("Early Bird", "early@mail.test", nil)
		s.tick(t, "cf7", id, "Newsletter sign-up")
		send("Ann van Dyk", "ann@mail.test", nil)
		send("", "noname@mail.test", nil)
		send("Bob", "no address", nil)
		send("Twice", "twice@mail.test", map[string]string{"partner_center_sent": "a1b2c3d4-e5f6"})
		s.wantLeads(t, lead{"ann@mail.test", "Ann van", "Dyk", "Newsletter sign-up"},
			lead{"twice@mail.test", "Twice", "", "Newsletter sign-up"})
		s.wantClick(t)
		if got := s.facts(t, "form"); len(got) != 2 || got[1].ExternalID != "a1b2c3d4-e5f6" {
			t.Errorf("what the script has reported: %+v", got)
		}
	})
}

// Spec: S35 S59.1
func TestWPForms(t *testing.T) {
	onFormPlugin(t, "wpforms-lite/wpforms.php", func(t *testing.T, s *site) {
		id := s.php(t, `
			$id = wp_insert_post(array("post_type" => "wpforms", "post_status" => "publish", "post_title" => "Course"));
			$form = array("id" => (string) $id, "field_id" => 4, "fields" => array(
				"1" => array("id" => "1", "type" => "name", "label" => "Who", "format" => "first-last",
					"required" => "1"),
				"2" => array("id" => "2", "type" => "email", "label" => "Contact", "required" => "1")),
				"settings" => array("form_title" => "Course", "submit_text" => "Go", "notification_enable" => "0",
					"confirmations" => array("1" => array("type" => "message", "message" => "Thanks"))));
			wp_update_post(array("ID" => $id, "post_content" => wp_slash(wp_json_encode($form))));
			echo $id;`)
		s.addPage(t, "join", fmt.Sprintf(`[wpforms id="%s"]`, id))
		send := func(first, email string) {
			s.send(t, "/join/", "form.wpforms-form", map[string]string{"wpforms[fields][1][first]": first,
				"wpforms[fields][1][last]": "O'Brien", "wpforms[fields][2]": email,
				"wpforms[submit]": "wpforms-submit"})
		}
		send("Early", "early@mail.test")
		s.tick(t, "wpforms", id, "Course")
		send("Ann", "ann@mail.test")
		send("Bob", "no address")
		s.wantLeads(t, lead{"ann@mail.test", "Ann", "O'Brien", "Course"})
		s.wantClick(t)
	})
}

// Spec: S35 S59.1
func TestNinjaForms(t *testing.T) {
	onFormPlugin(t, "ninja-forms/ninja-forms.php", func(t *testing.T, s *site) {
		made := strings.Fields(s.php(t, `
			$form = Ninja_Forms()->form()->get();
			$form->update_settings(array("title" => "Webinar", "add_submit" => 1))->save();
			echo $form->get_id();
			foreach (array("firstname", "lastname", "email", "submit") as $type) {
				$field = Ninja_Forms()->form($form->get_id())->field()->get();
				$field->update_settings(array("type" => $type, "key" => "k_" . $type, "label" => $type, "order" => 1,
					"required" => "email" === $type ? 1 : 0))->save();
				echo " ", $field->get_id();
			}`))
		if len(made) != 5 {
			t.Fatalf("made %v", made)
		}
		page := s.get(t, "/?p="+s.addPage(t, "join", fmt.Sprintf(`[ninja_form id="%s"]`, made[0])))
		page = s.get(t, strings.TrimPrefix(page.Header.Get("Location"), s.URL))
		nonce := regexp.MustCompile(`"ajaxNonce":"(\w+)"`).FindStringSubmatch(page.Body)
		if nonce == nil {
			t.Fatal("the page has no form")
		}
		send := func(email, sent string) string {
			form := fmt.Sprintf(`{"id":"%s","fields":{"%s":{"id":"%[2]s","value":"Ann"},"%s":{"id":"%[3]s",
				"value":"O'Brien"},"%s":{"id":"%[4]s","value":"%[5]s"}},"settings":{},
				"extra":{"partner_center_sent":"%[6]s"}}`, made[0], made[1], made[2], made[3], email, sent)
			return s.do(t, request{path: "/wp-admin/admin-ajax.php", header: asBrowser, form: url.Values{
				"action": {"nf_ajax_submit"}, "security": {nonce[1]}, "formData": {form}},
				cookies: []*http.Cookie{{Name: "pc_click", Value: "1.k1.abc.1800000000.mac"}}}).Body
		}
		send("early@mail.test", "")
		s.tick(t, "ninja", made[0], "Webinar")
		said := send("ann@mail.test", "a1b2c3d4-e5f6")
		send("", "")
		s.wantLeads(t, lead{"ann@mail.test", "Ann", "O'Brien", "Webinar"})
		s.wantClick(t)
		if got := s.facts(t, "form"); len(got) != 1 || got[0].ExternalID != "a1b2c3d4-e5f6" {
			t.Errorf("what the script has reported: %+v", got)
		}
		if t.Failed() {
			t.Logf("it answered %.500s", said)
		}
	})
}

// Spec: S35 S59.1
func TestFluentForms(t *testing.T) {
	onFormPlugin(t, "fluentform/fluentform.php", func(t *testing.T, s *site) {
		id := s.php(t, `
			$name = function ($part) { return array("element" => "input_text",
				"attributes" => array("name" => $part, "type" => "text"), "settings" =>
					array("label" => $part, "visible" => true, "validation_rules" => array()));
			};
			$fields = array("fields" => array(
				array("element" => "input_name", "attributes" => array("name" => "names"), "settings" => array(),
					"fields" => array("first_name" => $name("first_name"), "last_name" => $name("last_name"))),
				array("element" => "input_email", "attributes" => array("name" => "contact", "type" => "email"),
					"settings" => array("label" => "Contact", "validation_rules" => array(
						"required" => array("value" => true, "message" => "Needed"),
						"email" => array("value" => true, "message" => "No address"))))));
			$wpdb->insert($wpdb->prefix . "fluentform_forms", array("title" => "Trial", "status" => "published",
				"type" => "form", "form_fields" => wp_json_encode($fields), "created_by" => 1,
				"created_at" => current_time("mysql"), "updated_at" => current_time("mysql")));
			echo $wpdb->insert_id;`)
		send := func(email, sent string) string {
			data := url.Values{"names[first_name]": {"Ann"}, "names[last_name]": {"O'Brien"}, "contact": {email},
				"partner_center_sent": {sent}, "_wp_http_referer": {"/join/"}}
			return s.do(t, request{path: "/wp-admin/admin-ajax.php", header: asBrowser, form: url.Values{
				"action": {"fluentform_submit"}, "form_id": {id}, "data": {data.Encode()}},
				cookies: []*http.Cookie{{Name: "pc_click", Value: "1.k1.abc.1800000000.mac"}}}).Body
		}
		send("early@mail.test", "")
		s.tick(t, "fluent", id, "Trial")
		said := send("ann@mail.test", "a1b2c3d4-e5f6")
		send("no address", "")
		s.wantLeads(t, lead{"ann@mail.test", "Ann", "O'Brien", "Trial"})
		s.wantClick(t)
		if got := s.facts(t, "form"); len(got) != 1 || got[0].ExternalID != "a1b2c3d4-e5f6" {
			t.Errorf("what the script has reported: %+v, it answered %.500s", got, said)
		}
	})
}
