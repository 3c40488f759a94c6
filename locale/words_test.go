package locale

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// How we speak: they for people, American spelling, and the words that the field
// uses. See docs/translating.md.
var (
	// persons would make partners and buyers men.
	persons = retire("they, or the noun", `he|him|his|himself|she|her|hers|herself`)
	british = retire("American spelling", `(colou?r|favou?r|behaviou?r|honou?r|labou?r)(s|ed|ing|ite|able|ably)?`,
		"color", "colors", "colored", "favor", "favored", "favorite", "favorable", "behavior", "behaviors", "honor",
		"honored", "labor").
		and(`\w+(is|ys)(e|ed|es|ing|ation)`, func(word string) bool { return !slices.Contains(ise, stem(word)) }).
		and(`(cancel|label|travel|model|signal)l(ed|ing)|licence|centre|metre|cheques?|grey|judgement|whilst|`+
			`enrol|enrols|enrolment|fulfil|fulfils|catalogued|programme|programmes`, nil)
	// terms have given way to others.
	terms = retire("a word of docs/translating.md", `reckon(s|ed)?|anew|purses?|heed(s|ed)?|tombstones?|rosters?|`+
		`claw(s|ed)|unfiled?|left out|e-mail(s|ed)?|un-?ticked`)
	// stiff words read as translated. Documents for people who build may have them.
	stiff = retire("how one would say it on the phone",
		`run again|nobody|somebody|anybody|by now|goes by|at the moment|`+
			`meanwhile|any more|is to be`)
	// inside are names of our insides, which a site's owner need not know.
	inside = retire("the Partner Center service", `sidecar|pairing key|decision version|tally|converge`)
)

// ise are stems of words that end so in American English, too, or are no verbs.
var ise = []string{"adv", "ar", "rev", "superv", "prom", "otherw", "ra", "prec", "conc", "exerc", "surpr", "compr",
	"w", "likew", "r", "prem", "no", "disgu", "franch", "expert", "l", "u", "ba", "ca", "pha", "pra", "purcha", "relea",
	"cea",
	"increa", "decrea", "lea", "plea", "clo", "cho", "tho", "who", "ru", "ho", "lo", "ro", "po", "propo", "suppo"}

func stem(word string) string {
	word = strings.ToLower(word)
	for _, end := range []string{"isation", "ysation", "ising", "ysing", "ised", "ysed", "ises", "yses", "ise", "yse"} {
		if cut, ok := strings.CutSuffix(word, end); ok {
			return cut
		}
	}
	return word
}

// retired are words that are not used, and what is said instead.
type retired struct {
	instead string
	rules   []rule
}

type rule struct {
	words *regexp.Regexp
	wrong func(word string) bool // nil: all are
}

// retire is a rule for whole words, whatever their case, other than those in
// fine.
func retire(instead, pattern string, fine ...string) retired {
	return retired{instead: instead}.and(pattern, func(word string) bool {
		return !slices.Contains(fine, strings.ToLower(word))
	})
}

func (r retired) and(pattern string, wrong func(string) bool) retired {
	r.rules = append(r.rules, rule{regexp.MustCompile(`(?i)\b(?:` + pattern + `)\b`), wrong})
	return r
}

// in are the retired words of a text.
func (r retired) in(text string) (found []string) {
	for _, rule := range r.rules {
		for _, word := range rule.words.FindAllString(text, -1) {
			if rule.wrong == nil || rule.wrong(word) {
				found = append(found, word)
			}
		}
	}
	return found
}

func TestHowWeSpeak(t *testing.T) {
	for s := range sentences(t) {
		check(t, potFile, s.id+" "+s.plural, persons, british, terms, stiff, inside)
	}
	plugin := "wp-plugin/partner-center/languages/partner-center.pot"
	for _, id := range messageIDs(t, plugin) {
		// its settings and Site Health are for who runs the service
		check(t, plugin, id, persons, british, terms, stiff)
	}
	documents, err := filepath.Glob("docs/*.md")
	if err != nil || len(documents) < 5 {
		t.Fatal(err, documents)
	}
	for _, file := range append(documents, "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
		"wp-plugin/partner-center/readme.txt") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			check(t, file, code.ReplaceAllString(line, ""), persons, british, terms)
		}
	}
}

// code is what stands as it does in the program, and names of files.
var code = regexp.MustCompile("`[^`]*`|\\]\\([^)]*\\)|[\\w/]+\\.(md|go|php)|<!--.*?-->")

func check(t *testing.T, file, text string, all ...retired) {
	t.Helper()
	for _, r := range all {
		for _, word := range r.in(text) {
			t.Errorf("%s says %q, better %s: %s", file, word, r.instead, strings.TrimSpace(text))
		}
	}
}

var messageID = regexp.MustCompile(`(?m)^msgid(?:_plural)? ((?:"(?:[^"\\]|\\.)*"\n?)+)`)

// messageIDs are the sentences of a .pot file.
func messageIDs(t *testing.T, file string) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messageID.FindAllStringSubmatch(string(text), -1) {
		ids = append(ids, strings.ReplaceAll(strings.Trim(strings.TrimSpace(m[1]), `"`), "\"\n\"", ""))
	}
	if len(ids) < 10 {
		t.Fatalf("%s has %d sentences", file, len(ids))
	}
	return ids
}

// Retired words that were planted are found, and their neighbors are not.
func TestRetiredWordsAreFound(t *testing.T) {
	for text, want := range map[string]int{
		"He pays himself.": 2, "They pay themselves; the other, this, where": 0, "Her colour": 1, "the color": 0,
		"organised, organisation, analyse": 3, "otherwise, advise, promise, rise, exercise, precise, analysis": 0,
		"It was cancelled.": 1, "canceled, cancellation, canceling": 0, "the licence of the centre": 2, "license": 0,
		"decided anew": 1, "an e-mail": 1, "an email": 0, "clawed back": 1, "clawback": 0, "Behaviour": 1,
		"favorite": 0,
	} {
		n := len(persons.in(text)) + len(british.in(text)) + len(terms.in(text))
		if text == "Her colour" {
			n--
		}
		if n != want {
			t.Errorf("%q: found %d, want %d", text, n, want)
		}
	}
}
