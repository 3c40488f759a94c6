package wpplugin_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each sentence of the plugin is in a call of WordPress' translation, with the
// plugin's text domain.
func TestPHPSentencesAreTranslated(t *testing.T) {
	files, err := filepath.Glob("partner-center/includes/*.php")
	if err != nil || len(files) < 10 {
		t.Fatal(err, len(files))
	}
	for _, file := range append(files, "partner-center/partner-center.php", "partner-center/uninstall.php") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range untranslated(string(text)) {
			if noSentences[wrong] == "" {
				t.Errorf("%s: %q is not translated, or not in our text domain", file, wrong)
			}
		}
	}
	for source, want := range map[string]string{
		`<?php echo 'Two words';`:                                     "Two words",
		`<?php echo esc_html__( 'Two words', 'partner-center' );`:     "",
		`<?php echo __( 'Two words' );`:                               "Two words",
		`<?php _n( '%d row left', '%d rows left', 2, 'other' );`:      "%d row left",
		`<?php f( 'It\'s on', __( 'Two words', 'partner-center' ) );`: "It's on",
		"<?php // It's a comment: 'Two words'\n/* 'Two words' */":     "",
	} {
		if got := strings.Join(untranslated(source), "|"); got != want {
			t.Errorf("%s: found %q, want %q", source, got, want)
		}
	}
}

// noSentences are texts of several words that nobody reads in a browser, each
// with what it is.
var noSentences = map[string]string{
	"The sidecar could not be asked.": "an exception that is caught",
	"var partnerCenterBlock = ":       "JavaScript",
	"private, no-store":               "a header",
	"put your unique phrase here":     "what WordPress' own wp-config.php has",
	"Contact Form 7":                  "the name of a plugin",
	"Fluent Forms":                    "the name of a plugin",
	"Gravity Forms":                   "the name of a plugin",
	"Ninja Forms":                     "the name of a plugin",
	"Payer PayPal address":            "a key that PayPal's plugin stores",
}

var translators = []string{"__", "_e", "_n", "_x", "esc_html__", "esc_html_e", "esc_attr__", "esc_attr_e"}

// phpToken is a comment, a string, a name, a parenthesis, or any other character.
var phpToken = regexp.MustCompile(`(?s)//[^\n]*|#[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+|[()]|.`)

var (
	sentence = regexp.MustCompile(`^(%\d*\$?[ds] )?\pL[\pL']*[,:;]? \pL`)
	query    = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|SHOW|WHERE|SET|FROM|AND|KEY)\b`)
)

// untranslated are the sentences in PHP that no translation is asked for.
func untranslated(source string) (wrong []string) {
	type call struct {
		name  string
		texts []string
	}
	calls, name := []call{{}}, ""
	for _, token := range phpToken.FindAllString(source, -1) {
		top := &calls[len(calls)-1]
		switch {
		case token == "(":
			calls = append(calls, call{name: name})
		case token == ")" && len(calls) > 1:
			if slices.Contains(translators, top.name) && (len(top.texts) < 2 ||
				top.texts[len(top.texts)-1] != "partner-center") {
				wrong = append(wrong, top.texts[0])
			}
			calls = calls[:len(calls)-1]
		case token[0] == '\'':
			text := strings.ReplaceAll(token[1:len(token)-1], `\'`, "'")
			top.texts = append(top.texts, text)
			if sentence.MatchString(text) && !query.MatchString(text) && !slices.Contains(translators, top.name) {
				wrong = append(wrong, text)
			}
		}
		if strings.TrimSpace(token) != "" {
			name = token
		}
	}
	return wrong
}
