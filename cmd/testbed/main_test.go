package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the command: testbed's own process must
// handle signals and exit codes.
func TestMain(m *testing.M) {
	if os.Getenv("TESTBED_TEST_IS_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

func testbed(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "TESTBED_TEST_IS_COMMAND=1")
	return cmd
}

func TestCommandFindsTheServer(t *testing.T) {
	out, err := testbed("sh", "-c", "echo $PARTNER_CENTER_TEST_DSN").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "@tcp(127.0.0.1:") {
		t.Errorf("got %q, %v; want a data source name", out, err)
	}
}

func TestExitCodeIsTheCommands(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 3, "kill -TERM $$": 143} {
		cmd := testbed("sh", "-c", script)
		_ = cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("%s: exit code %d, want %d", script, got, want)
		}
	}
}

func TestUsageAndUnknownCommand(t *testing.T) {
	for _, args := range [][]string{nil, {"no-such-command"}} {
		out, err := testbed(args...).CombinedOutput()
		if err == nil || len(out) == 0 {
			t.Errorf("%q: %v, %q; want an exit code and a reason", args, err, out)
		}
	}
}

func TestSignalReachesTheCommand(t *testing.T) {
	cmd := testbed("sh", "-c",
		`trap 'echo "database: $PARTNER_CENTER_TEST_DSN"; exit 9' TERM; echo ready; while :; do sleep 0.01; done`)
	var out bytes.Buffer
	ready := make(chan struct{})
	cmd.Stdout = writerFunc(func(p []byte) (int, error) {
		if out.Len() == 0 {
			close(ready)
		}
		return out.Write(p)
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ready:
	case <-time.After(30 * time.Second):
		cmd.Process.Kill()
		t.Fatal("the command did not start")
	}
	cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 9 || !strings.Contains(out.String(), "database: ") {
		t.Errorf("exit code %d, output %q; want the command's own way of ending", code, out.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
