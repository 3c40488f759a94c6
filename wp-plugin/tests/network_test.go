package wpplugin_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"partnercenter/db"
	"partnercenter/testbed/wordpress"
	wpplugin "partnercenter/wp-plugin"
	"partnercenter/wpbridge"
)

// network is a site made one of two, below the same host, with one key given to
// both.
func network(t *testing.T) *site {
	t.Helper()
	if s := sites["network"]; s != nil {
		return s
	}
	release, err := wordpress.Newest(t.Context(), func(step string) { t.Log(step) })
	must(t, err)
	s := newSite(t, "network", release)
	sites["network"] = s
	host := strings.TrimPrefix(s.URL, "http://")
	s.php(t, `
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		require_once ABSPATH . 'wp-admin/includes/network.php';
		foreach ($wpdb->tables('ms_global') as $name => $table) { $wpdb->$name = $table; }
		install_network();
		populate_network(1, $args[0], 'admin@example.test', 'Network', '/', false);`, host)
	file := filepath.Join(s.Root, "wp-config.php")
	config, err := os.ReadFile(file)
	must(t, err)
	text := regexp.MustCompile(`(?m)^define\( 'WP_(HOME|SITEURL)'.*\n`).ReplaceAllString(string(config), "")
	text = strings.Replace(text, "$table_prefix", `define('MULTISITE', true); define('SUBDOMAIN_INSTALL', false);
define('DOMAIN_CURRENT_SITE', '`+host+
		`'); define('PATH_CURRENT_SITE', '/'); define('SITE_ID_CURRENT_SITE', 1); define('BLOG_ID_CURRENT_SITE', 1);
define('PARTNER_CENTER_KEY', 'one key for all the sites of this network');
$table_prefix`, 1)
	must(t, os.WriteFile(file, []byte(text), 0o644))
	s.cookies = map[string][]*http.Cookie{}
	s.php(t, `
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		deactivate_plugins($args[1]);
		activate_plugin($args[1], '', true);
		if (2 !== wpmu_create_blog($args[0], '/two/', 'Two', 1)) { throw new Exception('no second site'); }`, host,
		wpplugin.Main)
	return s
}

// on runs code on one site of the network.
func (s *site) on(t *testing.T, blog, code string) string {
	t.Helper()
	return s.php(t, `switch_to_blog((int) $args[0]); (new PartnerCenter\Lifecycle())->activate();`+code, blog)
}

// second is the second site's own database names, with the sidecar's tables.
func (s *site) second(t *testing.T) *db.Handle {
	t.Helper()
	h, err := db.Open(context.Background(), database.DSN("network"), db.Tables{Prefix: s.prefix + "2_", Base: s.prefix,
		Users: s.prefix + "users", Usermeta: s.prefix + "usermeta"})
	must(t, err)
	t.Cleanup(func() { h.Close() })
	must(t, h.Migrate(t.Context()))
	return h
}

// Two sites of a network are two programs: a key given once is another on each,
// what concerns a person reaches every site where they are a partner, and a site
// that goes takes its tables along.
//
// Spec: S1
func TestTwoSitesOfANetwork(t *testing.T) {
	s := network(t)
	h := s.second(t)
	key := func(prefix string) wpbridge.PairingKey {
		k, err := wpbridge.ParsePairingKey("one key for all the sites of this network", prefix)
		must(t, err)
		return k
	}
	refresh := `(new PartnerCenter\Handover())->refresh();`
	s.on(t, "1", refresh)
	s.on(t, "2", refresh)
	one, err := wpbridge.ReadHandover(t.Context(), s.db, key(s.prefix))
	must(t, err)
	two, err := wpbridge.ReadHandover(t.Context(), h, key(s.prefix+"2_"))
	must(t, err)
	if one.BlogID != 1 || two.BlogID != 2 || two.Home != s.URL+"/two" || two.PublicURL != s.URL+"/two/partner-center" ||
		key(s.prefix) == key(s.prefix+"2_") {
		t.Errorf("one: %+v\ntwo: %+v", one, two)
	}

	count := func(h *db.Handle, where string) (n int) {
		must(t, h.Get(t.Context(), &n, `SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE kind = 'user' AND `+where))
		return n
	}
	id := s.addUser(t, "paula", "partner")
	s.php(t, `add_user_to_blog(2, (int) $args[0], 'partner'); wp_update_user(['ID' => (int) $args[0], 'user_email' => 'new@example.test']);`, id)
	for name, h := range map[string]*db.Handle{"one": s.db, "two": h} {
		if n := count(h, `payload LIKE '%new@example.test%' AND payload LIKE '%"deleted":false%'`); n == 0 {
			t.Errorf("site %s does not hear of the new address", name)
		}
	}
	s.php(t, `remove_user_from_blog((int) $args[0], 2);`, id)
	if count(h, `payload LIKE '%"deleted":true%'`) != 1 || count(s.db, `payload LIKE '%"deleted":true%'`) != 0 {
		t.Error("who was taken off the second site has no account there, and keeps the one on the first")
	}

	tables := func(prefix string) string {
		return s.php(t, `echo count($wpdb->get_col("SHOW TABLES LIKE '" . $wpdb->esc_like($args[0] . 'partner_center_') . "%'"));`, prefix)
	}
	first := tables(s.prefix)
	s.php(t, `require_once ABSPATH . 'wp-admin/includes/ms.php'; wpmu_delete_blog(2, true);`)
	if got := tables(s.prefix + "2_"); got != "0" || tables(s.prefix) != first {
		t.Errorf("%s tables of the deleted site are left; the first had %s and has %s", got, first, tables(s.prefix))
	}
	s.checkLog(t)
}

