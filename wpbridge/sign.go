package wpbridge

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"partnercenter/clock"
)

// The headers a signed call carries.
const (
	headerTime      = "PC-Time"      // unix seconds
	headerNonce     = "PC-Nonce"     // 32 hex characters
	headerSignature = "PC-Signature" // hex HMAC-SHA256
)

// MaxSkew is how far the clocks of plugin and sidecar may differ, and so how
// long a signed call may be held back.
const MaxSkew = 5 * time.Minute

// signedHeaders are covered by the signature, in this order, absent ones as
// empty. Whoever adds one changes the version "pc1" and the plugin.
var signedHeaders = []string{
	"pc-surface", "pc-user", "x-forwarded-host", "x-forwarded-proto",
	"x-forwarded-for", "origin", "sec-fetch-site", "cookie",
}

// Reasons why a call is not accepted as one of the plugin.
var (
	ErrUnsigned  = errors.New("the call is not signed")
	ErrSignature = errors.New(
		"the signature of the call is wrong: plugin and sidecar do not have the same pairing key, or something " +
			"between them changed the call")
	ErrReplayed = errors.New("the call was made before")
)

// SkewError says that a genuine call is too old or from the future.
type SkewError struct {
	By time.Duration // the caller's clock minus ours
}

// Error tells the difference and the remedy.
func (e *SkewError) Error() string {
	direction := "behind"
	if e.By > 0 {
		direction = "ahead"
	}
	return fmt.Sprintf("the clock of the web server is %d seconds %s of the sidecar's: set both by a time service",
		int64(e.By.Abs()/time.Second), direction)
}

// Seen remembers a nonce and says whether it was there already. The nonce may
// be forgotten after until.
type Seen func(ctx context.Context, nonce string, until time.Time) (bool, error)

// Signer signs and checks the calls between plugin and sidecar.
type Signer struct {
	key  PairingKey
	now  clock.Clock
	seen Seen
}

// NewSigner returns the signer of a pairing. seen is asked for calls that
// change something, so that each is carried out once.
func NewSigner(key PairingKey, now clock.Clock, seen Seen) *Signer {
	return &Signer{key: deriveKey(string(key[:]), "", "partner-center calls v1"), now: now, seen: seen}
}

// Sign adds the three headers to an outgoing request. Set all other headers
// before.
func (s *Signer) Sign(req *http.Request, body []byte) {
	var nonce [16]byte
	rand.Read(nonce[:]) // never fails
	req.Header.Set(headerTime, strconv.FormatInt(s.now().Unix(), 10))
	req.Header.Set(headerNonce, hex.EncodeToString(nonce[:]))
	req.Header.Set(headerSignature, s.signature(req, body))
}

var nonceFormat = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Verify says whether a request that came in was signed by the other side.
// It answers ErrUnsigned, ErrSignature, *SkewError, ErrReplayed, or an error
// of the store of nonces.
func (s *Signer) Verify(req *http.Request, body []byte) error {
	stamp, nonce := req.Header.Get(headerTime), req.Header.Get(headerNonce)
	given := req.Header.Get(headerSignature)
	if given == "" {
		return ErrUnsigned
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || !nonceFormat.MatchString(nonce) || !hmac.Equal([]byte(given), []byte(s.signature(req, body))) {
		return ErrSignature
	}
	made := time.Unix(seconds, 0)
	if by := made.Sub(s.now()); by.Abs() > MaxSkew {
		return &SkewError{By: by}
	}
	if isSafe(req.Method) {
		return nil
	}
	switch seen, err := s.seen(req.Context(), nonce, made.Add(MaxSkew)); {
	case err != nil:
		return fmt.Errorf("remember a signed call: %w", err)
	case seen:
		return ErrReplayed
	}
	return nil
}

func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

func (s *Signer) signature(req *http.Request, body []byte) string {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write([]byte(stringToSign(req, body)))
	return hex.EncodeToString(mac.Sum(nil))
}

// stringToSign is what both sides sign: lines joined by "\n", the first six
// fixed, then one per signed header.
func stringToSign(req *http.Request, body []byte) string {
	target := req.RequestURI // as on the request line; only incoming requests have it
	if target == "" {
		target = req.URL.RequestURI()
	}
	sum := sha256.Sum256(body)
	lines := []string{
		"pc1", req.Method, target, req.Header.Get(headerTime), req.Header.Get(headerNonce),
		hex.EncodeToString(sum[:]),
	}
	for _, name := range signedHeaders {
		// All values: a header added to a genuine call must break its signature.
		value := strings.TrimSpace(strings.Join(req.Header.Values(name), ", "))
		lines = append(lines, name+":"+value)
	}
	return strings.Join(lines, "\n")
}
