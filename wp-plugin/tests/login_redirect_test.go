package wpplugin_test

import (
	"net/http"
	"net/url"
	"testing"
)

// landing logs a user in and returns where WordPress sends the browser.
func (s *site) landing(t *testing.T, user, redirectTo string) string {
	t.Helper()
	form := url.Values{"log": {user}, "pwd": {"pw-" + user}, "testcookie": {"1"}, "redirect_to": {redirectTo}}
	a := s.do(t, request{
		path: "/wp-login.php", form: form,
		cookies: []*http.Cookie{{Name: "wordpress_test_cookie", Value: "WP%20Cookie%20check"}},
	})
	if a.Status != http.StatusFound {
		t.Fatalf("log-in of %s: status %d", user, a.Status)
	}
	return a.Header.Get("Location")
}

// Spec: S114.1 S114.2 S115
func TestWherePartnersLandAfterLogin(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		page := s.addPage(t, "welcome", "Hello partner")
		s.addUser(t, "paula", "partner")
		s.addUser(t, "rita", "subscriber")
		s.addUser(t, "edgar", "partner")
		s.addUser(t, "boss", "administrator")
		s.php(t, `
			get_user_by('login', 'edgar')->add_role('author');
			get_user_by('login', 'boss')->add_role('partner');`)
		admin := s.URL + "/wp-admin/"
		for _, tc := range []struct {
			name, setting, user, wanted, want string
		}{
			{"the center", `'center' => true, 'redirect_to' => -3`, "paula", admin, s.URL + "/partners/"},
			{"the center, no field at all", `'center' => true, 'redirect_to' => -3`, "paula", "", s.URL + "/partners/"},
			{"the home page", `'redirect_to' => -1`, "paula", admin, s.URL + "/"},
			{"the login page", `'redirect_to' => -2`, "paula", admin, s.URL + "/wp-login.php"},
			{"a page", `'redirect_to' => ` + page, "paula", admin, s.URL + "/welcome/"},
			{"a page that is gone", `'redirect_to' => 99999`, "paula", admin, s.URL + "/wp-admin/profile.php"},
			{"the center, switched off", `'center' => false, 'redirect_to' => -3`, "paula", admin,
				s.URL + "/wp-admin/profile.php"},
			{"the page that was wanted wins", `'redirect_to' => -1`, "paula", s.URL + "/partners/?pc=earnings",
				s.URL + "/partners/?pc=earnings"},
			{"an administrator", `'redirect_to' => -1`, "boss", admin, admin},
			{"somebody who writes here", `'redirect_to' => -1`, "edgar", admin, admin},
			{"no partner", `'redirect_to' => -1`, "rita", admin, s.URL + "/wp-admin/profile.php"},
		} {
			s.set(t, "["+tc.setting+"]")
			if got := s.landing(t, tc.user, tc.wanted); got != tc.want {
				t.Errorf("%s: %s lands on %s, want %s", tc.name, tc.user, got, tc.want)
			}
		}
	})
}

// Partners who are customers of the shop find the center in "My account"; its
// documented filters are asked as WooCommerce asks them.
func TestMyAccountLeadsToTheCenter(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		partner, customer := s.addUser(t, "paula", "partner"), s.addUser(t, "carl", "subscriber")
		menu := func(user string) string {
			return s.php(t, `
				wp_set_current_user((int) $args[0]);
				$items = ['dashboard' => 'Dashboard', 'orders' => 'Orders', 'customer-logout' => 'Log out'];
				foreach (apply_filters('woocommerce_account_menu_items', $items, []) as $name => $label) {
					echo $label, ' ', apply_filters('woocommerce_get_endpoint_url', "/my/$name", $name, '', ''), ', ';
				}`, user)
		}
		const without = "Dashboard /my/dashboard, Orders /my/orders, Log out /my/customer-logout, "
		if got := menu(partner); got != without {
			t.Errorf("while the center is off: %s", got)
		}
		s.set(t, `['tracking' => true, 'center' => true]`)
		want := "Dashboard /my/dashboard, Orders /my/orders, Partner Center " + s.URL +
			"/partners/, Log out /my/customer-logout, "
		if got := menu(partner); got != want {
			t.Errorf("a partner: %s", got)
		}
		if got := menu(customer); got != without {
			t.Errorf("a customer: %s", got)
		}
	})
}
