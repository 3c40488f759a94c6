package wpbridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"partnercenter/clock"
)

// ErrAnonymous says that a request comes from nobody WordPress would know:
// no login, or one that is forged, run out or ended. The reason is for logs.
var ErrAnonymous = errors.New("not logged in to WordPress")

func anonymous(reason string) error { return fmt.Errorf("%w: %s", ErrAnonymous, reason) }

// LoginKeys is what WordPress signs its logged_in cookie with.
type LoginKeys struct {
	CookieName string // constant LOGGED_IN_COOKIE
	Salt       string // wp_salt('logged_in')
	Version    Version
}

// LoginKeys returns those the plugin handed over.
func (h Handover) LoginKeys() LoginKeys {
	return LoginKeys{CookieName: h.LoggedInCookie, Salt: h.Salts.LoggedIn, Version: h.WPVersion}
}

// Authenticator finds out who makes a request, from the cookie WordPress set
// at login. It remembers nothing: a logout or a new password counts at once.
type Authenticator struct {
	users *Users
	keys  LoginKeys
	now   clock.Clock
}

// NewAuthenticator returns one for keys that do not change; make another when
// the hand-over changes.
func NewAuthenticator(users *Users, keys LoginKeys, now clock.Clock) *Authenticator {
	return &Authenticator{users, keys, now}
}

// Authenticate returns the user of a request with their capabilities (S115). It
// answers ErrAnonymous, or an error of the database. A request without cookie
// costs no query, one with cookie two (three on a network).
func (a *Authenticator) Authenticate(ctx context.Context, r *http.Request) (User, error) {
	cookie, err := a.cookie(r)
	if err != nil {
		return User{}, anonymous(err.Error())
	}
	now := a.now()
	if cookie.Expired(now) {
		return User{}, anonymous("the cookie has run out")
	}
	found, err := a.users.accountByLogin(ctx, cookie.Username)
	switch {
	case errors.Is(err, ErrNoUser):
		return User{}, anonymous("the user is gone")
	case err != nil:
		return User{}, fmt.Errorf("look up the user of a login: %w", err)
	case !cookie.Signed(a.keys.Salt, found.passwordHash, a.keys.Version):
		return User{}, anonymous("the cookie is forged, or the password or the site's salts changed")
	case found.Blocked:
		return User{}, anonymous("the user is blocked")
	}
	sessions, _ := ParseSessions(found.meta[metaSessions]) // unreadable ones are none, as in WordPress
	if !sessions.Alive(cookie.Token, now) {
		return User{}, anonymous("the session was ended")
	}
	found.LoggedInAt = sessions[sessionVerifier(cookie.Token)].LoginAt
	return found.User, nil
}

// cookie takes the first of several cookies of the name, as PHP does.
func (a *Authenticator) cookie(r *http.Request) (AuthCookie, error) {
	c, err := r.Cookie(a.keys.CookieName)
	if err != nil {
		return AuthCookie{}, errors.New("no login cookie")
	}
	return ParseAuthCookie(c.Value)
}
