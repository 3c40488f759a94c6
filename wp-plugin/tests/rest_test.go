package wpplugin_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnercenter/clock"
	"partnercenter/testbed/wordpress"
	"partnercenter/wpbridge"
)

// client calls the plugin as the sidecar does.
func (s *site) client() *wpbridge.Client {
	return wpbridge.NewClient(s.URL+"/?rest_route=/", wpbridge.NewSigner(s.key, clock.System, nil))
}

// call asks the plugin and returns its answer; it must not refuse.
func (s *site) call(t *testing.T, name string, in map[string]any) map[string]any {
	t.Helper()
	var out map[string]any
	must(t, s.client().Call(t.Context(), name, in, &out))
	return out
}

// refused returns the code of the plugin's refusal.
func (s *site) refused(t *testing.T, name string, in map[string]any) string {
	t.Helper()
	err := s.client().Call(t.Context(), name, in, nil)
	var refusal *wpbridge.RefusedError
	if !errors.As(err, &refusal) {
		t.Fatalf("%s %v: %v, want a refusal", name, in, err)
	}
	return refusal.Code
}

func TestPing(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		out := s.call(t, "ping", nil)
		if out["wp_version"] != s.Version() || out["plugin_version"] == "" {
			t.Errorf("answer %v", out)
		}
		if at := time.Unix(int64(out["time"].(float64)), 0); time.Since(at).Abs() > 10*time.Second {
			t.Errorf("time %v", at)
		}
	})
}

