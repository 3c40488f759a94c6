package tracking

import (
	"sync"

	"partnercenter/affiliate"
)

// maxCrowd bounds the visitors that are remembered, of all networks together.
const maxCrowd = 200_000

// crowds are the visitors that came from each network today: cookies and names of
// browsers can be made up, so that one network is only so many unique visitors of
// a partner. They stand in memory, no longer than the day; each sidecar has its
// own.
type crowds struct {
	mu    sync.Mutex
	day   affiliate.Day
	known map[crowd]*visitors
	size  int
}

type visitors struct {
	keys map[seenKey]bool
	n    int // of people: one may have two keys
}

type crowd struct {
	network string
	partner affiliate.PartnerID
}

// isFull tells whether the visit is of one visitor too many. Asking again for the
// same visitor gives the same answer.
func (c *crowds) isFull(network string, v *visit, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.day != v.day || c.size >= maxCrowd {
		c.day, c.known, c.size = v.day, map[crowd]*visitors{}, 0
	}
	key := crowd{network, v.partner}
	from := c.known[key]
	if from == nil {
		from = &visitors{keys: map[seenKey]bool{}}
		c.known[key] = from
	}
	switch {
	case from.keys[v.seen]:
		return false
	case from.n >= most:
		return true
	}
	from.n++
	c.size++
	for _, seen := range append(v.also, v.seen) {
		from.keys[seen] = true
	}
	return false
}
