package tracking

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/keyring"
)

// The click cookie is version.key.visit.expiry.mac: it names a visit, never a
// person, and carries its own end, fixed at the click by the setting of that
// moment (S8, D40). The browser should keep it longer than that, up to 400
// days, so that an expired one still tells when the last click was (D35).
//
// The token pct=, which brings a click to a page on another host (D35), has
// the same form but another version letter, and lives 15 minutes from the click.
const (
	cookieVersion = "1"
	tokenVersion  = "t"
	tokenLife     = 15 * time.Minute

	maxCookie = 120 // bytes; ours have at most 60
	macSize   = 16
)

// keyPurpose names the keys of cookies and tokens in the key ring.
const keyPurpose = "click"

// click is what a cookie or token says.
type click struct {
	Visit  affiliate.VisitID
	Expiry time.Time // whole seconds; from this instant on it is over
}

// seal is the cookie's or token's text.
func (c click) seal(version string, key keyring.Key) string {
	body := strings.Join([]string{version, strconv.FormatInt(int64(key.ID), 36),
		strconv.FormatInt(int64(c.Visit), 36), strconv.FormatInt(c.Expiry.Unix(), 36)}, ".")
	return body + "." + base64.RawURLEncoding.EncodeToString(macOf(body, key))
}

func macOf(body string, key keyring.Key) []byte {
	h := hmac.New(sha256.New, key.Secret[:])
	h.Write([]byte(body))
	return h.Sum(nil)[:macSize]
}

// openClick reads what seal wrote; ok is false for everything else, however
// it is malformed. Whether it has expired is for the caller to judge.
func (t *Tracker) openClick(ctx context.Context, q db.Queryer, version, raw string) (c click, ok bool, err error) {
	parts := strings.Split(raw, ".")
	if len(raw) > maxCookie || len(parts) != 5 || parts[0] != version {
		return click{}, false, nil
	}
	var numbers [3]int64
	for i, text := range parts[1:4] {
		n, err := strconv.ParseInt(text, 36, 64)
		// Only the one way in which seal writes a number.
		if err != nil || n <= 0 || strconv.FormatInt(n, 36) != text {
			return click{}, false, nil
		}
		numbers[i] = n
	}
	key, ok, err := t.keys.ByID(ctx, q, keyPurpose, int(numbers[0]))
	if err != nil || !ok {
		return click{}, false, err
	}
	c = click{Visit: affiliate.VisitID(numbers[1]), Expiry: time.Unix(numbers[2], 0).UTC()}
	return c, hmac.Equal([]byte(c.seal(version, key)), []byte(raw)), nil
}

// readCookie judges a raw click cookie as of the time of the event it came
// with: NoCookie, Forged, Expired or Valid (S8, S9). At exactly the expiry it
// has expired.
func (t *Tracker) readCookie(ctx context.Context, q db.Queryer, raw string, at time.Time) (click, CookieState, error) {
	if raw == "" {
		return click{}, NoCookie, nil
	}
	c, ok, err := t.openClick(ctx, q, cookieVersion, raw)
	switch {
	case err != nil:
		return click{}, "", err
	case !ok:
		return click{}, Forged, nil
	case !at.Before(c.Expiry):
		return c, Expired, nil
	}
	return c, Valid, nil
}

// ClaimToken turns the pct= of a page's URL into the click cookie to set
// there; "" when it is forged or older than 15 minutes (D35).
func (t *Tracker) ClaimToken(ctx context.Context, token string, at time.Time) (cookie string, err error) {
	c, ok, err := t.openClick(ctx, t.db, tokenVersion, token)
	if err != nil || !ok || !at.Before(VisitTime(c.Visit).Add(tokenLife)) {
		return "", err
	}
	return t.sealClick(ctx, cookieVersion, c)
}

func (t *Tracker) sealClick(ctx context.Context, version string, c click) (string, error) {
	key, err := t.keys.Newest(ctx, keyPurpose)
	if err != nil {
		return "", err
	}
	return c.seal(version, key), nil
}

// visitor is the random id in pc_visitor. It is not signed: a made-up one only
// changes whether its maker's own clicks count as unique.
type visitor [16]byte

func newVisitor() (v visitor) {
	rand.Read(v[:])
	return v
}

func (v visitor) String() string { return base64.RawURLEncoding.EncodeToString(v[:]) }

// parseVisitor reads a pc_visitor cookie; ok is false for none and for any
// that is not ours in form.
func parseVisitor(raw string) (v visitor, ok bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(raw)
	if err != nil || len(data) != len(v) || len(raw) > maxCookie {
		return visitor{}, false
	}
	return visitor(data), true
}