// signed makes a request for the plugin that has all of a genuine call.
func (s *site) signed(t *testing.T, key wpbridge.PairingKey, at time.Time) *http.Request {
	t.Helper()
	body := []byte(`{"email":"eve@example.test","role":"partner"}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/?rest_route=/partner-center/v1/user",
		bytes.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	wpbridge.NewSigner(key, clock.NewFake(at).Now, nil).Sign(req, body)
	return req
}

func TestCallsNeedTheSignature(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		now := time.Now()
		for name, tc := range map[string]struct {
			request *http.Request
			change  func(*http.Request)
			code    string
		}{
			"none": {s.signed(t, s.key, now), func(r *http.Request) { r.Header.Del("PC-Signature") },
				"partner_center_unsigned"},
			"another key": {s.signed(t, wpbridge.PairingKey{1}, now), nil, "partner_center_signature"},
			"another path": {s.signed(t, s.key, now), func(r *http.Request) { r.URL.RawQuery += "&x=1" },
				"partner_center_signature"},
			"another body": {s.signed(t, s.key, now),
				func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }, "partner_center_signature"},
			"another time": {s.signed(t, s.key, now), func(r *http.Request) { r.Header.Set("PC-Time", "1") },
				"partner_center_signature"},
			"no real nonce": {s.signed(t, s.key, now), func(r *http.Request) { r.Header.Set("PC-Nonce", "x") },
				"partner_center_signature"},
			"too old":   {s.signed(t, s.key, now.Add(-6*time.Minute)), nil, "partner_center_clock"},
			"too early": {s.signed(t, s.key, now.Add(6*time.Minute)), nil, "partner_center_clock"},
		} {
			if tc.change != nil {
				tc.change(tc.request)
			}
			if status, code := send(t, tc.request); code != tc.code || status < 400 {
				t.Errorf("%s: status %d, code %q, want %q", name, status, code, tc.code)
			}
		}
		// An administrator's login is no signature.
		req := s.signed(t, s.key, now)
		req.Header.Del("PC-Signature")
		for _, cookie := range s.login(t, "admin") {
			req.AddCookie(cookie)
		}
		if _, code := send(t, req); code != "partner_center_unsigned" {
			t.Errorf("an administrator without signature: %q", code)
		}
		if got := s.php(t, `echo (int) email_exists('eve@example.test');`); got != "0" {
			t.Error("a refused call made a user")
		}
	})
}

func TestCallsAreAcceptedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		req := s.signed(t, s.key, time.Now())
		// As through a proxy, which says who asked.
		req.Header.Set("X-Forwarded-For", "192.0.2.1")
		again := req.Clone(t.Context())
		again.Body, _ = req.GetBody()
		if status, code := send(t, req); status != http.StatusOK {
			t.Fatalf("first: status %d, %q", status, code)
		}
		if status, code := send(t, again); status != http.StatusConflict || code != "partner_center_replayed" {
			t.Errorf("second: status %d, %q", status, code)
		}
	})
}

func send(t *testing.T, req *http.Request) (status int, code string) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(req)
	must(t, err)
	defer response.Body.Close()
	var problem struct{ Code string }
	must(t, json.NewDecoder(response.Body).Decode(&problem))
	return response.StatusCode, problem.Code
}

// Spec: S107.1 S107.2 S142
func TestUserIsMadeOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		in := map[string]any{"email": "ann@example.test", "first_name": `Ann "A" \x`, "last_name": "O'Brien",
			"role": "partner"}
		first := s.call(t, "user", in)
		second := s.call(t, "user", in)
		if first["created"] != true || second["created"] != false || first["user_id"] != second["user_id"] ||
			first["login"] != "ann" {
			t.Errorf("first %v, second %v", first, second)
		}
		got := s.php(t, `$u = get_user_by('login', 'ann'); echo wp_json_encode([$u->user_email, $u->first_name, $u->last_name, $u->roles]);`)
		if got != `["ann@example.test","Ann \"A\" \\x","O'Brien",["partner"]]` {
			t.Errorf("user %s", got)
		}
		if mails, err := s.Mails(); err != nil || len(mails) != 0 {
			t.Errorf("WordPress sent mails of its own: %v, %v", mails, err)
		}
		third := s.call(t, "user", map[string]any{"email": "ann@other.example.com", "login": ""})
		if third["login"] != "ann2" {
			t.Errorf("another Ann is called %v", third["login"])
		}
	})
}

func TestUserThatIsThereAlready(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.addUser(t, "writer", "editor")
		out := s.call(t, "user", map[string]any{"email": "Writer@Example.test", "first_name": "Other", "existing": true,
			"role": "partner"})
		if out["created"] != false || out["login"] != "writer" {
			t.Errorf("answer %v", out)
		}
		got := s.php(t, `$u = get_user_by('login', 'writer'); echo wp_json_encode([$u->roles, $u->first_name, user_can($u, 'edit_posts')]);`)
		if got != `[["editor","partner"],"",true]` {
			t.Errorf("roles, first name, may edit: %s", got)
		}
		for code, in := range map[string]map[string]any{
			"partner_center_no_user": {"email": "nobody@example.test", "existing": true},
			"partner_center_invalid": {"email": "nobody"},
		} {
			if got := s.refused(t, "user", in); got != code {
				t.Errorf("%v: %s, want %s", in, got, code)
			}
		}
		if got := s.refused(t, "user", map[string]any{"email": "x@example.test",
			"role": "administrator"}); got != "partner_center_invalid" {
			t.Errorf("role administrator: %s", got)
		}
	})
}

var link = regexp.MustCompile(`http://[^\s"<>]+`)

// Spec: S106.1 S106.2 S107
func TestWelcomeMailLeadsToALogin(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		id := s.call(t, "user", map[string]any{"email": "ann@example.test"})["user_id"]
		out := s.call(t, "mail", map[string]any{
			"to": "ann@example.test", "subject": "Welcome, Zoë", "user_id": id,
			"text":    "You are %login%: %set_password_url%",
			"html":    `<p>You are <b>%login%</b>: <a href="%set_password_url%">choose a password</a></p>`,
			"headers": map[string]any{"Reply-To": "office@example.test", "X-Bad": "a\r\nBcc: eve@example.test"},
		})
		if out["sent"] != true {
			t.Fatalf("answer %v", out)
		}
		mail := s.onlyMail(t)
		if mail.Subject != "Welcome, Zoë" || mail.To[0] != "ann@example.test" ||
			mail.Header.Get("Reply-To") != "office@example.test" || mail.Header.Get("Bcc") != "" {
			t.Errorf("mail %+v", mail)
		}
		found := link.FindString(mail.Text)
		if !strings.HasPrefix(mail.Text, "You are ann: ") ||
			!strings.Contains(mail.HTML, strings.ReplaceAll(found, "&", "&amp;")) {
			t.Fatalf("text %q, HTML %q", mail.Text, mail.HTML)
		}
		s.setPassword(t, strings.TrimPrefix(found, s.URL), "pw-ann")
		if len(s.login(t, "ann")) == 0 {
			t.Error("no login with the password chosen")
		}
	})
}

