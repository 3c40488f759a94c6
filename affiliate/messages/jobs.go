package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
)

// JobID is the row of a job.
type JobID = affiliate.ID[Job]

// Job is something WordPress is asked to do. It may be asked more than once,
// so what it does must come to the same then.
type Job struct {
	ID        JobID      `db:"id"`
	Name      string     `db:"name"`     // what to do: MakeUser
	Key       string     `db:"once_key"` // what it is about, once for each name; ASCII
	Payload   []byte     `db:"payload"`  // JSON
	State     State      `db:"state"`
	Attempts  int        `db:"attempts"`
	NextAt    time.Time  `db:"next_at"`
	DoneAt    *time.Time `db:"done_at"`
	Error     string     `db:"error"`
	CreatedAt time.Time  `db:"created_at"`
}

// MakeUser is the job that finds or makes the WordPress user of a partner, who
// gets the partner's role (S107). Its payload is a [UserJob].
const MakeUser = "user"

// UserJob says whose user is wanted.
type UserJob struct {
	PartnerID affiliate.PartnerID `json:"partner_id"`
	UserID    affiliate.UserID    `json:"user_id,omitempty"` // the user there is; 0: found by the address, or made
	Email     string              `json:"email"`
	FirstName string              `json:"first_name"`
	LastName  string              `json:"last_name"`
	// Known: they were logged in as that user, or an admin chose them, and need no mail
	// about how to log in.
	Known bool `json:"known,omitempty"`
}

// Jobs holds the jobs.
type Jobs struct{ queue }

// NewJobs works on the site's database.
func NewJobs(h *db.Handle, now clock.Clock) *Jobs {
	return &Jobs{queue{table: "jobs", db: h, now: now}}
}

// Queue asks for a job as a step of a transaction. When it was asked for under
// this name and key before, nothing happens.
func (j *Jobs) Queue(ctx context.Context, q db.Queryer, name, key string, payload any) error {
	data, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("job %s %s: %w", name, key, err)
	}
	now := j.now()
	_, err = q.Exec(ctx, `/* messages.Jobs.Queue */
		INSERT INTO {wp}partner_center_jobs (name, once_key, payload, state, next_at, created_at)
		VALUES (?, ?, ?, 'queued', ?, ?)`,
		name, key, data, now, now)
	if db.Duplicate(err) {
		return nil
	}
	return err
}

// Claim takes up to limit due jobs for this sidecar. Each is then to be done
// and reported by Done or Failed; what is not is taken up again when the claim
// has run out.
func (j *Jobs) Claim(ctx context.Context, limit int) ([]Job, error) {
	ids, err := j.claim(ctx, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	query, args, err := db.In(`/* messages.Jobs.Claim */ SELECT `+jobColumns+
		` FROM {wp}partner_center_jobs WHERE id IN (?) ORDER BY id`, ids)
	if err != nil {
		return nil, err
	}
	jobs := []Job{}
	return jobs, j.db.Select(ctx, &jobs, query, args...)
}

const jobColumns = `id, name, once_key, payload, state, attempts, next_at, done_at, error, created_at`

// Done tells that WordPress has done the job.
func (j *Jobs) Done(ctx context.Context, job Job) error {
	_, err := j.db.Exec(ctx, `/* messages.Jobs.Done */
		UPDATE {wp}partner_center_jobs SET state = 'done', done_at = ?, error = '' WHERE id = ?`, j.now(), job.ID)
	return err
}

// Failed tells why a job was not done. It is tried again after a pause that
// grows, and is dead after eight attempts.
func (j *Jobs) Failed(ctx context.Context, job Job, cause error) error {
	return j.failed(ctx, int64(job.ID), job.Attempts, cause)
}

// Again tries a dead job, or one that was done, once more.
func (j *Jobs) Again(ctx context.Context, actor affiliate.Actor, id JobID) error {
	return j.again(ctx, actor, "job", int64(id))
}

// Counts are the numbers of jobs by state.
func (j *Jobs) Counts(ctx context.Context) (map[State]int, error) { return j.counts(ctx) }

// Jobs lists the jobs of a state, newest first: those that wait are the queue
// of applicants whose account is not made yet.
func (j *Jobs) Jobs(ctx context.Context, state State, page affiliate.Page) ([]Job, error) {
	jobs := []Job{}
	err := j.db.Select(ctx, &jobs, `/* messages.Jobs.Jobs */
		SELECT `+jobColumns+` FROM {wp}partner_center_jobs WHERE state = ? ORDER BY id DESC LIMIT ? OFFSET ?`, state,
		page.Limit, page.Offset)
	return jobs, err
}

// Latest is the latest job asked for under a name and a key, or that key with
// more behind a "/"; Missing when nobody asked.
func (j *Jobs) Latest(ctx context.Context, name, key string) (Job, error) {
	var job Job
	err := j.db.Get(ctx, &job, `/* messages.Jobs.Latest */ SELECT `+jobColumns+`
		FROM {wp}partner_center_jobs WHERE name = ? AND (once_key = ? OR once_key LIKE CONCAT(?, '/%'))
		ORDER BY id DESC LIMIT 1`, name, key, key)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such job.")
	}
	return job, err
}

// Find is the job asked for under a name and key; Missing when nobody asked.
func (j *Jobs) Find(ctx context.Context, name, key string) (Job, error) {
	var job Job
	err := j.db.Get(ctx, &job, `/* messages.Jobs.Find */ SELECT `+jobColumns+
		` FROM {wp}partner_center_jobs WHERE name = ? AND once_key = ?`, name, key)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such job.")
	}
	return job, err
}
