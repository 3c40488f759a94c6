package locale

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// poFile is a catalogue as its text has it, with what the library that reads it
// for pages forgets: order, remarks of translators, and how often a sentence
// stands in it.
type poFile struct {
	head    string // all up to the first sentence
	entries []poEntry
}

type poEntry struct {
	sentence
	remarks []string // lines of translators, "# …"
	text    []string // one for each plural form
	fuzzy   bool
}

// catalogFiles are the catalogues of the repository, by locale.
func catalogFiles(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("locale/catalogs/*.po")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range names {
		files[strings.TrimSuffix(filepath.Base(name), ".po")] = name
	}
	return files
}

// Every catalogue has the sentences of the program once each, in the order of
// the template: -update brings new ones in and drops those that are gone.
func TestCatalogsHaveTheSentencesOfTheProgram(t *testing.T) {
	order, files := sentences(t).order(), catalogFiles(t)
	for code, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		po, err := parsePO(string(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, twice := range po.twice() {
			t.Errorf("%s has this sentence twice: %q", name, twice.id)
		}
		merged := po.merge(order, hasParent(code, files)).String()
		if *update && !t.Failed() {
			if err := os.WriteFile(name, []byte(merged), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if merged != string(text) {
			t.Errorf("%s is not what the program says now: go test ./locale -update", name)
		}
	}
}

// German is complete: a sentence that has no translation is one of the product's
// gaps.
//
// Spec: B19.2
func TestGermanIsComplete(t *testing.T) {
	for _, name := range []string{"locale/catalogs/de.po", pluginLanguages + "partner-center-de_DE.po"} {
		for _, e := range readPO(t, name).entries {
			if !e.translated() {
				t.Errorf("%s: %q has no translation", name, e.id)
			}
			if text := strings.Join(e.text, " "); formal.MatchString(text) {
				t.Errorf("%s: German says du: %q", name, text)
			}
		}
	}
}

// formal is how German would speak to a stranger: "Wählen Sie", "dass Sie", "Ihnen".
var formal = regexp.MustCompile(`\b(\pL*en|dass|wenn|seit|was|ob|bis) Sie\b|\bIhnen\b|\pL,? Ihre[mnrs]?\b`)

// hasParent tells whether a catalogue falls back to another one, and so needs
// only what differs.
func hasParent(code string, files map[string]string) bool {
	for name := parent(code); name != ""; name = parent(name) {
		if files[name] != "" {
			return true
		}
	}
	return false
}

// merge is the catalogue with these sentences: translations are kept, guesses
// are not. A regional one has only what it translates.
func (po poFile) merge(order []sentence, regional bool) poFile {
	known := map[sentence]poEntry{}
	for _, e := range po.entries {
		if !e.fuzzy {
			known[e.sentence] = e
		}
	}
	merged := poFile{head: po.head}
	for _, s := range order {
		e, ok := known[s]
		if !ok || len(e.text) == 0 {
			e.sentence, e.text = s, make([]string, po.forms(s))
		}
		if e.translated() || !regional {
			merged.entries = append(merged.entries, e)
		}
	}
	return merged
}

func (e poEntry) translated() bool { return !slices.Contains(e.text, "") }

// twice are the sentences that the catalogue has more than once.
func (po poFile) twice() (all []sentence) {
	times := map[sentence]int{}
	for _, e := range po.entries {
		if times[e.sentence]++; times[e.sentence] == 2 {
			all = append(all, e.sentence)
		}
	}
	return all
}

var pluralForms = regexp.MustCompile(`nplurals=([0-9]+)`)

// forms is how many translations a sentence needs.
func (po poFile) forms(s sentence) int {
	if s.plural == "" {
		return 1
	}
	if found := pluralForms.FindStringSubmatch(po.head); found != nil {
		n, _ := strconv.Atoi(found[1])
		return n
	}
	return 2
}

func (po poFile) String() string {
	var out strings.Builder
	out.WriteString(po.head)
	for _, e := range po.entries {
		out.WriteString("\n")
		for _, remark := range e.remarks {
			out.WriteString(remark + "\n")
		}
		writeID(&out, e.sentence)
		if e.plural == "" {
			fmt.Fprintf(&out, "msgstr %s\n", quote(e.text[0]))
			continue
		}
		for i, text := range e.text {
			fmt.Fprintf(&out, "msgstr[%d] %s\n", i, quote(text))
		}
	}
	return out.String()
}

var poLine = regexp.MustCompile(`^(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[[0-9]+\])? )?("(?:[^"\\]|\\.)*")$`)

func parsePO(text string) (po poFile, err error) {
	head, rest, _ := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n")
	po.head = strings.TrimRight(head, "\n") + "\n"
	for block := range strings.SplitSeq(rest, "\n\n") {
		e, err := parseEntry(block)
		if err != nil {
			return po, err
		}
		if e.id != "" {
			po.entries = append(po.entries, e)
		}
	}
	return po, nil
}

// parseEntry reads the lines of one sentence. Where it is said and what is
// obsolete is left out.
func parseEntry(block string) (e poEntry, err error) {
	var last *string
	for line := range strings.SplitSeq(strings.TrimSpace(block), "\n") {
		if strings.HasPrefix(line, "#") || line == "" {
			e.fuzzy = e.fuzzy || strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy")
			if line == "#" || strings.HasPrefix(line, "# ") {
				e.remarks = append(e.remarks, line)
			}
			continue
		}
		found := poLine.FindStringSubmatch(line)
		if found == nil {
			return e, fmt.Errorf("cannot read %s", line)
		}
		switch found[1] {
		case "msgctxt":
			last = &e.context
		case "msgid":
			last = &e.id
		case "msgid_plural":
			last = &e.plural
		case "msgstr":
			e.text = append(e.text, "")
			last = &e.text[len(e.text)-1]
		}
		part, err := strconv.Unquote(found[2])
		if err != nil || last == nil {
			return e, fmt.Errorf("cannot read %s", line)
		}
		*last += part
	}
	return e, nil
}

func TestMergeOfCatalogs(t *testing.T) {
	const old = `# A language.
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=n;\n"

#: here.go
msgid "Gone"
msgstr "Fort"

# A remark.
#: old.go
#, c-format
msgid "%s stays"
msgstr "%s "
"bleibt"

#, fuzzy
msgid "Guess"
msgstr "Geraten"

#~ msgid "Obsolete"
#~ msgstr "Veraltet"
`
	const want = `# A language.
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=n;\n"

# A remark.
#, c-format
msgid "%s stays"
msgstr "%s bleibt"

msgctxt "noun"
msgid "Guess"
msgstr ""

msgid "Guess"
msgstr ""

#, c-format
msgid "%d new"
msgid_plural "%d \"new\""
msgstr[0] ""
msgstr[1] ""
msgstr[2] ""
`
	order := []sentence{{id: "%s stays"}, {context: "noun", id: "Guess"}, {id: "Guess"},
		{id: "%d new", plural: `%d "new"`}}
	po, err := parsePO(old)
	if err != nil {
		t.Fatal(err)
	}
	if got := po.merge(order, false).String(); got != want {
		t.Errorf("merged:\n%s", got)
	}
	again, err := parsePO(want)
	if err != nil || again.merge(order, false).String() != want {
		t.Error("merging twice changes the catalogue", err)
	}
	if got := po.merge(order, true).entries; len(got) != 1 || got[0].text[0] != "%s bleibt" {
		t.Errorf("a regional catalogue has %v", got)
	}
	po.entries = append(po.entries, po.entries...)
	if len(po.twice()) != len(po.entries)/2 {
		t.Errorf("found twice: %v", po.twice())
	}
	if codes := slices.Collect(maps.Keys(catalogFiles(t))); hasParent("de", map[string]string{"de": "x"}) ||
		!hasParent("de_DE_formal", map[string]string{"de": "x"}) {
		t.Errorf("fall back: %v", codes)
	}
}
