// Package sidecar is the long-running program beside WordPress: it boots the
// domain on the site's database and serves its pages. routes.go lists every
// route; the areas (center, admin/…, track, inbox, outbox) hold their handlers.
//
// Tables of this package: heartbeats, nonces.
package sidecar

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Config is what a server needs to know.
type Config struct {
	Version string
	DB      *db.Handle // migrated
	// Key is asked again and again, so that new salts in wp-config.php are
	// taken over without a restart.
	Key func() (wpbridge.PairingKey, error)
	// URL is where PHP reaches this server; the plugin is told by heartbeats.
	URL     string
	Trusted web.TrustedProxies
	Log     *slog.Logger
	Now     clock.Clock
}

// Server is one sidecar.
type Server struct {
	Config
	pairing *pairing
	domain  *domain
	site    *web.Site
	handler http.Handler

	schema   schemaWatch
	draining *lease
	rolling  *lease // of the sums of reports
	telling  *lease // of the webhooks
	reminded reminders
	chaining *lease // of the record of actions
	closing  sync.Once
}

// New boots the program. It answers requests from now on; what is to be done
// beside them is done by Run. Whoever does not call Run calls Close.
func New(ctx context.Context, c Config) (*Server, error) {
	p, err := newPairing(ctx, c)
	if err != nil {
		return nil, err
	}
	d, err := newDomain(ctx, c, p)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, pairing: p, domain: d, schema: schemaWatch{db: c.DB, now: c.Now},
		draining: newLease(c, "inbox"), rolling: newLease(c, "sums"), telling: newLease(c, "webhooks"),
		chaining: newLease(c, "record")}
	s.handler = s.routes()
	return s, nil
}

// Close stores the clicks that were accepted and gives leases back. No request
// may come in any more. Once closed, it does nothing.
func (s *Server) Close(ctx context.Context) (err error) {
	s.closing.Do(func() {
		err = errors.Join(s.domain.clicks.Close(ctx), s.draining.release(ctx), s.rolling.release(ctx),
			s.telling.release(ctx),
			s.chaining.release(ctx),
			s.domain.api.Flush(ctx))
	})
	return err
}

// Reread takes over at once what the plugin or wp-config.php has changed; Run
// does so every two seconds.
func (s *Server) Reread(ctx context.Context) error {
	if err := s.pairing.reread(ctx); err != nil {
		return err
	}
	return s.domain.reseal(ctx, s.pairing.Key())
}

// Handler serves everything below the base path.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	s.site = &web.Site{
		Version:    s.Version,
		Now:        s.Now,
		Log:        s.Log,
		Registry:   s.domain.registry,
		Pairing:    s.pairing.Handover,
		SignIn:     s.pairing.SignIn,
		User:       s.pairing.User,
		Signer:     s.pairing.Signer,
		Zone:       s.pairing.Zone,
		Trusted:    s.Trusted,
		LinkDomain: s.domain.clicks.LinkDomain,
		SawLoggedIn: func(ctx context.Context, email, visitor string) error {
			return s.domain.tracker.SawLoggedIn(ctx, email, visitor, s.domain.sales.ReconsiderHeld)
		},
		Client:        func(ip string) string { return s.pairing.Key().Client(ip) },
		CheckPassword: s.pairing.CheckPassword,
		OwnerKey:      func() [32]byte { return s.pairing.Key().Derive("partner-center owner v1") },
		FlashKey:      func() [32]byte { return s.pairing.Key().Derive("partner-center flash v1") },
	}
	engine := gin.New()
	engine.HandleMethodNotAllowed = false
	engine.RedirectTrailingSlash = false // gin knows nothing of the base path
	for _, route := range s.areas().routes() {
		s.site.Register(engine, route)
	}
	engine.NoRoute(s.site.NoRoute)
	return web.Compressed(s.site.Below(engine))
}

// Run serves on the listener and keeps the background work going until ctx
// ends; then it finishes what it has accepted and closes the server.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	err := s.serve(ctx, listener)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	closed := s.Close(ending)
	if errors.Is(err, ErrDeleted) {
		return err // what could not be put away has no table any more
	}
	return errors.Join(err, closed)
}

func (s *Server) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      5 * time.Minute, // files have longer
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); err != http.ErrServerClosed {
			return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		return server.Shutdown(ending)
	})
	s.background(ctx, group)
	return group.Wait()
}

// background starts the loops beside the pages. A loop's failure is logged,
// once for as long as it stays the same, and tried again; none ends the program
// but that the data are gone.
func (s *Server) background(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { s.domain.clicks.Run(ctx); return nil })
	group.Go(func() error { return s.watchTables(ctx) })
	nonces := nonces{s.DB, s.Now}
	loops := []struct {
		name  string
		every time.Duration
		step  func(context.Context) error
	}{
		{"hand-over", rereadEvery, s.Reread},
		{"heartbeat", beatEvery, s.beat},
		{"nonces", 10 * time.Minute, nonces.prune},
		{"inbox", time.Second, s.drain},
		{"letters", time.Second, s.writeLetters},
		{"outbox", time.Second, s.deliver},
		{"reminders", time.Minute, s.Remind},
		{"pixel", time.Second, s.takeSales},
		{"claims", 2 * time.Second, s.refold},
		{"webhooks", time.Second, s.tell},
		{"log of calls", time.Second, s.domain.api.Flush},
		{"old calls", time.Hour, s.pruneOld},
		{"pages", time.Minute, s.checkPages},
		{"sums", 30 * time.Second, s.roll},
		{"old facts", 6 * time.Hour, s.domain.inbox.Prune},
		{"approval", time.Minute, s.approveDue},
		{"record", 2 * time.Second, s.chain},
		{"tasks", time.Second, s.work},
		{"files", time.Second, s.makeFiles},
	}
	for _, loop := range loops {
		group.Go(func() error {
			var last string
			every(ctx, loop.every, func() {
				err := loop.step(ctx)
				if err != nil && ctx.Err() == nil && err.Error() != last {
					s.Log.Error("background step failed", "step", loop.name, "error", err)
				}
				last = fmt.Sprint(err)
			})
			return nil
		})
	}
}

// watchTables ends the program when an administrator has deleted all its data:
// what it would still write could only be in the way of a new beginning.
func (s *Server) watchTables(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	gone := false
	every(watching, rereadEvery, func() {
		there, err := s.DB.HasTables(watching)
		if gone = err == nil && !there; gone {
			stop()
		}
	})
	if gone {
		return ErrDeleted
	}
	return nil
}

// ErrDeleted ends a sidecar whose tables were dropped.
var ErrDeleted = errors.New(
	"all data of the partner program were deleted with the plugin in WordPress; nothing is written any more")

// every runs step at once and then at each interval until ctx ends.
func every(ctx context.Context, interval time.Duration, step func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		step()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Owns tells whether a request is below the base path, for a web server in
// front that shares its address with WordPress.
func (s *Server) Owns(req *http.Request) bool {
	_, ok := s.site.Inside(req.URL.Path)
	return ok
}
