// Package limit bounds how often somebody may do something, in memory: each
// sidecar counts for itself.
package limit

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKnown bounds the addresses that a Limiter remembers, twice over.
const maxKnown = 10_000

// Pace is how often something may be done: Burst times at once, and then once in
// Every.
type Pace struct {
	Burst int
	Every time.Duration
}

// Per is so often in a time, all of it at once if need be.
func Per(span time.Duration, times int) Pace {
	times = max(1, times)
	return Pace{times, span / time.Duration(times)}
}

// Limiter bounds how often each address, or whatever else a key names, may do
// something. It forgets the keys that have been quiet for longest by dropping the
// older of two maps, so that made-up ones take bounded memory.
type Limiter struct {
	pace Pace

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// New allows each address burst times at once, and then once in every.
func New(burst int, every time.Duration) *Limiter {
	return &Limiter{pace: Pace{burst, every}}
}

// Allow counts one time and tells whether the address may. ip is the visitor's.
func (l *Limiter) Allow(ip string, now time.Time) bool { return l.AllowKey(Network(ip), l.pace, now) }

// AllowKey is Allow for a key of any kind, at a pace that can change from one
// time to the next.
func (l *Limiter) AllowKey(key string, pace Pace, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.young[key]
	if known == nil {
		known = l.old[key]
		if l.young == nil || len(l.young) >= maxKnown {
			l.young, l.old = map[string]*rate.Limiter{}, l.young
		}
	}
	if known == nil || known.Burst() != pace.Burst || known.Limit() != rate.Every(pace.Every) {
		known = rate.NewLimiter(rate.Every(pace.Every), pace.Burst)
	}
	l.young[key] = known
	return known.AllowN(now, 1)
}

// Network is a Limiter's key for an address: of IPv6 the /64, for one household
// has them all.
func Network(ip string) string { return network(ip).String() }

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
