package wpplugin_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnercenter/testbed/proc"
	wpplugin "partnercenter/wp-plugin"
)

// binary builds the real partner-center.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "partner-center")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../../cmd/partner-center").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// serving is a real sidecar of a site.
type serving struct {
	*proc.Process
	log  string // its log, a file
	read int    // bytes of the log that until has read
}

// serve starts one; it ends with the test.
func (s *site) serve(t *testing.T, path string, args ...string) *serving {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	must(t, err)
	defer log.Close()
	command := exec.Command(path, append([]string{"serve", "--wordpress", s.Root}, args...)...)
	command.Stderr = log
	process, err := proc.Start(command)
	must(t, err)
	t.Cleanup(process.Kill)
	return &serving{Process: process, log: log.Name()}
}

// until waits until its log says something new that holds the words.
func (r *serving) until(t *testing.T, words string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ended := false
		select {
		case <-r.Done():
			ended = true
		default:
		}
		said, err := os.ReadFile(r.log)
		must(t, err)
		if at := strings.Index(string(said[r.read:]), words); at >= 0 {
			r.read += at + len(words)
			return
		}
		if ended {
			t.Fatalf("serve ended (%v) and never said %q:\n%s", r.Err(), words, said)
		}
	}
	said, _ := os.ReadFile(r.log)
	t.Fatalf("serve did not say %q:\n%s", words, said)
}

// deleted deletes the plugin with all its data, and brings both back after the test.
func (s *site) deleted(t *testing.T) (undo func()) {
	t.Helper()
	s.set(t, `['uninstall' => 'nothing']`)
	s.uninstall(t)
	return func() {
		must(t, s.Activate(t.Context(), wpplugin.Main))
		must(t, s.db.Migrate(t.Context()))
	}
}

// Deleting all data is final: the sidecar makes no tables on a site without the
// plugin, says that it waits, goes on by itself once the plugin is active, and
// ends when the data are deleted while it runs.
func TestDeletedDataStayDeleted(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.deleted(t)()
		path := binary(t)
		sidecar := s.serve(t, path, "--listen", "127.0.0.1:0")
		sidecar.until(t, "waiting: the plugin Partner Center is not active on this site")
		if got := s.tables(t); got != "" {
			t.Errorf("tables made without the plugin: %s", got)
		}
		must(t, s.Activate(t.Context(), wpplugin.Main))
		sidecar.until(t, `msg="paired with WordPress" site=`+s.URL)
		sidecar.until(t, "msg=ready")
		s.set(t, `['uninstall' => 'nothing']`)
		s.uninstall(t)
		sidecar.until(t, "all data of the partner program were deleted")
		<-sidecar.Done()
		if said, _ := os.ReadFile(sidecar.log); strings.Contains(string(said[sidecar.read:]), "Error") {
			t.Errorf("beside that it ends with:%s", said[sidecar.read:])
		}
		s.serve(t, path, "--listen", "127.0.0.1:0").until(t, "waiting: the plugin Partner Center is not active")
		if got := s.tables(t); got != "" {
			t.Errorf("tables made after all data were deleted: %s", got)
		}
		s.serve(t, path, "--listen", "127.0.0.1:0", "--new-tables").until(t, "msg=ready")
		if got := s.tables(t); !strings.Contains(got, "partner_center_journals") {
			t.Errorf("with --new-tables: %s", got)
		}
	})
}

// A port that is taken is noticed before anything is changed.
func TestTakenPort(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.deleted(t)()
		must(t, s.Activate(t.Context(), wpplugin.Main))
		before := s.tables(t)
		taken, err := net.Listen("tcp4", "127.0.0.1:0")
		must(t, err)
		defer taken.Close()
		s.serve(t, binary(t), "--listen", taken.Addr().String()).until(t, "cannot listen at "+taken.Addr().String()+" (--listen)")
		if got := s.tables(t); got != before {
			t.Errorf("tables before: %s\nafter: %s", before, got)
		}
	})
}

// A database user with the four rights of daily work can start on the tables of
// this release, and is told what is missing on others.
func TestServeWithDataRightsAlone(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		name, _, _ := strings.Cut(s.prefix, "_")
		for _, statement := range []string{"CREATE OR REPLACE USER reader_" + name + " IDENTIFIED BY 'secret'",
			"GRANT SELECT, INSERT, UPDATE, DELETE ON " + name + ".* TO reader_" + name} {
			_, err := s.db.Exec(t.Context(), statement)
			must(t, err)
		}
		dsn := "reader_" + name + ":secret@" + database.DSN(name)[strings.Index(database.DSN(name), "@")+1:]
		path := binary(t)
		sidecar := s.serve(t, path, "--listen", "127.0.0.1:0", "--dsn", dsn)
		sidecar.until(t, "msg=ready")
		must(t, sidecar.Stop(t.Context()))
		defer s.deleted(t)()
		must(t, s.Activate(t.Context(), wpplugin.Main))
		s.serve(t, path, "--listen", "127.0.0.1:0", "--dsn", dsn).until(t, "needs the right to create tables")
	})
}
