package web

import (
	"strconv"
	"time"

	"partnercenter/affiliate/tracking"
)

// ClickCookie is the name of the cookie that holds a visitor's last promo
// click (S57), before CookieName.
const ClickCookie = "pc_click"

// VisitorCookie recognises a browser, for unique visits (D3), and remembers its
// last click when that is over (D35).
const VisitorCookie = "pc_visitor"

// CouponCookie holds the code that a partner's link carries, until the shop puts it
// into the visitor's basket (docs/wire.md).
const CouponCookie = "pc_coupon"

// Click is the raw click that the browser brings: its last one, also when its
// lifetime is over; "" without.
func (r *Request) Click(now time.Time) string {
	if raw := r.CookieValue(ClickCookie); raw != "" {
		return raw
	}
	return tracking.LastClick(r.CookieValue(VisitorCookie), now)
}

// CookieName keeps the sites of a network apart, which may share a domain: a
// visitor's click on one of them must not replace that on another.
func (r *Request) CookieName(name string) string {
	if h := r.Site.Handover(); h.Multisite {
		return name + "_" + strconv.FormatInt(h.BlogID, 10)
	}
	return name
}

// CookieValue is what the browser sent, raw; "" without.
func (r *Request) CookieValue(name string) string {
	c, err := r.Context.Request.Cookie(r.CookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
