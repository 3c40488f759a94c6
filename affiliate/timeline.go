package affiliate

import "time"

// Timeline is a value that was saved again now and then: what was in force when.
type Timeline[T any] struct {
	before T // until the first save
	saves  []save[T]
}

type save[T any] struct {
	at    time.Time
	value T
}

// latest is what was saved last.
func (l Timeline[T]) latest() T {
	if n := len(l.saves); n > 0 {
		return l.saves[n-1].value
	}
	return l.before
}

// At is what was in force at that time: of several saves, the latest counts,
// whatever the clock said at those before.
func (l Timeline[T]) At(t time.Time) T {
	for i := len(l.saves) - 1; i >= 0; i-- {
		if !l.saves[i].at.After(t) {
			return l.saves[i].value
		}
	}
	return l.before
}
