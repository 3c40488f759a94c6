package wpplugin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// WordPress' dashboard shows the program in short to those who may see it, asks
// the sidecar once in a while, and shows nothing while it does not answer.
//
// Spec: S146.1
func TestDashboardShowsTheProgramInShort(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		forget := func() {
			s.php(t, `global $wpdb; $wpdb->query("DELETE FROM $wpdb->options
				WHERE option_name LIKE '%partner_center_short%'"); wp_cache_flush();`)
		}
		forget()
		s.sidecar.answers(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w,
				`{"url":"/wp-admin/admin.php?page=partner-center","more":"Open the overview","days":"Last 7 days",
				"todo":[{"text":"3 applications <b>","url":"/x","money":["$5.00"]}],
				"figures":[{"name":"Orders","value":"12","before":"was 9"}]}`)
		})
		s.addUser(t, "viewer", "editor")
		s.php(t, `get_user_by('login', 'viewer')->add_cap('partner_center_view');`)
		s.addUser(t, "writer", "editor")
		const widget = "#partner_center_short .inside"
		for range 2 { // the second time it remembers
			text := s.get(t, "/wp-admin/index.php", s.login(t, "viewer")...).doc(t).Find(widget).Text()
			for _, part := range []string{"3 applications <b>", "$5.00", "Orders: 12 was 9", "Open the overview"} {
				if !strings.Contains(text, part) {
					t.Errorf("%q lacks %q", text, part)
				}
			}
		}
		if c := s.sidecar.only(t); c.Target != "/partner-center/admin/short" ||
			!strings.HasPrefix(c.Header.Get("PC-Surface"), "admin;") {
			t.Errorf("asked for %s of %s", c.Target, c.Header.Get("PC-Surface"))
		}
		if n := s.get(t, "/wp-admin/index.php", s.login(t, "writer")...).doc(t).Find(widget).Length(); n != 0 {
			t.Error("shown to whom may not see it")
		}
		forget()
		s.sidecar.answers(func(w http.ResponseWriter,
			_ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
		})
		if n := s.get(t, "/wp-admin/index.php", s.login(t, "viewer")...).doc(t).Find(widget).Length(); n != 0 {
			t.Error("shown without an answer")
		}
		forget()
		slow := make(chan struct{})
		s.sidecar.answers(func(http.ResponseWriter, *http.Request) { <-slow })
		began := time.Now()
		a := s.get(t, "/wp-admin/index.php", s.login(t, "viewer")...)
		close(slow)
		if a.Status != http.StatusOK || time.Since(began) > 30*time.Second || a.doc(t).Find(widget).Length() != 0 {
			t.Errorf("a sidecar that hangs: %d after %s", a.Status, time.Since(began))
		}
		forget()
	})
}
