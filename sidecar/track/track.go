// Package track is what visitors of the site meet before they are anybody: the
// redirect of promo links, the tracking script and what it reports.
package track

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/pixel"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/limit"
	"partnercenter/sidecar/web"
)

// Pages are the handlers of links and of the tracking script. All are public:
// while the feature is off, links redirect and nothing is recorded (S1).
type Pages struct {
	DB      *db.Handle
	Now     clock.Clock
	Clicks  *tracking.Clicks
	Tracker *tracking.Tracker
	Sales   *sale.Service
	Box     *pixel.Box
	leads   limit.Limiter // by network, and by click
	// salesLimit bounds the reports of the pixel.
	salesLimit *limit.Limiter
}

// NewPages records on the site's database.
func NewPages(h *db.Handle, now clock.Clock, clicks *tracking.Clicks, tracker *tracking.Tracker, sales *sale.Service,
	box *pixel.Box) *Pages {
	return &Pages{Box: box, salesLimit: limit.New(saleBurst, saleEvery), DB: h, Now: now, Clicks: clicks,
		Tracker: tracker, Sales: sales}
}

// maxReport is the most that the script may report, in bytes.
const maxReport = 64 << 10

// clickRequest is what a request says about its visitor.
func (p *Pages) clickRequest(r *web.Request) tracking.ClickRequest {
	req := r.Context.Request
	c := tracking.ClickRequest{
		Host:      req.Host,
		Method:    req.Method,
		Visitor:   r.CookieValue(web.VisitorCookie),
		IP:        r.ClientIP(),
		UserAgent: req.UserAgent(),
		Purpose: strings.Join([]string{r.GetHeader("Purpose"), r.GetHeader("Sec-Purpose"),
			r.GetHeader("X-Moz")}, " "), At: p.Now(),
	}
	// Whoever cannot be recognised now, such as while the database is away, is
	// no reason to keep a visitor waiting.
	if user, err := r.Site.SignIn(req); err == nil {
		c.UserID = affiliate.UserID(user.ID)
	}
	return c
}

// keep gives the browser the cookies of a click; "" leaves the browser's own.
// pc_click is gone when its click is over, as the owner's cookie notice says
// (S8); pc_visitor tells then that there was one (D35).
func keep(r *web.Request, out tracking.Outcome) {
	keepCookie(r, web.ClickCookie, out.Cookie, out.Lifetime)
	keepCookie(r, web.VisitorCookie, out.Visitor, tracking.VisitorLife)
	// PHP decodes a cookie once by itself, and takes none with a space in it.
	keepCookie(r, web.CouponCookie, url.PathEscape(url.PathEscape(out.Coupon)), out.Lifetime)
}

func keepCookie(r *web.Request, name, value string, life time.Duration) {
	if value == "" {
		return
	}
	http.SetCookie(r.Writer, &http.Cookie{
		Name: r.CookieName(name), Value: value, Path: cookiePath(r), MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: r.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// cookiePath is that of the site's front page, where all its forms are below.
func cookiePath(r *web.Request) string {
	if path := r.Site.Handover().CookiePath; strings.HasPrefix(path, "/") {
		return path
	}
	return "/"
}
