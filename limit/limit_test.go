package limit

import (
	"fmt"
	"testing"
	"time"
)

func TestLimiterRecovers(t *testing.T) {
	l, now := New(20, 5*time.Second), time.Unix(1_800_000_000, 0)
	for range 20 {
		l.Allow("203.0.113.5", now)
	}
	if l.Allow("203.0.113.5", now) {
		t.Error("more than the burst at once")
	}
	if now = now.Add(5 * time.Second); !l.Allow("203.0.113.5", now) || l.Allow("203.0.113.5", now) {
		t.Error("one more after each pause")
	}
}

// A pace that an admin changes holds at once, for those who are known as well.
func TestPaceChanges(t *testing.T) {
	l, now := &Limiter{}, time.Unix(1_800_000_000, 0)
	allowed := func(times int) (n int) {
		for range 100 {
			if l.AllowKey("anna", Per(time.Hour, times), now) {
				n++
			}
		}
		return n
	}
	if n := allowed(3); n != 3 {
		t.Errorf("%d of 3", n)
	}
	now = now.Add(time.Hour)
	if n := allowed(50); n < 40 || n > 50 {
		t.Errorf("%d of 50 an hour later", n)
	}
	now = now.Add(time.Hour)
	if n := allowed(2); n != 2 {
		t.Errorf("%d of 2", n)
	}
}

// One household has a whole /64 of addresses; garbage has one limit together.
func TestLimiterNetworks(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"2001:db8::1", "2001:db8::ffff", true}, {"2001:db8::1", "2001:db8:0:1::1", false},
		{"203.0.113.5", "::ffff:203.0.113.5", true}, {"203.0.113.5", "203.0.113.6", false},
		{"", "nonsense", true}, {"fe80::1%eth0", "fe80::2%eth1", true},
	} {
		if got := network(c.a) == network(c.b); got != c.same {
			t.Errorf("%q and %q: same is %v", c.a, c.b, got)
		}
	}
}

// Made-up addresses must not fill the memory, nor free those who overdid it.
func TestLimiterIsBounded(t *testing.T) {
	l, now := New(20, 5*time.Second), time.Unix(1_800_000_000, 0)
	for range 20 {
		l.Allow("203.0.113.5", now)
	}
	for i := range 3 * maxKnown {
		l.Allow(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), now)
		if i%1000 == 0 && l.Allow("203.0.113.5", now) {
			t.Fatalf("forgotten after %d others", i)
		}
	}
	if n := len(l.young) + len(l.old); n > 2*maxKnown {
		t.Errorf("%d addresses are remembered", n)
	}
}
