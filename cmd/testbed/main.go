// Command testbed runs a command beside a private MariaDB server:
//
//	testbed go test ./...
//
// The command finds the server in PARTNER_CENTER_TEST_DSN (a data source name
// of go-sql-driver/mysql without a database, with all rights). Options of mariadbd
// in PARTNER_CENTER_TEST_SERVER, such as "--innodb-buffer-pool-size=1G", win over
// those of a small server. Signals are
// passed on to the command and its children; its exit code becomes testbed's.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"partnercenter/testbed/mariadb"
	"partnercenter/testbed/proc"
)

// stopLimit is how long the server may take to shut down. Its data is thrown
// away, so waiting longer is of no use.
const stopLimit = 5 * time.Second

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr,
			"usage: testbed COMMAND [ARGUMENT…]\n"+
				"runs COMMAND beside a MariaDB server named in PARTNER_CENTER_TEST_DSN")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testbed:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// run returns the exit code of the command.
func run(command []string) (int, error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	server, err := mariadb.Start(context.Background(),
		mariadb.Options{Settings: strings.Fields(os.Getenv("PARTNER_CENTER_TEST_SERVER"))})
	if err != nil {
		return 1, err
	}
	defer stop(server)

	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "PARTNER_CENTER_TEST_DSN="+server.DSN(""))
	process, err := proc.Start(cmd)
	if err != nil {
		return 127, err
	}
	return wait(process, server, signals)
}

func wait(process *proc.Process, server *mariadb.Server, signals <-chan os.Signal) (int, error) {
	gone := server.Done()
	var err error
	for {
		select {
		case s := <-signals:
			process.Signal(s.(syscall.Signal))
		case <-gone:
			gone, err = nil, fmt.Errorf("the database server ended before the command did")
		case <-process.Done():
			return process.ExitCode(), err
		}
	}
}

func stop(server *mariadb.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	_ = server.Stop(ctx)
}
