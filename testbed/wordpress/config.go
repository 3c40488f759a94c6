package wordpress

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// secretNames are the constants WordPress signs cookies with.
var secretNames = []string{
	"AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY",
	"AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT",
}

// writeConfig writes wp-config.php afresh at each start, since port and address
// may have changed; the secrets stay, so that nobody is logged out. All values
// are literals: other programs read this file too.
func (s *Site) writeConfig(o Options) error {
	path := filepath.Join(s.Root, "wp-config.php")
	secrets, err := readSecrets(path)
	if err != nil {
		return err
	}
	var b strings.Builder
	define := func(name string, value any) {
		fmt.Fprintf(&b, "define( %s, %s );\n", literal(name), literal(value))
	}
	b.WriteString("<?php\n")
	define("DB_NAME", o.DB.Name)
	define("DB_USER", o.DB.User)
	define("DB_PASSWORD", o.DB.Password)
	define("DB_HOST", o.DB.Host)
	define("DB_CHARSET", "utf8mb4")
	define("DB_COLLATE", "")
	for _, name := range secretNames {
		define(name, secrets[name])
	}
	define("WP_HOME", s.URL)
	define("WP_SITEURL", s.URL)
	// A page must not wait for hosts a test machine cannot reach.
	define("WP_HTTP_BLOCK_EXTERNAL", true)
	define("WP_ACCESSIBLE_HOSTS", "127.0.0.1,localhost")
	define("DISABLE_WP_CRON", true)
	define("AUTOMATIC_UPDATER_DISABLED", true)
	define("WP_ENVIRONMENT_TYPE", "local") // allows application passwords without https
	define("FS_METHOD", "direct")
	define("WP_DEBUG", o.Debug)
	define("WP_DEBUG_DISPLAY", false)
	define("WP_DEBUG_LOG", s.DebugLog())
	fmt.Fprintf(&b, "$table_prefix = %s;\n", literal(o.DB.Prefix))
	b.WriteString("if ( ! defined( 'ABSPATH' ) ) {\n\tdefine( 'ABSPATH', __DIR__ . '/' );\n}\nrequire_once ABSPATH " +
		". 'wp-settings.php';\n")
	return replaceFile(path, b.String())
}

var secretLine = regexp.MustCompile(`(?m)^define\( '([A-Z_]+_(?:KEY|SALT))', '([A-Z0-9]+)' \);$`)

// readSecrets returns the secrets of a wp-config.php written before, or new
// ones when there is none.
func readSecrets(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	secrets := map[string]string{}
	for _, name := range secretNames {
		secrets[name] = rand.Text() + rand.Text()
	}
	for _, line := range secretLine.FindAllStringSubmatch(string(text), -1) {
		secrets[line[1]] = line[2]
	}
	return secrets, nil
}

// literal writes a string or bool in PHP.
func literal(value any) string {
	if text, ok := value.(string); ok {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
	}
	return fmt.Sprint(value)
}

// replaceFile writes a file in one step: php processes may be reading it.
func replaceFile(path, text string) error {
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
