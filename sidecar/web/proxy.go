package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// TrustedProxies are the networks whose X-Forwarded headers count on requests
// that the plugin did not sign.
type TrustedProxies []netip.Prefix

// Loopback trusts a web server on the same machine.
var Loopback = TrustedProxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

var forwarded = []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// strip removes what an unsigned request may not say about itself, and takes
// over the host that a trusted proxy names.
func (t TrustedProxies) strip(req *http.Request) {
	for _, name := range []string{"PC-Surface", "PC-User"} {
		req.Header.Del(name)
	}
	if !t.has(req.RemoteAddr) {
		for _, name := range forwarded {
			req.Header.Del(name)
		}
		return
	}
	if host := nearest(req.Header, "X-Forwarded-Host"); host != "" {
		req.Host = host
	}
	if ip := t.visitor(req); ip != "" {
		req.Header.Set("X-Forwarded-For", ip)
	}
}

// visitor is where a request comes from that passed one trusted proxy after the
// other: the first address that is none of them. "" when no proxy says.
func (t TrustedProxies) visitor(req *http.Request) (ip string) {
	hops := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil { // some proxies name the port, too
			withPort, err := netip.ParseAddrPort(strings.TrimSpace(hop))
			if err != nil {
				return ip
			}
			addr = withPort.Addr()
		}
		if ip = addr.String(); !t.contains(addr) {
			return ip
		}
	}
	return ip
}

// nearest is what the proxy nearest to us has said: the last value of the last
// header of the name, since visitors can write whatever they like before it.
func nearest(h http.Header, name string) string {
	list := strings.Split(strings.Join(h.Values(name), ","), ",")
	return strings.TrimSpace(list[len(list)-1])
}

func (t TrustedProxies) has(remote string) bool {
	host, _, _ := net.SplitHostPort(remote)
	addr, err := netip.ParseAddr(host)
	return err == nil && t.contains(addr)
}

func (t TrustedProxies) contains(addr netip.Addr) bool {
	return slices.ContainsFunc(t, func(network netip.Prefix) bool { return network.Contains(addr.Unmap()) })
}

// ClientIP is the visitor's address, as the proxy nearest to us saw it.
func (r *Request) ClientIP() string {
	if ip := nearest(r.Context.Request.Header, "X-Forwarded-For"); ip != "" {
		return ip
	}
	host, _, _ := net.SplitHostPort(r.Context.Request.RemoteAddr)
	return host
}

// Network tells the visitor's network apart from others without naming it; ""
// when it cannot be told.
func (r *Request) Network() string { return r.Site.Client(r.ClientIP()) }

// Forwarded tells whether the plugin or a proxy makes the request on behalf of
// a visitor.
func (r *Request) Forwarded() bool {
	return r.GetHeader("X-Forwarded-For") != "" || r.GetHeader("X-Forwarded-Host") != ""
}