// Deleting the plugin on the network reaches every site, and none that chose to
// keep its data.
func TestNetworkUninstall(t *testing.T) {
	s := network(t)
	s.php(t, `wpmu_create_blog($args[0], '/three/', 'Three', 1);`, strings.TrimPrefix(s.URL, "http://"))
	s.php(t, `
		$three = get_id_from_blogname('three');
		switch_to_blog($three);
		PartnerCenter\Lifecycle::activate();
		update_option('partner_center', ['uninstall' => 'nothing'] + PartnerCenter\Settings::all());
		restore_current_blog();
		PartnerCenter\Lifecycle::uninstall();`)
	got := s.php(t, `
		$three = get_id_from_blogname('three');
		echo wp_json_encode([count($wpdb->get_col("SHOW TABLES LIKE '" . $wpdb->esc_like($wpdb->get_blog_prefix($three) . 'partner_center_') . "%'")),
			get_blog_option($three, 'partner_center'), get_option('partner_center'),
			count($wpdb->get_col("SHOW TABLES LIKE '" . $wpdb->esc_like($wpdb->prefix . 'partner_center_inbox') . "'"))]);`)
	if got != "[0,false,false,1]" {
		t.Errorf("tables and settings of the third site, settings and inbox of the first: %s", got)
	}
}

// The way of docs/install.md, walked: each site of a network has a sidecar of
// its own, which is found by its heartbeat, answers for that site alone, and
// leaves the others alone when it goes.
func TestNetworkWalk(t *testing.T) {
	s := network(t)
	s.php(t, `if (!get_id_from_blogname('four')) { wpmu_create_blog($args[0], '/four/', 'Four', 1); }`,
		strings.TrimPrefix(s.URL, "http://"))
	id := s.php(t, `echo get_id_from_blogname('four');`)
	prefix := s.prefix + id + "_"
	for _, blog := range []string{"1", id} {
		s.on(t, blog, `PartnerCenter\Settings::change(['tracking' => true, 'center' => true, 'sidecar_url' => '']);
			(new PartnerCenter\Handover())->refresh();`)
	}
	path := binary(t)
	one := s.serve(t, path, "--listen", "127.0.0.1:0", "--prefix", s.prefix)
	one.until(t, `msg="paired with WordPress" site=`+s.URL+" ")
	one.until(t, "msg=ready")
	// The other site has none yet, and that of the first is not taken for its own.
	s.unreachable(t, "/four")
	four := s.serve(t, path, "--listen", "127.0.0.1:0", "--prefix", prefix)
	four.until(t, `msg="paired with WordPress" site=`+s.URL+"/four")
	four.until(t, "msg=ready")
	for _, home := range []string{"", "/four"} {
		s.reachable(t, home)
		a := s.get(t, home+"/partner-center/")
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, s.URL+home+"/wp-login.php") {
			t.Errorf("the center of %q leads to %q (%d)", home, to, a.Status)
		}
	}
	must(t, four.Stop(t.Context()))
	s.reachable(t, "")
	if a := s.get(t, "/four/partner-center/"); a.Status != http.StatusServiceUnavailable {
		t.Errorf("the center of a site whose sidecar is down: %d", a.Status)
	}
	s.checkLog(t)
}

// reachable fails unless the settings page of a site of the network says so.
func (s *site) reachable(t *testing.T, home string) {
	t.Helper()
	if said := s.health(t, home); !strings.Contains(said, "Partner Center is running") {
		t.Errorf("the settings page of %q says %q", home, said)
	}
}

func (s *site) unreachable(t *testing.T, home string) {
	t.Helper()
	if said := s.health(t, home); !strings.Contains(said, "hasn't reported within") {
		t.Errorf("the settings page of %q says %q", home, said)
	}
}

func (s *site) health(t *testing.T, home string) string {
	t.Helper()
	return s.get(t, home+settingsPage, s.login(t, "admin")...).doc(t).Find("#partner-center-health").Text()
}
