package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"
)

// migrationLock lets one program at a time change the schema.
type migrationLock struct {
	h      *Handle
	holder string
	stop   context.CancelFunc
	done   chan struct{}
}

// migrationLease is how long a migrating program may be silent before another
// takes over; it renews at a third of that.
const migrationLease = 30 * time.Second

// take waits for the lease and keeps renewing it until release.
func (l *migrationLock) take(ctx context.Context) error {
	l.holder = rand.Text()
	if _, err := l.h.Exec(ctx, createLeases); err != nil {
		return fmt.Errorf("the database user needs the right to create tables: %w", err)
	}
	for tries := 0; ; tries++ {
		got, err := l.claim(ctx)
		if err != nil {
			return err
		}
		if got {
			break
		}
		if tries%50 == 1 { // each five seconds
			slog.Info("waiting: another program is changing the tables", "at most, if it died", migrationLease)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another program has been changing the schema all the while: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
	beat, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop, l.done = stop, make(chan struct{})
	go l.renew(beat)
	return nil
}

func (l *migrationLock) claim(ctx context.Context) (bool, error) {
	return l.h.TakeLease(ctx, "migrate", l.holder, time.Now().UTC(), migrationLease)
}

func (l *migrationLock) renew(ctx context.Context) {
	defer close(l.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(migrationLease / 3):
			l.claim(ctx) // a failure shows at the next statement of the migration itself
		}
	}
}

// release gives the lease back; one that is not given back runs out.
func (l *migrationLock) release(ctx context.Context) error {
	l.stop()
	<-l.done
	return l.h.ReleaseLease(ctx, "migrate", l.holder)
}
