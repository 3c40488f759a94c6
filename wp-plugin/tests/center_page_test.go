package wpplugin_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func (s *site) pageStatus(t *testing.T, id int) string {
	t.Helper()
	return s.php(t, `echo get_post_status((int) $args[0]);`, strconv.Itoa(id))
}

// Spec: S113.1 S113.2
func TestCenterPageFollowsTheCheckbox(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.sidecar.embeds("<p>Your partners page</p>")
		s.save(t, map[string]string{"center": "1"})
		id := s.settings(t).PageID
		if a := s.get(t, "/partners/"); a.Status != http.StatusOK || !strings.Contains(a.Body, "Your partners page") {
			t.Errorf("switched on: status %d without the center", a.Status)
		}
		s.save(t, map[string]string{"center": "0"})
		if a := s.get(t, "/partners/"); a.Status != http.StatusNotFound {
			t.Errorf("switched off: status %d", a.Status)
		}
		if got := s.pageStatus(t, id); got != "draft" {
			t.Errorf("switched off: the page is %q, want a draft", got)
		}
		s.save(t, map[string]string{"center": "1"})
		if got := s.settings(t).PageID; got != id || s.pageStatus(t, id) != "publish" {
			t.Errorf("on again: page %d (%s), before %d", got, s.pageStatus(t, got), id)
		}
	})
}

// An administrator may delete the page; the next time there is a new one.
func TestCenterPageIsMadeAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['center' => true]`)
		first := s.settings(t).PageID
		s.php(t, `wp_trash_post((int) $args[0]);`, strconv.Itoa(first))
		s.set(t, `['center' => false]`)
		if got := s.pageStatus(t, first); got != "trash" {
			t.Errorf("the trashed page is %q", got)
		}
		s.set(t, `['center' => true]`)
		second := s.settings(t).PageID
		if second == first || s.pageStatus(t, second) != "publish" {
			t.Errorf("page %d, status %s", second, s.pageStatus(t, second))
		}
	})
}

func TestPilotPressPageIsAdopted(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		// As PilotPress 2 left it before this plugin came: its own slug, content
		// replaced when shown, and here a draft.
		id := s.php(t, `
			remove_all_filters('wp_unique_post_slug_is_bad_hierarchical_slug');
			$id = wp_insert_post(['post_type' => 'page', 'post_status' => 'draft', 'post_name' => 'partner-center', 'post_title' => 'x', 'post_content' => 'This content will be replaced']);
			add_post_meta($id, '_pilotpress_system_page', 'affiliate_center');
			echo $id;`)
		s.sidecar.embeds("<p>The new center</p>")
		s.set(t, `['center' => true]`)
		got := s.settings(t)
		if strconv.Itoa(got.PageID) != id || got.BasePath != "/partner-links" {
			t.Errorf("adopted %+v, want page %s and another base path", got, id)
		}
		a := s.get(t, "/partner-center/")
		if !strings.Contains(a.Body, "The new center") || strings.Contains(a.Body, "will be replaced") {
			t.Errorf("the adopted page shows %.2000s", a.Body)
		}
	})
}

func TestPilotPressRedirectIsTakenOver(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		page := s.addPage(t, "thanks", "")
		center := s.addPage(t, "pp-center", "")
		s.php(t, `add_post_meta((int) $args[0], '_pilotpress_system_page', 'affiliate_center');`, center)
		for stored, want := range map[string]string{"-1": "-1", "-2": "-2", page: page, center: "-3", "99999": "-3",
			"": "-3"} {
			s.php(t, `update_option('pilotpress-settings', ['pilotpress_affiliate_plr' => $args[0]]);`, stored)
			s.freshly(t)
			if got := strconv.Itoa(s.settings(t).RedirectTo); got != want {
				t.Errorf("PilotPress had %q: redirect to %s, want %s", stored, got, want)
			}
		}
		s.php(t, `delete_option('pilotpress-settings');`)
	})
}

func TestNewPagesKeepOffTheBasePath(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		page := s.addPage(t, "partner-center", "Mine")
		got := s.php(t, `
			$child = wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_parent' => (int) $args[0], 'post_title' => 'Child', 'post_name' => 'partner-center']);
			$post = wp_insert_post(['post_status' => 'publish', 'post_title' => 'Post', 'post_name' => 'partner-center']);
			echo get_page_uri((int) $args[0]), ' ', get_page_uri($child), ' ', get_post($post)->post_name;`, page)
		if got != "partner-center-2 partner-center-2/partner-center partner-center-2" {
			t.Errorf("slugs of page, child, post: %s", got)
		}
	})
}
