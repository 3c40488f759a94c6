package sidecartest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"golang.org/x/crypto/nacl/secretbox"

	"partnercenter/wpbridge"
)

// tables are those of WordPress that the sidecar reads, as 6.8 makes them, but
// for the columns that nobody asks for.
var tables = map[string]string{
	"{users}": `ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_login varchar(60) NOT NULL DEFAULT '',
		user_pass varchar(255) NOT NULL DEFAULT '', user_email varchar(100) NOT NULL DEFAULT '',
		display_name varchar(250) NOT NULL DEFAULT '',
		PRIMARY KEY (ID), KEY user_login_key (user_login), KEY user_email (user_email)`,
	"{usermeta}": `umeta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_id bigint(20) unsigned NOT NULL DEFAULT 0,
		meta_key varchar(255) DEFAULT NULL, meta_value longtext,
		PRIMARY KEY (umeta_id), KEY user_id (user_id), KEY meta_key (meta_key(191))`,
	"{wp}options": `option_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, option_name varchar(191) NOT NULL DEFAULT '',
		option_value longtext NOT NULL, autoload varchar(20) NOT NULL DEFAULT 'yes',
		PRIMARY KEY (option_id), UNIQUE KEY option_name (option_name)`,
	"{wp}posts": `ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, post_title text NOT NULL, post_excerpt text NOT NULL,
		post_status varchar(20) NOT NULL DEFAULT 'inherit', post_type varchar(20) NOT NULL DEFAULT 'attachment',
		post_mime_type varchar(100) NOT NULL DEFAULT '', guid varchar(255) NOT NULL DEFAULT '',
		post_date datetime NOT NULL DEFAULT '2026-01-01 00:00:00', PRIMARY KEY (ID)`,
	"{wp}postmeta": `meta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, post_id bigint(20) unsigned NOT NULL DEFAULT 0,
		meta_key varchar(255) DEFAULT NULL, meta_value longtext,
		PRIMARY KEY (meta_id), KEY post_id (post_id), KEY meta_key (meta_key(191))`,
}

const roles = `a:3:{s:13:"administrator";a:2:{s:4:"name";s:13:"Administrator";s:12:"capabilities";a:5:{` +
	`s:4:"read";b:1;s:19:"partner_center_view";b:1;s:22:"partner_center_approve";b:1;s:18:"partner_center_pay";b:1;s:23:"partner_center_settings";b:1;}}` +
	`s:7:"partner";a:2:{s:4:"name";s:7:"Partner";s:12:"capabilities";a:1:{s:4:"read";b:1;}}` +
	`s:10:"subscriber";a:2:{s:4:"name";s:10:"Subscriber";s:12:"capabilities";a:1:{s:4:"read";b:1;}}}`

func (s *Site) createTables() {
	s.Helper()
	for name, columns := range tables {
		s.Exec(`DROP TABLE IF EXISTS ` + name)
		s.Exec(`CREATE TABLE ` + name + ` (` + columns +
			`) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`)
	}
	s.option("{wp}user_roles", roles)
	s.option("siteurl", Home)
	s.option("home", Home)
	s.option("blogname", "The shop")
	s.option("admin_email", "owner@shop.test")
}

func (s *Site) option(name, value string) {
	s.Helper()
	name = strings.Replace(name, "{wp}", s.DB.Prefix(), 1)
	s.Exec(`REPLACE INTO {wp}options (option_name, option_value) VALUES (?, ?)`, name, value)
}

// seal encrypts a hand-over as the plugin does.
func (s *Site) seal(h wpbridge.Handover) string {
	s.Helper()
	document, err := json.Marshal(h)
	s.must(err)
	var nonce [24]byte
	rand.Read(nonce[:])
	return base64.StdEncoding.EncodeToString(secretbox.Seal(nonce[:], document, &nonce, (*[32]byte)(&s.Key)))
}

// WordPress is the end of the calls that the sidecar makes.
type WordPress struct {
	site   *Site
	server *httptest.Server
	lock   sync.Mutex
	calls  []WPCall
	// answers by name of the call; one that is missing gives 404.
	answers map[string]func(in map[string]any) (status int, out any)
}

// WPCall is one call that arrived with a good signature.
type WPCall struct {
	Name string
	In   map[string]any
}

// Password is everybody's.
const Password = `it's "mine" \o/`

func startWordPress(s *Site) *WordPress {
	w := &WordPress{site: s, answers: map[string]func(map[string]any) (int, any){
		"password": func(in map[string]any) (int, any) {
			return http.StatusOK, map[string]bool{"ok": in["password"] == Password}
		}}}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	s.Cleanup(w.server.Close)
	return w
}

func (w *WordPress) restURL() string { return w.server.URL + "/?rest_route=/" }

// Answer sets what a call gets: the status, and what is sent as JSON.
func (w *WordPress) Answer(name string, answer func(in map[string]any) (status int, out any)) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.answers[name] = answer
}

// Calls are the calls of this name so far.
func (w *WordPress) Calls(name string) (calls []WPCall) {
	w.lock.Lock()
	defer w.lock.Unlock()
	for _, c := range w.calls {
		if c.Name == name {
			calls = append(calls, c)
		}
	}
	return calls
}

func (w *WordPress) serve(res http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	never := wpbridge.NewSigner(w.site.Key, w.site.Clock.Now, neverSeen)
	if err := never.Verify(req, body); err != nil {
		answer(res, http.StatusUnauthorized, refusal("partner_center_signature", err.Error()))
		return
	}
	call := WPCall{Name: strings.TrimPrefix(req.URL.Query().Get("rest_route"), "/partner-center/v1/")}
	json.NewDecoder(bytes.NewReader(body)).Decode(&call.In)
	w.lock.Lock()
	w.calls = append(w.calls, call)
	reply := w.answers[call.Name]
	w.lock.Unlock()
	if reply == nil {
		answer(res, http.StatusNotFound, refusal("rest_no_route", "No route was found."))
		return
	}
	status, out := reply(call.In)
	answer(res, status, out)
}

func refusal(code, message string) map[string]string {
	return map[string]string{"code": code, "message": message}
}

func answer(res http.ResponseWriter, status int, out any) {
	res.Header().Set("Content-Type", "application/json")
	res.WriteHeader(status)
	json.NewEncoder(res).Encode(out)
}
