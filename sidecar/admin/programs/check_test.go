package programs

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Spec: S45.2
func TestCheckFindsTheScript(t *testing.T) {
	const base = "https://shop.test/partner-center"
	for _, test := range []struct {
		html  string
		found bool
	}{
		{`<p>Hello</p><script src="https://shop.test/partner-center/t.js" async></script>`, true},
		{`<SCRIPT async SRC='/partner-center/t.js?ver=2'></SCRIPT>`, true},
		{`<!-- <script src="/partner-center/t.js"></script> -->`, false},
		{`<script src="https://other.test/partner-center/t.js"></script>`, false},
		{`<a href="/partner-center/t.js">script</a>`, false},
		{``, false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
			r *http.Request) {
			fmt.Fprint(w, test.html)
		}))
		found, err := hasScript(t.Context(), pageClient(server.URL), server.URL+"/offer", base)
		server.Close()
		if err != nil || found != test.found {
			t.Errorf("%s: %v, %v; want %v", test.html, found, err, test.found)
		}
	}
}

// An admin's typing, a redirect or a name must not lead into the network
// behind the site.
//
// Spec: S45
func TestCheckStaysOutOfPrivateNetworks(t *testing.T) {
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request) {
		t.Error("it was asked")
	}))
	defer private.Close()
	site := httptest.NewServer(http.RedirectHandler(private.URL, http.StatusFound))
	defer site.Close()
	for _, page := range []string{private.URL, site.URL, strings.Replace(private.URL, "127.0.0.1", "localhost", 1),
		"http://169.254.169.254/", "http://[::1]:80/"} {
		if _, err := hasScript(t.Context(), pageClient(site.URL), page,
			"https://shop.test/partner-center"); err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", page, err)
		}
	}
	for address, public := range map[string]bool{"93.184.216.34": true, "2606:2800:220:1::1": true, "10.0.0.1": false,
		"::ffff:192.168.1.1": false, "100.64.1.1": false, "fd00::1": false, "0.0.0.0": false, "224.0.0.1": false,
		"198.18.0.1": false, "64:ff9b::a00:1": false, "2002:7f00:1::1": false, "2001:0:a00:1::1": false,
		"2001:4860:4860::8888": true, "192.0.2.1": false, "198.51.100.7": false, "203.0.113.9": false,
		"2001:db8::1": false, "3fff::1": false, "::ffff:203.0.113.9": false, "::ffff:127.0.0.1": false,
		"::7f00:1": true, "169.254.169.254": false} {
		if isPublic(netip.MustParseAddr(address)) != public {
			t.Errorf("%s: public is not %v", address, public)
		}
	}
}
