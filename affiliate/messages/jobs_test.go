package messages_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/clock"
	"partnercenter/db/dbtest"
)

// Spec: S107
func TestJobIsRepeatedUntilItIsDone(t *testing.T) {
	h, c := dbtest.New(t), clock.NewFake(noon)
	jobs := messages.NewJobs(h, c.Now)
	claim := func() *messages.Job {
		claimed, err := jobs.Claim(t.Context(), 10)
		if err != nil || len(claimed) > 1 {
			t.Fatalf("%v, %v", claimed, err)
		}
		if len(claimed) == 0 {
			return nil
		}
		return &claimed[0]
	}
	want := messages.UserJob{PartnerID: 4, Email: "anna@example.com", FirstName: "Anna"}
	for range 2 {
		if err := jobs.Queue(t.Context(), h, messages.MakeUser, "4", want); err != nil {
			t.Fatal(err)
		}
	}
	first := claim()
	var got messages.UserJob
	if err := json.Unmarshal(first.Payload, &got); err != nil || got != want || first.Name != messages.MakeUser ||
		first.Key != "4" {
		t.Errorf("claimed %+v, %v", first, err)
	}
	if err := jobs.Failed(t.Context(), *first, errors.New("WordPress is away")); err != nil || claim() != nil {
		t.Errorf("failed: %v", err)
	}
	waiting, err := jobs.Jobs(t.Context(), messages.Queued, affiliate.Page{Limit: 10})
	if err != nil || len(waiting) != 1 || waiting[0].Error != "WordPress is away" {
		t.Errorf("waiting %+v, %v", waiting, err)
	}
	c.Advance(time.Minute)
	crashed := claim()
	c.Advance(10 * time.Minute)
	last := claim()
	if crashed == nil || last == nil || last.Attempts != 3 {
		t.Fatalf("taken up as %+v, then %+v", crashed, last)
	}
	if err := jobs.Done(t.Context(), *last); err != nil {
		t.Fatal(err)
	}
	c.Advance(1000 * time.Hour)
	if counts, err := jobs.Counts(t.Context()); err != nil || counts[messages.Done] != 1 || claim() != nil {
		t.Errorf("done: %v, %v", counts, err)
	}
	if err := jobs.Again(t.Context(), anna, last.ID); err != nil || claim() == nil {
		t.Errorf("again: %v", err)
	}
}

func TestJobIsFoundByWhatItIsAbout(t *testing.T) {
	h := dbtest.New(t)
	jobs := messages.NewJobs(h, clock.NewFake(noon).Now)
	if err := jobs.Queue(t.Context(), h, messages.MakeUser, "member-4", nil); err != nil {
		t.Fatal(err)
	}
	if job, err := jobs.Find(t.Context(), messages.MakeUser, "member-4"); err != nil || job.Key != "member-4" ||
		job.State != messages.Queued {
		t.Errorf("%+v, %v", job, err)
	}
	if _, err := jobs.Find(t.Context(), messages.MakeUser,
		"member-5"); affiliate.KindOf(err) != affiliate.KindNotFound {
		t.Errorf("a job nobody asked for: %v", err)
	}
}
