package locale

import (
	"html/template"
	"os"
	"strings"
	"testing"
	"time"
)

// testing catalogues: a language with another plural rule, one that writes
// right to left, and a regional one with only what differs.
var testCatalogs = map[string]*catalog{
	"de": parseCatalog([]byte(`msgid ""
msgstr "Language: de\nPlural-Forms: nplurals=2; plural=n != 1;\n"

msgid "%s earns %s."
msgstr "%[2]s verdient "
"%[1]s."

msgid "{who} earns {much}."
msgstr "{much} verdient {who}."

msgid "You are in."
msgstr "Du bist dabei."

msgctxt "month"
msgid "May"
msgstr "Mai"

msgctxt "date"
msgid "2 Jan 2006"
msgstr "2. Jan 2006"

msgctxt "noun"
msgid "Order"
msgstr "Bestellung"

#: somewhere.go
#, fuzzy
msgid "Bright"
msgstr "Hell oder schlau"

msgid "Not yet"
msgstr ""

msgid "Say \"%s\"\nand more"
msgstr "Sag „%s“\nund \\ mehr"

msgid "<a href=\"%s\">All of %s</a>"
msgstr "<a href=\"%s\">Alles von %s</a>"
`)),
	"de_DE_formal": parseCatalog([]byte(`msgid "You are in."
msgstr "Sie sind dabei."
`)),
	"pl": parseCatalog([]byte(`msgid ""
msgstr "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "%d click by %s"
msgid_plural "%d clicks by %s"
msgstr[0] "%d kliknięcie: %s"
msgstr[1] "%d kliknięcia: %s"
msgstr[2] "%d kliknięć: %s"

msgid "%d sale"
msgid_plural "%d sales"
msgstr[0] "%d sprzedaż"
msgstr[1] ""
msgstr[2] ""
`)),
	"ar": parseCatalog([]byte(`msgid ""
msgstr "Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\n"

msgid "Undo"
msgstr "تراجع"
`)),
}

func in(code string) *Language { return newLanguage(code, testCatalogs) }

func TestSentencesInLanguages(t *testing.T) {
	clicks := func(n int) Text { return N("%d click by %s", "%d clicks by %s", n, "Ada") }
	for _, c := range []struct {
		code string
		text Text
		want string
	}{
		{"en_US", T("%s earns %s.", "Ada", "$5"), "Ada earns $5."},
		{"de_DE", T("%s earns %s.", "Ada", "5 €"), "5 € verdient Ada."},
		{"de_DE", T("%s earns %s.", T("You are in."), "1"), "1 verdient Du bist dabei.."},
		{"de_DE_formal", T("You are in."), "Sie sind dabei."},
		{"de_DE_formal", C("noun", "Order"), "Bestellung"},
		{"de", C("verb", "Order"), "Order"},
		{"de", T("Order"), "Order"},
		{"de", T("Bright"), "Bright"},
		{"de", T("Not yet"), "Not yet"},
		{"de", T("Say \"%s\"\nand more", "<b>"), "Sag „<b>“\nund \\ mehr"},
		{"de", T("100%% of it"), "100% of it"},
		{"de", Data("You are in."), "You are in."},
		{"de", Data("50% off"), "50% off"},
		{"de", Layout("%s: %s", T("You are in."), "x"), "Du bist dabei.: x"},
		{"de", Join(Text{}, T("You are in."), Text{}, Data("x")), "Du bist dabei. x"},
		{"ar", T("Undo"), "تراجع"},
		{"fr_FR", T("You are in."), "You are in."},
		{"", T("You are in."), "You are in."},
		{"pl_PL", clicks(1), "1 kliknięcie: Ada"},
		{"pl_PL", clicks(22), "22 kliknięcia: Ada"},
		{"pl_PL", clicks(5000), "5000 kliknięć: Ada"},
		{"de", clicks(1), "1 click by Ada"},
		{"de", clicks(1000), "1.000 clicks by Ada"},
		{"pl", N("%d sale", "%d sales", 5), "5 sales"},
		{"en_US", clicks(-1), "-1 clicks by Ada"},
		{"en_XA", T("%s earns %s.", "Ada", T("much")), "⟦Ada earns ⟦much⟧.⟧"},
		{"en_XA", Data("Ada"), "Ada"},
		{"en_US", Text{}, ""},
		{"de", T("{who} earns {much}.").With(map[string]any{"who": "Ada {much}", "much": Data("5 €")}),
			"5 € verdient Ada {much}."},
		{"en_XA", T("{who} was {state}.").With(map[string]any{"who": T("no one"), "state": ""}),
			"⟦⟦no one⟧ was ⟦none⟧.⟧"},
		{"de", T("since {at}").With(map[string]any{"at": At(time.Date(2026, 5, 3, 9, 7, 0, 0, time.UTC))}),
			"since 3 Mai 2026, 09:07"},
	} {
		if got := in(c.code).Text(c.text); got != c.want {
			t.Errorf("in %q: %q, want %q", c.code, got, c.want)
		}
	}
}

