package wpplugin_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	wpplugin "partnercenter/wp-plugin"
)

// The plugin's own lint finds what it is there for, and nothing else.
func TestSecurityLint(t *testing.T) {
	for code, want := range map[string]string{
		`echo $x;`:                           "not escaped",
		`echo "a $x";`:                       "not escaped",
		`print $x->y();`:                     "not escaped",
		`printf( '%s', get_option( 'x' ) );`: "not escaped",
		`echo '<a href="' . esc_url( $x ) . '">' . $y;`: "not escaped",
		`wp_die( $x );`:                                                   "not escaped",
		`echo $x; // Raw: made of constants.`:                             "",
		`echo esc_html( sprintf( 'a %s', f( $x ) ) );`:                    "",
		`printf( '%d %s', (int) $x, checked( $y, 1, false ) );`:           "",
		`$a = $_POST['x'];`:                                               "wp_unslash",
		`$a = trim( $_GET['x'] );`:                                        "wp_unslash",
		`if ( isset( $_POST['x'] ) ) { $a = wp_unslash( $_POST['x'] ); }`: "",
		`$_SERVER['QUERY_STRING'] = '';`:                                  "",
		`__( 'Text' );`:                                                   "domain",
		`esc_html__( $x, 'partner-center' );`:                             "domain",
		`__( 'Text', 'partner-center' );`:                                 "",
		`add_action( 'wp_ajax_x', 'f' );`:                                 "hooks 'wp_ajax_x'",
		`add_action( 'admin_post_x', 'f' ); check_admin_referer( 'x' );`:  "hooks 'admin_post_x'",
		`add_action( 'admin_post_x', 'f' ); check_admin_referer( 'x' ); current_user_can( 'y' );`: "",
	} {
		file := filepath.Join(t.TempDir(), "x.php")
		must(t, os.WriteFile(file, []byte("<?php\n"+code+"\n"), 0o644))
		out, err := exec.CommandContext(t.Context(), "php", "../lint/security.php", file).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
			t.Fatalf("%v: %s", err, out)
		}
		if (want == "") != (err == nil) || !strings.Contains(string(out), want) {
			t.Errorf("%s: %q, want %q", code, out, want)
		}
	}
}

var texts = regexp.MustCompile(`(?:__|esc_html__|esc_attr__)\( '((?:[^'\\]|\\.)*)', 'partner-center' \)`)

// Translators get every text; scripts/make-pot writes the template.
func TestTemplateForTranslatorsIsComplete(t *testing.T) {
	template, err := fs.ReadFile(wpplugin.FS(), "languages/partner-center.pot")
	must(t, err)
	unquote := strings.NewReplacer(`\'`, `'`, `\\`, `\`)
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	found := 0
	must(t, fs.WalkDir(wpplugin.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".php" {
			return err
		}
		source, err := fs.ReadFile(wpplugin.FS(), path)
		for _, match := range texts.FindAllStringSubmatch(string(source), -1) {
			found++
			if text := quote.Replace(unquote.Replace(match[1])); !strings.Contains(string(template), `msgid "`+text+
				"\"\n") {
				t.Errorf("%s: %q is not in the template: run scripts/make-pot", path, text)
			}
		}
		return err
	}))
	if found < 50 {
		t.Errorf("found %d texts only", found)
	}
}
