package wpbridge

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// errBadCookie is the one answer to a malformed cookie; nobody needs more.
var errBadCookie = errors.New("not a WordPress login cookie")

// maxCookie bounds the text that is parsed: a login has at most 60 characters.
const maxCookie = 4096

// AuthCookie is the value of a WordPress login cookie:
// username|expiration|token|hmac. Parsed does not mean genuine: see Signed.
type AuthCookie struct {
	Username string // user_login, never the e-mail address
	Expires  time.Time
	Token    string // names the session, see Sessions

	expires string // as written: it is part of what is signed
	mac     string // hex
}

// ParseAuthCookie reads a cookie's value as it stands in the request, that is
// percent-encoded.
func ParseAuthCookie(raw string) (AuthCookie, error) {
	if len(raw) > maxCookie {
		return AuthCookie{}, errBadCookie
	}
	value, err := url.PathUnescape(raw)
	if err != nil {
		return AuthCookie{}, errBadCookie
	}
	parts := strings.Split(value, "|")
	if len(parts) != 4 || parts[0] == "" || parts[2] == "" {
		return AuthCookie{}, errBadCookie
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return AuthCookie{}, errBadCookie
	}
	return AuthCookie{
		Username: parts[0], Expires: time.Unix(seconds, 0).UTC(), Token: parts[2],
		expires: parts[1], mac: parts[3],
	}, nil
}

// Expired says whether the cookie's time is over. The second of expiry still
// counts. WordPress grants forms one hour more, in vain: the session, which
// ends at the same time, has none.
func (c AuthCookie) Expired(now time.Time) bool { return c.Expires.Unix() < now.Unix() }

// Signed says whether the cookie was made for a user with this password hash
// by a site with this wp_salt (of the cookie's scheme) and release.
func (c AuthCookie) Signed(salt, passwordHash string, v Version) bool {
	fragment := passwordFragment(passwordHash, v)
	key := wpHash(strings.Join([]string{c.Username, fragment, c.expires, c.Token}, "|"), salt)
	mac := hmac.New(sha256.New, []byte(key)) // the hex text is the key, not its bytes
	mac.Write([]byte(strings.Join([]string{c.Username, c.expires, c.Token}, "|")))
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(c.mac))
}

// passwordFragment is the part of the hash that ties a cookie to the password:
// four bytes of the salt in formats that have it at that place, else (from
// 6.8 on) the end of the hash.
func passwordFragment(hash string, v Version) string {
	saltAt8 := strings.HasPrefix(hash, "$P$") || strings.HasPrefix(hash, "$2y$")
	switch {
	case saltAt8 || !v.bcryptEra():
		return cut(hash, 8, 12)
	case len(hash) > 4:
		return hash[len(hash)-4:]
	}
	return hash
}

// cut is s[from:to] for any s, like PHP's substr.
func cut(s string, from, to int) string {
	return s[min(from, len(s)):min(to, len(s))]
}

// CookieHash is the constant COOKIEHASH, the suffix of cookie names. siteURL
// is, on a single site, the option siteurl or WP_SITEURL (a trailing slash
// does not count) and, on a network, the network's siteurl exactly as stored.
func CookieHash(siteURL string, multisite bool) string {
	if !multisite {
		siteURL = strings.TrimRight(siteURL, "/")
	}
	sum := md5.Sum([]byte(siteURL))
	return hex.EncodeToString(sum[:])
}

// LoggedInCookieName is the constant LOGGED_IN_COOKIE unless wp-config.php
// defines it otherwise.
func LoggedInCookieName(cookieHash string) string { return "wordpress_logged_in_" + cookieHash }

// wpHash is wp_hash(data, scheme) for the given wp_salt(scheme): hex.
func wpHash(data, salt string) string {
	mac := hmac.New(md5.New, []byte(salt))
	mac.Write([]byte(data))
	return hex.EncodeToString(mac.Sum(nil))
}
