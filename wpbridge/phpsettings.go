package wpbridge

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// phpValue is what a settings file gives a constant or variable: its text as
// PHP would print it (true is "1", false and null are ""), or the reason why
// only PHP itself can know it.
type phpValue struct {
	text    string
	problem string // "" when text is right
}

// phpSettings are the constants and variables a PHP file sets to plain values.
type phpSettings struct {
	constants map[string]phpValue
	variables map[string]phpValue
	dir       string // value of __DIR__
	file      string // value of __FILE__
	tokens    []token
	included  map[string]bool // files read so far, which may include each other
}

// parsePHPSettings reads define(), const and $name = … from a file, and from
// those it includes by a plain name. Values may be literals, constants and
// variables known so far, __DIR__, variables of this program's environment, and
// these joined by dots.
func parsePHPSettings(src, file string) *phpSettings {
	s := &phpSettings{constants: map[string]phpValue{}, variables: map[string]phpValue{}, included: map[string]bool{}}
	s.read(src, file)
	return s
}

// read takes in one file.
func (s *phpSettings) read(src, file string) {
	dir, outer, tokens := s.dir, s.file, s.tokens
	s.dir, s.file, s.tokens = filepath.Dir(file), file, tokenizePHP(src)
	for len(s.tokens) > 0 {
		s.statement()
	}
	s.dir, s.file, s.tokens = dir, outer, tokens
}

// include reads the file that a require names, but for WordPress' own, which
// set nothing of interest. One that cannot be read leaves its constants
// undefined, which whoever asks for them hears.
func (s *phpSettings) include() {
	s.skip("(")
	name := s.expression()
	if name.problem != "" || strings.HasSuffix(name.text, "wp-settings.php") || s.included[name.text] {
		return
	}
	if src, err := os.ReadFile(name.text); err == nil {
		s.included[name.text] = true
		s.read(string(src), name.text)
	}
}

// includes are PHP's words for reading another file.
var includes = []string{"require", "require_once", "include", "include_once"}

// statement reads one setting at the head of the tokens, or drops one token.
func (s *phpSettings) statement() {
	t := s.take()
	switch {
	case t.kind == tokenName && strings.EqualFold(t.text, "define"):
		if s.skip("(") && s.peek(0).kind == tokenText && s.peek(1).is(",") {
			name := s.take().text
			s.take()
			record(s.constants, name, s.expression())
		}
	case t.kind == tokenName && slices.Contains(includes, strings.ToLower(t.text)):
		s.include()
	case t.kind == tokenName && strings.EqualFold(t.text, "const"):
		if s.peek(0).kind == tokenName && s.peek(1).is("=") {
			name := s.take().text
			s.take()
			record(s.constants, name, s.expression())
		}
	case t.kind == tokenVar && s.peek(0).is("=") && !s.peek(1).is("="):
		s.take()
		record(s.variables, t.text, s.expression())
	case t.kind == tokenVar && s.peek(0).is(".") && s.peek(1).is("="):
		record(s.variables, t.text, phpValue{problem: "is put together in steps"})
	}
}

// record keeps the first value. Two different values mean that a condition
// chooses between them, which only PHP can do.
func record(values map[string]phpValue, name string, v phpValue) {
	old, again := values[name]
	switch {
	case !again:
		values[name] = v
	case old != v && old.problem == "":
		values[name] = phpValue{problem: "is set more than once, to different values"}
	}
}

// expression reads up to the end of the value. Tokens behind a part that is
// not plain are left for statement: a define may hide in there.
func (s *phpSettings) expression() phpValue {
	var text strings.Builder
	for {
		part := s.operand()
		if part.problem != "" {
			return part
		}
		text.WriteString(part.text)
		switch end := s.peek(0); {
		case end.is("."):
			s.take()
		case end.is(","), end.is(")"), end.is(";"), end == token{}:
			return phpValue{text: text.String()}
		default:
			return phpValue{problem: fmt.Sprintf("is not a plain value (%s%s…)", text.String(), end.text)}
		}
	}
}

func (s *phpSettings) operand() phpValue {
	t := s.take()
	switch t.kind {
	case tokenText, tokenInt:
		return phpValue{text: t.text}
	case tokenName:
		return s.named(t.text)
	case tokenVar:
		if v, known := s.variables[t.text]; known {
			return v
		}
		return phpValue{problem: "takes its value from $" + t.text}
	}
	return phpValue{problem: "is not a plain value (" + t.text + ")"}
}

func (s *phpSettings) named(name string) phpValue {
	if s.peek(0).is("(") {
		return s.called(name)
	}
	switch strings.ToLower(name) {
	case "true":
		return phpValue{text: "1"}
	case "false", "null":
		return phpValue{}
	case "__dir__":
		return phpValue{text: s.dir}
	case "__file__":
		return phpValue{text: s.file}
	}
	if v, ok := s.constants[name]; ok {
		return v
	}
	return phpValue{problem: "takes its value from " + name}
}

// called is what a function gives: of those that settings files use, the ones
// whose result does not depend on the request. PHP may have variables in its
// environment that we do not: then a default would be a guess.
func (s *phpSettings) called(name string) phpValue {
	unknown := phpValue{problem: "is the result of " + name + "()"}
	first, second := s.peek(1), s.peek(2)
	switch {
	case strings.EqualFold(name, "dirname") && first.kind == tokenName && strings.EqualFold(first.text, "__FILE__") &&
		second.is(")"):
		s.tokens = s.tokens[3:]
		return phpValue{text: s.dir}
	case (name == "getenv" || name == "getenv_docker") && first.kind == tokenText:
		value, found := environment(first.text)
		if !found {
			return phpValue{problem: "takes its value from the environment variable " + first.text +
				" of PHP, which this program does not have: give it the same"}
		}
		s.skipCall()
		return phpValue{text: value}
	}
	return unknown
}

// skipCall drops the arguments of a call.
func (s *phpSettings) skipCall() {
	for depth := 0; len(s.tokens) > 0; {
		switch t := s.take(); {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		}
		if depth == 0 {
			return
		}
	}
}

// environment is a variable, or the content of the file that one named so with
// _FILE behind it names, as in the containers of WordPress.
func environment(name string) (string, bool) {
	if file := os.Getenv(name + "_FILE"); file != "" {
		if text, err := os.ReadFile(file); err == nil {
			return strings.TrimRight(string(text), "\r\n"), true
		}
	}
	return os.LookupEnv(name)
}

func (s *phpSettings) take() token {
	t := s.peek(0)
	if len(s.tokens) > 0 {
		s.tokens = s.tokens[1:]
	}
	return t
}

func (s *phpSettings) peek(n int) token {
	if n >= len(s.tokens) {
		return token{}
	}
	return s.tokens[n]
}

func (s *phpSettings) skip(punct string) bool {
	if !s.peek(0).is(punct) {
		return false
	}
	s.take()
	return true
}