// What is said to a reader must never become markup because of who is named in it.
func TestPlaceholdersSurviveEscaping(t *testing.T) {
	const evil = `<script>alert("1")</script>`
	const escaped = `&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;`
	sentence := T(`<a href="%s">All of %s</a>`, "/p?a=1&b=2", evil)
	if got, want := in("de").HTML(sentence), template.HTML(`<a href="/p?a=1&amp;b=2">Alles von `+escaped+
		`</a>`); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, c := range []struct {
		text Text
		want string
	}{
		{T("%s by %s", T("<b>%s</b>", evil), Data(evil)), "<b>" + escaped + "</b> by " + escaped},
		{T("on %s", template.HTML("<time>5</time>")), "on <time>5</time>"},
		{T("%v", []string{evil}), "[" + escaped + "]"},
		{T("%d of %s", 3, kindOfText(evil)), "3 of " + escaped},
		{Data(evil), escaped},
		{T("by {who}").With(map[string]any{"who": evil}), "by " + escaped},
	} {
		if got := in("en").HTML(c.text); string(got) != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

type kindOfText string

func TestLanguageOfAPage(t *testing.T) {
	for _, c := range []struct{ code, tag, dir string }{
		{"en_US", "en", "ltr"}, {"de_DE", "de", "ltr"}, {"de_DE_formal", "de-DE", "ltr"}, {"ar_SA", "ar", "rtl"},
		{"ar", "ar", "rtl"},
		{"fr_FR", "en", "ltr"}, {"he_IL", "en", "ltr"}, {"", "en", "ltr"}, {"en_XA", "en", "ltr"},
	} {
		if l := in(c.code); l.Tag() != c.tag || l.Dir() != c.dir {
			t.Errorf("%q: lang=%s dir=%s, want %s %s", c.code, l.Tag(), l.Dir(), c.tag, c.dir)
		}
	}
	if first, again := For("de_DE"), For("de_DE"); first != again {
		t.Error("a language is made twice")
	}
}

func TestNumbersAndDates(t *testing.T) {
	for _, c := range []struct {
		n          int64
		code, want string
	}{
		{0, "en_US", "0"}, {999, "en_US", "999"}, {1_234_567, "en_US", "1,234,567"}, {-1234, "en_US", "-1,234"},
		{1_234_567, "de_DE", "1.234.567"}, {1_234_567, "", "1,234,567"},
	} {
		if got := in(c.code).Number(c.n); got != c.want {
			t.Errorf("%d in %q is %q, want %q", c.n, c.code, got, c.want)
		}
	}
	at := time.Date(2026, 5, 3, 9, 7, 0, 0, time.UTC)
	for code, want := range map[string]string{"en_US": "3 May 2026", "de_DE": "3. Mai 2026", "en_XA": "3 May 2026"} {
		if got := in(code).Date(at); got != want {
			t.Errorf("in %q: %s, want %s", code, got, want)
		}
	}
	if got := in("de").Moment(at); got != "3 Mai 2026, 09:07" {
		t.Errorf("got %s", got)
	}
}

// Every catalogue that is delivered can be read, and asks for the same arguments
// and the same markup as the English sentence.
func TestCatalogsFitTheirSentences(t *testing.T) {
	for name, c := range embedded() {
		for context, all := range c.contexts {
			for _, tr := range all {
				checkTranslation(t, name+" "+context, tr.ID, tr.PluralID, tr.Trs)
			}
		}
		for _, tr := range c.plain {
			checkTranslation(t, name, tr.ID, tr.PluralID, tr.Trs)
		}
	}
}

func checkTranslation(t *testing.T, name, id, plural string, translations map[int]string) {
	t.Helper()
	if id == "" {
		return
	}
	for _, text := range translations {
		if text == "" {
			continue
		}
		if want := verbs(id); verbs(text) != want || plural != "" && verbs(plural) != want {
			t.Errorf("%s: %q wants %s, %q has %s", name, id, want, text, verbs(text))
		}
		if edges(text) != edges(id) {
			t.Errorf("%s: %q begins or ends with other spaces than %q", name, text, id)
		}
		if names(text) != names(id) {
			t.Errorf("%s: %q has the placeholders %s, %q has %s", name, id, names(id), text, names(text))
		}
		if tags(text) != tags(id) {
			t.Errorf("%s: %q has the markup %s, %q has %s", name, id, tags(id), text, tags(text))
		}
	}
}

// edges are the spaces and line breaks around a sentence.
func edges(text string) string {
	trimmed := strings.TrimSpace(text)
	before, after, _ := strings.Cut(text, trimmed)
	return before + "|" + after
}

func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil { // the root of the repository
		panic(err)
	}
	os.Exit(m.Run())
}

func TestVerbs(t *testing.T) {
	if verbs("%s by %d") != verbs("%[2]d nach %[1]s") || verbs("%s") == verbs("%d") || verbs("%s 5%%") != "1s" {
		t.Error(verbs("%s by %d"), verbs("%[2]d nach %[1]s"), verbs("%s 5%%"))
	}
	if names("{b} of {a}, {b}") != "{a}{b}" {
		t.Error(names("{b} of {a}, {b}"))
	}
	if edges(" a b\n") != " |\n" {
		t.Errorf("%q", edges(" a b\n"))
	}
	if tags(`a <b>c</b>`) != "</b><b>" {
		t.Error(tags(`a <b>c</b>`))
	}
}
