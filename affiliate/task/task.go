// Package task carries out work that takes longer than a page may: approving
// 100,000 commissions, importing a file, running many orders again. A task is a
// row; whichever sidecar claims it does it part by part, each part a transaction
// or several of the domain's own, and writes down after each how far it has come.
// So leaving the page harms nothing, a task can be stopped and resumed, and one
// whose sidecar dies is taken over, at the part that was begun. A part may
// therefore be done twice: the second time must change nothing. A task may leave a
// file, kept for a day.
//
// Tables of this package: tasks, task_files.
package task

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// ID names a task.
type ID = affiliate.ID[Task]

// State is where a task stands.
type State string

// The states.
const (
	Running State = "running" // or waiting for its turn
	Stopped State = "stopped" // by a person; can be resumed
	Failed  State = "failed"  // its work went wrong again and again; can be resumed
	Done    State = "done"
)

// Task is one piece of long work.
type Task struct {
	ID        ID              `db:"id"`
	Kind      string          `db:"kind"`
	Params    []byte          `db:"params"` // JSON, of the kind
	Actor     affiliate.Actor `db:"actor"`  // who started it, and in whose name it acts
	State     State           `db:"state"`
	Total     int64           `db:"total"`   // items when it was started
	Done      int64           `db:"done"`    // items that were looked at
	Changed   int64           `db:"changed"` // those of them that were changed
	NotesJSON []byte          `db:"notes"`   // see Notes
	Place     string          `db:"place"`   // where the next part begins, "" at the beginning
	Attempts  int             `db:"attempts"`
	CreatedAt time.Time       `db:"created_at"`
	UpdatedAt time.Time       `db:"updated_at"`
	EndedAt   *time.Time      `db:"ended_at"`

	counter *atomic.Int64 // of a task that is done whole
}

const columns = `id, kind, params, actor, state, total, done, changed, notes, place, attempts, created_at, updated_at,
	ended_at`

// Notes says of how many items something is to be said: codes of reasons for what
// was left as it is.
func (t Task) Notes() map[string]int {
	notes := map[string]int{}
	_ = json.Unmarshal(t.NotesJSON, &notes) // written by note
	return notes
}

// Count says that work which is done whole has come so far.
func (t Task) Count(done int64) { t.counter.Store(done) }

// Read fills in what the task was started with.
func (t Task) Read(params any) error { return json.Unmarshal(t.Params, params) }

// Part is what a step of work has done.
type Part struct {
	Items   int            // looked at
	Changed int            // of them
	Notes   map[string]int // codes (ASCII) with how many of the items they are about
	Place   string         // where the next part begins, at most 255 characters
	More    bool           // there is one
}

// FileKind is the name of the Kind that makes files.
const FileKind = "file"

// Kind is a sort of long work.
type Kind struct {
	Name string // in the table: "approve"
	// May is the capability that starting, stopping and resuming need.
	May string
	// Work does the part of the task that begins at t.Place, in a second or so.
	// What it changes must be changed whole or not at all, and not once more when
	// the part is done again. An affiliate.Error ends the task.
	Work func(ctx context.Context, t Task) (Part, error)
	// Whole marks work that is one part, however long: a file that shows one state
	// of the database. It tells how far it is by Task.Count, its context ends when
	// the task is stopped, and a sidecar does it beside other tasks (RunWhole).
	Whole bool
	// Title says what the task does, and Outcome what it has done so far.
	Title, Outcome func(t Task) locale.Text
}

// Service starts tasks and carries them out.
type Service struct {
	db     *db.Handle
	now    clock.Clock
	holder string
	kinds  map[string]Kind
}

// New keeps tasks in h.
func New(h *db.Handle, now clock.Clock) *Service {
	return &Service{db: h, now: now, holder: rand.Text(), kinds: map[string]Kind{}}
}

// Register makes a kind known, before tasks are started or run.
func (s *Service) Register(k Kind) { s.kinds[k.Name] = k }

// Kind is the kind of that name; the zero one where this version doesn't know it.
func (s *Service) Kind(name string) Kind { return s.kinds[name] }

// Start is what a task is made of.
type Start struct {
	Kind   string
	Once   string // the form it comes from, ASCII: sent twice, there is one task
	Params any
	Total  int64
}

