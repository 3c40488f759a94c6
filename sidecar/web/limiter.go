package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKnown bounds the addresses that a Limiter remembers, twice over.
const maxKnown = 10_000

// Limiter bounds how often each address may do something. It forgets the
// addresses that have been quiet for longest by dropping the older of two maps,
// so that made-up addresses take bounded memory.
type Limiter struct {
	burst int
	every time.Duration

	mu         sync.Mutex
	young, old map[netip.Addr]*rate.Limiter
}

// NewLimiter allows each address burst times at once, and then once in every.
func NewLimiter(burst int, every time.Duration) *Limiter {
	return &Limiter{burst: burst, every: every, young: map[netip.Addr]*rate.Limiter{}}
}

// Allow counts one time and tells whether the address may. ip is Request.ClientIP.
func (l *Limiter) Allow(ip string, now time.Time) bool {
	key := network(ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.young[key]
	if known == nil {
		if known = l.old[key]; known == nil {
			known = rate.NewLimiter(rate.Every(l.every), l.burst)
		}
		if len(l.young) >= maxKnown {
			l.young, l.old = map[netip.Addr]*rate.Limiter{}, l.young
		}
		l.young[key] = known
	}
	return known.AllowN(now, 1)
}

// network is the address, of IPv6 the /64: one household has them all.
func network(ip string) netip.Addr {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Addr{} // all that cannot be told apart share one
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		prefix, _ := addr.Prefix(64)
		return prefix.Addr()
	}
	return addr
}
