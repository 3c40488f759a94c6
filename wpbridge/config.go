package wpbridge

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"partnercenter/db"
)

// Config is what a WordPress folder says about its site without running PHP:
// the constants of wp-config.php, the table prefix and the release.
type Config struct {
	Dir       string  // the folder that holds wp-load.php
	File      string  // the wp-config.php in force
	Version   Version // release of the code in Dir
	DBVersion int     // schema number of that release, as in option db_version

	settings *phpSettings
}

// UnreadableError says that wp-config.php sets a constant in a way only PHP
// can evaluate, and what to give instead.
type UnreadableError struct {
	Name    string // DB_NAME, $table_prefix, …
	File    string
	Problem string // "is the result of getenv()"
}

// Error names the constant, the file and the setting to give instead.
func (e *UnreadableError) Error() string {
	return fmt.Sprintf("%s in %s %s; %s", e.Name, e.File, e.Problem, insteadOf(e.Name))
}

// insteadOf names the setting that replaces a constant of wp-config.php.
func insteadOf(constant string) string {
	switch {
	case strings.HasPrefix(constant, "DB_"):
		return "give the database with --dsn (PARTNER_CENTER_DSN)"
	case constant == "$table_prefix":
		return "give it with --prefix (PARTNER_CENTER_PREFIX)"
	case strings.HasSuffix(constant, "_KEY"), strings.HasSuffix(constant, "_SALT"):
		return "give one key to both sides: --key (PARTNER_CENTER_KEY) here, define('PARTNER_CENTER_KEY', …) in " +
			"wp-config.php"
	}
	return "write the value itself in wp-config.php"
}

// ReadConfig reads the WordPress site in dir. wp-config.php may lie one folder
// higher, unless that folder is a WordPress of its own (WordPress' own rule).
func ReadConfig(dir string) (Config, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Config{}, err
	}
	if !exists(filepath.Join(dir, "wp-load.php")) {
		return Config{}, fmt.Errorf(
			"%s is not a WordPress folder: it has no wp-load.php; correct --wordpress (PARTNER_CENTER_WORDPRESS)", dir)
	}
	c := Config{Dir: dir, File: configFile(dir)}
	if c.File == "" {
		return Config{}, fmt.Errorf(
			"no wp-config.php in %s nor in the folder above it; finish the installation of WordPress first", dir)
	}
	src, err := os.ReadFile(c.File)
	if err != nil {
		return Config{}, fmt.Errorf(
			"read the settings of WordPress (let this user read the file, or give the settings as flags): %w", err)
	}
	c.settings = parsePHPSettings(string(src), c.File)
	if err := c.readDebian(string(src)); err != nil {
		return Config{}, err
	}
	return c, c.readVersion()
}

// debianFile is how Debian's wp-config.php chooses the site's own settings: by
// the host that is asked for, which only PHP knows.
var debianFile = regexp.MustCompile(`['"](/[^'"]*/config-)['"]\s*\.\s*strtolower`)

// readDebian takes in the one file of Debian's that there is.
func (c *Config) readDebian(src string) error {
	match := debianFile.FindStringSubmatch(src)
	if match == nil {
		return nil
	}
	files, err := filepath.Glob(match[1] + "*.php")
	if err != nil || len(files) != 1 {
		return fmt.Errorf("%s chooses among the files %s*.php by the host that is asked for, and there are %d; "+
			"give --dsn, --prefix and --key in place of --wordpress (PARTNER_CENTER_DSN, …)", c.File, match[1],
			len(files))
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return fmt.Errorf(
			"read the settings of WordPress (let this user read the file, or give the settings as flags): %w", err)
	}
	c.settings.read(string(text), files[0])
	return nil
}

