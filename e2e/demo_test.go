package e2e

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"partnercenter/demo"
)

// The command prints one line when everything can be used, ends all it has
// started when it is told to stop, and continues what is there.
func TestDemoCommand(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "partner-center")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/partner-center").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755) // MariaDB runs under an account of its own
	for _, start := range []string{"first", "second"} {
		command := exec.Command(binary, "demo", "--json", "--port", "0", "--dir", filepath.Join(dir, "demo"))
		command.Stderr = os.Stderr
		stdout, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		var access demo.Access
		line, err := bufio.NewReader(stdout).ReadString('\n')
		if err == nil {
			err = json.Unmarshal([]byte(line), &access)
		}
		if err != nil || access.DSN == "" || access.Prefix == "" || access.Partner.Password == "" ||
			access.Admin.Login == "" {
			command.Process.Kill()
			t.Fatalf("%s start: %v, %q", start, err, line)
		}
		for _, address := range []string{access.Site, access.Center} {
			if resp, err := http.Get(address); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("%s start: %s: %v, %v", start, address, resp, err)
			}
		}
		command.Process.Signal(syscall.SIGTERM)
		if err := command.Wait(); err != nil {
			t.Errorf("%s start ended with %v", start, err)
		}
		soon(t, "all its processes have ended", func() bool { return len(processesOf(t, dir)) == 0 })
	}
}

// processesOf are the command lines of running processes that name a directory.
func processesOf(t *testing.T, dir string) (running []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), dir) {
			running = append(running, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return running
}
