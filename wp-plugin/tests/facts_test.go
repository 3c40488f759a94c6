package wpplugin_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fact is a row of the inbox.
type fact struct {
	Kind       string
	Source     string
	ExternalID string `db:"external_id"`
	Seq        int64
	V          int
	Click      string
	Payload    string
	OccurredAt time.Time `db:"occurred_at"`
}

func (s *site) facts(t *testing.T, kind string) []fact {
	t.Helper()
	var facts []fact
	err := s.db.Select(t.Context(), &facts,
		`SELECT kind, source, external_id, seq, v, click, payload, occurred_at FROM {wp}partner_center_inbox
			WHERE kind = ? ORDER BY id`, kind)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
	return facts
}

func payload(t *testing.T, f fact) map[string]any {
	t.Helper()
	var values map[string]any
	must(t, json.Unmarshal([]byte(f.Payload), &values))
	return values
}

func optIn() url.Values {
	return url.Values{
		"partner_center_form": {"newsletter"}, "email": {" Ann@Example.test "},
		"first_name": {`Ann "A"`}, "last_name": {"O'Brien"},
	}
}

// A flood of forms that PHP receives is not noted: from one network, behind the
// web server's proxy or not, and by one click from many. It is counted, and others
// are heard.
//
// Spec: S59
func TestFloodsOfFormsAreNotNoted(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.addPage(t, "join", "Join us")
		send := func(i int, ip, click string) {
			form := optIn()
			form.Set("email", fmt.Sprintf("p%d@example.test", i))
			r := request{path: "/join/", form: form, header: http.Header{"X-Forwarded-For": {ip}}}
			if click != "" {
				r.cookies = []*http.Cookie{{Name: "pc_click", Value: click}}
			}
			s.do(t, r)
		}
		inAMinute := func(send func()) (noted int) { // of the clock, as the limit is
			for {
				s.php(t, `foreach (['floods', 'inbox'] as $name) {
					$wpdb->query("DELETE FROM {$wpdb->prefix}partner_center_$name"); }`)
				minute := time.Now().Unix() / 60
				if send(); time.Now().Unix()/60 == minute {
					return len(s.facts(t, "form"))
				}
			}
		}
		n := inAMinute(func() {
			for i := range 60 {
				send(i, "6.6.6.6, 203.0.113.5", "")
			}
			send(60, "203.0.113.6", "")
		})
		if n != 21 {
			t.Errorf("%d of 60 forms and another's are noted", n)
		}
		n = inAMinute(func() {
			for i := range 30 {
				send(i, fmt.Sprintf("198.51.%d.1", i), "1.k1.abc.zzzzzz.mac")
			}
		})
		if n != 20 {
			t.Errorf("%d of 30 forms by one click are noted", n)
		}
		var many int
		must(t, s.db.Get(t.Context(), &many, `SELECT COALESCE(SUM(times), 0) FROM {wp}partner_center_floods
			WHERE who = UNHEX(LPAD('1', 32, '0'))`))
		if many != 10 {
			t.Errorf("%d are counted as too many", many)
		}
	})
}

// Which address is the visitor's, behind proxies that are trusted by name.
func TestVisitorsBehindProxies(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		for _, c := range []struct{ trusted, remote, chain, want string }{
			{"", "127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"},
			{"", "10.0.0.5", "198.51.100.1", "10.0.0.5"},
			{"10.0.0.0/24", "10.0.0.5", "6.6.6.6, 198.51.100.1, 10.0.0.9", "198.51.100.1"},
			{"10.0.0.0/24", "127.0.0.1", "198.51.100.1, 10.0.0.9", "198.51.100.1"},
			{"10.0.0.5", "10.0.0.5", "198.51.100.1:5123", "198.51.100.1"},
			{"10.0.0.5", "10.0.0.5", "[2001:db8::7]:5123", "2001:db8::7"},
			{"10.0.0.5", "10.0.0.6", "198.51.100.1", "10.0.0.6"},
			{"10.0.0.0/x", "10.0.0.6", "198.51.100.1", "10.0.0.6"},
			{"10.0.0.5", "10.0.0.5", "unknown", "10.0.0.5"},
			{"fd00::/8", "fd12::1", "2001:db8::7", "2001:db8::7"},
		} {
			got := s.php(t, `putenv('PARTNER_CENTER_TRUSTED_PROXIES=' . $args[0]);
				echo PartnerCenter\Client_Address::of(['REMOTE_ADDR' => $args[1], 'HTTP_X_FORWARDED_FOR' => $args[2]]);`,
				c.trusted, c.remote, c.chain)
			if got != c.want {
				t.Errorf("%+v: %s", c, got)
			}
		}
	})
}

// Either may be installed first: plugin or sidecar.
func TestFloodsIsTheSidecarsTable(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) { s.sameTable(t, "0080_floods.sql", "floods", "Flood") })
}

