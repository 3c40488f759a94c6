package track

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A person, or an office behind one address, may send this many forms at once
// and then one every few seconds.
const (
	leadBurst = 20
	leadEvery = 5 * time.Second
	// maxKnown bounds the addresses that are remembered, twice over.
	maxKnown = 10_000
)

// limiter bounds what each address may send. It forgets the addresses that
// have been quiet for longest by dropping the older of two maps, so that
// made-up addresses take bounded memory.
type limiter struct {
	mu         sync.Mutex
	young, old map[netip.Addr]*rate.Limiter
}

func newLimiter() *limiter {
	return &limiter{young: map[netip.Addr]*rate.Limiter{}}
}

func (l *limiter) allow(ip string, now time.Time) bool {
	key := network(ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.young[key]
	if known == nil {
		if known = l.old[key]; known == nil {
			known = rate.NewLimiter(rate.Every(leadEvery), leadBurst)
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
