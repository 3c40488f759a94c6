package wpbridge

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnercenter/clock"
)

// loggedIn is a browser in which a user of the vectors is logged in.
type loggedIn struct {
	*site
	vectors
	user  vectorUser
	clock *clock.Fake
}

func newLogin(t *testing.T, v vectors) *loggedIn {
	s := newDatabase(t)
	for _, u := range v.Users {
		s.user(u)
	}
	return &loggedIn{s, v, v.Users[0], clock.NewFake(time.Unix(1999999999, 0))}
}

func (l *loggedIn) authenticator() *Authenticator {
	keys := LoginKeys{CookieName: l.Cookies[2], Salt: l.Salts["logged_in"], Version: l.Version}
	return NewAuthenticator(l.users(), keys, l.clock.Now)
}

func (l *loggedIn) request(cookie string) *http.Request {
	r := httptest.NewRequest("GET", "/partner-center/", nil)
	r.Header.Set("Cookie", "other=1; "+l.Cookies[2]+"="+cookie+"; pc_click=2")
	return r
}

// come makes a request with the user's genuine cookie.
func (l *loggedIn) come() (User, error) {
	return l.authenticator().Authenticate(l.Context(), l.request(l.user.Encoded))
}

// Spec: S107, S115
func TestLoginOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		l := newLogin(t, v)
		for _, u := range v.Users {
			got, err := l.authenticator().Authenticate(t.Context(), l.request(u.Encoded))
			if err != nil || got.ID != u.ID || got.Login != u.Login || len(got.Roles) > 1 {
				t.Errorf("%s: %+v, %v", u.Login, got, err)
			}
		}
		if u, err := l.come(); err != nil || !u.Can("read") {
			t.Errorf("capabilities are missing: %+v, %v", u, err)
		}
	})
}

// Every way a login ends counts on the very next request.
//
// Spec: S115
func TestLoginEndsAtOnce(t *testing.T) {
	v := readVectors(t, "wp-7.1.4.json")
	for name, end := range map[string]func(*loggedIn){
		"logout": func(l *loggedIn) {
			l.exec(
				`DELETE FROM {usermeta} WHERE meta_key = 'session_tokens'`)
		},
		"logged out elsewhere": func(l *loggedIn) { l.meta(2, "session_tokens", v.Users[1].Sessions) },
		"broken sessions":      func(l *loggedIn) { l.meta(2, "session_tokens", "a:1:{") },
		"new password":         func(l *loggedIn) { l.exec(`UPDATE {users} SET user_pass = CONCAT(user_pass, 'x')`) },
		"user deleted":         func(l *loggedIn) { l.exec(`DELETE FROM {users}`) },
		"user renamed":         func(l *loggedIn) { l.exec(`UPDATE {users} SET user_login = 'renamed' WHERE ID = 2`) },
		"time of the cookie alone": func(l *loggedIn) {
			l.meta(2, "session_tokens", strings.ReplaceAll(v.Users[0].Sessions, "2000000000", "2100000000"))
			l.clock.Advance(2 * time.Second)
		},
		"time of the session alone": func(l *loggedIn) {
			l.meta(2, "session_tokens", strings.ReplaceAll(v.Users[0].Sessions, "2000000000", "1999999998"))
		},
		"time":                   func(l *loggedIn) { l.clock.Advance(2 * time.Second) },
		"shuffled salts":         func(l *loggedIn) { l.Salts["logged_in"] = "new" },
		"cookie of another site": func(l *loggedIn) { l.Cookies[2] = "wordpress_logged_in_other" },
	} {
		l := newLogin(t, readVectors(t, "wp-7.1.4.json"))
		if _, err := l.come(); err != nil {
			t.Fatalf("%s: not logged in before: %v", name, err)
		}
		request := l.request(l.user.Encoded)
		end(l)
		if u, err := l.authenticator().Authenticate(t.Context(), request); !errors.Is(err, ErrAnonymous) || u.ID != 0 {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
}

// Spec: S115
func TestLoginWithoutCookie(t *testing.T) {
	l := newLogin(t, readVectors(t, "wp-7.1.4.json"))
	plainRequest := httptest.NewRequest("GET", "/", nil)
	for name, r := range map[string]*http.Request{
		"none": plainRequest, "empty": l.request(""), "garbage": l.request("%7C%7C"),
		"injection":               l.request("%27%20OR%201%3D1%7C2000000000%7Ct%7Cm"),
		"auth cookie of wp-admin": l.request(strings.ReplaceAll(l.user.Auth, "|", "%7C")),
	} {
		if _, err := l.authenticator().Authenticate(t.Context(), r); !errors.Is(err, ErrAnonymous) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A database that fails must not look like a visitor who is logged out.
//
// Spec: S115
func TestLoginWithDatabaseAway(t *testing.T) {
	l := newLogin(t, readVectors(t, "wp-7.1.4.json"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.authenticator().Authenticate(ctx, l.request(l.user.Encoded))
	if err == nil || errors.Is(err, ErrAnonymous) {
		t.Errorf("got %v", err)
	}
}

// Spec: S115
// Spec: S115
// Spec: S115
func BenchmarkAuthenticate(b *testing.B) {
	s := newDatabase(b)
	v := readVectors(b, "wp-7.1.4.json")
	s.user(v.Users[0])
	l := &loggedIn{s, v, v.Users[0], clock.NewFake(time.Unix(1999999999, 0))}
	a, r := l.authenticator(), l.request(l.user.Encoded)
	for b.Loop() {
		if _, err := a.Authenticate(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}

// Spec: S115
func TestLoginOfBlockedUser(t *testing.T) {
	v := readVectors(t, "wp-7.1.4.json")
	l := &loggedIn{newNetwork(t), v, v.Users[0], clock.NewFake(time.Unix(1999999999, 0))}
	l.site.user(l.user)
	if _, err := l.come(); err != nil {
		t.Fatal(err)
	}
	l.exec(`UPDATE {users} SET spam = 1`)
	if _, err := l.come(); !errors.Is(err, ErrAnonymous) {
		t.Errorf("a spammer is let in: %v", err)
	}
}
