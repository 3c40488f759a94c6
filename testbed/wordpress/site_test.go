package wordpress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// get fetches a page without following redirects.
func get(t *testing.T, url string, cookies ...*http.Cookie) (status int, body string, header http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range cookies {
		request.AddCookie(cookie)
	}
	return do(t, request)
}

func do(t *testing.T, request *http.Request) (status int, body string, header http.Header) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

func TestSite(t *testing.T) {
	for name := range releases {
		t.Run(name, func(t *testing.T) {
			s := served(t, name)
			t.Log("WordPress", s.Version())
			t.Run("pages", func(t *testing.T) { testPages(t, s) })
			t.Run("login", func(t *testing.T) { testLogin(t, s) })
			t.Run("settings", func(t *testing.T) { testSettings(t, s) })
			t.Run("plugin", func(t *testing.T) { testPlugin(t, s) })
			t.Run("mail", func(t *testing.T) { testMail(t, s) })
			t.Run("loopback", func(t *testing.T) { testLoopback(t, s) })
			t.Run("continued", func(t *testing.T) { testContinued(t, s) })
		})
	}
}

func testPages(t *testing.T, s *Site) {
	mustPHP(t, s, `wp_insert_post(['post_title' => 'About us', 'post_type' => 'page', 'post_status' => 'publish']);`)
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/":                                   {200, "Café"},
		"/about-us/":                          {200, "About us"},
		"/no-such-page/":                      {404, "<html"},
		"/wp-includes/js/jquery/jquery.js":    {200, "jQuery"},
		"/wp-includes/css/buttons.css":        {200, ".wp-core-ui"},
		"/wp-json/":                           {200, `"namespaces"`},
		"/wp-config.php":                      {200, ""}, // runs, prints nothing
		"/wp-login.php?action=lostpassword":   {200, "user_login"},
		"/wp-content/plugins/.hidden/x.txt":   {404, "<html"},
		"/wp-admin/css/../../../debug.log":    {404, ""},
		"/wp-content/uploads/%2e%2e/%2e%2e/x": {404, ""},
	} {
		status, body, _ := get(t, s.URL+path)
		if status != want.status || !strings.Contains(body, want.text) || strings.Contains(body, "DB_PASSWORD") {
			t.Errorf("GET %s: status %d, %.200q; want %d with %q", path, status, body, want.status, want.text)
		}
	}
}

func testLogin(t *testing.T, s *Site) {
	cookies, err := Login(t.Context(), s.URL, "boss", `it's "q" é`)
	if err != nil {
		t.Fatal(err)
	}
	if status, body, _ := get(t, s.URL+"/wp-admin/", cookies...); status != 200 ||
		!strings.Contains(body, "wp-admin-bar") {
		t.Errorf("dashboard with the cookies: status %d", status)
	}
	status, _, header := get(t, s.URL+"/wp-admin/")
	if status != 302 || !strings.HasPrefix(header.Get("Location"), s.URL+"/wp-login.php") {
		t.Errorf("dashboard without: %d to %q, want a redirect to the login form", status, header.Get("Location"))
	}
	_, err = Login(t.Context(), s.URL, "boss", "wrong")
	var refused LoginError
	if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "boss") {
		t.Errorf("wrong password: %v, want WordPress' own reason", err)
	}
}

func testSettings(t *testing.T, s *Site) {
	got := mustPHP(t, s, `echo implode('|', [get_option('blogname'), get_option('timezone_string'), get_locale(),
		get_option('admin_email'), get_option('home'), get_option('show_avatars'), $GLOBALS['wpdb']->prefix,
		wp_count_posts('post')->publish]);`)
	want := "Café &#039;test&#039;|Europe/Berlin|de_DE|boss@example.test|" + s.URL + "|0|wptest_|0"
	if got != want {
		t.Errorf("settings\n got %s\nwant %s", got, want)
	}
}

func testPlugin(t *testing.T, s *Site) {
	main := func(answer string) fstest.MapFS {
		return fstest.MapFS{"hello.php": {Data: []byte(`<?php
/* Plugin Name: Hello */
add_action('init', function () {
	if (isset($_GET['hello'])) {
		header('Content-Type: text/plain');
		exit('` + answer +
			` ' . $_SERVER['REMOTE_ADDR'] . ' ' . $_SERVER['HTTP_HOST'] . ' ' . file_get_contents('php://input'));
	}
});`)}}
	}
	if err := s.AddPlugin("hello", main("one")); err != nil {
		t.Fatal(err)
	}
	if err := s.Activate(t.Context(), "hello/hello.php"); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	if _, body, _ := get(t, s.URL+"/?hello"); body != "one 127.0.0.1 "+host+" " {
		t.Errorf("plugin answered %q", body)
	}
	if err := s.AddPlugin("hello", main("two")); err != nil {
		t.Fatal(err)
	}
	// A body of unknown length, which php -S alone would lose.
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/?hello",
		io.MultiReader(strings.NewReader("posted")))
	if _, body, _ := do(t, request); body != "two 127.0.0.1 "+host+" posted" {
		t.Errorf("changed plugin answered %q", body)
	}
	if err := s.Activate(t.Context(), "no/such.php"); err == nil {
		t.Error("activating a missing plugin is no error")
	}
}

