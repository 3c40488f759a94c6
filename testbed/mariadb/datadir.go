package mariadb

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"partnercenter/testbed/proc"
)

// logFileSize is small so that an empty data directory has 25 MB, not 114 MB.
// It must be the same when the directory is made and when it is used.
const logFileSize = "8M"

// fillDir copies the template into a directory without data. The copy becomes
// visible under its final name only when complete.
func (s *Server) fillDir(log func(string)) error {
	if _, err := os.Stat(s.data()); err == nil {
		return proc.ChownTree(s.data(), s.cred)
	}
	template, err := template(log)
	if err != nil {
		return err
	}
	half := s.data() + ".part"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := os.CopyFS(half, os.DirFS(template)); err != nil {
		return fmt.Errorf("copy the database template: %w", err)
	}
	if err := os.Chmod(half, 0o700); err != nil {
		return err
	}
	if err := proc.ChownTree(half, s.cred); err != nil {
		return err
	}
	return os.Rename(half, s.data())
}

// template returns an empty data directory made by the installed MariaDB.
func template(log func(string)) (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	return proc.Cached(name, func(dir string) error {
		log("Preparing MariaDB (only the first time) …")
		return installDB(dir)
	})
}

// templateName is one name per server version: data files made by a newer
// version cannot be read by an older one.
func templateName() (string, error) {
	path, err := proc.Find("mariadbd")
	if err != nil {
		return "", err
	}
	version, err := exec.Command(path, "--no-defaults", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", path, err)
	}
	return fmt.Sprintf("mariadb-%x", sha256.Sum256(version))[:24], nil
}

func installDB(dir string) error {
	path, err := proc.Find("mariadb-install-db")
	if err != nil {
		return err
	}
	args := []string{
		"--no-defaults", "--datadir=" + dir, "--auth-root-authentication-method=normal",
		"--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=" + logFileSize,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root")
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (s *Server) initFile() string { return filepath.Join(s.data(), "init.sql") }

// rootPassword returns the password of root, which is made up the first time.
// It stands in the file the server runs at each start; only the server's user
// can read it.
func (s *Server) rootPassword() (string, error) {
	const before, after = "SET @password = '", "';"
	if text, err := os.ReadFile(s.initFile()); err == nil {
		_, rest, _ := strings.Cut(string(text), before)
		password, _, found := strings.Cut(rest, after)
		if !found {
			return "", fmt.Errorf("%s holds no password; remove %s to start afresh", s.initFile(), s.dir)
		}
		return password, nil
	}
	password := rand.Text()
	text := before + password + after + `
UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.authentication_string', PASSWORD(@password)) WHERE User = 'root';
FLUSH PRIVILEGES;
`
	if err := os.WriteFile(s.initFile(), []byte(text), 0o600); err != nil {
		return "", err
	}
	return password, proc.ChownTree(s.initFile(), s.cred)
}
