package tracking

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/keyring"
)

// The click cookie is version.key.visit.expiry.mac: it names a visit, never a
// person, and carries its own end, fixed at the click by the setting of that
// moment (S8, D40); the browser keeps it no longer. pc_visitor outlives it and
// repeats its text, so that one that is over still tells when the last click
// was (D35).
//
// The token pct=, which brings a click to a page on another host (D35), has
// the same form but another version letter, and lives 15 minutes from the click.
// A form of such a page may carry it in a hidden field, where no script keeps the
// click; people take their time with forms, so there it lives two hours.
//
// While no sidecar answers, PHP makes both with a key of its own (D43), which
// their version letters tell.
const (
	cookieVersion = "1"
	tokenVersion  = "t"
	tokenLife     = 15 * time.Minute
	formTokenLife = 2 * time.Hour

	phpCookieVersion = "p"
	phpTokenVersion  = "q"

	maxCookie = 120 // bytes; ours have at most 60
	macSize   = 16
)

// keyPurpose names the keys of cookies and tokens in the key ring, phpPurpose
// those that PHP reads there. A leak of the latter on PHP's side leaves what
// the sidecar signs as it is.
const (
	keyPurpose = "click"
	phpPurpose = "phpclick"
)

// purposeOf is whose key signs a cookie or token of the version.
func purposeOf(version string) string {
	if version == phpCookieVersion || version == phpTokenVersion {
		return phpPurpose
	}
	return keyPurpose
}

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

// openClick reads what seal wrote in one of the versions; ok is false for
// everything else, however it is malformed. Whether it has expired is for the
// caller to judge.
func (t *Tracker) openClick(
	ctx context.Context, q db.Queryer, raw string, versions ...string,
) (c click, ok bool, err error) {
	parts := strings.Split(raw, ".")
	if len(raw) > maxCookie || len(parts) != 5 || !slices.Contains(versions, parts[0]) {
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
	key, ok, err := t.keys.ByID(ctx, q, purposeOf(parts[0]), int(numbers[0]))
	if err != nil || !ok {
		return click{}, false, err
	}
	c = click{Visit: affiliate.VisitID(numbers[1]), Expiry: time.Unix(numbers[2], 0).UTC()}
	return c, hmac.Equal([]byte(c.seal(parts[0], key)), []byte(raw)), nil
}

// readCookie judges a raw click cookie as of the time of the event it came
// with: NoCookie, Forged, Expired or Valid (S8, S9). At exactly the expiry it
// has expired.
func (t *Tracker) readCookie(ctx context.Context, q db.Queryer, raw string, at time.Time) (click, CookieState, error) {
	if raw == "" {
		return click{}, NoCookie, nil
	}
	c, ok, err := t.openClick(ctx, q, raw, cookieVersion, phpCookieVersion)
	switch {
	case err != nil:
		return click{}, "", err
	case !ok:
		return click{}, Forged, nil
	}
	return c, c.stateAt(at), nil
}

func (c click) stateAt(at time.Time) CookieState {
	if !at.Before(c.Expiry) {
		return Expired
	}
	return Valid
}

// readToken judges the token that a form carried where it had no cookie, as
// readCookie does. Several forms may carry the same one: it does not use it up.
func (t *Tracker) readToken(ctx context.Context, q db.Queryer, raw string, at time.Time) (click, CookieState, error) {
	c, ok, err := t.openClick(ctx, q, raw, tokenVersion, phpTokenVersion)
	if err != nil || !ok {
		return click{}, Forged, err
	}
	if end := VisitTime(c.Visit).Add(formTokenLife); end.Before(c.Expiry) {
		c.Expiry = end
	}
	return c, c.stateAt(at), nil
}

// VisitOf is what a raw click cookie names as its visit, "" for none. Whether the
// cookie is genuine is not looked at.
func VisitOf(raw string) string {
	if parts := strings.Split(raw, "."); len(parts) == 5 && len(parts[2]) <= 13 { // of 64 bits, in base 36
		return parts[2]
	}
	return ""
}

// ClaimToken turns the pct= of a page's URL into the click cookie to set
// there; none when it is forged, used before, or older than 15 minutes (D35).
func (t *Tracker) ClaimToken(ctx context.Context, token string, at time.Time) (out Outcome, err error) {
	c, ok, err := t.openClick(ctx, t.db, token, tokenVersion, phpTokenVersion)
	if err != nil || !ok || !at.Before(VisitTime(c.Visit).Add(tokenLife)) {
		return Outcome{}, err
	}
	_, err = t.db.Exec(ctx,
		`/* tracking.ClaimToken */ INSERT INTO {wp}partner_center_click_tokens (visit_id, used_at) VALUES (?, ?)`,
		c.Visit, at)
	if db.Duplicate(err) {
		return Outcome{}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	out.Lifetime = c.Expiry.Sub(at)
	out.Cookie, err = t.sealClick(ctx, cookieVersion, c)
	return out, err
}

func (t *Tracker) sealClick(ctx context.Context, version string, c click) (string, error) {
	key, err := t.keys.Newest(ctx, keyPurpose)
	if err != nil {
		return "", err
	}
	return c.seal(version, key), nil
}

// VisitorLife is how long browsers keep pc_visitor after a click: their limit.
const VisitorLife = 400 * 24 * time.Hour

// LastClick is the click that a raw pc_visitor cookie remembers when pc_click is
// gone, in that one's form; "" when it remembers none. Only one that is over is
// given: whoever took pc_click away before its time wants it forgotten.
func LastClick(visitor string, now time.Time) string {
	_, cookie, _ := strings.Cut(visitor, ".")
	parts := strings.Split(cookie, ".")
	if len(parts) != 5 {
		return ""
	}
	expiry, err := strconv.ParseInt(parts[3], 36, 64)
	if err != nil || now.Unix() < expiry {
		return ""
	}
	return cookie
}

// visitor is the random id in pc_visitor, before the last click. It is not
// signed: a made-up one only changes whether its maker's own clicks count as
// unique, and that only so often (crowds).
type visitor [16]byte

func newVisitor() (v visitor) {
	rand.Read(v[:])
	return v
}

func (v visitor) String() string { return base64.RawURLEncoding.EncodeToString(v[:]) }

// parseVisitor reads a pc_visitor cookie; ok is false for none and for any
// that is not ours in form.
func parseVisitor(raw string) (v visitor, ok bool) {
	id, _, _ := strings.Cut(raw, ".")
	if len(id) > maxCookie {
		return visitor{}, false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(data) != len(v) {
		return visitor{}, false
	}
	return visitor(data), true
}
