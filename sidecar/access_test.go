package sidecar_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// doors is a site whose handlers are replaced, with one person of each sort.
// The tests below go over the whole route table: a new route is covered
// without being named here.
type doors struct {
	*sidecartest.Site
	handler http.Handler
	cookies map[string]*http.Cookie
}

func newDoors(t *testing.T) *doors {
	s := sidecartest.New(t)
	partner := s.Partner(s.Program("Gold").ID, "anna")
	login := func(name string, rights ...string) *http.Cookie { return s.Login(s.User(name, rights...)) }
	return &doors{s, s.Server.Doors(), map[string]*http.Cookie{
		"nobody":   nil,
		"reader":   login("reader", "subscriber"),
		"partner":  s.Login(int64(partner.WPUserID)),
		"admin":    s.Admin(),
		"viewer":   login("viewer", web.CanView),
		"approver": login("approver", web.CanApprove),
		"payer":    login("payer", web.CanPay),
		"setter":   login("setter", web.CanSettings),
	}}
}

// through is who must get through to a route, by its access; everybody else
// must not.
var through = map[web.Access]string{
	web.Public:      "nobody reader partner admin viewer approver payer setter",
	web.ByKey:       "nobody reader partner admin viewer approver payer setter",
	web.Visitor:     "nobody reader partner admin viewer approver payer setter",
	web.Person:      "reader partner admin viewer approver payer setter",
	web.Partner:     "partner",
	web.MayView:     "admin viewer",
	web.MayApprove:  "admin approver",
	web.MayPay:      "admin payer",
	web.MaySettings: "admin setter",
}

var parameter = regexp.MustCompile(`[:*]\w+`)