func testMail(t *testing.T, s *Site) {
	if err := s.ClearMails(); err != nil {
		t.Fatal(err)
	}
	mustPHP(t, s, `
		wp_mail('a@example.test', 'Grüße, Ängström', "Füße & more\nsecond line");
		wp_mail(['b@example.test', 'c@example.test'], 'HTML', '<p>Ü</p>', ['Content-Type: text/html; charset=UTF-8']);`)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	plain, err := s.WaitMail(ctx, func(m Mail) bool { return m.Subject == "Grüße, Ängström" })
	if err != nil {
		t.Fatal(err)
	}
	if plain.To[0] != "a@example.test" || strings.TrimSpace(plain.Text) != "Füße & more\nsecond line" ||
		plain.From == "" {
		t.Errorf("got %+v", plain)
	}
	mails, err := s.Mails()
	if err != nil || len(mails) != 2 || len(mails[1].To) != 2 || strings.TrimSpace(mails[1].HTML) != "<p>Ü</p>" {
		t.Errorf("got %+v, %v; want two mails, the second in HTML", mails, err)
	}
	cancel()
	if _, err := s.WaitMail(ctx, func(Mail) bool { return false }); err == nil ||
		!strings.Contains(err.Error(), "b@example.test") {
		t.Errorf("mail that never comes: %v, want a list of what was sent", err)
	}
}

func testLoopback(t *testing.T, s *Site) {
	err := s.AddPlugin("loop", fstest.MapFS{"loop.php": {Data: []byte(`<?php
/* Plugin Name: Loop */
add_action('init', function () {
	if (isset($_GET['loop'])) {
		exit('got ' . wp_remote_retrieve_response_code(wp_remote_get(home_url('/wp-login.php'))));
	}
});`)}})
	if err == nil {
		err = s.Activate(t.Context(), "loop/loop.php")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, body, _ := get(t, s.URL+"/?loop"); body != "got 200" {
		t.Errorf("a page that calls its own site: %q", body)
	}
}

// testContinued restarts the site at another address; its users stay logged in
// as far as the cookie's name, which depends on the address, allows.
func testContinued(t *testing.T, s *Site) {
	if !Installed(s.dir) {
		t.Error("the site is not found installed")
	}
	before, err := os.ReadFile(filepath.Join(s.Root, "wp-config.php"))
	if err != nil {
		t.Fatal(err)
	}
	mustPHP(t, s, `update_option('blogname', 'Renamed');`)
	listener, url := listen(t)
	o := options(t, Release{}, url)
	o.Dir, o.DB = s.dir, s.database(t)
	again := install(t, o)
	serve(t, again, listener)
	if status, body, _ := get(t, url+"/"); status != 200 || !strings.Contains(body, "Renamed") ||
		strings.Contains(body, s.URL) {
		t.Errorf("at the new address: status %d; want the old title and no old address", status)
	}
	after, err := os.ReadFile(filepath.Join(s.Root, "wp-config.php"))
	if want := strings.ReplaceAll(string(before), s.URL, url); err != nil || string(after) != want {
		t.Errorf("wp-config.php changed in more than the address:\n%s\nbefore:\n%s", after, before)
	}
}

// database reads the account a site was installed with.
func (s *Site) database(t *testing.T) Database {
	t.Helper()
	d := Database{Prefix: "wptest_"}
	fields := strings.Split(mustPHP(t, s, `echo DB_HOST, "\n", DB_NAME, "\n", DB_USER, "\n", DB_PASSWORD;`), "\n")
	d.Host, d.Name, d.User, d.Password = fields[0], fields[1], fields[2], fields[3]
	return d
}

func TestPHPProblemsAreErrors(t *testing.T) {
	_, url := listen(t)
	s := install(t, options(t, release(t, "newest"), url))
	if out := mustPHP(t, s, `echo implode(',', $args);`, "a b", `it's "q"`, ""); out != `a b,it's "q",` {
		t.Errorf("arguments arrived as %q", out)
	}
	for code, want := range map[string]string{
		`throw new Exception('broken');`:  "broken",
		`syntax error`:                    "syntax error",
		`echo $undefined;`:                "undefined",
		`exit(0);`:                        "ended early",
		`wp_die('no entry');`:             "no entry",
		`trigger_error('look here');`:     "look here",
		`no_such_function();`:             "no_such_function",
		`fwrite(STDERR, 'why'); exit(3);`: "why",
	} {
		if _, err := s.PHP(t.Context(), code); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", code, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := s.PHP(ctx, `while (true) {}`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("endless code: %v, want the end of the context", err)
	}
}