// Addresses that WordPress would clean into those of other people must not
// lead to their accounts, by whichever call.
//
// Spec: S107
func TestNobodyGetsIntoAnotherAccount(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		id := s.addUser(t, "writer", "editor")
		for _, alike := range []string{"writer@exämple.test", "writer@exam ple.test", "wri(ter@example.test",
			" writer@example.test"} {
			if got := s.refused(t, "user", map[string]any{"email": alike}); got != "partner_center_invalid" {
				t.Errorf("%s: %s", alike, got)
			}
		}
		if got := s.php(t, `echo wp_json_encode(get_user_by('login', 'writer')->roles);`); got != `["editor"]` {
			t.Errorf("roles %s", got)
		}
		s.call(t, "mail", map[string]any{"to": "eve@example.test", "subject": "x",
			"text": "%login%: %set_password_url%", "user_id": json.Number(id)})
		if m := s.onlyMail(t); !strings.Contains(m.Text, "action=lostpassword") || strings.Contains(m.Text, "key=") {
			t.Errorf("a mailbox that is not the account's got %s", m.Text)
		}
	})
}

func (s *site) onlyMail(t *testing.T) wordpress.Mail {
	t.Helper()
	mails, err := s.Mails()
	must(t, err)
	if len(mails) != 1 {
		t.Fatalf("%d mails, want 1: %+v", len(mails), mails)
	}
	return mails[0]
}

// setPassword follows a link of WordPress' kind as a browser would.
func (s *site) setPassword(t *testing.T, path, password string) {
	t.Helper()
	a := s.get(t, path)
	if a.Status != http.StatusFound {
		t.Fatalf("%s: status %d, %.300s", path, a.Status, a.Body)
	}
	cookies := (&http.Response{Header: a.Header}).Cookies()
	form := formFields(s.get(t, "/wp-login.php?action=rp", cookies...).doc(t).Find("#resetpassform"))
	form.Set("pass1", password)
	form.Set("pass2", password)
	a = s.do(t, request{path: "/wp-login.php?action=resetpass", form: form, cookies: cookies})
	if !strings.Contains(a.Body, "has been reset") {
		t.Fatalf("the password was not set: %.500s", a.doc(t).Find("#login").Text())
	}
}

func TestMailIsPlainTextWithoutHTML(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.call(t, "mail", map[string]any{"to": "ann@example.test", "subject": "Hello", "text": "5 < 6 & 7"})
		if m := s.onlyMail(t); strings.TrimSpace(m.Text) != "5 < 6 & 7" || m.HTML != "" {
			t.Errorf("mail %+v", m)
		}
	})
}

func TestMailsThatCannotBeSent(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		if got := s.refused(t, "mail", map[string]any{"to": "nobody", "text": "x"}); got != "partner_center_invalid" {
			t.Errorf("no address: %s", got)
		}
		if got := s.refused(t, "mail", map[string]any{"to": "a@example.test", "text": "%set_password_url%",
			"user_id": 99999}); got != "partner_center_no_user" {
			t.Errorf("no user: %s", got)
		}
		out := s.call(t, "mail", map[string]any{"to": "a@example.test", "subject": "x", "text": ""})
		if out["sent"] != false || out["reason"] == "" {
			t.Errorf("an empty mail: %v", out)
		}
	})
}

