package wpbridge

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func (s *site) options(values map[string]string) Options {
	for name, value := range values {
		s.option(name, value)
	}
	return NewOptions(s.Handle, s.blog)
}

var usualOptions = map[string]string{
	"home": "https://example.test/", "siteurl": "https://example.test/wp/", "blogname": "Tom &amp; Ann&#039;s",
	"admin_email": "admin@example.test", "timezone_string": "Europe/Berlin", "gmt_offset": "", "date_format": "F j, Y",
	"time_format": "H:i", "WPLANG": "de_DE", "db_version": "60421", "upload_path": "", "upload_url_path": "",
}

func TestReadSite(t *testing.T) {
	site, err := newDatabase(t).options(usualOptions).ReadSite(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, offset := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).In(site.Location).Zone()
	site.Location = nil
	want := Site{
		Home: "https://example.test", URL: "https://example.test/wp",
		UploadsURL: "https://example.test/wp/wp-content/uploads",
		Name:       "Tom & Ann's", AdminEmail: "admin@example.test", Timezone: "Europe/Berlin",
		DateFormat: "F j, Y", TimeFormat: "H:i", Locale: "de_DE", DBVersion: 60421,
	}
	if site != want || offset != 7200 {
		t.Errorf("%+v, offset %d", site, offset)
	}
}

func TestConstantsGoBeforeOptions(t *testing.T) {
	c := must(ReadConfig(newSite(t,
		`<?php define('WP_HOME', 'https://constant.test'); define('WP_SITEURL', WP_HOME . '/core/');`)))
	site, err := newDatabase(t).options(usualOptions).ReadSite(t.Context(), &c)
	if err != nil || site.Home != "https://constant.test" || site.URL != "https://constant.test/core" {
		t.Errorf("%+v, %v", site, err)
	}
	network := newNetwork(t)
	site, err = network.options(usualOptions).ReadSite(t.Context(), &c)
	if err != nil || site.Home != "https://example.test" {
		t.Errorf("on a network, where they don't count: %+v, %v", site, err)
	}
}

func TestSiteTimezone(t *testing.T) {
	for _, c := range []struct {
		zone, gmtOffset, name string
		offset                int // seconds, in January
	}{
		{"America/New_York", "0", "America/New_York", -18000},
		{"UTC", "", "UTC", 0},
		{"", "5.5", "+05:30", 19800},
		{"", "-3.5", "-03:30", -12600},
		{"", "5.75", "+05:45", 20700},
		{"", "-0.5", "-00:30", -1800},
		{"", "12", "+12:00", 43200},
		{"", "", "+00:00", 0},
	} {
		name, location, err := siteTimezone(map[string]string{"timezone_string": c.zone, "gmt_offset": c.gmtOffset})
		if err != nil || name != c.name {
			t.Errorf("%+v: %q, %v", c, name, err)
			continue
		}
		if _, offset := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(location).Zone(); offset != c.offset {
			t.Errorf("%+v: offset %d", c, offset)
		}
	}
	for _, bad := range []map[string]string{{"timezone_string": "Local"}, {"timezone_string": "Mars/Base"},
		{"gmt_offset": "east"}, {"gmt_offset": "1e9"}, {"gmt_offset": "NaN"}} {
		if name, _, err := siteTimezone(bad); err == nil || !strings.Contains(err.Error(), "Settings → General") {
			t.Errorf("%v: %q, %v", bad, name, err)
		}
	}
}

func TestSiteLocale(t *testing.T) {
	s := newNetwork(t)
	options := s.options(usualOptions)
	s.networkOption(5, "WPLANG", "fr_FR")
	for _, c := range []struct{ change, want string }{
		{`UPDATE {wp}options SET option_value = 'de_DE' WHERE option_name = 'WPLANG'`, "de_DE"},
		{`UPDATE {wp}options SET option_value = '' WHERE option_name = 'WPLANG'`, "en_US"},
		{`DELETE FROM {wp}options WHERE option_name = 'WPLANG'`, "fr_FR"},
		{`DELETE FROM {base}sitemeta`, "en_US"},
	} {
		s.exec(c.change)
		if site, err := options.ReadSite(t.Context(), nil); err != nil || site.Locale != c.want {
			t.Errorf("%s: %q, %v; want %q", c.change, site.Locale, err, c.want)
		}
	}
}

func TestUploadsURL(t *testing.T) {
	for _, c := range []struct {
		path, urlPath, want string
		blog                Blog
	}{
		{"wp-content/uploads", "", "https://s.test/wp-content/uploads", Blog{ID: 1}},
		{"media", "", "https://s.test/media", Blog{ID: 1}},
		{"/srv/media", "https://cdn.test/m/", "https://cdn.test/m", Blog{ID: 1}},
		{"", "", "https://s.test/wp-content/uploads/sites/2", Blog{ID: 2, Multisite: true}},
		{"", "", "https://s.test/wp-content/uploads", Blog{ID: 1, Multisite: true}},
	} {
		o := Options{blog: c.blog}
		if got := o.uploadsURL("https://s.test", map[string]string{"upload_path": c.path,
			"upload_url_path": c.urlPath}); got != c.want {
			t.Errorf("%+v → %s", c, got)
		}
	}
}

func TestReadSiteWithoutWordPress(t *testing.T) {
	_, err := newDatabase(t).options(nil).ReadSite(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "--prefix") {
		t.Errorf("error %v does not say what to check", err)
	}
}

func TestReadHandover(t *testing.T) {
	s := newDatabase(t)
	key := must(ParsePairingKey(strings.Repeat("k", 32), "wp_"))
	if _, err := ReadHandover(t.Context(), s.Handle, key); !errors.Is(err, ErrNoHandover) {
		t.Errorf("nothing there: %v", err)
	}
	s.option("partner_center_handover", seal(t, handoverJSON, key))
	h, err := ReadHandover(t.Context(), s.Handle, key)
	if err != nil || h.Blog() != (Blog{ID: 1, Prefix: "shop_"}) ||
		h.LoginKeys() != (LoginKeys{"wordpress_logged_in_abc", "ls", "6.8.12"}) {
		t.Errorf("%+v, %v", h, err)
	}
}
