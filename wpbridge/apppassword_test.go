package wpbridge

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func basic(login, password string) *http.Request {
	r := httptest.NewRequest("GET", "/api/v1/partners", nil)
	r.SetBasicAuth(login, password)
	return r
}

func TestAppPasswordsOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		s := newDatabase(t)
		s.option("using_application_passwords", "1")
		for _, u := range v.Users {
			s.user(u)
		}
		p := NewAppPasswords(s.users(), false)
		for _, u := range v.Users {
			for _, name := range []string{u.Login, u.Login + "@mail.test"} {
				for _, password := range []string{u.AppPassword, u.AppChunked,
					strings.ReplaceAll(u.AppChunked, " ", "_-é")} {
					got, used, err := p.Authenticate(t.Context(), basic(name, password), true)
					if err != nil || got.ID != u.ID || used.Name != "vec" || len(used.UUID) != 36 ||
						used.Created.Year() != 2026 {
						t.Errorf("%s: %+v, %+v, %v", name, got, used, err)
					}
				}
			}
		}
	})
}

func TestAppPasswordRefused(t *testing.T) {
	v := readVectors(t, "wp-7.1.4.json")
	s := newDatabase(t)
	s.option("using_application_passwords", "1")
	alice, bob := v.Users[0], v.Users[1]
	s.user(alice)
	s.user(bob)
	p := NewAppPasswords(s.users(), false)
	for name, c := range map[string]struct {
		r     *http.Request
		https bool
	}{
		"no login":       {httptest.NewRequest("GET", "/", nil), true},
		"unencrypted":    {basic("alice", alice.AppPassword), false},
		"wrong":          {basic("alice", alice.AppPassword+"x"), true},
		"empty":          {basic("alice", ""), true},
		"of another":     {basic("alice", bob.AppPassword), true},
		"login password": {basic("alice", "pw-alice"), true},
		"unknown user":   {basic("mallory", alice.AppPassword), true},
	} {
		if u, _, err := p.Authenticate(t.Context(), c.r, c.https); !errors.Is(err, ErrAnonymous) || u.ID != 0 {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
	if _, _, err := NewAppPasswords(s.users(), true).Authenticate(t.Context(), basic("alice", alice.AppPassword),
		false); err != nil {
		t.Errorf("unencrypted in a local environment: %v", err)
	}
	s.meta(alice.ID, "_application_passwords", "a:0:{}")
	if _, _, err := p.Authenticate(t.Context(), basic("alice", alice.AppPassword), true); !errors.Is(err,
		ErrAnonymous) {
		t.Errorf("taken back, but accepted: %v", err)
	}
	s.option("using_application_passwords", "")
	if _, _, err := p.Authenticate(t.Context(), basic("bob smith", bob.AppPassword), true); !errors.Is(err,
		ErrAnonymous) {
		t.Errorf("switched off, but accepted: %v", err)
	}
}
