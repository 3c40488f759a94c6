// Package clock gives every part of the program the same idea of "now".
//
// SQL never asks the database for the time: facts carry the time at which they
// happened, and tests move the clock by hand.
package clock

import (
	"sync"
	"time"
)

// Clock returns the present in UTC, cut to microseconds: the precision of
// DATETIME(6), so that a time read back equals the time written.
type Clock func() time.Time

// System reads the machine's clock.
func System() time.Time { return Cut(time.Now()) }

// Cut brings any time into the form that Clock promises.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Fake is a clock that stands still until it is moved.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that shows t.
func NewFake(t time.Time) *Fake { return &Fake{now: Cut(t)} }

// Now is the Clock of this fake.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock by d, which may be negative.
func (f *Fake) Advance(d time.Duration) { f.Set(f.Now().Add(d)) }

// Set moves the clock to t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = Cut(t)
}
