package track

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/limit"
	"partnercenter/sidecar/web"
)

// Click takes the report of a page that a direct link led to: u is the page's
// URL with the partner's parameters (S47). It comes by POST from the script or
// by GET as an image where there is none. The answer is empty for pages of the
// site, whose browser gets the cookie; a page elsewhere is told the click, to
// keep it in a cookie of its own (S62, D35).
func (p *Pages) Click(r *web.Request) error {
	fields, origin, ok := p.report(r)
	if !ok {
		return nil
	}
	page := fields.Get("u")
	if origin != "" && hostOf(page) != hostOf(origin) {
		r.Status(http.StatusNoContent)
		return nil
	}
	out, err := p.clickOf(r, page)
	if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
		return err
	}
	if origin != "" && out.Cookie != "" {
		r.Header("Access-Control-Allow-Origin", origin)
		r.Header("Vary", "Origin")
		r.JSON(http.StatusOK, map[string]any{"click": out.Cookie, "seconds": int(out.Lifetime / time.Second)})
		return nil
	}
	keep(r, out) // of a page that names no partner: nothing
	r.Status(http.StatusNoContent)
	return nil
}

// Arrived counts a click on a link to one of our own pages, which names the
// partner in the page's address (S14).
func (p *Pages) Arrived(r *web.Request) error {
	out, err := p.Clicks.PageClick(r.Ctx(), r.Context.Request.URL.String(), p.clickRequest(r))
	if err != nil {
		return err
	}
	keep(r, out)
	return nil
}

// clickOf is the click that a page's URL tells of: one that a link from another
// host has recorded already and left as a token (D35), or a new one.
func (p *Pages) clickOf(r *web.Request, page string) (tracking.Outcome, error) {
	if token, coupon := pageToken(page); token != "" {
		out, err := p.Tracker.ClaimToken(r.Ctx(), token, p.Now())
		if out.Cookie != "" {
			out.Coupon = affiliate.Cut(coupon, 190)
		}
		return out, err
	}
	return p.Clicks.PageClick(r.Ctx(), page, p.clickRequest(r))
}

// pageToken is the token that a link from another host left in the page's URL, and
// the code that it carries.
func pageToken(page string) (token, coupon string) {
	u, err := url.Parse(page)
	if err != nil {
		return "", ""
	}
	return u.Query().Get("pct"), u.Query().Get("coupon")
}

// formID is what the plugin accepts in the field partner_center_sent, too.
var formID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// leadSource is that of the plugin's own form facts: the same form reported by
// the script and by PHP is one form.
const leadSource = "wordpress"

// Lead takes the report of an opt-in form that was submitted (S35, S59).
func (p *Pages) Lead(r *web.Request) error {
	fields, origin, ok := p.report(r)
	if !ok {
		return nil
	}
	if !r.Site.Handover().Switches.Tracking {
		r.Status(http.StatusNoContent)
		return nil
	}
	click := r.Click(p.Now())
	if origin != "" {
		click = fields.Get("click")
	}
	if may, err := p.mayReport(r, click); err != nil {
		return err
	} else if !may {
		r.Header("Retry-After", "60")
		r.String(http.StatusTooManyRequests, "Too many forms were sent from this address. Please wait a minute.\n")
		return nil
	}
	form := p.form(r, fields)
	if form.Click = click; origin != "" { // the cookies are those of the site, not of the page elsewhere
		form.Visitor, form.UserID, form.LoggedIn = "", 0, false
	}
	err := p.DB.Tx(r.Ctx(), func(tx *db.Tx) error {
		_, err := p.Sales.TakeTouchpoint(r.Ctx(), tx, form)
		return err
	})
	if err != nil {
		return err
	}
	r.Status(http.StatusNoContent)
	return nil
}

// mayReport tells whether a form is within the limits: of its network, and of the
// click that it carries, wherever that is sent from. What is beyond is counted.
func (p *Pages) mayReport(r *web.Request, click string) (bool, error) {
	limits, err := p.Clicks.Limits(r.Ctx())
	if err != nil {
		return false, err
	}
	pace, visit := limit.Per(time.Minute, limits.Forms), tracking.VisitOf(click)
	may := p.leads.AllowKey(limit.Network(r.ClientIP()), pace, p.Now()) &&
		(visit == "" || p.leads.AllowKey("click "+visit, pace, p.Now()))
	if !may {
		p.Clicks.NoteFormFlood(p.Now())
	}
	return may, nil
}

func (p *Pages) form(r *web.Request, fields url.Values) tracking.Touchpoint {
	form := tracking.Touchpoint{
		Kind: tracking.OptIn, Source: leadSource, ExternalID: fields.Get("id"), Origin: affiliate.ByForm,
		Email: fields.Get("email"), FirstName: fields.Get("first_name"), LastName: fields.Get("last_name"),
		Page: fields.Get("page"), At: p.Now(),
		Visitor: r.CookieValue(web.VisitorCookie), Network: r.Network(),
	}
	if !formID.MatchString(form.ExternalID) {
		form.ExternalID = rand.Text()
	}
	// A logged-in visitor may fill in a form for somebody else: only their own
	// address ties it to the account.
	if user, err := r.Site.SignIn(r.Context.Request); err == nil && affiliate.SameEmail(user.Email, form.Email) {
		form.UserID, form.LoggedIn = affiliate.UserID(user.ID), true
	}
	return form
}

// report reads what a page reports. origin is "" for a page of the site, else
// where the page is: elsewhere only the targets of promo tools have something
// to report (S62), or a partner could count visitors of their own pages, who
// never saw what they promote. Anything else is answered here, and no report is long.
func (p *Pages) report(r *web.Request) (fields url.Values, origin string, ok bool) {
	origin, ok, err := p.elsewhere(r)
	if err != nil || !ok {
		r.Status(http.StatusNoContent)
		return nil, "", false
	}
	req := r.Context.Request
	req.Body = http.MaxBytesReader(r.Writer, req.Body, maxReport)
	err = req.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		r.String(http.StatusRequestEntityTooLarge, "This is too long for a report.\n")
		return nil, "", false
	case err != nil:
		r.String(http.StatusBadRequest, "This is no form.\n")
		return nil, "", false
	}
	return req.Form, origin, true
}

// elsewhere is the origin of a reporting page that is not of the site; ok tells
// whether it may report at all.
func (p *Pages) elsewhere(r *web.Request) (origin string, ok bool, err error) {
	origin = r.GetHeader("Origin")
	if origin == "" || hostOf(origin) == hostOf("//"+r.Context.Request.Host) {
		return "", r.GetHeader("Sec-Fetch-Site") != "cross-site", nil
	}
	if r.GetHeader("Sec-Fetch-Site") == "same-site" {
		return "", true, nil // another host of the domain, which shares its cookies
	}
	ok, err = p.Tracker.IsTarget(r.Ctx(), hostOf(origin))
	return origin, ok, err
}

// hostOf is the host of a URL, without its port; "" when it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
