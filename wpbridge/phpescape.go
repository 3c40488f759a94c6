package wpbridge

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// simpleEscapes are the one-letter escapes of a double-quoted PHP string.
var simpleEscapes = map[byte]byte{
	'n': '\n', 't': '\t', 'r': '\r', 'v': '\v', 'e': 0x1b, 'f': '\f',
	'\\': '\\', '$': '$', '"': '"',
}

// unescapeDoubleQuoted returns the value of the inside of a double-quoted PHP
// string. plain is false when a variable stands in it, so that its value
// cannot be known without running PHP.
func unescapeDoubleQuoted(s string) (text string, plain bool) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if hasVariableAt(s, i) {
			return "", false
		}
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		decoded, length := unescapeOne(s[i:])
		b.WriteString(decoded)
		i += length
	}
	return b.String(), true
}

func hasVariableAt(s string, i int) bool {
	if i+1 == len(s) {
		return false
	}
	next := s[i+1]
	switch s[i] {
	case '$':
		return next == '{' || isNameByte(next) && (next < '0' || next > '9')
	case '{':
		return next == '$'
	}
	return false
}

// unescapeOne decodes the escape s begins with and says how long it is. An
// unknown escape keeps its backslash, as in PHP.
func unescapeOne(s string) (decoded string, length int) {
	if c, ok := simpleEscapes[s[1]]; ok {
		return string([]byte{c}), 2
	}
	switch {
	case s[1] == 'x':
		return unescapeNumber(s, 2, 2, 16)
	case s[1] == 'u' && strings.HasPrefix(s[2:], "{"):
		return unescapeCodePoint(s)
	case s[1] >= '0' && s[1] <= '7':
		return unescapeNumber(s, 1, 3, 8)
	}
	return s[:1], 1
}

// unescapeNumber decodes \x41 (start 2) and \101 (start 1): up to most digits.
func unescapeNumber(s string, start, most, base int) (string, int) {
	end := start
	for end < len(s) && end-start < most && isDigit(s[end], base) {
		end++
	}
	if end == start {
		return s[:1], 1
	}
	n, _ := strconv.ParseUint(s[start:end], base, 16)
	return string([]byte{byte(n)}), end // \777 overflows to one byte in PHP too
}

func isDigit(c byte, base int) bool {
	_, err := strconv.ParseUint(string(rune(c)), base, 8)
	return err == nil
}

func unescapeCodePoint(s string) (string, int) {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return s[:1], 1
	}
	n, err := strconv.ParseUint(s[len(`\u{`):end], 16, 32)
	if err != nil || n > utf8.MaxRune {
		return s[:1], 1
	}
	return string(rune(n)), end + 1
}
