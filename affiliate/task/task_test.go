package task_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/task"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
	"partnercenter/locale"
)

// world counts to ten, as often as each number is counted.
type world struct {
	*testing.T
	db      *db.Handle
	now     *clock.Fake
	counted map[int]int
	before  func(n int) error // is asked before each number
}

const admin affiliate.Actor = "admin (user 1)"

func newWorld(t *testing.T) *world {
	return &world{T: t, db: dbtest.New(t), now: clock.NewFake(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)),
		counted: map[int]int{}, before: func(int) error { return nil }}
}

// service is one sidecar's.
func (w *world) service() *task.Service {
	s := task.New(w.db, w.now.Now)
	say := func(task.Task) locale.Text { return locale.Data("Count") }
	s.Register(task.Kind{Name: "count", Title: say, Outcome: say,
		Work: func(_ context.Context, t task.Task) (task.Part, error) {
			n, _ := strconv.Atoi(t.Place)
			if err := w.before(n); err != nil {
				return task.Part{}, err
			}
			w.counted[n]++
			return task.Part{Items: 1, Changed: n % 2, Notes: map[string]int{"EVEN": 1 - n%2},
				Place: strconv.Itoa(n + 1), More: n < 9}, nil
		}})
	return s
}

func (w *world) start(s *task.Service) task.ID {
	w.Helper()
	t, err := s.Start(w.Context(), admin, task.Start{Kind: "count", Once: "form", Total: 10})
	if err != nil {
		w.Fatal(err)
	}
	return t.ID
}

func (w *world) want(s *task.Service, id task.ID, state task.State, done int64) task.Task {
	w.Helper()
	t, err := s.Task(w.Context(), id)
	if err != nil || t.State != state || t.Done != done {
		w.Errorf("%s with %d of %d done, %v; want %s with %d", t.State, t.Done, t.Total, err, state, done)
	}
	return t
}

func (w *world) once() {
	w.Helper()
	for n := range 10 {
		if w.counted[n] != 1 {
			w.Errorf("%d was counted %d times", n, w.counted[n])
		}
	}
}

// A task is done part by part, says how far it is, and the same form starts one.
func TestTaskIsDonePartByPart(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	id := w.start(s)
	if again := w.start(s); again != id {
		t.Error("two tasks of one form")
	}
	w.want(s, id, task.Running, 0)
	if did, err := s.Run(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	done := w.want(s, id, task.Done, 10)
	if done.Changed != 5 || done.Notes()["EVEN"] != 5 || done.EndedAt == nil {
		t.Errorf("%+v", done)
	}
	w.once()
	if did, err := s.Run(t.Context()); did || err != nil {
		t.Error("it is done again", err)
	}
	if err := s.Stop(t.Context(), admin, id); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Error(err)
	}
}

