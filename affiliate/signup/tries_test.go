package signup_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
)

// Limits are rows: a new process goes on counting, and of forms that come at once
// not one too many passes.
//
// Spec: D42
func TestLimitsSurviveARestart(t *testing.T) {
	s := newSite(t)
	s.settings(func(set *affiliate.Settings) { set.Limits.Signups = 3 })
	passed := make(chan bool, 8)
	var all sync.WaitGroup
	for i := range 8 {
		service := s.restarted()
		all.Go(func() {
			a := s.form(fmt.Sprintf("new%d@example.com", i))
			a.Network = "n1"
			_, err := service.Apply(t.Context(), a)
			if err != nil && problem(err, "") == "" {
				t.Error(err)
			}
			passed <- err == nil
		})
	}
	all.Wait()
	n := 0
	for range 8 {
		if <-passed {
			n++
		}
	}
	if n != 3 || s.number("partners") != 3 {
		t.Errorf("%d passed, %d partners", n, s.number("partners"))
	}
	a := s.form("elsewhere@example.com")
	a.Network = "n2"
	s.apply(a)
	a = s.form("later@example.com")
	a.Network = "n1"
	s.clock.Advance(50 * time.Minute)
	if _, err := s.restarted().Apply(t.Context(), a); problem(err, "") == "" {
		t.Errorf("too early: %v", err)
	}
	s.clock.Advance(20 * time.Minute)
	s.apply(a)
}

// A mailbox gets few mails by forms in its name, however long somebody goes on.
//
// Spec: D42
func TestMailboxIsNotFloodedForWeeks(t *testing.T) {
	s := newSite(t)
	s.accounts["editor@example.com"] = 7
	for range 29 * 4 {
		if r := s.apply(s.form("editor@example.com")); r.Outcome != signup.Mailed {
			t.Fatalf("%+v", r)
		}
		s.clock.Advance(6 * time.Hour)
	}
	if n := len(s.tokens("editor@example.com")); n != 10 {
		t.Errorf("%d mails in a month", n)
	}
}

// What nobody confirmed is forgotten, with what it answered; what waits, and what a
// partner answered, stays.
func TestForgottenFormsArePruned(t *testing.T) {
	s := newSite(t)
	s.ask(signup.Promotion, signup.AskOptional)
	s.accounts["editor@example.com"], s.accounts["writer@example.com"] = 7, 8
	send := func(email string) {
		a := s.form(email)
		a.Answers = map[string]string{signup.Promotion: "By my blog."}
		s.apply(a)
	}
	send("editor@example.com")
	send("paul@example.com")
	s.clock.Advance(36 * 24 * time.Hour)
	send("writer@example.com")
	s.ok(s.Prune(t.Context()))
	if n := s.number("applications"); n != 2 {
		t.Errorf("after 36 days %d forms", n)
	}
	s.clock.Advance(2 * 24 * time.Hour)
	s.ok(s.Prune(t.Context()))
	if a, b, c := s.number("applications"), s.number("signup_answers"), s.number("signup_tries"); a != 1 || b != 2 ||
		c != 2 {
		t.Errorf("%d forms, %d answers, %d counts", a, b, c)
	}
}
