package locale

import "testing"

// "12,5" is understood where people write it so, and nothing is guessed.
func TestDecimalsAsPeopleTypeThem(t *testing.T) {
	for _, test := range []struct {
		code, typed, plain string
		ok                 bool
	}{
		{"en_US", "12.5", "12.5", true}, {"en_US", "12,5", "12,5", true}, {"en_US", "1,250.50", "1,250.50", true},
		{"de_DE", "12,5", "12.5", true}, {"de_DE", " 1.250,50 ", "1250.50", true}, {"de_DE", "12.5", "12.5", true},
		{"de_DE", "1.250", "1.250", false}, {"de_DE", "1.250.000", "1.250.000", false}, {"de_DE", "-1.250,5", "-1250.5", true},
		{"de_DE", "1,2,3", "1.2,3", true}, {"de_DE", "12.5,0", "12.5.0", true}, // no numbers: money.Parse says so
		{"fr_FR", "7,5", "7.5", true}, {"de_CH", "7.5", "7.5", true}, {"", "12.5", "12.5", true},
	} {
		if plain, ok := For(test.code).Plain(test.typed); plain != test.plain || ok != test.ok {
			t.Errorf("%s: %q is %q, %v; want %q, %v", test.code, test.typed, plain, ok, test.plain, test.ok)
		}
	}
	for code, want := range map[string]string{"en_US": "12.50", "de_DE": "12,50", "pt_BR": "12,50"} {
		l := For(code)
		if typed := l.Typed("12.50"); typed != want {
			t.Errorf("%s types %q, want %q", code, typed, want)
		} else if plain, ok := l.Plain(typed); plain != "12.50" || !ok {
			t.Errorf("%s: %q comes back as %q, %v", code, typed, plain, ok)
		}
	}
}