// Start begins a task and returns it; one that the same form has begun before is
// returned as it stands.
func (s *Service) Start(ctx context.Context, actor affiliate.Actor, start Start) (Task, error) {
	params, err := json.Marshal(start.Params)
	if err != nil {
		return Task{}, fmt.Errorf("task %s: %w", start.Kind, err)
	}
	if start.Once == "" {
		start.Once = rand.Text()
	}
	now := s.now()
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		result, err := tx.Exec(ctx, `/* task.Start */
			INSERT INTO {wp}partner_center_tasks (kind, once_key, params, actor, state, total, next_at, created_at,
				updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			start.Kind, start.Once, params, actor, Running, start.Total, now, now, now)
		if db.Duplicate(err) {
			return nil
		} else if err != nil {
			return err
		}
		id, err := result.LastInsertId()
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: "start", Object: "task",
			ObjectID: id, After: map[string]any{"kind": start.Kind, "items": start.Total}})
	})
	if err != nil {
		return Task{}, err
	}
	var t Task
	return t, s.db.Get(ctx, &t, `/* task.Start */ SELECT `+columns+` FROM {wp}partner_center_tasks
		WHERE kind = ? AND once_key = ?`, start.Kind, start.Once)
}

// Task is one of them; KindNotFound without.
func (s *Service) Task(ctx context.Context, id ID) (Task, error) {
	var t Task
	err := s.db.Get(ctx, &t, `/* task.Task */ SELECT `+columns+` FROM {wp}partner_center_tasks WHERE id = ?`, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such task.")
	}
	return t, err
}

// Latest are the newest tasks.
func (s *Service) Latest(ctx context.Context, limit int) ([]Task, error) {
	tasks := []Task{}
	return tasks, s.db.Select(ctx, &tasks, `/* task.Latest */ SELECT `+columns+` FROM {wp}partner_center_tasks
		ORDER BY id DESC LIMIT ?`, limit)
}

// Stop has a task end behind the part that it is at. One that has ended is left as
// it is, and the answer says so.
func (s *Service) Stop(ctx context.Context, actor affiliate.Actor, id ID) error {
	return s.turn(ctx, actor, id, "stop", Stopped, Running)
}

// Resume has a task go on where it was stopped or failed.
func (s *Service) Resume(ctx context.Context, actor affiliate.Actor, id ID) error {
	return s.turn(ctx, actor, id, "resume", Running, Stopped, Failed)
}

func (s *Service) turn(ctx context.Context, actor affiliate.Actor, id ID, action string, to State,
	from ...State) error {
	now := s.now()
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var was State
		err := tx.Get(ctx, &was,
			`/* task.turn */ SELECT state FROM {wp}partner_center_tasks WHERE id = ? FOR UPDATE`, id)
		switch {
		case db.NoRows(err):
			return affiliate.Missing("There is no such task.")
		case err != nil || was == to:
			return err
		case was == Done:
			return affiliate.Conflict("This task is done already.")
		case from[0] != was && from[len(from)-1] != was:
			return affiliate.Conflict("This task has ended already.")
		}
		_, err = tx.Exec(ctx, `/* task.turn */ UPDATE {wp}partner_center_tasks
			SET state = ?, attempts = 0, next_at = ?, updated_at = ? WHERE id = ?`, to, now, now, id)
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, now, affiliate.AuditEntry{Actor: actor, Action: action, Object: "task",
			ObjectID: int64(id), Before: was, After: to})
	})
}

var errUnknown = errors.New("this version of the program knows no such task")

// recent is for how long a task that failed asks for attention.
const recent = 7 * 24 * time.Hour

// Attention is how many tasks run or have failed lately.
func (s *Service) Attention(ctx context.Context) (n int, err error) {
	err = s.db.Get(ctx, &n, `/* task.Attention */ SELECT COUNT(*) FROM {wp}partner_center_tasks
		WHERE state = 'running' OR state = 'failed' AND ended_at > ?`, s.now().Add(-recent))
	return n, err
}

// Failed is how many tasks have failed lately.
func (s *Service) Failed(ctx context.Context) (n int64, err error) {
	err = s.db.Get(ctx, &n, `/* task.Failed */ SELECT COUNT(*) FROM {wp}partner_center_tasks
		WHERE state = 'failed' AND ended_at > ?`, s.now().Add(-recent))
	return n, err
}
