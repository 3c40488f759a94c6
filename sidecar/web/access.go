package web

import (
	"net/http"
	"net/url"

	"partnercenter/affiliate"
)

// Access says who may reach a route.
type Access int

// The kinds of access.
const (
	Public      Access = iota // anybody, also while the center is off: links, assets, health
	Visitor                   // anybody, while the center is on: sign-up
	Person                    // anybody logged in
	Partner                   // partners, for their own data
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
	_, admin := capability[access]
	// S1: while the feature is off there is nothing; S113: nor is the center
	// while its checkbox is off, but the admin pages stay.
	if !handover.Switches.Tracking || (!admin && !handover.Switches.Center) {
		return false, affiliate.Missing("This page isn't available right now.")
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
		return false, affiliate.Forbidden("Your account isn't allowed to do this. Ask an administrator of this site for the capability %q.", capability[access])
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
	back := r.Surface.URL(r.path(), Flat(r.Context.Request.URL.Query())...)
	if r.Surface.Kind == Standalone {
		back = r.origin() + back
	}
	login := r.Site.Handover().SiteURL + "/wp-login.php?redirect_to=" + url.QueryEscape(back)
	r.Redirect(http.StatusSeeOther, login)
	return true, nil
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
