package wpbridge

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/nacl/secretbox"

	"partnercenter/db"
)

// handoverOption is written by the plugin: base64(nonce || secretbox(JSON)),
// nonce of 24 bytes, key = the pairing key.
const handoverOption = "partner_center_handover"

// handoverVersion is the layout this program understands.
const handoverVersion = 1

// Reasons why the hand-over cannot be used.
var (
	ErrNoHandover = errors.New(
		"WordPress has not handed over its settings: activate the plugin Partner Center, and if it is active, open " +
			"its settings page and pair it with the sidecar")
	// ErrHandoverKey also covers a value that was damaged: both look the same.
	ErrHandoverKey = errors.New(
		"the settings WordPress handed over cannot be decrypted: plugin and sidecar do not have the same pairing " +
			"key; save the plugin's settings page once, and if that does not help, give the key shown there to both " +
			"(--key, PARTNER_CENTER_KEY)")
)

// Handover is what only WordPress itself knows about the site, as the plugin
// hands it over at activation and on every change.
type Handover struct {
	Version       int     `json:"v"`
	MadeAtUnix    int64   `json:"made_at"`
	PluginVersion string  `json:"plugin_version"`
	WPVersion     Version `json:"wp_version"`
	Salts         struct {
		LoggedIn string `json:"logged_in"` // wp_salt('logged_in')
		Nonce    string `json:"nonce"`     // wp_salt('nonce')
	} `json:"salts"`
	LoggedInCookie   string `json:"logged_in_cookie"` // name of the cookie
	CookiePath       string `json:"cookie_path"`
	CookieDomain     string `json:"cookie_domain"`
	Home             string `json:"home"`
	SiteURL          string `json:"siteurl"`
	Prefix           string `json:"prefix"`
	BasePrefix       string `json:"base_prefix"`
	BlogID           int64  `json:"blog_id"`
	Multisite        bool   `json:"multisite"`
	UsersTable       string `json:"users_table"`
	UsermetaTable    string `json:"usermeta_table"`
	Timezone         string `json:"timezone"` // "Europe/Berlin" or "+05:30"
	Currency         string `json:"currency"` // ISO 4217
	Locale           string `json:"locale"`   // "en_US"
	CoreAuthReplaced bool   `json:"core_auth_replaced"`
	SignupGuarded    bool   `json:"signup_guarded"` // plugins have a word in sign-ups, such as a captcha
	PageURL          string `json:"page_url"`
	AdminURL         string `json:"admin_url"`
	RESTURL          string `json:"rest_url"`
	LoginURL         string `json:"login_url"`  // without redirect_to
	LogoutURL        string `json:"logout_url"` // without nonce: WordPress asks
	Switches         struct {
		Tracking bool `json:"tracking"`
		Center   bool `json:"center"`
	} `json:"switches"`
	Look       Look   `json:"look"`
	RedirectTo string `json:"redirect_to"` // where partners land after login
	PublicURL  string `json:"public_url"`  // the base path as visitors see it
}

// Look is how the site presents itself: pages of our own look like a part of it.
// Whatever it has not is empty.
type Look struct {
	Name       string `json:"name"`
	Logo       string `json:"logo"` // URL of an image
	LogoWidth  int    `json:"logo_width"`
	LogoHeight int    `json:"logo_height"`
	Icon       string `json:"icon"`  // URL
	Color      string `json:"color"` // "#1b5e8c", of the theme's buttons or links
}

// MadeAt is when the plugin wrote the hand-over.
func (h Handover) MadeAt() time.Time { return time.Unix(h.MadeAtUnix, 0).UTC() }

// Location is the site's time zone.
func (h Handover) Location() (*time.Location, error) { return ParseTimezone(h.Timezone) }

// Blog returns the blog whose plugin handed over.
func (h Handover) Blog() Blog {
	return Blog{ID: h.BlogID, Prefix: h.Prefix, Multisite: h.Multisite}
}

// Tables names the tables of the blog.
func (h Handover) Tables() db.Tables {
	return db.Tables{Prefix: h.Prefix, Base: h.BasePrefix, Users: h.UsersTable, Usermeta: h.UsermetaTable}
}