// Stopped while it runs, a task ends behind the part it is at, and goes on there
// when it is resumed; stopping and resuming twice is as once.
func TestTaskIsStoppedAndResumed(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	id := w.start(s)
	w.before = func(n int) error {
		if n == 4 {
			return errors.Join(s.Stop(t.Context(), admin, id), s.Stop(t.Context(), admin, id))
		}
		return nil
	}
	for range 3 {
		if _, err := s.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.want(s, id, task.Stopped, 5)
	w.before = func(int) error { return nil }
	for range 2 {
		if err := s.Resume(t.Context(), admin, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want(s, id, task.Done, 10)
	w.once()
}

// A task whose sidecar dies is taken over by another one, where it was, but not
// while the first may still be at it.
func TestTaskOfADeadSidecarIsTakenOver(t *testing.T) {
	w := newWorld(t)
	one, two := w.service(), w.service()
	id := w.start(one)
	dying, die := context.WithCancel(t.Context())
	w.before = func(n int) error {
		if n != 4 {
			return nil
		}
		if did, err := two.Run(t.Context()); did || err != nil {
			t.Error("two are at one task", err)
		}
		die()
		panic("killed")
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = one.Run(dying)
	}()
	w.before = func(int) error { return nil }
	if did, _ := two.Run(t.Context()); did {
		t.Error("taken over too early")
	}
	w.now.Advance(2 * time.Minute)
	if did, err := two.Run(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	w.want(two, id, task.Done, 10)
	w.once()
}

// A fault is tried again a few times; what was told for people ends the task at
// once. Both can be resumed.
func TestFaultyTaskFailsAndCanBeResumed(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	id := w.start(s)
	w.before = func(n int) error {
		if n == 4 {
			return errors.New("no disk")
		}
		return nil
	}
	for i := range 5 {
		w.want(s, id, task.Running, int64(min(i, 1)*4))
		if did, err := s.Run(t.Context()); !did || err == nil {
			t.Fatal(did, err)
		}
		w.now.Advance(time.Minute)
	}
	w.want(s, id, task.Failed, 4)
	w.before = func(int) error { return affiliate.Conflict("There is no such file.") }
	if err := s.Resume(t.Context(), admin, id); err != nil {
		t.Fatal(err)
	}
	_, _ = s.Run(t.Context())
	w.want(s, id, task.Failed, 4)
	w.before = func(int) error { return nil }
	if err := s.Resume(t.Context(), admin, id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want(s, id, task.Done, 10)
	w.once()
}

// whole registers work that is done in one go.
func whole(s *task.Service, work func(context.Context, task.Task) (task.Part, error)) {
	say := func(task.Task) locale.Text { return locale.Data("File") }
	s.Register(task.Kind{Name: task.FileKind, Title: say, Outcome: say, Whole: true, Work: work})
}

func (w *world) startFile(s *task.Service) task.ID {
	w.Helper()
	t, err := s.Start(w.Context(), admin, task.Start{Kind: task.FileKind, Total: 10})
	if err != nil {
		w.Fatal(err)
	}
	return t.ID
}

// file is what a task has made, "" for nothing.
func (w *world) file(s *task.Service, id task.ID) string {
	w.Helper()
	t, err := s.Task(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	var text strings.Builder
	size, err := s.FileSize(w.Context(), t)
	if err == nil {
		err = s.WriteFile(w.Context(), id, size, &text)
	}
	if err != nil || int64(text.Len()) != size {
		w.Errorf("%d of %d bytes: %v", text.Len(), size, err)
	}
	return text.String()
}

// Work that is done whole is no part of the turns of others, tells how far it is
// while it runs, and ends at once when it is stopped: nothing more is kept of it.
func TestWholeTaskIsStopped(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	var id task.ID
	whole(s, func(ctx context.Context, running task.Task) (task.Part, error) {
		running.Count(7)
		for at := running; at.Done != 7; {
			var err error
			if at, err = s.Task(t.Context(), id); err != nil {
				return task.Part{}, err
			}
		}
		if err := s.Stop(t.Context(), admin, id); err != nil {
			return task.Part{}, err
		}
		<-ctx.Done()
		return task.Part{Items: 10}, s.KeepFile(t.Context(), running, strings.NewReader("rows"))
	})
	id = w.startFile(s)
	if did, err := s.Run(t.Context()); did || err != nil {
		t.Error("it takes its turn with others", err)
	}
	if did, err := s.RunWhole(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	w.want(s, id, task.Stopped, 7)
	if n := w.pieces(); n != 0 {
		t.Errorf("%d pieces are kept of what was stopped", n)
	}
	whole(s, func(ctx context.Context, running task.Task) (task.Part, error) {
		return task.Part{Items: 10}, s.KeepFile(ctx, running, strings.NewReader("rows"))
	})
	if err := s.Resume(t.Context(), admin, id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RunWhole(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want(s, id, task.Done, 10)
	if text := w.file(s, id); text != "rows" {
		t.Errorf("%q", text)
	}
}

func (w *world) pieces() (n int) {
	w.Helper()
	if err := w.db.Get(w.Context(), &n, "SELECT COUNT(*) FROM {wp}partner_center_task_files"); err != nil {
		w.Fatal(err)
	}
	return n
}

// A sidecar dies while it keeps a file: another one begins again, and nothing of the
// first is left in the file, which is removed a day later.
func TestFileOfADeadSidecarIsMadeAgain(t *testing.T) {
	w := newWorld(t)
	one, two := w.service(), w.service()
	long := strings.Repeat("the first one's rows\n", 60_000) // three pieces
	whole(one, func(ctx context.Context, running task.Task) (task.Part, error) {
		if err := one.KeepFile(ctx, running, strings.NewReader(long)); err != nil {
			return task.Part{}, err
		}
		panic("killed")
	})
	whole(two, func(ctx context.Context, running task.Task) (task.Part, error) {
		return task.Part{Items: 10}, two.KeepFile(ctx, running, strings.NewReader(long[5:]))
	})
	id := w.startFile(one)
	func() {
		defer func() { _ = recover() }()
		_, _ = one.RunWhole(t.Context())
	}()
	if n, text := w.pieces(), w.file(two, id); n != 3 || text != "" {
		t.Errorf("%d pieces, and %d bytes can be downloaded", n, len(text))
	}
	if did, _ := two.RunWhole(t.Context()); did {
		t.Error("taken over too early")
	}
	w.now.Advance(2 * time.Minute)
	if did, err := two.RunWhole(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	w.want(two, id, task.Done, 10)
	if text := w.file(one, id); text != long[5:] {
		t.Errorf("%d bytes instead of %d", len(text), len(long)-5)
	}
	for _, hours := range []int{23, 2} {
		w.now.Advance(time.Duration(hours) * time.Hour)
		if err := two.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.pieces(); (n == 3) != (hours == 23) {
			t.Errorf("%d pieces are kept after %d hours more", n, hours)
		}
	}
}
