package reports

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Figures of long lists, how many rows match and what they sum to, take longer
// than a page may. Those of more than keptFrom rows are kept for keptFor: of so many
// the page says what was true a moment ago. What acts on all that match counts again.
const (
	keptFrom = 10_000
	keptFor  = time.Minute
)

// kept are such figures, by query.
type kept struct {
	sync.Mutex
	of map[string]keptFigure
}

type keptFigure struct {
	until time.Time
	value any
}

// get is the figure of a query, where one is kept.
func (k *kept) get(key string, now time.Time) (any, bool) {
	k.Lock()
	defer k.Unlock()
	f, there := k.of[key]
	return f.value, there && now.Before(f.until)
}

// put keeps a figure, and forgets those whose time is over.
func (k *kept) put(key string, value any, now time.Time) {
	k.Lock()
	defer k.Unlock()
	for old, f := range k.of {
		if !now.Before(f.until) {
			delete(k.of, old)
		}
	}
	if k.of == nil {
		k.of = map[string]keptFigure{}
	}
	k.of[key] = keptFigure{now.Add(keptFor), value}
}

// keptTotals are the totals of a page: as they were a moment ago where there are more
// rows than keptFrom.
func (s source) keptTotals(q Query, rows int64, key string, sum func() ([]Row, error)) (totals []Row, err error) {
	if q.Bare {
		return nil, nil
	}
	found, there := s.kept.get("totals"+key, s.now)
	if !there || q.Limit == 0 || q.Exact {
		if found, err = sum(); err != nil {
			return nil, err
		}
		if rows > keptFrom {
			s.kept.put("totals"+key, found, s.now)
		}
	}
	return slices.Clone(found.([]Row)), nil // of which pages leave out columns
}

// keyOf names a query with its arguments.
func keyOf(query string, args []any) string { return fmt.Sprintf("%s %v", query, args) }