// Spec: S59.1
func TestFormWithoutJavaScriptBecomesAFact(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.addPage(t, "join", "Join us")
		before := time.Now().Add(-time.Second)
		a := s.do(t, request{
			path: "/join/", form: optIn(), header: http.Header{"Referer": {s.URL + "/join/?a=1"}},
			cookies: []*http.Cookie{{Name: "pc_click", Value: "1.k1.abc.1800000000.mac"}, {Name: "other", Value: "x"}},
		})
		if a.Status != http.StatusOK {
			t.Errorf("the form's page: status %d", a.Status)
		}
		got := s.facts(t, "form")
		if len(got) != 1 {
			t.Fatalf("%d facts, want 1", len(got))
		}
		f := got[0]
		if f.Source != "wordpress" || f.V != 1 || f.Click != "1.k1.abc.1800000000.mac" || len(f.ExternalID) != 32 {
			t.Errorf("fact %+v", f)
		}
		if f.OccurredAt.Before(before) || f.OccurredAt.After(time.Now().Add(time.Second)) {
			t.Errorf("occurred at %s, now it is %s", f.OccurredAt, time.Now().UTC())
		}
		want := map[string]any{
			"email": "Ann@Example.test", "first_name": `Ann "A"`, "last_name": "O'Brien",
			"page": s.URL + "/join/?a=1", "form": "newsletter", "visitor": "", "logged_in": false,
		}
		sent := payload(t, f)
		if client, _ := sent["client"].(string); len(client) != 64 || strings.Contains(client, ".") {
			t.Errorf("the visitor's address stands as %q, want a hash", client)
		}
		delete(sent, "client")
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("payload (-want +got):\n%s", diff)
		}
	})
}

func TestFormReportedByTheScriptIsTheSameFact(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		form := optIn()
		form.Set("partner_center_sent", "a1b2c3d4-e5f6")
		s.do(t, request{path: "/", form: form})
		s.do(t, request{path: "/", form: form}) // the visitor reloads
		if got := s.facts(t, "form"); len(got) != 1 || got[0].ExternalID != "a1b2c3d4-e5f6" {
			t.Errorf("facts %+v", got)
		}
	})
}

// Spec: S1.2
func TestFormsThatAreNoFacts(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		post := func(change func(url.Values)) {
			form := optIn()
			change(form)
			s.do(t, request{path: "/", form: form})
		}
		post(func(url.Values) {}) // nothing is switched on
		s.set(t, `['tracking' => true]`)
		post(func(f url.Values) { f.Del("partner_center_form") })
		post(func(f url.Values) { f.Set("email", "nobody") })
		post(func(f url.Values) { f.Del("email"); f.Set("email[]", "a@example.test") })
		if got := s.facts(t, "form"); len(got) != 0 {
			t.Errorf("facts %+v", got)
		}
	})
}

// A table lost, say by a restored backup, comes back.
func TestInboxIsMadeAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.php(t, `$wpdb->query("DROP TABLE {$wpdb->prefix}partner_center_inbox");`)
		s.do(t, request{path: "/", form: optIn()})
		if got := s.facts(t, "form"); len(got) != 1 {
			t.Errorf("%d facts, want 1", len(got))
		}
	})
}

// Spec: D34
func TestChangedAccountsOfPartnersAreFacts(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		id := s.addUser(t, "paula", "partner")
		other := s.addUser(t, "rita", "subscriber")
		s.php(t, `
			wp_update_user(['ID' => (int) $args[1], 'first_name' => 'Rita']);
			wp_update_user(['ID' => (int) $args[0], 'first_name' => 'Paula', 'user_email' => 'new@example.test']);
			require_once ABSPATH . 'wp-admin/includes/user.php';
			wp_delete_user((int) $args[1]);
			wp_delete_user((int) $args[0]);`, id, other)
		got := s.facts(t, "user")
		if len(got) != 2 {
			t.Fatalf("%d facts, want 2: %+v", len(got), got)
		}
		if got[0].ExternalID != id || got[0].Seq >= got[1].Seq {
			t.Errorf("facts %+v", got)
		}
		changed, gone := payload(t, got[0]), payload(t, got[1])
		if changed["email"] != "new@example.test" || changed["first_name"] != "Paula" || changed["deleted"] != false {
			t.Errorf("changed: %v", changed)
		}
		if gone["email"] != "new@example.test" || gone["deleted"] != true {
			t.Errorf("deleted: %v", gone)
		}
	})
}

// A ready form becomes a lead without any script.
//
// Spec: S59.1
func TestReadyOptInForm(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true, `+down+`]`)
		for slug, content := range map[string]string{"short": `[partner_center_optin name="news"]`,
			"block": `<!-- wp:partner-center/optin {"name":"news"} /-->`} {
			s.addPage(t, slug, content)
			form := s.get(t, "/"+slug+"/").doc(t).Find("form.partner-center-optin")
			fields := formFields(form)
			fields.Set("email", slug+"@mail.test")
			if a := s.do(t, request{path: "/" + slug + "/", form: fields}); form.Length() != 1 ||
				a.doc(t).Find(".partner-center-thanks").Length() != 1 {
				t.Errorf("%s: %d forms, status %d without thanks", slug, form.Length(), a.Status)
			}
		}
		if facts := s.facts(t, "form"); len(facts) != 2 || payload(t, facts[0])["form"] != "news" {
			t.Errorf("facts %+v", facts)
		}
	})
}
