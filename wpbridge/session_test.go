package wpbridge

import (
	"testing"
	"time"
)

// Spec: S115
func TestSessionsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		for _, u := range v.Users {
			sessions := must(ParseSessions(u.Sessions))
			s, found := sessions[u.Verifier]
			if !found || s.Expires.Unix() != u.Expiration || s.IP != "127.0.0.1" ||
				s.UserAgent != `Mözilla/5.0 "x"; test` || s.LoginAt.Unix() != 1790000000 {
				t.Errorf("%s: %+v", u.Login, sessions)
			}
			end := time.Unix(u.Expiration, 0)
			if !sessions.Alive(u.Token, end) || sessions.Alive(u.Token, end.Add(time.Second)) {
				t.Errorf("%s: does not end at %v", u.Login, end)
			}
			if sessions.Alive(u.Token+"x", end) || sessions.Alive("", end) {
				t.Errorf("%s: another token is accepted", u.Login)
			}
		}
	})
}

// Spec: S115
func TestSessionsOfRealFormLogins(t *testing.T) {
	for _, l := range formLogins {
		token := must(ParseAuthCookie(l.value)).Token
		if got := sessionVerifier(token); got != l.verifier {
			t.Errorf("%s: verifier %s, want %s", l.vectors, got, l.verifier)
		}
	}
}

// Entries come bare from old releases, and with other keys from plugins.
func TestSessionsOfAllShapes(t *testing.T) {
	s := must(ParseSessions(php(t, `echo serialize([
		hash('sha256', 'bare') => 2000000000,
		hash('sha256', 'text') => ['expiration' => '2000000000'],
		hash('sha256', 'plugin') => ['expiration' => 2000000000, 'device' => new stdClass, 'ip' => null, 'ua' => 'a\x41'],
		hash('sha256', 'none') => ['login' => 1],
		hash('sha256', 'odd') => 'x',
	]);`)))
	now := time.Unix(1999999999, 0)
	for token, want := range map[string]bool{"bare": true, "text": true, "plugin": true, "none": false, "odd": false} {
		if got := s.Alive(token, now); got != want {
			t.Errorf("%s: alive %v", token, got)
		}
	}
	if ua := s[sessionVerifier("plugin")].UserAgent; ua != `a\x41` {
		t.Errorf("user agent changed to %q", ua)
	}
}
