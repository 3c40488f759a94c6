package task

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const (
	// holdTime is for how long a sidecar that says nothing keeps a task: longer
	// than a part takes.
	holdTime = time.Minute
	// turnTime is for how long one task is worked on before the next has its turn.
	turnTime = 2 * time.Second
	// watchTime is how often work that is done whole is looked after.
	watchTime = 500 * time.Millisecond
	// tries is how often a part is tried before its task has failed.
	tries = 5
)

// Run gives the task that has waited longest its turn, and tells whether there was
// one. An error is about that task's work, which is tried again after a while.
func (s *Service) Run(ctx context.Context) (bool, error) { return s.next(ctx, false) }

// RunWhole is Run for the kinds that are done whole: a long one keeps no others waiting
// but of its own sort.
func (s *Service) RunWhole(ctx context.Context) (bool, error) { return s.next(ctx, true) }

func (s *Service) next(ctx context.Context, whole bool) (bool, error) {
	t, found, err := s.claim(ctx, whole)
	if err != nil || !found {
		return false, err
	}
	err = s.turnOf(ctx, t)
	if released := s.release(context.WithoutCancel(ctx), t.ID, err); released != nil {
		return true, errors.Join(err, released)
	}
	return true, err
}

// claim takes the next task for holdTime.
func (s *Service) claim(ctx context.Context, whole bool) (t Task, found bool, err error) {
	now := s.now()
	query, args, err := db.In(`/* task.claim */ SELECT id FROM {wp}partner_center_tasks
		WHERE state = ? AND next_at <= ? AND (held_until IS NULL OR held_until <= ?) AND (kind IN (?)) = ?
		ORDER BY next_at LIMIT 3`, Running, now, now, s.wholeKinds(), whole)
	if err != nil {
		return t, false, err
	}
	ids := []ID{}
	err = s.db.Select(ctx, &ids, query, args...)
	for _, id := range ids {
		result, err := s.db.Exec(ctx, `/* task.claim */ UPDATE {wp}partner_center_tasks SET holder = ?, held_until = ?
			WHERE id = ? AND state = ? AND (held_until IS NULL OR held_until <= ?)`, s.holder, now.Add(holdTime), id,
			Running, now)
		if err != nil {
			return t, false, err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			t, err := s.Task(ctx, id)
			return t, err == nil, err
		}
	}
	return t, false, err
}

// wholeKinds are the names of the kinds that are done whole, and "", which is none.
func (s *Service) wholeKinds() []string {
	names := []string{""}
	for name, kind := range s.kinds {
		if kind.Whole {
			names = append(names, name)
		}
	}
	return names
}

// turnOf does parts of a task until its turn, or the task, is over.
func (s *Service) turnOf(ctx context.Context, t Task) error {
	kind, known := s.kinds[t.Kind]
	if !known {
		return errUnknown
	}
	if kind.Whole {
		return s.whole(ctx, t, kind)
	}
	began := time.Now() // how long it takes is no matter of the site's clock
	for time.Since(began) < turnTime && ctx.Err() == nil {
		part, err := kind.Work(ctx, t)
		if err != nil {
			return err
		}
		goes, err := s.keep(ctx, &t, part)
		if err != nil || !goes {
			return err
		}
	}
	return ctx.Err()
}

// whole does all of a task, from the beginning, and looks after it meanwhile.
func (s *Service) whole(ctx context.Context, t Task, kind Kind) error {
	t.Done, t.Changed, t.counter = 0, 0, &atomic.Int64{}
	working, end := context.WithCancel(ctx)
	defer end()
	stopped, watched := false, make(chan struct{})
	go func() {
		defer close(watched)
		stopped = s.watch(working, t)
		end()
	}()
	part, err := kind.Work(working, t)
	end()
	<-watched
	if stopped {
		return nil // whatever that made of the work
	}
	if err == nil {
		_, err = s.keep(ctx, &t, part)
	}
	return err
}

// watch keeps the hold on a task and writes down how far it is, until ctx ends or
// the task is no longer ours to work on, which it tells.
func (s *Service) watch(ctx context.Context, t Task) (stopped bool) {
	tick := time.NewTicker(watchTime) // work takes its time, whatever the site's clock says
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		var ours bool
		err := s.db.Get(ctx, &ours, `/* task.watch */ SELECT state = 'running' AND holder = ?
			FROM {wp}partner_center_tasks WHERE id = ?`, s.holder, t.ID)
		if err == nil && !ours {
			return true
		}
		if err == nil { // else it is tried again; without a word for holdTime, another takes over
			now := s.now()
			_, _ = s.db.Exec(ctx, `/* task.watch */ UPDATE {wp}partner_center_tasks
				SET done = ?, held_until = ?, updated_at = ? WHERE id = ? AND holder = ? AND state = 'running'`,
				t.counter.Load(), now.Add(holdTime), now, t.ID, s.holder)
		}
	}
}

// keep writes down a part and tells whether the task goes on: not when it is done,
// was stopped, or is another's by now.
func (s *Service) keep(ctx context.Context, t *Task, p Part) (goes bool, err error) {
	now, notes := s.now(), t.Notes()
	for code, n := range p.Notes {
		notes[code] += n
	}
	if t.NotesJSON, err = json.Marshal(notes); err != nil {
		return false, err
	}
	t.Done, t.Changed, t.Place = t.Done+int64(p.Items), t.Changed+int64(p.Changed), p.Place
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		var row struct {
			State  State  `db:"state"`
			Holder string `db:"holder"`
		}
		err := tx.Get(ctx, &row, `/* task.keep */ SELECT state, holder FROM {wp}partner_center_tasks WHERE id = ?
			FOR UPDATE`, t.ID)
		if err != nil || row.Holder != s.holder {
			return err
		}
		state, ended := row.State, (*time.Time)(nil)
		if !p.More {
			state, ended = Done, &now
		}
		goes = state == Running
		_, err = tx.Exec(ctx, `/* task.keep */ UPDATE {wp}partner_center_tasks SET done = ?, changed = ?, notes = ?,
			place = ?, attempts = 0, state = ?, ended_at = ?, updated_at = ?, held_until = ? WHERE id = ?`,
			t.Done, t.Changed, t.NotesJSON, t.Place, state, ended, now, now.Add(holdTime), t.ID)
		return err
	})
	return goes, err
}

// release lets others have the task. After a fault it waits, longer each time; what
// it was told for people ends it.
func (s *Service) release(ctx context.Context, id ID, fault error) error {
	now := s.now()
	if fault == nil || errors.Is(fault, context.Canceled) {
		_, err := s.db.Exec(ctx, `/* task.release */ UPDATE {wp}partner_center_tasks SET held_until = NULL, next_at = ?
			WHERE id = ? AND holder = ?`, now, id, s.holder)
		return err
	}
	least := tries
	if affiliate.KindOf(fault) != 0 {
		least = 1
	}
	_, err := s.db.Exec(ctx, `/* task.release */ UPDATE {wp}partner_center_tasks SET held_until = NULL,
		attempts = attempts + 1, next_at = ?, state = IF(state = 'running' AND attempts >= ?, 'failed', state),
		updated_at = ? WHERE id = ? AND holder = ?`, now.Add(10*time.Second), least, now, id, s.holder)
	return err
}
