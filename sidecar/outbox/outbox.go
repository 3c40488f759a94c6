// Package outbox hands to WordPress what waits for it: accounts to be made for
// partners, their coupons, and mails. While WordPress is away everything waits, and nothing
// uses up its attempts. With a mail server of one's own, mails go there, also
// while WordPress is away.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/clock"
	"partnercenter/wpbridge"
)

// WordPress is the way to the paired site.
type WordPress struct {
	// Client makes calls; an error while there is no pairing.
	Client func() (*wpbridge.Client, error)
	// User looks up a user; wpbridge.ErrNoUser when it is gone.
	User func(ctx context.Context, id int64) (wpbridge.User, error)
}

// Worker works off jobs and mails, one at a time. Any number of sidecars may
// have one: what one has claimed, no other takes.
type Worker struct {
	now       clock.Clock
	log       *slog.Logger
	mails     *messages.Outbox
	jobs      *messages.Jobs
	signups   *signup.Service
	coupons   *coupon.Service
	wordpress WordPress
	mailer    *messages.Mailer
	stopURL   func(context.Context, messages.Mail) (string, error)
	probeAt   time.Time   // WordPress is away, and asked again from then on; zero: it is there
	dialAt    time.Time   // likewise of the mail server
	mailsWait atomic.Bool // for whoever sends them to answer
}

// New works for the site that wordpress leads to.
func New(now clock.Clock, log *slog.Logger, waiting Waiting, wordpress WordPress) *Worker {
	return &Worker{now: now, log: log, mails: waiting.Mails, jobs: waiting.Jobs, signups: waiting.Signups,
		coupons: waiting.Coupons, mailer: waiting.Mailer, stopURL: waiting.StopURL, wordpress: wordpress}
}

// Waiting is what waits for WordPress.
type Waiting struct {
	Mails   *messages.Outbox
	Jobs    *messages.Jobs
	Signups *signup.Service // told of accounts that were made
	Coupons *coupon.Service
	Mailer  *messages.Mailer // how mails are sent
	// StopURL is where the reader of an optional mail asks for no more of its kind.
	StopURL func(context.Context, messages.Mail) (string, error)
}

// probeEvery is how often a WordPress that does not answer is asked again.
const probeEvery = 15 * time.Second

// Work does the most urgent thing that waits, a job before coupons before a mail, and tells
// whether there was one. The error is the database's. What was begun is
// finished though ctx ends: a mail that was sent must be noted as sent.
func (w *Worker) Work(ctx context.Context) (did bool, err error) {
	client, err := w.wordpress.Client()
	if err != nil {
		return false, nil // not paired, which is said elsewhere
	}
	ctx = context.WithoutCancel(ctx)
	there := w.reachable(ctx, client)
	if there {
		if did, err = w.nextJob(ctx, client); did || err != nil {
			return did, err
		}
		if did, err = w.nextCoupons(ctx, client); did || err != nil {
			return did, err
		}
	}
	return w.nextMail(ctx, client, there)
}

// reachable asks a WordPress that was away whether it is back, before anything
// is claimed for it.
func (w *Worker) reachable(ctx context.Context, client *wpbridge.Client) bool {
	if w.probeAt.IsZero() {
		return true
	}
	if w.now().Before(w.probeAt) {
		return false
	}
	w.heed(client.Call(ctx, "ping", struct{}{}, nil))
	return w.probeAt.IsZero()
}

// heed takes notice of how a call ended: did it reach WordPress?
func (w *Worker) heed(err error) {
	if !away(err) {
		w.probeAt = time.Time{}
		return
	}
	if w.probeAt.IsZero() {
		w.log.Warn("accounts and mails wait until WordPress answers", "why", err)
	}
	w.probeAt = w.now().Add(probeEvery)
}

// away tells whether a call got no answer, or one that is not WordPress' own,
// as during maintenance.
func away(err error) bool {
	var silent *wpbridge.UnreachableError
	var refused *wpbridge.RefusedError
	return errors.As(err, &silent) || errors.As(err, &refused) && refused.Code == "" &&
		refused.Status >= http.StatusInternalServerError
}

func (w *Worker) nextJob(ctx context.Context, client *wpbridge.Client) (bool, error) {
	jobs, err := w.jobs.Claim(ctx, 1)
	if err != nil || len(jobs) == 0 {
		return false, err
	}
	job := jobs[0]
	if cause := w.do(ctx, client, job); cause != nil {
		w.heed(cause)
		w.log.Warn("an account for a partner could not be made yet", "job", job.ID, "attempt", job.Attempts, "why",
			cause)
		return true, w.jobs.Failed(ctx, job, cause)
	}
	return true, w.jobs.Done(ctx, job)
}

func (w *Worker) do(ctx context.Context, client *wpbridge.Client, job messages.Job) error {
	if job.Name != messages.MakeUser {
		return fmt.Errorf("there is no job %q in this release: update the sidecar", job.Name)
	}
	var wanted messages.UserJob
	if err := json.Unmarshal(job.Payload, &wanted); err != nil {
		return fmt.Errorf("the job cannot be read: %w", err)
	}
	user, err := w.ensureUser(ctx, client, wanted)
	if err != nil {
		return err
	}
	return w.signups.AccountMade(ctx, wanted.PartnerID, user, wanted.Known)
}

// ensureUser has WordPress find or make the user, who gets the partner's role.
func (w *Worker) ensureUser(ctx context.Context, client *wpbridge.Client, wanted messages.UserJob) (affiliate.UserID,
	error) {
	type call struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Role      string `json:"role"`
		Existing  bool   `json:"existing"`
	}
	in := call{Email: wanted.Email, FirstName: wanted.FirstName, LastName: wanted.LastName, Role: "partner"}
	if wanted.UserID != 0 {
		// WordPress finds users by their address, which need not be the one
		// that the partner signed up with.
		user, err := w.wordpress.User(ctx, int64(wanted.UserID))
		if err != nil {
			return 0, fmt.Errorf("the partner's user %d: %w", wanted.UserID, err)
		}
		in.Email, in.Existing = user.Email, true
	}
	var out struct {
		UserID affiliate.UserID `json:"user_id"`
	}
	if err := client.Call(ctx, "user", in, &out); err != nil {
		return 0, err
	}
	if out.UserID <= 0 {
		return 0, errors.New("WordPress named no user in its answer: bring plugin and sidecar to the same release")
	}
	return out.UserID, nil
}

// Trouble is how many accounts failed or were given up and how many mails failed
// and wait, each with the latest reason. While nobody can send, it is all mails that
// wait: whoever reads it wants to know how many they are, not how many were tried.
func (w *Worker) Trouble(ctx context.Context) (accounts, mails Stuck, err error) {
	if accounts.Count, accounts.Why, err = w.jobs.Failures(ctx); err != nil {
		return accounts, mails, err
	}
	mails.Count, mails.Why, err = w.mails.Failures(ctx)
	if err == nil && mails.Count > 0 && w.mailsWait.Load() {
		mails.Count, err = w.mails.Due(ctx)
	}
	return accounts, mails, err
}

// Stuck is what did not work, and why.
type Stuck struct {
	Count int
	Why   string
}
