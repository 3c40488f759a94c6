// Package web is what all pages of the sidecar share: what a request is, who
// made it, what it may reach, on which surface its answer is shown, and how
// pages, files, forms and errors are rendered.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/limit"
	"partnercenter/wpbridge"
)

// Route is one line of the route table, from which gin, the access test and
// the API document are made.
type Route struct {
	Method  string
	Path    string // below the base path, in gin's notation
	Access  Access
	Handler Handler
	// Open marks a route that other sites may post to, so that the check for
	// requests forged across sites is excluded.
	Open bool
	// Password marks a route that moves money: who has not logged in lately is
	// asked for the password again.
	Password bool
	// MaxBody bounds what may be sent, in bytes; 0 is what a form may.
	MaxBody int
}

// Handler answers a request. What it returns is shown as an error page or
// form messages by Site, which is the only place that maps errors to statuses.
type Handler func(r *Request) error

// Request is one request of a person, on the surface it came from.
type Request struct {
	*gin.Context
	Site    *Site
	Surface Surface
	// Signed: the call came through the plugin, whose word on the visitor's
	// address and host counts.
	Signed bool
	Who    Identity

	visit context.Context // ends when the visitor goes away
	owner bool            // the password came with this request
}

// Ctx ends when the visitor goes away, or when the answer has taken too long.
func (r *Request) Ctx() context.Context { return r.Context.Request.Context() }

// Offset is where the shown page of a list begins.
func (r *Request) Offset() int {
	n, err := strconv.Atoi(r.Query("from"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Site is what requests need to know about the WordPress site and the program.
type Site struct {
	Version  string
	Now      clock.Clock
	Log      *slog.Logger
	Registry *affiliate.Registry
	// Pairing is the hand-over in force, or why there is none.
	Pairing func() (wpbridge.Handover, error)
	// SignIn tells who a request's login cookie belongs to.
	SignIn func(*http.Request) (wpbridge.User, error)
	// User is a user of the site, or wpbridge.ErrNoUser.
	User   func(ctx context.Context, id int64) (wpbridge.User, error)
	Signer func() *wpbridge.Signer
	// Zone is the time zone of the site.
	Zone func() *time.Location
	// Trusted are the proxies whose X-Forwarded headers count.
	Trusted TrustedProxies
	// FlashKey signs confirmations; see Flash.
	FlashKey func() [32]byte
	// OwnerKey signs that somebody has given the password again.
	OwnerKey      func() [32]byte
	CheckPassword PasswordCheck
	// LinkDomain is the host of standard links, "" for the site's own (S49).
	LinkDomain func() string
	// SawLoggedIn notes in which browser somebody is logged in (D41).
	SawLoggedIn func(ctx context.Context, email, visitor string) error
	// Client is a keyed hash of a visitor's network.
	Client func(ip string) string

	files     atomic.Int32  // on their way; see Request.Files
	passwords limit.Limiter // typed, by user
	downloads downloads
}

// Handover is the hand-over in force; the zero one while there is none.
func (s *Site) Handover() wpbridge.Handover {
	h, _ := s.Pairing()
	return h
}

// basePath is what visitors put before our paths, without a slash at the end:
// a path, which is the plugin's setting, or "/?partner-center=" on a site
// without pretty permalinks.
func (s *Site) basePath() string {
	u, err := url.Parse(s.Handover().PublicURL)
	switch {
	case err != nil || u.Path == "":
		return DefaultBasePath
	case u.RawQuery != "":
		return u.RequestURI()
	}
	return strings.TrimSuffix(u.Path, "/")
}

// DefaultBasePath is where we are unless the site says otherwise, and always
// where the plugin calls us.
const DefaultBasePath = "/partner-center"

// Inside cuts the base path off a path, whichever of its two names was used,
// and tells whether it was there.
func (s *Site) Inside(path string) (rest string, ok bool) {
	for _, base := range []string{s.basePath(), DefaultBasePath} {
		if rest, ok := strings.CutPrefix(path, base); ok && (rest == "" || rest[0] == '/') {
			return "/" + strings.TrimPrefix(rest, "/"), true
		}
	}
	return path, false
}

// Below makes a handler see paths below the base path only; elsewhere there is
// nothing of ours.
func (s *Site) Below(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		path, ok := s.Inside(req.URL.Path)
		if !ok {
			http.NotFound(w, req)
			return
		}
		inner := req.Clone(req.Context())
		inner.URL.Path = path
		inner.URL.RawPath = ""
		next.ServeHTTP(w, inner)
	})
}
