package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"partnercenter/affiliate"
)

// Access says who may reach a route.
type Access int

// The kinds of access.
const (
	Public      Access = iota // anybody, also while the center is off: links, assets, health
	ByKey                     // programs, while the feature is on; the API checks what they sign
	Visitor                   // anybody, while the feature is on: sign-up and confirmations need no center (S153)
	Person                    // anybody logged in, likewise
	Partner                   // partners, for their own data, while the center is on
	MayView                   // the capability to view
	MayApprove                // …to approve
	MayPay                    // …to pay
	MaySettings               // …to change settings
)

// capability is what WordPress calls the access of admin pages.
var capability = map[Access]string{MayView: CanView, MayApprove: CanApprove, MayPay: CanPay, MaySettings: CanSettings}

// admit lets a request in or says why not. It answers done when it has
// already sent the person elsewhere.
func (r *Request) admit(access Access) (done bool, err error) {
	if access == Public {
		return false, nil
	}
	handover, err := r.Site.Pairing()
	if err != nil {
		return false, unavailable(err)
	}
	if access == ByKey && handover.Switches.Tracking {
		return false, nil // a partner's data and sales do not need the center (S153)
	}
	_, admin := capability[access]
	// S1: while the feature is off there is nothing; S113: nor is the center while its
	// checkbox is off, but the admin pages stay, and what a program needs without it.
	if !handover.Switches.Tracking || access == Partner && !handover.Switches.Center {
		return false, affiliate.Missing("This page isn't available right now.")
	}
	if access != Visitor && r.askWordPress(admin) {
		return true, nil
	}
	if err := r.identify(r.Context.Request.Context()); err != nil {
		return false, err
	}
	if access == Visitor {
		return false, nil
	}
	if !r.Who.LoggedIn() {
		return r.askToLogIn()
	}
	if access == Partner {
		if err := r.lookAs(); err != nil {
			return false, err
		}
	}
	switch {
	case admin:
		return r.admitAdmin(access)
	case access == Partner && !r.Who.Partner.State.MayLogIn():
		return false, &notPartner{r.Who.Partner.State}
	}
	return false, nil
}

func (r *Request) admitAdmin(access Access) (done bool, err error) {
	if !r.Who.User.Can(capability[access]) {
		return false, affiliate.Forbidden(
			"Your account isn't allowed to do this. Ask an administrator of this site for the capability %q.",
			capability[access])
	}
	// Admin pages look right only inside wp-admin.
	if r.Surface.Kind != Admin && r.isGet() {
		there := Surface{Admin, r.Site.Handover().AdminURL + "admin.php?page=partner-center"}
		r.Redirect(http.StatusSeeOther, there.URL(r.path(), Flat(r.Context.Request.URL.Query())...))
		return true, nil
	}
	return false, nil
}

// askToLogIn sends a visitor to WordPress' login and, afterwards, back here.
func (r *Request) askToLogIn() (done bool, err error) {
	if !r.isGet() {
		return false, affiliate.Forbidden("You were logged out. Log in and try again.")
	}
	r.Redirect(http.StatusSeeOther, r.Site.loginURL(r.absolute(r.address())))
	return true, nil
}

// absolute is the URL of a page of ours, address as of Request.address.
func (r *Request) absolute(address string) string {
	path, query, _ := strings.Cut(address, "?")
	values, _ := url.ParseQuery(query)
	there := r.Surface.URL(path, Flat(values)...)
	if r.Surface.Kind == Standalone {
		there = r.origin() + there
	}
	return there
}

// loginURL is the site's login page, which plugins may have moved.
func (s *Site) loginURL(back string) string {
	h := s.Handover()
	login := cmp.Or(h.LoginURL, h.SiteURL+"/wp-login.php")
	separator := "?"
	if strings.Contains(login, "?") {
		separator = "&"
	}
	return login + separator + "redirect_to=" + url.QueryEscape(back)
}

// askWordPress sends a page of its own address to where WordPress shows it, when
// only WordPress with its plugins can tell who is logged in.
func (r *Request) askWordPress(admin bool) (done bool) {
	h := r.Site.Handover()
	if r.Surface.Embedded() || !h.CoreAuthReplaced || !r.isGet() {
		return false
	}
	there := Surface{Theme, h.PageURL}
	if admin {
		there = Surface{Admin, h.AdminURL + "admin.php?page=partner-center"}
	}
	if there.Base == "" {
		return false
	}
	r.Redirect(http.StatusSeeOther, there.URL(r.path(), Flat(r.Context.Request.URL.Query())...))
	return true
}

func (r *Request) isGet() bool {
	return r.Context.Request.Method == http.MethodGet || r.Context.Request.Method == http.MethodHead
}

// Flat is a query as Surface.URL takes it.
func Flat(values url.Values) []string {
	var flat []string
	for name, all := range values {
		for _, value := range all {
			flat = append(flat, name, value)
		}
	}
	return flat
}