func configFile(dir string) string {
	if here := filepath.Join(dir, "wp-config.php"); exists(here) {
		return here
	}
	parent := filepath.Dir(dir)
	above := filepath.Join(parent, "wp-config.php")
	if exists(above) && !exists(filepath.Join(parent, "wp-settings.php")) {
		return above
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (c *Config) readVersion() error {
	file := filepath.Join(c.Dir, "wp-includes", "version.php")
	src, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the release of WordPress: %w", err)
	}
	vars := parsePHPSettings(string(src), file).variables
	c.Version = Version(vars["wp_version"].text)
	c.DBVersion, _ = strconv.Atoi(vars["wp_db_version"].text)
	if c.Version == "" {
		return fmt.Errorf("%s does not name $wp_version; is the installation of WordPress complete?", file)
	}
	return nil
}

// Constant returns a constant of wp-config.php as PHP would print it (true is
// "1", false is ""). found is false when the file does not define it. The
// error is an *UnreadableError.
func (c Config) Constant(name string) (value string, found bool, err error) {
	v, found := c.settings.constants[name]
	if v.problem != "" {
		return "", true, &UnreadableError{name, c.File, v.problem}
	}
	return v.text, found, nil
}

// wanted is Constant for one that every wp-config.php has.
func (c Config) wanted(name string) (string, error) {
	value, found, err := c.Constant(name)
	if err == nil && !found {
		err = fmt.Errorf("%s does not define %s; %s", c.File, name, insteadOf(name))
	}
	return value, err
}

// phpTrue is the truth of a string in PHP: all but "" and "0".
func phpTrue(s string) bool { return s != "" && s != "0" }

var validPrefix = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// TablePrefix returns $table_prefix: letters, digits and underscores.
func (c Config) TablePrefix() (string, error) {
	const name = "$table_prefix"
	v, found := c.settings.variables["table_prefix"]
	switch {
	case !found:
		return "", fmt.Errorf("%s does not set %s; %s", c.File, name, insteadOf(name))
	case v.problem != "":
		return "", &UnreadableError{name, c.File, v.problem}
	case !validPrefix.MatchString(v.text):
		return "", fmt.Errorf("%s in %s is %q; WordPress allows letters, digits and underscores only", name, c.File,
			v.text)
	}
	return v.text, nil
}

// Tables names the tables of the site (of the main site, on a network).
func (c Config) Tables() (db.Tables, error) {
	prefix, err := c.TablePrefix()
	if err != nil {
		return db.Tables{}, err
	}
	users, _, err := c.Constant("CUSTOM_USER_TABLE")
	if err != nil {
		return db.Tables{}, err
	}
	usermeta, _, err := c.Constant("CUSTOM_USER_META_TABLE")
	return db.Tables{Prefix: prefix, Base: prefix, Users: users, Usermeta: usermeta}, err
}

// DSN returns the data source name of the site's database for
// go-sql-driver/mysql, without parameters.
func (c Config) DSN() (string, error) {
	values := map[string]string{}
	for _, name := range []string{"DB_USER", "DB_PASSWORD", "DB_NAME", "DB_HOST"} {
		v, err := c.wanted(name)
		if err != nil {
			return "", err
		}
		values[name] = v
	}
	d := mysql.NewConfig()
	d.User, d.Passwd, d.DBName = values["DB_USER"], values["DB_PASSWORD"], values["DB_NAME"]
	d.Net, d.Addr = databaseAddress(values["DB_HOST"])
	return d.FormatDSN(), nil
}

var bracketedHost = regexp.MustCompile(`^\[?([0-9a-fA-F:]+)(?:\]:(\d+))?`)

// databaseAddress reads DB_HOST the way WordPress does: host, host:port,
// host:/socket, IPv6 with or without [ ] and port. The host "localhost" means
// the local socket to PHP, whatever port stands behind it.
func databaseAddress(dbHost string) (network, address string) {
	if i := strings.Index(dbHost, ":/"); i >= 0 {
		return "unix", dbHost[i+1:]
	}
	host, port, _ := strings.Cut(dbHost, ":")
	if strings.Contains(port, ":") {
		if m := bracketedHost.FindStringSubmatch(dbHost); m != nil {
			host, port = m[1], m[2]
		}
	}
	if port = leadingDigits(port); port == "" {
		port = "3306"
	}
	if strings.EqualFold(host, "localhost") || host == "" {
		if socket := localSocket(); socket != "" {
			return "unix", socket
		}
		host = "localhost"
	}
	return "tcp", net.JoinHostPort(host, port)
}

// localSocket finds the socket PHP is built to use on the usual systems.
func localSocket() string {
	for _, path := range []string{
		"/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock",
		"/var/lib/mysql/mysql.sock", "/tmp/mysql.sock",
	} {
		if exists(path) {
			return path
		}
	}
	return ""
}
