package tracking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const (
	// maxBatch bounds a transaction; it is never waited for.
	maxBatch = 500
	// storeLimit bounds how long a visitor waits for the database at worst.
	storeLimit = 5 * time.Second
)

// errStopped answers clicks that come after Close.
var errStopped = errors.New("tracking: the recorder of clicks has stopped")

// errQueued marks what becomes of a click after it was queued: whether it was
// stored then is known, and counted, where it is stored.
var errQueued = errors.New("tracking: the click was queued")

// committer stores clicks by group commit: one goroutine takes whatever is
// queued, without waiting for more, stores it in one transaction and answers
// every click. Nobody is answered before the COMMIT. That is three times the
// clicks of one transaction each, and kill -9 loses none.
type committer struct {
	db       *db.Handle
	log      *slog.Logger
	instance func() int
	late     func() affiliate.Day // whatever day is before it may have its sums already
	queue    chan *pending
	stop     chan struct{}
	stopOnce sync.Once
	stopped  sync.WaitGroup
	lost     atomic.Int64 // visits that were not stored
}

type pending struct {
	*visit
	done chan error // with room for the one answer
}

func startCommitter(h *db.Handle, log *slog.Logger, instance func() int, late func() affiliate.Day) *committer {
	c := &committer{db: h, log: log, instance: instance, late: late, queue: make(chan *pending, 4*maxBatch),
		stop: make(chan struct{})}
	c.stopped.Go(c.run)
	return c
}

// store returns when the visit is durable, with v.unique set, at the latest
// after storeLimit. On an error other than errQueued the click is lost.
func (c *committer) store(ctx context.Context, v *visit) error {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	p := &pending{visit: v, done: make(chan error, 1)}
	select {
	case <-c.stop:
		return errStopped
	default:
	}
	select {
	case c.queue <- p:
	case <-ctx.Done():
		return ctx.Err()
	}
	var err error
	select {
	case err = <-p.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errQueued, err)
	}
	return nil
}

// note is store for what need not be durable: it waits for nothing, and is left
// out when much is queued.
func (c *committer) note(v *visit) {
	select {
	case c.queue <- &pending{visit: v, done: make(chan error, 1)}:
	default:
	}
}

func (c *committer) run() {
	for {
		select {
		case first := <-c.queue:
			c.commit(c.take(first))
		case <-c.stop:
			c.finish()
			return
		}
	}
}

// finish stores what was queued before the stop.
func (c *committer) finish() {
	for {
		select {
		case first := <-c.queue:
			c.commit(c.take(first))
		default:
			return
		}
	}
}

// take is first and whatever else is queued by now.
func (c *committer) take(first *pending) []*pending {
	group := []*pending{first}
	for len(group) < maxBatch {
		select {
		case p := <-c.queue:
			group = append(group, p)
		default:
			return group
		}
	}
	return group
}

// commit stores the group and answers it. When one row's value is refused, the
// group is halved until that row stands alone.
func (c *committer) commit(group []*pending) {
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	err := c.try(ctx, group)
	if db.BadValue(err) && len(group) > 1 {
		half := len(group) / 2
		c.commit(group[:half])
		c.commit(group[half:])
		return
	}
	if err != nil {
		c.log.Error("clicks could not be stored; their visitors were redirected all the same", "clicks", len(group),
			"error", err)
	}
	for _, p := range group {
		if err != nil && p.reason == "" {
			// The outage spool goes here: an fsynced line of the visit, replayed
			// by the same idempotent store, in place of a loss.
			c.lost.Add(1)
		}
		p.done <- err
	}
}

func (c *committer) try(ctx context.Context, group []*pending) error {
	b := &batch{instance: c.instance(), late: c.late()}
	for _, p := range group {
		if p.reason == "" {
			b.visits = append(b.visits, p.visit)
		} else {
			b.rejects = append(b.rejects, p.visit)
		}
	}
	store := func(tx *db.Tx) error { return b.store(ctx, tx) }
	err := c.db.Tx(ctx, store)
	if (db.Unanswered(err) || db.Duplicate(err)) && ctx.Err() == nil {
		b.again = true
		err = c.db.Tx(ctx, store)
	}
	return err
}

// close stores what is queued and ends.
func (c *committer) close() {
	c.stopOnce.Do(func() { close(c.stop) })
	c.stopped.Wait()
}
