package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/gin-gonic/gin"
)

// Some proxies append to the header that came in, others add one of their own:
// what the visitor wrote never counts.
func TestWhatTheNearestProxySays(t *testing.T) {
	for _, c := range []struct {
		remote   string
		chain    []string
		hosts    []string
		ip, host string
	}{
		{"127.0.0.1:1", []string{"198.51.100.1"}, []string{"shop.test"}, "198.51.100.1", "shop.test"},
		{"127.0.0.1:1", []string{"10.9.9.9, 198.51.100.1"}, []string{"evil.test, shop.test"}, "198.51.100.1",
			"shop.test"},
		{"127.0.0.1:1", []string{"10.9.9.9", "198.51.100.1"}, []string{"evil.test", "shop.test"}, "198.51.100.1",
			"shop.test"},
		// Through a provider's proxy to the web server's: each is trusted by name.
		{"10.0.0.5:1", []string{"6.6.6.6, 198.51.100.1, 10.0.0.9"}, []string{"shop.test"}, "198.51.100.1", "shop.test"},
		{"127.0.0.1:1", []string{"198.51.100.1:55123, 10.0.0.9"}, []string{"shop.test"}, "198.51.100.1", "shop.test"},
		{"127.0.0.1:1", []string{"unknown, 10.0.0.9"}, []string{"shop.test"}, "10.0.0.9", "shop.test"},
		{"127.0.0.1:1", nil, nil, "127.0.0.1", "direct.test"},
		{"203.0.113.7:1", []string{"10.9.9.9"}, []string{"evil.test"}, "203.0.113.7", "direct.test"},
	} {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr, req.Host = c.remote, "direct.test"
		req.Header["X-Forwarded-For"], req.Header["X-Forwarded-Host"] = c.chain, c.hosts
		append(TrustedProxies{netip.MustParsePrefix("10.0.0.0/24")}, Loopback...).strip(req)
		context, _ := gin.CreateTestContext(httptest.NewRecorder())
		context.Request = req
		if ip := (&Request{Context: context}).ClientIP(); ip != c.ip || req.Host != c.host {
			t.Errorf("%v, %v: visitor %s on %s, want %s on %s", c.chain, c.hosts, ip, req.Host, c.ip, c.host)
		}
	}
}
