// Command partner-center is the partner program beside a WordPress site.
//
// Flags and PARTNER_CENTER_* variables are the same settings; a secret may
// also be given as the name of a file that holds it, in a variable that ends
// in _FILE.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the release build.
var version = "development"

type commands struct {
	Serve    serveCmd    `cmd:"" help:"Run beside WordPress: pages, links, tracking, mails."`
	Demo     demoCmd     `cmd:"" help:"Run the whole product on this machine, with a WordPress and a database of its own."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the tables to this version."`
	Verify   verifyCmd   `cmd:"" help:"Prove the ledger and the roll-ups; exit 1 with a list when anything is off."`
	Simulate simulateCmd `cmd:"" help:"Print what other settings would have paid for past orders; changes nothing."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "partner-center:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if err := readSecretFiles(); err != nil {
		return err
	}
	var cli commands
	parser, err := kong.New(&cli, kong.Name("partner-center"),
		kong.Description("The partner program that WordPress sites run themselves."),
		kong.UsageOnError())
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	return command.Run()
}

// readSecretFiles sets PARTNER_CENTER_X from the file that PARTNER_CENTER_X_FILE
// names, the way containers pass secrets.
func readSecretFiles() error {
	for _, entry := range os.Environ() {
		name, file, _ := strings.Cut(entry, "=")
		setting, ok := strings.CutSuffix(name, "_FILE")
		if !ok || !strings.HasPrefix(name, "PARTNER_CENTER_") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("the file named by %s cannot be read: %w", name, err)
		}
		os.Setenv(setting, strings.TrimSpace(string(text)))
	}
	return nil
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println(version)
	return nil
}
