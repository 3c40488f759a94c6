package wpbridge

import (
	"fmt"
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
	tokens    []token
}

// parsePHPSettings reads define(), const and $name = … from a file that lies
// in dir. Values may be literals, constants and variables known so far,
// __DIR__, and these joined by dots.
func parsePHPSettings(src, dir string) *phpSettings {
	s := &phpSettings{constants: map[string]phpValue{}, variables: map[string]phpValue{}, dir: dir}
	s.tokens = tokenizePHP(src)
	for len(s.tokens) > 0 {
		s.statement()
	}
	s.tokens = nil
	return s
}

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
		return phpValue{problem: "is the result of " + name + "()"}
	}
	switch strings.ToLower(name) {
	case "true":
		return phpValue{text: "1"}
	case "false", "null":
		return phpValue{}
	case "__dir__":
		return phpValue{text: s.dir}
	}
	if v, ok := s.constants[name]; ok {
		return v
	}
	return phpValue{problem: "takes its value from " + name}
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
