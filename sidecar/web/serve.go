package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/wpbridge"
)

// What a form may post, in bytes, looked at before it is read: pages of admins have
// long texts, others have not.
const (
	maxBody       = 64 << 10
	maxAdminsBody = 2 << 20
)

// bodyLimit is the most that a route takes.
func bodyLimit(access Access) int {
	if _, admin := capability[access]; admin {
		return maxAdminsBody
	}
	return maxBody
}

var (
	errMultipart = &badBody{http.StatusUnsupportedMediaType,
		locale.T("Files cannot be sent here. Please send the form without them.")}
	errAborted  = &badBody{http.StatusBadRequest, locale.T("The form arrived only in part. Please send it again.")}
	errSlowBody = &badBody{http.StatusRequestTimeout,
		locale.T("The form took too long to arrive. Please send it again.")}
	errCrossSite = affiliate.Forbidden(
		"This form came from another site, or it was open too long. Go back, reload the page, and send it again.")
)

// Register adds a route to gin with everything that holds for all routes.
func (s *Site) Register(engine *gin.Engine, route Route) {
	engine.Handle(route.Method, route.Path, func(c *gin.Context) {
		s.answer(c, route, pageTime)
	})
}

// pageTime bounds what a page may take: long before PHP gives up waiting, and
// far longer than any page needs, so that a request that waits for something
// which does not come gives back what it holds. Files have fileTime.
const pageTime = 30 * time.Second

func (s *Site) answer(c *gin.Context, route Route, limit time.Duration) {
	r := &Request{Context: c, Site: s, visit: c.Request.Context()}
	defer r.within(limit)()
	if err := r.serve(route); err != nil {
		r.fail(err)
	}
}

// within bounds the rest of the request, again: an earlier bound does not count
// any more.
func (r *Request) within(limit time.Duration) context.CancelFunc {
	ctx, cancel := context.WithTimeoutCause(r.visit, limit, errTooSlow)
	r.Context.Request = r.Context.Request.WithContext(ctx)
	return cancel
}

// NoRoute answers what is not in the table.
func (s *Site) NoRoute(c *gin.Context) {
	nothing := func(r *Request) error {
		if _, err := s.Pairing(); err == nil && r.isGet() { // whoever is known keeps the navigation
			if err := r.identify(r.Ctx()); err != nil {
				s.Log.Debug("nobody knows whose page is missing", "error", err)
			}
		}
		return errNoPage
	}
	s.answer(c, Route{Access: Public, Open: true, Handler: nothing}, pageTime)
}

func (r *Request) serve(route Route) error {
	if err := r.receive(cmp.Or(route.MaxBody, bodyLimit(route.Access))); err != nil {
		return err
	}
	if !r.Site.answers(route.Path, r.Context.Request.Host) {
		return errNoPage
	}
	if !route.Open && r.crossSite() {
		return errCrossSite
	}
	if done, err := r.admit(route.Access); done || err != nil {
		return err
	}
	r.visit = affiliate.WithOrigin(r.visit, r.ClientIP()) // of a file, which takes longer, too
	r.Context.Request = r.Context.Request.WithContext(affiliate.WithOrigin(r.Ctx(), r.ClientIP()))
	if route.Password {
		if done, err := r.ownsSession(); done || err != nil {
			return err
		}
	}
	return route.Handler(r)
}

// receive finds out where the request comes from: straight from a browser, or
// signed through the plugin, which then vouches for surface and visitor.
func (r *Request) receive(maxBody int) error {
	req := r.Context.Request
	r.Header("PC-Request", rand.Text()[:12])
	r.Header("Cache-Control", "no-store")
	r.Header("X-Content-Type-Options", "nosniff")
	r.Header("Referrer-Policy", "strict-origin-when-cross-origin")
	r.Surface = Surface{Standalone, r.Site.basePath()}
	body, err := readBody(req, maxBody)
	if err != nil {
		// Its sender can't be made sure of without the body, but may read why within
		// the page that they came from: the error names nobody.
		if surface, wrong := parseSurface(req.Header.Get("PC-Surface")); wrong == nil {
			r.Surface = surface
		}
		return err
	}
	switch err := r.Site.Signer().Verify(req, body); {
	case errors.Is(err, wpbridge.ErrUnsigned):
		r.Site.Trusted.strip(req)
		return nil
	case err != nil:
		return err
	}
	r.Signed = true
	if host := req.Header.Get("X-Forwarded-Host"); host != "" {
		req.Host = host
	}
	if header := req.Header.Get("PC-Surface"); header != "" {
		r.Surface, err = parseSurface(header)
	}
	return err
}

// readBody reads a body whole, because its hash is part of the signature, and
// puts it back for the handler.
func readBody(req *http.Request, max int) ([]byte, error) {
	if req.Body == nil || req.ContentLength == 0 {
		return nil, nil
	}
	if strings.HasPrefix(strings.ToLower(req.Header.Get("Content-Type")), "multipart/") {
		return nil, errMultipart
	}
	if req.ContentLength > int64(max) {
		return nil, &tooLargeError{max}
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, int64(max)+1))
	var slow net.Error
	switch {
	case errors.As(err, &slow) && slow.Timeout():
		return nil, errSlowBody
	case err != nil:
		return nil, errAborted
	}
	if len(body) > max {
		return nil, &tooLargeError{max}
	}
	// Without a limit of ours, net/http reads 10 MB of a form and no more.
	req.Body = http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(body)), int64(max))
	return body, nil
}

// crossSite tells whether an unsafe request was made by another site's page.
// The browser's own word is what counts; a forwarded request that lost it on
// the way is refused, a direct one without it comes from no browser.
func (r *Request) crossSite() bool {
	req := r.Context.Request
	if r.isGet() {
		return false
	}
	if r.Signed && req.Header.Get("Origin") == "" && req.Header.Get("Sec-Fetch-Site") == "" {
		return true
	}
	return http.NewCrossOriginProtection().Check(req) != nil
}

// path is the requested path below the base path, without a leading slash.
func (r *Request) path() string { return strings.TrimPrefix(r.Context.Request.URL.Path, "/") }

// origin is scheme and host of the site, as WordPress says: what a request says of
// its host may be anybody's word. Only while there is no hand-over it counts.
func (r *Request) origin() string {
	if home, err := url.Parse(r.Site.Handover().Home); err == nil && home.Host != "" {
		return home.Scheme + "://" + home.Host
	}
	scheme := "http"
	if r.Secure() {
		scheme = "https"
	}
	return scheme + "://" + r.Context.Request.Host
}

// Secure tells whether the visitor uses https. A site that calls itself https
// does, whatever the web server says: TLS may end before it.
func (r *Request) Secure() bool {
	return r.Context.Request.TLS != nil || r.GetHeader("X-Forwarded-Proto") == "https" ||
		strings.HasPrefix(r.Site.Handover().Home, "https://")
}