// Where plugins decide in their own ways who is logged in, the sidecar is told
// so, and on its pages whom WordPress takes the visitor for.
//
// Spec: S115.1
func TestLoginAsPluginsMeanIt(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true, 'tracking' => true]`)
		admin := s.login(t, "admin")
		s.sidecar.embeds("<p>page</p>")
		named := func() string {
			s.sidecar.reset()
			s.sidecar.embeds("<p>page</p>")
			s.get(t, "/partners/?pc=earnings", admin...)
			return s.sidecar.only(t).Header.Get("PC-User")
		}
		flagged := func() bool {
			s.php(t, `(new PartnerCenter\Handover())->refresh();`)
			return s.handover(t).CoreAuthReplaced
		}
		if got := named(); got != "1" || flagged() {
			t.Errorf("without such a plugin: PC-User %q, flagged %v", got, flagged())
		}
		for name, plugin := range map[string]struct {
			code, user string
			flagged    bool
		}{
			"determine_current_user": {`add_filter("determine_current_user", "__return_zero", 99);`, "0", true},
			"auth_cookie_valid":      {`add_action("auth_cookie_valid", function () {});`, "1", true},
			"ended on init":          {`add_action("init", function () { wp_set_current_user(0); }, 99);`, "0", false},
			"own function": {`function wp_validate_auth_cookie($cookie = "", $scheme = "") { return false; }`,
				"0", true},
			"own sessions": {`class Own_Sessions extends WP_User_Meta_Session_Tokens {}
				add_filter("session_token_manager", function () { return "Own_Sessions"; });`, "1", true},
		} {
			undo := s.mustUse(t, plugin.code)
			if got := named(); got != plugin.user {
				t.Errorf("%s: PC-User %q, want %q", name, got, plugin.user)
			}
			if got := flagged(); got != plugin.flagged {
				t.Errorf("%s: flagged %v", name, got)
			}
			undo()
		}
		s.php(t, `(new PartnerCenter\Handover())->refresh();`)
	})
}

// mustUse adds a plugin to the site and returns what takes it away.
func (s *site) mustUse(t *testing.T, code string) (undo func()) {
	t.Helper()
	s.php(t, `wp_mkdir_p(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/other.php', "<?php\n" . $args[0]);`,
		code)
	return func() { must(t, os.Remove(filepath.Join(s.Root, "wp-content/mu-plugins/other.php"))) }
}

// A password is right as at the login form, whatever it is made of; one of a
// program is none of a person's, and what plugins say of passwords counts.
func TestPasswordIsAskedForAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		id := json.Number(s.addUser(t, "paula", "partner"))
		check := func(password string) bool {
			t.Helper()
			return s.call(t, "password", map[string]any{"user_id": id, "password": password,
				"ip": "203.0.113.7"})["ok"] == true
		}
		if !check("pw-paula") || check("pw-Paula") || check("") || check("pw-admin") {
			t.Error("a password is taken for another")
		}
		s.php(t, `wp_set_password(wp_slash($args[0]), get_user_by('login', 'paula')->ID);`, `it's "mine" \o/`)
		if !check(`it's "mine" \o/`) || check("pw-paula") {
			t.Error("a password with quotes is not known")
		}
		program := s.php(t, `add_filter('wp_is_application_passwords_available', '__return_true');
			echo WP_Application_Passwords::create_new_application_password(get_user_by('login', 'paula')->ID, ['name' => 'Test'])[0];`)
		if len(program) < 20 || check(program) {
			t.Errorf("the password of a program, %q, is taken for the person's", program)
		}
		if out := s.call(t, "password", map[string]any{"user_id": 999999, "password": "x"}); out["ok"] != false {
			t.Errorf("of nobody: %v", out)
		}
		defer s.mustUse(t, `add_filter("authenticate", function ($user) {
			return "203.0.113.7" === $_SERVER["REMOTE_ADDR"] ? new WP_Error("locked", "Too many attempts.") : $user; }, 99);`)()
		if check(`it's "mine" \o/`) {
			t.Error("a plugin that locks the person out has no say")
		}
	})
}

