package locale

import (
	"strings"
	"unicode"
)

// Region is a locale up to its territory, "de-DE", for libraries that write
// numbers: the rest, as in WordPress' de_DE_formal and pt_PT_ao90, is about
// wording, and a part of four letters would pass for a script. Empty parts are
// dropped, since without a language such libraries show nothing at all.
func Region(code string) string {
	parts := strings.FieldsFunc(code, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, part := range parts {
		if i > 0 && len(part) < 4 {
			parts = parts[:i+1]
			break
		}
	}
	return strings.Join(parts, "-")
}
