package sidecar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/sidecar/admin/programs"
)

// lease is a job that one sidecar does at a time, though each could. Others
// take it over when its holder has been silent for leaseTime.
type lease struct {
	Config
	name, holder string
	until        time.Time
}

const leaseTime = 30 * time.Second

func newLease(c Config, name string) *lease {
	return &lease{Config: c, name: name, holder: rand.Text()}
}

// held renews the lease in good time, or tries to get it.
func (l *lease) held(ctx context.Context) (bool, error) {
	now := l.Now()
	if now.Add(leaseTime / 2).Before(l.until) {
		return true, nil
	}
	ours, err := l.DB.TakeLease(ctx, l.name, l.holder, now, leaseTime)
	if ours && err == nil {
		l.until = now.Add(leaseTime)
	}
	return ours, err
}

func (l *lease) release(ctx context.Context) error { return l.DB.ReleaseLease(ctx, l.name, l.holder) }

// drain takes in all that waits in the inbox. The lease keeps sidecars from
// waiting for each other's rows; that no fact is applied twice does not depend
// on it.
func (s *Server) drain(ctx context.Context) error {
	for ctx.Err() == nil {
		ours, err := s.draining.held(ctx)
		if err != nil || !ours {
			return err
		}
		more, err := s.domain.inbox.Drain(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// writeLetters makes mails of what people are to be written about.
func (s *Server) writeLetters(ctx context.Context) error {
	for ctx.Err() == nil {
		if more, err := s.domain.desk.Work(ctx); err != nil || !more {
			return err
		}
	}
	return nil
}

// deliver hands all that waits to WordPress.
func (s *Server) deliver(ctx context.Context) error {
	for ctx.Err() == nil {
		if did, err := s.domain.outbox.Work(ctx); err != nil || !did {
			return err
		}
	}
	return nil
}

// tell tells other programs what is due.
func (s *Server) tell(ctx context.Context) error {
	for ctx.Err() == nil {
		ours, err := s.telling.held(ctx)
		if err != nil || !ours {
			return err
		}
		more, err := s.domain.webhooks.Deliver(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// takeSales makes orders of what the pixel reported.
func (s *Server) takeSales(ctx context.Context) error {
	for ctx.Err() == nil {
		ours, err := s.draining.held(ctx) // one at a time, as facts of the inbox
		if err != nil || !ours {
			return err
		}
		more, err := s.domain.pixel.Take(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// chain gives the latest actions their place in the record (B12).
func (s *Server) chain(ctx context.Context) error {
	for ctx.Err() == nil {
		ours, err := s.chaining.held(ctx)
		if err != nil || !ours {
			return err
		}
		more, err := s.domain.registry.ChainAudit(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// work gives each piece of long work its turn. A fault of one is no reason to let
// the others wait.
func (s *Server) work(ctx context.Context) (fault error) {
	for ctx.Err() == nil {
		did, err := s.domain.tasks.Run(ctx)
		fault = errors.Join(fault, err)
		if !did {
			return fault
		}
	}
	return fault
}

// checkPages looks for the tracking script on pages that promo tools lead to. One
// sidecar does it at a time.
func (s *Server) checkPages(ctx context.Context) error {
	ours, err := s.rolling.held(ctx)
	if err != nil || !ours {
		return err
	}
	return programs.CheckPages(ctx, s.domain.tracker, s.site.Handover(), s.Now())
}

// makeFiles makes the files that people wait for, one after the other.
func (s *Server) makeFiles(ctx context.Context) (fault error) {
	for ctx.Err() == nil {
		did, err := s.domain.tasks.RunWhole(ctx)
		fault = errors.Join(fault, err)
		if !did {
			return fault
		}
	}
	return fault
}

// pruneOld forgets calls, deliveries, sign-ups, mails and files of which nobody asks any more.
func (s *Server) pruneOld(ctx context.Context) error {
	return errors.Join(s.domain.apiKeys.Prune(ctx), s.domain.pixel.Prune(ctx), s.domain.webhooks.Prune(ctx),
		s.domain.signups.Prune(ctx), s.domain.desk.Prune(ctx), s.domain.tasks.Prune(ctx),
		s.domain.imports.Prune(ctx))
}

// roll makes sums for reports that are missing. The pause between two rounds lets
// whatever was under way when a month began be over before its sums are made.
func (s *Server) roll(ctx context.Context) error {
	for ctx.Err() == nil {
		ours, err := s.rolling.held(ctx)
		if err != nil || !ours {
			return err
		}
		more, err := s.domain.roller.Work(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// Settle does at once what Run would do in time: it notices changed tools and
// settings, takes in the facts and hands over the jobs and mails that wait.
func (s *Server) Settle(ctx context.Context) error {
	if err := s.domain.clicks.Refresh(ctx); err != nil {
		return err
	}
	if err := s.drain(ctx); err != nil {
		return err
	}
	return errors.Join(s.takeSales(ctx), s.refold(ctx), s.work(ctx), s.makeFiles(ctx), s.writeLetters(ctx),
		s.deliver(ctx), s.writeLetters(ctx), s.deliver(ctx), s.tell(ctx), s.chain(ctx), s.domain.api.Flush(ctx))
}

// refold has the contacts follow whose forms were too many for one click or
// network, or were decided on, and their orders (D41).
func (s *Server) refold(ctx context.Context) error {
	return s.domain.tracker.Refold(ctx, func(ctx context.Context, tx *db.Tx, contact affiliate.ContactID,
		since time.Time) error {
		_, err := s.domain.sales.Reconsider(ctx, tx, contact, since)
		return err
	})
}
