package inbox

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// maxLanes is how many lanes are taken in at once. More of them wait for the
// same balances, and for the pages' share of the machine.
const maxLanes = 8

// applyAll applies facts that were read in their order. What is about the same
// person or thing keeps that order (lanes); the rest goes side by side, for most
// of a fact's time is spent waiting for the database.
func (d *Drainer) applyAll(ctx context.Context, facts []fact, known known) error {
	for _, part := range stretches(facts) {
		if err := d.applyLanes(ctx, lanes(part), known); err != nil {
			return err
		}
	}
	return nil
}

// applyLanes applies each lane from its first to its last fact. After the first
// error, which is the database's, no further fact is begun.
func (d *Drainer) applyLanes(ctx context.Context, lanes [][]fact, known known) error {
	group, unlessFailed := errgroup.WithContext(ctx)
	group.SetLimit(width(d.db.SQL().Stats().MaxOpenConnections))
	for _, lane := range lanes {
		group.Go(func() error {
			for _, f := range lane {
				if err := unlessFailed.Err(); err != nil {
					return err
				}
				if err := d.apply(ctx, f.ID, known); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// width is how many lanes go at once beside a pool of so many connections (0: no
// limit): each holds one, and one is left for pages.
func width(pool int) int {
	if pool == 0 {
		return maxLanes
	}
	return max(1, min(maxLanes, pool-1))
}

// stretches parts facts where a change of an account stands among them. It may
// give a contact another address, and so concerns people whom no other fact
// names alike: it comes after all that was reported before it, and before all
// that was reported later.
func stretches(facts []fact) (parts [][]fact) {
	for len(facts) > 0 {
		isAccount := facts[0].Kind == "user"
		end := slices.IndexFunc(facts, func(f fact) bool { return (f.Kind == "user") != isAccount })
		if end < 0 {
			end = len(facts)
		}
		parts, facts = append(parts, facts[:end]), facts[end:]
	}
	return parts
}

// lanes parts facts into those that have a subject in common, also by way of
// others: a form names a person by the address, the click before it by the
// visit, the order after it by the account. Each lane keeps the order of facts.
func lanes(facts []fact) [][]fact {
	lane := make([]int, len(facts)) // of each fact: the first of its lane, or one nearer to it
	first := func(i int) int {
		for lane[i] != i {
			i = lane[i]
		}
		return i
	}
	latest := map[string]int{} // the latest fact of each subject
	for i, f := range facts {
		lane[i] = i
		for _, subject := range f.subjects() {
			if before, found := latest[subject]; found {
				a, b := first(before), first(i)
				lane[max(a, b)] = min(a, b)
			}
			latest[subject] = i
		}
	}
	all, at := [][]fact{}, map[int]int{}
	for i, f := range facts {
		start := first(i)
		if _, found := at[start]; !found {
			at[start] = len(all)
			all = append(all, nil)
		}
		all[at[start]] = append(all[at[start]], f)
	}
	return all
}
