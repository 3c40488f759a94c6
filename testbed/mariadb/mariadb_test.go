package mariadb

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"partnercenter/testbed/proc"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// keptDir is a directory the server's own user can reach, unlike t.TempDir as root.
func keptDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "partner-center-kept-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestTwoServersAtOnceShareNothing(t *testing.T) {
	a, b := start(t, Options{}), start(t, Options{})
	if err := a.CreateDatabase(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	mustExec(t, open(t, a.DSN("shop")), "CREATE TABLE t (n INT)")
	err := open(t, b.DSN("shop")).PingContext(t.Context())
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) || refused.Number != 1049 {
		t.Errorf("database of the first server, asked from the second: %v, want error 1049 (unknown database)", err)
	}
}

func TestStopRemovesTemporaryDirectory(t *testing.T) {
	s, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is over already
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s after Stop: %v, want it gone", s.dir, err)
	}
}

func TestKeptDirectorySurvivesStopAndKill(t *testing.T) {
	ends := map[string]func(*Server){
		"stop": func(s *Server) { s.Stop(t.Context()) },
		"kill": func(s *Server) { s.Kill() },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			dir := keptDir(t)
			first, err := Start(t.Context(), Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			first.CreateDatabase(t.Context(), "shop")
			mustExec(t, open(t, first.DSN("shop")), "CREATE TABLE t (n INT)", "INSERT INTO t VALUES (42)")
			end(first)

			second := start(t, Options{Dir: dir, Port: first.Port})
			if second.DSN("shop") != first.DSN("shop") {
				t.Errorf("data source name changed from %s to %s", first.DSN("shop"), second.DSN("shop"))
			}
			var n int
			if err := open(t, second.DSN("shop")).QueryRow("SELECT n FROM t").Scan(&n); err != nil || n != 42 {
				t.Errorf("after %s: got %d, %v; want 42", name, n, err)
			}
		})
	}
}

func TestDirectoryInUse(t *testing.T) {
	dir := keptDir(t)
	start(t, Options{Dir: dir})
	if _, err := Start(t.Context(), Options{Dir: dir}); !errors.Is(err, proc.ErrLocked) {
		t.Errorf("second server on the same directory: %v, want proc.ErrLocked", err)
	}
}

func TestFailedStartShowsTheServersLog(t *testing.T) {
	_, err := Start(t.Context(), Options{Settings: []string{"--no-such-setting=1"}})
	if err == nil || !strings.Contains(err.Error(), "no-such-setting") {
		t.Errorf("got %v, want the server's own words about no-such-setting", err)
	}
}

func TestMissingProgramNamesTheInstaller(t *testing.T) {
	_, err := proc.Find("no-such-program")
	if !errors.Is(err, proc.ErrMissing) || !strings.Contains(err.Error(), "scripts/install-deps") {
		t.Errorf("got %v", err)
	}
}

func TestGrantedUserSeesOneDatabase(t *testing.T) {
	s := start(t, Options{})
	for _, name := range []string{"a_site", "abside", "other"} {
		if err := s.CreateDatabase(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	const user, password = "wp", `it's "q" \ é`
	for range 2 { // the second time the user exists
		if err := s.GrantUser(t.Context(), user, password, "a_site"); err != nil {
			t.Fatal(err)
		}
	}
	dsn := func(password, database string) string {
		c := s.config("tcp", "127.0.0.1:"+strconv.Itoa(s.Port), database)
		c.User, c.Passwd = user, password
		return c.FormatDSN()
	}
	mustExec(t, open(t, dsn(password, "a_site")), "CREATE TABLE t (n INT)")
	for _, refused := range []string{dsn("", "a_site"), dsn(password, "abside"), dsn(password, "other")} {
		if err := open(t, refused).PingContext(t.Context()); err == nil {
			t.Errorf("%s was let in", refused)
		}
	}
}

func TestRootNeedsThePassword(t *testing.T) {
	s := start(t, Options{})
	c := s.config("tcp", "127.0.0.1:"+strconv.Itoa(s.Port), "")
	c.Passwd = ""
	if err := open(t, c.FormatDSN()).PingContext(t.Context()); err == nil {
		t.Error("root was let in without a password")
	}
}

func TestServerDiesWithItsParent(t *testing.T) {
	if os.Getenv("MARIADB_TEST_PARENT") != "" {
		s := start(t, Options{})
		os.Stdout.WriteString(s.dir + "\n")
		select {} // until killed
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestServerDiesWithItsParent$")
	parent.Env = append(os.Environ(), "MARIADB_TEST_PARENT=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child, err := proc.Start(parent)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	n, _ := out.Read(buf)
	dir := strings.TrimSpace(string(buf[:n]))
	t.Cleanup(func() { os.RemoveAll(dir) })
	pid, err := os.ReadFile(filepath.Join(dir, "data", "pid"))
	if err != nil {
		t.Fatal(err)
	}
	child.Kill()
	deadline := time.Now().Add(10 * time.Second)
	for alive(strings.TrimSpace(string(pid))) {
		if time.Now().After(deadline) {
			t.Fatalf("mariadbd %s outlived its parent", pid)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// alive says whether a process runs; a zombie nobody has waited for does not.
func alive(pid string) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestServerIsNeverRoot(t *testing.T) {
	s := start(t, Options{})
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.process.Pid()), "status"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(status), "\nUid:\t0\t") {
		t.Error("mariadbd runs as root in a directory anybody can reach")
	}
}
