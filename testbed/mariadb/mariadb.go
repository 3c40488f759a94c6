// Package mariadb starts private MariaDB servers: for the demo on a data
// directory that is kept, for tests on a fresh one that goes away.
//
// It needs Debian's mariadb-server-core (or the same programs from elsewhere),
// no service, no account and no configuration.
package mariadb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"

	"partnercenter/testbed/proc"
)

// Options says how to start a server. The zero value is a server for tests.
type Options struct {
	// Dir keeps the data from one start to the next. Empty: a temporary
	// directory, removed when the server stops.
	Dir string
	// Port on 127.0.0.1. 0: any free one.
	Port int
	// Settings are further options of mariadbd, such as
	// "--innodb-flush-log-at-trx-commit=1"; they win over the built-in ones.
	Settings []string
	// Log, when set, hears of steps that take long.
	Log func(message string)
}

// Server is a running MariaDB.
type Server struct {
	// Port is the TCP port on 127.0.0.1, Socket the path of the Unix socket.
	Port   int
	Socket string

	dir      string
	kept     bool
	lock     proc.Lock
	released sync.Once
	cred     *syscall.Credential
	password string // of root
	process  *proc.Process
	admin    *sql.DB
}

const (
	// startLimit bounds one start, recovery after a crash included. A start
	// takes 0.2 s; the limit is for machines that are very busy.
	startLimit = 30 * time.Second
	attempts   = 3
	// maxSocketPath is what fits into a Unix socket address.
	maxSocketPath = 107
)

// Start starts a server and returns when it answers. The data directory is
// filled from a template, made once per MariaDB version and kept in the cache.
// The server is killed with the calling process; the context only bounds the
// start.
//
// Errors: proc.ErrMissing without MariaDB, proc.ErrLocked when Options.Dir is
// in use, otherwise the last lines of the server's own log.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = func(string) {}
	}
	s, err := prepare(o)
	if err != nil {
		return nil, err
	}
	if err := s.startOften(ctx, o); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// prepare takes the directory and fills it unless it holds data already.
func prepare(o Options) (*Server, error) {
	s := &Server{dir: o.Dir, kept: o.Dir != ""}
	if err := s.takeDir(); err != nil {
		return nil, err
	}
	err := s.fillDir(o.Log)
	if err == nil {
		s.password, err = s.rootPassword()
	}
	if err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

func (s *Server) takeDir() (err error) {
	if !s.kept {
		s.dir, s.lock, err = proc.TempDir("partner-center-db-")
	} else {
		if s.dir, err = filepath.Abs(s.dir); err != nil {
			return err
		}
		if err = os.MkdirAll(s.dir, 0o755); err != nil {
			return err
		}
		s.lock, err = proc.TakeLock(filepath.Join(s.dir, "lock"))
	}
	s.cred = proc.Unprivileged(s.data())
	s.Socket = filepath.Join(s.data(), "s.sock")
	return err
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
func (s *Server) log() string  { return filepath.Join(s.data(), "error.log") }

// startOften starts the server again when it ended at once for a reason that
// passes: a free port was taken in between, or the server of a killed process
// still holds the data files.
func (s *Server) startOften(ctx context.Context, o Options) (err error) {
	for range attempts {
		if s.Port = o.Port; s.Port == 0 {
			if s.Port, err = freePort(); err != nil {
				return err
			}
		}
		_ = os.Remove(s.log()) // so that the last lines are of this start
		if err = s.start(ctx, o.Settings); err == nil || !passing(err) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	return err
}

func passing(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Address already in use") ||
		strings.Contains(text, "Could not get an exclusive lock") || strings.Contains(text, "Unable to lock")
}

func (s *Server) start(ctx context.Context, settings []string) error {
	path, err := proc.Find("mariadbd")
	if err != nil {
		return err
	}
	if len(s.Socket) >= maxSocketPath {
		return fmt.Errorf("the directory %s is too long for a database: its socket %s must stay below %d bytes", s.dir,
			s.Socket, maxSocketPath)
	}
	cmd := exec.Command(path, append(s.arguments(), settings...)...)
	cmd.Dir = s.data()
	if s.cred != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred}
	}
	if s.process, err = proc.Start(cmd); err != nil {
		return err
	}
	if err := s.connect(ctx); err != nil {
		s.process.Kill()
		s.admin.Close()
		return fmt.Errorf("MariaDB did not start: %w\n%s", err, proc.LastLines(s.log(), 15))
	}
	return nil
}

// arguments are the settings for a small server: some 60 MB of memory. Its
// commits reach the operating system, not the disk: they outlive a killed
// server, not a power cut.
func (s *Server) arguments() []string {
	args := []string{
		"--no-defaults", "--datadir=" + s.data(), "--socket=" + s.Socket,
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.Port),
		"--pid-file=" + filepath.Join(s.data(), "pid"), "--log-error=" + s.log(),
		"--tmpdir=" + s.data(), // in a shared one, a server that starts deletes the others' tables
		"--init-file=" + s.initFile(),
		"--skip-log-bin", "--skip-name-resolve", "--character-set-server=utf8mb4",
		"--innodb-log-file-size=" + logFileSize, "--innodb-buffer-pool-size=64M",
		"--innodb-flush-log-at-trx-commit=2", "--performance-schema=OFF",
		"--aria-pagecache-buffer-size=4M", "--key-buffer-size=1M", "--max-connections=200",
	}
	if s.cred == nil && os.Geteuid() == 0 {
		args = append(args, "--user=root") // MariaDB refuses to be root by accident
	}
	return args
}

// connect waits until the server answers on its socket, which unlike a port
// cannot belong to another server.
func (s *Server) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	connector, err := mysql.NewConnector(s.config("unix", s.Socket, ""))
	if err != nil {
		return err
	}
	s.admin = sql.OpenDB(connector)
	for {
		if err = s.admin.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.process.Done():
			return errors.New("it ended")
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *Server) config(network, address, database string) *mysql.Config {
	c := mysql.NewConfig()
	c.User, c.Passwd, c.Net, c.Addr, c.DBName = "root", s.password, network, address, database
	c.Logger = &mysql.NopLogger{} // it would report every ping of a server that starts
	return c
}

// DSN returns the data source name of a database for go-sql-driver/mysql, over
// TCP and with all rights; "" is the server without a database.
func (s *Server) DSN(database string) string {
	return s.config("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), database).FormatDSN()
}

// Done is closed when the server has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.process.Done() }

// Stop shuts the server down cleanly; when ctx ends first, it is killed. A
// temporary directory is removed. Stopping twice, or after Kill, does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.admin.Close()
	err := s.process.Stop(ctx)
	s.release()
	return err
}

// Kill ends the server without any chance to tidy up, as a crash would. Start
// it again on the same Options.Dir (and Port) to see what survived.
func (s *Server) Kill() {
	s.admin.Close()
	s.process.Kill()
	s.release()
}

func (s *Server) release() {
	s.released.Do(func() {
		if !s.kept {
			os.RemoveAll(s.dir)
		}
		s.lock.Close()
	})
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
