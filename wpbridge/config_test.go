package wpbridge

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"partnercenter/db"
)

// newSite writes a WordPress folder with this wp-config.php and returns it.
func newSite(t testing.TB, config string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	writeFile(t, filepath.Join(dir, "wp-load.php"), "<?php")
	writeFile(t, filepath.Join(dir, "wp-config.php"), config)
	writeFile(t, filepath.Join(dir, "wp-includes", "version.php"),
		"<?php\n/** The release */\n$wp_version = '6.8.12';\n$wp_db_version = 60421;\n$required_php_version = "+
			"'7.2.24';\n")
	return dir
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const usualConfig = `<?php
/** The base configuration: define( 'DB_NAME', 'in a comment' ); */
// define( 'DB_NAME', 'commented out' );
# define( 'DB_NAME', 'commented out too' );
define( 'DB_NAME', 'shop' );
define( "DB_USER", "shop_user" );
DEFINE('DB_PASSWORD', 'it\'s a "pass\\word" \n@:/' ); // not a newline
define( 'DB_HOST', '10.0.0.5:3307' );
const DB_CHARSET = 'utf8mb4';
define( 'MULTISITE', true );
define( 'SITE_ID_CURRENT_SITE', 1 );
define( 'WP_DEBUG', false, false );
define( 'WP_HOME', 'https://example' . '.test' );
define( 'WP_SITEURL', WP_HOME . "/wp" );
if ( ! defined( 'COOKIEHASH' ) ) { \define( 'COOKIEHASH', "a\x62\u{63}\144\$" ); }
define( 'WP_CONTENT_DIR', __DIR__ . '/content' );
define( 'CUSTOM_USER_TABLE', $table_prefix . 'people' );
define( 'FROM_ENV', getenv( 'HOME' ) ?: 'x' );
define( 'WITH_VARIABLE', "a $b" );
define( 'TERNARY', true ? 'a' : 'b' );
define( 'TWICE', 'one' ); define( 'TWICE', 'two' );
define( 'COPIED', FROM_ENV );
$text = <<<'END'
define( 'IN_HEREDOC', "unbalanced ' quote );
  END;
$table_prefix = 'shop_';
// a line comment ends with the code ?>
define( 'OUTSIDE', 'php' );
<?php
define( 'AFTER', 'all' );
require_once ABSPATH . 'wp-settings.php';
`

func TestConfigReadsConstants(t *testing.T) {
	dir := newSite(t, usualConfig)
	c := must(ReadConfig(dir))
	want := map[string]string{
		"DB_NAME": "shop", "DB_USER": "shop_user", "DB_PASSWORD": `it's a "pass\word" \n@:/`,
		"DB_HOST": "10.0.0.5:3307", "DB_CHARSET": "utf8mb4", "MULTISITE": "1", "SITE_ID_CURRENT_SITE": "1",
		"WP_DEBUG": "", "WP_HOME": "https://example.test", "WP_SITEURL": "https://example.test/wp",
		"COOKIEHASH": "abcd$", "WP_CONTENT_DIR": dir + "/content", "AFTER": "all",
	}
	for name, value := range want {
		got, found, err := c.Constant(name)
		if err != nil || !found || got != value {
			t.Errorf("%s = %q, %v, %v; want %q", name, got, found, err, value)
		}
	}
	for _, name := range []string{"OUTSIDE", "IN_HEREDOC", "NOT_THERE"} {
		if _, found, _ := c.Constant(name); found {
			t.Errorf("%s found, but WordPress does not define it", name)
		}
	}
	if p := must(c.TablePrefix()); p != "shop_" {
		t.Errorf("prefix %q", p)
	}
	if c.Version != "6.8.12" || c.DBVersion != 60421 {
		t.Errorf("version %q, schema %d", c.Version, c.DBVersion)
	}
}

func TestConfigNamesWhatOnlyPHPKnows(t *testing.T) {
	c := must(ReadConfig(newSite(t, usualConfig)))
	for _, name := range []string{"FROM_ENV", "WITH_VARIABLE", "TERNARY", "TWICE", "COPIED", "CUSTOM_USER_TABLE"} {
		_, found, err := c.Constant(name)
		var unreadable *UnreadableError
		if !found || !errors.As(err, &unreadable) || unreadable.Name != name {
			t.Errorf("%s: found %v, error %v", name, found, err)
		}
	}
}

func TestConfigErrorNamesTheSettingToGive(t *testing.T) {
	const configFromElsewhere = `<?php
		define('DB_NAME', getenv('DB')); define('DB_USER', 'u'); define('DB_PASSWORD', 'p'); define('DB_HOST', 'h');
		$table_prefix = getenv('PREFIX'); define('AUTH_KEY', file_get_contents('/secret'));`
	c := must(ReadConfig(newSite(t, configFromElsewhere)))
	_, dsn := c.DSN()
	_, prefix := c.TablePrefix()
	salts := must(ReadConfig(newSite(t, strings.Replace(configFromElsewhere, "getenv('PREFIX')", "'wp_'", 1))))
	_, key := salts.PairingKey()
	for want, err := range map[string]error{
		"DB_NAME": dsn, "--dsn (PARTNER_CENTER_DSN)": dsn,
		"$table_prefix": prefix, "--prefix (PARTNER_CENTER_PREFIX)": prefix,
		"AUTH_KEY": key, "--key (PARTNER_CENTER_KEY)": key,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %q", err, want)
		}
	}
}

