package e2e

import (
	"testing"

	"partnercenter/locale"
)

// arabic is enough of a catalogue to turn the pages around: what has no
// translation reads on in English.
const arabic = `msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Dashboard"
msgstr "لوحة التحكم"

msgid "Earnings"
msgstr "الأرباح"

msgid "Reports"
msgstr "التقارير"

msgid "Promo tools"
msgstr "أدوات الترويج"

msgid "Your link"
msgstr "رابطك"
`

// speak changes the language of the site. WordPress takes only languages it has
// installed, and asks once in a request which one it is.
func (w *world) speak(code string) {
	w.t.Helper()
	for _, step := range []string{`add_filter( 'sanitize_option_WPLANG', fn() => $args[0], 99 );
		update_option( 'WPLANG', $args[0] );`, `( new PartnerCenter\Handover() )->refresh();`} {
		if _, err := w.Site.PHP(w.t.Context(), step, code); err != nil {
			w.t.Fatal(err)
		}
	}
}

// The long words of German and a language from right to left fit every window,
// on pages of our own and inside the theme.
//
// Spec: B19
func TestLanguagesFitEveryWindow(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		drop := locale.Add("ar", arabic)
		w := example(t, r)
		v := w.loggedIn("mia", "partner")
		defer func() { w.speak(""); drop() }()
		for code, dir := range map[string]string{"de_DE": "ltr", "ar": "rtl"} {
			w.speak(code)
			for _, page := range []string{"", "earnings", "earnings/payments", "earnings/missing", "reports", "tools",
				"profile"} {
				for _, address := range []string{ownURL(page), themeURL(page)} {
					soon(t, address+" turns to "+code, func() bool {
						v.open(address)
						return ask[bool](v, `document.querySelector(':is(html, .partner-center)[lang="`+code[:2]+
							`"][dir="`+dir+`"]') !== null`)
					})
					for _, width := range []int64{320, 375, 768, 1024} {
						v.wide(width)
						if over := v.sideways(); over > 0 {
							t.Errorf("%s in %s is %d pixels wider than the window of %d", address, code, over, width)
						}
					}
				}
			}
		}
	}, newest)
}
