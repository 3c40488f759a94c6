package wpbridge

import "strings"

// tokenKind tells apart the few kinds of PHP tokens that matter for reading
// settings; everything else is punctuation.
type tokenKind int

const (
	tokenPunct  tokenKind = iota // one byte: ( ) , ; . = …
	tokenText                    // a string literal without variables, unescaped
	tokenOpaque                  // a string with variables in it, a heredoc, a float
	tokenInt
	tokenName // an identifier, possibly with namespace separators
	tokenVar  // $name, text is the name
)

type token struct {
	kind tokenKind
	text string
}

func (t token) is(punct string) bool { return t.kind == tokenPunct && t.text == punct }

// tokenizer cuts PHP source into tokens. It never fails: a settings file is
// written by hand, and an odd corner of it must not hide the rest.
type tokenizer struct {
	src string
	pos int
}

// tokenizePHP returns the tokens of a PHP file without comments and without
// the text outside <?php … ?>.
func tokenizePHP(src string) []token {
	z := &tokenizer{src: src}
	z.skipHTML()
	var tokens []token
	for {
		z.skipBlank()
		if z.pos >= len(z.src) {
			return tokens
		}
		tokens = append(tokens, z.next())
	}
}

// skipHTML moves behind the next opening tag.
func (z *tokenizer) skipHTML() {
	i := strings.Index(z.src[z.pos:], "<?")
	if i < 0 {
		z.pos = len(z.src)
		return
	}
	z.pos += i + len("<?")
	for _, tag := range []string{"php", "PHP", "="} {
		if strings.HasPrefix(z.src[z.pos:], tag) {
			z.pos += len(tag)
			return
		}
	}
}

// skipBlank moves over white space, comments and closing tags.
func (z *tokenizer) skipBlank() {
	for z.pos < len(z.src) {
		rest := z.src[z.pos:]
		switch {
		case strings.ContainsRune(" \t\r\n\v\f", rune(rest[0])):
			z.pos++
		case strings.HasPrefix(rest, "/*"):
			z.skipPast("*/", 2)
		case strings.HasPrefix(rest, "//"), rest[0] == '#' && !strings.HasPrefix(rest, "#["):
			z.skipLineComment()
		case strings.HasPrefix(rest, "?>"):
			z.pos += len("?>")
			z.skipHTML()
		default:
			return
		}
	}
}

func (z *tokenizer) skipPast(end string, from int) {
	i := strings.Index(z.src[z.pos+from:], end)
	if i < 0 {
		z.pos = len(z.src)
		return
	}
	z.pos += from + i + len(end)
}

// skipLineComment stops before a closing tag too: PHP ends a line comment there.
func (z *tokenizer) skipLineComment() {
	rest := z.src[z.pos:]
	end := strings.IndexAny(rest, "\r\n")
	if end < 0 {
		end = len(rest)
	}
	if closing := strings.Index(rest[:end], "?>"); closing >= 0 {
		end = closing
	}
	z.pos += end
}

func (z *tokenizer) next() token {
	c := z.src[z.pos]
	switch {
	case c == '\'':
		return z.singleQuoted()
	case c == '"', c == '`':
		return z.doubleQuoted(c)
	case c == '$' && z.pos+1 < len(z.src) && isNameByte(z.src[z.pos+1]):
		z.pos++
		return token{tokenVar, z.takeWhile(isNameByte)}
	case c >= '0' && c <= '9':
		return z.number()
	case isNameByte(c), c == '\\':
		return token{tokenName, strings.TrimPrefix(z.takeWhile(isQualifiedByte), `\`)}
	case strings.HasPrefix(z.src[z.pos:], "<<<"):
		return z.heredoc()
	}
	z.pos++
	return token{tokenPunct, string(c)}
}

func (z *tokenizer) takeWhile(accept func(byte) bool) string {
	start := z.pos
	for z.pos < len(z.src) && accept(z.src[z.pos]) {
		z.pos++
	}
	return z.src[start:z.pos]
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func isQualifiedByte(c byte) bool { return c == '\\' || isNameByte(c) }

// number reads a decimal integer. Anything longer (floats, hex, octal,
// 1_000) is opaque: no setting is written like that.
func (z *tokenizer) number() token {
	text := z.takeWhile(func(c byte) bool { return c == '.' || isNameByte(c) })
	if leadingDigits(text) != text || len(text) > 1 && text[0] == '0' {
		return token{tokenOpaque, text}
	}
	return token{tokenInt, text}
}

// singleQuoted knows two escapes only: \' and \\.
func (z *tokenizer) singleQuoted() token {
	var b strings.Builder
	for z.pos++; z.pos < len(z.src); z.pos++ {
		c := z.src[z.pos]
		if c == '\'' {
			z.pos++
			return token{tokenText, b.String()}
		}
		if c == '\\' && z.pos+1 < len(z.src) && strings.IndexByte(`'\`, z.src[z.pos+1]) >= 0 {
			z.pos++
			c = z.src[z.pos]
		}
		b.WriteByte(c)
	}
	return token{tokenOpaque, "an unfinished string"}
}

// doubleQuoted reads "…" (and `…`, which runs a command and so is opaque).
func (z *tokenizer) doubleQuoted(quote byte) token {
	start := z.pos
	for z.pos++; z.pos < len(z.src); z.pos++ {
		switch z.src[z.pos] {
		case '\\':
			z.pos++
		case quote:
			inner := z.src[start+1 : z.pos]
			z.pos++
			text, plain := unescapeDoubleQuoted(inner)
			if quote == '`' || !plain {
				return token{tokenOpaque, z.src[start:z.pos]}
			}
			return token{tokenText, text}
		}
	}
	z.pos = len(z.src)
	return token{tokenOpaque, "an unfinished string"}
}

// heredoc is skipped as one opaque token, so that quotes inside do not
// swallow the settings behind it.
func (z *tokenizer) heredoc() token {
	z.pos += len("<<<")
	z.takeWhile(func(c byte) bool { return c == ' ' || c == '\t' || c == '"' || c == '\'' })
	label := z.takeWhile(isNameByte)
	if label == "" {
		return token{tokenPunct, "<<<"}
	}
	for z.pos < len(z.src) {
		z.skipPast("\n", 0)
		z.takeWhile(func(c byte) bool { return c == ' ' || c == '\t' })
		rest := z.src[z.pos:]
		if strings.HasPrefix(rest, label) && (len(rest) == len(label) || !isNameByte(rest[len(label)])) {
			z.pos += len(label)
			break
		}
	}
	return token{tokenOpaque, "<<<" + label}
}