func TestConfigOneFolderUp(t *testing.T) {
	dir := newSite(t, "")
	above := filepath.Join(filepath.Dir(dir), "wp-config.php")
	if err := os.Rename(filepath.Join(dir, "wp-config.php"), above); err != nil {
		t.Fatal(err)
	}
	if c, err := ReadConfig(dir); err != nil || c.File != above {
		t.Errorf("read %q, %v; want %q", c.File, err, above)
	}
	writeFile(t, filepath.Join(filepath.Dir(dir), "wp-settings.php"), "<?php")
	if c, err := ReadConfig(dir); err == nil {
		t.Errorf("took %s, which belongs to another WordPress", c.File)
	}
}

func TestConfigRefusesOtherFolders(t *testing.T) {
	_, err := ReadConfig(t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "--wordpress") {
		t.Errorf("error %v", err)
	}
}

func TestDatabaseAddress(t *testing.T) {
	for _, c := range []struct{ host, network, address string }{
		{"db.test", "tcp", "db.test:3306"},
		{"127.0.0.1:3307", "tcp", "127.0.0.1:3307"},
		{"::1", "tcp", "[::1]:3306"},
		{"[::1]:3308", "tcp", "[::1]:3308"},
		{"[fe80::2]", "tcp", "[fe80::2]:3306"},
		{"localhost:/run/my.sock", "unix", "/run/my.sock"},
		{":/run/my.sock", "unix", "/run/my.sock"},
		{"db.test:", "tcp", "db.test:3306"},
	} {
		if network, address := databaseAddress(c.host); network != c.network || address != c.address {
			t.Errorf("%q → %s %s; want %s %s", c.host, network, address, c.network, c.address)
		}
	}
}

// What PHP itself makes of the file is the truth for every literal.
func TestConfigAgreesWithPHP(t *testing.T) {
	literals := []string{
		`'plain'`, `'back\\slash \q \''`, `"tab\t nl\n \\ \q \" \$x"`, `"\x4a\x4\101\7\u{20ac}\u{1F363}"`,
		`"a{b} $ 5 {x}"`, `'a' . "b" . 3`, `true`, `false`, `null`, `42`, `"\400"`, `'?>'`, `'/* no comment */ // #'`,
	}
	for _, literal := range literals {
		want := php(t, `echo `+literal+`;`)
		s := parsePHPSettings("<?php define('X', "+literal+");", "/")
		if got := s.constants["X"]; got.problem != "" || got.text != want {
			t.Errorf("%s = %+v, PHP says %q", literal, got, want)
		}
	}
}

func TestConfigTables(t *testing.T) {
	for config, want := range map[string]db.Tables{
		`$table_prefix = 'a_';`: {Prefix: "a_", Base: "a_"},
		`$table_prefix = 'a_'; define('CUSTOM_USER_TABLE', $table_prefix . 'people'); define('CUSTOM_USER_META_TABLE', 'shared_meta');`: {
			Prefix: "a_", Base: "a_", Users: "a_people", Usermeta: "shared_meta"},
	} {
		c := must(ReadConfig(newSite(t, "<?php "+config)))
		if got, err := c.Tables(); err != nil || got != want {
			t.Errorf("%s: %+v, %v", config, got, err)
		}
	}
	for _, config := range []string{
		``, `$table_prefix = 'a-b';`, `$table_prefix = 'a'; $table_prefix .= 'b';`, `$table_prefix = $prefix;`,
		`if ($x == 1) $table_prefix = 'a_'; else $table_prefix = 'b_';`,
		`$table_prefix = 'a_'; define('CUSTOM_USER_TABLE', $other['users']);`,
	} {
		c := must(ReadConfig(newSite(t, "<?php "+config)))
		if got, err := c.Tables(); err == nil {
			t.Errorf("%s: %+v", config, got)
		}
	}
}

