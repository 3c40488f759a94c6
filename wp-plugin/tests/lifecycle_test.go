package wpplugin_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnercenter/db/migrations"
	wpplugin "partnercenter/wp-plugin"
	"partnercenter/wpbridge"
)

// freshly deletes the plugin as an administrator would and activates it again.
func (s *site) freshly(t *testing.T) {
	t.Helper()
	s.uninstall(t)
	must(t, s.Activate(t.Context(), wpplugin.Main))
}

// Spec: S1.1
func TestActivationSwitchesNothingOn(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.freshly(t)
		got := s.settings(t)
		want := settings{RedirectTo: -3, BasePath: "/partner-center", Uninstall: "keep"}
		if got != want {
			t.Errorf("after activation %+v, want %+v", got, want)
		}
		if a := s.get(t, "/"); a.Status != http.StatusOK || strings.Contains(a.Body, "partner-center") {
			t.Errorf("the front page has something of ours (status %d)", a.Status)
		}
		if a := s.get(t, "/partners/"); a.Status != http.StatusNotFound {
			t.Errorf("the partners' page is there: status %d", a.Status)
		}
		admin := s.get(t, "/wp-admin/plugins.php", s.login(t, "admin")...).doc(t)
		if admin.Find(`#adminmenu a[href="admin.php?page=partner-center"]`).Length() != 0 {
			t.Error("the menu Partners is there")
		}
		if admin.Find(`tr[data-plugin="partner-center/partner-center.php"] a[href*="page=partner-center-settings"]`).Length() == 0 {
			t.Error("no link from the list of plugins to the settings")
		}
	})
}

// Spec: S1.1 S1.3
func TestPartnersMenuFollowsTheSwitch(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		menu := func() int {
			return s.get(t, "/wp-admin/index.php",
				s.login(t, "admin")...).doc(t).Find(`#adminmenu a[href="admin.php?page=partner-center"]`).Length()
		}
		s.save(t, map[string]string{"tracking": "1"})
		if menu() == 0 {
			t.Error("switched on, but no menu")
		}
		s.save(t, map[string]string{"tracking": "0"})
		if menu() != 0 {
			t.Error("switched off, but still a menu")
		}
		if a := s.get(t, "/wp-admin/admin.php?page=partner-center",
			s.login(t, "admin")...); a.Status != http.StatusForbidden {
			t.Errorf("switched off, but the page answers with status %d", a.Status)
		}
	})
}

// Spec: S146
func TestRoleAndCapabilities(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		got := s.php(t, `
			$caps = array_keys(array_filter(get_role('administrator')->capabilities));
			echo implode(' ', preg_grep('/^partner_center_/', $caps)), '|', wp_json_encode(get_role('partner')->capabilities);`)
		want := `partner_center_view partner_center_approve partner_center_pay partner_center_settings|{"read":true}`
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestHandoverOpensInTheSidecar(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.freshly(t)
		s.set(t, `['tracking' => true, 'center' => true]`)
		h := s.handover(t)
		site := s.php(t, `
			global $wpdb;
			echo wp_json_encode([wp_salt('logged_in'), wp_salt('nonce'), LOGGED_IN_COOKIE, $wpdb->prefix, $wpdb->users, $GLOBALS['wp_version']]);`)
		var want [6]string
		must(t, json.Unmarshal([]byte(site), &want))
		got := [6]string{h.Salts.LoggedIn, h.Salts.Nonce, h.LoggedInCookie, h.Prefix, h.UsersTable, s.Version()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("hand-over (-WordPress +sidecar):\n%s", diff)
		}
		if h.Home != s.URL || h.PublicURL != s.URL+"/partner-center" || h.PageURL != s.URL+"/partners/" ||
			h.RedirectTo != s.URL+"/partners/" || h.RESTURL != s.URL+"/?rest_route=/" ||
			h.AdminURL != s.URL+"/wp-admin/" ||
			h.CoreAuthReplaced || !h.Switches.Tracking || !h.Switches.Center {
			t.Errorf("hand-over %+v", h)
		}
	})
}

func (s *site) handover(t *testing.T) wpbridge.Handover {
	t.Helper()
	h, err := wpbridge.ReadHandover(t.Context(), s.db, s.key)
	must(t, err)
	return h
}

func TestHandoverFollowsChanges(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		admin := s.login(t, "admin")
		s.get(t, "/wp-admin/index.php", admin...)
		before := s.sealed(t)
		s.get(t, "/wp-admin/index.php", admin...)
		if s.sealed(t) != before {
			t.Error("rewritten though nothing changed")
		}
		s.php(t, `update_option('timezone_string', 'Europe/Berlin');`)
		s.get(t, "/")
		if s.sealed(t) != before {
			t.Error("rewritten by a visitor")
		}
		s.get(t, "/wp-admin/index.php", admin...)
		if got := s.handover(t).Timezone; got != "Europe/Berlin" {
			t.Errorf("time zone %q after an admin page", got)
		}
		s.php(t, `update_option('timezone_string', 'UTC');`)
	})
}

func (s *site) sealed(t *testing.T) string {
	t.Helper()
	return s.php(t, `echo get_option('partner_center_handover');`)
}

