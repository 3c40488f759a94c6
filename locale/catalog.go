package locale

import (
	"embed"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/leonelquinteros/gotext"
)

//go:embed catalogs
var files embed.FS

// embedded are the catalogues of the program by locale, read when the first
// language is asked for.
var embedded = sync.OnceValue(func() map[string]*catalog {
	names, err := files.ReadDir("catalogs")
	if err != nil {
		panic(err) // embedded: it cannot be missing
	}
	all := map[string]*catalog{}
	for _, entry := range names {
		name, ok := strings.CutSuffix(entry.Name(), ".po")
		if !ok {
			continue // the template of all sentences
		}
		text, err := files.ReadFile(path.Join("catalogs", entry.Name()))
		if err != nil {
			panic(err)
		}
		all[name] = parseCatalog(text)
	}
	return all
})

// more are the catalogues that Add has brought, by locale.
var more sync.Map

// catalogs are all there are.
func catalogs() map[string]*catalog {
	all := maps.Clone(embedded())
	more.Range(func(code, c any) bool {
		all[code.(string)] = c.(*catalog)
		return true
	})
	return all
}

// Add makes a catalogue known beside those of the program, as the text of a .po
// file, until drop is called: a test brings a language of its own.
func Add(code, po string) (drop func()) {
	more.Store(code, parseCatalog([]byte(po)))
	known.Clear()
	return func() {
		more.Delete(code)
		known.Clear()
	}
}

// catalog is one .po file. Only this file knows the library that reads it.
type catalog struct {
	po       *gotext.Po // for plurals, whose rule it works out
	plain    map[string]*gotext.Translation
	contexts map[string]map[string]*gotext.Translation
}

func parseCatalog(text []byte) *catalog {
	po := gotext.NewPo()
	po.Parse(dropFuzzy(text))
	return &catalog{po, po.GetDomain().GetTranslations(), po.GetDomain().GetCtxTranslations()}
}

// dropFuzzy leaves out what a tool only guessed, which the library would take
// for translations: gettext itself ignores it.
func dropFuzzy(text []byte) []byte {
	entries := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
	kept := entries[:0]
	for i, entry := range entries {
		if i > 0 && isFuzzy(entry) { // the header is often marked so, and still counts
			continue
		}
		kept = append(kept, entry)
	}
	return []byte(strings.Join(kept, "\n\n"))
}

func isFuzzy(entry string) bool {
	for line := range strings.Lines(entry) {
		if strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy") {
			return true
		}
	}
	return false
}

// find is the translation of a sentence, with its verbs not filled in. What is
// not translated is not found, where the library would answer in English by the
// other language's plural rule; and what it calls translated is wrong for
// languages whose form for one is not the first, such as Arabic.
func (c *catalog) find(t Text) (string, bool) {
	if t.plural != "" {
		return c.findPlural(t, int(max(t.n, -t.n)))
	}
	all := c.plain
	if t.context != "" {
		all = c.contexts[t.context]
	}
	if found := all[t.id]; found != nil && found.Trs[0] != "" {
		return found.Trs[0], true
	}
	return "", false
}

func (c *catalog) findPlural(t Text, n int) (string, bool) {
	if t.context != "" {
		return c.po.GetNC(t.id, t.plural, n, t.context), c.po.IsTranslatedNC(t.id, n, t.context)
	}
	return c.po.GetN(t.id, t.plural, n), c.po.IsTranslatedN(t.id, n)
}
