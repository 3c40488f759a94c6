package apikey

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
)

// Scheme begins the Authorization header of a signed call:
//
//	PC-HMAC-SHA256 key=pk_…, time=1790000000, nonce=…, signature=…
const Scheme = "PC-HMAC-SHA256"

// MaxSkew is how far the clock of a caller may differ from ours, and so how
// long a call may be held back.
const MaxSkew = 5 * time.Minute

// Call is what a signature covers.
type Call struct {
	Method string
	Target string // path from "/api/" on, and the query, as on the request line
	Body   []byte
}

// Refusal says why a call is not believed. Callers read it.
type Refusal struct{ Message string }

func (e *Refusal) Error() string { return e.Message }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Sign is the Authorization header of a call made with the key of this public
// id and secret. docs/api.md shows the same in other languages.
func Sign(public, secret string, c Call, at time.Time) string {
	nonce, stamp := rand.Text(), strconv.FormatInt(at.Unix(), 10)
	return fmt.Sprintf("%s key=%s, time=%s, nonce=%s, signature=%s", Scheme, public, stamp, nonce,
		c.signature(secret, stamp, nonce))
}

// signature is the hex HMAC over lines: version, method, target, time, nonce,
// hex SHA-256 of the body.
func (c Call) signature(secret, stamp, nonce string) string {
	body := sha256.Sum256(c.Body)
	text := strings.Join([]string{"pc-api1", c.Method, c.Target, stamp, nonce, hex.EncodeToString(body[:])}, "\n")
	return MAC(secret, text)
}

// MAC is the hex HMAC-SHA256 of a text; the pixel's query is signed by it.
func MAC(secret, text string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

var nonceFormat = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Verify finds the key that a call was signed with. A call that changes
// something is accepted once.
//
// Errors: a *Refusal, or one of the database.
func (k *Keys) Verify(ctx context.Context, header string, c Call) (Key, error) {
	fields, err := parse(header)
	if err != nil {
		return Key{}, err
	}
	key, err := k.Find(ctx, fields["key"])
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return Key{}, refuse("There is no API key %q, or it was revoked.", fields["key"])
	}
	if err != nil {
		return Key{}, err
	}
	if key.Kind != Site {
		return Key{}, refuse("The key %q belongs to a pixel. Use a key for the API.", key.Public)
	}
	secret, err := k.secret(ctx, key)
	if err != nil {
		return Key{}, err
	}
	if !equal(fields["signature"], c.signature(secret, fields["time"], fields["nonce"])) {
		return key, refuse(
			"The signature is wrong. Sign the method, the path from /api/ on with its query, the time, the nonce " +
				"and the SHA-256 of the body with the key's secret.")
	}
	return key, k.fresh(ctx, key, fields, c.Method)
}

func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// parse takes the header apart.
func parse(header string) (map[string]string, error) {
	rest, ok := strings.CutPrefix(header, Scheme+" ")
	if !ok {
		return nil, refuse("Sign the call: Authorization: %s key=…, time=…, nonce=…, signature=…", Scheme)
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := fields[name]; twice {
			return nil, refuse("The Authorization header has %q twice.", affiliate.Cut(name, 20))
		}
		fields[name] = strings.Trim(value, `"`)
	}
	for _, name := range []string{"key", "time", "nonce", "signature"} {
		if fields[name] == "" {
			return nil, refuse("The Authorization header has no %q.", name)
		}
	}
	if len(fields["key"]) > 24 {
		return nil, refuse("The API key is too long. Use the public one, which begins with pk_.")
	}
	if !nonceFormat.MatchString(fields["nonce"]) {
		return nil, refuse("The nonce must be 16 to 64 letters, digits, - or _, new for each call.")
	}
	return fields, nil
}

// fresh refuses genuine calls that are too old, from the future, or copies.
func (k *Keys) fresh(ctx context.Context, key Key, fields map[string]string, method string) error {
	seconds, err := strconv.ParseInt(fields["time"], 10, 64)
	if err != nil {
		return refuse("The time must be in whole seconds since 1970.")
	}
	made := time.Unix(seconds, 0)
	if by := made.Sub(k.now()); by.Abs() > MaxSkew {
		return refuse("The call's time differs from ours by %d seconds; up to %d are accepted. Set the clock, and "+
			"sign each call when it is sent.",
			int64(by/time.Second), int64(MaxSkew/time.Second))
	}
	if method == http.MethodGet {
		return nil
	}
	sum := sha256.Sum256([]byte(key.Public + "\n" + fields["nonce"]))
	seen, err := k.seen(ctx, hex.EncodeToString(sum[:16]), made.Add(MaxSkew))
	if err == nil && seen {
		err = refuse("This call was made before. Sign it again, with a new nonce, to repeat it.")
	}
	return err
}

// VerifyPixel checks the signature of a pixel's query, which is the hex HMAC of
// all that stands before "&sig=", and its time ts, at most oldest ago.
//
// Errors: a *Refusal, or one of the database.
func (k *Keys) VerifyPixel(ctx context.Context, key Key, rawQuery string, oldest time.Duration) error {
	signed, signature, found := strings.Cut(rawQuery, "&sig=")
	if !found || strings.Contains(signature, "&") {
		return refuse("The signature sig must be the last field of the report.")
	}
	secret, err := k.secret(ctx, key)
	if err != nil {
		return err
	}
	if !equal(signature, MAC(secret, signed)) {
		return refuse("The signature is wrong. Sign all that stands before &sig= with the key's secret.")
	}
	values, _ := url.ParseQuery(signed)
	seconds, err := strconv.ParseInt(values.Get("ts"), 10, 64)
	if err != nil {
		return refuse("A signed report needs its time ts, in whole seconds since 1970.")
	}
	switch age := k.now().Sub(time.Unix(seconds, 0)); {
	case age > oldest:
		return refuse("The report was signed %d seconds ago; up to %d are accepted.", int64(age/time.Second),
			int64(oldest/time.Second))
	case age < -MaxSkew:
		return refuse("The report's time is %d seconds in the future.", int64(-age/time.Second))
	}
	return nil
}

// SignPixel is a pixel's query with its time and signature.
func SignPixel(secret, query string, at time.Time) string {
	query += "&ts=" + strconv.FormatInt(at.Unix(), 10)
	return query + "&sig=" + MAC(secret, query)
}
