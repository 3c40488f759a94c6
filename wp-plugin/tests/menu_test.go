package wpplugin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// The sections are entries below Partners, each for those who may see it, with a
// bubble for what waits as the sidecar counted; the one in use is marked.
//
// Spec: S146.1
func TestMenuHasASectionEach(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		s.sidecar.embeds("<p>Figures</p>")
		s.addUser(t, "viewer", "editor")
		s.php(t, `get_user_by('login', 'viewer')->add_cap('partner_center_view');`)
		entries := func(user, page string) (names []string, current, top string) {
			menu := s.get(t, page, s.login(t, user)...).doc(t).Find("#toplevel_page_partner-center")
			menu.Find("ul.wp-submenu li:not(.wp-submenu-head) a").Each(func(_ int, a *goquery.Selection) {
				name := strings.Join(strings.Fields(a.Text()), " ")
				names = append(names, name)
				if a.HasClass("current") {
					current += name
				}
			})
			return names, current, strings.Join(strings.Fields(menu.Find(".wp-menu-name").Text()), " ")
		}
		const home = "/wp-admin/admin.php?page=partner-center"
		all := []string{"Overview", "Programs", "Partners", "Contacts", "Products", "Orders", "Commissions",
			"Payments", "Messages", "Reports", "Simulator", "Background tasks", "Activity", "Settings"}
		for page, want := range map[string]string{home: "Overview", home + "&pc=admin%2Fprograms": "Programs",
			home + "&pc=admin%2Fpayments%2Fmade%2F7%3Fx%3D1": "Payments", home + "&pc=admin%2Fsettings": "Settings",
			"/wp-admin/index.php": ""} {
			names, current, top := entries("admin", page)
			if !slices.Equal(names, all) || current != want || top != "Partners" {
				t.Errorf("%s: %q, at %q, below %q", page, names, current, top)
			}
		}
		if names, _, _ := entries("viewer", home); !slices.Equal(names, all[:len(all)-1]) {
			t.Errorf("who may only look sees %q", names)
		}
		checkSingleCapabilities(t, s, entries)
		link := s.get(t, home, s.login(t, "admin")...).doc(t).Find(
			"#toplevel_page_partner-center a:contains('Programs')").AttrOr("href", "")
		s.sidecar.reset()
		s.sidecar.embeds("<p>Programs</p>")
		if a := s.get(t, "/wp-admin/"+link, s.login(t, "admin")...); a.Status != http.StatusOK ||
			s.sidecar.only(t).Target != "/partner-center/admin/programs" {
			t.Errorf("%s answers %d", link, a.Status)
		}

		s.beat(t, s.key, s.sidecar.server.URL, time.Now().UTC())
		_, err := s.db.Exec(t.Context(), `UPDATE {wp}partner_center_heartbeats
			SET waiting = '{"admin":1,"admin/partners":3,"admin/commissions":1200,"admin/nothing":"<b>"}'`)
		must(t, err)
		names, _, top := entries("admin", home) // a number for the eye, a sentence for screen readers
		if names[0] != "Overview 11 waits for you" || names[2] != "Partners 33 wait for you" ||
			names[6] != "Commissions 1,2001,200 wait for you" || top != "Partners 1,2041,204 wait for you" {
			t.Errorf("%q, %q", names, top)
		}
		_, err = s.db.Exec(t.Context(), `UPDATE {wp}partner_center_heartbeats SET waiting = 'nonsense'`)
		must(t, err)
		if names, _, _ := entries("admin", home); !slices.Equal(names, all) {
			t.Errorf("%q", names)
		}
	})
}

// checkSingleCapabilities: who may only change settings has that entry, which opens; who may
// only approve or pay has no menu, as there is nothing to look at.
func checkSingleCapabilities(t *testing.T, s *site, entries func(user, page string) ([]string, string, string)) {
	t.Helper()
	const home = "/wp-admin/admin.php?page=partner-center"
	for _, one := range []struct {
		user, capability string
		sees             []string
		status           int
	}{{"setter", "partner_center_settings", []string{"Settings"}, http.StatusOK},
		{"approver", "partner_center_approve", nil, http.StatusForbidden},
		{"payer", "partner_center_pay", nil, http.StatusForbidden}} {
		s.addUser(t, one.user, "editor")
		s.php(t, `get_user_by('login', '`+one.user+`')->add_cap('`+one.capability+`');`)
		if names, _, _ := entries(one.user, "/wp-admin/index.php"); !slices.Equal(names, one.sees) {
			t.Errorf("with %s alone the menu has %q", one.capability, names)
		}
		for _, path := range []string{home + "&pc=admin%2Fsettings", home} {
			if a := s.get(t, path, s.login(t, one.user)...); a.Status != one.status {
				t.Errorf("with %s alone %s answers %d", one.capability, path, a.Status)
			}
		}
	}
	if names, current, _ := entries("setter", home+"&pc=admin%2Fsettings"); len(names) != 1 || current != "Settings" {
		t.Errorf("at the settings: %q, at %q", names, current)
	}
}
