package locale

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"
)

const pluginLanguages = "wp-plugin/partner-center/languages/"

// The plugin's own sentences are WordPress' to show: each translation has those
// of its template, and the .mo file that WordPress reads is made of it. -update
// writes both.
func TestTranslationsOfThePlugin(t *testing.T) {
	template := readPO(t, pluginLanguages+"partner-center.pot")
	var order []sentence
	for _, e := range template.entries {
		order = append(order, e.sentence)
	}
	names, err := filepath.Glob(pluginLanguages + "*.po")
	if err != nil || len(names) == 0 {
		t.Fatal(err, "no translation")
	}
	for _, name := range names {
		po := readPO(t, name).merge(order, false)
		checkFile(t, name, []byte(po.String()))
		checkFile(t, strings.TrimSuffix(name, ".po")+".mo", po.machine())
		for _, e := range po.entries {
			for _, text := range e.text {
				if text != "" && phpVerbs(text) != phpVerbs(e.id) {
					t.Errorf("%s: %q has other verbs than %q", name, text, e.id)
				}
			}
		}
	}
}

// phpVerbs are those of PHP, %1$s, which a translation may put in another order.
func phpVerbs(text string) string {
	return verbs(strings.NewReplacer("%1$", "%[1]", "%2$", "%[2]", "%3$", "%[3]", "%4$", "%[4]").Replace(text))
}

func readPO(t *testing.T, name string) poFile {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	po, err := parsePO(string(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return po
}

func checkFile(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, want) {
		t.Errorf("%s is not up to date: scripts/make-pot, then go test ./locale -update (%v)", name, err)
	}
}

// machine is the catalogue as a .mo file, whose layout the manual of GNU gettext
// describes: a head of seven numbers, the places of the sentences and of their
// translations, and then all of them, each with a zero behind it.
func (po poFile) machine() []byte {
	head, err := parseEntry(po.head)
	if err != nil {
		panic(err) // parsePO has read it
	}
	type pair struct{ id, text string }
	pairs := []pair{{"", head.text[0]}}
	for _, e := range po.entries {
		if !e.translated() {
			continue
		}
		id := e.id
		if e.context != "" {
			id = e.context + "\x04" + id
		}
		if e.plural != "" {
			id += "\x00" + e.plural
		}
		pairs = append(pairs, pair{id, strings.Join(e.text, "\x00")})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.id, b.id) })
	const start, each = 28, 8
	n := len(pairs)
	index := []uint32{0x950412de, 0, uint32(n), start, uint32(start + each*n), 0, uint32(start + 2*each*n)}
	var ids, texts []uint32
	var all strings.Builder
	place := func(text string) []uint32 {
		at := []uint32{uint32(len(text)), uint32(start + 2*each*n + all.Len())}
		all.WriteString(text + "\x00")
		return at
	}
	for _, p := range pairs {
		ids = append(ids, place(p.id)...)
	}
	for _, p := range pairs {
		texts = append(texts, place(p.text)...)
	}
	out, err := binary.Append(nil, binary.LittleEndian, slices.Concat(index, ids, texts))
	if err != nil {
		panic(err) // numbers of a fixed size
	}
	return append(out, all.String()...)
}

// A library that reads .mo files finds in ours what the .po file says.
func TestMachineFile(t *testing.T) {
	po, err := parsePO("msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n" +
		"msgid \"Open\"\nmsgstr \"Öffnen\"\n\nmsgctxt \"state\"\nmsgid \"Open\"\nmsgstr \"Offen\"\n\n" +
		"msgid \"%d row\"\nmsgid_plural \"%d rows\"\nmsgstr[0] \"%d Zeile\"\nmsgstr[1] \"%d Zeilen\"\n\n" +
		"msgid \"New\"\nmsgstr \"\"\n")
	if err != nil {
		t.Fatal(err)
	}
	mo := gotext.NewMo()
	mo.Parse(po.machine())
	for want, got := range map[string]string{"Öffnen": mo.Get("Open"), "Offen": mo.GetC("Open", "state"),
		"1 Zeile": mo.GetN("%d row", "%d rows", 1, 1), "3 Zeilen": mo.GetN("%d row", "%d rows", 3, 3),
		"New": mo.Get("New")} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
