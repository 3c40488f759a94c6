package wordpress

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"partnercenter/testbed/proc"
)

// fakeRelease writes just enough of a WordPress to be recognised.
func fakeRelease(t *testing.T, dir, version, php string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "wp-includes"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "<?php\n$wp_version = '" + version + "';\n$required_php_version = '" + php + "';\n"
	if err := os.WriteFile(filepath.Join(dir, "wp-includes", "version.php"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// offline is a machine whose apt reaches nothing; it returns the empty cache.
func offline(t *testing.T) string {
	t.Helper()
	php, err := proc.Find("php")
	if err != nil {
		t.Fatal(err)
	}
	bin, cache := t.TempDir(), t.TempDir()
	if err := os.Symlink(php, filepath.Join(bin, "php")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "apt-get"), []byte("#!/bin/sh\nexit 100\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Setenv("PARTNER_CENTER_CACHE", cache)
	t.Setenv("PARTNER_CENTER_WORDPRESS_DIR", "")
	return cache
}

func cached(t *testing.T, cache, suite, version, php string, age time.Duration) {
	t.Helper()
	fakeRelease(t, filepath.Join(cache, "wordpress-"+version), version, php)
	if err := os.Symlink("wordpress-"+version, filepath.Join(cache, "wordpress-"+suite)); err != nil {
		t.Fatal(err)
	}
	then := unix.NsecToTimeval(time.Now().Add(-age).UnixNano())
	if err := unix.Lutimes(filepath.Join(cache, "wordpress-"+suite), []unix.Timeval{then, then}); err != nil {
		t.Fatal(err)
	}
}

func TestFetchOffline(t *testing.T) {
	t.Run("nothing cached", func(t *testing.T) {
		offline(t)
		if _, err := Fetch(t.Context(), "sid", nil); !errors.Is(err, ErrUnreachable) {
			t.Errorf("got %v, want ErrUnreachable", err)
		}
	})
	t.Run("fresh copy", func(t *testing.T) {
		cached(t, offline(t), "sid", "7.1.4", "7.4", 0)
		silent := func(message string) { t.Errorf("said %q of a copy that is current", message) }
		if r, err := Fetch(t.Context(), "sid", silent); err != nil || r.Version != "7.1.4" {
			t.Errorf("got %+v, %v", r, err)
		}
	})
	t.Run("old copy", func(t *testing.T) {
		cached(t, offline(t), "sid", "7.1.4", "7.4", 2*recheck)
		var said []string
		r, err := Fetch(t.Context(), "sid", func(message string) { said = append(said, message) })
		if err != nil || r.Version != "7.1.4" {
			t.Errorf("got %+v, %v", r, err)
		}
		if !strings.Contains(strings.Join(said, "\n"), "fetched earlier") {
			t.Errorf("said %q, want that the copy is old", said)
		}
	})
}

func TestNewestPassesOverWhatPHPCannotRun(t *testing.T) {
	cache := offline(t)
	cached(t, cache, "sid", "99.0", "99.0", 0)
	cached(t, cache, "trixie", "6.8.12", "7.2.24", 0)
	if r, err := Newest(t.Context(), nil); err != nil || r.Version != "6.8.12" {
		t.Errorf("got %+v, %v; want the one for this PHP", r, err)
	}
}

func TestNewestTellsEachReason(t *testing.T) {
	cached(t, offline(t), "sid", "99.0", "99.0", 0)
	_, err := Newest(t.Context(), nil)
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "needs PHP 99.0") ||
		!strings.Contains(err.Error(), "Debian trixie") ||
		!strings.Contains(err.Error(), "PARTNER_CENTER_WORDPRESS_DIR") {
		t.Errorf("got %v", err)
	}
}

func TestNewestFromADirectory(t *testing.T) {
	offline(t)
	dir := t.TempDir()
	t.Setenv("PARTNER_CENTER_WORDPRESS_DIR", dir)
	if _, err := Newest(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "holds no WordPress") {
		t.Errorf("empty directory: %v", err)
	}
	fakeRelease(t, dir, "6.9", "7.2")
	if r, err := Newest(t.Context(), nil); err != nil || r.Version != "6.9" {
		t.Errorf("got %+v, %v", r, err)
	}
}
