package web

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/wpbridge"
)

// Identity is who makes a request: a WordPress user, who may also be a
// partner. The zero Identity is a visitor who is not logged in.
type Identity struct {
	User    wpbridge.User
	Partner affiliate.Partner // ID 0: not a partner
	// Behind is the admin who looks at the center as Partner, who then is the User;
	// nil for everybody else. Seen is what the partner is called.
	Behind *wpbridge.User
	Seen   string
}

// Capabilities of the plugin (S146).
const (
	CanView     = "partner_center_view"
	CanApprove  = "partner_center_approve"
	CanPay      = "partner_center_pay"
	CanSettings = "partner_center_settings"
)

// LoggedIn tells whether it is anybody WordPress knows.
func (i Identity) LoggedIn() bool { return i.User.ID != 0 }

// Actor names the person in the audit and the ledger. A partner who is no admin is
// named with their user's number: that is sealed, and the name can be erased (D37).
func (i Identity) Actor() affiliate.Actor {
	if i.Behind != nil {
		return affiliate.Actor(i.Behind.Login)
	}
	if i.Partner.ID != 0 && !i.User.Can(CanView) {
		return affiliate.Actor(fmt.Sprintf("%s (user %d)", i.User.Login, i.User.ID))
	}
	return affiliate.Actor(i.User.Login)
}

// signIn is who makes the request in the eyes of WordPress and of its plugins:
// the one whom the login cookie proves and, where WordPress runs around our page,
// whom it takes the visitor for (PC-User). They may differ, for plugins end
// logins in ways that only they know; then it is nobody. Where plugins replace
// how logins work, the cookie tells us nothing, and WordPress' word counts alone.
func (r *Request) signIn(ctx context.Context) (wpbridge.User, error) {
	named := r.GetHeader("PC-User")
	replaced := r.Site.Handover().CoreAuthReplaced
	if !r.Signed || !r.Surface.Embedded() || (named == "" && !replaced) {
		if replaced {
			return wpbridge.User{}, wpbridge.ErrAnonymous
		}
		return r.Site.SignIn(r.Context.Request)
	}
	id, _ := strconv.ParseInt(named, 10, 64)
	if id == 0 {
		return wpbridge.User{}, wpbridge.ErrAnonymous
	}
	if replaced {
		user, err := r.Site.User(ctx, id)
		if errors.Is(err, wpbridge.ErrNoUser) || user.Blocked {
			return wpbridge.User{}, wpbridge.ErrAnonymous
		}
		return user, err
	}
	user, err := r.Site.SignIn(r.Context.Request)
	if err == nil && user.ID != id {
		return wpbridge.User{}, wpbridge.ErrAnonymous
	}
	return user, err
}

// identify finds out who this is. A destroyed login is out on the next request:
// nothing is cached.
func (r *Request) identify(ctx context.Context) error {
	user, err := r.signIn(ctx)
	if errors.Is(err, wpbridge.ErrAnonymous) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Who.User = user
	partner, err := r.Site.Registry.PartnerByUser(ctx, affiliate.UserID(user.ID))
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	if err == nil && partner.ClaimedAt == nil { // the first log-in (D42)
		partner, err = r.Site.Registry.ClaimPartner(ctx, partner.ID)
	}
	r.Who.Partner = partner
	if err != nil {
		return err
	}
	return r.Site.SawLoggedIn(ctx, user.Email, r.CookieValue(VisitorCookie))
}
