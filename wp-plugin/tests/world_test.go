// Package wpplugin_test proves the plugin on real WordPress sites: the oldest
// release it supports and the newest. A small Go server stands where the
// sidecar would be.
package wpplugin_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/db"
	"partnercenter/testbed/mariadb"
	"partnercenter/testbed/wordpress"
	wpplugin "partnercenter/wp-plugin"
	"partnercenter/wpbridge"
)

var (
	database *mariadb.Server
	workDir  string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx := context.Background()
	var err error
	if workDir, err = os.MkdirTemp("", "wp-plugin-"); err == nil {
		defer os.RemoveAll(workDir)
		database, err = mariadb.Start(ctx, mariadb.Options{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer database.Stop(ctx)
	defer func() {
		for _, s := range sites {
			s.stop()
		}
	}()
	return m.Run()
}

// site is a WordPress with the plugin active, shared by all tests.
type site struct {
	*wordpress.Site
	db      *db.Handle
	key     wpbridge.PairingKey
	sidecar *standIn
	front   *http.Server
	prefix  string
	cookies map[string][]*http.Cookie // of users who logged in, by name
}

// sites are installed when the first test needs them.
var sites = map[string]*site{}

var releases = []struct {
	name  string
	fetch func(context.Context, func(string)) (wordpress.Release, error)
}{
	{"oldest", func(ctx context.Context, log func(string)) (wordpress.Release, error) {
		return wordpress.Fetch(ctx, wordpress.Oldest, log)
	}},
	{"newest", wordpress.Newest},
}

// onEach runs a test on every release, from a clean state, and fails it when
// PHP found something to complain about in the plugin.
func onEach(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	for _, release := range releases {
		t.Run(release.name, func(t *testing.T) {
			if testing.Short() && release.name != "newest" {
				t.Skip("SKIPPED: only the newest WordPress with -short")
			}
			s := sites[release.name]
			if s == nil {
				found, err := release.fetch(t.Context(), func(step string) { t.Log(step) })
				if errors.Is(err, wordpress.ErrUnreachable) {
					t.Skip("SKIPPED:", err)
				}
				if err != nil {
					t.Fatal(err)
				}
				s = newSite(t, release.name, found)
				sites[release.name] = s
			}
			s.reset(t)
			test(t, s)
			s.checkLog(t)
		})
	}
}

func newSite(t *testing.T, name string, release wordpress.Release) *site {
	t.Helper()
	ctx := context.Background() // outlives the test that came first
	must(t, database.CreateDatabase(ctx, name))
	must(t, database.GrantUser(ctx, name, "secret", name))
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	s := &site{prefix: name + "_", cookies: map[string][]*http.Cookie{}}
	s.Site, err = wordpress.Install(ctx, wordpress.Options{
		Release: release, Dir: filepath.Join(workDir, name), URL: "http://" + listener.Addr().String(), Debug: true,
		DB: wordpress.Database{
			Host: fmt.Sprintf("127.0.0.1:%d", database.Port), Name: name, User: name, Password: "secret",
			Prefix: s.prefix,
		},
	})
	must(t, err)
	must(t, s.AddPlugin(wpplugin.Name, wpplugin.FS()))
	must(t, s.Activate(ctx, wpplugin.Main))
	s.db, err = db.Open(ctx, database.DSN(name), db.Tables{Prefix: s.prefix})
	must(t, err)
	must(t, s.db.Migrate(ctx))
	config, err := wpbridge.ReadConfig(s.Root)
	must(t, err)
	s.key, err = config.PairingKey()
	must(t, err)
	s.sidecar = newStandIn(s.key)
	must(t, s.Serve(ctx, 3))
	s.front = &http.Server{Handler: s.Handler()}
	go s.front.Serve(listener)
	return s
}

func (s *site) stop() {
	s.front.Close()
	s.Stop()
	s.sidecar.server.Close()
	s.db.Close()
}

// reset brings the site back to where it was after activation, with the
// stand-in's address set so that no test depends on heartbeats.
func (s *site) reset(t *testing.T) {
	t.Helper()
	s.php(t, `
		require_once ABSPATH . 'wp-admin/includes/user.php';
		update_option('partner_center', array('sidecar_url' => $args[0]) + PartnerCenter\Settings::DEFAULTS);
		update_option('show_on_front', 'posts');
		foreach (get_posts(['post_type' => ['page', 'post'], 'post_status' => 'any,trash', 'numberposts' => -1]) as $p) {
			wp_delete_post($p->ID, true);
		}
		foreach (get_users(['exclude' => [1], 'fields' => 'ID']) as $id) {
			wp_delete_user($id);
		}
		foreach (['inbox', 'order_seqs', 'nonces', 'heartbeats'] as $table) {
			$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_$table");
		}
		PartnerCenter\Flood::create_table(); // those who were too quick in another test
		$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_floods");`, s.sidecar.server.URL)
	s.sidecar.reset()
	must(t, s.ClearMails())
	must(t, os.RemoveAll(s.DebugLog()))
	for login := range s.cookies {
		if login != "admin" {
			delete(s.cookies, login)
		}
	}
}

// checkLog fails the test on notices, warnings and errors from the plugin's
// files. WordPress 6.1 itself has some on newer PHP.
func (s *site) checkLog(t *testing.T) {
	t.Helper()
	log, err := os.ReadFile(s.DebugLog())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "/partner-center/") || strings.Contains(line, "partner-center</code>") ||
			strings.Contains(line, "WordPress database error") {
			t.Errorf("in debug.log: %s", line)
		}
	}
}

// php runs code inside WordPress, with $wpdb at hand.
func (s *site) php(t *testing.T, code string, args ...string) string {
	t.Helper()
	out, err := s.PHP(t.Context(), "global $wpdb;\n"+code, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// set changes settings as the settings page does after its checks; code is a
// PHP array.
func (s *site) set(t *testing.T, code string) {
	t.Helper()
	s.php(t, "PartnerCenter\\Settings::change("+code+");")
}

// addPage publishes a page and returns its id.
func (s *site) addPage(t *testing.T, slug, content string) string {
	t.Helper()
	return s.php(t, `echo wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Page ' . $args[0], 'post_name' => $args[0], 'post_content' => $args[1]]);`, slug, content)
}

// addUser makes a user whose password is "pw-" and the login.
func (s *site) addUser(t *testing.T, login, role string) string {
	t.Helper()
	return s.php(t, `echo wp_insert_user(['user_login' => $args[0], 'user_pass' => 'pw-' . $args[0], 'user_email' => $args[0] . '@example.test', 'role' => $args[1]]);`, login, role)
}

// login returns the cookies of a user; the admin's are kept.
func (s *site) login(t *testing.T, user string) []*http.Cookie {
	t.Helper()
	if s.cookies[user] == nil {
		password := "pw-" + user
		if user == "admin" {
			password = "admin"
		}
		cookies, err := wordpress.Login(t.Context(), s.URL, user, password)
		must(t, err)
		s.cookies[user] = cookies
	}
	return s.cookies[user]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// editConfig gives a constant in wp-config.php another value and returns what
// undoes it.
func (s *site) editConfig(t *testing.T, name, value string) (restore func()) {
	t.Helper()
	file := filepath.Join(s.Root, "wp-config.php")
	before, err := os.ReadFile(file)
	must(t, err)
	line := regexp.MustCompile(`(?m)^define\(\s*'` + name + `'.*$`)
	if !line.Match(before) {
		t.Fatalf("wp-config.php does not define %s", name)
	}
	after := line.ReplaceAllLiteral(before, []byte(fmt.Sprintf("define('%s', '%s');", name, value)))
	must(t, os.WriteFile(file, after, 0o644))
	return func() { must(t, os.WriteFile(file, before, 0o644)) }
}

func text(_ int, s *goquery.Selection) string { return s.Text() }