// WordPress lets several calls be made in one; ours are none of them, and no
// error of PHP.
func TestBatchesHoldNoneOfOurCalls(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		body := `{"requests":[{"path":"/partner-center/v1/ping","method":"POST","body":{}},
			{"path":"/partner-center/v1/user","method":"POST","body":{"email":"eve@example.test"}}]}`
		for _, validation := range []string{"", `"validation":"require-all-validate",`} {
			a := s.do(t, request{method: http.MethodPost, path: "/?rest_route=/batch/v1",
				header: http.Header{"Content-Type": {"application/json"}}, body: "{" + validation + body[1:]})
			if a.Status >= 500 || strings.Contains(a.Body, "plugin_version") ||
				strings.Contains(a.Body, "critical error") {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		if got := s.php(t, `echo (int) email_exists('eve@example.test');`); got != "0" {
			t.Error("a batch made a user")
		}
	})
}

// A site whose REST API is for people who are logged in still takes the
// sidecar's calls, and no others.
func TestRESTOnlyForPeopleLoggedIn(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.mustUse(t, `add_filter("rest_authentication_errors", function ($result) {
			return is_user_logged_in() ? $result : new WP_Error("rest_not_logged_in", "Log in first.", ["status" => 401]); }, 999);`)()
		if got := s.call(t, "ping", map[string]any{}); got["plugin_version"] == nil {
			t.Errorf("a signed call: %v", got)
		}
		for _, path := range []string{"/?rest_route=/wp/v2/pages", "/?rest_route=/partner-center/v1/ping"} {
			if a := s.do(t, request{method: http.MethodPost, path: path}); a.Status != http.StatusUnauthorized {
				t.Errorf("%s without a signature: %d", path, a.Status)
			}
		}
	})
}

// Plugins that rename the login page are followed.
func TestLoginPageThatWasMoved(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.mustUse(t, `add_filter("login_url", function () { return home_url("/enter/"); });
			add_filter("logout_url", function () { return home_url("/enter/?action=logout&amp;_wpnonce=x"); });`)()
		s.php(t, `(new PartnerCenter\Handover())->refresh();`)
		if h := s.handover(t); h.LoginURL != s.URL+"/enter/" || h.LogoutURL != s.URL+"/enter/?action=logout" {
			t.Errorf("%s, %s", h.LoginURL, h.LogoutURL)
		}
	})
}

// A shop's own login form, and its guard before wp-admin.
//
// Spec: S114.1 S146
func TestShopsLetPartnersThrough(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true]`)
		s.addUser(t, "paula", "partner")
		s.addUser(t, "rita", "subscriber")
		got := s.php(t, `
			function wc_get_page_permalink() { return home_url('/my-account/'); }
			$to = function ($login, $default) { return apply_filters('woocommerce_login_redirect', home_url($default), get_user_by('login', $login)); };
			$out = [$to('paula', '/my-account/'), $to('paula', '/checkout/'), $to('rita', '/my-account/')];
			wp_set_current_user(get_user_by('login', 'rita')->ID);
			$out[] = apply_filters('woocommerce_prevent_admin_access', true);
			get_user_by('login', 'rita')->add_cap('partner_center_view');
			wp_set_current_user(0);
			wp_set_current_user(get_user_by('login', 'rita')->ID);
			$out[] = apply_filters('woocommerce_prevent_admin_access', true);
			echo wp_json_encode($out, JSON_UNESCAPED_SLASHES);`)
		want := fmt.Sprintf(`["%[1]s/partners/","%[1]s/checkout/","%[1]s/my-account/",true,false]`, s.URL)
		if got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	})
}
