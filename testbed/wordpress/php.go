package wordpress

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"partnercenter/testbed/proc"
)

//go:embed php
var scripts embed.FS

// PHP runs code inside WordPress, in a fresh process with plugins loaded and
// nobody logged in, and returns what it prints. The code finds args in $args.
// It fails on an uncaught exception, on an early exit and on warnings and
// notices, but not on deprecations: old releases raise those by themselves.
func (s *Site) PHP(ctx context.Context, code string, args ...string) (string, error) {
	return s.runScript(ctx, "run.php", append([]string{s.Root, s.URL, code}, args...)...)
}

func (s *Site) runScript(ctx context.Context, script string, args ...string) (string, error) {
	cmd, err := s.php(append([]string{"-d", "display_errors=stderr", s.tool(script)}, args...)...)
	if err != nil {
		return "", err
	}
	var output, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &problems
	process, err := proc.Start(cmd)
	if err != nil {
		return "", err
	}
	select {
	case <-process.Done():
	case <-ctx.Done():
		process.Kill()
		return "", ctx.Err()
	}
	if err := process.Err(); err != nil {
		return output.String(), fmt.Errorf("php %s: %w\n%s", script, err,
			strings.TrimSpace(problems.String()+output.String()))
	}
	return output.String(), nil
}

// php is a command with the settings all of the site's processes share.
func (s *Site) php(args ...string) (*exec.Cmd, error) {
	path, err := proc.Find("php")
	if err != nil {
		return nil, err
	}
	settings := []string{
		// By way of a variable, as no quoting of a path survives both PHP's
		// settings and the shell.
		"-d", `sendmail_path="\"$TESTBED_SENDMAIL\""`,
		"-d", "error_log=" + s.DebugLog(), "-d", "log_errors=1", "-d", "html_errors=0",
		// A changed file must show in the next request, as tests change plugins.
		"-d", "opcache.enable=1", "-d", "opcache.revalidate_freq=0",
		// A shop has thousands of files.
		"-d", "opcache.memory_consumption=256", "-d", "opcache.max_accelerated_files=20000", "-d",
		"opcache.interned_strings_buffer=16",
		// What one process has compiled the others need not, nor the next start.
		"-d", "opcache.enable_cli=1", "-d", "opcache.file_cache=" + s.opcacheDir(),
		"-d", "memory_limit=512M", "-d", "upload_max_filesize=64M", "-d", "post_max_size=64M",
	}
	cmd := exec.Command(path, append(settings, args...)...)
	cmd.Dir = s.Root
	cmd.Env = append(os.Environ(), "TESTBED_SENDMAIL="+s.tool("sendmail"))
	cmd.WaitDelay = time.Second // for what a killed script left holding the pipes
	return cmd, nil
}
