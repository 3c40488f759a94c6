package wpplugin_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
)

// ownLink is a link as the REST field shows it.
type ownLink struct{ Tool, Name, URL string }

// restLinks is the field of a user as somebody else, 0 a visitor, reads it; nil is
// null.
func (s *site) restLinks(t *testing.T, reader, user string) (links []ownLink) {
	t.Helper()
	out := s.php(t, `wp_set_current_user((int) $args[0]);
		$a = rest_do_request(new WP_REST_Request('GET', '/wp/v2/users/' . $args[1]));
		echo wp_json_encode($a->get_data()['partner_center_links'] ?? null);`, reader, user)
	must(t, json.Unmarshal([]byte(out), &links))
	return links
}

// The owner's mail tool gets each partner's own links, as the sidecar writes them:
// by a field of the REST API, a shortcode and a merge field; without the center, and
// while no sidecar answers. The links work.
//
// Spec: S150.2 S150.3 S150.4 S56.1
func TestPartnersOwnLinks(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		p := s.newProgram(t, s.URL+"/order?x=1#top")
		s.set(t, `['tracking' => true, 'center' => false, `+down+`]`)
		direct, err := p.tracker.CreateTool(t.Context(), "admin", tracking.Tool{ProgramID: p.tool.ProgramID,
			Kind: tracking.DirectLink, Name: "Book <1>", TargetURL: s.URL + "/book?b=1#top"})
		must(t, err)
		_, err = p.tracker.CreateTool(t.Context(), "admin", tracking.Tool{ProgramID: p.tool.ProgramID,
			Kind: tracking.EmailCopy, Name: "Copy", TargetURL: s.URL, Subject: "x", BodyText: "{link}",
			BodyHTML: "{link}"})
		must(t, err)
		ann, eve := s.addUser(t, "ann", "partner"), s.addUser(t, "eve", "author")
		s.php(t, `$wpdb->query($wpdb->prepare("UPDATE {$wpdb->prefix}partner_center_partners SET wp_user_id = %d", $args[0]));`,
			ann)
		links := tracking.Links{Base: s.php(t, `echo PartnerCenter\Settings::public_url();`)}
		want := []ownLink{{p.tool.Code, "Home", links.For(p.tool, p.partner.Code, "")},
			{direct.Code, "Book <1>", links.For(direct, p.partner.Code, "")}}
		same := func(who string, got []ownLink) {
			t.Helper()
			if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("%s: %+v, want %+v", who, got, want)
			}
		}
		same("herself", s.restLinks(t, ann, ann))
		same("me", s.restLinks(t, ann, "me"))
		same("an admin", s.restLinks(t, "1", ann))
		s.php(t, `wp_insert_post(['post_status' => 'publish', 'post_title' => 'x', 'post_author' => $args[0]]);`, ann)
		for who, reader := range map[string]string{"a visitor": "0", "another user": eve} {
			if got := s.restLinks(t, reader, ann); got != nil {
				t.Errorf("%s reads %+v", who, got)
			}
		}
		if got := s.restLinks(t, eve, eve); len(got) != 0 {
			t.Errorf("no partner has %+v", got)
		}
		for key, link := range map[string]string{"partner_center_link": want[0].URL,
			"partner_center_link_" + direct.Code: want[1].URL, "partner_center_link_none": "",
			"partner_center_linked": ""} {
			if got := s.php(t, `echo get_user_meta($args[0], $args[1], true);`, ann, key); got != link {
				t.Errorf("meta %s: %q, want %q", key, got, link)
			}
		}
		s.addPage(t, "mine", `<p id="a">[partner_center_link /]</p><p id="b">[partner_center_link tool="`+direct.Code+
			`" text="Mine & yours" /]</p><p id="c">[partner_center_link]Join us[/partner_center_link]</p>`)
		page := s.do(t, request{path: "/mine/", cookies: s.login(t, "ann")}).doc(t)
		if got := page.Find("#a").Text(); got != want[0].URL {
			t.Errorf("the shortcode says %q, want %q", got, want[0].URL)
		}
		if a := page.Find("#b a"); a.AttrOr("href", "") != want[1].URL || a.Text() != "Mine & yours" {
			t.Errorf("with a text: %q %q", a.AttrOr("href", ""), a.Text())
		}
		if got := page.Find("#c").Text(); got != want[0].URL {
			t.Errorf("around a text: %q", got)
		}
		if page := s.get(t, "/mine/").doc(t); page.Find("#a").Text()+page.Find("#c").Text() != "Join us" {
			t.Errorf("a visitor reads %q", page.Find("#a, #c").Map(text))
		}
		path := strings.TrimPrefix(want[0].URL, s.URL)
		if a := s.do(t, request{path: path,
			header: http.Header{"User-Agent": {"Mozilla/5.0 Firefox/140.0"}}}); a.Status !=
			http.StatusFound || a.Header.Get("Location") != p.tool.TargetURL {
			t.Errorf("%s leads to %d %q", path, a.Status, a.Header.Get("Location"))
		}
		s.ownDomain(t, p, links, ann)
	})
}

// ownDomain: links carry the domain that the settings name, and end with the program.
func (s *site) ownDomain(t *testing.T, p *program, links tracking.Links, user string) {
	t.Helper()
	settings := affiliate.DefaultSettings()
	settings.LinkDomain = "go.shop.example"
	links.Domain = settings.LinkDomain
	data, err := json.Marshal(settings)
	must(t, err)
	s.php(t, `$wpdb->query($wpdb->prepare("UPDATE {$wpdb->prefix}partner_center_settings SET data = %s", $args[0]));`,
		string(data))
	link := func() string { return s.php(t, `echo get_user_meta($args[0], 'partner_center_link', true);`, user) }
	if got, want := link(), links.For(p.tool, p.partner.Code, ""); got != want {
		t.Errorf("on a domain of its own: %q, want %q", got, want)
	}
	for _, column := range []string{"partners SET state = 'suspended'", "partners SET state = 'active'"} {
		s.php(t, `$wpdb->query("UPDATE {$wpdb->prefix}partner_center_" . $args[0]);`, column)
		if got := link(); (got == "") != strings.Contains(column, "suspended") {
			t.Errorf("%s: %q", column, got)
		}
	}
}
