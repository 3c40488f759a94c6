package wordpress

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"partnercenter/testbed/proc"
)

// probe is a plugin that tells about the process that answers.
var probe = fstest.MapFS{"probe.php": {Data: []byte(`<?php
/* Plugin Name: Probe */
add_action('init', function () {
	switch ($_GET['probe'] ?? '') {
		case 'pid':
			exit((string) getmypid());
		case 'stream':
			while (ob_get_level()) {
				ob_end_flush();
			}
			echo "first\n";
			flush();
			// The rest only comes once the reader has seen the beginning.
			while (!file_exists(WP_CONTENT_DIR . '/seen')) {
				clearstatcache();
				usleep(5000);
			}
			exit("second\n");
		case 'request':
			header('Content-Type: application/json');
			header('Set-Cookie: a=1; path=/x', false);
			header('Set-Cookie: b=2', false);
			exit(json_encode([$_SERVER['REMOTE_ADDR'], $_SERVER['HTTP_X_FORWARDED_FOR'] ?? '', $_SERVER['SERVER_NAME'],
				isset($_SERVER['HTTP_X_TESTBED_CLIENT']), $_SERVER['REQUEST_URI'], $_COOKIE['c'] ?? '',
				opcache_get_status(false)['opcache_enabled']]));
	}
});`)}}

func servedProbe(t *testing.T) *Site {
	t.Helper()
	s := served(t, "newest")
	if err := s.AddPlugin("probe", probe); err != nil {
		t.Fatal(err)
	}
	if err := s.Activate(t.Context(), "probe/probe.php"); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServing(t *testing.T) {
	s := servedProbe(t)
	t.Run("request as behind a web server", func(t *testing.T) { testRequest(t, s) })
	t.Run("answers are streamed", func(t *testing.T) { testStream(t, s) })
	t.Run("more requests than processes", func(t *testing.T) { testQueue(t, s) })
	t.Run("killed php is started again", func(t *testing.T) { testKilledPHP(t, s) })
	t.Run("linked plugin shows an edit at once", func(t *testing.T) { testLinkedPlugin(t, s) })
	t.Run("stop ends running requests", func(t *testing.T) { testStop(t, s) }) // the last
}

func testLinkedPlugin(t *testing.T, s *Site) {
	source := t.TempDir()
	write := func(answer string) {
		code := "<?php\n/* Plugin Name: Linked */\nif (isset($_GET['linked'])) { exit('" + answer + "'); }\n"
		if err := os.WriteFile(filepath.Join(source, "linked.php"), []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	if err := s.LinkPlugin("linked", source); err != nil {
		t.Fatal(err)
	}
	if err := s.Activate(t.Context(), "linked/linked.php"); err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"one", "two", "six"} { // of one length, within a second
		write(answer)
		for range 3 { // each of both processes
			if _, body, _ := get(t, s.URL+"/?linked"); body != answer {
				t.Fatalf("answered %q, want %q", body, answer)
			}
		}
	}
}

func testStop(t *testing.T, s *Site) {
	if err := os.Remove(filepath.Join(s.Root, "wp-content", "seen")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/?probe=stream", nil)
	response, err := http.DefaultTransport.RoundTrip(request) // waits for the file just removed
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	s.Stop()
	if _, err := io.ReadAll(response.Body); errors.Is(err, context.DeadlineExceeded) {
		t.Error("the request goes on")
	}
	if status, _, _ := get(t, s.URL+"/"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d after Stop, want 503", status)
	}
}

func testRequest(t *testing.T, s *Site) {
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/?probe=request&x=%2B", nil)
	request.Header.Set("X-Forwarded-For", "203.0.113.9")
	request.Header.Set("X-Testbed-Client", "203.0.113.1")
	request.AddCookie(&http.Cookie{Name: "c", Value: "3"})
	_, body, header := do(t, request)
	if want := `["127.0.0.1","203.0.113.9","127.0.0.1",false,"\/?probe=request&x=%2B","3",true]`; body != want {
		t.Errorf("PHP saw %s\nwant    %s", body, want)
	}
	if got := header.Values("Set-Cookie"); len(got) != 2 || got[0] != "a=1; path=/x" {
		t.Errorf("cookies arrived as %q", got)
	}
}

func testStream(t *testing.T, s *Site) {
	response, err := http.Get(s.URL + "/?probe=stream")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() || lines.Text() != "first" {
		t.Fatalf("first line: %q, %v", lines.Text(), lines.Err())
	}
	if err := os.WriteFile(filepath.Join(s.Root, "wp-content", "seen"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if !lines.Scan() || lines.Text() != "second" {
		t.Errorf("second line: %q, %v", lines.Text(), lines.Err())
	}
}

func testQueue(t *testing.T, s *Site) {
	pids := make([]string, 12)
	var all sync.WaitGroup
	for i := range pids {
		all.Go(func() { _, pids[i], _ = get(t, s.URL+"/?probe=pid") })
	}
	all.Wait()
	used := map[string]bool{}
	for _, pid := range pids {
		if _, err := strconv.Atoi(pid); err != nil {
			t.Errorf("answered %q, want a process id", pid)
		}
		used[pid] = true
	}
	if len(used) != 2 {
		t.Errorf("%d processes answered, want both", len(used))
	}
}

func testKilledPHP(t *testing.T, s *Site) {
	_, before, _ := get(t, s.URL+"/?probe=pid")
	pid, err := strconv.Atoi(before)
	if err != nil {
		t.Fatal(before)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for seen := map[string]bool{}; len(seen) < 2; { // both processes answer again
		status, now, _ := get(t, s.URL+"/?probe=pid")
		if status == http.StatusOK && now != before {
			seen[now] = true
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %v answer", seen)
		}
	}
}

func TestServeNeedsTwoProcesses(t *testing.T) {
	if err := (&Site{}).Serve(t.Context(), 1); err == nil {
		t.Error("one process was accepted")
	}
}

func TestHandlerBeforeServe(t *testing.T) {
	listener, url := listen(t)
	s := &Site{URL: url, Root: t.TempDir()}
	go http.Serve(listener, s.Handler())
	if status, body, _ := get(t, url+"/"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d: %s", status, body)
	}
}

func TestPHPDiesWithItsParent(t *testing.T) {
	if os.Getenv("WORDPRESS_TEST_PARENT") != "" {
		s := servedProbe(t)
		_, pid, _ := get(t, s.URL+"/?probe=pid")
		fmt.Println("pid " + pid)
		select {} // until killed
	}
	release(t, "newest") // skips, or fills the cache
	parent := exec.Command(os.Args[0], "-test.run=^TestPHPDiesWithItsParent$")
	parent.Env = append(os.Environ(), "WORDPRESS_TEST_PARENT=1", "TMPDIR="+t.TempDir())
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child, err := proc.Start(parent)
	if err != nil {
		t.Fatal(err)
	}
	var pid string
	for lines := bufio.NewScanner(out); pid == "" && lines.Scan(); {
		pid, _ = strings.CutPrefix(lines.Text(), "pid ")
	}
	child.Kill()
	if pid == "" {
		t.Fatal("the parent did not get its site to answer")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for running(pid) {
		if ctx.Err() != nil {
			t.Fatalf("php %s outlived its parent", pid)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// running says whether a process runs; a zombie nobody has waited for does not.
func running(pid string) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}
