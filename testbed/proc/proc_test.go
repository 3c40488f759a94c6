package proc

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// script starts a shell script and returns when it has printed a line.
func script(t *testing.T, text string) *Process {
	t.Helper()
	cmd := exec.Command("sh", "-c", text)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStopAsksFirst(t *testing.T) {
	p := script(t, `trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done`)
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.ExitCode() != 7 {
		t.Errorf("exit code %d, want the script's own 7", p.ExitCode())
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Errorf("second Stop: %v", err)
	}
}

func TestStopKillsWhatDoesNotListen(t *testing.T) {
	p := script(t, `trap '' TERM; echo ready; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if p.ExitCode() != 128+int(syscall.SIGKILL) {
		t.Errorf("exit code %d, want that of a killed process", p.ExitCode())
	}
}

func TestKillEndsTheWholeGroup(t *testing.T) {
	// The child holds the pipe open, so reading to its end waits for both.
	cmd := exec.Command("sh", "-c", `sleep 1000 & echo ready; wait`)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = write
	p, err := Start(cmd)
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(read)
	out.ReadString('\n')
	p.Kill()
	read.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := out.ReadString('\n'); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the child of the killed process lives on")
	}
}

func TestCachedIsBuiltWholeByOneOfMany(t *testing.T) {
	t.Setenv("PARTNER_CENTER_CACHE", filepath.Join(t.TempDir(), "cache"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			dir, err := Cached("thing", func(dir string) error {
				return errors.Join(os.WriteFile(filepath.Join(dir, "a"), nil, 0o644),
					os.WriteFile(filepath.Join(dir, "b"), nil, 0o644))
			})
			if err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "b")); err != nil {
				t.Error("half of it was seen:", err)
			}
		})
	}
	all.Wait()
	again, err := Cached("thing", func(string) error { return errors.New("built again") })
	if err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(again)); len(entries) != 1 {
		t.Errorf("the cache holds %v, want the one thing", entries)
	}
}

func TestCachedFailureLeavesNothing(t *testing.T) {
	t.Setenv("PARTNER_CENTER_CACHE", t.TempDir())
	broken := errors.New("broken")
	if _, err := Cached("thing", func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	var built atomic.Bool
	if _, err := Cached("thing", func(string) error { built.Store(true); return nil }); err != nil || !built.Load() {
		t.Errorf("second try: built %v, %v", built.Load(), err)
	}
}

func TestTempDirsOfTheDeadAreSwept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	abandon := func() (string, Lock) {
		dir, lock, err := TempDir("sweep-")
		if err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
		return dir, lock
	}
	dead, lock := abandon()
	lock.Close() // as the kernel does for a killed process
	living, lock := abandon()
	defer lock.Close()
	runtime.GC() // a lock must not depend on somebody keeping it in mind
	if _, _, err := TempDir("sweep-"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("directory without owner: %v, want it gone", err)
	}
	if _, err := os.Stat(living); err != nil {
		t.Errorf("directory in use: %v", err)
	}
}

func TestUnprivilegedNeedsAReachableDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if cred := Unprivileged(filepath.Join(dir, "data")); cred != nil {
		t.Errorf("got user %d for a directory only its owner can reach", cred.Uid)
	}
}

func TestFindSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find("no-such-program"); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
}