// Deactivating loses nothing, and leaves no bare shortcode for visitors.
func TestDeactivation(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, 'center' => true]`)
		before := s.settings(t)
		s.php(t, `require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins($args[0]);`, wpplugin.Main)
		if a := s.get(t, "/partners/"); a.Status != http.StatusNotFound {
			t.Errorf("the page answers with status %d while the plugin is off", a.Status)
		}
		must(t, s.Activate(t.Context(), wpplugin.Main))
		if got := s.settings(t); got != before {
			t.Errorf("settings %+v, before %+v", got, before)
		}
		if got := s.pageStatus(t, before.PageID); got != "publish" {
			t.Errorf("the page is %s after activating again", got)
		}
	})
}

func TestUninstallKeepsTheLedger(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, 'center' => true]`)
		page := s.settings(t).PageID
		tables := s.tables(t)
		s.uninstall(t)
		left := s.php(t, `
			echo wp_json_encode([get_option('partner_center'), get_option('partner_center_handover'), get_role('partner'),
				isset(get_role('administrator')->capabilities['partner_center_view'])]);`)
		if left != `[false,false,null,false]` {
			t.Errorf("left behind: option, hand-over, role, capability = %s", left)
		}
		if got := s.pageStatus(t, page); got != "" {
			t.Errorf("the page is %q, want none", got)
		}
		if got := s.tables(t); got != tables {
			t.Errorf("tables before: %s\nafter: %s", tables, got)
		}
		must(t, s.Activate(t.Context(), wpplugin.Main))
	})
}

// A page on which people wrote is not ours to delete.
func TestUninstallKeepsWhatPeopleWrote(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, 'center' => true]`)
		page := s.settings(t).PageID
		s.php(t, `wp_update_post(['ID' => (int) $args[0], 'post_content' => 'Welcome! [partner_center]']);`,
			strconv.Itoa(page))
		s.uninstall(t)
		if got := s.pageStatus(t, page); got != "draft" {
			t.Errorf("the page is %q, want a draft", got)
		}
		must(t, s.Activate(t.Context(), wpplugin.Main))
	})
}

func TestUninstallDeletesDataWhenChosen(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['uninstall' => 'nothing']`)
		ours := s.php(t, `$names = PartnerCenter\Tables::NAMES; sort($names);
			echo implode(' ', array_map(function ($n) use ($wpdb) { return $wpdb->prefix . 'partner_center_' . $n; }, $names));`)
		if got := s.tables(t); got != ours {
			t.Errorf("the plugin drops %s\nthere are %s", ours, got)
		}
		other := s.prefix + "partner_center_of_somebody_else"
		s.php(t, `$wpdb->query("CREATE TABLE $args[0] (id INT)");`, other)
		s.uninstall(t)
		if got := s.tables(t); got != other {
			t.Errorf("tables left: %s", got)
		}
		s.php(t, `$wpdb->query("DROP TABLE $args[0]");`, other)
		must(t, s.Activate(t.Context(), wpplugin.Main))
		if got := s.tables(t); got != s.prefix+"partner_center_inbox "+s.prefix+"partner_center_order_seqs" {
			t.Errorf("tables after activation: %s", got)
		}
		s.php(t, `$wpdb->query("DROP TABLE {$wpdb->prefix}partner_center_inbox, {$wpdb->prefix}partner_center_order_seqs");`)
		must(t, s.db.Migrate(t.Context()))
	})
}

// What is erased, and that the books hold, is proven in affiliate/verify.
//
// Spec: D37
func TestUninstallForgetsPersonsWhenChosen(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order")
		s.set(t, `['uninstall' => 'books']`)
		tables := s.tables(t)
		s.uninstall(t)
		got := s.php(t, `echo $wpdb->get_var("SELECT CONCAT(email, ' ', (SELECT COUNT(*) FROM {$wpdb->prefix}partner_center_memberships))
			FROM {$wpdb->prefix}partner_center_contacts");`)
		if want := "erased-" + p.partner.ContactID.String() + "@contact.invalid 1"; got != want {
			t.Errorf("left of the partner: %s, want %s", got, want)
		}
		if got := s.tables(t); got != tables {
			t.Errorf("tables before: %s\nafter: %s", tables, got)
		}
		must(t, s.Activate(t.Context(), wpplugin.Main))
	})
}

func (s *site) uninstall(t *testing.T) {
	t.Helper()
	s.php(t, `
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		deactivate_plugins($args[0]);
		uninstall_plugin($args[0]);`, wpplugin.Main)
}

func (s *site) tables(t *testing.T) string {
	t.Helper()
	return s.php(t, `echo implode(' ', $wpdb->get_col("SHOW TABLES LIKE '" . $wpdb->esc_like($wpdb->prefix . 'partner_center_') . "%'"));`)
}

// Either may be installed first: plugin or sidecar.
func TestInboxIsTheSidecarsTable(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) { s.sameTable(t, "0007_inbox.sql", "inbox", "Inbox") })
}

// sameTable fails unless a migration and a class of the plugin make the same table.
func (s *site) sameTable(t *testing.T, migration, table, class string) {
	t.Helper()
	text, err := migrations.Files.ReadFile(migration)
	must(t, err)
	show := func(create string) string {
		return s.php(t, `
			$wpdb->query("DROP TABLE IF EXISTS {$wpdb->prefix}partner_center_{$args[1]}");`+create+`
			echo $wpdb->get_row("SHOW CREATE TABLE {$wpdb->prefix}partner_center_{$args[1]}", ARRAY_N)[1];`,
			s.db.Text(string(text)), table)
	}
	byPlugin := show(`PartnerCenter\` + class + `::create_table();`)
	bySidecar := show(`$wpdb->query($args[0]);`)
	if diff := cmp.Diff(bySidecar, byPlugin); diff != "" {
		t.Errorf("-sidecar +plugin:\n%s", diff)
	}
}

// New settings are told to the sidecar, which need not look for them.
//
// Spec: S1
func TestSavingTellsTheSidecar(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		if s.sidecar.told == 0 {
			t.Error("the sidecar is not told")
		}
		s.set(t, `[`+down+`]`)
		s.set(t, `['tracking' => false]`) // works without one, too
		if s.settings(t).Tracking {
			t.Error("not saved while the sidecar is down")
		}
	})
}