func TestDSNKeepsOddPasswords(t *testing.T) {
	c := must(ReadConfig(newSite(t, usualConfig)))
	want := `shop_user:it's a "pass\word" \n@:/@tcp(10.0.0.5:3307)/shop`
	if got := must(c.DSN()); got != want {
		t.Errorf("DSN %s, want %s", got, want)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(usualConfig)
	f.Add("<?php define('A', \"\\u{110000}\\x\\")
	f.Add("<?php <<<A\nA")
	f.Add("<?php $a='b'?>x<?='c'")
	f.Fuzz(func(t *testing.T, src string) {
		s := parsePHPSettings(src, "/dir")
		for name, v := range s.constants {
			if v.problem != "" && v.text != "" {
				t.Errorf("%s is both %q and %s", name, v.text, v.problem)
			}
		}
	})
}

// What real sites have: settings in other files, and in the environment.
func TestConfigOfRealSites(t *testing.T) {
	dir := newSite(t, `<?php
		require __DIR__ . '/local.php';
		include_once( dirname(__FILE__) . '/more.php' );
		@include '/nowhere/else.php';
		define( 'DB_USER', getenv_docker('TEST_DB_USER', 'example username') );
		define( 'DB_PASSWORD', getenv_docker('TEST_DB_PASSWORD', 'example password') );
		define( 'DB_HOST', getenv_docker('TEST_DB_HOST', 'mysql') );
		$table_prefix = getenv('TEST_PREFIX');
		require_once ABSPATH . 'wp-settings.php';`)
	secret := filepath.Join(t.TempDir(), "secret")
	for name, text := range map[string]string{
		filepath.Join(dir, "local.php"): `<?php define('DB_NAME', 'shop'); require_once __DIR__ . '/local.php';`,
		filepath.Join(dir, "more.php"):  `<?php define('AUTH_KEY', 'from another file');`,
		secret:                          "s3cret\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TEST_DB_USER", "shop_user")
	t.Setenv("TEST_DB_PASSWORD_FILE", secret)
	t.Setenv("TEST_PREFIX", "shop_")
	c := must(ReadConfig(dir))
	for name, want := range map[string]string{"DB_NAME": "shop", "DB_USER": "shop_user", "DB_PASSWORD": "s3cret",
		"AUTH_KEY": "from another file"} {
		if got, _, err := c.Constant(name); got != want || err != nil {
			t.Errorf("%s = %q, %v; want %q", name, got, err, want)
		}
	}
	if p := must(c.TablePrefix()); p != "shop_" {
		t.Errorf("prefix %q", p)
	}
	if _, _, err := c.Constant("DB_HOST"); err == nil || !strings.Contains(err.Error(), "TEST_DB_HOST") ||
		!strings.Contains(err.Error(), "--dsn") {
		t.Errorf("a variable that only PHP has: %v", err)
	}
}

// Debian's wp-config.php holds nothing itself.
func TestConfigOfDebian(t *testing.T) {
	etc := t.TempDir()
	dir := newSite(t, `<?php
		$debian_server = preg_replace('/:.*/', "", $_SERVER['HTTP_HOST']);
		$debian_file = '`+etc+`/config-'.strtolower($debian_server).'.php';
		if (file_exists($debian_file)) { require_once($debian_file); }
		$table_prefix = 'wp_';`)
	if _, err := ReadConfig(dir); err == nil || !strings.Contains(err.Error(), "--dsn") {
		t.Errorf("without any: %v", err)
	}
	add := func(host string) {
		if err := os.WriteFile(filepath.Join(etc, "config-"+host+".php"),
			[]byte(`<?php define('DB_NAME', 'wordpress');`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	add("shop.example")
	if name, _, err := must(ReadConfig(dir)).Constant("DB_NAME"); name != "wordpress" || err != nil {
		t.Errorf("%q, %v", name, err)
	}
	add("other.example")
	if _, err := ReadConfig(dir); err == nil || !strings.Contains(err.Error(), "there are 2") {
		t.Errorf("with two: %v", err)
	}
}
