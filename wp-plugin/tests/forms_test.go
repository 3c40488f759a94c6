package wpplugin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// lead is what a form's fact says.
type lead struct{ Email, First, Last, Form string }

func (s *site) formLeads(t *testing.T) (leads []lead) {
	t.Helper()
	for _, f := range s.facts(t, "form") {
		p := payload(t, f)
		text := func(name string) string { v, _ := p[name].(string); return v }
		leads = append(leads, lead{text("email"), text("first_name"), text("last_name"), text("form")})
	}
	return leads
}

func (s *site) wantLeads(t *testing.T, want ...lead) {
	t.Helper()
	got := s.formLeads(t)
	if len(got) != len(want) {
		t.Errorf("%d forms are noted, want %d: %+v", len(got), len(want), got)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("form %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

// contracts stand in for form plugins that cannot be had: what their developers'
// documentation says of their functions, and no more.
const contracts = `
	define("ELEMENTOR_PRO_VERSION", "3.0");
	class GFAPI { static function get_forms() { return get_option("test_gravity", array()); } }
	class Test_Record {
		public $fields; public $id;
		function __construct($id, $fields) { $this->id = $id; $this->fields = $fields; }
		function get($what) { return "fields" === $what ? $this->fields : null; }
		function get_form_settings($what) { return "id" === $what ? $this->id : null; }
	}
	class Test_Field {
		public $id; public $type; public $label; public $inputType;
		function __construct($id, $type, $label) { $this->id = $id; $this->type = $type; $this->label = $label; }
	}`

// The documented hooks of Gravity Forms and Elementor Pro, which are not had here.
//
// Spec: S35 S59.1
func TestFormsByContract(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.mustUse(t, contracts)()
		page := s.addPage(t, "landing", "Hello")
		s.php(t, `
			update_option("test_gravity", array(array("id" => 4, "title" => "Webinar"),
				array("id" => 5, "title" => "Help")));
			update_post_meta((int) $args[0], "_elementor_data", wp_slash(wp_json_encode(array(array(
				"elType" => "section", "elements" => array(array("id" => "a1b2c3d", "elType" => "widget",
					"widgetType" => "form", "settings" => array("form_name" => "Join"))))))));`, page)
		s.save(t, map[string]string{"tracking": "1", "forms][gravity:4": "Webinar", "forms][elementor:a1b2c3d": "Join"})
		const gravity = `
			$name = new Test_Field(1, "name", "Who are you?");
			$fields = array($name, new Test_Field(2, "text", "Contact"), new Test_Field(3, "email", "Contact"));
			$entry = array("status" => $args[1], "1.3" => "Ann", "1.6" => "O'Brien",
				"2" => "other@mail.test", "3" => $args[2]);
			do_action("gform_after_submission", $entry, array("id" => (int) $args[0], "fields" => $fields));`
		s.php(t, gravity, "4", "active", "ann@mail.test")
		s.php(t, gravity, "4", "spam", "bot@mail.test")
		s.php(t, gravity, "4", "active", "no address")
		s.php(t, gravity, "5", "active", "asks@mail.test") // is not ticked
		s.php(t, `
			foreach (array("a1b2c3d" => "eli@mail.test", "other" => "asks@mail.test") as $id => $email) {
				do_action("elementor_pro/forms/new_record", new Test_Record($id, array(
					"name" => array("type" => "text", "title" => "Name", "value" => "Eli van Dyk"),
					"field_1" => array("type" => "email", "title" => "", "value" => $email))), null);
			}`)
		s.wantLeads(t, lead{"ann@mail.test", "Ann", "O'Brien", "Webinar"},
			lead{"eli@mail.test", "Eli van", "Dyk", "Join"})
	})
}

// Forms are found by themselves, none is ticked, and one that is renamed or gone is told.
//
// Spec: S59
func TestFormsAreChosenInTheSettings(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.mustUse(t, contracts)()
		list := func() *goquery.Selection {
			return s.get(t, settingsPage, s.login(t, "admin")...).doc(t).Find("#partner-center-forms")
		}
		ticked := func(l *goquery.Selection) string {
			return strings.Join(l.Find("input[checked]").Map(func(_ int, box *goquery.Selection) string {
				return box.AttrOr("name", "")
			}), " ")
		}
		s.php(t, `update_option("test_gravity", array());`)
		if l := list(); l.Find("label").Length() != 0 || !strings.Contains(l.Parent().Text(), "No forms were found") {
			t.Errorf("without forms: %s", l.Parent().Text())
		}
		s.php(t, `update_option("test_gravity", array(array("id" => 4, "title" => "Webinar <b>"),
			array("id" => 5, "title" => "")));`)
		if l := list(); l.Find("label").Length() != 2 || ticked(l) != "" ||
			!strings.Contains(l.Text(), "Webinar <b> (Gravity Forms)") || !strings.Contains(l.Text(), "#5") {
			t.Errorf("two forms: %q, ticked %q", l.Text(), ticked(l))
		}
		s.save(t, map[string]string{"tracking": "1", "forms][gravity:4": "Webinar", "forms][x y:1": "Not one"})
		s.save(t, map[string]string{"center": "0"}) // keeps it
		if got := ticked(list()); got != "partner_center[forms][gravity:4]" {
			t.Errorf("ticked: %s", got)
		}
		s.php(t, `update_option("test_gravity", array(array("id" => 4, "title" => "Course")));`)
		if l := list(); !strings.Contains(l.Text(), "Its name was \"Webinar\"") || ticked(l) == "" {
			t.Errorf("renamed: %s", l.Text())
		}
		s.save(t, nil)
		if l := list(); strings.Contains(l.Text(), "Its name was") || !strings.Contains(l.Text(), "Course") {
			t.Errorf("saved after that: %s", l.Text())
		}
		s.php(t, `update_option("test_gravity", array());`)
		if l := list(); !strings.Contains(l.Text(), "This form was not found") ||
			!strings.Contains(l.Text(), "Course") {
			t.Errorf("deleted: %s", l.Text())
		}
	})
}

