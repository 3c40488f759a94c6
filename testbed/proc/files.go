package proc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// CacheDir returns the directory for things that take long to make or fetch,
// created when missing: $PARTNER_CENTER_CACHE, else partner-center in the
// user's cache directory.
func CacheDir() (string, error) {
	dir := os.Getenv("PARTNER_CENTER_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no cache directory, set PARTNER_CENTER_CACHE: %w", err)
		}
		dir = filepath.Join(base, "partner-center")
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// Cached returns the directory name below CacheDir, made by build when it is
// not there. Several processes may build it at once: each builds a directory of
// its own, the first to finish wins, and nobody ever sees half of one.
func Cached(name string, build func(dir string) error) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	target := filepath.Join(cache, name)
	if exists(target) {
		return target, nil
	}
	tmp, err := os.MkdirTemp(cache, ".building-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	made := filepath.Join(tmp, "made")
	if err := os.Mkdir(made, 0o755); err != nil {
		return "", err
	}
	if err := build(made); err != nil {
		return "", err
	}
	if err := os.Rename(made, target); err != nil && !exists(target) {
		return "", err
	}
	return target, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// ErrLocked says that another process holds a lock.
var ErrLocked = errors.New("in use by another process")

// Lock is a held lock file. It is held until Close or until the process ends,
// however it ends; unlike an os.File it is not let go when nobody refers to it.
type Lock struct{ fd int }

// TakeLock takes the lock file at path. It does not wait: a held lock is
// ErrLocked.
func TakeLock(path string) (Lock, error) {
	fd, err := syscall.Open(path, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return Lock{}, &fs.PathError{Op: "lock", Path: path, Err: err}
	}
	if err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		syscall.Close(fd)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrLocked
		}
		return Lock{}, fmt.Errorf("%s: %w", filepath.Dir(path), err)
	}
	return Lock{fd}, nil
}

// Close lets the lock go. Call it once.
func (l Lock) Close() { syscall.Close(l.fd) }

// lockName is the lock file TempDir leaves in its directories.
const lockName = "lock"

// TempDir makes a temporary directory "pattern*" that everybody may enter, and
// locks it. Directories of the same pattern whose owner was killed before it
// could remove them are removed on the way.
func TempDir(pattern string) (dir string, lock Lock, err error) {
	sweep(pattern)
	if dir, err = os.MkdirTemp("", pattern+"*"); err != nil {
		return "", Lock{}, err
	}
	if err = os.Chmod(dir, 0o755); err != nil {
		return "", Lock{}, err
	}
	lock, err = TakeLock(filepath.Join(dir, lockName))
	return dir, lock, err
}

func sweep(pattern string) {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), pattern+"*"))
	for _, dir := range dirs {
		// A young directory may be waiting for its owner to lock it.
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if lock, err := TakeLock(filepath.Join(dir, lockName)); err == nil {
			os.RemoveAll(dir)
			lock.Close()
		}
	}
}

// ChownTree gives everything in dir to cred's user; nil changes nothing.
func ChownTree(dir string, cred *syscall.Credential) error {
	if cred == nil {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(cred.Uid), int(cred.Gid))
	})
}

// LastLines returns the last n lines of a file, for an error message: "" when
// there is no such file.
func LastLines(path string, n int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
