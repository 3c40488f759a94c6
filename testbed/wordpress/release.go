package wordpress

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"partnercenter/testbed/proc"
)

// Release is an unpacked WordPress.
type Release struct {
	Version string // such as "6.1.9"
	Dir     string // shared with other processes: copy, never change
}

// ErrUnreachable says that a WordPress could neither be fetched nor found in
// the cache. Tests skip on it, aloud.
var ErrUnreachable = errors.New("WordPress cannot be fetched")

// Oldest is the Debian suite with the oldest WordPress that can be fetched: 6.1,
// also the oldest Partner Center supports.
const Oldest = "bookworm"

// newestFirst are Debian's suites by the age of their WordPress.
var newestFirst = []string{"sid", "forky", "trixie", Oldest}

// recheck is how long a fetched release counts as its suite's current one.
const recheck = 24 * time.Hour

// Fetch returns the WordPress of a Debian suite ("bookworm", "trixie", "forky",
// "sid"), from the cache when it was fetched within a day, else by apt. When
// the suite cannot be reached an older copy will do; progress, when not nil, is
// told.
//
// Errors: ErrUnreachable.
func Fetch(ctx context.Context, suite string, progress func(string)) (Release, error) {
	if progress == nil {
		progress = func(string) {}
	}
	cache, err := proc.CacheDir()
	if err != nil {
		return Release{}, err
	}
	current := filepath.Join(cache, "wordpress-"+suite) // a link to the release
	if info, err := os.Lstat(current); err == nil && time.Since(info.ModTime()) < recheck {
		if release, err := ReadRelease(current); err == nil {
			return release, nil
		}
	}
	release, fetchErr := fetch(ctx, suite, progress)
	if fetchErr == nil {
		return release, relink(filepath.Base(release.Dir), current)
	}
	if release, err := ReadRelease(current); err == nil {
		progress(fmt.Sprintf("Debian %s cannot be reached; using the WordPress %s fetched earlier", suite,
			release.Version))
		// Not to wait for it again and again.
		return release, relink(filepath.Base(release.Dir), current)
	}
	return Release{}, fmt.Errorf("%w from Debian %s: %w", ErrUnreachable, suite, fetchErr)
}

func fetch(ctx context.Context, suite string, progress func(string)) (Release, error) {
	tmp, err := os.MkdirTemp("", "partner-center-apt-")
	if err != nil {
		return Release{}, err
	}
	defer os.RemoveAll(tmp)
	progress("Looking for WordPress in Debian " + suite + " …")
	a, err := newApt(ctx, tmp, suite)
	if err != nil {
		return Release{}, err
	}
	found, err := a.wordpress(ctx)
	if err != nil {
		return Release{}, err
	}
	dir, err := proc.Cached("wordpress-"+found.version, func(dir string) error {
		progress("Fetching WordPress " + found.version + " …")
		return a.unpack(ctx, found, dir)
	})
	if err != nil {
		return Release{}, err
	}
	return ReadRelease(dir)
}

// relink points the link at target in one step, whoever else does the same.
func relink(target, link string) error {
	fresh := fmt.Sprintf("%s.%d", link, os.Getpid())
	_ = os.Remove(fresh)
	if err := os.Symlink(target, fresh); err != nil {
		return err
	}
	return os.Rename(fresh, link)
}

var versionLine = regexp.MustCompile(`(?m)^\$(wp_version|required_php_version)\s*=\s*'([^']+)'`)

// ReadRelease describes an unpacked WordPress.
func ReadRelease(dir string) (Release, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return Release{}, err
	}
	version := versions(dir)["wp_version"]
	if version == "" {
		return Release{}, fmt.Errorf("%s holds no WordPress", dir)
	}
	return Release{Version: version, Dir: dir}, nil
}

// versions returns the variables of a WordPress's version.php by name.
func versions(dir string) map[string]string {
	found := map[string]string{}
	text, _ := os.ReadFile(filepath.Join(dir, "wp-includes", "version.php"))
	for _, line := range versionLine.FindAllStringSubmatch(string(text), -1) {
		found[line[1]] = line[2]
	}
	return found
}

// Newest returns the newest WordPress that can be fetched and runs on the PHP
// installed here. $PARTNER_CENTER_WORDPRESS_DIR, an unpacked WordPress, goes
// before all.
//
// Errors: ErrUnreachable, proc.ErrMissing without PHP.
func Newest(ctx context.Context, progress func(string)) (Release, error) {
	if dir := os.Getenv("PARTNER_CENTER_WORDPRESS_DIR"); dir != "" {
		release, err := ReadRelease(dir)
		if err != nil {
			return Release{}, fmt.Errorf("PARTNER_CENTER_WORDPRESS_DIR: %w", err)
		}
		return release, nil
	}
	var failures []error
	for _, suite := range newestFirst {
		release, err := Fetch(ctx, suite, progress)
		if err == nil {
			if err = runsHere(ctx, release); err == nil {
				return release, nil
			}
		}
		if errors.Is(err, proc.ErrMissing) {
			return Release{}, err
		}
		failures = append(failures, err)
	}
	return Release{}, fmt.Errorf("%w; set PARTNER_CENTER_WORDPRESS_DIR to an unpacked WordPress: %w", ErrUnreachable,
		errors.Join(failures...))
}

// runsHere says why a release does not run on the PHP installed here, if so.
func runsHere(ctx context.Context, release Release) error {
	php, err := proc.Find("php")
	if err != nil {
		return err
	}
	needs := versions(release.Dir)["required_php_version"]
	const check = `echo PHP_VERSION; exit(version_compare(PHP_VERSION, $argv[1], '>=') ? 0 : 3);`
	out, err := exec.CommandContext(ctx, php, "-r", check, needs).Output()
	if err != nil {
		return fmt.Errorf("WordPress %s needs PHP %s, here is %s (%w)", release.Version, needs, out, err)
	}
	return nil
}