// A form that also carries our mark, or that the script has reported, is one.
//
// Spec: S35 S59.1
func TestFormOfAPluginIsReportedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, 'forms' => ['gravity:4' => 'Webinar']]`)
		defer s.mustUse(t, contracts+`
			add_action("template_redirect", function () {
				$fields = array(new Test_Field(3, "email", "Contact"));
				do_action("gform_after_submission", array("3" => "Ann@example.test"),
					array("id" => 4, "fields" => $fields));
			});`)()
		form := optIn()
		s.do(t, request{path: "/", form: form})
		if got := s.formLeads(t); len(got) != 1 {
			t.Errorf("marked and ticked: %+v", got)
		}
		for _, form := range []url.Values{{"partner_center_sent": {"a1b2c3d4-e5f6"}},
			{"data": {"x=1&partner_center_sent=a1b2c3d4-e5f6"}}} {
			s.do(t, request{path: "/", form: form})
			if got := s.facts(t, "form"); len(got) != 2 || got[1].ExternalID != "a1b2c3d4-e5f6" {
				t.Errorf("reported by the script: %+v", got)
			}
		}
	})
}

// Whoever registers by WordPress' own page; not whom an admin or a program adds.
//
// Spec: S59.1
func TestRegistrationIsALead(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.php(t, `update_option("users_can_register", 1);`)
		defer s.php(t, `update_option("users_can_register", 0);`)
		register := func(login string) {
			s.do(t, request{path: "/wp-login.php?action=register", form: url.Values{"user_login": {login},
				"user_email": {login + "@mail.test"}}})
		}
		s.set(t, `['tracking' => true]`)
		register("early")
		s.save(t, map[string]string{"registration": "1"})
		register("rita")
		register("rita") // is taken
		s.addUser(t, "staff", "subscriber")
		s.wantLeads(t, lead{Email: "rita@mail.test", Form: "registration"})
	})
}

// A comment counts when its author ticks our box, whose words are the owner's.
//
// Spec: S59.1
func TestCommentWithConsentIsALead(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		post := s.php(t, `update_option("comment_previously_approved", 0); update_option("comment_moderation", 0);
			echo wp_insert_post(["post_type" => "post", "post_status" => "publish", "post_title" => "News",
				"comment_status" => "open"]);`)
		at := s.get(t, "/?p="+post).Header.Get("Location")
		show := func() *goquery.Selection {
			return s.get(t, strings.TrimPrefix(at, s.URL)).doc(t).Find(".comment-form-partner-center")
		}
		comment := func(who string, consent ...string) {
			s.do(t, request{path: "/wp-comments-post.php", form: url.Values{"comment": {"Nice, says " + who},
				"comment_post_ID": {post}, "author": {who + " van Dyk"}, "email": {who + "@mail.test"},
				"partner_center_consent": consent}, header: http.Header{"Referer": {at}}})
			s.php(t, `$wpdb->query("UPDATE $wpdb->comments SET comment_date_gmt = '2020-01-01'");`) // no flood
		}
		s.set(t, `['tracking' => true]`)
		comment("early", "1")
		if show().Length() != 0 {
			t.Error("a box stands there while comments are off")
		}
		s.save(t, map[string]string{"comments": "1"})
		if text := show().Text(); !strings.Contains(text, "You may write to me by email") {
			t.Errorf("the box says %q", text)
		}
		s.save(t, map[string]string{"comment_text": "News & offers, please"})
		if text := show().Text(); !strings.Contains(text, "News & offers, please") {
			t.Errorf("the box says %q", text)
		}
		comment("carl")
		comment("cora", "1")
		s.php(t, `update_option("comment_moderation", 1);`)
		comment("dora", "1")
		s.php(t, `update_option("comment_moderation", 0); update_option("comment_previously_approved", 1);`)
		s.wantLeads(t, lead{"cora@mail.test", "cora van", "Dyk", "comment"},
			lead{"dora@mail.test", "dora van", "Dyk", "comment"})
	})
}

// A form of a page elsewhere carries the click in a hidden field, where neither
// cookies nor scripts do; a cookie goes first. Our own form takes it from the
// page's address.
//
// Spec: D35.3
func TestFormFromElsewhereCarriesTheToken(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, `+down+`]`)
		const token = "t.1.3f9xyz.zzzzzz.ABCDEFGHIJKLMNOPQRSTU_"
		send := func(token string, cookies ...*http.Cookie) {
			form := optIn()
			form.Set("pct", token)
			s.do(t, request{path: "/", form: form, cookies: cookies, header: http.Header{
				"Origin": {"https://elsewhere.test"}, "Sec-Fetch-Site": {"cross-site"}}})
		}
		send(token)
		send("1.1.3f9xyz.zzzzzz.ABCDEFGHIJKLMNOPQRSTU_")
		send(token, &http.Cookie{Name: "pc_click", Value: "1.k1.abc.1800000000.mac"})
		got := s.facts(t, "form")
		if len(got) != 3 {
			t.Fatalf("%d facts", len(got))
		}
		for i, want := range []struct{ token, click any }{{token, ""}, {nil, ""}, {nil, "1.k1.abc.1800000000.mac"}} {
			if carried := payload(t, got[i])["token"]; carried != want.token || got[i].Click != want.click {
				t.Errorf("%d: token %v, click %q", i, carried, got[i].Click)
			}
		}
		s.addPage(t, "join", `[partner_center_optin name="news"]`)
		for address, want := range map[string]string{"/join/?pct=" + token: token, "/join/": "",
			"/join/?pct=x%22": ""} {
			fields := formFields(s.get(t, address).doc(t).Find("form.partner-center-optin"))
			if fields.Get("pct") != want {
				t.Errorf("%s: the form carries %q", address, fields.Get("pct"))
			}
		}
	})
}
