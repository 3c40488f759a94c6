package tracking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/testbed/mariadb"
)

// pendingVisit is a visit as count hands it over.
func pendingVisit(s *site, p affiliate.Partner) *pending {
	s.Helper()
	v := &visit{id: must[affiliate.VisitID](s)(s.clicks.visitID(s.Context(), s.clock.Now())),
		partner: p.ID, tool: s.tool.ID, visitor: newVisitor(), day: affiliate.DayOf(noon, time.UTC)}
	key, err := s.keys.Newest(s.Context(), visitorPurpose)
	s.ok(err)
	v.identify(key, "")
	return &pending{visit: v, done: make(chan error, 1)}
}

func TestBadRowDoesNotFailItsBatch(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	var group []*pending
	for range 20 {
		group = append(group, pendingVisit(s, p))
	}
	group[13].subID = strings.Repeat("x", maxSubID+1)
	s.clicks.committer.commit(group)
	for i, v := range group {
		if err := <-v.done; (err != nil) != (i == 13) {
			t.Errorf("visit %d: %v", i, err)
		}
	}
	if n := s.number(`SELECT 1000 * (SELECT COUNT(*) FROM {wp}partner_center_visits) + SUM(clicks)
		FROM {wp}partner_center_visit_days`); n != 19_019 {
		t.Errorf("stored and rolled up: %d", n)
	}
}

// A COMMIT whose answer was lost is tried again: the same visits come twice.
func TestStoringVisitsAgainCountsThemOnce(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	group := []*pending{pendingVisit(s, p), pendingVisit(s, p), pendingVisit(s, p)}
	group[2].seen = group[0].seen // the same visitor
	s.clicks.committer.commit(slices.Clone(group))
	for _, v := range group {
		s.ok(<-v.done)
	}
	more := append(slices.Clone(group), pendingVisit(s, p))
	s.clicks.committer.commit(more)
	for i, unique := range []bool{true, true, false, true} {
		if more[i].unique != unique {
			t.Errorf("visit %d: unique is %v", i, more[i].unique)
		}
	}
	if n := s.number(`SELECT 10 * SUM(clicks) + SUM(uniques) FROM {wp}partner_center_visit_days`); n != 43 {
		t.Errorf("roll-up %d, want 4 clicks and 3 uniques", n)
	}
}

