package wpplugin_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"partnercenter/clock"
	"partnercenter/wpbridge"
)

// given puts the plugin whose folder a variable names into the newest site and
// activates it, and returns what takes it away; without the variable the test is
// skipped, aloud.
func (s *site) given(t *testing.T, variable, main string) (undo func()) {
	t.Helper()
	dir, name := os.Getenv(variable), filepath.Dir(main)
	if dir == "" {
		t.Skipf("SKIPPED: set %s to the folder of the built plugin %s", variable, name)
	}
	must(t, s.AddPlugin(name, os.DirFS(dir)))
	must(t, s.Activate(t.Context(), main))
	return func() {
		s.php(t, `require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins($args[0]);`, main)
		must(t, os.RemoveAll(filepath.Join(s.Root, "wp-content/plugins", name)))
	}
}

// onNewest is onEach on the newest WordPress alone, for plugins that need it.
func onNewest(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	onEach(t, func(t *testing.T, s *site) {
		if !strings.HasSuffix(t.Name(), "/newest") {
			t.Skip("the plugin is for the newest WordPress")
		}
		test(t, s)
	})
}

// Whoever has given the password but not the second factor is nobody to us, by
// cookie and by PHP, even with the cookie of the first step caught on its way.
//
// Spec: S115
func TestTwoFactor(t *testing.T) {
	onNewest(t, func(t *testing.T, s *site) {
		defer s.given(t, "TWO_FACTOR_DIR", "two-factor/two-factor.php")()
		s.set(t, `['tracking' => true, 'center' => true]`)
		id := s.addUser(t, "paula", "partner")
		s.php(t, `update_user_meta($args[0], '_two_factor_enabled_providers', ['Two_Factor_Dummy']);
			update_user_meta($args[0], '_two_factor_provider', 'Two_Factor_Dummy');
			delete_option('caught');`, id)
		defer s.mustUse(t,
			`add_action("set_logged_in_cookie", function ($cookie) { update_option("caught", $cookie); });`)()
		s.php(t, `(new PartnerCenter\Handover())->refresh();`)
		h := s.handover(t)

		first := s.do(t, request{path: "/wp-login.php", form: url.Values{"log": {"paula"}, "pwd": {"pw-paula"},
			"testcookie": {"1"}}, cookies: []*http.Cookie{{Name: "wordpress_test_cookie", Value: "WP Cookie check"}}})
		caught := &http.Cookie{Name: h.LoggedInCookie, Value: url.QueryEscape(s.php(t, `echo get_option('caught');`))}
		if caught.Value == "" {
			t.Fatalf("the password was not accepted: %d", first.Status)
		}
		for name, half := range map[string][]*http.Cookie{"sent": cookies(first), "caught": {caught}} {
			if user := s.taken(t, h, half); user != "0, 0" {
				t.Errorf("the cookies %s after the password alone are those of user %s", name, user)
			}
		}

		form := first.doc(t).Find(`form[name="validate_2fa_form"]`)
		if form.Length() == 0 {
			t.Fatalf("no second step: %.500s", first.Body)
		}
		second := s.do(t, request{path: "/wp-login.php?action=validate_2fa", form: formFields(form),
			cookies: cookies(first)})
		if user := s.taken(t, h, cookies(second)); user != id+", "+id {
			t.Errorf("after the second step (%d) the cookies are those of user %s, want %s twice", second.Status,
				user, id)
		}
	})
}

// taken tells whom the sidecar and PHP take a browser for.
func (s *site) taken(t *testing.T, h wpbridge.Handover, cookies []*http.Cookie) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.URL, nil)
	must(t, err)
	for _, c := range cookies {
		req.AddCookie(c)
	}
	login := wpbridge.NewAuthenticator(wpbridge.NewUsers(s.db, h.Blog()), h.LoginKeys(), clock.System)
	user, err := login.Authenticate(t.Context(), req)
	if err != nil && !errors.Is(err, wpbridge.ErrAnonymous) {
		t.Fatal(err)
	}
	s.sidecar.reset()
	s.sidecar.embeds("<p>page</p>")
	s.get(t, "/partners/?pc=earnings", cookies...)
	return strconv.FormatInt(user.ID, 10) + ", " + s.sidecar.only(t).Header.Get("PC-User")
}

// The plugin directory's own check finds no error, but what is ignored beside
// its reason.
func TestPluginCheck(t *testing.T) {
	onNewest(t, func(t *testing.T, s *site) {
		defer s.given(t, "PLUGIN_CHECK_DIR", "plugin-check/plugin.php")()
		found := s.php(t, `
			use WordPress\Plugin_Check\Checker;
			error_reporting(E_ALL & ~E_DEPRECATED);
			ini_set('memory_limit', '1G');
			require_once ABSPATH . 'wp-admin/includes/file.php';
			$checks = (new Checker\Default_Check_Repository())->get_checks(Checker\Check_Repository::TYPE_STATIC)->to_array();
			$context = new Checker\Check_Context(PartnerCenter\PLUGIN_FILE, 'partner-center');
			foreach ($checks as $check) {
				$result = (new Checker\Checks())->run_checks($context, [$check]);
				foreach ($result->get_errors() as $file => $lines) {
					foreach ($lines as $line => $columns) {
						foreach (array_merge(...array_values($columns)) as $error) {
							echo "$file:$line: $error[code]: $error[message]\n";
						}
					}
				}
			}
			echo count($checks), " checks\n";`)
		lines := strings.Split(strings.TrimSpace(found), "\n")
		if n := lines[len(lines)-1]; len(lines) > 1 || !strings.HasSuffix(n, " checks") || len(n) < len("10 checks") {
			t.Errorf("Plugin Check says:\n%s", found)
		}
	})
}
