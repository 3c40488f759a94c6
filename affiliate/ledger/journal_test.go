package ledger

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Spec: D19.1 B1.1
func TestAJournalMustBalance(t *testing.T) {
	for _, entries := range [][]entry{
		{{AccountPending, usd("1")}, {AccountExpense, usd("-2")}},
		{{AccountPending, usd("0")}, {AccountExpense, usd("0")}},
		{{AccountPending, usd("1")}, {AccountPending, usd("-1")}},
	} {
		if err := balanced(entries); err == nil {
			t.Errorf("%v was taken for a journal", entries)
		}
	}
}

// Journals are only ever added: nothing in this package changes or removes one.
//
// Spec: S88.2 B1
func TestJournalsAreNeverChanged(t *testing.T) {
	files, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	change := regexp.MustCompile(`(?is)(UPDATE|DELETE FROM|REPLACE INTO)\s+\{wp\}partner_center_(journals|entries)`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || !strings.Contains(name, ".") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := change.Find(text); found != nil {
			t.Errorf("%s: %q", name, found)
		}
	}
}