// startServer runs a MariaDB of the test's own in dir.
func startServer(t *testing.T, dir string) (*mariadb.Server, *db.Handle) {
	t.Helper()
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.CreateDatabase(t.Context(), "site"); err != nil {
		t.Fatal(err)
	}
	h, err := db.Open(t.Context(), server.DSN("site"), db.Tables{Prefix: "site7_"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return server, h
}

func TestEveryAcknowledgedClickOutlivesACrash(t *testing.T) {
	dir := t.TempDir()
	server, h := startServer(t, dir)
	if err := h.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := newSiteOn(t, h)
	r := s.request(s.partner("a"))
	r.IP = "" // or it were a flood

	var mu sync.Mutex
	acknowledged := map[affiliate.VisitID]bool{}
	enough, lost := make(chan struct{}), make(chan struct{})
	var onceEnough, onceLost sync.Once
	stop, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for stop.Err() == nil {
				out, err := s.clicks.Click(t.Context(), r)
				if err != nil || out.Target != s.tool.TargetURL {
					t.Errorf("the visitor was not redirected: %+v %v", out, err)
					return
				}
				if out.Rejected != "" {
					onceLost.Do(func() { close(lost) })
					continue
				}
				c, _, _ := s.readCookie(t.Context(), s.db, out.Cookie, r.At)
				mu.Lock()
				acknowledged[c.Visit] = true
				if len(acknowledged) == 2000 {
					onceEnough.Do(func() { close(enough) })
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	server.Kill()
	<-lost
	cancel()
	all.Wait()
	if s.clicks.Lost() == 0 {
		t.Error("the loss was not counted")
	}

	server, h = startServer(t, dir)
	defer server.Kill()
	var stored []affiliate.VisitID
	if err := h.Select(t.Context(), &stored, `SELECT id FROM {wp}partner_center_visits`); err != nil {
		t.Fatal(err)
	}
	for _, id := range stored {
		delete(acknowledged, id)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged clicks are gone, %d are stored", len(acknowledged), len(stored))
	}
	var rolledUp int
	if err := h.Get(t.Context(), &rolledUp, `SELECT SUM(clicks) FROM {wp}partner_center_visit_days`); err != nil ||
		rolledUp != len(stored) {
		t.Errorf("roll-up %d, visits %d, %v", rolledUp, len(stored), err)
	}
}

func TestClickAfterTheStopIsLostAtOnce(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	c, err := NewClicks(t.Context(), s.Tracker, func() bool { return true }, slog.New(slog.DiscardHandler))
	s.ok(err)
	s.ok(c.Close(t.Context()))
	out := must[Outcome](s)(c.Click(t.Context(), s.request(p)))
	if out.Rejected != Lost || out.Cookie != "" || out.Target != s.tool.TargetURL || c.Lost() != 1 {
		t.Errorf("outcome: %+v, %d lost", out, c.Lost())
	}
}

// A visitor who does not wait for the answer has clicked all the same, and
// nothing was lost.
func TestVisitorWhoHangsUpHasClicked(t *testing.T) {
	s := newSite(t)
	r := s.request(s.partner("a"))
	s.click(r) // so that tool and partner are in memory, as on a busy site
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	out := must[Outcome](s)(s.clicks.Click(gone, r))
	if out.Rejected != "" || s.clicks.Lost() != 0 {
		t.Errorf("outcome %+v, %d lost", out, s.clicks.Lost())
	}
	var stored int
	s.ok(s.db.Get(t.Context(), &stored, `SELECT COUNT(*) FROM {wp}partner_center_visits`))
	if stored != 2 {
		t.Errorf("%d clicks are stored, want 2", stored)
	}
}

// What becomes of a queued click is counted where it is stored, once, and a
// rejected click is none.
func TestOnlyWhatIsNotStoredIsLost(t *testing.T) {
	s := newSite(t)
	c := s.clicks
	c.lose(fmt.Errorf("%w: %w", errQueued, context.DeadlineExceeded))
	if n := c.Lost(); n != 0 {
		t.Error("a queued click counts as lost before that is known")
	}
	day := affiliate.DayOf(noon, s.zone)
	bad := visit{id: 1, partner: s.partner("a").ID, tool: s.tool.ID, day: day, subID: strings.Repeat("x", maxSubID+1)}
	if err := c.committer.store(t.Context(), &bad); !errors.Is(err, errQueued) || c.Lost() != 1 {
		t.Errorf("a click that the database refuses: %v, %d lost", err, c.Lost())
	}
	c.committer.close()
	if c.lose(c.committer.store(t.Context(), &bad)); c.Lost() != 2 {
		t.Errorf("a click that was never queued: %d lost in all, want 2", c.Lost())
	}
}

func BenchmarkClick(b *testing.B) {
	for _, workers := range []int{1, 64, 256} {
		b.Run(map[int]string{1: "1", 64: "64", 256: "256"}[workers], func(b *testing.B) {
			s := newSite(b)
			var partners []affiliate.Partner
			for i := range 20 {
				partners = append(partners, s.partner(string(rune('a'+i))))
			}
			work := make(chan int, workers)
			var all sync.WaitGroup
			b.ResetTimer()
			for range workers {
				all.Go(func() {
					for i := range work {
						r := s.request(partners[i%len(partners)])
						r.At = time.Now()
						r.Visitor = newVisitor().String()
						if out, err := s.clicks.Click(b.Context(), r); err != nil || out.Rejected != "" {
							b.Error(out, err)
						}
					}
				})
			}
			for i := range b.N {
				work <- i
			}
			close(work)
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
		})
	}
}
