package tracking

import (
	"errors"
	"sync"
	"testing"
	"time"
)

func TestSidecarsGetNumbersOfTheirOwn(t *testing.T) {
	s := newSite(t)
	numbers := make([]int, 20)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			lease, err := leaseInstance(t.Context(), s.db, s.clock.Now)
			if err != nil {
				t.Error(err)
				return
			}
			numbers[i] = lease.number
		})
	}
	all.Wait()
	seen := map[int]bool{s.clicks.Instance(): true}
	for _, n := range numbers {
		if seen[n] || n < 0 || n > maxInstance {
			t.Errorf("number %d was given twice or is none", n)
		}
		seen[n] = true
	}
}

func TestNumberComesFreeWhenItsLeaseIsLongOver(t *testing.T) {
	s := newSite(t)
	lease := func() *instance { return must[*instance](s)(leaseInstance(t.Context(), s.db, s.clock.Now)) }
	first := lease()
	s.clock.Advance(leaseTime / 2)
	s.ok(first.renew(t.Context()))
	s.clock.Advance(leaseTime)
	if first.held(s.clock.Now()) {
		t.Error("held after its end")
	}
	if second := lease(); second.number == first.number {
		t.Error("given away while clocks may still differ")
	}
	s.clock.Advance(2 * leaseTime)
	taken := map[int]bool{lease().number: true, lease().number: true}
	if !taken[first.number] {
		t.Fatalf("number %d did not come free: %v", first.number, taken)
	}
	if err := first.renew(t.Context()); !errors.Is(err, errLeaseLost) {
		t.Errorf("renewed a number of somebody else: %v", err)
	}
}

func TestClicksGoOnAfterALongOutage(t *testing.T) {
	s := newSite(t)
	p := s.partner("a")
	old := s.clicks.Instance()
	s.clock.Advance(time.Hour)
	must[*instance](s)(leaseInstance(t.Context(), s.db, s.clock.Now)) // takes the number that was not renewed
	if out := s.click(s.request(p)); out.Rejected != "" {
		t.Fatalf("outcome: %+v", out)
	}
	if s.clicks.Instance() == old {
		t.Error("two sidecars work under one number")
	}
}

func TestStoppedSidecarGivesItsNumberBack(t *testing.T) {
	s := newSite(t)
	c := s.newClicks()
	n := c.Instance()
	s.ok(c.Close(t.Context()))
	s.clock.Advance(leaseTime + time.Second)
	if got := s.newClicks().Instance(); got != n && got != s.clicks.Instance() {
		t.Errorf("got number %d, want the free %d", got, n)
	}
}
