package wpbridge

import (
	"context"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"
)

// Site is what the options say about the site as a whole.
type Site struct {
	Home       string // address of the front page, without trailing slash
	URL        string // option siteurl: where WordPress' files lie, without trailing slash
	UploadsURL string // where the media library's files lie, without trailing slash
	Name       string
	AdminEmail string
	Location   *time.Location // named as in Timezone
	Timezone   string         // "Europe/Berlin" or "+05:30"
	DateFormat string         // in PHP's letters
	TimeFormat string
	Locale     string // "en_US"
	DBVersion  int    // schema number; the only trace of the release in the database
}

// ReadSite reads the options. c, which may be nil, gives the constants that
// go before them (WP_HOME, WP_SITEURL, on a single site only).
func (o Options) ReadSite(ctx context.Context, c *Config) (Site, error) {
	values, err := o.list(ctx, "home", "siteurl", "blogname", "admin_email", "timezone_string", "gmt_offset",
		"date_format", "time_format", "WPLANG", "db_version", "upload_path", "upload_url_path")
	if err != nil {
		return Site{}, fmt.Errorf("read the options of WordPress: %w", err)
	}
	if c != nil && !o.blog.Multisite {
		if err := c.override(values, map[string]string{"WP_HOME": "home", "WP_SITEURL": "siteurl"}); err != nil {
			return Site{}, err
		}
	}
	s := Site{
		Home: strings.TrimRight(values["home"], "/"), URL: strings.TrimRight(values["siteurl"], "/"),
		Name:       html.UnescapeString(values["blogname"]), // stored escaped
		AdminEmail: values["admin_email"], DateFormat: values["date_format"], TimeFormat: values["time_format"],
	}
	if s.URL == "" || s.Home == "" {
		return Site{}, fmt.Errorf(
			"the options of WordPress have no home or siteurl; finish its installation, or check the table prefix " +
				"(--prefix)")
	}
	s.UploadsURL = o.uploadsURL(s.URL, values)
	s.DBVersion, _ = strconv.Atoi(values["db_version"])
	if s.Locale, err = o.locale(ctx, values); err != nil {
		return Site{}, err
	}
	s.Timezone, s.Location, err = siteTimezone(values)
	return s, err
}

// override puts constants in the place of options.
func (c *Config) override(values, optionOf map[string]string) error {
	for constant, option := range optionOf {
		v, found, err := c.Constant(constant)
		if err != nil {
			return err
		}
		if found {
			values[option] = v
		}
	}
	return nil
}

// siteTimezone is wp_timezone(): a named zone, else a fixed offset.
func siteTimezone(options map[string]string) (string, *time.Location, error) {
	name := options["timezone_string"]
	if name == "" {
		var err error
		if name, err = offsetName(options["gmt_offset"]); err != nil {
			return "", nil, err
		}
	}
	location, err := ParseTimezone(name)
	if err != nil {
		return "", nil, fmt.Errorf(
			"the site's time zone: %w; choose it again under Settings → General in WordPress", err)
	}
	return name, location, nil
}

// locale is get_locale(): the blog's option, else the network's; empty is
// American English.
func (o Options) locale(ctx context.Context, options map[string]string) (string, error) {
	locale, found := options["WPLANG"]
	if !found && o.blog.Multisite {
		var err error
		if locale, _, err = o.GetNetwork(ctx, "WPLANG"); err != nil {
			return "", err
		}
	}
	if locale == "" {
		locale = "en_US"
	}
	return locale, nil
}

// uploadsURL is the baseurl of wp_upload_dir().
func (o Options) uploadsURL(siteURL string, options map[string]string) string {
	base := strings.TrimRight(options["upload_url_path"], "/")
	path := strings.Trim(options["upload_path"], " /")
	switch {
	case base != "":
	case path == "" || strings.HasPrefix(strings.TrimSpace(options["upload_path"]), "/"):
		base = siteURL + "/wp-content/uploads" // absolute paths have no address of their own
	default:
		base = siteURL + "/" + path
	}
	if o.blog.Multisite && o.blog.ID > 1 {
		base += "/sites/" + strconv.FormatInt(o.blog.ID, 10)
	}
	return base
}
