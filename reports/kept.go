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

// keep is the figure of a query: as it was a moment ago, unless it has to be fresh; else
// as it is found, with how many rows it is of.
func keep[T any](k *kept, key string, now time.Time, fresh bool, find func() (T, int64, error)) (T, error) {
	if known, there := k.get(key, now); there && !fresh {
		return known.(T), nil
	}
	found, rows, err := find()
	if err == nil && rows > keptFrom {
		k.put(key, found, now)
	}
	return found, err
}

// fresh tells whether the figures of a query may not be those of a moment ago: in a file,
// and where something is done with all that match.
func (q Query) fresh() bool { return q.Limit == 0 || q.Exact }

// keptTotals are the totals of a page of that many rows.
func (s source) keptTotals(q Query, rows int64, key string, sum func() ([]Row, error)) (totals []Row, err error) {
	if q.Bare {
		return nil, nil
	}
	totals, err = keep(s.kept, "totals"+key, s.now, q.fresh(), func() ([]Row, int64, error) {
		totals, err := sum()
		return totals, rows, err
	})
	return slices.Clone(totals), err // of which pages leave out columns
}

// keyOf names a query with its arguments.
func keyOf(query string, args []any) string { return fmt.Sprintf("%s %v", query, args) }
