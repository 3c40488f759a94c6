package sidecar_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Who is logged in is what WordPress with its plugins says.
//
// Spec: S115.1
func TestLoginAsWordPressMeansIt(t *testing.T) {
	s := sidecartest.New(t)
	anna := s.Partner(s.Program("Gold").ID, "anna")
	own, cookie := int64(anna.WPUserID), s.Login(int64(anna.WPUserID))
	other := s.User("carl")
	for _, tc := range []struct {
		name             string
		replaced         bool
		named            string
		cookie, partners bool
	}{
		{"the cookie's", false, strconv.FormatInt(own, 10), true, true},
		{"nobody in WordPress' eyes", false, "0", true, false},
		{"another one in WordPress' eyes", false, strconv.FormatInt(other, 10), true, false},
		{"a session that is gone", false, strconv.FormatInt(own, 10), false, false},
		{"replaced, WordPress names the partner", true, strconv.FormatInt(own, 10), false, true},
		{"replaced, nobody", true, "0", true, false},
		{"replaced, not said", true, "", true, false},
	} {
		s.HandOver(func(h *wpbridge.Handover) { h.CoreAuthReplaced = tc.replaced })
		req := s.Request(http.MethodGet, "earnings", web.Theme, "")
		if tc.cookie {
			req.AddCookie(cookie)
		}
		if tc.named != "" {
			req.Header.Set("PC-User", tc.named)
		}
		s.Sign(req)
		if a := s.Do(req); (a.Code == http.StatusOK) != tc.partners {
			t.Errorf("%s: answered %d", tc.name, a.Code)
		}
	}
	// Pages of our own address stand where WordPress shows them.
	if a := s.Get("earnings?from=x", web.Standalone, cookie); a.Code != http.StatusSeeOther ||
		a.Location() != sidecartest.Center+"?pc="+url.QueryEscape("earnings?from=x") {
		t.Errorf("stand-alone: %d %s", a.Code, a.Location())
	}
	if a := s.Get("admin", web.Standalone, cookie); !strings.HasPrefix(a.Location(), sidecartest.Admin) {
		t.Errorf("stand-alone, admin: %d %s", a.Code, a.Location())
	}
}

// Spec: S115.1
func TestLoginPageIsTheSites(t *testing.T) {
	s := sidecartest.New(t)
	s.HandOver(func(h *wpbridge.Handover) { h.LoginURL = sidecartest.Home + "/?enter=1" })
	if a := s.Get("", web.Theme); !strings.HasPrefix(a.Location(), sidecartest.Home+
		"/?enter=1&redirect_to=https%3A%2F%2F") {
		t.Errorf("sent to %s", a.Location())
	}
}

// What the plugin has just saved holds from the next request on.
//
// Spec: S1, S113
func TestHandOverIsReadAtOnce(t *testing.T) {
	s := sidecartest.New(t)
	tell := func(sign bool) int {
		req := s.Request(http.MethodPost, "handover", web.Standalone, "")
		for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
			req.Header.Del(name)
		}
		if sign {
			s.Sign(req)
		}
		return s.Do(req).Code
	}
	s.Handover.Switches.Center = false
	s.WriteHandover()
	if code := tell(false); code != http.StatusForbidden {
		t.Errorf("a stranger's call: %d", code)
	}
	before := s.Get("", web.Theme).Code
	if code := tell(true); code != http.StatusNoContent || before != http.StatusSeeOther ||
		s.Get("", web.Theme).Code == before {
		t.Errorf("told: %d; before %d, after %d", code, before, s.Get("", web.Theme).Code)
	}
}