// HasHandover tells whether the plugin has ever handed over on the site behind q,
// with whatever key.
func HasHandover(ctx context.Context, q db.Queryer) (bool, error) {
	_, found, err := Options{q: q}.Get(ctx, handoverOption)
	return found, err
}

// ReadHandover reads and opens the hand-over of the site behind q. Besides
// errors of the database it answers as OpenHandover does, and ErrNoHandover.
func ReadHandover(ctx context.Context, q db.Queryer, key PairingKey) (Handover, error) {
	sealed, found, err := Options{q: q}.Get(ctx, handoverOption)
	if err != nil {
		return Handover{}, err
	}
	if !found || sealed == "" {
		return Handover{}, ErrNoHandover
	}
	return OpenHandover(sealed, key)
}

// OpenHandover decrypts and checks the value of the option. It answers
// ErrHandoverKey, or a sentence that names what is wrong in the document.
func OpenHandover(sealed string, key PairingKey) (Handover, error) {
	const nonceSize = 24
	box, err := base64.StdEncoding.DecodeString(strings.TrimSpace(sealed))
	if err != nil || len(box) < nonceSize+secretbox.Overhead {
		return Handover{}, ErrHandoverKey
	}
	document, ok := secretbox.Open(nil, box[nonceSize:], (*[nonceSize]byte)(box), (*[32]byte)(&key))
	if !ok {
		return Handover{}, ErrHandoverKey
	}
	return parseHandover(document)
}

// parseHandover looks at the version before the rest, whose types may change.
func parseHandover(document []byte) (Handover, error) {
	var head struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal(document, &head); err != nil {
		return Handover{}, fmt.Errorf("the settings WordPress handed over are not readable: %w", err)
	}
	switch {
	case head.V > handoverVersion:
		return Handover{},
			fmt.Errorf("the plugin is newer than this sidecar (it hands over its settings in layout %d, known is "+
				"%d): update the sidecar", head.V, handoverVersion)
	case head.V < handoverVersion:
		return Handover{},
			fmt.Errorf("the plugin is older than this sidecar (it hands over its settings in layout %d, needed is "+
				"%d): update the plugin", head.V, handoverVersion)
	}
	var h Handover
	if err := json.Unmarshal(document, &h); err != nil {
		return Handover{}, fmt.Errorf("the settings WordPress handed over are not readable: %w", err)
	}
	return h, h.check()
}

// check refuses a document that would make the program fail later, and less
// clearly.
func (h Handover) check() error {
	rules := []struct {
		field, value string
		ok           func(string) bool
	}{
		{"salts.logged_in", h.Salts.LoggedIn, isGiven},
		{"salts.nonce", h.Salts.Nonce, isGiven},
		{"logged_in_cookie", h.LoggedInCookie, isGiven},
		{"currency", h.Currency, isGiven},
		{"home", h.Home, isWebAddress},
		{"siteurl", h.SiteURL, isWebAddress},
		{"rest_url", h.RESTURL, isWebAddress},
		{"admin_url", h.AdminURL, isWebAddress},
		{"prefix", h.Prefix, validPrefix.MatchString},
		{"base_prefix", h.BasePrefix, validPrefix.MatchString},
		{"users_table", h.UsersTable, validPrefix.MatchString},
		{"usermeta_table", h.UsermetaTable, validPrefix.MatchString},
		{"timezone", h.Timezone, isTimezone},
	}
	for _, r := range rules {
		if !r.ok(r.value) {
			return badHandover(r.field, r.value)
		}
	}
	if h.BlogID < 1 {
		return badHandover("blog_id", strconv.FormatInt(h.BlogID, 10))
	}
	return nil
}

func isGiven(s string) bool { return s != "" }

func isTimezone(s string) bool {
	_, err := ParseTimezone(s)
	return err == nil
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func badHandover(field, value string) error {
	return fmt.Errorf("the settings WordPress handed over have no usable %s (%q): save the plugin's settings page "+
		"once, and check that plugin and sidecar are of the same release", field, value)
}
