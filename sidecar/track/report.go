package track

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/sidecar/web"
)

// Click takes the report of a page that a direct link led to: u is the page's
// URL with the partner's parameters (S47). It comes by POST from the script or
// by GET as an image where there is none; the answer is empty either way.
func (p *Pages) Click(r *web.Request) error {
	fields, ok := report(r)
	if !ok {
		return nil
	}
	page := fields.Get("u")
	if token := pageToken(page); token != "" {
		return p.claim(r, token)
	}
	out, err := p.Clicks.PageClick(r.Ctx(), page, p.clickRequest(r))
	if err != nil && affiliate.KindOf(err) != affiliate.KindNotFound {
		return err
	}
	keep(r, out) // of a page that names no partner: nothing
	r.Status(http.StatusNoContent)
	return nil
}

// pageToken is the token that a link from another host left in the page's URL.
func pageToken(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	return u.Query().Get("pct")
}

// claim turns the token of a link that came from another host into the click
// it stands for, which is recorded already (D35).
func (p *Pages) claim(r *web.Request, token string) error {
	made, err := p.Tracker.ClaimToken(r.Ctx(), token, p.Now())
	if err != nil {
		return err
	}
	keep(r, tracking.Outcome{Cookie: made})
	r.Status(http.StatusNoContent)
	return nil
}

// formID is what the plugin accepts in the field partner_center_sent, too.
var formID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// leadSource is that of the plugin's own form facts: the same form reported by
// the script and by PHP is one form.
const leadSource = "wordpress"

// Lead takes the report of an opt-in form that was submitted (S35, S59).
func (p *Pages) Lead(r *web.Request) error {
	fields, ok := report(r)
	if !ok {
		return nil
	}
	if !r.Site.Handover().Switches.Tracking {
		r.Status(http.StatusNoContent)
		return nil
	}
	if !p.leads.allow(r.ClientIP(), p.Now()) {
		r.Header("Retry-After", "60")
		r.String(http.StatusTooManyRequests, "Too many forms were sent from this address. Please wait a minute.\n")
		return nil
	}
	form := p.form(r, fields)
	err := p.DB.Tx(r.Ctx(), func(tx *db.Tx) error {
		_, err := p.Tracker.ApplyForm(r.Ctx(), tx, form)
		return err
	})
	if err != nil {
		return err
	}
	r.Status(http.StatusNoContent)
	return nil
}

func (p *Pages) form(r *web.Request, fields url.Values) tracking.Form {
	form := tracking.Form{
		Kind: tracking.OptIn, Source: leadSource, ExternalID: fields.Get("id"), Origin: affiliate.ByForm,
		Email: fields.Get("email"), FirstName: fields.Get("first_name"), LastName: fields.Get("last_name"),
		Page: fields.Get("page"), Click: r.CookieValue(web.ClickCookie), At: p.Now(),
	}
	if !formID.MatchString(form.ExternalID) {
		form.ExternalID = rand.Text()
	}
	if user, err := r.Site.SignIn(r.Context.Request); err == nil {
		form.UserID = affiliate.UserID(user.ID)
	}
	return form
}

// report reads what a page of the site reports. Anything else is answered
// here: pages of other sites have nothing to report (a partner could otherwise
// count visitors of his own pages, who never saw the site), and no report is long.
func report(r *web.Request) (fields url.Values, ok bool) {
	if r.GetHeader("Sec-Fetch-Site") == "cross-site" {
		r.Status(http.StatusNoContent)
		return nil, false
	}
	req := r.Context.Request
	req.Body = http.MaxBytesReader(r.Writer, req.Body, maxReport)
	err := req.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		r.String(http.StatusRequestEntityTooLarge, "This is too long for a report.\n")
		return nil, false
	case err != nil:
		r.String(http.StatusBadRequest, "This is no form.\n")
		return nil, false
	}
	return req.Form, true
}
