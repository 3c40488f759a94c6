// Package wordpress runs real WordPress sites for the demo and the tests:
// fetched from Debian, installed into a private directory, served by a few
// php processes behind a Go handler.
//
// It needs Debian's php-cli and php-mysql (or the same from elsewhere).
package wordpress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// Options says what site to install. Release, Dir, DB and URL are required.
type Options struct {
	Release Release
	// Dir holds all of the site but its database. A site that is there
	// already is continued; then Release may be left empty.
	Dir string
	DB  Database
	// URL is where visitors reach the site, without a trailing slash. It may
	// differ from one start to the next. With localhost instead of 127.0.0.1
	// WordPress refuses to send mail, as "wordpress@localhost" looks wrong to it.
	URL    string
	Title  string // default "Test site"
	Admin  Account
	Locale string // such as "de_DE", default en_US
	// TimeZone is a name such as "Europe/Berlin", default UTC.
	TimeZone string
	// Debug has PHP's notices written to Site.DebugLog.
	Debug bool
}

// Database is the account a site has in its database.
type Database struct {
	Host                 string // host:port
	Name, User, Password string
	Prefix               string // of the table names, default "wp_"
}

// Account is the site's first administrator. Defaults: admin, admin,
// admin@example.test.
type Account struct{ Login, Password, Email string }

// Site is an installed WordPress.
type Site struct {
	URL  string
	Root string // the document root
	dir  string
	pool atomic.Pointer[pool] // nil unless served
}

// Installed says whether dir holds a site that Install would continue, so that
// no release has to be fetched.
func Installed(dir string) bool {
	_, err := ReadRelease(rootOf(dir))
	return err == nil
}

func rootOf(dir string) string { return filepath.Join(dir, "wordpress") }

// DebugLog is the file for PHP's notices when Options.Debug is set.
func (s *Site) DebugLog() string { return filepath.Join(s.dir, "debug.log") }

// Version returns the version of WordPress the site runs on.
func (s *Site) Version() string { return versions(s.Root)["wp_version"] }

func (s *Site) mailDir() string    { return filepath.Join(s.dir, "mail") }
func (s *Site) opcacheDir() string { return filepath.Join(s.dir, "opcache") }

// Install creates the site, or brings one that is there up to the options that
// may change between starts: database address, URL and Debug.
func Install(ctx context.Context, o Options) (*Site, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	o.DB.Prefix = cmp.Or(o.DB.Prefix, "wp_")
	s := &Site{URL: strings.TrimSuffix(o.URL, "/"), Root: rootOf(dir), dir: dir}
	for _, step := range []func() error{
		func() error { return s.copyRelease(o.Release) },
		s.writeTools,
		func() error { return s.writeConfig(o) },
		func() error { return s.setUp(ctx, o) },
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("install WordPress in %s: %w", dir, err)
		}
	}
	return s, nil
}

// copyRelease copies rather than links: a test may change any file of its site.
func (s *Site) copyRelease(r Release) error {
	if _, err := os.Stat(s.Root); err == nil {
		return nil
	}
	if r.Dir == "" {
		return errors.New("no release given")
	}
	half := s.Root + ".part"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := os.CopyFS(half, os.DirFS(r.Dir)); err != nil {
		return err
	}
	if err := age(half); err != nil {
		return err
	}
	for _, sub := range []string{"wp-content/uploads", "wp-content/plugins"} {
		if err := os.MkdirAll(filepath.Join(half, sub), 0o755); err != nil {
			return err
		}
	}
	return os.Rename(half, s.Root)
}

// age makes a tree's files look older than they are: PHP keeps no compiled form
// of files that changed within two seconds, which would slow the first pages.
func age(dir string) error {
	old := time.Now().Add(-time.Hour)
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chtimes(path, old, old)
	})
}

// writeTools writes the scripts php runs and makes the mail directory.
func (s *Site) writeTools() error {
	for _, dir := range []string{s.mailDir(), s.opcacheDir()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return fs.WalkDir(scripts, "php", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := scripts.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(s.tool(entry.Name()), text, 0o755)
	})
}

func (s *Site) tool(name string) string { return filepath.Join(s.dir, name) }

func (s *Site) setUp(ctx context.Context, o Options) error {
	_, err := s.runScript(ctx, "install.php", s.Root, s.URL,
		cmp.Or(o.Title, "Test site"),
		cmp.Or(o.Admin.Login, "admin"), cmp.Or(o.Admin.Password, "admin"), cmp.Or(o.Admin.Email, "admin@example.test"),
		o.Locale, cmp.Or(o.TimeZone, "UTC"))
	return err
}

// AddPlugin copies a plugin into the site, in place of one of that name.
func (s *Site) AddPlugin(name string, files fs.FS) error {
	target := s.pluginPath(name)
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	if err := os.CopyFS(target, files); err != nil {
		return fmt.Errorf("copy plugin %s: %w", name, err)
	}
	return nil
}

// LinkPlugin puts a plugin's directory into the site by a link, so that an
// edit of its source shows at once.
func (s *Site) LinkPlugin(name, source string) error {
	source, err := filepath.Abs(source)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(s.pluginPath(name)); err != nil { // of a link, only the link
		return err
	}
	return os.Symlink(source, s.pluginPath(name))
}

func (s *Site) pluginPath(name string) string {
	return filepath.Join(s.Root, "wp-content", "plugins", name)
}

// Activate activates a plugin as an administrator would; plugin is its main
// file, such as "partner-center/partner-center.php".
func (s *Site) Activate(ctx context.Context, plugin string) error {
	_, err := s.PHP(ctx, `
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		$admins = get_users(['role' => 'administrator', 'number' => 1]);
		wp_set_current_user($admins ? $admins[0]->ID : 0);
		$result = activate_plugin($args[0]);
		if (is_wp_error($result)) {
			throw new Exception($result->get_error_message() . ' ' . print_r($result->get_error_data(), true));
		}`, plugin)
	return err
}