// request is a browser's request to the route, on the surface its pages have,
// not signed yet.
func (d *doors) request(route web.Route, who string) *http.Request {
	surface := web.Theme
	if isAdmin(route.Access) {
		surface = web.Admin
	}
	req := d.Request(route.Method, parameter.ReplaceAllString(route.Path, "1"), surface, "")
	if route.Method == http.MethodPost {
		req.Header.Set("Origin", sidecartest.Home)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if c := d.cookies[who]; c != nil {
		req.AddCookie(c)
	}
	return req
}

func isAdmin(a web.Access) bool { return a >= web.MayView }

func (d *doors) signed(route web.Route, who string) *sidecartest.Answer {
	req := d.request(route, who)
	d.Sign(req)
	return d.Ask(d.handler, req)
}

func eachRoute(t *testing.T, try func(t *testing.T, route web.Route)) {
	for _, route := range sidecar.Routes() {
		t.Run(route.Method+" "+route.Path, func(t *testing.T) { try(t, route) })
	}
}

// Spec: S115.1 S139.1 S146.1
func TestAccessOfEveryRoute(t *testing.T) {
	d := newDoors(t)
	eachRoute(t, func(t *testing.T, route web.Route) {
		for who := range d.cookies {
			a := d.signed(route, who)
			if want := strings.Contains(" "+through[route.Access]+" ", " "+who+" "); want != (a.Code == http.StatusOK) {
				t.Errorf("%s: answered %d %s", who, a.Code, a.Location())
			}
			if a.Code == http.StatusOK {
				continue
			}
			login := strings.HasPrefix(a.Location(), sidecartest.Home+"/wp-login.php?redirect_to=")
			if asked := who == "nobody" && route.Method == http.MethodGet; login != asked || !asked &&
				a.Code != http.StatusForbidden {
				t.Errorf("%s: answered %d %s", who, a.Code, a.Location())
			}
		}
	})
}

// A stranger's request outside of wp-admin does not show admin pages there.
//
// Spec: S115
func TestAdminPagesStandInWPAdmin(t *testing.T) {
	d := newDoors(t)
	eachRoute(t, func(t *testing.T, route web.Route) {
		if !isAdmin(route.Access) || route.Method != http.MethodGet {
			return // not a page of wp-admin
		}
		req := d.request(route, "admin")
		req.Header.Del("PC-Surface")
		if a := d.Ask(d.handler, req); a.Code != http.StatusSeeOther ||
			!strings.HasPrefix(a.Location(), sidecartest.Admin+"&pc=admin") {
			t.Errorf("answered %d %s", a.Code, a.Location())
		}
	})
}

// Spec: S115
func TestSignatureOfEveryRoute(t *testing.T) {
	d := newDoors(t)
	eachRoute(t, func(t *testing.T, route web.Route) {
		who := strings.Fields(through[route.Access])[0]
		if a := d.signed(route, who); a.Code != http.StatusOK {
			t.Fatalf("a good call is answered %d", a.Code)
		}
		for name, spoil := range map[string]func() *http.Request{
			"header added": func() *http.Request {
				req := d.request(route, "nobody")
				d.Sign(req)
				req.AddCookie(d.cookies["admin"])
				return req
			},
			"another page": func() *http.Request {
				req := d.request(route, who)
				d.Sign(req)
				req.RequestURI += "?x=1"
				return req
			},
			"another key": func() *http.Request {
				req := d.request(route, who)
				key, _ := wpbridge.ParsePairingKey(strings.Repeat("x", 32), "wp_")
				wpbridge.NewSigner(key, d.Clock.Now, nil).Sign(req, nil)
				return req
			},
			"too old":              func() *http.Request { return d.signedAt(route, who, -6*time.Minute) },
			"clock 10 minutes off": func() *http.Request { return d.signedAt(route, who, 10*time.Minute) },
		} {
			if a := d.Ask(d.handler, spoil()); a.Code != http.StatusUnauthorized {
				t.Errorf("%s: answered %d", name, a.Code)
			}
		}
		d.replay(t, route, who)
	})
}

func (d *doors) signedAt(route web.Route, who string, off time.Duration) *http.Request {
	req := d.request(route, who)
	d.Clock.Advance(off)
	d.Sign(req)
	d.Clock.Advance(-off)
	return req
}

// replay sends the same call twice: what only reads may be read again, what
// changes something must not be repeated.
func (d *doors) replay(t *testing.T, route web.Route, who string) {
	t.Helper()
	req := d.request(route, who)
	d.Sign(req)
	want := http.StatusUnauthorized
	if route.Method != http.MethodPost {
		want = http.StatusOK
	}
	d.Ask(d.handler, req.Clone(t.Context()))
	if a := d.Ask(d.handler, req.Clone(t.Context())); a.Code != want {
		t.Errorf("replayed: answered %d", a.Code)
	}
}

// An admin whose clocks differ must be told so, not that their key is wrong.
//
// Spec: S115
func TestClocksThatDiffer(t *testing.T) {
	s := sidecartest.New(t)
	req := s.Request(http.MethodGet, "healthz", web.Standalone, "")
	s.Clock.Advance(10 * time.Minute)
	s.Sign(req)
	s.Clock.Advance(-10 * time.Minute)
	if a := s.Do(req).Want(http.StatusUnauthorized); !strings.Contains(a.Text, "600 seconds ahead") {
		t.Error(a.Text)
	}
}

// Unsafe requests must come from a page of the site; only reports of the
// tracking script may come from anywhere.
//
// Spec: S115
func TestRequestsForgedAcrossSites(t *testing.T) {
	d := newDoors(t)
	eachRoute(t, func(t *testing.T, route web.Route) {
		who := strings.Fields(through[route.Access])[0]
		for name, forge := range map[string]func(http.Header){
			"lost on the way": func(h http.Header) { h.Del("Origin"); h.Del("Sec-Fetch-Site") },
			"of another site": func(h http.Header) {
				h.Set("Origin", "https://evil.test")
				h.Set("Sec-Fetch-Site",
					"cross-site")
			},
			"of a subdomain": func(h http.Header) {
				h.Set("Origin", "https://x.shop.test")
				h.Set("Sec-Fetch-Site",
					"same-site")
			},
			"old browser": func(h http.Header) { h.Set("Origin", "https://evil.test"); h.Del("Sec-Fetch-Site") },
		} {
			want := http.StatusForbidden
			if route.Method != http.MethodPost || route.Open {
				want = http.StatusOK
			}
			req := d.request(route, who)
			forge(req.Header)
			d.Sign(req)
			if a := d.Ask(d.handler, req); a.Code != want {
				t.Errorf("%s: answered %d", name, a.Code)
			}
		}
	})
}

// Without the plugin between, a call that names neither comes from no browser,
// so from nobody whose cookies could be misused.
//
// Spec: S115
func TestDirectCallsWithoutBrowser(t *testing.T) {
	s := sidecartest.New(t)
	req := s.Request(http.MethodPost, "admin/settings", web.Standalone, "")
	if a := s.Do(req); a.Code != http.StatusForbidden || !strings.Contains(a.Text, "logged out") {
		t.Errorf("answered %d: %s", a.Code, a.Text)
	}
}

// What an unsigned request says about itself counts only from a web server of
// the same machine, and never for the surface.
//
// Spec: S115
func TestUnsignedSurface(t *testing.T) {
	s := sidecartest.New(t)
	req := s.Request(http.MethodGet, "", web.Theme, "")
	a := s.Do(req).Want(http.StatusSeeOther)
	if !strings.Contains(a.Location(), "redirect_to=https%3A%2F%2Fshop.test%2Fpartner-center%2F") {
		t.Errorf("the surface was believed: %s", a.Location())
	}
	req = httptest.NewRequest(http.MethodGet, "/partner-center/", nil)
	req.RemoteAddr, req.Host = "198.51.100.7:1234", "shop.test"
	req.Header.Set("X-Forwarded-Host", "evil.test")
	if a := s.Do(req); strings.Contains(a.Location(), "evil.test") {
		t.Errorf("a stranger named the host: %s", a.Location())
	}
}
