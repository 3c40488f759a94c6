// Package proc runs servers as child processes that cannot outlive the
// program that started them: not when it ends, not when it is killed.
package proc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// Nobody is the user and group id servers run as when the program itself runs
// as root: it is "nobody" on every Linux and needs no account to be created.
const Nobody = 65534

// Process is a running or ended child.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // valid once done is closed
}

// Start starts cmd in a process group of its own, so that Ctrl-C in a terminal
// reaches the parent alone, which then stops its children in order. The kernel
// kills the child when the parent dies.
//
// A Credential set in cmd.SysProcAttr is kept.
func Start(cmd *exec.Cmd) (*Process, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	dieWithParent(cmd.SysProcAttr)

	p := &Process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The death signal is tied to the thread that forked, not to the
		// process: keep that thread until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	return p, nil
}

// Pid returns the id of the process and of its process group.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err tells how the process ended: nil for exit code 0. Only valid after Done.
func (p *Process) Err() error { return p.err }

// ExitCode returns the exit code as a shell would: 128+n for an end by signal
// n. Only valid after Done.
func (p *Process) ExitCode() int {
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return p.cmd.ProcessState.ExitCode()
}

// Signal sends sig to the whole process group.
func (p *Process) Signal(sig syscall.Signal) {
	select {
	case <-p.done: // the id may belong to somebody else by now
	default:
		_ = syscall.Kill(-p.Pid(), sig)
	}
}

// Stop asks the process to end and waits for it; when ctx ends first, it is
// killed and an error returned. Stopping an ended process does nothing.
func (p *Process) Stop(ctx context.Context) error {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("%s did not stop in time and was killed: %w", filepath.Base(p.cmd.Path), ctx.Err())
	}
}

// Kill ends the process group at once and waits until the process is gone.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// ErrMissing says that a program is not installed; its message names the
// command that installs it.
var ErrMissing = errors.New("program not installed")

// Find returns the path of a program, looking beyond PATH in the directories
// for servers, which ordinary users often do not have in theirs.
func Find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s (on Debian and Ubuntu run scripts/install-deps demo)", ErrMissing, name)
}

// Unprivileged returns the credential a server should run with so that it is
// not root, or nil when the program is not root itself or when dir could not be
// reached by anybody else (a directory below /root, say).
func Unprivileged(dir string) *syscall.Credential {
	if os.Geteuid() != 0 || !reachable(dir) {
		return nil
	}
	return &syscall.Credential{Uid: Nobody, Gid: Nobody}
}

// reachable says whether every directory above dir lets everybody through.
func reachable(dir string) bool {
	for dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
	}
	return true
}
