package locale

import (
	"regexp"
	"strings"

	"github.com/bojanz/currency"
)

// Typed is a plain decimal such as "12.50" as people of the language type it:
// "12,50" where a comma stands before the decimals.
func (l *Language) Typed(plain string) string {
	if l.comma() {
		return strings.Replace(plain, ".", ",", 1)
	}
	return plain
}

// Percent is a plain decimal as a percentage of the language: "5.6%", "5,6 %".
func (l *Language) Percent(plain string) string { return l.T("%s%%", l.Typed(plain)) }

// grouped are digits with points between the thousands.
var grouped = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{3})+$`)

// Plain is the reverse of Typed: what people of the language type, as a plain
// decimal, "1.250,50" as "1250.50". It is false where the text could mean two
// numbers: "1.250" where a comma stands before the decimals. Whether it is a
// number at all its reader has to say.
func (l *Language) Plain(text string) (plain string, ok bool) {
	text = strings.TrimSpace(text)
	if !l.comma() {
		return text, true
	}
	whole, decimals, found := strings.Cut(text, ",")
	switch {
	case !found:
		return text, !grouped.MatchString(text)
	case grouped.MatchString(whole):
		whole = strings.ReplaceAll(whole, ".", "")
	}
	return whole + "." + decimals, true
}

// comma tells whether the language's numbers have a comma before their decimals.
func (l *Language) comma() bool {
	half, err := currency.NewAmount("0.5", "USD")
	if err != nil {
		return false
	}
	formatter := currency.NewFormatter(currency.NewLocale(Region(l.code)))
	return strings.Contains(formatter.Format(half), ",")
}
